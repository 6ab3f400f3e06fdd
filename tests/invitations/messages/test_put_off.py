"""SMS in quiet time: on Ditt NAV at once, the SMS at nine. When, for whom, as the plan says, and what becomes of it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from invitations.messages import ladder, plan, plan_minutes, put_off
from invitations.messages.log import Kind, LogLine, message_log
from invitations.messages.send import Swept
from invitations.models import Message, MessageState, Occasion, Step
from meetings.models import Format, Meeting, Participant, Task
from navmeet.outbox.publish import gathering
from navmeet.people.models import Person, Protection
from tests import make
from tests.invitations.messages.broker import FakeTopic
from tests.invitations.messages.test_foretold import called_off, would
from tests.invitations.messages.test_ladder import listened
from tests.invitations.messages.test_receipts import event, keep
from tests.invitations.messages.test_telling import _answer, _move, cancel

pytestmark = pytest.mark.django_db

Sweep = Callable[[datetime], Swept]
OSLO = ZoneInfo("Europe/Oslo")
MINUTE = timedelta(minutes=1)


def oslo(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=OSLO)


# A Monday evening, and the morning after it. The meeting is on Thursday week, the 21st.
EVENING, NINE = oslo("2027-01-11T21:00"), oslo("2027-01-12T09:00")


def booked(kari: Person, at: datetime = EVENING, **changes: Any) -> Meeting:
    return make.meeting(person=kari, at=at, **changes)


def invited(kari: Person, sweep: Sweep, at: datetime = EVENING, **changes: Any) -> Message:
    meeting = booked(kari, at, **changes)
    sweep(at)
    return Message.objects.get(meeting=meeting, occasion=Occasion.INVITED)


def sms_of(event: dict[str, Any]) -> str | None:
    waits: str | None = event["eksternVarsling"].get("utsettSendingTil")
    return waits


def row(at: datetime, starts: str = "2028-06-01T10:00", occasion: str = "INVITED", **changes: Any) -> Message:
    """As `put_off.until` reads it; in no database."""
    meeting = Meeting(starts_at=oslo(starts), ends_at=oslo(starts) + timedelta(hours=1), format=Format.VIDEO)
    not_after = changes.pop("not_after", meeting.ends_at)
    values = {"channel": "DITT_NAV", "step": Step.ONCE, "due_at": at, "not_after": not_after} | changes
    return Message(occasion=occasion, meeting=meeting, participant=Participant(meeting=meeting), **values)


@pytest.mark.parametrize(
    ("left", "goes"),
    [
        ("2027-01-11T20:00", "2027-01-12T09:00"),
        ("2027-01-12T00:30", "2027-01-12T09:00"),
        ("2027-01-12T07:59", "2027-01-12T09:00"),
        # Saturday evening, Sunday morning: Monday.
        ("2027-01-16T20:30", "2027-01-18T09:00"),
        ("2027-01-17T09:30", "2027-01-18T09:00"),
        # Saturday before Easter's Sunday and Monday.
        ("2027-03-27T21:00", "2027-03-30T09:00"),
        # Christmas Eve is open until noon; two holidays and, in 2026, a Sunday follow.
        ("2026-12-24T07:00", "2026-12-24T09:00"),
        ("2026-12-24T12:00", "2026-12-28T09:00"),
        ("2026-12-31T12:00", "2027-01-02T09:00"),
        # The nights in which the clocks change: nine on the wall, in what zone it then is.
        ("2027-03-28T01:30", "2027-03-30T09:00"),
        ("2027-10-30T20:00", "2027-11-01T09:00"),
        ("2027-10-31T02:30", "2027-11-01T09:00"),
    ],
)
def test_it_goes_at_nine_on_the_first_day_that_is_not_quiet(left: str, goes: str) -> None:
    at = oslo(left)
    assert put_off.until(row(at), at) == oslo(goes).astimezone(UTC)


@pytest.mark.parametrize("left", ["2027-01-11T08:00", "2027-01-11T19:59", "2026-12-24T11:59", "2027-01-16T19:59"])
def test_by_day_it_goes_at_once(left: str) -> None:
    assert put_off.until(row(oslo(left)), oslo(left)) is None


@pytest.mark.parametrize("occasion", sorted(Occasion.values))
def test_what_knows_no_quiet_hours_and_what_does(occasion: str) -> None:
    waits = put_off.until(row(EVENING, occasion=occasion), EVENING) is not None
    assert waits == (occasion not in {"CANCELLED", "REMOVED", "REINSTATED", "REMINDER", "ANSWERED"})


def test_words_on_the_page_alone_and_what_goes_to_partners_do_not_wait() -> None:
    assert put_off.until(row(EVENING, step=Step.PLAIN), EVENING) is None
    assert put_off.until(row(EVENING, channel="EMAIL"), EVENING) is None


@pytest.mark.parametrize(
    ("starts", "waits"),
    [
        ("2027-01-13T20:59", False),
        ("2027-01-13T21:00", True),
        ("2027-01-14T08:00", True),
    ],
)
def test_two_days_before_the_meeting_nothing_waits(starts: str, waits: bool) -> None:
    assert (put_off.until(row(EVENING, starts), EVENING) is not None) == waits


@pytest.mark.parametrize(("starts", "waits"), [("2027-01-19T08:59", False), ("2027-01-19T09:00", True)])
def test_nor_where_nine_would_come_less_than_a_day_before(starts: str, waits: bool) -> None:
    """Left on Saturday evening, for a meeting on Tuesday: its nine is Monday's."""
    saturday = oslo("2027-01-16T20:30")
    assert (put_off.until(row(saturday, starts), saturday) is not None) == waits


