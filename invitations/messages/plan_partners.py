"""What partners are told, when: only on a basis, only what concerns them, in e-mails with their own link.

Named in navmeet/reactions.py, and called when a release is given or withdrawn. Without a basis no row is written: the
rehearsal says what is waited for.
"""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from invitations import bases
from invitations.invite import invite, invite_added
from invitations.messages import default_plan, emails, languages, overtake, rows, untold, wake
from invitations.messages.occasions import TASKS
from invitations.messages.own import is_concerned, own
from invitations.messages.reminders import reminders
from invitations.messages.rows import About, Told, Wanted
from invitations.messages.told import Part
from invitations.models import TO_PARTNERS, Invitation, Message, Occasion, Step, Why
from meetings import revisions
from meetings.events import (
    Changed,
    MeetingCancelled,
    MeetingReinstated,
    MeetingRevised,
    PartnerAdded,
    PartnerChanged,
    PartnerRemoved,
)
from meetings.models import PARTNERS, Meeting, Participant, Revision, Role, Status
from navmeet.outbox.publish import Consequences, PlannedMessage

WAITS = {
    Role.DOCTOR: "Legen får vite om møtet når innbyggeren har sagt ja til det.",
    Role.EMPLOYER: "Arbeidsgiveren får vite om møtet når innbyggeren har sagt ja til det.",
}
OF_THEM = {Changed.WAY_IN: Part.FORMAT, Changed.PART: Part.TIME}
# Their week is not ours to keep: a day before is enough, and an hour before where the office's plan has it.
STEPS = frozenset({Step.DAY_1, Step.HOUR_1})


def on_added(event: PartnerAdded) -> Consequences:
    """With a basis the invitation at once, and the reminders. A citizen who was told of the meeting is told of it.

    Those who were booked with the meeting are invited with it: the citizen reads of them in the invitation.
    """
    if event.is_with_booking:
        return Consequences()
    revision = revisions.in_force(event.meeting_id)
    partner = _partner(event.participant_id, revision.meeting)
    about = About(revision.pk, revision.number)
    consequences = invite_new(partner, about, event.at, bases.has_basis(partner))
    consequences.add(_tell_citizens(revision.meeting, partner, can_be_told=event.can_be_told, at=event.at))
    wake.on_commit()
    return consequences


def invite_new(
    partner: Participant, about: About, at: datetime, has_basis: bool, steps: default_plan.Plan | None = None
) -> Consequences:
    """The invitation of one added just now, and the reminders; without a basis, what they would be told with one."""
    invite_added([partner], at, closed_at=None if has_basis else at)
    told = Told(partner.meeting, partner, True, at, is_new=True, steps=steps)
    if has_basis:
        return _invite(told, about)
    return Consequences(lacks=[WAITS[Role(partner.role)]], waits=_foresee(told))


def on_changed(event: PartnerChanged) -> Consequences:
    """Another way in or part of the time is told to them alone; a new address gets the invitation; texts tell none."""
    meeting = Meeting.objects.select_related("type").get(pk=event.meeting_id)
    partner = _partner(event.participant_id, meeting)
    languages.write_in(partner, event.at)
    if Changed.CONTACT in event.what and not bases.has_basis(partner):
        # The release was for somebody else by name: they are asked about again, and until then nothing is told.
        return close(partner, Why.NO_BASIS, event.at)
    if _closed(partner) or meeting.status != Status.SCHEDULED or event.what <= {Changed.TEXTS}:
        return Consequences()
    told = Told(meeting, partner, True, event.at)
    if not overtake.may_know(partner) or (Changed.CONTACT in event.what and _is_elsewhere(partner)):
        voided = overtake.void_emails(partner, Why.MOVED if event.what & OF_THEM.keys() else Why.NEW_ADDRESS, event.at)
        consequences = _invite(told, _about(meeting), again=True)
    elif event.what & {Changed.WAY_IN, Changed.PART}:
        first = untold.first_due(meeting).get(partner.pk)
        voided = overtake.void_emails(partner, Why.MOVED, event.at)
        parts = frozenset(part for changed, part in OF_THEM.items() if changed in event.what)
        consequences = _tell_change(told, About(partner.pk, meeting.revision_number), parts, first)
    else:
        return Consequences()
    consequences.voided += voided
    wake.on_commit()
    return consequences


