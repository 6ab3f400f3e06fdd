"""How much one person is told on one day: what falls, what waits, what is exempt, and who counts."""

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from pytest_django import Settings

from invitations.messages import cap, log_words, plan, plan_minutes, rows, yielding
from invitations.messages.cap import Days
from invitations.messages.log import message_log
from invitations.messages.rank import Kind, Rank
from invitations.messages.rows import About, Told
from invitations.messages.send import Swept
from invitations.models import Because, Message, MessageState, Occasion, Step, Why
from meetings import booking
from meetings.models import Format, Meeting, Task
from meetings.places import Place
from navmeet.change import rehearse
from navmeet.outbox.publish import gathering
from navmeet.people.models import Person
from tests import make
from tests.invitations.messages.broker import FakeTopic
from tests.invitations.messages.test_telling import _move, cancel

pytestmark = pytest.mark.django_db

Sweep = Callable[[datetime], Swept]
OSLO = ZoneInfo("Europe/Oslo")
# A Thursday; "1 day before" of all its meetings is the Wednesday.
DAY = date(2027, 1, 21)
WEDNESDAY = datetime(2027, 1, 20, 9, tzinfo=OSLO)
IN_PERSON = {"format": Format.IN_PERSON, "place": Place(address="Prøvegata 1")}


def booked(kari: Person, hour: int, day: date = DAY, at: datetime = make.NOW) -> Meeting:
    """In person: one reminder, the day before at the same hour."""
    return make.meeting(person=kari, day=day, clock=time(hour), at=at, **IN_PERSON)  # type: ignore[arg-type]


def reminder(meeting: Meeting) -> Message:
    """The last that was planned."""
    return Message.objects.filter(meeting=meeting, occasion=Occasion.REMINDER, step=Step.DAY_1).latest("pk")


def state(meeting: Meeting) -> tuple[str, str]:
    one = reminder(meeting)
    return one.state, one.why


@pytest.fixture
def full(kari: Person) -> list[Meeting]:
    """Four reminders on the Wednesday, at 9, 10, 11 and 12."""
    return [booked(kari, hour) for hour in (9, 10, 11, 12)]


def test_the_fifth_reminder_of_a_day_falls_and_says_why(kari: Person, full: list[Meeting]) -> None:
    fifth = booked(kari, 13)
    assert [state(one) for one in full] == [("PLANNED", "")] * 4
    assert state(fifth) == ("SKIPPED", "DAY_IS_FULL")
    (line,) = [one for one in message_log(fifth, make.NOW) if one.step == Step.DAY_1]
    assert line.words == (
        "Skulle vært sendt onsdag 20. januar kl. 13.00, men sendes ikke: det ville blitt for mange varsler til samme "
        "person den dagen, og de andre haster mer eller kom først"
    )


def test_who_books_reads_beforehand_that_it_would_fall(kari: Person, full: list[Meeting]) -> None:
    user = make.caseworker()
    by = make.actor(user)
    would = rehearse(
        booking.book,
        wanted=make.wanted(kari, clock=time(13), **IN_PERSON),
        can_be_told=True,
        by=by,
        clearance=make.clearance(kari, by),
        at=make.NOW,
        staff_cleared=(),
        overrule=make.ANYHOW,
    )
    assert [(one.occasion, one.falls, one.moved) for one in would.messages] == [
        ("INVITED", "", ""),
        ("REMINDER", "DAY_IS_FULL", ""),
    ]
    assert plan.ALL_REMINDERS_FALL in would.lacks


def test_invitations_changes_and_cancellations_are_neither_held_back_nor_counted(
    kari: Person, sweep: Sweep, topic: FakeTopic, full: list[Meeting]
) -> None:
    assert sweep(make.NOW).sent == 4
    fifth = booked(kari, 13)
    assert sweep(make.later(minutes=1)).sent == 1
    _move(fifth, make.later(minutes=2))
    cancel(full[0], make.later(minutes=2))
    assert sweep(make.later(minutes=13)).sent == 2
    # Seven were told today, and a reminder still has room today.
    assert cap.days_of([kari.pk], make.NOW).counted == {}


