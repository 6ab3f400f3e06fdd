"""What door and delivery prove: nobody is noted as not having met where Nav, the link or the platform failed them."""

from datetime import timedelta

from invitations import door
from invitations.entering import HOST_CAME
from invitations.models import Invitation, Message, MessageState, Occasion, Visit
from meetings.events import NoShowClaimed
from meetings.models import Format, Meeting, Participant, Task
from navmeet.audit.models import AuditEvent
from navmeet.exceptions import Conflict
from navmeet.outbox.publish import Consequences

# Of the time that holds now, these tell it.
TOLD_IN = (Occasion.INVITED, Occasion.MOVED, Occasion.FORMAT_CHANGED)
ARRIVED = (MessageState.SENT, MessageState.DELIVERED)
# A letter or a call in place of a message; ticked off by the caseworker who sent or made it.
INSTEAD = (Task.Kind.SEND_LETTER, Task.Kind.CALL, Task.Kind.NOT_REACHED)
HOST_COMES_WITHIN = timedelta(minutes=15)


class NotTheirFault(Conflict):
    """It is not shown that they could have come."""

    code = "not_their_fault"


def on_no_show_claimed(event: NoShowClaimed) -> Consequences:
    """Raises NotTheirFault, at `outcome`, where delivery, link or host failed."""
    participant = Participant.objects.select_related("meeting").get(pk=event.participant_id)
    meeting = participant.meeting
    invitation = Invitation.objects.filter(participant=participant).first()
    if not _was_told(participant, meeting, invitation):
        raise _refused("Vi kan ikke vise at deltakeren fikk vite om møtet. Velg noe annet enn «møtte ikke».")
    if door.way_in(participant) == Format.VIDEO:
        _check_could_come_in(meeting, invitation)
    return Consequences()


def _check_could_come_in(meeting: Meeting, invitation: Invitation | None) -> None:
    came = Visit.objects.filter(invitation=invitation, arrived_at__gte=meeting.starts_at - door.OPENS_BEFORE)
    if came.exclude(wants="").exists():
        raise _refused("Deltakeren sa fra i venterommet om at noe ikke virket. Velg «tekniske problemer».")
    if came.exclude(state=Visit.State.TURNED_AWAY).exists():
        raise _refused("Deltakeren var i venterommet. Velg noe annet enn «møtte ikke».")
    until = meeting.starts_at + HOST_COMES_WITHIN
    host = AuditEvent.objects.filter(
        meeting_id=meeting.pk, action=HOST_CAME, at__gte=meeting.starts_at - door.OPENS_BEFORE, at__lt=until
    )
    if not host.exists():
        raise _refused("Ingen fra Nav var i videomøtet da det startet. Velg noe annet enn «møtte ikke».")


def _was_told(participant: Participant, meeting: Meeting, invitation: Invitation | None) -> bool:
    """A message about the time that holds arrived, or they have read or answered it, or somebody told them instead."""
    about_now = Message.objects.filter(participant=participant, occasion__in=TOLD_IN)
    if about_now.filter(about_number=meeting.revision_number, state__in=ARRIVED).exists():
        return True
    if (
        invitation is not None
        and invitation.answers.filter(is_known=True, revision_number=meeting.revision_number).exists()
    ):
        return True
    return meeting.tasks.filter(kind__in=INSTEAD, done_at__isnull=False).exists()


def _refused(sentence: str) -> NotTheirFault:
    return NotTheirFault(sentence, field="outcome")
