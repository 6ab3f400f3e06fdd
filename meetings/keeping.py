"""What employees keep themselves: their hours and absence, and their office's hours, closing days, rooms and rules.

None of it moves a meeting that is booked: what it comes to lie over is listed (see meetings.overlaid), and changed one
by one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from meetings import calendars
from meetings.calendars import Calendar
from meetings.days import Hours
from meetings.models import LONGEST_ABSENCE, Absence, ClosingDay, HoursOnDate, Office, Resource, WorkingHours
from meetings.times import FURTHEST, OSLO
from navmeet.accounts.actor import Actor, ActorKind
from navmeet.accounts.models import User
from navmeet.audit.record import record
from navmeet.change import change
from navmeet.exceptions import Invalid, InvalidFields, NotFound, NotPermitted

MOST_A_DAY: Final = 4
# An absence may be entered afterwards, but not long.
LONGEST_AGO: Final = FURTHEST


@dataclass(frozen=True)
class Owner:
    """Whose hours: an employee's, or an office's."""

    user_id: UUID | None = None
    office_id: str | None = None

    @property
    def columns(self) -> dict[str, UUID | str | None]:
        """As the tables name them."""
        return {"user_id": self.user_id, "office_id": self.office_id}


@dataclass(frozen=True)
class WeekdayHours:
    """Hours of one weekday, 0 Monday … 6 Sunday; a day may have several."""

    weekday: int
    hours: Hours


def mine(by: Actor) -> Owner:
    """The hours of who asks."""
    return Owner(user_id=by.known_id)


def my_offices(by: Actor) -> Owner:
    """The hours of the office of who asks."""
    return Owner(office_id=by.known_office)


def check_can_keep(owner: Owner, by: Actor) -> None:
    """Everybody their own, and caseworkers their office's. Raises NotPermitted."""
    is_theirs = owner.user_id == by.id if owner.user_id else owner.office_id == by.office
    if by.kind != ActorKind.CASEWORKER or by.office is None or not is_theirs:
        raise NotPermitted("Du kan ikke endre dette.", code="may_not_keep")


@change
def set_week(*, owner: Owner, week: tuple[WeekdayHours, ...], by: Actor, at: datetime) -> None:
    """These are the weekly hours from now on, instead of those there were. None: as where nobody set any.

    Raises NotPermitted, InvalidFields at `week.<number>.<field>`.
    """
    check_can_keep(owner, by)
    check_week(week)
    _lock(owner)
    WorkingHours.objects.filter(**owner.columns).delete()
    WorkingHours.objects.bulk_create(
        WorkingHours(**owner.columns, weekday=one.weekday, opens=one.hours.opens, closes=one.hours.closes)
        for one in week
    )
    record(
        "hours.week_set",
        by=by,
        at=at,
        subject=_keeper(by),
        office=owner.office_id or "",
        days=len({one.weekday for one in week}),
    )


@change
def set_date(*, owner: Owner, day: date, hours: Hours | None, by: Actor, at: datetime) -> HoursOnDate:
    """The hours of one date, instead of the weekday's; None: not to be met that day.

    Raises NotPermitted, Invalid at `date` or `closes`.
    """
    check_can_keep(owner, by)
    check_day(day, at)
    if hours is not None:
        _check_order(hours, "closes")
    values = {"opens": hours.opens if hours else None, "closes": hours.closes if hours else None}
    of: dict[str, Any] = {**owner.columns, "date": day}
    kept, _ = HoursOnDate.objects.update_or_create(**of, defaults=values)
    record("hours.date_set", by=by, at=at, subject=_keeper(by), office=owner.office_id or "", date=day.isoformat())
    return kept


@change
def clear_date(*, owner: Owner, day: date, by: Actor, at: datetime) -> None:
    """The date has the weekday's hours again. Twice is once. Raises NotPermitted."""
    check_can_keep(owner, by)
    HoursOnDate.objects.filter(**owner.columns, date=day).delete()
    record("hours.date_cleared", by=by, at=at, subject=_keeper(by), office=owner.office_id or "", date=day.isoformat())


@change
def add_absence(
    *, user_id: UUID, starts_at: datetime, ends_at: datetime, kind: Absence.Kind | str, by: Actor, at: datetime
) -> Absence:
    """An employee is away. Themselves or a colleague of their office says so; why, is a class and no more.

    The same once more is the one there is. Raises NotFound, Invalid at `kind`, `until` or `from`.
    """
    user = _colleague(user_id, by)
    if kind not in Absence.Kind.values:
        raise Invalid("Velg hva slags fravær det er.", code="absence_kind", field="kind")
    _check_absence(starts_at, ends_at, at)
    # Under the lock that bookings take: one that is made at this moment sees the absence, or is listed over it.
    calendars.lock([Calendar(Resource.Kind.STAFF, user.pk)])
    absence, is_new = Absence.objects.get_or_create(
        user=user,
        starts_at=starts_at,
        ends_at=ends_at,
        kind=kind,
        defaults={"made_at": at, "made_by": by.known_id},
    )
    if is_new:
        record("absence.added", by=by, at=at, subject=absence)
    return absence


