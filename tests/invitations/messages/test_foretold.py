"""What a caseworker reads of the plan before it is kept: when, through what, what falls, what nobody is sent."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from invitations.messages import plan, plan_minutes
from invitations.messages.log import Kind, message_log
from invitations.messages.send import sweep
from invitations.models import Message, Occasion, ReminderPlan
from meetings import booking, changes, starting_types
from meetings.models import Meeting, Reason, Task
from meetings.serializers.shown import RehearsalOutput
from navmeet.change import rehearse
from navmeet.outbox.publish import Consequences, gathering
from navmeet.pages.staff.told_then import preview
from navmeet.people.models import Person, Protection
from tests import make
from tests.invitations.messages.broker import FakeTopic
from tests.invitations.messages.test_cap import IN_PERSON
from tests.invitations.messages.test_telling import _answer, _move

pytestmark = pytest.mark.django_db

OSLO = ZoneInfo("Europe/Oslo")
MONDAY = datetime(2027, 1, 11, 10, tzinfo=OSLO)
REMINDED = "Min side minner om invitasjonen mandag 18. januar kl. 10.00 hvis innbyggeren ikke har svart"


def would(kari: Person, at: datetime = MONDAY, *, can_be_told: bool = True, **changes: Any) -> Consequences:
    """Of booking; a video meeting on Thursday 21 January at 10 unless told otherwise."""
    by = make.actor(make.caseworker(), settings.GROUP_STRICTLY_CONFIDENTIAL)
    starting_types.load()
    return rehearse(
        booking.book,
        wanted=make.wanted(kari, at=at, **changes),
        can_be_told=can_be_told,
        by=by,
        clearance=make.clearance(kari, by, at),
        at=at,
        staff_cleared=(),
        overrule=make.ANYHOW,
    )


def called_off(meeting: Meeting, kari: Person, at: datetime) -> Consequences:
    by = make.actor(meeting.host)
    return rehearse(
        changes.cancel,
        meeting_id=meeting.pk,
        version=meeting.version,
        why=changes.Why(Reason.PRACTICAL),
        can_be_told=True,
        by=by,
        clearance=make.clearance(kari, by, at),
        at=at,
    )


def words(follows: Consequences) -> list[tuple[str, str]]:
    return [(one.step if one.occasion == Occasion.REMINDER else one.occasion, one.words) for one in follows.messages]


def test_each_is_told_when_and_through_what(kari: Person) -> None:
    assert words(would(kari)) == [
        ("INVITED", "Sendes med en gang på Min side, med SMS eller e-post"),
        ("1_DAY", "Sendes onsdag 20. januar kl. 10.00 på Min side, med SMS eller e-post"),
        ("1_HOUR", "Sendes torsdag 21. januar kl. 09.00 på Min side, med SMS eller e-post"),
    ]


@pytest.mark.parametrize(
    ("at", "sms"),
    [
        ("2027-01-11T08:59", " (SMS senest kl. 09.00)"),
        ("2027-01-11T09:00", ""),
        ("2027-01-11T16:59", ""),
        ("2027-01-11T17:00", " (SMS senest tirsdag 12. januar kl. 09.00)"),
    ],
)
def test_outside_the_hours_of_sms_it_stands_on_ditt_nav_at_once_and_the_sms_may_wait(
    kari: Person, at: str, sms: str
) -> None:
    first = would(kari, datetime.fromisoformat(at).replace(tzinfo=OSLO)).messages[0]
    assert first.words == f"Sendes med en gang på Min side, med SMS eller e-post{sms}"


def test_an_sms_that_may_come_when_the_meeting_has_begun_is_not_promised(kari: Person) -> None:
    """Min side may keep it until nine in the morning."""
    (_, day, hour) = would(kari, clock=time(8, 30)).messages
    assert day.words.endswith("med SMS eller e-post (SMS senest kl. 09.00)")
    assert (
        hour.words == "Sendes torsdag 21. januar kl. 08.00 på Min side, med SMS eller e-post (SMS kan komme for sent)"
    )
    (*_, evening) = would(kari, clock=time(18, 30)).messages
    assert evening.words.endswith("(SMS kan komme for sent)")
    (*_, nine) = would(kari, clock=time(9)).messages
    assert nine.words.endswith("(SMS kan komme for sent)")
    (*_, half_past) = would(kari, clock=time(9, 30)).messages
    assert half_past.words.endswith("(SMS senest kl. 09.00)")


def test_where_no_reminder_surely_comes_by_sms_in_time_that_is_lacking(kari: Person) -> None:
    assert would(kari, clock=time(8, 30)).lacks == []
    evening_before = datetime(2027, 1, 20, 18, tzinfo=OSLO)
    follows = would(kari, evening_before, clock=time(8, 30))
    assert [one.words.partition(" på Min side, ")[2] for one in follows.messages] == [
        "med SMS eller e-post (SMS kan komme for sent)"
    ] * 2
    assert follows.lacks == [plan.SMS_TOO_LATE, plan.REMINDERS_TOO_LATE]
    assert would(kari, evening_before, clock=time(10)).lacks == []


# The Tuesday after Easter: a day before is a holiday, so that reminder goes the same morning at eight.
AFTER_EASTER = date(2027, 3, 30)


@pytest.mark.parametrize(
    ("clock", "going", "lacks"),
    [
        (time(8, 45), {"7_DAYS": False, "1_DAY": True}, [plan.REMINDERS_TOO_LATE]),
        (time(8, 15), {"7_DAYS": False}, [plan.ONLY_IF_ANSWERED]),
        (time(11), {"7_DAYS": False, "1_HOUR": False}, []),
    ],
)
def test_a_reminder_that_goes_only_if_they_answered_is_not_counted_on(
    kari: Person, clock: time, going: dict[str, bool], lacks: list[str]
) -> None:
    follows = would(kari, day=AFTER_EASTER, clock=clock)
    reminders = [one for one in follows.messages if one.occasion == Occasion.REMINDER and not one.falls]
    assert {one.step: one.is_sms_too_late for one in reminders} == going
    assert follows.lacks == lacks


def test_where_the_office_wants_that_one_alone_nothing_is_lacking(kari: Person) -> None:
    ReminderPlan.objects.create(office=make.office(), format="VIDEO", steps=["7_DAYS"])
    assert would(kari, day=AFTER_EASTER, clock=time(8, 15)).lacks == []


def test_so_is_a_change_or_a_cancellation_that_may(kari: Person, topic: FakeTopic, registers: object) -> None:
    meeting = make.meeting(person=kari, clock=time(8, 30))
    sweep(make.NOW)
    at = datetime(2027, 1, 20, 18, tzinfo=OSLO)
    assert called_off(meeting, kari, at).lacks == [plan.SMS_TOO_LATE]
    assert called_off(meeting, kari, make.NOW + timedelta(days=1)).lacks == []


def test_a_move_comes_too_late_when_it_comes_after_the_time_they_know(
    kari: Person, topic: FakeTopic, registers: object
) -> None:
    meeting = make.meeting(person=kari, clock=time(8, 30))
    sweep(make.NOW)
    evening = datetime(2027, 1, 20, 18, tzinfo=OSLO)
    _move(meeting, evening, day=29)
    (line,) = [one for one in message_log(meeting, evening) if one.occasion == Occasion.MOVED]
    assert line.words.endswith("(SMS kan komme for sent)")


def test_what_is_told_of_what_was_is_never_too_late_for_the_meeting(kari: Person) -> None:
    meeting = make.meeting(person=kari)
    evening = datetime(2027, 1, 21, 18, tzinfo=OSLO)
    with gathering():
        (planned,) = plan_minutes.plan_minutes_shared(meeting.pk, uuid4(), 1, True, evening).messages
    assert planned.words.endswith("(SMS senest fredag 22. januar kl. 09.00)")


def test_the_reminder_of_a_week_before_says_on_what_it_depends(kari: Person) -> None:
    said = {one.step: one.words for one in would(kari, day=date(2027, 2, 11)).messages}
    assert said["7_DAYS"].endswith(", hvis innbyggeren har svart")
    assert not any("har svart" in words for step, words in said.items() if step != "7_DAYS")


def test_once_they_have_answered_it_depends_on_nothing_until_the_meeting_is_another(
    kari: Person, topic: FakeTopic, registers: object
) -> None:
    meeting = make.meeting(person=kari, day=date(2027, 2, 11))
    assert _of_a_week_before(meeting).endswith(", hvis innbyggeren har svart")
    sweep(make.NOW)
    assert _of_a_week_before(meeting).endswith(", hvis innbyggeren har svart")
    _answer(meeting, make.later(minutes=1))
    goes = "Sendes torsdag 4. februar kl. 10.00 på Min side, med SMS eller e-post"
    assert _of_a_week_before(meeting) == goes
    sweep(make.later(minutes=1))
    assert _of_a_week_before(meeting) == goes
    meeting.refresh_from_db()
    _move(meeting, make.later(minutes=2), day=29)
    assert _of_a_week_before(meeting).endswith(", hvis innbyggeren har svart")


def _of_a_week_before(meeting: Meeting) -> str:
    lines = message_log(meeting, make.later(minutes=3))
    return next(one.words for one in lines if one.step == "7_DAYS" and one.state == "PLANNED")


def test_what_falls_says_why_and_not_that_it_is_sent(kari: Person) -> None:
    (_, day, hour) = would(kari, clock=time(8, 15)).messages
    assert (day.words, day.falls) == (
        "Sendes onsdag 20. januar kl. 08.15 på Min side, med SMS eller e-post (SMS senest kl. 09.00)",
        "",
    )
    assert (hour.words, hour.falls) == ("Sendes ikke", "QUIET_TIME")


def test_min_sides_own_reminder_stands_in_the_plan_before_anything_is_sent(
    kari: Person, topic: FakeTopic, registers: object
) -> None:
    follows = would(kari)
    assert [one.reminded_at for one in follows.messages] == [MONDAY + timedelta(days=7), None, None]
    lines = preview(follows, MONDAY).lines
    assert [line.what for line in lines][:2] == ["Invitasjon", "Påminnelse fra Min side"]
    assert lines[1].words.startswith("Min side minner selv om det mandag 18. januar 2027 kl. 10.00")

    meeting = make.meeting(person=kari)
    assert reminded(meeting) == [REMINDED]
    sweep(make.NOW)
    assert reminded(meeting) == [REMINDED]


def test_it_does_not_where_the_task_is_gone_by_then(kari: Person, topic: FakeTopic, registers: object) -> None:
    assert would(kari, day=date(2027, 1, 15)).messages[0].reminded_at is None
    meeting = make.meeting(person=kari)
    sweep(make.NOW)
    _answer(meeting, make.later(minutes=1))
    assert reminded(meeting) == []


def test_after_a_change_it_is_counted_from_the_change(kari: Person, topic: FakeTopic, registers: object) -> None:
    meeting = make.meeting(person=kari)
    sweep(make.NOW)
    _move(meeting, make.later(days=1))
    assert reminded(meeting) == [REMINDED.replace("mandag 18. januar kl. 10.00", "tirsdag 19. januar kl. 10.10")]


def test_what_is_not_planned_for_a_reserved_citizen_is_said_and_who_does_what(kari: Person) -> None:
    near = would(kari, can_be_told=False, day=date(2027, 1, 20))
    assert [(one.occasion, one.words) for one in near.messages] == [("INVITED", "Sendes ikke")]
    assert near.lacks == [f"{plan.CANNOT_BE_TOLD} {plan.CALL_TOO} {plan.NO_REMINDERS}"]
    far = would(kari, can_be_told=False, day=date(2027, 2, 11))
    assert far.lacks == [f"{plan.CANNOT_BE_TOLD} {plan.NO_REMINDERS}"]


@pytest.mark.parametrize(
    ("day", "kinds"), [(date(2027, 1, 20), {"SEND_LETTER", "CALL"}), (date(2027, 2, 11), {"SEND_LETTER"})]
)
def test_and_that_is_what_somebody_then_has_to_do(kari: Person, day: date, kinds: set[str]) -> None:
    meeting = make.meeting(person=kari, can_be_told=False, day=day)
    assert set(Task.objects.filter(meeting=meeting).values_list("kind", flat=True)) == kinds


def test_a_strictly_protected_citizen_gets_no_sms_and_that_is_said(kari: Person) -> None:
    kari.protection = Protection.STRICTLY_CONFIDENTIAL
    kari.save(update_fields=["protection"])
    follows = would(kari)
    assert follows.messages[0].words == "Sendes med en gang på Min side, uten SMS eller e-post"
    assert [one.reminded_at for one in follows.messages] == [None] * 3
    assert follows.lacks == [plan.ON_THE_PAGE_ONLY]


def test_what_counts_towards_the_day_is_told_apart(kari: Person) -> None:
    assert [one.counts for one in would(kari).messages] == [False, True, True]


def reminded(meeting: Meeting) -> list[str]:
    return [line.words for line in message_log(meeting, make.NOW) if line.kind == Kind.RENOTIFICATION]


HALF_PAST_EIGHT: dict[str, Any] = {"clock": time(8, 30)}
MOVED = "Flyttet fra kl. 07.30 på grunn av stille tid"


def test_a_reminder_that_quiet_time_moves_says_from_when_and_why(kari: Person) -> None:
    follows = would(kari, **HALF_PAST_EIGHT)
    (hour,) = [one for one in follows.messages if one.step == "1_HOUR"]
    thursday = datetime(2027, 1, 21, 8, tzinfo=OSLO)
    assert (hour.due_at, hour.moved, hour.moved_from) == (thursday, "QUIET_TIME", thursday - timedelta(minutes=30))
    assert {(one.moved, one.moved_from) for one in follows.messages if one != hour} == {("", None)}
    (line,) = [one for one in preview(follows, MONDAY).lines if one.moved]
    assert (line.words, line.moved) == (
        "Sendes torsdag 21. januar kl. 08.00 på Min side, med SMS eller e-post (SMS kan komme for sent)",
        MOVED,
    )
    (shown,) = [one for one in RehearsalOutput(follows).data["messages"] if one["step"] == "1_HOUR"]
    assert (shown["moved"], shown["moved_from"]) == ("QUIET_TIME", "2027-01-21T07:30:00+01:00")


def test_the_meeting_says_it_too_until_it_leaves(kari: Person) -> None:
    meeting = make.meeting(person=kari, at=MONDAY, **HALF_PAST_EIGHT)
    hour = next(one for one in message_log(meeting, MONDAY) if one.step == "1_HOUR")
    assert hour.words.endswith(f"(SMS kan komme for sent). {MOVED}")
    assert hour.moved_from == datetime(2027, 1, 21, 7, 30, tzinfo=OSLO)
    Message.objects.filter(step="1_HOUR").update(state="SENT", sent_at=hour.due_at)
    sent = next(one for one in message_log(meeting, MONDAY) if one.step == "1_HOUR")
    assert (sent.words, sent.moved_from) == ("Vist på Min side", None)


def test_on_another_day_it_is_said_which_and_earlier_as_well_as_later(kari: Person) -> None:
    monday = would(kari, day=date(2027, 1, 18), clock=time(15), **IN_PERSON)  # type: ignore[arg-type]
    evening = would(kari, day=date(2027, 1, 21), clock=time(21, 30))
    said = [line.moved for follows in (monday, evening) for line in preview(follows, MONDAY).lines if line.moved]
    assert said == [
        "Flyttet fra søndag 17. januar kl. 15.00 på grunn av stille tid",
        "Flyttet fra kl. 21.30 på grunn av stille tid",
        "Flyttet fra kl. 20.30 på grunn av stille tid",
    ]


def test_a_partners_reminder_is_moved_from_an_hour_before_their_own_part(kari: Person) -> None:
    meeting = make.meeting(person=kari, type_code="DIALOGUE", day=date(2027, 2, 18), clock=time(8))
    make.partner(meeting, make.doctor(part_offset=30, part_minutes=10))
    moved = [(line.role, line.moved_from) for line in message_log(meeting, make.NOW) if line.moved_from]
    assert moved == [("DOCTOR", datetime(2027, 2, 18, 7, 30, tzinfo=OSLO))]


def test_what_a_person_sends_again_was_not_moved(kari: Person) -> None:
    meeting = make.meeting(person=kari, at=MONDAY, **HALF_PAST_EIGHT)
    Message.objects.filter(step="1_HOUR").update(again_by=meeting.host_id, again_because="ASKED")
    assert [line for line in message_log(meeting, MONDAY) if line.moved_from] == []
