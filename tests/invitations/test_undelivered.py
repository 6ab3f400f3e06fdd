"""The office's list of what did not arrive: by cause, the newest first, each with its repair, gone when repaired."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from invitations import repairing, undelivered
from invitations.messages import ladder, partner_sms
from invitations.messages.log import message_log
from invitations.messages.send import Swept
from invitations.models import Message, MessageState, Why
from invitations.undelivered import CAUSES, HANGS, Repair, Trouble
from meetings import todo
from meetings.models import Meeting, Participant, Status, Task
from navmeet.exceptions import Invalid
from navmeet.people.models import Person, Protection
from tests import make
from tests.invitations.messages.conftest import kari, registers, registers_server, sweep, topic  # noqa: F401
from tests.invitations.messages.test_again import again, correct, only_partner, why_not
from tests.invitations.messages.test_partners import by_law
from tests.invitations.messages.test_telling import cancel
from tests.invitations.test_answers import give

pytestmark = pytest.mark.django_db

Sweep = Callable[[datetime], Swept]
NOW, HOUR = make.NOW, make.later(hours=1)
FAR = {"day": date(2027, 2, 18)}


def listed(meeting: Meeting, at: datetime = HOUR, **more: Any) -> list[Trouble]:
    by = make.actor(meeting.host, *more.pop("groups", ()))
    found = undelivered.visible_to(by, at=at, **more)
    return undelivered.rows(found, at=at)


def failed(meeting: Meeting, why: str = Why.NOT_DELIVERED, **which: Any) -> Message:
    """The invitation left at once, and did not arrive half an hour later."""
    which = which or {"occasion": "INVITED", "participant__role": "CITIZEN"}
    message = Message.objects.get(meeting=meeting, **which)
    message.state, message.why, message.attempts = MessageState.FAILED, why, 1
    message.sent_at, message.settled_at, message.known_by = NOW, make.later(minutes=30), None
    message.save()
    ladder.ask_a_person(message, make.later(minutes=30))
    return message


def test_what_arrived_waits_for_its_time_or_fell_by_plan_is_not_in_it(kari: Person) -> None:  # noqa: F811
    meeting = make.meeting(person=kari)
    Message.objects.filter(occasion="INVITED").update(state="DELIVERED", sent_at=NOW)
    Message.objects.filter(step="1_DAY").update(state="SKIPPED", why=Why.QUIET_TIME)
    assert listed(meeting) == []


@pytest.mark.parametrize("why", sorted({*CAUSES} - {HANGS, Why.RESERVED, Why.CANNOT_BE_TOLD, Why.TOO_LATE}))
def test_each_failure_is_a_row_by_its_cause_that_says_what_can_be_done(kari: Person, why: str) -> None:  # noqa: F811
    meeting = make.meeting(person=kari)
    message = failed(meeting, why)
    row = listed(meeting)[0]
    assert (row.message.pk, row.cause, row.trouble_at) == (message.pk, why, make.later(minutes=30))
    assert row.repairs == (Repair.SEND_AGAIN, Repair.CALL)
    assert row.contact is not None
    assert row.contact.tried is not None
    assert [one.cause for one in listed(meeting, cause=why)] == [why]
    assert listed(meeting, cause=HANGS) == []
    with pytest.raises(Invalid):
        listed(meeting, cause="WEATHER")


def test_nothing_is_missed_of_a_meeting_that_is_not_agreed_yet_and_nobody_is_asked_to_do_anything(
    kari: Person,  # noqa: F811
    sweep: Sweep,  # noqa: F811
) -> None:
    meeting = make.meeting(person=kari)
    Meeting.objects.filter(pk=meeting.pk).update(status=Status.PROPOSED)
    sweep(NOW)
    invitation = Message.objects.get(occasion="INVITED")
    assert (invitation.state, invitation.why) == ("SKIPPED", Why.NOT_AGREED)
    words = [line.words for line in message_log(meeting, HOUR)]
    assert words[0] == "Ikke sendt: møtet er foreslått, men ikke avtalt ennå"
    assert all("hvis møtet er avtalt da" in one for one in words if one.startswith("Sendes"))
    assert not Task.objects.exists()
    assert listed(meeting) == []


def test_after_a_partners_own_part_they_are_rung_and_nothing_is_offered_that_would_be_refused(
    kari: Person,  # noqa: F811
) -> None:
    meeting = by_law(kari, **FAR)
    make.told(meeting)
    doctor = only_partner(meeting)
    Participant.objects.filter(pk=doctor.pk).update(part_offset=0, part_minutes=10)
    Message.objects.filter(occasion="REMINDER").update(state="VOID", why=Why.MOVED)
    failed(meeting, participant=doctor, occasion="INVITED")
    during = meeting.starts_at + timedelta(minutes=11)
    assert Repair.SEND_AGAIN in listed(meeting, meeting.starts_at)[0].repairs
    assert listed(meeting, during)[0].repairs == (Repair.CALL,)
    assert why_not(meeting, doctor, at=during)[0] == "over"


def test_what_does_not_get_away_is_a_row_only_when_it_should_have_left(kari: Person) -> None:  # noqa: F811
    meeting = make.meeting(person=kari)
    assert listed(meeting, make.later(minutes=1)) == []
    row = listed(meeting, make.later(minutes=2))[0]
    assert (row.cause, row.repairs) == (HANGS, (Repair.CALL,))
    assert "Vi prøver igjen av oss selv" in row.words


def test_who_is_reserved_is_a_row_until_the_letter_is_sent(kari: Person) -> None:  # noqa: F811
    Person.objects.filter(pk=kari.pk).update(is_reserved=True)
    meeting = make.meeting(person=Person.objects.get(pk=kari.pk), can_be_told=False)
    row = listed(meeting)[0]
    assert (row.cause, row.repairs) == (Why.RESERVED, (Repair.SEND_LETTER, Repair.SEND_AGAIN, Repair.CALL))
    assert row.letter is not None
    todo.finish(task_id=row.letter.pk, by=make.actor(meeting.host), at=HOUR)
    assert listed(meeting, make.later(hours=2)) == []
    again(meeting, can_be_told=False, at=make.later(hours=3))
    anew = listed(meeting, make.later(hours=4))[0]
    assert anew.message.repeat == 1, "what was sent for the first one sends nothing for the next"
    assert anew.letter is not None
    assert anew.letter.about == "INVITED:1:1"


def test_it_goes_when_it_is_sent_again_and_delivered_and_says_meanwhile_that_it_is_on_its_way(
    kari: Person,  # noqa: F811
    sweep: Sweep,  # noqa: F811
) -> None:
    meeting = make.meeting(person=kari)
    sweep(NOW)
    failed(meeting)
    sent = again(meeting).message
    waits = listed(meeting)[0]
    assert (waits.is_on_its_way, waits.repairs) == (True, (Repair.CALL,))
    sweep(HOUR)
    assert listed(meeting)[0].is_on_its_way, "nobody has said yet that it arrived"
    Message.objects.filter(pk=sent.pk).update(state="DELIVERED")
    ladder.arrived(Message.objects.get(pk=sent.pk), HOUR)
    assert listed(meeting) == []


def test_the_second_failure_takes_the_place_of_the_first(kari: Person, sweep: Sweep) -> None:  # noqa: F811
    meeting = make.meeting(person=kari)
    sweep(NOW)
    failed(meeting)
    again(meeting)
    sweep(HOUR)
    second = failed(meeting, Why.NOT_CONFIRMED, occasion="INVITED", repeat=1)
    assert [(row.message.pk, row.cause) for row in listed(meeting)] == [(second.pk, Why.NOT_CONFIRMED)]
    by = make.actor(meeting.host)
    repairing.called(message_id=second.pk, by=by, clearance=make.clearance(kari, by, HOUR), at=HOUR)
    assert listed(meeting) == []
    assert not Task.objects.filter(meeting=meeting, done_at=None).exists(), "the first is told too"


def test_it_goes_when_somebody_got_in_touch_or_they_answered(kari: Person, sweep: Sweep) -> None:  # noqa: F811
    meeting = make.meeting(person=kari)
    sweep(NOW)
    failed(meeting)
    todo.finish(task_id=Task.objects.get(meeting=meeting).pk, by=make.actor(meeting.host), at=HOUR)
    assert listed(meeting) == []
    Task.objects.all().delete()
    assert len(listed(meeting)) == 1
    give(meeting, "COMING", at=HOUR)
    assert listed(meeting, make.later(hours=2)) == []


def test_it_goes_when_something_newer_reached_them_though_nobody_was_asked_to_do_anything(
    kari: Person,  # noqa: F811
    sweep: Sweep,  # noqa: F811
) -> None:
    meeting = make.meeting(person=kari)
    message = Message.objects.get(occasion="INVITED")
    Message.objects.filter(pk=message.pk).update(state="SKIPPED", why=Why.TOO_LATE, settled_at=make.later(minutes=5))
    assert [row.cause for row in listed(meeting)] == [Why.TOO_LATE]
    newer = again(meeting).message
    Message.objects.filter(pk=newer.pk).update(state="SENT", sent_at=HOUR, known_by=make.later(hours=6))
    assert listed(meeting, make.later(hours=2))[0].is_on_its_way
    Message.objects.filter(pk=newer.pk).update(known_by=None)
    assert listed(meeting, make.later(hours=2)) == [], "as sure as it can be"


def test_a_partner_whose_address_is_wrong_is_a_row_until_it_is_corrected_and_delivered(
    kari: Person,  # noqa: F811
    sweep: Sweep,  # noqa: F811
) -> None:
    meeting = by_law(kari, **FAR)
    make.told(meeting)
    doctor = only_partner(meeting)
    failed(meeting, participant=doctor, occasion="INVITED")
    row = listed(meeting)[0]
    assert row.repairs == (Repair.CORRECT_CONTACT, Repair.SEND_AGAIN, Repair.CALL)
    sent = correct(meeting, doctor, email="lise@riktig.example").message
    assert listed(meeting)[0].is_on_its_way
    Message.objects.filter(pk=sent.pk).update(state="DELIVERED", sent_at=HOUR)
    ladder.arrived(Message.objects.get(pk=sent.pk), HOUR)
    assert listed(meeting) == []


def test_an_sms_that_arrived_in_place_of_an_email_does_not_correct_the_address(
    kari: Person,  # noqa: F811
    sweep: Sweep,  # noqa: F811
) -> None:
    meeting = by_law(kari, **FAR)
    make.told(meeting)
    email = failed(meeting, participant=only_partner(meeting), occasion="INVITED")
    partner_sms.follow(email, make.later(minutes=31))
    Message.objects.filter(channel="SMS").update(state="DELIVERED", sent_at=make.later(minutes=31))
    row = listed(meeting)[0]
    assert (row.message.pk, Repair.CORRECT_CONTACT in row.repairs) == (email.pk, True)
    Task.objects.filter(meeting=meeting).update(done_at=HOUR)
    assert listed(meeting) == []


def test_what_is_learned_after_somebody_rang_asks_nobody_to_ring_and_sends_no_sms(
    kari: Person,  # noqa: F811
) -> None:
    meeting = by_law(kari, **FAR)
    email = Message.objects.get(participant=only_partner(meeting), occasion="INVITED")
    by = make.actor(meeting.host)
    Message.objects.filter(pk=email.pk).update(state="FAILED", why=Why.NOT_CONFIRMED, sent_at=NOW, settled_at=NOW)
    repairing.called(message_id=email.pk, by=by, clearance=make.clearance(kari, by, HOUR), at=HOUR)
    late = Message.objects.select_related("meeting", "participant__person").get(pk=email.pk)
    ladder.did_not_arrive(late, make.later(hours=2))
    assert not Message.objects.filter(channel="SMS").exists()
    assert not Task.objects.filter(meeting=meeting, done_at=None).exists()
    Task.objects.all().delete()
    ladder.did_not_arrive(late, make.later(hours=2))
    assert Message.objects.filter(channel="SMS").exists() or Task.objects.filter(kind="NOT_REACHED").exists()


def test_only_what_still_matters_is_in_it(kari: Person, sweep: Sweep) -> None:  # noqa: F811
    meeting = make.meeting(person=kari)
    sweep(NOW)
    failed(meeting)
    assert listed(meeting, meeting.ends_at) == [], "it is over"
    cancel(meeting, HOUR)
    assert listed(meeting) == [], "that it is cancelled is what they should know"
    failed(meeting, occasion="CANCELLED")
    assert [row.message.occasion for row in listed(meeting, make.later(hours=2))] == ["CANCELLED"]
    Person.objects.filter(pk=kari.pk).update(deceased_known_at=HOUR)
    assert listed(meeting, make.later(hours=2)) == []


def test_only_of_meetings_that_one_may_know_of(kari: Person) -> None:  # noqa: F811
    meeting = make.meeting(person=kari)
    failed(meeting)
    stranger = make.actor(make.caseworker(office_number="0301"))
    assert list(undelivered.visible_to(stranger, at=HOUR)) == []
    colleague = make.actor(make.caseworker("Kollega Test"))
    assert len(undelivered.visible_to(colleague, at=HOUR)) == 1
    Person.objects.filter(pk=kari.pk).update(protection=Protection.STRICTLY_CONFIDENTIAL)
    assert listed(meeting) == []
    assert len(listed(meeting, groups=(settings.GROUP_STRICTLY_CONFIDENTIAL,))) == 1


def test_the_newest_trouble_is_first_and_the_queries_do_not_follow_how_many(kari: Person) -> None:  # noqa: F811
    host, meetings = None, []
    for number in range(4):
        meetings.append(make.meeting(host, kari, day=date(2027, 2, 8 + number)))
        host = meetings[0].host
        message = failed(meetings[-1])
        Message.objects.filter(pk=message.pk).update(settled_at=make.later(minutes=10 * number))
        if number == 0:
            with CaptureQueriesContext(connection) as one:
                listed(meetings[0])
    with CaptureQueriesContext(connection) as four:
        rows = listed(meetings[0])
    assert [row.message.meeting_id for row in rows] == [meeting.pk for meeting in reversed(meetings)]
    assert len(four) == len(one) == 2
    assert list(undelivered.of_meeting(meetings[2], HOUR)) == [rows[1].message.pk]
    assert rows[0].trouble_at - rows[3].trouble_at == timedelta(minutes=30)
