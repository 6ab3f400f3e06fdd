"""From the time that was meant to the instant it is. Stored are both, and the zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from meetings.models import LONGEST, SHORTEST
from navmeet.exceptions import Invalid

ZONE = "Europe/Oslo"
OSLO = ZoneInfo(ZONE)
FURTHEST = timedelta(days=366 * 2)


@dataclass(frozen=True)
class Slot:
    """From–to, in UTC; `meant` is the wall time in `zone`, `fold` 1 for the later of an hour that comes twice."""

    starts_at: datetime
    ends_at: datetime
    meant: str
    fold: int = 0
    zone: str = ZONE


def slot(*, day: date, clock: time, minutes: int, fold: int | None, at: datetime) -> Slot:
    """The slot that was meant. `fold` names which, 0 or 1, where the wall time exists twice.

    Raises Invalid at `time` for an hour that does not exist, or exists twice with no fold given (both meanings are
    spelled out, and given as `extra`), at `day` for what is past or too far off, at `minutes` for a length outside
    15 minutes to 7 hours 30.
    """
    length = timedelta(minutes=minutes) if 0 < minutes < 10_000 else timedelta(0)
    if not SHORTEST <= length <= LONGEST:
        raise Invalid(
            "Møtet må vare minst 15 minutter og høyst 7 timer og 30 minutter.", code="length", field="minutes"
        )
    starts_at = _instant(datetime.combine(day, clock.replace(tzinfo=None, second=0, microsecond=0)), fold)
    if starts_at < at:
        raise Invalid("Tidspunktet er passert. Velg et tidspunkt fram i tid.", code="past", field="day")
    if starts_at > at + FURTHEST:
        raise Invalid("Du kan bestille møter høyst to år fram i tid.", code="too_far", field="day")
    meant = f"{day.isoformat()}T{clock:%H:%M}"
    return Slot(starts_at=starts_at, ends_at=starts_at + length, meant=meant, fold=fold or 0)


def _instant(wall: datetime, fold: int | None) -> datetime:
    if wall.year < 2 or wall.year > 9998:
        raise Invalid("Velg en dato innen de neste to årene.", code="too_far", field="day")
    first, second = (wall.replace(tzinfo=OSLO, fold=number).astimezone(UTC) for number in (0, 1))
    if first == second:
        return first
    if first > second:
        # A gap: the clock jumps over this wall time, and both readings of it mean some other hour.
        before, after = (moment.astimezone(OSLO) for moment in (second, first))
        raise Invalid(
            f"Klokkeslettet {wall:%H.%M} finnes ikke denne dagen, fordi klokka stilles fram. "
            f"Velg for eksempel kl. {before:%H.%M} eller kl. {after:%H.%M}.",
            code="time_does_not_exist",
            field="time",
            extra={"meanings": [before.isoformat(), after.isoformat()]},
        )
    if fold is None:
        meanings = [moment.astimezone(OSLO) for moment in (first, second)]
        raise Invalid(
            f"Klokkeslettet {wall:%H.%M} kommer to ganger denne dagen, fordi klokka stilles tilbake. "
            "Velg første gang (sommertid) eller andre gang (normaltid).",
            code="time_exists_twice",
            field="time",
            extra={"meanings": [moment.isoformat() for moment in meanings]},
        )
    return second if fold else first