def test_it_counts_over_all_meetings_of_the_person_and_of_nobody_else(kari: Person, full: list[Meeting]) -> None:
    assert state(booked(make.citizen(), 13)) == ("PLANNED", "")
    assert state(booked(kari, 13, day=DAY + timedelta(days=1))) == ("PLANNED", "")


def test_a_partner_is_told_of_each_meeting(kari: Person) -> None:
    """A doctor has many patients."""
    meetings = [make.meeting(day=DAY, clock=time(10 + n), type_code="DIALOGUE") for n in range(5)]
    partners = [make.partner(one, make.employer()) for one in meetings]
    planned = Message.objects.filter(participant__in=partners, occasion=Occasion.REMINDER)
    assert set(planned.values_list("state", flat=True)) == {"PLANNED"}


def _ranks(kind: Kind = Kind.NEAR) -> Iterator[Rank]:
    """Each of another message, and weaker than the one before."""
    return (Rank(kind, make.later(hours=number), 0, uuid4()) for number in itertools.count())


def test_the_day_is_norways(settings: Settings) -> None:
    settings.MOST_MESSAGES_A_DAY = 1
    days, kari, one = Days(), uuid4(), _ranks()
    late = datetime(2027, 6, 10, 21, 59, tzinfo=UTC)
    for moment, is_first in ((late, True), (late, False), (late + timedelta(minutes=1), True)):
        assert (days.take(kari, next(one), moment, moment) is None) == is_first
    winter = datetime(2027, 1, 10, 22, 59, tzinfo=UTC)
    assert cap.day_of(winter) == date(2027, 1, 10)
    assert cap.day_of(winter + timedelta(minutes=1)) == date(2027, 1, 11)


def test_news_waits_for_the_first_day_with_room_and_disturbs_nobody_at_night(settings: Settings) -> None:
    settings.MOST_MESSAGES_A_DAY = 1
    days, kari, one = Days(), uuid4(), _ranks(Kind.NEWS)
    saturday = datetime(2027, 1, 16, 18, tzinfo=OSLO)
    limit = saturday + timedelta(days=14)
    places = [days.take(kari, next(one), saturday, limit) for _ in range(3)]
    monday = datetime(2027, 1, 18, 8, tzinfo=OSLO)
    assert places == [None, cap.Place(monday), cap.Place(monday + timedelta(days=1))]
    assert days.take(kari, next(one), saturday, monday) == cap.Place(None)


def test_minutes_on_a_full_day_are_told_the_day_after_and_the_plan_says_so(
    kari: Person, sweep: Sweep, full: list[Meeting]
) -> None:
    sweep(make.NOW)
    with gathering():
        would = plan_minutes.plan_minutes_shared(full[0].pk, uuid4(), 1, True, WEDNESDAY)
    told = Message.objects.get(occasion=Occasion.MINUTES_SHARED)
    thursday = datetime(2027, 1, 21, 8, tzinfo=OSLO)
    assert (told.state, told.why, told.due_at) == ("PLANNED", "DAY_IS_FULL", thursday)
    (planned,) = would.messages
    assert (planned.due_at, planned.falls, planned.moved) == (thursday, "", "DAY_IS_FULL")
    (line,) = [one for one in message_log(full[0], WEDNESDAY) if one.occasion == Occasion.MINUTES_SHARED]
    assert line.words.startswith("Sendes torsdag 21. januar kl. 08.00 på Min side")
    assert "Tidligere går ikke, for det ville blitt for mange varsler til samme person den dagen" in line.words
    sweep(thursday)
    told.refresh_from_db()
    assert (told.state, told.why, told.counted_on) == ("SENT", "", DAY)


