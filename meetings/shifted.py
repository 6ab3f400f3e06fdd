"""Meetings whose wall time and stored instant have parted, since the rules of their zone are others than when booked.

Summer time is decided by parliaments. The instant is what calendars, reminders and the door go by, the wall time what
people were told: which of them holds is for a caseworker to say, so nothing is moved here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F

from meetings.models import Revision, Status
from meetings.times import MEANT, readings

STILL_TO_COME = (Status.PROPOSED, Status.SCHEDULED)


@dataclass(frozen=True)
class Shifted:
    """A meeting that was meant for `meant` on the clock of `zone`, stored as `stored`.

    `now_means` is what that wall time is by the rules installed now: None where the clock jumps over it.
    """

    meeting_id: UUID
    meant: str
    zone: str
    stored: datetime
    now_means: datetime | None


def shifted(at: datetime) -> Iterator[Shifted]:
    """The meetings after `at` that a new release of time zones would shift, by start. One query, read in a stream.

    Zones are read anew from what is installed, not from what this process read when it began.
    """
    rules: dict[str, ZoneInfo] = {}
    held = Revision.objects.filter(
        meeting__status__in=STILL_TO_COME, number=F("meeting__revision_number"), starts_at__gt=at
    )
    rows = held.order_by("starts_at", "pk").values_list("meeting_id", "meant", "zone", "fold", "starts_at")
    for meeting_id, meant, zone, fold, stored in rows.iterator():
        if zone not in rules:
            rules[zone] = ZoneInfo.no_cache(zone)
        means = _means(meant, rules[zone], fold)
        if means != stored:
            yield Shifted(meeting_id=meeting_id, meant=meant, zone=zone, stored=stored, now_means=means)


def _means(meant: str, zone: ZoneInfo, fold: int) -> datetime | None:
    first, second = readings(datetime.strptime(meant, MEANT).replace(tzinfo=UTC), zone)
    if first > second:
        return None
    return second if fold else first
