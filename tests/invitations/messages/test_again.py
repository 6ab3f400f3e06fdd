"""Send again always does so, or says why not: what is sent is the last thing they should know."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings

from invitations import repairing
from invitations.messages import partner_sms
from invitations.messages.again import SentAgain
from invitations.messages.log import message_log
from invitations.messages.send import Swept
from invitations.models import Because, Hang, Invitation, Message, MessageState, Occasion
from meetings import changes, people, todo
from meetings.changes import Why
from meetings.contacts import CitizenContact
from meetings.models import Meeting, Participant, PartnerContact, Reason, Task
from navmeet.accounts.actor import Actor
from navmeet.audit.models import AuditEvent
from navmeet.exceptions import Conflict, InvalidFields, NotFound, NotPermitted
from navmeet.people.models import Person, Protection
from tests import make
from tests.invitations.messages.mailbox import FakeMailbox
from tests.invitations.messages.test_ladder import feed
from tests.invitations.messages.test_minutes_told import FIRST, recall, share
from tests.invitations.messages.test_partners import by_law, by_release, say
from tests.invitations.messages.test_telling import cancel
from tests.invitations.test_answers import give
from tests.invitations.test_recorded import adviser
from tests.meetings.setting import changing
from tests.meetings.test_changes import arguments, to

pytestmark = pytest.mark.django_db

Sweep = Callable[[datetime], Swept]
NOW, HOUR = make.NOW, make.later(hours=1)


def asked(meeting: Meeting, to: Participant | None = None, *, at: datetime = HOUR, **more: Any) -> dict[str, Any]:
    """An hour after the booking, unless told otherwise: the citizen, by the host."""
    by: Actor = more.pop("by", None) or make.actor(meeting.host, settings.GROUP_STRICTLY_CONFIDENTIAL)
    person = meeting.citizen().person
    assert person is not None
    values = {
        "invitation_id": (to or meeting.citizen()).invitation.pk,
        "because": Because.ASKED,
        "can_be_told": True,
        "by": by,
        "clearance": make.clearance(person, by, at),
        "at": at,
    }
    return values | more


def again(meeting: Meeting, to: Participant | None = None, **more: Any) -> SentAgain:
    return repairing.send_again(**asked(meeting, to, **more))


def why_not(meeting: Meeting, to: Participant | None = None, **more: Any) -> tuple[str, str]:
    before = Message.objects.count()
    with pytest.raises(Conflict) as refused:
        again(meeting, to, **more)
    assert Message.objects.count() == before, "nothing is sent"
    return refused.value.code, refused.value.message


def correct(meeting: Meeting, to: Participant, *, at: datetime = HOUR, **more: Any) -> SentAgain:
    values = asked(meeting, to, at=at)
    for name in ("because", "can_be_told"):
        values.pop(name)
    values |= {"email": "lise@legesenter.example", "phone": "+4741000001", "citizen_contact": CitizenContact()}
    return repairing.correct_and_send_again(**(values | more))


def only_partner(meeting: Meeting) -> Participant:
    return meeting.participants.get(role="DOCTOR")


def test_it_is_a_new_message_of_the_same_under_a_new_key_that_says_who_and_why(kari: Person, sweep: Sweep) -> None:
    meeting = make.meeting(person=kari)
    sweep(NOW)
    sent = again(meeting, because=Because.NOT_DELIVERED)
    first, second = Message.objects.filter(meeting=meeting, occasion="INVITED").order_by("repeat")
    assert (second.repeat, second.state, second.due_at) == (1, MessageState.PLANNED, HOUR)
    assert second.key != first.key
    assert first.retraction.after == second
    assert (second.again_by, second.again_because) == (meeting.host_id, "NOT_DELIVERED")
    assert (first.again_by, first.again_because) == (None, "")
    assert (sent.message.pk, sent.is_repeat, sent.by_letter) == (second.pk, False, False)
    kept = AuditEvent.objects.get(action="messages.sent_again")
    assert (kept.actor_id, kept.detail["because"]) == (meeting.host_id, "NOT_DELIVERED")


def test_pressed_twice_it_is_sent_once(kari: Person, sweep: Sweep) -> None:
    meeting = make.meeting(person=kari)
    sweep(NOW)
    first = again(meeting)
    second = again(meeting, at=make.later(hours=1, seconds=2))
    sweep(make.later(hours=1, seconds=3))
    third = again(meeting, at=make.later(hours=1, seconds=40))
    assert [one.is_repeat for one in (first, second, third)] == [False, True, True]
    assert {one.message.pk for one in (first, second, third)} == {first.message.pk}
    assert Message.objects.filter(meeting=meeting, occasion="INVITED").count() == 2
    assert AuditEvent.objects.filter(action="messages.sent_again").count() == 1
    assert why_not(meeting, at=make.later(hours=1, minutes=2))[0] == "just_sent"
    assert why_not(meeting, at=make.later(hours=1, seconds=40), by=adviser())[0] == "just_sent", "another's press"


def test_it_says_why_not_while_something_is_on_its_way_waits_hangs_or_has_just_left(kari: Person, sweep: Sweep) -> None:
    meeting = make.meeting(person=kari)
    assert why_not(meeting, at=NOW)[0] == "on_its_way"
    Message.objects.filter(occasion="INVITED").update(hangs_on=Hang.BROKER)
    code, sentence = why_not(meeting, at=make.later(minutes=5))
    assert (code, "Min side tar ikke imot varsler" in sentence) == ("hangs", True)
    sweep(NOW)
    assert why_not(meeting, at=make.later(minutes=9))[0] == "just_sent"
    Message.objects.filter(occasion="INVITED").update(state="FAILED", why="NOT_DELIVERED")
    again(meeting, at=make.later(minutes=9))


def test_a_change_that_waits_for_its_ten_minutes_is_not_told_twice(kari: Person, sweep: Sweep) -> None:
    meeting = by_law(kari, day=date(2027, 2, 18))
    sweep(NOW)
    Message.objects.create(
        meeting=meeting,
        participant=meeting.citizen(),
        occasion="PEOPLE_CHANGED",
        about_id=meeting.pk,
        about_number=1,
        channel="DITT_NAV",
        language="nb",
        due_at=make.later(hours=1, minutes=10),
        not_after=meeting.ends_at,
        planned_at=HOUR,
    )
    code, sentence = why_not(meeting)
    assert (code, "kl. 11.10. Trykk «Si fra nå»" in sentence) == ("waits", True)


def test_what_left_before_does_not_tell_what_did_not_leave_after_it(kari: Person, sweep: Sweep) -> None:
    meeting = make.meeting(person=kari)
    sweep(make.NOW)
    changes.move(**changing(meeting, to=make.wanted(kari, day=date(2027, 1, 22)).slot, place=None))
    Message.objects.filter(occasion="MOVED").update(state="SKIPPED", why="RESERVED", settled_at=make.NOW)
    planned = [line.words for line in message_log(meeting, make.NOW) if line.state == "PLANNED"]
    assert planned
    assert all("hvis innbyggeren kan varsles digitalt da" in words for words in planned if "minner om" not in words)
    assert again(meeting, at=make.later(minutes=2)).message.occasion == "MOVED"


def test_an_answer_given_before_is_told_without_an_sms(kari: Person, sweep: Sweep) -> None:
    meeting = make.meeting(person=kari)
    sweep(NOW)
    give(meeting, "COMING")
    sweep(NOW)
    assert again(meeting).message.occasion == Occasion.ANSWERED


def test_a_cancellation_that_never_arrived_is_sent_again_until_the_time_is_over(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox
) -> None:
    meeting = by_law(kari, day=date(2027, 2, 18))
    sweep(NOW)
    cancel(meeting, NOW)
    sweep(NOW)
    Message.objects.filter(occasion="CANCELLED").update(state="FAILED", why="NOT_DELIVERED")
    doctor = only_partner(meeting)
    for who in (meeting.citizen(), doctor):
        sent = again(meeting, who, because=Because.NOT_DELIVERED)
        assert (sent.message.occasion, sent.message.repeat) == ("CANCELLED", 1)
    swept = sweep(HOUR)
    assert (swept.sent, swept.not_sent) == (2, 0), "the look again lets them go"
    first = Message.objects.get(occasion="CANCELLED", participant=meeting.citizen(), repeat=0)
    assert first.retraction.after is not None
    over = meeting.ends_at + timedelta(minutes=1)
    assert why_not(meeting, at=over)[0] == why_not(meeting, doctor, at=over)[0] == "over"


def test_why_nothing_is_sent_again_is_true_of_how_the_meeting_stands(kari: Person, sweep: Sweep) -> None:
    meeting = by_law(kari, day=date(2027, 2, 18))
    sweep(NOW)
    nothing, ends_at = "Det er ingenting å sende på nytt.", meeting.ends_at
    for status, at, code, stands in (
        ("PROPOSED", HOUR, "not_agreed", "Møtet er foreslått, men ikke avtalt ennå"),
        ("HELD", HOUR, "over", "Møtet er holdt"),
        ("NOT_HELD", HOUR, "over", "Møtet ble ikke holdt"),
        ("SCHEDULED", ends_at, "over", "Møtet er over"),
    ):
        Meeting.objects.filter(pk=meeting.pk).update(status=status)
        for who in (meeting.citizen(), only_partner(meeting)):
            assert why_not(meeting, who, at=at) == (code, f"{stands}. {nothing}")
    Participant.objects.filter(role="DOCTOR").update(part_offset=0, part_minutes=10)
    theirs = "Den delen av møtet som deltakeren skulle være med på, er over"
    during = meeting.starts_at + timedelta(minutes=10)
    assert why_not(meeting, only_partner(meeting), at=during) == ("over", f"{theirs}. {nothing}")


def test_after_the_meeting_it_is_the_minutes_unless_they_are_taken_back(kari: Person, sweep: Sweep) -> None:
    meeting = make.meeting(person=kari)
    sweep(NOW)
    after = make.later(days=20)
    assert why_not(meeting, at=after)[0] == "over"
    Meeting.objects.filter(pk=meeting.pk).update(status="HELD")
    assert why_not(meeting, at=after)[0] == "over"
    share(meeting, FIRST, 1, after)
    sweep(after)
    later = after + timedelta(hours=1)
    sent = again(meeting, at=later)
    assert (sent.message.occasion, sent.message.about_id, sent.message.repeat) == ("MINUTES_SHARED", FIRST, 1)
    sweep(later)
    assert Message.objects.get(occasion="MINUTES_SHARED", repeat=0).retraction.state == "SENT"
    recall(meeting, FIRST, 1, later)
    sweep(later)
    assert again(meeting, at=later + timedelta(hours=1)).message.occasion == "MINUTES_RECALLED"


def test_on_a_day_that_is_full_it_is_sent_again_all_the_same(
    kari: Person, sweep: Sweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = make.meeting(person=kari)
    sweep(NOW)
    Meeting.objects.filter(pk=meeting.pk).update(status="HELD")
    after = make.later(days=20)
    share(meeting, FIRST, 1, after)
    sweep(after)
    monkeypatch.setattr(settings, "MOST_MESSAGES_A_DAY", 1)
    sent = again(meeting, at=after + timedelta(hours=1)).message
    assert (sent.due_at, sent.why) == (after + timedelta(hours=1), "")


def test_to_who_is_reserved_a_letter_is_asked_for_once_at_a_time(kari: Person, sweep: Sweep) -> None:
    kari.is_reserved = True
    kari.save(update_fields=["is_reserved"])
    meeting = make.meeting(person=kari, can_be_told=False)
    code, sentence = why_not(meeting, can_be_told=False)
    assert (code, "reservert mot digital kontakt" in sentence) == ("letter_waits", True)
    for task in Task.objects.filter(meeting=meeting):
        todo.finish(task_id=task.pk, by=make.actor(meeting.host), at=HOUR)
    sent = again(meeting, can_be_told=False)
    assert (sent.by_letter, sent.message.state, sent.message.why) == (True, "SKIPPED", "RESERVED")
    open_ = Task.objects.filter(meeting=meeting, done_at=None)
    assert [(task.kind, task.about) for task in open_] == [("SEND_LETTER", "INVITED:1:1")]
    assert again(meeting, can_be_told=True, at=make.later(hours=2)).message.state == MessageState.PLANNED


def test_nothing_is_sent_to_who_has_died_and_the_protected_are_rung_to_anew(kari: Person, sweep: Sweep) -> None:
    meeting = make.meeting(person=kari)
    sweep(NOW)
    Person.objects.filter(pk=kari.pk).update(protection=Protection.STRICTLY_CONFIDENTIAL)
    again(meeting)
    task = Task.objects.get(meeting=meeting)
    assert (task.kind, task.about) == ("CALL", "INVITED:1")
    todo.finish(task_id=task.pk, by=make.actor(meeting.host, settings.GROUP_STRICTLY_CONFIDENTIAL), at=HOUR)
    Message.objects.filter(occasion="INVITED").update(state="SENT", sent_at=HOUR)
    again(meeting, at=make.later(minutes=90))
    assert Task.objects.get(meeting=meeting, done_at=None).about == "INVITED:1:2"
    Person.objects.filter(pk=kari.pk).update(deceased_known_at=NOW)
    assert why_not(meeting, at=make.later(hours=2))[0] == "deceased"


def test_what_cannot_be_said_says_why_not(kari: Person, sweep: Sweep) -> None:
    meeting = make.meeting(person=kari)
    sweep(NOW)
    Participant.objects.filter(meeting=meeting, role="CITIZEN").update(language="se")
    code, sentence = why_not(meeting)
    assert (code, "ingen tekst på skriftspråket" in sentence) == ("cannot_be_said", True)


def test_a_partner_is_told_again_at_their_address(kari: Person, sweep: Sweep, mailbox: FakeMailbox) -> None:
    meeting = by_law(kari)
    sweep(NOW)
    doctor = only_partner(meeting)
    again(meeting, doctor)
    sweep(HOUR)
    assert [mail.address for mail in mailbox.mails] == ["lise@legesenter.example"] * 2
    assert mailbox.mails[0].key != mailbox.mails[1].key
    assert mailbox.mails[0].body == mailbox.mails[1].body


def test_a_partner_is_not_told_again_without_a_basis_behind_protection_or_without_an_address(
    kari: Person, sweep: Sweep
) -> None:
    meeting, doctor = by_release(kari)
    sweep(NOW)
    assert why_not(meeting, doctor)[0] == "no_basis"
    say(meeting, doctor, True)
    sweep(NOW)
    Person.objects.filter(pk=kari.pk).update(protection=Protection.STRICTLY_CONFIDENTIAL)
    assert why_not(meeting, doctor)[0] == "protected"
    Person.objects.filter(pk=kari.pk).update(protection=Protection.UNGRADED)
    contact = PartnerContact.objects.get(participant=doctor)
    contact.name = "Grete Vikar"
    contact.save(update_fields=["name"])
    assert why_not(meeting, doctor)[0] == "no_basis", "the citizen said yes to another"
    contact.delete()
    assert why_not(meeting, doctor)[0] == "no_address"


def test_that_they_are_to_come_no_more_is_sent_again_to_who_was_taken_out(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox
) -> None:
    meeting = by_law(kari)
    sweep(NOW)
    doctor = only_partner(meeting)
    by = make.actor(meeting.host)
    meeting.refresh_from_db()
    people.remove_partner(
        meeting_id=meeting.pk,
        participant_id=doctor.pk,
        version=meeting.version,
        why=Why(Reason.PRACTICAL),
        by=by,
        clearance=make.clearance(kari, by),
        at=NOW,
    )
    sweep(NOW)
    assert again(meeting, doctor).message.occasion == "REMOVED"
    with pytest.raises(Conflict) as refused:
        correct(meeting, doctor, email="ny@legesenter.example")
    assert refused.value.code == "removed"


def test_only_who_may_change_the_meeting_sends_again_to_partners(kari: Person, sweep: Sweep) -> None:
    meeting = by_law(kari)
    sweep(NOW)
    doctor = only_partner(meeting)
    for by in (adviser(), make.actor(make.caseworker(office_number="0301"))):
        with pytest.raises(NotFound):
            again(meeting, doctor, by=by)
    colleague = make.caseworker(office_number="0301")
    Participant.objects.create(meeting=meeting, role="STAFF", user=colleague, added_at=NOW)
    with pytest.raises(NotPermitted):
        again(meeting, doctor, by=make.actor(colleague))


def test_a_corrected_address_is_kept_and_told_in_one_step(kari: Person, sweep: Sweep, mailbox: FakeMailbox) -> None:
    meeting = by_law(kari)
    sweep(NOW)
    Message.objects.filter(occasion="INVITED", channel="EMAIL").update(state="FAILED", why="NOT_DELIVERED")
    doctor = only_partner(meeting)
    sent = correct(meeting, doctor, email="lise@riktig.example")
    assert (sent.message.occasion, sent.message.again_because) == ("INVITED", "CORRECTED")
    assert sent.message.again_by == meeting.host_id
    sweep(HOUR)
    assert [mail.address for mail in mailbox.mails] == ["lise@legesenter.example", "lise@riktig.example"]
    assert AuditEvent.objects.get(action="partner.contact_corrected").subject_id == doctor.pk
    void = [line.words for line in message_log(meeting, HOUR) if line.is_overtaken]
    assert void == ["Ikke sendt: adressen ble rettet, og det sendes dit i stedet"] * 2
    before = Meeting.objects.get(pk=meeting.pk).version
    assert correct(meeting, doctor, email="lise@riktig.example", phone="41 00 00 09", at=make.later(hours=2))
    assert Meeting.objects.get(pk=meeting.pk).version == before + 1
    assert PartnerContact.objects.get(participant=doctor).phone == "+4741000009"


def test_what_waits_for_a_new_order_of_its_own_is_sent_again_now_in_its_place(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox
) -> None:
    meeting = by_law(kari)
    sweep(NOW)
    doctor = only_partner(meeting)
    invited = Message.objects.get(participant=doctor, occasion="INVITED")
    feed(invited, "Email_Failed_TransientError", HOUR)
    assert again(meeting, doctor).message.repeat == 2
    sweep(HOUR)
    sweep(make.later(hours=3))
    assert len(mailbox.mails) == 2
    anew = Message.objects.get(participant=doctor, occasion="INVITED", repeat=1)
    assert (anew.state, anew.why) == (MessageState.VOID, "TOGETHER")


def test_also_of_a_cancelled_meeting_whose_cancellation_bounced(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox
) -> None:
    meeting = by_law(kari)
    sweep(NOW)
    cancel(meeting, NOW)
    sweep(NOW)
    Message.objects.filter(channel="EMAIL").update(state="FAILED", why="NOT_DELIVERED")
    sent = correct(meeting, only_partner(meeting), email="lise@riktig.example")
    assert (sent.message.occasion, sent.message.again_because) == ("CANCELLED", "CORRECTED")
    sweep(HOUR)
    assert mailbox.mails[-1].address == "lise@riktig.example"
    assert "avlyst" in mailbox.mails[-1].body


def test_what_cannot_be_an_address_or_is_somebody_elses_is_named_and_nothing_is_kept(
    kari: Person, sweep: Sweep
) -> None:
    meeting = by_law(kari, make.doctor(), make.employer())
    sweep(NOW)
    doctor = only_partner(meeting)
    with pytest.raises(InvalidFields) as refused:
        correct(meeting, doctor, email="lise@", phone="22 22 22 22")
    assert [error.field for error in refused.value.errors] == ["email", "phone"]
    with pytest.raises(Conflict) as taken:
        correct(meeting, doctor, email="ARNE@bedriften.example")
    assert taken.value.field == "email"
    mine = CitizenContact(email="kari@eksempel.example")
    with pytest.raises(Exception, match="innbyggerens egen") as hers:
        correct(meeting, doctor, email="kari@eksempel.example", citizen_contact=mine)
    assert hers.value.field == "email"  # type: ignore[attr-defined]
    with pytest.raises(Conflict):
        correct(meeting, meeting.citizen())
    contact = PartnerContact.objects.get(participant=doctor)
    assert (contact.email, contact.phone) == ("lise@legesenter.example", "+4741000001")


def test_where_it_cannot_be_sent_the_correction_is_not_kept_either(kari: Person, sweep: Sweep) -> None:
    meeting, doctor = by_release(kari)
    with pytest.raises(Conflict) as refused:
        correct(meeting, doctor, email="lise@riktig.example")
    assert refused.value.code == "no_basis"
    assert PartnerContact.objects.get(participant=doctor).email == "lise@legesenter.example"


def _called(meeting: Meeting, message: Message, at: datetime = HOUR) -> Task:
    by = make.actor(meeting.host)
    person = meeting.citizen().person
    assert person is not None
    return repairing.called(message_id=message.pk, by=by, clearance=make.clearance(person, by, at), at=at)


def test_who_rang_and_told_it_is_kept_once_and_nobody_is_asked_to_ring_any_more(kari: Person, sweep: Sweep) -> None:
    meeting = make.meeting(person=kari)
    sweep(NOW)
    message = Message.objects.get(occasion="INVITED")
    Message.objects.filter(pk=message.pk).update(state="DELIVERED")
    with pytest.raises(Conflict) as arrived:
        _called(meeting, message)
    assert arrived.value.code == "arrived"
    Message.objects.filter(pk=message.pk).update(state="FAILED", why="NOT_DELIVERED")
    about = f"message:{message.pk.hex}"
    Task.objects.create(meeting=meeting, kind="NOT_REACHED", about=about, made_at=NOW, due_at=HOUR)
    first, second = _called(meeting, message), _called(meeting, message, make.later(hours=2))
    assert (first.pk, first.done_at, first.done_by) == (second.pk, HOUR, meeting.host_id)
    assert not Task.objects.filter(meeting=meeting, done_at=None).exists()
    assert AuditEvent.objects.filter(action="messages.called").count() == 1
    Message.objects.filter(pk=message.pk).update(state="VOID", why="MOVED")
    with pytest.raises(Conflict):
        _called(meeting, message)


def test_words_sent_again_are_those_of_the_first_time(kari: Person, sweep: Sweep, mailbox: FakeMailbox) -> None:
    """A move that bounced is still news when it is sent again."""
    meeting = by_law(kari)
    sweep(NOW)
    meeting.refresh_from_db()
    changes.move(**arguments(meeting, at=NOW) | {"to": to(date(2027, 2, 22)), "place": None})
    later = make.later(minutes=11)
    sweep(later)
    moved = mailbox.mails[-1]
    again(Meeting.objects.get(pk=meeting.pk), only_partner(meeting), at=make.later(hours=2))
    sweep(make.later(hours=2))
    assert mailbox.mails[-1].subject == moved.subject
    assert mailbox.mails[-1].body == moved.body
    assert Invitation.objects.filter(participant__meeting=meeting).count() == 2


def test_an_sms_that_waits_to_follow_a_lost_email_gives_way_to_the_email_sent_again(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox
) -> None:
    meeting = by_law(kari, day=date(2027, 2, 18))
    sweep(NOW)
    doctor = only_partner(meeting)
    email = Message.objects.get(participant=doctor, occasion="INVITED")
    Message.objects.filter(pk=email.pk).update(state="FAILED", why="NOT_DELIVERED")
    partner_sms.follow(Message.objects.select_related("meeting").get(pk=email.pk), HOUR)
    sent = again(meeting, doctor, because=Because.NOT_DELIVERED)
    assert sent.message.channel == "EMAIL"
    sms = Message.objects.get(participant=doctor, channel="SMS")
    assert (sms.state, sms.why) == ("VOID", "TOGETHER")
