"""What every template knows."""

from django.conf import settings
from django.http import HttpRequest


def surface(_: HttpRequest) -> dict[str, str]:
    """`surface`: "staff" or "citizen", for the base page and the words."""
    return {"surface": settings.SURFACE}
