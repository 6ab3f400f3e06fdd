"""A day that has no room for all: the nearer goes, whatever order they were planned in."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from invitations.messages import cap, claim, plan_minutes, rank, rows, yielding
from invitations.messages.log import message_log
from invitations.messages.rows import About, Told
from invitations.messages.send import Swept
from invitations.models import Message, Occasion, Step, Why
from meetings import booking
from meetings.models import Meeting, Task
from navmeet.change import before_commit, rehearse
from navmeet.outbox.publish import Consequences, gathering
from navmeet.pages.staff import told_then
from navmeet.people.models import Person
from tests import make
from tests.invitations.messages.broker import FakeTopic
from tests.invitations.messages.test_apart import EIGHT, MONDAY, states
from tests.invitations.messages.test_cap import DAY, IN_PERSON, OSLO, WEDNESDAY, booked, reminder, state
from tests.invitations.messages.test_telling import cancel

pytestmark = pytest.mark.django_db
Sweep = Callable[[datetime], Swept]
A_WEEK_ON = date(2027, 1, 27)
AT_COST_OF = "Et annet varsel til samme person går ikke ut den dagen, for dette haster mer"


def _far(kari: Person, *hours: int) -> list[Message]:
    """Reminders a week ahead, on the Wednesday."""
    meetings = [booked(kari, hour, day=A_WEEK_ON) for hour in hours or (9, 10, 11, 12)]
    return [Message.objects.get(meeting=one, step=Step.DAYS_7) for one in meetings]


def _states(messages: list[Message]) -> list[tuple[str, str]]:
    for one in messages:
        one.refresh_from_db()
    return [(one.state, one.why) for one in messages]


def _booking(kari: Person, hour: int) -> dict[str, Any]:
    by = make.actor(make.caseworker())
    return {
        "wanted": make.wanted(kari, day=DAY, clock=time(hour), **IN_PERSON),
        "can_be_told": True,
        "by": by,
        "clearance": make.clearance(kari, by),
        "at": make.NOW,
        "staff_cleared": (),
        "overrule": make.ANYHOW,
    }


def test_a_reminder_of_tomorrow_takes_the_place_of_the_farthest_a_week_ahead(kari: Person) -> None:
    far = _far(kari)
    assert state(booked(kari, 13)) == ("PLANNED", "")
    assert _states(far) == [("PLANNED", "")] * 3 + [("SKIPPED", "DAY_IS_FULL")]
    assert far[3].settled_at == make.NOW


def test_without_it_the_nearer_one_would_have_fallen(kari: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: first come, first served."""
    monkeypatch.setattr(rank, "rank", lambda message, *_: rank.Rank(rank.Kind.NEAR, make.NOW, 0, message))
    far = _far(kari)
    assert state(booked(kari, 13)) == ("SKIPPED", "DAY_IS_FULL")
    assert _states(far) == [("PLANNED", "")] * 4


def test_it_works_the_other_way_round_too(kari: Person) -> None:
    near = [booked(kari, hour) for hour in (9, 10, 11, 12)]
    (far,) = _far(kari, 13)
    assert [state(one) for one in near] == [("PLANNED", "")] * 4
    assert _states([far]) == [("SKIPPED", "DAY_IS_FULL")]


def test_of_two_of_tomorrow_the_meeting_that_comes_first_is_reminded_of(kari: Person) -> None:
    four = [booked(kari, hour) for hour in (10, 11, 12, 13)]
    assert state(booked(kari, 9)) == ("PLANNED", "")
    assert [state(one) for one in four] == [("PLANNED", "")] * 3 + [("SKIPPED", "DAY_IS_FULL")]


def test_an_hour_before_goes_before_the_day_before(kari: Person) -> None:
    four = [booked(kari, hour) for hour in (10, 11, 12, 13)]
    today = make.meeting(person=kari, day=WEDNESDAY.date(), clock=time(15))
    assert Message.objects.get(meeting=today, step=Step.HOUR_1).state == "PLANNED"
    assert state(four[3]) == ("SKIPPED", "DAY_IS_FULL")


def test_news_that_can_wait_goes_the_day_after_and_says_so(kari: Person) -> None:
    three = [booked(kari, hour) for hour in (9, 10, 11)]
    with gathering():
        plan_minutes.plan_minutes_shared(three[0].pk, uuid4(), 1, True, WEDNESDAY)
    (far,) = _far(kari, 12)
    told = Message.objects.get(occasion=Occasion.MINUTES_SHARED)
    thursday = datetime(2027, 1, 21, 8, tzinfo=OSLO)
    assert (told.state, told.why, told.due_at) == ("PLANNED", "DAY_IS_FULL", thursday)
    assert _states([far]) == [("PLANNED", "")]
    (line,) = [one for one in message_log(three[0], WEDNESDAY) if one.occasion == Occasion.MINUTES_SHARED]
    assert "Tidligere går ikke, for det ville blitt for mange varsler" in line.words


