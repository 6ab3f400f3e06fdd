"""Whose answer, choice or release no longer holds after a change, and whose wish it leaves open.

Nothing is taken from what was said: it stands, about what it was said about. Here it is told to the caseworker, before.
Named in navmeet/reactions.py, after what is told and what settles a wish.
"""

from datetime import datetime

from invitations import answers, bases, consents, still_true, wishes
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
    """Answers that held until now and do not any more; and a yes to video where it is video no more."""
    meeting = Meeting.objects.get(pk=event.meeting_id)
    lapses = _lapses(meeting, event.number, event.at)
    if Aspect.FORMAT in event.what and meeting.format != Format.VIDEO:
        choice = consents.video_choice(meeting)
        lapses += [YES_TO_VIDEO] if choice is not None and choice.said_yes else []
    return Consequences(lapses=lapses)


def on_reinstated(event: MeetingReinstated) -> Consequences:
    """Whoever may have heard that it was cancelled is asked anew."""
    return Consequences(lapses=_lapses(Meeting.objects.get(pk=event.meeting_id), event.number, event.at))


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


def _lapses(meeting: Meeting, number: int, at: datetime) -> list[str]:
    """What those who take part said to the meeting before revision `number`, and is not about it.

    A wish that the change does not meet is open still, whatever revision it was about.
    """
    open_ones = wishes.open_in(meeting, at)
    present = Invitation.objects.filter(participant__meeting=meeting, participant__removed_at=None, closed_at=None)
    given = [answers.latest(one) for one in present.select_related("participant__meeting").order_by("pk")]
    others = [one for one in given if one is not None and one not in open_ones]
    lapsed = still_true.lapses(others, number=number)
    return [_lapsed(one) for one in lapsed] + [_stands(one) for one in open_ones]


def _lapsed(answer: Answer) -> str:
    who, said = _WHO[Role(answer.invitation.participant.role)], _ANSWERED[Answer.Kind(answer.kind)]
    return f"{who} har svart: «{said}». Svaret gjelder ikke lenger, og {who.lower()} spørres på nytt."


def _stands(wish: Answer) -> str:
    who, said = _WHO[Role(wish.invitation.participant.role)], _ANSWERED[Answer.Kind(wish.kind)]
    return f"{who} {said}. Ønsket står fortsatt, og venter på svar."
