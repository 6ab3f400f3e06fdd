"""A change is told before Min side sends the old by itself: at nine, and a week after what has not been answered."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest

from invitations.messages.send import Swept
from invitations.models import Message, Occasion
from meetings import changes
from meetings.models import Format, Meeting
from meetings.places import Place
from navmeet.change import rehearse
from navmeet.outbox.publish import PlannedMessage
from navmeet.pages.staff.told_then import preview
from navmeet.people.models import Person
from tests import make
from tests.invitations.messages.broker import FakeTopic
from tests.invitations.messages.test_put_off import EVENING, NINE, Sweep, invited, oslo, sms_of
from tests.invitations.messages.test_receipts import event, keep
from tests.invitations.messages.test_telling import _answer
from tests.invitations.messages.test_untold import PHONE, _moving, add_colleague, hold, move, said, write

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


def at_minute(clock: str) -> datetime:
    """On the morning on which the SMS of the evening goes at nine."""
    return oslo(f"2027-01-12T{clock}")


def waits(meeting: Meeting, occasion: Occasion = Occasion.MOVED) -> datetime:
    return Message.objects.get(meeting=meeting, occasion=occasion, state="PLANNED").due_at


def would_move(meeting: Meeting, at: datetime) -> PlannedMessage:
    told = rehearse(changes.move, **_moving(meeting, at, 22)).messages
    return next(one for one in told if one.occasion == Occasion.MOVED)


def a_minute_each(sweep: Callable[[datetime], Swept], begins: datetime, until: datetime) -> None:
    while begins <= until:
        sweep(begins)
        begins += timedelta(minutes=1)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ("08:40", "08:50"),
        ("08:49", "08:58"),
        ("08:52", "08:58"),
        ("08:55", "08:58"),
        ("08:58", "08:58"),
        ("08:59", "08:59"),
        # The SMS of the old has left: a change is told as ever.
        ("09:00", "09:10"),
    ],
)
def test_what_is_moved_before_nine_is_told_before_the_sms_of_the_old(
    kari: Person, sweep: Sweep, topic: FakeTopic, changed: str, told: str
) -> None:
    meeting = invited(kari, sweep).meeting
    at = at_minute(changed)
    assert would_move(meeting, at).due_at == at_minute(told)
    move(meeting, at, 22)
    assert waits(meeting) == at_minute(told)
    sweep(at_minute(told))
    assert [sms_of(one) for one in topic.shown()] == ["2027-01-12T08:00:00+00:00", None]
    assert len(topic.taken_back()) == 1


def test_so_is_another_format(kari: Person, sweep: Sweep) -> None:
    meeting = invited(kari, sweep).meeting
    hold(meeting, at_minute("08:52"), Format.PHONE, PHONE)
    assert waits(meeting, Occasion.FORMAT_CHANGED) == at_minute("08:58")


def test_and_another_place(kari: Person, sweep: Sweep) -> None:
    meeting = invited(kari, sweep, format=Format.IN_PERSON, place=Place(address="Storgata 1", room="Rom 1")).meeting
    changed = _moving(meeting, at_minute("08:52"), 21) | {"place": Place(address="Storgata 1", room="Rom 2")}
    changes.move(**changed)
    assert waits(meeting) == at_minute("08:58")


def test_what_takes_no_place_stops_no_sms_and_has_its_ten_minutes(kari: Person, sweep: Sweep) -> None:
    meeting = invited(kari, sweep).meeting
    add_colleague(meeting, at_minute("08:52"))
    assert waits(meeting, Occasion.PEOPLE_CHANGED) == at_minute("09:02")


def test_what_waits_already_hurries_with_a_change_that_takes_the_place(
    kari: Person, sweep: Sweep, topic: FakeTopic
) -> None:
    meeting = invited(kari, sweep).meeting
    write(meeting, at_minute("08:51"), "Noe annet")
    move(meeting, at_minute("08:53"), 22)
    assert waits(meeting) == at_minute("08:58")
    a_minute_each(sweep, at_minute("08:51"), at_minute("09:05"))
    assert len(topic.shown()) == 2


def test_later_changes_are_summed_until_then(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    meeting = invited(kari, sweep).meeting
    move(meeting, at_minute("08:51"), 22)
    sweep(at_minute("08:55"))
    move(meeting, at_minute("08:56"), 25, time(13))
    assert waits(meeting) == at_minute("08:58")
    write(meeting, at_minute("08:57"), "Noe annet")
    assert waits(meeting) == at_minute("08:58")
    a_minute_each(sweep, at_minute("08:57"), at_minute("09:10"))
    (told,) = said(topic)[1:]
    assert "25. januar kl. 13.00" in told


def test_moved_and_moved_back_the_sms_goes_at_nine_as_it_is_true(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    meeting = invited(kari, sweep).meeting
    move(meeting, at_minute("08:51"), 22)
    move(meeting, at_minute("08:56"), 21)
    a_minute_each(sweep, at_minute("08:56"), at_minute("09:10"))
    assert (len(topic.shown()), topic.taken_back()) == (1, [])


@pytest.mark.parametrize(("before", "told"), [(15, 5), (10, 2), (5, 2), (2, 2), (1, 1)])
def test_so_it_is_before_min_sides_own_reminder(
    kari: Person, sweep: Sweep, topic: FakeTopic, before: int, told: int
) -> None:
    meeting = invited(kari, sweep, make.NOW).meeting
    reminds_at = make.NOW + WEEK
    move(meeting, reminds_at - timedelta(minutes=before), 22)
    assert waits(meeting) == reminds_at - timedelta(minutes=told)


def test_that_reminder_counts_from_the_sms_that_waited(kari: Person, sweep: Sweep) -> None:
    meeting = invited(kari, sweep).meeting
    move(meeting, NINE + WEEK - timedelta(minutes=5), 22)
    assert waits(meeting) == NINE + WEEK - timedelta(minutes=2)


def test_of_what_is_answered_min_side_reminds_nobody_and_nothing_hurries(kari: Person, sweep: Sweep) -> None:
    meeting = invited(kari, sweep, make.NOW).meeting
    _answer(meeting, make.later(hours=1))
    sweep(make.later(hours=1))
    at = make.NOW + WEEK - timedelta(minutes=5)
    move(meeting, at, 22)
    assert waits(meeting) == at + timedelta(minutes=10)


def test_an_sms_ordered_after_min_sides_hours_may_wait_until_nine_too_unless_it_was_sent(
    kari: Person, sweep: Sweep
) -> None:
    told = invited(kari, sweep, oslo("2027-01-11T18:00"))
    assert told.sms_at is None
    assert would_move(told.meeting, at_minute("08:52")).due_at == at_minute("08:58")
    keep(event(told, "sendt", at=oslo("2027-01-11T18:01")))
    assert would_move(told.meeting, at_minute("08:52")).due_at == at_minute("09:02")


def test_who_changes_it_reads_what_hurries(kari: Person, sweep: Sweep) -> None:
    meeting = invited(kari, sweep).meeting
    at = at_minute("08:52")
    follows = rehearse(changes.move, **_moving(meeting, at, 22))
    lines = [line for line in preview(follows, at).lines if line.after]
    assert [line.after for line in lines] == ["før Min side sender SMS eller e-post om det som gjaldt, kl. 09.00"]
    assert "kl. 08.58 på Min side" in lines[0].words


def test_the_evening_itself_is_as_ever(kari: Person, sweep: Sweep) -> None:
    meeting = invited(kari, sweep).meeting
    move(meeting, EVENING + timedelta(hours=1), 22)
    assert waits(meeting) == EVENING + timedelta(hours=1, minutes=10)
