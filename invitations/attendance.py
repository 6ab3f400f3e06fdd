"""What door and delivery prove: nobody is noted as not having met where Nav, the link or the platform failed them."""

from invitations import door, still_true
from invitations.entering import HOST_CAME
from invitations.models import Invitation, Message, MessageState, Occasion, Step, Visit
from meetings.events import NoShowClaimed
from meetings.models import Format, Meeting, Participant, Task
from meetings.outcome import GRACE
from navmeet.audit.models import AuditEvent
from navmeet.exceptions import Conflict
from navmeet.outbox.publish import Consequences

# Of the time that holds now, these tell it.
TOLD_IN = (Occasion.INVITED, Occasion.MOVED, Occasion.FORMAT_CHANGED, Occasion.REINSTATED)
ARRIVED = (MessageState.SENT, MessageState.DELIVERED)


class NotTheirFault(Conflict):
    """It is not shown that they could have come."""

    code = "not_their_fault"


def on_no_show_claimed(event: NoShowClaimed) -> Consequences:
    """Raises NotTheirFault, at `outcome`, where delivery, link or host failed, and of a meeting with one who died."""
    participant = Participant.objects.select_related("meeting").get(pk=event.participant_id)
    meeting = participant.meeting
    invitation = Invitation.objects.filter(participant=participant).first()
    if meeting.participants.filter(person__deceased_known_at__isnull=False).exists():
        raise _refused("Innbyggeren er registrert død. Ingen noteres som «møtte ikke».")
    if not _was_told(participant, meeting, invitation):
        raise _refused("Vi kan ikke vise at deltakeren fikk vite om møtet. Velg noe annet enn «møtte ikke».")
    if invitation is None or invitation.closed_at is not None:
        raise _refused("Lenken til deltakeren var stengt. Velg noe annet enn «møtte ikke».")
    _check_did_not_try(meeting, invitation)
    _check_nav_was_there(meeting, participant)
    return Consequences()


def _check_did_not_try(meeting: Meeting, invitation: Invitation) -> None:
    """Also of a meeting that was made a call because they could not get in."""
    came = Visit.objects.filter(invitation=invitation, arrived_at__gte=meeting.starts_at - door.OPENS_BEFORE)
    if came.exclude(wants="").exists():
        raise _refused("Deltakeren sa fra i venterommet om at noe ikke virket. Velg «tekniske problemer».")
    if came.exclude(state=Visit.State.TURNED_AWAY).exists():
        raise _refused("Deltakeren var i venterommet. Velg noe annet enn «møtte ikke».")


def _check_nav_was_there(meeting: Meeting, participant: Participant) -> None:
    begins = door.starts_at(participant)
    if meeting.ended_at is not None and meeting.ended_at < begins + GRACE:
        raise _refused("Møtet ble avsluttet før deltakeren hadde fått 15 minutter. Velg noe annet enn «møtte ikke».")
    if door.way_in(participant) != Format.VIDEO:
        return
    host = AuditEvent.objects.filter(
        meeting_id=meeting.pk,
        action=HOST_CAME,
        at__gte=meeting.starts_at - door.OPENS_BEFORE,
        at__lt=meeting.starts_at + GRACE,
    )
    if not host.exists():
        raise _refused("Ingen fra Nav var i videomøtet da det startet. Velg noe annet enn «møtte ikke».")


def _was_told(participant: Participant, meeting: Meeting, invitation: Invitation | None) -> bool:
    """A message about the time that holds arrived, or they have read or answered it, or somebody told them instead."""
    about_now = Message.objects.filter(participant=participant, occasion__in=TOLD_IN).exclude(step=Step.PLAIN)
    of_now = about_now.filter(about_number__in=still_true.same_as_now(participant, meeting), state__in=ARRIVED)
    if any(not still_true.told_otherwise_after(participant, one) for one in of_now):
        return True
    given = invitation.answers.filter(is_known=True) if invitation is not None else ()
    if still_true.of_now(given):
        return True
    return _was_told_instead(participant, meeting)


def _was_told_instead(participant: Participant, meeting: Meeting) -> bool:
    """Somebody wrote or rang about the time that holds, and ticked it off: to this participant, and nobody else."""
    done = meeting.tasks.filter(done_at__isnull=False, done_by__isnull=False)
    of_messages = Message.objects.filter(
        participant=participant, occasion__in=TOLD_IN, about_number=meeting.revision_number
    )
    causes = [f"message:{pk.hex}" for pk in of_messages.values_list("pk", flat=True)]
    # What was only found out when it was too late tells nobody in time, whoever ticks it off.
    in_time = done.filter(kind=Task.Kind.NOT_REACHED, about__in=causes).exclude(tried__contains={"is_late": True})
    if in_time.exists():
        return True
    if participant.is_partner:
        return False
    causes = [f"{occasion}:{meeting.revision_number}" for occasion in TOLD_IN]
    return done.filter(kind__in=[Task.Kind.SEND_LETTER, Task.Kind.CALL], about__in=causes).exists()


def _refused(sentence: str) -> NotTheirFault:
    return NotTheirFault(sentence, field="outcome")