def test_news_that_would_be_none_by_then_is_a_task(kari: Person, full: list[Meeting]) -> None:
    told = Told(full[0], full[0].citizen(), True, WEDNESDAY)
    timing = rows.Timing(WEDNESDAY, WEDNESDAY + timedelta(hours=3), None)
    message, planned = rows.plan(told, Occasion.ANSWER_SETTLED, About(uuid4(), 1), timing)
    assert (message.state, planned.falls) == ("SKIPPED", "DAY_IS_FULL")
    assert Task.objects.get(kind=Task.Kind.NOT_REACHED).about == f"message:{message.pk.hex}"


def test_what_is_cancelled_gives_its_room_to_the_first_that_fell(kari: Person, full: list[Meeting]) -> None:
    sixth, fifth = booked(kari, 14), booked(kari, 13)
    cancel(full[2], make.later(minutes=1))
    assert state(fifth) == ("PLANNED", "")
    assert reminder(fifth).settled_at is None
    assert state(sixth) == ("SKIPPED", "DAY_IS_FULL")


def test_a_move_gives_room_too_and_takes_it_where_it_goes(kari: Person, full: list[Meeting]) -> None:
    fifth = booked(kari, 13)
    _move(full[0], make.later(minutes=1))
    assert state(fifth) == ("PLANNED", "")
    assert cap.day_of(reminder(full[0]).due_at) == DAY


def test_what_fell_of_a_meeting_that_is_off_or_elsewhere_stays_fallen(kari: Person, full: list[Meeting]) -> None:
    gone, moved = booked(kari, 13), booked(kari, 14)
    cancel(gone, make.later(minutes=1))
    _move(moved, make.later(minutes=1))
    fell = Message.objects.filter(why=Why.DAY_IS_FULL)
    assert fell.count() == 2
    cancel(full[0], make.later(minutes=2))
    cancel(full[1], make.later(minutes=2))
    assert fell.count() == 2


def test_what_was_never_to_be_sent_takes_no_room(kari: Person) -> None:
    """A reserved citizen gets letters; what another wrote them off for counts nowhere."""
    for hour in (9, 10, 11, 12):
        make.meeting(person=kari, day=DAY, clock=time(hour), can_be_told=False, **IN_PERSON)  # type: ignore[arg-type]
    assert state(booked(kari, 13)) == ("PLANNED", "")


def _forced(kari: Person, count: int) -> list[Message]:
    """Reminders on one day that no plan knew of together: as two bookings at once may leave them."""
    meetings = [booked(kari, 9, day=DAY + timedelta(days=7 * n)) for n in range(count)]
    Message.objects.filter(occasion=Occasion.INVITED).update(state=MessageState.SENT, sent_at=make.NOW)
    found = Message.objects.filter(meeting__in=meetings, step=Step.DAY_1)
    for number, one in enumerate(found.order_by("pk")):
        Message.objects.filter(pk=one.pk).update(
            due_at=make.NOW + timedelta(minutes=number), not_after=make.later(days=1)
        )
    return list(found.order_by("due_at"))


