"""What is told to whom, when: the answers to what happens, in the transaction of the change that caused it.

Named in navmeet/reactions.py. Each returns what follows, with the words, so that a rehearsal shows them. Who is
told here: the citizens of the meeting; partners: plan_partners.py. A reaction asked twice about the same thing plans
it once.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from invitations import bases
from invitations.invite import invite, invite_added
from invitations.messages import default_plan, letters, overtake, plan_partners, rows, untold, wake
from invitations.messages.occasions import TASKS
from invitations.messages.reminders import reminders
from invitations.messages.rows import About, Told, Wanted
from invitations.models import NOT_DIGITALLY, Invitation, Message, MessageState, Occasion, Step, Why
from meetings.events import MeetingBooked, MeetingCancelled, MeetingRevised
from meetings.models import PARTNERS, Format, Meeting, Participant, Role, Status
from navmeet.outbox.publish import Consequences, PlannedMessage

CANNOT_BE_TOLD = "Innbyggeren kan ikke varsles digitalt. Du får en oppgave om å sende brev."
CALL_TOO = "Brevet kan komme for sent, så du får også en oppgave om å ringe."
NO_REMINDERS = "Innbyggeren får ingen påminnelser."
ALL_REMINDERS_FALL = "Ingen av påminnelsene blir sendt, så innbyggeren må huske møtet selv. Si det når dere snakkes."
SMS_TOO_LATE = (
    "SMS kan komme for sent, for Min side sender SMS mellom kl. 09.00 og 17.00. Innbyggeren ser det på Min side eller "
    "på e-post. Ring hvis du må være sikker på at innbyggeren får vite det."
)
REMINDERS_TOO_LATE = (
    "SMS med påminnelse kan komme for sent, for Min side sender SMS mellom kl. 09.00 og 17.00. Innbyggeren ser "
    "påminnelsen på Min side eller på e-post. Si tidspunktet når dere snakkes."
)
ONLY_IF_ANSWERED = (
    "Bare påminnelsen 7 dager før kan bli sendt, og bare hvis innbyggeren har svart. Si tidspunktet når dere snakkes."
)
ON_THE_PAGE_ONLY = "Innbyggeren får verken SMS eller e-post, bare varsel på Min side. Du får en oppgave om å ringe."


def on_booked(event: MeetingBooked) -> Consequences:
    """The invitation at once, and the reminders: to the citizens, then to the partners who were booked with them."""
    invited = Participant.objects.filter(
        meeting=event.meeting_id, role__in=[Role.CITIZEN, *sorted(PARTNERS)], removed_at=None
    )
    people = list(invited.select_related("meeting__type", "person", "contact").order_by("pk"))
    meeting = people[0].meeting
    about, steps = About(event.revision_id, meeting.revision_number), default_plan.of_office(meeting.office_id)
    partners = [one for one in people if one.is_partner]
    citizens = [
        Told(meeting, one, event.can_be_told, event.at, is_new=True, steps=steps)
        for one in people
        if one.person is not None and one.person.deceased_known_at is None
    ]
    invite_added([told.participant for told in citizens], event.at)
    consequences = Consequences()
    for told in citizens:
        wanted = [Wanted(Occasion.INVITED, rows.until_end(meeting, event.at)), *_reminders(told, event.at)]
        planned = rows.plan_all(told, about, wanted)
        consequences.messages += planned
        consequences.lacks += _lacks(told, planned[0], has_reminders=True) + _unreminded(planned)
    for partner in partners:
        partner.meeting = meeting
        # Who books has just decided who takes part: nobody can have been shut out of it since.
        consequences.add(plan_partners.invite_new(partner, about, event.at, bases.is_allowed(partner), steps))
    wake.on_commit()
    return consequences


def on_revised(event: MeetingRevised) -> Consequences:
    """What was not sent is void; the change is told as untold.py says, and takes the place of what was sent; reminders.

    An invitation that has not left carries the new truth. All as it was told: what was sent stays.
    """
    meeting = Meeting.objects.get(pk=event.meeting_id)
    about = About(event.revision_id, event.number)
    first = untold.first_due(meeting)
    consequences = Consequences(voided=overtake.void_unsent(meeting, Why.MOVED, event.at))
    for told in citizens_told(meeting, can_be_told=event.can_be_told, at=event.at):
        invite(told.participant, event.at)
        message, planned = untold.tell(told, about, untold.parts_of(event.what), first.get(told.participant.pk))
        untold.take_the_place(told, message)
        consequences.add(with_reminders(told, planned, about))
    return consequences


def on_cancelled(event: MeetingCancelled) -> Consequences:
    """What was not sent is void; who does not know hears of it at once; what was sent is taken back after that."""
    meeting = Meeting.objects.get(pk=event.meeting_id)
    about = About(meeting.pk, meeting.sequence)
    consequences = Consequences(voided=overtake.void_unsent(meeting, Why.CANCELLED, event.at))
    for told in citizens_told(meeting, can_be_told=event.can_be_told, at=event.at):
        message, planned = untold.tell_cancelled(told, about)
        untold.take_the_place(told, message)
        consequences.add(_of(told, planned))
    wake.on_commit()
    return consequences


def plan_what_happened(meeting_id: UUID, at: datetime) -> Consequences:
    """The citizen is asked what happened, once, and anew where the question before was taken back.

    Whether they can be told digitally is looked at when it is sent.
    """
    meeting = Meeting.objects.get(pk=meeting_id)
    consequences = Consequences()
    for told in citizens_told(meeting, can_be_told=True, at=at):
        asked = Message.objects.filter(participant=told.participant, occasion=Occasion.WHAT_HAPPENED)
        again = asked.filter(why=Why.CORRECTED).exists() or asked.filter(retraction__isnull=False).exists()
        about = About(told.participant.pk, meeting.revision_number)
        _, planned = rows.plan(told, Occasion.WHAT_HAPPENED, about, rows.minutes(at), again=again)
        consequences.add(_of(told, planned))
    wake.on_commit()
    return consequences


def plan_answered(invitation: Invitation, at: datetime) -> Consequences:
    """A quiet notice takes the place of the open task on Ditt NAV, with the same link, for as long.

    Once for each revision: a second answer changes nothing there. Nothing for one who was told by letter, or who has
    no Ditt NAV: a partner.
    """
    participant = invitation.participant
    if participant.is_partner:
        return Consequences()
    meeting = Meeting.objects.get(pk=participant.meeting_id)
    about = _about_revision(meeting)
    asked = Message.objects.filter(participant=participant, occasion__in=TASKS).exclude(
        state__in=[MessageState.SKIPPED, MessageState.VOID]
    )
    if meeting.status != Status.SCHEDULED or not asked.exists():
        return Consequences()
    told = Told(meeting, participant, can_be_told=True, at=at)
    message, planned = rows.plan(told, Occasion.ANSWERED, about, rows.until_end(meeting, at))
    # Answered before the task was even sent (a link from before): there is nothing to ask any more.
    voided = asked.filter(state=MessageState.PLANNED, attempts=0).update(
        state=MessageState.VOID, why=Why.ANSWERED, settled_at=at, not_before=None
    )
    overtake.replace_tasks(meeting, message, at)
    wake.on_commit()
    return Consequences(messages=[planned], voided=voided)


def citizens_told(meeting: Meeting, *, can_be_told: bool, at: datetime) -> Iterator[Told]:
    """Those of the meeting's citizens who may be told anything: nobody who has died."""
    citizens = Participant.objects.filter(
        meeting=meeting, role=Role.CITIZEN, removed_at=None, person__deceased_known_at=None
    )
    citizens = citizens.select_related("person").order_by("pk")
    for participant in citizens:
        yield Told(meeting, participant, can_be_told, at)


