"""What the citizen is told when who comes from Nav, or what was written to them, is another. Named in reactions.py.

Partners are told of neither: who from Nav will be there stands on their page, and what is written to the citizen is not
theirs to read.
"""

from datetime import datetime
from uuid import UUID

from invitations.messages import languages, letters, overtake, plan, quiet, untold, wake
from invitations.messages.rows import About, Told
from invitations.messages.told import TELLS, Part
from invitations.models import Message, MessageState, Occasion
from meetings.events import Detail, DetailsChanged, HostChanged, StaffChanged
from meetings.models import Meeting, Participant, Role, Task
from navmeet.outbox.publish import Consequences

# A corrected spelling tells nobody; nor does a language, in which the next message is.
TOLD = frozenset({Detail.TEXTS, Detail.IDENTITY_ASKED})
# Due at once, and with all that holds when it leaves.
WHOLE = frozenset({Occasion.INVITED, Occasion.REINSTATED})


def on_staff_changed(event: StaffChanged) -> Consequences:
    """Who from Nav will be there is another: the citizen is to know before they come."""
    meeting = Meeting.objects.get(pk=event.meeting_id)
    return _tell(meeting, Part.PEOPLE, event.participant_id, event.can_be_told, event.at)


def on_host_changed(event: HostChanged) -> Consequences:
    """The citizen is told while the meeting is to come; whoever leads it now has a task, so that they see it."""
    meeting = Meeting.objects.get(pk=event.meeting_id)
    Task.objects.create(
        meeting=meeting,
        kind=Task.Kind.HANDED_OVER,
        about=f"host:{event.participant_id.hex}:{meeting.version}",
        made_at=event.at,
        due_at=letters.before(meeting, quiet.next_working_day(event.at), event.at),
    )
    if not event.is_to_come:
        return Consequences()
    return _tell(meeting, Part.PEOPLE, event.participant_id, event.can_be_told, event.at)


def on_details_changed(event: DetailsChanged) -> Consequences:
    """New texts, and that they must show who they are, are told; all that is planned is in the language that holds."""
    meeting = Meeting.objects.get(pk=event.meeting_id)
    citizen = Participant.objects.get(meeting=meeting, role=Role.CITIZEN)
    languages.write_in(citizen, event.at)
    if not event.what & TOLD:
        return Consequences()
    return _tell(meeting, Part.DETAILS, citizen.pk, event.can_be_told, event.at)


def _tell(meeting: Meeting, part: Part, about_id: UUID, can_be_told: bool, at: datetime) -> Consequences:
    consequences = Consequences()
    about = About(about_id, meeting.revision_number)
    for told in plan.citizens_told(meeting, can_be_told=can_be_told, at=at):
        if _will_read_it_anyway(told):
            continue
        message, planned = untold.tell(told, about, frozenset({part}))
        untold.take_the_place(told, message)
        consequences.messages.append(planned)
        consequences.lacks += plan.too_late(planned) if can_be_told else [plan.CANNOT_BE_TOLD]
    wake.on_commit()
    return consequences


def _will_read_it_anyway(told: Told) -> bool:
    """Nothing of the meeting has left to them yet, what tells it whole is about to, or the letter is not written."""
    if told.can_be_told:
        theirs = Message.objects.filter(participant=told.participant, occasion__in=TELLS)
        about_to = theirs.filter(occasion__in=WHOLE, state=MessageState.PLANNED, attempts=0)
        return about_to.exists() or not theirs.filter(overtake.MAY_BE_OUT).exists()
    letter = Task.objects.filter(meeting=told.meeting, kind=Task.Kind.SEND_LETTER, done_at=None)
    return letter.exists()