def test_just_before_sending_it_is_looked_at_again(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    six = _forced(kari, 6)
    swept = sweep(make.later(hours=1))
    assert (swept.sent, swept.not_sent, len(topic.shown())) == (4, 2, 4)
    for one in six:
        one.refresh_from_db()
    assert [one.state for one in six] == ["SENT"] * 4 + ["SKIPPED"] * 2
    assert {one.why for one in six[4:]} == {"DAY_IS_FULL"}
    assert {one.counted_on for one in six[:4]} == {date(2027, 1, 11)}


def test_without_the_look_before_sending_all_six_would_leave(
    kari: Person, sweep: Sweep, topic: FakeTopic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""
    _forced(kari, 6)
    monkeypatch.setattr(cap, "reserve", lambda *_: {})
    assert sweep(make.later(hours=1)).sent == 6


def test_news_over_the_cap_leaves_the_next_morning(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    five = _forced(kari, 5)
    last = five[-1]
    Message.objects.filter(pk=last.pk).update(occasion=Occasion.WHAT_HAPPENED, not_after=make.later(days=14))
    swept = sweep(make.later(hours=1))
    last.refresh_from_db()
    tuesday = datetime(2027, 1, 12, 8, tzinfo=OSLO)
    assert (swept.sent, swept.moved, swept.not_sent) == (4, 1, 0)
    assert (last.state, last.why, last.due_at, last.attempts) == ("PLANNED", "DAY_IS_FULL", tuesday, 0)
    assert sweep(tuesday).sent == 1


def test_what_may_have_left_already_goes_again_whatever_came_between(
    kari: Person, sweep: Sweep, topic: FakeTopic
) -> None:
    """Not confirmed: it goes again with its key, and the receiver drops the second. It counts all the same."""
    five = _forced(kari, 5)
    first = five[0]
    Message.objects.filter(pk=first.pk).update(attempts=1, due_at=make.later(minutes=30))
    assert sweep(make.later(hours=1)).sent == 4
    first.refresh_from_db()
    assert (first.state, first.counted_on) == ("SENT", date(2027, 1, 11))
    assert [one.why for one in Message.objects.filter(state="SKIPPED")] == ["DAY_IS_FULL"]


def test_a_broker_that_is_away_takes_nobodys_place(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    _forced(kari, 4)
    topic.problem = "_MSG_TIMED_OUT"
    assert sweep(make.later(hours=1)).later == 4
    topic.problem = None
    assert sweep(make.later(hours=2)).sent == 4


def test_what_a_person_sends_again_is_sent(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    five = _forced(kari, 5)
    user = make.caseworker()
    Message.objects.filter(pk=five[-1].pk).update(again_by=user.pk, again_because=Because.ASKED)
    assert sweep(make.later(hours=1)).sent == 5


def test_a_full_day_is_told_with_what_is_exempt_beside_it(kari: Person, full: list[Meeting]) -> None:
    booked(kari, 15, at=WEDNESDAY)
    of = full[0]
    wednesday = cap.full_days(of, kari.pk, make.NOW)
    nothing_more = cap.full_days(of, kari.pk, WEDNESDAY + timedelta(days=1))
    assert wednesday == [cap.FullDay(date(2027, 1, 20), counting=4, exempt=1)]
    assert nothing_more == []
    assert log_words.of_full_day(wednesday[0]) == (
        "Onsdag 20. januar får innbyggeren 4 varsler. Flere sender vi ikke på én dag. "
        "I tillegg kommer én invitasjon, endring eller avlysning, som alltid sendes."
    )
    assert cap.full_days(of, make.citizen().pk, make.NOW) == []


def test_a_day_that_is_full_without_this_meeting_is_not_said_of_it(kari: Person, full: list[Meeting]) -> None:
    february = make.meeting(user=full[0].host, person=kari, day=date(2027, 2, 18))
    assert Message.objects.filter(meeting=february, occasion="REMINDER", state="PLANNED").exists()
    assert cap.full_days(february, kari.pk, make.NOW) == []


def test_the_days_that_news_had_to_wait_through_are_said_of_its_meeting(kari: Person, full: list[Meeting]) -> None:
    february = make.meeting(user=full[0].host, person=kari, day=date(2027, 2, 18))
    waits = Message.objects.filter(meeting=february, step="1_DAY")
    waits.update(why="DAY_IS_FULL", due_at=WEDNESDAY + timedelta(days=1), planned_at=WEDNESDAY)
    assert [one.day for one in cap.full_days(february, kari.pk, make.NOW)] == [date(2027, 1, 20)]


def test_the_cap_is_a_setting(kari: Person, settings: Settings) -> None:
    settings.MOST_MESSAGES_A_DAY = 1
    assert [state(booked(kari, hour)) for hour in (9, 10)] == [("PLANNED", ""), ("SKIPPED", "DAY_IS_FULL")]


def test_planning_without_what_counts_asks_nothing_more(kari: Person, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_num_queries(0):
        assert cap.reserve([], uuid4(), make.NOW) == {}
        assert yielding.fill([], make.NOW) == 0
