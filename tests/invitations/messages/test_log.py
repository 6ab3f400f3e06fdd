"""What a caseworker reads of each message."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from invitations.messages import send, texts
from invitations.messages.log import OCCASIONS, STEPS, WHY_NOT, Kind, by_reader, message_log
from invitations.messages.log_words import HANGS
from invitations.messages.outcomes import Forbidden, Throttled, Unavailable
from invitations.models import Hang, Message, Occasion, Retraction, Step, Why
from meetings import reinstating, todo
from meetings.models import PartnerContact, Task
from navmeet.dev.registers import RunningRegisters
from navmeet.people.models import Person
from tests import make
from tests.invitations.messages.broker import FakeTopic
from tests.invitations.messages.mailbox import FakeMailbox
from tests.invitations.messages.test_ladder import feed
from tests.invitations.messages.test_partners import by_law
from tests.invitations.messages.test_receipts import event, keep
from tests.invitations.messages.test_still_true import reinstate
from tests.invitations.messages.test_telling import _move, cancel

pytestmark = pytest.mark.django_db

REMINDED = "Min side minner om invitasjonen mandag 18. januar kl. 10.00 hvis innbyggeren ikke har svart"


def test_it_says_what_became_of_each_and_what_it_says_or_said(
    kari: Person, registers: object, topic: FakeTopic
) -> None:
    meeting = make.meeting(person=kari)
    send.sweep(make.NOW)
    lines = message_log(meeting)
    assert [(line.occasion_words, line.words) for line in lines] == [
        ("Invitasjon", "Vist på Min side"),
        ("Påminnelse fra Min side", REMINDED),
        ("Påminnelse, 1 dag før", "Sendes onsdag 20. januar kl. 10.00 på Min side, med SMS eller e-post"),
        ("Påminnelse, 1 time før", "Sendes torsdag 21. januar kl. 09.00 på Min side, med SMS eller e-post"),
    ]
    assert lines[0].text["sms"] == topic.shown()[0]["eksternVarsling"]["smsVarslingstekst"]
    assert "Vi minner om" in lines[2].text["sms"]
    # Which edition of the sentences it was sent in stands with what was sent, and with nothing else.
    assert [line.text_version for line in lines] == [texts.VERSION, "", "", ""]


def test_it_says_why_not(kari: Person) -> None:
    nowhere = make.meeting(person=kari, can_be_told=False)
    kari.is_reserved = True
    kari.save(update_fields=["is_reserved"])
    reserved = make.meeting(person=kari, can_be_told=False, user=nowhere.host, day=date(2027, 2, 4))
    lines = [line for meeting in (nowhere, reserved) for line in message_log(meeting, make.NOW)]
    assert [line.words for line in lines if line.kind == Kind.MESSAGE] == [
        "Ikke sendt: innbyggeren kan ikke varsles digitalt, for kontaktregisteret har verken e-post eller mobil",
        "Ikke sendt: innbyggeren er reservert mot digital kontakt",
    ]


def test_every_occasion_step_and_why_has_words() -> None:
    assert set(OCCASIONS) == set(Occasion)
    assert set(STEPS) == set(Step)
    assert set(WHY_NOT) == set(Why) - {Why.NONE}


def test_it_takes_as_many_queries_for_many_as_for_few(kari: Person) -> None:
    meeting = make.meeting(person=kari)
    with CaptureQueriesContext(
        connection,
    ) as few:
        message_log(meeting)
    message = Message.objects.filter(meeting=meeting).first()
    assert message is not None
    for number in range(10):
        Message.objects.create(
            meeting=meeting,
            participant=message.participant,
            occasion=Occasion.INVITED,
            about_id=message.about_id,
            about_number=100 + number,
            channel=message.channel,
            language="nb",
            due_at=make.NOW + timedelta(days=number),
            not_after=make.later(days=30),
            planned_at=make.NOW,
        )
    with CaptureQueriesContext(connection) as many:
        assert len([line for line in message_log(meeting) if line.kind == Kind.MESSAGE]) == 13
    assert len(many) == len(few) <= 5


def test_what_should_have_left_long_ago_says_that_it_does_not_get_away(kari: Person) -> None:
    meeting = make.meeting(person=kari)
    due = Message.objects.get(occasion="INVITED").due_at
    here = "Sendes nå på Min side, med SMS eller e-post"
    assert message_log(meeting, due)[0].words == here
    assert message_log(meeting, due + timedelta(seconds=29))[0].words == here
    late = message_log(meeting, due + timedelta(seconds=30))[0].words
    assert late.startswith("Skulle vært sendt ")
    assert "Vi prøver igjen" in late


def test_what_a_sender_has_in_hand_is_on_its_way_as_long_as_it_may_keep_it(kari: Person) -> None:
    meeting = make.meeting(person=kari)
    invitation = Message.objects.filter(occasion="INVITED")
    invitation.update(state="CLAIMED", claim=meeting.pk, claimed_until=make.later(minutes=2), attempts=1)
    assert message_log(meeting, make.later(seconds=119))[0].words == "Sendes nå"
    assert message_log(meeting, make.later(minutes=2))[0].words.startswith("Skulle vært sendt ")


def test_what_was_tried_and_came_to_nothing_says_so_at_once(
    kari: Person, topic: FakeTopic, registers: RunningRegisters
) -> None:
    meeting = make.meeting(person=kari)
    registers.fail("pdl")
    assert send.sweep(make.later(seconds=2)).later == 1
    assert message_log(meeting, make.later(seconds=3))[0].words == (
        "Skulle vært sendt mandag 11. januar kl. 10.00, men folkeregisteret eller kontaktregisteret svarer ikke. Vi "
        "prøver igjen av oss selv"
    )


def test_what_something_newer_took_the_place_of_is_told_apart_from_what_nobody_got(kari: Person) -> None:
    meeting = make.meeting(person=kari)
    Message.objects.filter(meeting=meeting, step=Step.DAY_1).update(state="VOID", why=Why.MOVED)
    Message.objects.filter(meeting=meeting, step=Step.HOUR_1).update(state="VOID", why=Why.QUIET_TIME)
    overtaken = {line.step: line.is_overtaken for line in message_log(meeting)}
    assert (overtaken[Step.DAY_1], overtaken[Step.HOUR_1], overtaken[Step.ONCE]) == (True, False, False)


def test_a_letter_stands_in_the_same_list_until_it_is_sent_and_says_by_whom(kari: Person) -> None:
    meeting = make.meeting(person=kari, can_be_told=False)
    task = Task.objects.get(meeting=meeting)
    letter = message_log(meeting)[-1]
    assert (letter.kind, letter.id, letter.state, letter.occasion_words) == (
        Kind.SEND_LETTER,
        task.pk,
        "OPEN",
        "Brev: invitasjon",
    )
    assert letter.words.startswith("Skal sendes i posten senest ")
    todo.finish(task_id=task.pk, by=make.actor(meeting.host), at=make.later(hours=2))
    letter = message_log(meeting)[-1]
    assert letter.state == "DONE"
    assert letter.words == (f"Sendt i posten, merket som ferdig mandag 11. januar kl. 12.00 av {meeting.host.name}")


def test_what_hangs_says_on_what_and_how_often_it_was_tried(kari: Person) -> None:
    meeting = make.meeting(person=kari)
    invitation = Message.objects.filter(occasion="INVITED")
    for hang in Hang:
        invitation.update(attempts=4, hangs_on=hang)
        line = message_log(meeting, make.later(minutes=5))[0]
        assert f", men {HANGS[hang]}. Vi har prøvd 4 ganger. Vi prøver igjen" in line.words
        assert (line.hangs_on, line.attempts) == (hang, 4)
    invitation.update(due_at=make.later(minutes=9))
    assert message_log(meeting, make.later(minutes=5))[0].hangs_on == "", "it was moved, and is not due"


def test_what_is_taken_back_says_so_and_what_was_sent_again_says_by_whom_and_why(kari: Person) -> None:
    meeting = make.meeting(person=kari)
    message = Message.objects.get(occasion="INVITED")
    Message.objects.filter(pk=message.pk).update(
        state="SENT", sent_at=make.NOW, again_by=meeting.host_id, again_because="NOT_DELIVERED", repeat=1
    )
    retraction = Retraction.objects.create(message=message, due_at=make.NOW)
    waits = message_log(meeting)[0]
    assert (waits.retraction, waits.retraction_words) == ("PLANNED", "Fjernes fra Min side")
    Retraction.objects.filter(pk=retraction.pk).update(state="SENT", sent_at=make.later(hours=2))
    gone = message_log(meeting)[0]
    assert gone.retraction_words == "Fjernet fra Min side mandag 11. januar kl. 12.00"
    assert gone.again_words == f"Sendt på nytt av {meeting.host.name} fordi det kom ikke fram"
    assert (gone.repeat, gone.again_by, gone.again_because) == (1, meeting.host_id, "NOT_DELIVERED")


def test_each_participant_has_their_own_list_the_citizen_first(kari: Person) -> None:
    meeting = make.meeting(person=kari, type_code="DIALOGUE", day=date(2027, 2, 18))
    make.partner(meeting)
    make.partner(meeting, make.employer())
    Message.objects.filter(participant__role="CITIZEN", step=Step.DAY_1).update(state="VOID", why=Why.MOVED)
    readers = by_reader(message_log(meeting))
    assert readers[0].role == "CITIZEN"
    assert {reader.role for reader in readers[1:]} == {"DOCTOR", "EMPLOYER"}
    assert [line.step for line in readers[0].overtaken] == [Step.DAY_1]
    for reader in readers:
        assert {line.participant_id for line in reader.lines} == {reader.participant_id}


def test_the_sender_writes_down_what_it_waited_for(
    kari: Person, topic: FakeTopic, mailbox: FakeMailbox, registers: RunningRegisters
) -> None:
    meeting = make.meeting(person=kari, type_code="DIALOGUE", day=date(2027, 2, 18))
    make.partner(meeting)

    def hangs(minutes: int) -> dict[str, str]:
        send.sweep(make.later(minutes=minutes))
        lines = message_log(meeting, make.later(minutes=minutes))
        return {line.role: line.hangs_on for line in lines if line.occasion == "INVITED"}

    registers.fail("pdl")
    assert hangs(10) == {"CITIZEN": Hang.REGISTERS, "DOCTOR": Hang.REGISTERS}
    registers.reset()
    topic.problem = "_MSG_TIMED_OUT"
    mailbox.outcome = Throttled("status_429", 60)
    assert hangs(20) == {"CITIZEN": Hang.BROKER, "DOCTOR": Hang.THROTTLED}
    for minutes, outcome, hang in ((30, Forbidden("status_403"), "FORBIDDEN"), (50, Unavailable("slow"), "RECEIVER")):
        mailbox.outcome = outcome
        assert hangs(minutes)["DOCTOR"] == hang
    topic.problem, mailbox.outcome = None, None
    assert hangs(90) == {"CITIZEN": "", "DOCTOR": ""}


def test_what_a_change_took_or_quiet_time_let_fall_says_so(kari: Person) -> None:
    meeting = make.meeting(person=kari)
    Message.objects.filter(step=Step.DAY_1).update(state="VOID", why=Why.MOVED, settled_at=make.later(hours=1))
    Message.objects.filter(step=Step.HOUR_1).update(state="SKIPPED", why=Why.QUIET_TIME, settled_at=make.NOW)
    said = {line.step: line.words for line in message_log(meeting)}
    assert said[Step.DAY_1] == "Ikke sendt: møtet ble endret før det var tid"
    assert said[Step.HOUR_1] == (
        "Skulle vært sendt torsdag 21. januar kl. 09.00, men sendes ikke: tidspunktet er i stille tid, om natten eller "
        "på en helligdag"
    )
    later = {line.step: line.words for line in message_log(meeting, meeting.ends_at)}
    assert later[Step.HOUR_1] == "Ikke sendt: tidspunktet er i stille tid, om natten eller på en helligdag"


def test_what_a_cancellation_took_is_of_before_once_the_meeting_is_held_after_all(
    kari: Person, registers: object, topic: FakeTopic
) -> None:
    meeting = make.meeting(person=kari)
    send.sweep(make.NOW)
    cancel(meeting, make.later(hours=1))
    fell = [line for line in message_log(meeting) if line.why == Why.CANCELLED]
    assert fell
    assert not any(line.is_overtaken for line in fell), "while it is cancelled, this is what nobody gets"
    send.sweep(make.later(hours=1))
    meeting.refresh_from_db()
    reinstating.reinstate(**reinstate(meeting, make.later(hours=2)))
    (reader,) = by_reader(message_log(meeting))
    assert {line.why for line in reader.overtaken} == {Why.CANCELLED}
    assert [line.occasion for line in reader.lines if line.kind == Kind.MESSAGE] == [
        "INVITED",
        "CANCELLED",
        "REINSTATED",
        "REMINDER",
        "REMINDER",
    ]


def test_a_reminder_that_fell_of_a_time_that_was_left_is_of_before(kari: Person) -> None:
    meeting = make.meeting(person=kari)
    Message.objects.filter(step=Step.HOUR_1).update(state="SKIPPED", why=Why.QUIET_TIME, settled_at=make.NOW)
    assert not any(line.is_overtaken for line in message_log(meeting))
    _move(meeting, make.later(hours=1))
    assert [line.why for line in message_log(meeting) if line.is_overtaken and line.state == "SKIPPED"] == [
        "QUIET_TIME"
    ]


def test_what_was_repaired_still_says_why_it_did_not_arrive(kari: Person, registers: object, topic: FakeTopic) -> None:
    meeting = make.meeting(person=kari)
    send.sweep(make.NOW)
    row = Message.objects.get(meeting=meeting, occasion="INVITED")
    keep(event(row, "feilet"))
    task = Task.objects.get(meeting=meeting, kind="NOT_REACHED")
    todo.finish(task_id=task.pk, by=make.actor(meeting.host), at=make.later(hours=1))
    (said,) = (line.words for line in message_log(meeting) if line.kind == Kind.NOT_REACHED)
    assert said.startswith("Tatt kontakt, merket som ferdig mandag 11. januar kl. 11.00")
    assert said.endswith(". Grunn: SMS-en kunne ikke leveres, og e-post er ikke forsøkt")
    keep(event(row, "sendt", via="EPOST"))
    assert message_log(meeting)[0].words == "Sendt som e-post"
    assert said in [line.words for line in message_log(meeting)]


def test_a_task_that_a_late_receipt_ends_says_that_it_arrived_and_not_why_it_did_not(
    kari: Person, registers: object, topic: FakeTopic
) -> None:
    meeting = make.meeting(person=kari)
    send.sweep(make.NOW)
    row = Message.objects.get(meeting=meeting, occasion="INVITED")
    keep(event(row, "feilet"))
    keep(event(row, "sendt", via="EPOST"))
    assert Task.objects.get(meeting=meeting, kind="NOT_REACHED").ended == Task.Ended.ARRIVED
    (said,) = (line.words for line in message_log(meeting) if line.kind == Kind.NOT_REACHED)
    assert said.startswith("Ikke nødvendig lenger: varselet kom fram som e-post mandag 11. januar kl. ")
    assert "Grunn" not in said


def test_an_email_that_came_back_says_so_also_when_it_was_sent_again(
    kari: Person, registers: object, topic: FakeTopic, mailbox: FakeMailbox
) -> None:
    meeting = by_law(kari)
    send.sweep(make.NOW)
    email = Message.objects.get(meeting=meeting, channel="EMAIL", occasion="INVITED")
    feed(email, "Email_Failed_Bounced")
    line = next(one for one in message_log(meeting) if one.id == email.pk)
    assert line.words == "Sendt som e-post, men kom ikke fram: e-posten kom i retur"


def test_a_partners_task_that_ended_says_that_the_email_came_after_all(
    kari: Person, registers: object, topic: FakeTopic, mailbox: FakeMailbox
) -> None:
    meeting = by_law(kari)
    contact = PartnerContact.objects.get(participant__meeting=meeting)
    contact.phone = ""
    contact.save()
    send.sweep(make.NOW)
    email = Message.objects.get(meeting=meeting, channel="EMAIL", occasion="INVITED")
    feed(email, "Email_Failed_Bounced")
    feed(email, "Email_Delivered", make.later(minutes=5))
    (said,) = (line.words for line in message_log(meeting) if line.kind == Kind.NOT_REACHED)
    assert said == "Ikke nødvendig lenger: varselet kom fram som e-post mandag 11. januar kl. 10.05"
