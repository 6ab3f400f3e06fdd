"""From the time that was meant to the instant it is. Stored are both, and the zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from meetings.models import LONGEST, SHORTEST
from navmeet.exceptions import Invalid
from navmeet.look import dates

ZONE = "Europe/Oslo"
OSLO = ZoneInfo(ZONE)
FURTHEST = timedelta(days=366 * 2)
MEANT = "%Y-%m-%dT%H:%M"
LENGTH = "Møtet må vare minst 15 minutter og høyst 7 timer og 30 minutter."


@dataclass(frozen=True)
class Slot:
    """From–to, in UTC; `meant` is the wall time in `zone`, `fold` 1 for the later of an hour that comes twice."""

    starts_at: datetime
    ends_at: datetime
    meant: str
    fold: int = 0
    zone: str = ZONE


def slot(*, day: date, clock: time, minutes: int, fold: int | None, at: datetime) -> Slot:
    """The slot that was meant. `fold` names which, 0 or 1, where the wall time exists twice; elsewhere it says nothing.

    Raises Invalid at `time` for an hour that does not exist, or exists twice with no fold given (both meanings are
    spelled out, and given as `extra`), at `day` for what is past or too far off, at `minutes` for a length outside
    15 minutes to 7 hours 30.
    """
    length = timedelta(minutes=minutes) if 0 < minutes < 10_000 else timedelta(0)
    if not SHORTEST <= length <= LONGEST:
        raise Invalid(LENGTH, code="length", field="minutes")
    wall = datetime.combine(day, clock.replace(tzinfo=None, second=0, microsecond=0))
    starts_at, which = _instant(wall, fold)
    if starts_at < at:
        raise Invalid("Tidspunktet er passert. Velg et tidspunkt fram i tid.", code="past", field="day")
    if starts_at > at + FURTHEST:
        raise Invalid("Du kan bestille møter høyst to år fram i tid.", code="too_far", field="day")
    return Slot(starts_at=starts_at, ends_at=starts_at + length, meant=f"{day.isoformat()}T{clock:%H:%M}", fold=which)


def readings(wall: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The two instants a wall time may be, by the clock before and after a change, in UTC.

    The same twice where it exists once; the first the later where it does not exist (PEP 495).
    """
    first, second = (wall.replace(tzinfo=zone, fold=number).astimezone(UTC) for number in (0, 1))
    return first, second


def _instant(wall: datetime, fold: int | None) -> tuple[datetime, int]:
    """The instant, and which of two it is: 0 where there is one."""
    if wall.year < 2 or wall.year > 9998:
        raise Invalid("Velg en dato innen de neste to årene.", code="too_far", field="day")
    first, second = readings(wall, OSLO)
    if first == second:
        return first, 0
    if first > second:
        raise _does_not_exist(wall, [second.astimezone(OSLO), first.astimezone(OSLO)])
    if fold is None:
        raise _exists_twice(wall, [first.astimezone(OSLO), second.astimezone(OSLO)])
    return (second, 1) if fold else (first, 0)


def _does_not_exist(wall: datetime, meanings: list[datetime]) -> Invalid:
    """A gap: the clock jumps over this wall time, and both readings of it mean some other hour."""
    before, after = meanings
    return Invalid(
        f"Klokkeslettet {wall:%H.%M} finnes ikke denne dagen, {dates.day(wall.date(), 'nb')}, fordi klokka stilles "
        f"fram. Velg for eksempel kl. {before:%H.%M} eller kl. {after:%H.%M}.",
        code="time_does_not_exist",
        field="time",
        extra={"meanings": [one.isoformat() for one in meanings]},
    )


def _exists_twice(wall: datetime, meanings: list[datetime]) -> Invalid:
    return Invalid(
        f"Klokkeslettet {wall:%H.%M} kommer to ganger denne dagen, {dates.day(wall.date(), 'nb')}, fordi klokka "
        "stilles tilbake. Velg første gang (sommertid) eller andre gang (normaltid).",
        code="time_exists_twice",
        field="time",
        extra={"meanings": [one.isoformat() for one in meanings]},
    )