def with_reminders(told: Told, planned: PlannedMessage, about: About) -> Consequences:
    """The message just planned, and the reminders of the meeting as it is now."""
    consequences = Consequences(messages=[planned], lacks=_lacks(told, planned, has_reminders=True))
    after = told.at if planned.falls else max(told.at, planned.due_at)
    reminders_planned = rows.plan_all(told, about, _reminders(told, after))
    consequences.messages += reminders_planned
    consequences.lacks += _unreminded(reminders_planned)
    wake.on_commit()
    return consequences


def _reminders(told: Told, after: datetime) -> Iterator[Wanted]:
    """None comes before what it reminds of was told; none to one who cannot be told digitally."""
    meeting = told.meeting
    if not told.can_be_told:
        return
    steps = told.steps or default_plan.of_office(meeting.office_id)
    for one in reminders(starts_at=meeting.starts_at, steps=steps[Format(meeting.format)], at=after):
        timing = rows.Timing(one.due_at, one.not_after, meeting.ends_at + rows.STAYS_AFTER_END)
        yield Wanted(Occasion.REMINDER, timing, one.step, one.falls, one.gives_way)


def _of(told: Told, planned: PlannedMessage) -> Consequences:
    return Consequences(messages=[planned], lacks=_lacks(told, planned))


def _lacks(told: Told, planned: PlannedMessage, *, has_reminders: bool = False) -> list[str]:
    """What is not sent to them of it, and what somebody does in its stead."""
    if planned.falls in NOT_DIGITALLY:
        is_late = letters.may_come_too_late(told.meeting, planned.occasion, told.at)
        said = [CANNOT_BE_TOLD, CALL_TOO if is_late else "", NO_REMINDERS if has_reminders else ""]
        return [" ".join(filter(None, said))]
    person = told.participant.person
    if not planned.falls and person is not None and person.is_strictly_protected and told.at < told.meeting.ends_at:
        return [ON_THE_PAGE_ONLY]
    return too_late(planned)


def too_late(planned: PlannedMessage) -> list[str]:
    """It may reach them by SMS only when that is of no use."""
    return [SMS_TOO_LATE] if planned.is_sms_too_late else []


def _unreminded(planned: Iterable[PlannedMessage]) -> list[str]:
    """There were to be reminders, and not one of them goes out, or surely in time by SMS.

    A week before, one goes only if they have answered: where the office wants others too, it is not counted on.
    """
    reminders_planned = [one for one in planned if one.occasion == Occasion.REMINDER]
    going = [one for one in reminders_planned if not one.falls]
    if not going:
        return [ALL_REMINDERS_FALL] if reminders_planned else []
    sure = [one for one in going if not _needs_an_answer(one)]
    if not sure:
        return [ONLY_IF_ANSWERED] if len(going) < len(reminders_planned) else []
    return [REMINDERS_TOO_LATE] if all(one.is_sms_too_late for one in sure) else []


def _needs_an_answer(planned: PlannedMessage) -> bool:
    """Else Min side reminds of the invitation, a week after that was sent; of the page alone it reminds nobody."""
    return planned.step == Step.DAYS_7 and bool(planned.texts.get("sms"))


def _about_revision(meeting: Meeting) -> About:
    revision = meeting.revisions.get(number=meeting.revision_number)
    return About(revision.pk, revision.number)