def on_removed(event: PartnerRemoved) -> Consequences:
    """Nothing more leaves; their access is closed; who was told is told that they are to come no more.

    The citizen, who was told of them, is told too: whether they can be is looked at when it is sent.
    """
    partner = _partner(event.participant_id, Meeting.objects.select_related("type").get(pk=event.meeting_id))
    consequences = close(partner, Why.NO_BASIS, event.at)
    consequences.add(_tell_citizens(partner.meeting, partner, can_be_told=True, at=event.at))
    return consequences


def on_revised(event: MeetingRevised) -> Consequences:
    """Those whom the change concerns are told, once; the others keep what they have."""
    meeting = Meeting.objects.select_related("type").get(pk=event.meeting_id)
    now = meeting.revisions.get(number=event.number)
    parts, first = untold.parts_of(event.what), untold.first_due(meeting)
    consequences = Consequences()
    for partner in _open(meeting):
        if not is_concerned(partner, event.what, now):
            continue
        consequences.voided += overtake.void_emails(partner, Why.MOVED, event.at)
        told = Told(meeting, partner, True, event.at)
        consequences.add(_tell_change(told, _about(meeting), parts, first.get(partner.pk)))
    wake.on_commit()
    return consequences


def on_cancelled(event: MeetingCancelled) -> Consequences:
    """Nothing of the meeting leaves any more; who may know of it is told."""
    meeting = Meeting.objects.select_related("type").get(pk=event.meeting_id)
    consequences = Consequences()
    for partner in _open(meeting):
        consequences.voided += overtake.void_emails(partner, Why.CANCELLED, event.at)
        if overtake.may_know(partner):
            told = Told(meeting, partner, True, event.at)
            about = About(meeting.pk, meeting.sequence)
            consequences.messages.append(untold.tell_cancelled(told, about)[1])
    wake.on_commit()
    return consequences


def on_reinstated(event: MeetingReinstated) -> Consequences:
    """Who may have heard that it was cancelled hears that it is not; those who know of no meeting are invited."""
    meeting = Meeting.objects.select_related("type").get(pk=event.meeting_id)
    consequences = Consequences()
    for partner in _open(meeting):
        told = Told(meeting, partner, True, event.at)
        _, planned = untold.tell_held_after_all(told, _about(meeting))
        consequences.add(_with_reminders(told, planned))
    wake.on_commit()
    return consequences


def open_up(partner: Participant, at: datetime) -> Consequences:
    """There is a basis now: their access opens, and they are invited, also if they were before."""
    invitation = invite(partner, at)
    if invitation.closed_at is None:
        return Consequences()
    Invitation.objects.filter(pk=invitation.pk).update(closed_at=None)
    voided = overtake.void_emails(partner, Why.MOVED, at, {Occasion.REMOVED})
    meeting = Meeting.objects.select_related("type").get(pk=partner.meeting_id)
    consequences = _invite(Told(meeting, partner, True, at), _about(meeting), again=True)
    consequences.voided += voided
    wake.on_commit()
    return consequences


def close(partner: Participant, why: Why, at: datetime, *, tell: bool = True) -> Consequences:
    """There is no basis any more: their access closes, nothing more leaves; who surely was told is told so.

    What a sender has in hand may still leave: then it says so itself, and the word follows it (`left_all_the_same`).
    """
    invitation = invite(partner, at)
    consequences = Consequences(voided=overtake.void_emails(partner, why, at))
    if invitation.closed_at is not None:
        return consequences
    _close(invitation, at)
    if tell and _was_told(partner):
        consequences.add(_tell_removed(partner, at))
    wake.on_commit()
    return consequences


def left_all_the_same(message: Message, at: datetime) -> None:
    """An e-mail that was void before it left is out: its receiver hears that they are to come no more, once."""
    if message.why != Why.NO_BASIS or message.occasion == Occasion.REMOVED:
        return
    partner = _partner(message.participant_id, Meeting.objects.select_related("type").get(pk=message.meeting_id))
    told_so = Message.objects.filter(participant=partner, occasion=Occasion.REMOVED)
    if _closed(partner) and not told_so.filter(planned_at__gte=message.settled_at or at).exists():
        _tell_removed(partner, at)
        wake.on_commit()


