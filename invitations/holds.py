"""Whose answer, choice or release no longer holds after a change. Named in navmeet/reactions.py, after what is told.

Nothing is taken from what was said: it stands, about what it was said about. Here it is told to the caseworker, before.
"""

from collections.abc import Iterator

from invitations import answers, bases, consents
from invitations.messages.own import is_concerned
from invitations.models import Answer, Invitation
from meetings.events import Aspect, Changed, MeetingReinstated, MeetingRevised, PartnerChanged
from meetings.models import Basis, Format, Meeting, Participant, Role
from navmeet.outbox.publish import Consequences

_WHO = {Role.CITIZEN: "Innbyggeren", Role.DOCTOR: "Legen", Role.EMPLOYER: "Arbeidsgiveren"}
_ANSWERED = {
    Answer.Kind.COMING: "kommer",
    Answer.Kind.NOT_COMING: "ikke kan komme",
    Answer.Kind.OTHER_TIME: "ønsker et annet tidspunkt",
    Answer.Kind.OTHER_FORMAT: "vil møte på en annen måte",
}
YES_TO_VIDEO = "Innbyggeren har sagt ja til video. Det gjelder ikke for et møte på en annen måte."


def on_revised(event: MeetingRevised) -> Consequences:
    """Answers to the revision before, of those whom it concerns; and a yes to video where it is video no more."""
    meeting = Meeting.objects.get(pk=event.meeting_id)
    now = meeting.revisions.get(number=event.number)
    lapses = [
        sentence
        for invitation, sentence in _answers(meeting, event.number - 1)
        if invitation.participant.role == Role.CITIZEN or is_concerned(invitation.participant, event.what, now)
    ]
    if Aspect.FORMAT in event.what and meeting.format != Format.VIDEO:
        choice = consents.video_choice(meeting)
        lapses += [YES_TO_VIDEO] if choice is not None and choice.said_yes else []
    return Consequences(lapses=lapses)


def on_reinstated(event: MeetingReinstated) -> Consequences:
    """Answers were to the meeting as it was before it was cancelled: all are asked anew."""
    meeting = Meeting.objects.get(pk=event.meeting_id)
    return Consequences(lapses=[sentence for _, sentence in _answers(meeting, event.number - 1)])


def on_partner_changed(event: PartnerChanged) -> Consequences:
    """A release names its recipient: for another name the citizen is asked again."""
    if Changed.CONTACT not in event.what:
        return Consequences()
    partner = Participant.objects.select_related("contact", "meeting__type").get(pk=event.participant_id)
    last = bases.last_word(partner) if bases.basis_of(partner) == Basis.RELEASE else None
    if last is None or not last.said_yes or bases.is_released(partner):
        return Consequences()
    who = _WHO[Role(partner.role)].lower()
    return Consequences(lapses=[f"Innbyggeren har sagt ja til en annen enn den som står her nå, og spørres om {who}."])


def _answers(meeting: Meeting, number: int) -> Iterator[tuple[Invitation, str]]:
    """What was answered to that revision, by those who take part."""
    present = Invitation.objects.filter(participant__meeting=meeting, participant__removed_at=None, closed_at=None)
    for invitation in present.select_related("participant").order_by("pk"):
        last = answers.latest(invitation)
        if last is not None and last.revision_number == number:
            who, said = _WHO[Role(invitation.participant.role)], _ANSWERED[Answer.Kind(last.kind)]
            yield (
                invitation,
                f"{who} har svart: «{said}». Svaret gjelder ikke lenger, og {who.lower()} spørres på nytt.",
            )
