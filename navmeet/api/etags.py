"""`ETag` and `If-Match`: nobody changes what they have not seen the newest version of."""

import re

from rest_framework.request import Request

from navmeet.exceptions import Invalid, PreconditionMissing

_VERSION = re.compile(r'"([1-9][0-9]{0,8})"')


def etag(version: int) -> str:
    """The header's value for a version."""
    return f'"{version}"'


def demanded_version(request: Request) -> int:
    """The version the caller last saw, from `If-Match: "3"`. The verb compares it under the row's lock.

    Raises PreconditionMissing (428) without the header, Invalid (400) for anything but one strong version.
    """
    given = request.headers.get("If-Match")
    if given is None:
        raise PreconditionMissing("Si hvilken versjon du endrer: send If-Match med verdien fra ETag.", field="If-Match")
    match = _VERSION.fullmatch(given.strip())
    if match is None:
        raise Invalid(
            'If-Match må være en versjon i anførselstegn, for eksempel "3".', code="if_match", field="If-Match"
        )
    return int(match[1])
