"""Quiet time, the wall clock, and which reminders a meeting gets."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invitations.messages import placing, quiet
from invitations.messages.default_plan import DEFAULT
from invitations.messages.reminders import LEAST_APART, LEAST_BEFORE, Reminder, reminders
from invitations.models import Message, MessageState, Occasion, Step, Why
from meetings import days
from meetings.models import Format, Meeting, Participant, Role
from meetings.times import OSLO

BOOKED = datetime(2027, 1, 4, 9, tzinfo=UTC)


def oslo(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=OSLO, fold=fold)


def _by_step(starts_at: datetime, held: str = "VIDEO", at: datetime = BOOKED) -> dict[str, Reminder]:
    return {one.step: one for one in reminders(starts_at=starts_at, steps=DEFAULT[Format(held)], at=at)}


def _placed(found: Collection[Reminder]) -> dict[str, str]:
    """By step: why it falls, once all that lets a reminder fall is asked."""
    somebody, meeting = Participant(role=Role.DOCTOR), Meeting(starts_at=BOOKED, ends_at=BOOKED, format=Format.VIDEO)
    rows = {
        one.step: Message(
            participant=somebody,
            meeting=meeting,
            step=one.step,
            occasion=Occasion.REMINDER,
            due_at=one.due_at,
            not_after=one.not_after,
            state=MessageState.SKIPPED if one.falls else MessageState.PLANNED,
            why=one.falls,
        )
        for one in found
    }
    placing.place(list(rows.values()), {rows[one.step].pk for one in found if one.gives_way}, is_new=True)
    return {step: row.why for step, row in rows.items()}


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2027-01-12T07:59", True),
        ("2027-01-12T08:00", False),
        ("2027-01-12T19:59", False),
        ("2027-01-12T20:00", True),
        ("2027-01-10T12:00", True),  # a Sunday
        ("2027-01-09T12:00", False),  # a Saturday
        ("2027-05-17T12:00", True),
        ("2027-03-26T12:00", True),  # Good Friday
        ("2026-12-24T11:59", False),
        ("2026-12-24T12:00", True),
        ("2026-12-31T12:00", True),
        ("2026-12-25T12:00", True),
    ],
)
def test_quiet_is_at_night_on_sundays_on_holidays_and_on_the_eves_from_noon(moment: str, expected: bool) -> None:
    assert quiet.is_quiet(oslo(moment)) is expected


def test_a_day_that_booking_takes_for_a_holiday_is_quiet_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a holiday is stands in one place."""
    tuesday = oslo("2027-01-12T12:00")
    assert quiet.is_working_day(tuesday.date())
    monkeypatch.setattr(days, "_holidays", lambda _: frozenset({date(2027, 1, 12)}))
    assert days.is_holiday(tuesday.date())
    assert quiet.is_quiet(tuesday)
    assert not quiet.is_working_day(tuesday.date())


@pytest.mark.parametrize(
    ("wanted", "placed"),
    [
        ("2027-01-12T10:17", "2027-01-12T10:17"),
        ("2027-01-12T07:10", "2027-01-12T08:00"),
        ("2027-01-12T21:00", "2027-01-12T19:59"),
        ("2027-01-10T09:00", "2027-01-09T19:59"),  # Sunday morning: Saturday evening is nearer than Monday
        ("2027-01-10T16:00", "2027-01-11T08:00"),
        ("2026-12-24T13:00", "2026-12-24T11:59"),
    ],
)
def test_a_reminder_in_quiet_time_moves_to_the_nearest_allowed_minute(wanted: str, placed: str) -> None:
    assert quiet.nearest_allowed(oslo(wanted), not_before=oslo("2026-01-01T00:00")) == oslo(placed)


def test_it_never_moves_to_before_it_was_booked() -> None:
    assert quiet.nearest_allowed(oslo("2027-01-12T21:00"), not_before=oslo("2027-01-12T20:30")) == oslo(
        "2027-01-13T08:00"
    )


@given(st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2030, 1, 1)))  # noqa: DTZ001
@settings(max_examples=300, deadline=None)
def test_what_is_placed_is_never_quiet(moment: datetime) -> None:
    placed = quiet.nearest_allowed(moment.replace(tzinfo=UTC), not_before=datetime(2020, 1, 1, tzinfo=UTC))
    assert not quiet.is_quiet(placed)


@given(
    minutes=st.integers(0, 9 * 24 * 60),
    first=st.sampled_from(["2027-03-24T00:00", "2027-10-28T00:00", "2026-12-22T00:00"]),
)
@settings(max_examples=150, deadline=None)
def test_nearest_is_what_walking_minute_by_minute_finds(minutes: int, first: str) -> None:
    """Around the nights on which the clocks change, Easter and Christmas; by another way than the code's."""
    wanted = (oslo(first).astimezone(UTC) + timedelta(minutes=minutes)).timestamp()
    away = (side * 60 * step for step in range(9 * 24 * 60) for side in (-1, 1))
    found = next(wanted + one for one in away if not quiet.is_quiet(datetime.fromtimestamp(wanted + one, UTC)))
    placed = quiet.nearest_allowed(datetime.fromtimestamp(wanted, UTC), not_before=datetime(2020, 1, 1, tzinfo=UTC))
    assert placed.timestamp() == found


