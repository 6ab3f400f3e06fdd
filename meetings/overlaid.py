"""Meetings that are booked already where somebody has become absent or an office has closed.

Each is changed by itself, by a stand-in, a move or a call: none is moved because somebody is away.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from meetings import days
from meetings.models import Absence, Meeting, Participant, Status
from navmeet.accounts.actor import Actor


@dataclass(frozen=True)
class Overlaid:
    """The meetings in order of start, and how many more there are that who asks may not know of."""

    meetings: tuple[Meeting, ...]
    others: int


def by_absence(absence: Absence, *, by: Actor, at: datetime) -> Overlaid:
    """The meetings to come that the absent employee takes part in. Two queries."""
    theirs = Participant.objects.filter(user_id=absence.user_id, removed_at=None).values("meeting_id")
    return _seen(_booked(absence.starts_at, absence.ends_at, at).filter(pk__in=theirs), by)


def by_closing(office_id: str, day: date, *, by: Actor, at: datetime) -> Overlaid:
    """The meetings to come that the office holds that day. Two queries."""
    return _seen(_booked(*days.whole(day), at).filter(office_id=office_id), by)


def _booked(starts_at: datetime, ends_at: datetime, at: datetime) -> QuerySet[Meeting]:
    planned = Meeting.objects.filter(status__in=[Status.SCHEDULED, Status.PROPOSED], ended_at=None, ends_at__gt=at)
    return planned.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)


def _seen(found: QuerySet[Meeting], by: Actor) -> Overlaid:
    seen = Meeting.objects.visible_to(by).filter(pk__in=found.values("pk")).select_related("type", "host")
    meetings = tuple(seen.order_by("starts_at", "pk"))
    return Overlaid(meetings, found.count() - len(meetings))