def _tell_removed(partner: Participant, at: datetime) -> Consequences:
    told = Told(partner.meeting, partner, True, at)
    about = _about(partner.meeting)
    return Consequences(messages=[rows.plan(told, Occasion.REMOVED, about, rows.email(told), again=True)[1]])


def _invite(told: Told, about: About, *, again: bool = False) -> Consequences:
    """The invitation, at once, and the reminders that follow from when and how they take part."""
    wanted = [Wanted(Occasion.INVITED, rows.email(told)), *_reminders(told, told.at)]
    return Consequences(messages=rows.plan_all(told, about, wanted, again=again))


def _tell_change(told: Told, about: About, parts: frozenset[Part], first: datetime | None) -> Consequences:
    """What is untold after a change of `parts`, as untold.py says, and the reminders anew."""
    _, planned = untold.tell(told, about, parts, first)
    return _with_reminders(told, planned, again=True)


def _with_reminders(told: Told, planned: PlannedMessage, *, again: bool = False) -> Consequences:
    """None comes before what it reminds of was told."""
    after = told.at if planned.falls else max(told.at, planned.due_at)
    planned_after = rows.plan_all(told, _about(told.meeting), _reminders(told, after), again=again)
    return Consequences(messages=[planned, *planned_after])


def _foresee(told: Told) -> list[PlannedMessage]:
    """What they are told once the citizen has said yes, should that be now."""
    return rows.foreseen(told, [Wanted(Occasion.INVITED, rows.email(told)), *_reminders(told, told.at)])


def _reminders(told: Told, after: datetime) -> Iterator[Wanted]:
    theirs = own(told.participant, told.meeting)
    steps = told.steps or default_plan.of_office(told.meeting.office_id)
    for one in reminders(starts_at=theirs.starts_at, steps=steps[theirs.held] & STEPS, at=after):
        timing = rows.Timing(one.due_at, one.not_after, None)
        yield Wanted(Occasion.REMINDER, timing, one.step, one.falls, one.gives_way)


def _tell_citizens(meeting: Meeting, partner: Participant, *, can_be_told: bool, at: datetime) -> Consequences:
    """Nothing where the invitation itself has not left yet: they read of it there."""
    consequences = Consequences()
    for citizen in meeting.participants.filter(role=Role.CITIZEN, removed_at=None).select_related("person"):
        told_of_meeting = Message.objects.filter(participant=citizen, occasion__in=TASKS)
        if not can_be_told or not told_of_meeting.filter(overtake.MAY_BE_OUT).exists():
            continue
        told = Told(meeting, citizen, can_be_told, at)
        message, planned = untold.tell(told, About(partner.pk, meeting.revision_number), frozenset({Part.PEOPLE}))
        untold.take_the_place(told, message)
        consequences.messages.append(planned)
    return consequences


def _open(meeting: Meeting) -> Iterator[Participant]:
    """Those who may be told now."""
    found = meeting.participants.filter(role__in=sorted(PARTNERS), removed_at=None, invitation__closed_at=None)
    for partner in found.select_related("contact", "meeting__type").order_by("pk"):
        if bases.has_basis(partner):
            yield partner


def _partner(participant_id: UUID, meeting: Meeting) -> Participant:
    partner = Participant.objects.select_related("contact").get(pk=participant_id, meeting=meeting)
    partner.meeting = meeting
    return partner


def _closed(partner: Participant) -> bool:
    return Invitation.objects.filter(participant=partner).exclude(closed_at=None).exists()


def _close(invitation: Invitation, at: datetime) -> None:
    Invitation.objects.filter(pk=invitation.pk, closed_at=None).update(closed_at=at)
    invitation.closed_at = invitation.closed_at or at


def _sent_to(partner: Participant) -> QuerySet[Message]:
    return Message.objects.filter(participant=partner, channel__in=TO_PARTNERS)


def _was_told(partner: Participant) -> bool:
    """Was the last thing that surely left to them another than that they are to come no more?"""
    last = _sent_to(partner).exclude(sent_at=None).order_by("-sent_at", "-id").first()
    return last is not None and last.occasion != Occasion.REMOVED


def _is_elsewhere(partner: Participant) -> bool:
    """Did what left last, or may have, go to another address than theirs now?"""
    return emails.last_address(partner) != str(partner.contact.email)


def _about(meeting: Meeting) -> About:
    revision: Revision = meeting.revisions.get(number=meeting.revision_number)
    return About(revision.pk, revision.number)
