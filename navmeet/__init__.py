"""navmeet: meetings between Nav and the people it meets."""

from navmeet.celery import app as celery_app

__all__ = ["celery_app"]