def _settled(meeting: Meeting, not_after: datetime, at: datetime = WEDNESDAY) -> Message:
    """News: what became of a wish."""
    told = Told(meeting, meeting.citizen(), True, at)
    return rows.plan(told, Occasion.ANSWER_SETTLED, About(uuid4(), 1), rows.Timing(at, not_after, None))[0]


def test_news_that_is_none_tomorrow_goes_before_a_week_ahead_and_after_tomorrow(kari: Person) -> None:
    far = _far(kari)
    of = far[0].meeting
    tonight = WEDNESDAY + timedelta(hours=10)
    news = _settled(of, tonight)
    assert _states([news, *far]) == [("PLANNED", "")] * 4 + [("SKIPPED", "DAY_IS_FULL")]
    for hour in (9, 10, 11, 12):
        booked(kari, hour)
    assert _states([news, *far]) == [("SKIPPED", "DAY_IS_FULL")] * 5
    assert Task.objects.get(kind=Task.Kind.NOT_REACHED).about == f"message:{news.pk.hex}"


def test_what_a_sender_has_in_hand_is_left_and_stands_in_nobodys_way(kari: Person) -> None:
    far = _far(kari)
    Message.objects.exclude(pk__in=[one.pk for one in far]).filter(state="PLANNED").update(state="SENT")
    held = claim.claim_messages(WEDNESDAY + timedelta(hours=6))
    assert set(held.rows) == {one.pk for one in far}
    assert state(booked(kari, 13)) == ("PLANNED", "")
    assert _states(far) == [("CLAIMED", "")] * 4


def test_what_may_have_left_keeps_its_place(kari: Person) -> None:
    far = _far(kari)
    Message.objects.filter(pk=far[3].pk).update(attempts=1)
    booked(kari, 13)
    assert _states(far) == [("PLANNED", ""), ("PLANNED", ""), ("SKIPPED", "DAY_IS_FULL"), ("PLANNED", "")]