def test_two_days_are_days_on_the_wall_also_where_the_clocks_change() -> None:
    saturday = oslo("2027-03-26T20:30")
    assert put_off.until(row(saturday, "2027-03-28T20:30"), saturday) == oslo("2027-03-27T09:00")
    assert put_off.until(row(saturday, "2027-03-28T20:29"), saturday) is None


def test_the_time_they_know_counts_as_the_new_one_does(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    """Moved from the day after tomorrow to far ahead: who knows the old time hears of it tonight."""
    meeting = make.meeting(person=kari, day=date(2027, 1, 13), clock=time(18))
    sweep(make.NOW)
    _move(meeting, EVENING, day=28)
    assert _words(meeting, EVENING, Occasion.MOVED) == (
        "Sendes mandag 11. januar kl. 21.10 på Min side, med SMS eller e-post (SMS senest tirsdag 12. januar kl. 09.00)"
    )
    sweep(EVENING + timedelta(minutes=10))
    assert [sms_of(one) for one in topic.shown()] == [None, None]


def test_of_what_was_it_waits_unless_it_would_be_no_news_by_then() -> None:
    waits = row(EVENING, "2027-01-11T10:00", "MINUTES_SHARED", not_after=NINE + MINUTE)
    assert put_off.until(waits, EVENING) == NINE
    assert put_off.until(row(EVENING, "2027-01-11T10:00", "MINUTES_SHARED", not_after=NINE), EVENING) is None


def test_the_plan_says_so_and_so_it_leaves(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    (planned, *_) = would(kari, EVENING).messages
    assert planned.words == "Sendes med en gang på Min side, SMS eller e-post tirsdag 12. januar kl. 09.00"
    assert (planned.sms_at, planned.is_sms_too_late) == (NINE, False)
    told = invited(kari, sweep)
    assert [sms_of(one) for one in topic.shown()] == ["2027-01-12T08:00:00+00:00"]
    assert (told.state, told.sent_at, told.sms_at) == (MessageState.SENT, EVENING, planned.sms_at)
    assert topic.refused == []


def test_by_day_nothing_is_put_off_and_nothing_is_said_of_it(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    (planned, *_) = would(kari).messages
    assert planned.sms_at is None
    told = invited(kari, sweep, make.NOW)
    assert "utsettSendingTil" not in topic.shown()[0]["eksternVarsling"]
    assert (told.sms_at, _line(told, make.NOW).words) == (None, "Vist på Min side")


def test_a_cancellation_and_a_change_so_near_go_at_once(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    meeting = booked(kari, make.NOW)
    sweep(make.NOW)
    assert called_off(meeting, kari, EVENING).messages[0].sms_at is None
    near = oslo("2027-01-19T21:00")
    _move(meeting, near, day=22)
    assert "SMS eller e-post tirsdag" not in _words(meeting, near, Occasion.MOVED)
    sweep(near + timedelta(minutes=10))
    meeting.refresh_from_db()
    cancel(meeting, near + timedelta(minutes=20))
    sweep(near + timedelta(minutes=20))
    assert [sms_of(one) for one in topic.shown()] == [None] * 3


def test_a_reminder_is_never_put_off(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    meeting = booked(kari, make.NOW)
    said = {one.step: one for one in message_log(meeting, make.NOW) if one.occasion == Occasion.REMINDER}
    assert {one.sms_at for one in said.values()} == {None}


def test_the_strictly_protected_get_no_sms_at_nine_either(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    kari.protection = Protection.STRICTLY_CONFIDENTIAL
    kari.save(update_fields=["protection"])
    (planned, *_) = would(kari, EVENING).messages
    assert (planned.words, planned.sms_at) == ("Sendes med en gang på Min side, uten SMS eller e-post", None)


def test_min_sides_own_reminder_is_a_week_after_the_sms(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    (planned, *_) = would(kari, EVENING).messages
    assert planned.reminded_at == NINE + timedelta(days=7)
    meeting = booked(kari)
    before = _reminded(meeting)
    sweep(EVENING)
    told = "Min side minner om invitasjonen tirsdag 19. januar kl. 09.00 hvis innbyggeren ikke har svart"
    assert before == _reminded(meeting) == [told]


def test_the_ladder_waits_for_the_sms_and_as_long_after_as_by_day(kari: Person, sweep: Sweep) -> None:
    told = invited(kari, sweep)
    assert told.known_by == NINE + timedelta(hours=2)
    listened(NINE + timedelta(hours=3))
    assert ladder.catch_up(NINE + timedelta(hours=2) - MINUTE) == 0
    assert ladder.catch_up(NINE + timedelta(hours=2)) == 1
    told.refresh_from_db()
    assert (told.state, told.why) == (MessageState.FAILED, "NOT_CONFIRMED")


def test_an_ear_that_was_shut_is_waited_for_from_the_sms_on_and_not_from_the_evening(
    kari: Person, sweep: Sweep
) -> None:
    invited(kari, sweep)
    listened(EVENING)
    assert ladder.catch_up(NINE + timedelta(hours=4) - MINUTE) == 0
    assert ladder.catch_up(NINE + timedelta(hours=4)) == 1


def test_the_log_says_when_it_goes_and_what_became_of_it(kari: Person, sweep: Sweep) -> None:
    told = invited(kari, sweep)
    keep(event(told), event(told, "venter", via=""))
    line = _line(told, EVENING + MINUTE)
    assert line.words == "Vist på Min side. SMS eller e-post sendes tirsdag 12. januar kl. 09.00"
    assert line.sms_at == NINE
    assert _line(told, NINE + MINUTE).words.endswith("SMS eller e-post skulle sendes tirsdag 12. januar kl. 09.00")
    keep(event(told, "bestilt", at=NINE), event(told, "sendt", at=NINE))
    assert _line(told, NINE + MINUTE).words == "Sendt som SMS"


@pytest.mark.parametrize(
    ("happens", "because"),
    [(_answer, "innbyggeren svarte først"), (cancel, "møtet ble avlyst først"), (_move, "et nyere varsel")],
)
def test_what_happens_overnight_takes_the_sms_with_it_and_is_nobodys_failure(
    kari: Person, sweep: Sweep, topic: FakeTopic, happens: Callable[[Meeting, datetime], object], because: str
) -> None:
    told = invited(kari, sweep)
    night = EVENING + timedelta(hours=2)
    happens(told.meeting, night)
    for minute in (0, 10, 11):
        sweep(night + minute * MINUTE)
    assert str(told.key) in topic.taken_back()
    assert f"SMS og e-post ble ikke sendt: {because}" in _line(told, NINE + MINUTE).words
    keep(event(told, "kansellert", via="", at=night))
    listened(NINE + timedelta(days=1))
    assert told.pk not in Message.objects.exclude(known_by=None).values_list("pk", flat=True)
    ladder.catch_up(NINE + timedelta(hours=12))
    told.refresh_from_db()
    assert (told.state, told.why) == (MessageState.SENT, "")
    assert not Task.objects.filter(kind=Task.Kind.NOT_REACHED, about=f"message:{told.pk.hex}").exists()


def test_read_and_put_away_by_the_citizen_is_nobodys_failure_either(kari: Person, sweep: Sweep) -> None:
    """A beskjed can be dismissed on Min side: there is no retraction of ours, and the SMS does not go."""
    meeting = booked(kari, make.NOW)
    evening = oslo("2027-01-21T21:00")
    with gathering():
        plan_minutes.plan_minutes_shared(meeting.pk, uuid4(), 1, True, evening)
    sweep(evening)
    told = Message.objects.get(occasion=Occasion.MINUTES_SHARED)
    keep(event(told, "venter", via=""), event(told, "kansellert", via=""), event(told, "ferdigstilt", via=""))
    listened(evening + timedelta(days=2))
    assert ladder.catch_up(evening + timedelta(days=1)) == 0
    assert _line(told, evening).words == (
        "Vist på Min side. SMS og e-post ble ikke sendt: innbyggeren fjernet varselet først"
    )
    assert not Task.objects.filter(about=f"message:{told.pk.hex}").exists()


def test_the_same_event_goes_again_while_it_is_quiet_and_at_once_after_that(
    kari: Person, sweep: Sweep, topic: FakeTopic
) -> None:
    """Its sender died before it wrote down that it had sent: Min side has it, and drops the second."""
    told = invited(kari, sweep)
    anew = {"state": "PLANNED", "sent_at": None, "sms_at": None, "known_by": None, "text_sent": None}
    Message.objects.filter(pk=told.pk).update(**anew)
    sweep(EVENING + MINUTE)
    told.refresh_from_db()
    assert (topic.doubles, told.sms_at) == ([str(told.key)], NINE)
    Message.objects.filter(pk=told.pk).update(**anew)
    sweep(NINE + timedelta(hours=1))
    told.refresh_from_db()
    assert (len(topic.doubles), told.sms_at, told.known_by) == (2, None, NINE + timedelta(hours=3))
    keep(event(told, "sendt", at=NINE))
    assert _line(told, NINE + timedelta(hours=2)).words == "Sendt som SMS"


def test_tried_by_day_and_taken_at_night_it_waits_for_the_morning(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    afternoon = oslo("2027-01-11T19:50")
    meeting = booked(kari, afternoon)
    topic.problem = "_MSG_TIMED_OUT"
    sweep(afternoon)
    topic.problem = None
    sweep(EVENING)
    assert Message.objects.get(meeting=meeting, occasion=Occasion.INVITED).sms_at == NINE
    assert [sms_of(one) for one in topic.shown()] == ["2027-01-12T08:00:00+00:00"]


def test_lacks_say_nothing_of_an_sms_that_comes_in_good_time(kari: Person) -> None:
    assert plan.SMS_TOO_LATE not in would(kari, EVENING, clock=time(8, 30)).lacks


def _line(message: Message, at: datetime) -> LogLine:
    return next(one for one in message_log(message.meeting, at) if one.id == message.pk)


def _words(meeting: Meeting, at: datetime, occasion: Occasion) -> str:
    return next(one.words for one in message_log(meeting, at) if one.occasion == occasion)


def _reminded(meeting: Meeting) -> list[str]:
    return [line.words for line in message_log(meeting, EVENING) if line.kind == Kind.RENOTIFICATION]