@change
def remove_absence(*, absence_id: UUID, by: Actor, at: datetime) -> None:
    """They are not away after all. Raises NotFound."""
    absence = known_absence(absence_id, by)
    record("absence.removed", by=by, at=at, subject=absence)
    absence.delete()


@change
def close_day(*, day: date, by: Actor, at: datetime) -> ClosingDay:
    """The office of `by` holds no meetings that day. Twice is once. Raises NotPermitted, Invalid at `date`."""
    check_can_keep(my_offices(by), by)
    check_day(day, at)
    closing, is_new = ClosingDay.objects.get_or_create(office_id=by.known_office, date=day)
    if is_new:
        record("office.day_closed", by=by, at=at, subject=closing, office=by.known_office, date=day.isoformat())
    return closing


@change
def open_day(*, closing_id: UUID, by: Actor, at: datetime) -> None:
    """The office holds meetings that day after all. Raises NotPermitted, NotFound."""
    check_can_keep(my_offices(by), by)
    closing = ClosingDay.objects.filter(pk=closing_id, office_id=by.known_office).first()
    if closing is None:
        raise NotFound("Vi finner ikke stengedagen.", code="closing_day_not_found")
    record("office.day_opened", by=by, at=at, subject=closing, office=by.known_office, date=closing.date.isoformat())
    closing.delete()


def known_absence(absence_id: UUID, by: Actor) -> Absence:
    """An absence at the office of `by`. Raises NotFound."""
    found = Absence.objects.filter(pk=absence_id, user__in=_colleagues(by)).first()
    if found is None:
        raise NotFound("Vi finner ikke fraværet.", code="absence_not_found")
    return found


def check_day(day: date, at: datetime) -> None:
    """Raises Invalid at `date` for what is past, or further off than meetings can be booked."""
    today = at.astimezone(OSLO).date()
    if day < today:
        raise Invalid("Dagen er passert. Velg en dag fram i tid.", code="past", field="date")
    if day > today + FURTHEST:
        raise Invalid("Velg en dag innen de neste to årene.", code="too_far", field="date")


def _colleagues(by: Actor) -> Iterable[UUID]:
    if by.kind != ActorKind.CASEWORKER or by.office is None:
        return []
    return User.objects.filter(office=by.office, nav_ident__isnull=False).values_list("pk", flat=True)


def _colleague(user_id: UUID, by: Actor) -> User:
    user = User.objects.filter(pk=user_id, pk__in=_colleagues(by)).first()
    if user is None:
        raise NotFound("Vi finner ikke kollegaen ved enheten din.", code="colleague_not_found", field="user_id")
    return user


def _check_absence(starts_at: datetime, ends_at: datetime, at: datetime) -> None:
    # Two times of one zone are compared by the wall clock, which goes backwards once a year and jumps once.
    starts_at, ends_at = starts_at.astimezone(UTC), ends_at.astimezone(UTC)
    if not at - LONGEST_AGO <= starts_at <= at + FURTHEST:
        raise Invalid("Velg et tidspunkt innen to år fra i dag.", code="too_far", field="from")
    if ends_at <= starts_at:
        raise Invalid("Fraværet må slutte etter at det begynner.", code="ends_first", field="until")
    if ends_at > starts_at + LONGEST_ABSENCE:
        raise Invalid("Et fravær kan vare høyst to år.", code="too_long", field="until")


def check_week(week: tuple[WeekdayHours, ...]) -> None:
    """Raises InvalidFields at `week.<number>.<field>`."""
    errors = []
    for number, one in enumerate(week):
        before = [other for other in week[:number] if other.weekday == one.weekday]
        if not 0 <= one.weekday <= 6:
            errors.append(Invalid("Velg en ukedag.", code="weekday", field=f"week.{number}.weekday"))
        elif one.hours.opens >= one.hours.closes:
            errors.append(_closes_first(f"week.{number}.closes"))
        elif any(one.hours.opens < other.hours.closes and other.hours.opens < one.hours.closes for other in before):
            told = "Disse timene overlapper andre timer samme dag."
            errors.append(Invalid(told, code="hours_overlap", field=f"week.{number}.opens"))
        elif len(before) >= MOST_A_DAY:
            told = f"En dag kan ha høyst {MOST_A_DAY} perioder."
            errors.append(Invalid(told, code="too_many_hours", field=f"week.{number}.opens"))
    if errors:
        raise InvalidFields(errors)


def _lock(owner: Owner) -> None:
    """Two who set the same week at once do it one after the other, and the later holds."""
    if owner.user_id is not None:
        User.objects.select_for_update().get(pk=owner.user_id)
    else:
        Office.objects.select_for_update().get(pk=owner.office_id)


def _check_order(hours: Hours, field: str) -> None:
    if hours.opens >= hours.closes:
        raise _closes_first(field)


def _closes_first(field: str) -> Invalid:
    return Invalid("Arbeidstiden må slutte etter at den begynner, samme dag.", code="closes_first", field=field)


def _keeper(by: Actor) -> User:
    """What the audit row is about: an office has no id of the kind it takes."""
    return User.objects.get(pk=by.known_id)