def test_what_a_sender_takes_between_the_count_and_the_hold_is_left_too(
    kari: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    far, days_of = _far(kari), cap.days_of

    def then_taken(*args: Any, **kwargs: Any) -> cap.Days:
        days = days_of(*args, **kwargs)
        Message.objects.filter(pk=far[3].pk).update(state="CLAIMED", claim=far[3].pk, claimed_until=make.NOW)
        return days

    monkeypatch.setattr(cap, "days_of", then_taken)
    booked(kari, 13)
    assert _states(far) == [("PLANNED", ""), ("PLANNED", ""), ("SKIPPED", "DAY_IS_FULL"), ("CLAIMED", "")]


def test_what_gave_way_to_one_that_fell_goes_in_its_stead(kari: Person, settings: Settings) -> None:
    """Two of one meeting too close to each other: the one that goes yields, and the other has room on its own day."""
    settings.MOST_MESSAGES_A_DAY = 1
    meeting = make.meeting(person=kari, day=MONDAY, clock=time(15))
    assert states(meeting) == {Step.DAY_1: ("SKIPPED", "TOO_CLOSE"), Step.HOUR_1: ("PLANNED", "")}
    Message.objects.filter(meeting=meeting, step=Step.DAY_1).update(due_at=EIGHT - timedelta(days=3))
    nearer = make.meeting(person=kari, day=MONDAY, clock=time(12))
    assert Message.objects.get(meeting=nearer, step=Step.HOUR_1).state == "PLANNED"
    assert states(meeting) == {Step.DAY_1: ("PLANNED", ""), Step.HOUR_1: ("SKIPPED", "DAY_IS_FULL")}


def test_what_stands_in_takes_no_place_from_a_stronger_one_and_says_so(kari: Person, settings: Settings) -> None:
    settings.MOST_MESSAGES_A_DAY = 1
    meeting = make.meeting(person=kari, day=MONDAY, clock=time(15))
    make.meeting(person=kari, day=MONDAY, clock=time(12))
    assert states(meeting) == {Step.DAY_1: ("SKIPPED", "DAY_IS_FULL"), Step.HOUR_1: ("SKIPPED", "DAY_IS_FULL")}


def test_free_room_is_given_to_the_strongest_that_fell(kari: Person) -> None:
    near = [booked(kari, hour) for hour in (9, 10, 11, 12)]
    # Planned first, and due first: what counts is how near its meeting is.
    far = _far(kari, 8)[0]
    fifth = booked(kari, 14)
    assert _states([far]) == [("SKIPPED", "DAY_IS_FULL")]
    cancel(near[0], make.later(minutes=1))
    assert state(fifth) == ("PLANNED", "")
    assert _states([far]) == [("SKIPPED", "DAY_IS_FULL")]
    cancel(near[1], make.later(minutes=2))
    assert _states([far]) == [("PLANNED", "")]


def test_a_place_that_is_not_used_is_free_for_what_is_due_later(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    """Who has not answered is reminded by Min side: of five a week ahead the first does not go, and the fifth does."""
    five = _far(kari, 9, 10, 11, 12, 13)
    assert _states(five)[4] == ("SKIPPED", "DAY_IS_FULL")
    Message.objects.filter(occasion=Occasion.INVITED).update(state="SENT", sent_at=make.NOW, settled_at=make.NOW)
    assert sweep(WEDNESDAY).not_sent == 1
    assert _states(five) == [("SKIPPED", "MIN_SIDE_REMINDS")] + [("PLANNED", "")] * 4


def test_what_falls_as_the_day_is_full_frees_no_place(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    near = [booked(kari, hour) for hour in (9, 10, 11, 12)]
    fell = _far(kari, 15)[0]
    beyond = _far(kari, 8)[0]
    Message.objects.filter(pk=beyond.pk).update(state="PLANNED", why="", settled_at=None)
    Message.objects.filter(occasion=Occasion.INVITED).update(state="VOID", why="CORRECTED")
    assert sweep(WEDNESDAY - timedelta(minutes=30)).not_sent == 1
    assert _states([fell, beyond]) == [("SKIPPED", "DAY_IS_FULL")] * 2
    assert {state(one) for one in near} == {("PLANNED", "")}


def test_the_page_says_it_in_the_line_of_the_reminder(kari: Person) -> None:
    _far(kari)
    lines = told_then.preview(rehearse(booking.book, **_booking(kari, 13)), make.NOW).lines
    (line,) = [one for one in lines if one.at_cost_of]
    page = render_to_string("pages/staff/follows_line.html", {"line": line})
    assert f"Sendes onsdag 20. januar kl. 13.00 på Min side, med SMS eller e-post. {AT_COST_OF}</p>" in page


def test_just_before_it_leaves_what_is_stronger_and_to_come_counts(
    kari: Person, sweep: Sweep, topic: FakeTopic
) -> None:
    """As two bookings at once may leave it: five on a day with room for four, and the weakest is due first."""
    far = _far(kari, 8)[0]
    near = [booked(kari, hour) for hour in (9, 10, 11, 12)]
    Message.objects.filter(pk=far.pk).update(state="PLANNED", why="", settled_at=None)
    told = {"state": "SENT", "sent_at": make.NOW, "settled_at": make.NOW}
    Message.objects.filter(occasion=Occasion.INVITED).update(**told, occasion=Occasion.CANCELLED)
    sweep(WEDNESDAY - timedelta(minutes=30))
    assert _states([far]) == [("SKIPPED", "DAY_IS_FULL")]
    for hour in range(4):
        assert sweep(WEDNESDAY + timedelta(hours=hour)).sent == 1
    assert {state(one) for one in near} == {("SENT", "")}


def test_for_the_strongest_only_what_surely_left_counts(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    """Four of a week ahead are planned for later that day, as none of them could be held."""
    strongest = booked(kari, 8)
    far = _far(kari)
    Message.objects.filter(pk__in=[one.pk for one in far]).update(state="PLANNED", why="", settled_at=None)
    sweep(make.NOW)
    assert sweep(WEDNESDAY - timedelta(hours=1)).sent == 1
    assert state(strongest) == ("SENT", "")


def test_who_plans_it_reads_that_another_yields_and_nothing_of_what_that_is_about(kari: Person) -> None:
    far = _far(kari)
    arguments = _booking(kari, 13)
    would = rehearse(booking.book, **arguments)
    assert _states(far) == [("PLANNED", "")] * 4, "a rehearsal keeps nothing"
    assert [one.at_cost_of for one in would.messages] == ["", AT_COST_OF]
    assert (would.overtaken, would.voided) == ([], 0)
    done: list[Consequences] = []
    with before_commit(lambda _, follows: done.append(follows)):
        booking.book(**arguments)
    assert [one.at_cost_of for one in done[0].messages] == ["", AT_COST_OF]
    (line,) = [one for one in told_then.preview(would, make.NOW).lines if one.at_cost_of]
    assert line.at_cost_of == AT_COST_OF


def test_what_takes_a_place_says_what_becomes_of_the_others() -> None:
    assert yielding.Yielded(later=1).words == (
        "Et annet varsel til samme person sendes en senere dag, for dette haster mer"
    )
    assert yielding.Yielded(fell=2, later=1).words == (
        "2 andre varsler til samme person går ikke ut den dagen, og et annet varsel til samme person sendes en senere "
        "dag, for dette haster mer"
    )


def test_what_yielded_says_why_in_words_that_stay_true(kari: Person) -> None:
    far = _far(kari)
    booked(kari, 13)
    for at, said in ((make.NOW, "Skulle vært sendt onsdag 20. januar kl. 12.00, men sendes ikke"), (WEDNESDAY, "")):
        (line,) = [one for one in message_log(far[3].meeting, at) if one.step == Step.DAYS_7]
        assert line.words.startswith(said)
        assert line.words.endswith(
            "det ville blitt for mange varsler til samme person den dagen, og de andre haster mer eller kom først"
        )


def test_a_day_that_is_not_full_costs_one_question_whatever_is_planned_on_it(kari: Person) -> None:
    """And a full one two more, and three for each that yields."""

    def cost(hour: int) -> int:
        meeting = make.meeting(person=kari, day=date(2027, 2, 24), clock=time(hour), **IN_PERSON)  # type: ignore[arg-type]
        told = Told(meeting, meeting.citizen(), True, make.NOW)
        timing = rows.Timing(WEDNESDAY + timedelta(hours=hour - 9), WEDNESDAY + timedelta(hours=hour), None)
        with CaptureQueriesContext(connection) as queries:
            rows.plan(told, Occasion.REMINDER, About(uuid4(), 1), timing, step=Step.DAY_1)
        return sum(1 for one in queries if "part_offset" in one["sql"] and "counted_on BETWEEN" in one["sql"])

    assert [cost(hour) for hour in (9, 10, 11)] == [1, 1, 1]
    _far(kari, 13)
    assert [cost(hour) for hour in (14, 15)] == [2, 1]


def test_planned_twice_it_costs_nobody_their_place(kari: Person) -> None:
    """A reaction asked twice about the same plans it once."""
    far = _far(kari, 9, 10, 11)
    one = reminder(booked(kari, 13))
    told = Told(one.meeting, one.participant, True, make.NOW)
    timing = rows.Timing(one.due_at, one.not_after, one.active_until)
    rows.plan(told, Occasion.REMINDER, About(one.about_id, one.about_number), timing, step=Step.DAY_1)
    rows.plan_all(told, About(one.about_id, one.about_number), [rows.Wanted(Occasion.REMINDER, timing, Step.DAY_1)])
    assert _states(far) == [("PLANNED", "")] * 3


def test_the_order_of_the_kinds_is_said_once() -> None:
    soon, tonight = make.later(days=1), make.later(hours=10)
    ranked = [
        rank.rank(uuid4(), Occasion.REMINDER, Step.HOUR_1, soon, make.NOW, soon),
        rank.rank(uuid4(), Occasion.REMINDER, Step.DAY_1, soon, make.NOW, soon),
        rank.rank(uuid4(), Occasion.REMINDER, Step.HOUR_1, soon + timedelta(hours=1), make.NOW, soon),
        rank.rank(uuid4(), Occasion.ANSWER_SETTLED, Step.ONCE, soon, make.NOW, tonight),
        rank.rank(uuid4(), Occasion.REMINDER, Step.DAYS_7, soon, make.NOW, soon),
        rank.rank(uuid4(), Occasion.MINUTES_SHARED, Step.ONCE, soon, make.NOW, make.later(days=14)),
    ]
    assert ranked == sorted(ranked)
    assert [one.is_reminder for one in ranked] == [True, True, True, False, True, False]


def test_no_more_is_ever_told_by_the_rows_than_by_the_days(kari: Person) -> None:
    """What is planned beyond the cap by a race is seen as too much, and by how much."""
    far = _far(kari, 8, 9, 10, 11, 12)
    Message.objects.filter(pk__in=[one.pk for one in far]).update(state="PLANNED", why=Why.NONE, settled_at=None)
    days = cap.days_of([kari.pk], WEDNESDAY, WEDNESDAY)
    assert days.too_many(kari.pk, WEDNESDAY.date()) == 1
    assert state(booked(kari, 13)) == ("PLANNED", "")
    assert [one for one, _ in _states(far)] == ["PLANNED"] * 3 + ["SKIPPED"] * 2