@pytest.mark.parametrize(
    ("starts", "due"),
    [
        ("2027-03-28T10:00", "2027-03-27T10:00"),  # 23 hours before: the night the clocks go forward
        ("2027-03-29T10:00", "2027-03-28T10:00"),
        ("2027-10-31T10:00", "2027-10-30T10:00"),  # 25 hours before
        ("2027-11-01T10:00", "2027-10-31T10:00"),
    ],
)
def test_one_day_before_is_the_same_time_on_the_wall_across_both_nights(starts: str, due: str) -> None:
    assert quiet.days_before(oslo(starts), 1) == oslo(due).astimezone(UTC)


def test_a_wall_time_that_does_not_exist_the_day_before_is_the_hour_after() -> None:
    assert quiet.days_before(oslo("2027-03-29T02:30"), 1) == oslo("2027-03-28T03:30").astimezone(UTC)


@pytest.mark.parametrize("fold", [0, 1])
def test_one_hour_before_is_an_hour_whatever_the_clocks_do(fold: int) -> None:
    start = oslo("2027-10-31T02:30", fold=fold).astimezone(UTC)
    booked = datetime(2027, 10, 1, tzinfo=UTC)
    found = _by_step(start, at=booked)
    assert _placed(found.values()) == {Step.DAYS_7: "", Step.DAY_1: "", Step.HOUR_1: Why.TOO_CLOSE}


def test_an_ordinary_meeting_gets_two_and_one_far_ahead_three() -> None:
    assert list(_by_step(oslo("2027-01-14T10:00"))) == [Step.DAY_1, Step.HOUR_1]
    assert list(_by_step(oslo("2027-02-11T10:00"))) == [Step.DAYS_7, Step.DAY_1, Step.HOUR_1]
    assert list(_by_step(oslo("2027-02-11T10:00"), "IN_PERSON")) == [Step.DAYS_7, Step.DAY_1]


def test_exactly_fourteen_days_ahead_is_not_more_than_fourteen() -> None:
    assert Step.DAYS_7 not in _by_step(BOOKED + timedelta(days=14))
    assert Step.DAYS_7 in _by_step(BOOKED + timedelta(days=14, minutes=1))


def test_a_reminder_whose_time_has_passed_is_not_planned() -> None:
    start = oslo("2027-01-14T10:00")
    assert list(_by_step(start, at=start - timedelta(hours=3))) == [Step.HOUR_1]
    assert _by_step(start, at=start - timedelta(minutes=30)) == {}


def test_less_than_half_an_hour_before_the_start_it_falls() -> None:
    assert _by_step(oslo("2027-01-14T08:15"))[Step.HOUR_1].falls == Why.QUIET_TIME
    half = _by_step(oslo("2027-01-14T08:30"))[Step.HOUR_1]
    assert (half.falls, half.due_at) == (Why.NONE, oslo("2027-01-14T08:00"))


def test_moved_within_twelve_hours_of_another_it_falls() -> None:
    # The day after Easter Monday: "1 day before" would come at 08.00 the same day, an hour before the start.
    found = _by_step(oslo("2027-03-30T10:00"), at=oslo("2027-03-20T10:00"))
    assert _placed(found.values()) == {Step.DAY_1: Why.TOO_CLOSE, Step.HOUR_1: ""}


def test_moved_later_it_gets_a_limit_it_can_meet() -> None:
    found = _by_step(oslo("2027-03-30T10:00"), "IN_PERSON", at=oslo("2027-03-20T10:00"))
    assert found[Step.DAY_1].due_at == oslo("2027-03-30T08:00")
    assert found[Step.DAY_1].not_after == oslo("2027-03-30T08:30")


@given(
    day=st.dates(min_value=datetime(2027, 1, 5).date(), max_value=datetime(2028, 12, 31).date()),  # noqa: DTZ001
    minute=st.integers(0, 24 * 60 - 1),
    ahead=st.integers(15, 40 * 24 * 60),
    held=st.sampled_from(["VIDEO", "PHONE", "IN_PERSON"]),
)
@settings(max_examples=2000, deadline=None)
def test_whatever_the_time_reminders_are_wanted_possible_and_apart(day, minute, ahead, held) -> None:  # type: ignore[no-untyped-def]
    wall = datetime.combine(day, time(minute // 60, minute % 60), tzinfo=OSLO)
    starts_at = wall.astimezone(UTC)
    at = starts_at - timedelta(minutes=ahead)
    found = reminders(starts_at=starts_at, steps=DEFAULT[Format(held)], at=at)
    assert len({one.step for one in found}) == len(found)
    placed = _placed(found)
    going = [one for one in found if not placed[one.step]]
    for one in going:
        assert not quiet.is_quiet(one.due_at)
        assert at <= one.due_at < one.not_after <= starts_at
        assert one.due_at <= starts_at - LEAST_BEFORE
    meant = {starts_at - timedelta(hours=1), quiet.days_before(wall, 1), quiet.days_before(wall, 7)}
    moved = [one for one in going if one.due_at not in meant]
    for one in moved:
        assert all(abs(one.due_at - other.due_at) >= LEAST_APART for other in going if other is not one)


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2027-01-11T10:00", "2027-01-12T15:30"),
        ("2027-01-08T10:00", "2027-01-11T15:30"),  # Friday
        ("2027-03-24T10:00", "2027-03-30T15:30"),  # the Wednesday before Easter
    ],
)
def test_the_next_working_day_knows_weekends_and_holidays(at: str, due: str) -> None:
    assert quiet.next_working_day(oslo(at)) == oslo(due)


def test_working_days_between_counts_neither_end() -> None:
    assert quiet.working_days_between(oslo("2027-01-11T10:00"), oslo("2027-01-21T10:00")) == 7
    assert quiet.working_days_between(oslo("2027-01-11T10:00"), oslo("2027-01-12T10:00")) == 0
