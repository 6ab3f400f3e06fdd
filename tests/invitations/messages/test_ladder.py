"""What did not arrive, or nobody spoke of in time: the next channel, then a person; and what a later word ends."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from invitations.messages import causes, delivered, known_by, ladder, send
from invitations.messages.altinn_feed import Delivery
from invitations.messages.log import message_log
from invitations.messages.send import Swept
from invitations.models import FeedPosition, Message, MessageState, Occasion, Pulse, Why
from meetings.models import Meeting, Task
from navmeet.dev.registers import RunningRegisters
from navmeet.pages.staff import not_reached, words
from navmeet.people.models import Person
from tests import make
from tests.invitations.messages.broker import FakeTopic
from tests.invitations.messages.mailbox import FakeMailbox
from tests.invitations.messages.test_partners import by_law
from tests.invitations.messages.test_receipts import event, keep
from tests.invitations.messages.test_telling import _answer, _move, cancel

pytestmark = pytest.mark.django_db

Sweep = Callable[[datetime], Swept]
NOW = make.NOW
LATE = make.later(hours=3)


@pytest.fixture
def told(kari: Person, registers: object, topic: FakeTopic) -> Message:
    meeting = make.meeting(person=kari)
    send.sweep(NOW)
    return Message.objects.get(meeting=meeting, occasion="INVITED")


def listened(at: datetime) -> None:
    """Both our ears have heard all there was until then."""
    Pulse.objects.update_or_create(name="consumer", defaults={"at": at})
    FeedPosition.objects.update_or_create(name="altinn", defaults={"at": at})


def task_of(meeting: Meeting) -> Task:
    return Task.objects.get(meeting=meeting, kind=Task.Kind.NOT_REACHED)


def no_task(meeting: Meeting) -> bool:
    return not Task.objects.filter(meeting=meeting, kind=Task.Kind.NOT_REACHED, done_at=None).exists()


def feed(row: Message, status: str, at: datetime = NOW) -> int:
    return delivered.keep(
        [
            Delivery(
                sequence=1,
                shipment_id="x",
                reference=str(row.pk),
                channel=row.channel,
                status=status,
                is_final=True,
                is_delivered=status.endswith("_Delivered"),
                at=at,
            )
        ],
        at,
    )


def email_of(meeting: Meeting, **more: Any) -> Message:
    return Message.objects.get(meeting=meeting, channel="EMAIL", **({"occasion": "INVITED"} | more))


def sms_of(meeting: Meeting) -> Message:
    return Message.objects.get(meeting=meeting, channel="SMS")


# --- no word within a time


def test_without_a_word_in_time_somebody_is_asked_to_ring(told: Message) -> None:
    assert told.known_by == make.later(hours=2)
    listened(LATE)
    assert ladder.catch_up(LATE) == 1
    told.refresh_from_db()
    assert (told.state, told.why) == (MessageState.FAILED, Why.NOT_CONFIRMED)
    assert words.task(task_of(told.meeting)) == (
        "Ring innbyggeren og fortell om møtet. Vi vet ikke om SMS-en eller e-posten kom fram."
    )
    assert message_log(told.meeting)[0].words == "Vist på Min side, men vi vet ikke om SMS eller e-post kom fram"
    assert ladder.catch_up(LATE) == 0


def test_before_its_time_nobody_is_asked(told: Message) -> None:
    at = make.later(hours=2) - timedelta(seconds=1)
    listened(at)
    assert ladder.catch_up(at) == 0
    assert no_task(told.meeting)


def test_what_is_only_on_its_way_at_min_side_goes_on_too(told: Message) -> None:
    keep(event(told), event(told, "venter"), event(told, "bestilt"))
    listened(LATE)
    assert ladder.catch_up(LATE) == 1


def test_with_a_good_word_nobody_is_asked(told: Message) -> None:
    keep(event(told, "sendt"))
    listened(LATE)
    assert ladder.catch_up(LATE) == 0
    assert no_task(told.meeting)


def test_an_ear_that_was_shut_has_heard_nothing_and_is_waited_for_as_long_again(told: Message) -> None:
    listened(make.later(minutes=30))
    assert ladder.catch_up(LATE) == 0
    assert ladder.catch_up(make.later(hours=4)) == 1


def test_a_good_word_that_comes_later_ends_the_task(told: Message) -> None:
    listened(LATE)
    ladder.catch_up(LATE)
    keep(event(told, "sendt"))
    told.refresh_from_db()
    assert (told.state, told.why) == (MessageState.DELIVERED, Why.NONE)
    task = task_of(told.meeting)
    assert task.done_at is not None
    assert task.done_by is None


def test_a_bad_word_that_comes_later_is_said_by_the_same_task(told: Message) -> None:
    listened(LATE)
    ladder.catch_up(LATE)
    keep(event(told, "feilet", via="SMS"))
    told.refresh_from_db()
    assert told.why == Why.NOT_DELIVERED
    assert words.task(task_of(told.meeting)) == (
        "Ring innbyggeren og fortell om møtet. SMS-en kunne ikke leveres, og e-post er ikke forsøkt."
    )


def test_what_is_late_is_found_by_its_index(told: Message) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "messages_unconfirmed" in ladder._late(ladder.DITT_NAV, LATE, LATE).explain()


def test_who_has_answered_has_read_it(told: Message) -> None:
    _answer(told.meeting, make.later(hours=1))
    listened(LATE)
    assert ladder.catch_up(LATE) == 0
    assert no_task(told.meeting)


def test_an_answer_ends_the_task(told: Message) -> None:
    keep(event(told, "feilet"))
    assert not no_task(told.meeting)
    _answer(told.meeting, make.later(hours=1))
    assert no_task(told.meeting)


@pytest.mark.parametrize("change", [_move, cancel])
def test_nobody_rings_about_what_was_overtaken(told: Message, change: Callable[..., object]) -> None:
    change(told.meeting, make.later(minutes=5))
    send.sweep(make.later(minutes=16))
    listened(LATE)
    assert ladder.catch_up(make.later(hours=2)) == 0
    told.refresh_from_db()
    assert told.state == MessageState.SENT
    # The message of the change has a time of its own.
    assert ladder.catch_up(LATE) == 1


def test_a_failed_word_about_what_was_overtaken_asks_nobody(told: Message) -> None:
    _move(told.meeting, make.later(minutes=5))
    keep(event(told, "feilet"))
    told.refresh_from_db()
    assert told.state == MessageState.FAILED
    assert no_task(told.meeting)


def test_a_newer_message_that_arrives_ends_the_task_of_the_older(told: Message) -> None:
    keep(event(told, "feilet"))
    _move(told.meeting, make.later(minutes=5))
    send.sweep(make.later(minutes=16))
    keep(event(Message.objects.get(meeting=told.meeting, occasion="MOVED"), "sendt"))
    assert no_task(told.meeting)


def test_of_two_that_did_not_arrive_one_is_rung_about(told: Message) -> None:
    keep(event(told, "feilet"))
    _move(told.meeting, make.later(minutes=5))
    send.sweep(make.later(minutes=16))
    keep(event(Message.objects.get(meeting=told.meeting, occasion="MOVED"), "feilet"))
    (task,) = Task.objects.filter(meeting=told.meeting, kind="NOT_REACHED", done_at=None)
    assert words.task(task).startswith("Ring innbyggeren og fortell at møtet er endret.")


def test_after_the_meeting_nobody_is_asked_to_ring_about_it(told: Message) -> None:
    at = told.meeting.ends_at
    listened(at)
    assert ladder.catch_up(at) == 0
    assert no_task(told.meeting)


def test_a_reminder_to_one_who_was_reached_may_go_unconfirmed(told: Message) -> None:
    keep(event(told, "sendt"))
    reminder = Message.objects.get(meeting=told.meeting, step="1_DAY")
    send.sweep(reminder.due_at)
    at = told.meeting.starts_at - timedelta(minutes=1)
    listened(at)
    assert ladder.catch_up(at) == 0
    reminder.refresh_from_db()
    assert (reminder.state, reminder.known_by) == (MessageState.SENT, None)


def test_on_the_page_alone_no_word_is_waited_for(told: Message, registers: RunningRegisters) -> None:
    _answer(told.meeting, make.later(hours=1))
    send.sweep(make.later(hours=1))
    quiet = Message.objects.get(meeting=told.meeting, occasion=Occasion.ANSWERED)
    assert (quiet.state, quiet.known_by) == (MessageState.SENT, None)


@pytest.mark.parametrize(
    ("sent", "starts", "known"),
    [
        # In the daytime: two hours.
        (datetime(2027, 1, 11, 9, 0, tzinfo=UTC), timedelta(days=10), timedelta(hours=2)),
        # At 20.00 in Oslo: two hours of the next morning from 09.00.
        (datetime(2027, 1, 11, 19, 0, tzinfo=UTC), timedelta(days=10), timedelta(hours=15)),
        # At 06.00 in Oslo: from 09.00 the same morning.
        (datetime(2027, 1, 11, 5, 0, tzinfo=UTC), timedelta(days=10), timedelta(hours=5)),
        # An hour before the start: a quarter of it.
        (datetime(2027, 1, 11, 9, 0, tzinfo=UTC), timedelta(hours=1), timedelta(minutes=15)),
        # At 20.00 for 10.00 the next day: a quarter of the hour that is left when SMS are sent again.
        (datetime(2027, 1, 11, 19, 0, tzinfo=UTC), timedelta(hours=14), timedelta(hours=13, minutes=15)),
        # At 20.00 for 08.00: whatever comes at 09.00 comes too late.
        (datetime(2027, 1, 11, 19, 0, tzinfo=UTC), timedelta(hours=12), timedelta(hours=2)),
        # It has begun.
        (datetime(2027, 1, 11, 9, 0, tzinfo=UTC), -timedelta(minutes=1), timedelta(minutes=5)),
    ],
)
def test_how_long_a_word_is_waited_for(told: Message, sent: datetime, starts: timedelta, known: timedelta) -> None:
    told.meeting.starts_at = told.participant.meeting.starts_at = sent + starts
    assert known_by.known_by(told, '{"sms": "x"}', sent) == sent + known


# --- partners: an SMS, then a person


def told_partner(kari: Person, sweep: Sweep) -> Meeting:
    """A doctor has had an e-mail; of what the citizen was told no word is waited for."""
    meeting = by_law(kari)
    sweep(NOW)
    Message.objects.filter(channel="DITT_NAV").update(known_by=None)
    return meeting


def unheard(kari: Person, sweep: Sweep) -> tuple[Meeting, datetime]:
    """A doctor of whose e-mail nobody has spoken in time, which is now over: an SMS follows."""
    meeting, at = told_partner(kari, sweep), make.later(hours=5)
    listened(at)
    ladder.catch_up(at)
    return meeting, at


def test_a_bounced_email_is_followed_by_an_sms_that_says_when_and_nothing_of_anybody(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox
) -> None:
    meeting = told_partner(kari, sweep)
    feed(email_of(meeting), "Email_Failed_Bounced")
    row = sms_of(meeting)
    assert (row.state, row.due_at, row.not_after) == ("PLANNED", NOW, email_of(meeting).not_after)
    assert no_task(meeting)
    sweep(make.later(minutes=1))
    (sms,) = mailbox.sms
    assert sms.body == (
        "Nav inviterer deg til møte torsdag 21. januar kl. 10.00. Har du ikke fått e-post fra oss om det, kan du ringe "
        "55 55 33 33."
    )
    assert (sms.key, sms.reference, sms.phone) == (row.key, str(row.pk), make.doctor().phone)
    assert next(one for one in message_log(meeting) if one.channel == "SMS").words == "Sendt som SMS"


def test_an_sms_that_arrives_leaves_the_wrong_address_to_be_corrected(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox
) -> None:
    meeting = told_partner(kari, sweep)
    feed(email_of(meeting), "Email_Failed_Bounced")
    sweep(make.later(minutes=1))
    feed(sms_of(meeting), "SMS_Delivered")
    assert words.task(task_of(meeting)) == (
        "Rett e-postadressen til legen, og send på nytt. E-posten kom i retur. Legen har fått SMS om tidspunktet, men "
        "ikke lenken."
    )


def test_an_sms_that_arrives_is_enough_where_nobody_spoke_of_the_email(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox
) -> None:
    meeting, at = unheard(kari, sweep)
    sweep(at)
    feed(sms_of(meeting), "SMS_Delivered", at)
    assert no_task(meeting)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("SMS_Failed_InvalidRecipient", "mobilnummeret er ikke i bruk"),
        ("SMS_Failed_Expired", "SMS-en ble ikke levert i tide"),
        ("SMS_Failed_TTL", "SMS-en ble ikke levert i tide"),
        ("SMS_Failed_BarredReceiver", "SMS-en er sperret hos mottakeren"),
        ("SMS_Failed_OfTomorrow", "SMS-en kunne ikke leveres"),
        ("Order_Cancelled", "SMS-en kunne ikke leveres"),
    ],
)
def test_when_neither_arrives_one_task_says_whom_to_ring_and_what_was_tried(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox, status: str, said: str
) -> None:
    meeting = told_partner(kari, sweep)
    feed(email_of(meeting), "Email_Failed_Bounced")
    sweep(make.later(minutes=1))
    feed(sms_of(meeting), status)
    feed(sms_of(meeting), status)
    task = task_of(meeting)
    assert task.about == f"message:{email_of(meeting).pk.hex}"
    assert words.task(task) == f"Ring legen og fortell om møtet. E-posten kom i retur, og {said}."


def test_an_email_that_arrives_after_all_ends_the_sms_and_the_task(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox
) -> None:
    meeting, at = unheard(kari, sweep)
    feed(email_of(meeting), "Email_Delivered", at)
    assert (sms_of(meeting).state, sms_of(meeting).why) == (MessageState.VOID, Why.AS_TOLD)
    sweep(at)
    assert mailbox.sms == []


def test_an_sms_that_was_sent_and_failed_is_nobodys_task_once_the_email_arrives(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox
) -> None:
    meeting, at = unheard(kari, sweep)
    sweep(at)
    feed(sms_of(meeting), "SMS_Failed", at)
    assert not no_task(meeting)
    feed(email_of(meeting), "Email_Delivered", at)
    assert no_task(meeting)


def test_no_word_of_either_is_a_task_too(kari: Person, sweep: Sweep, mailbox: FakeMailbox) -> None:
    meeting = told_partner(kari, sweep)
    for hours in (5, 10):
        listened(make.later(hours=hours))
        ladder.catch_up(make.later(hours=hours))
        sweep(make.later(hours=hours))
    assert words.task(task_of(meeting)) == (
        "Ring legen og fortell om møtet. Vi vet ikke om e-posten eller SMS-en kom fram."
    )


@pytest.mark.parametrize("phone", ["", "+4722000000"])
def test_without_a_mobile_number_it_is_a_task_at_once(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox, phone: str
) -> None:
    meeting = by_law(kari)
    contact = email_of(meeting).participant.contact
    contact.phone = phone
    contact.save(update_fields=["phone"])
    sweep(NOW)
    feed(email_of(meeting), "Email_Failed_Bounced")
    assert not Message.objects.filter(channel="SMS").exists()
    assert words.task(task_of(meeting)) == (
        "Ring legen og fortell om møtet. E-posten kom i retur, og vi har ikke noe mobilnummer."
    )


def test_by_smtp_no_word_comes_and_no_sms_follows(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox, settings: Any
) -> None:
    settings.PARTNER_CHANNEL = "SMTP"
    meeting = told_partner(kari, sweep)
    assert email_of(meeting).known_by is None
    email = email_of(meeting)
    email.state, email.why = MessageState.FAILED, Why.REFUSED_BY_RULES
    email.save()
    ladder.did_not_arrive(email, NOW)
    assert not Message.objects.filter(channel="SMS").exists()
    assert not no_task(meeting)


def test_an_sms_is_given_up_before_it_would_come_too_late(kari: Person, sweep: Sweep, mailbox: FakeMailbox) -> None:
    meeting = told_partner(kari, sweep)
    feed(email_of(meeting), "Email_Failed_Bounced")
    at = meeting.ends_at - timedelta(minutes=10)
    sweep(at)
    (sms,) = mailbox.sms
    assert at + timedelta(seconds=sms.time_to_live) <= meeting.ends_at
    assert sms.time_to_live == 510


def test_too_late_for_an_sms_they_are_contacted_about_another_meeting(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox
) -> None:
    meeting = told_partner(kari, sweep)
    feed(email_of(meeting), "Email_Failed_Bounced")
    sweep(meeting.ends_at - timedelta(minutes=2))
    assert mailbox.sms == []
    assert (sms_of(meeting).state, sms_of(meeting).why) == (MessageState.SKIPPED, Why.TOO_LATE)
    assert words.task(task_of(meeting)) == "Legen fikk ikke vite om møtet i tide. Ta kontakt, og avtal et nytt møte."


def test_by_night_an_sms_waits_for_the_morning_unless_the_meeting_is_near(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox
) -> None:
    meeting = told_partner(kari, sweep)
    night = datetime(2027, 1, 12, 2, 0, tzinfo=UTC)
    feed(email_of(meeting), "Email_Failed_Bounced", night)
    assert sms_of(meeting).due_at == datetime(2027, 1, 12, 7, 0, tzinfo=UTC)
    Message.objects.filter(channel="SMS").delete()
    near = email_of(meeting)
    near.not_after = night + timedelta(hours=30)
    ladder.did_not_arrive(near, night)
    assert sms_of(meeting).due_at == night


def test_cancelled_before_the_sms_left_it_does_not_leave(kari: Person, sweep: Sweep, mailbox: FakeMailbox) -> None:
    meeting = told_partner(kari, sweep)
    feed(email_of(meeting), "Email_Failed_Bounced")
    cancel(meeting, make.later(minutes=1))
    sweep(make.later(minutes=1))
    assert mailbox.sms == []
    assert sms_of(meeting).state == MessageState.VOID


def test_an_email_that_nobody_takes_for_a_day_is_followed_too(kari: Person, sweep: Sweep, mailbox: FakeMailbox) -> None:
    meeting = told_partner(kari, sweep)
    email = email_of(meeting)
    email.state, email.why, email.sent_at = MessageState.FAILED, Why.BROKER, None
    email.save()
    ladder.did_not_arrive(email, NOW)
    sweep(make.later(minutes=1))
    feed(sms_of(meeting), "SMS_Failed")
    assert words.task(task_of(meeting)) == (
        "Ring legen og fortell om møtet. E-posten kunne ikke sendes, for vi fikk ikke kontakt med systemet som sender, "
        "og SMS-en kunne ikke leveres."
    )


def test_an_email_refused_at_once_is_followed_too_and_the_cause_is_kept(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox
) -> None:
    from invitations.messages.outcomes import Refused

    meeting = by_law(kari)
    mailbox.outcome = Refused("status_422:NOT-00001")
    sweep(NOW)
    assert email_of(meeting).receipts.get(event=causes.REFUSED).status == "status_422:NOT-00001"
    assert sms_of(meeting).state == MessageState.PLANNED
    sweep(make.later(minutes=1))
    assert words.task(task_of(meeting)) == (
        "Ring legen og fortell om møtet. E-posten ble ikke tatt imot, og SMS-en ble ikke tatt imot."
    )


def test_every_occasion_way_and_cause_has_words() -> None:
    for occasion in Occasion.values:
        for via in causes.Via:
            for cause in causes.Cause:
                if cause != causes.Cause.DELIVERED:
                    ways = [{"via": via, "cause": cause}]
                    said = not_reached.sentence({"role": "DOCTOR", "occasion": occasion, "ways": ways})
                    assert "ing legen og " in said
                    assert "{" not in said
    assert set(not_reached._SAY) >= set(Occasion.values) - {Occasion.ANSWERED}
