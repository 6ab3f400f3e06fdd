"""Does what somebody was told, or answered, still hold? One rule, for pages, API, reminders and rehearsals.

It holds while their time, way in and place are as in the revision it was about, and nothing that said otherwise may
have reached them since. A move taken back before anybody heard of it takes nothing from an answer; one that was told
and then taken back asks anew. See docs/adr/0014.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Q

from invitations.messages.overtake import MAY_BE_OUT
from invitations.messages.own import Own, own
from invitations.models import NOT_DIGITALLY, Answer, Message, Occasion
from meetings.models import Meeting, Participant, Revision
from meetings.places import Place
from meetings.revisions import place_of

OTHERWISE = frozenset(
    {Occasion.MOVED, Occasion.FORMAT_CHANGED, Occasion.REINSTATED, Occasion.CANCELLED, Occasion.REMOVED}
)
# Whoever cannot be told digitally is told by letter: the row says so as soon as the letter is asked for.
_TOLD = MAY_BE_OUT | Q(why__in=NOT_DIGITALLY)


@dataclass(frozen=True)
class _Theirs:
    """What of a revision one participant goes by. Which room was booked is nothing to them beyond what it is called."""

    own: Own
    place: Place


def of_now(given: Iterable[Answer]) -> frozenset[UUID]:
    """Which of these answers hold. Two queries however many, none where all are to the revision that holds."""
    answers = list(given)
    kept = {one.pk for one in answers if one.revision_number == _meeting(one).revision_number}
    before = [one for one in answers if one.pk not in kept]
    if before:
        revisions = _revisions({_meeting(one).pk for one in before})
        otherwise = _told_otherwise({one.invitation.participant_id for one in before})
        kept |= {one.pk for one in before if _holds(one, _meeting(one).revision_number, revisions, otherwise)}
    return frozenset(kept)


def holds(answer: Answer) -> bool:
    """Is this answer about the meeting as it is now?"""
    return answer.pk in of_now([answer])


def lapses(answers: Collection[Answer], *, number: int) -> list[Answer]:
    """Those that held in the revision before `number` and do not in it. To be asked in the transaction that made it."""
    revisions = _revisions({_meeting(one).pk for one in answers})
    participants = {one.invitation.participant_id for one in answers}
    otherwise = _told_otherwise(participants)
    # Until it is reinstated, a cancellation says nothing of whether the answer was to the meeting as it was.
    before = _told_otherwise(participants, OTHERWISE - {Occasion.CANCELLED})
    return [
        one
        for one in answers
        if _holds(one, number - 1, revisions, before) and not _holds(one, number, revisions, otherwise)
    ]


def same_as_now(participant: Participant, meeting: Meeting) -> frozenset[int]:
    """The revisions whose time, way in and place are, for them, those that hold."""
    found = _revisions({meeting.pk})
    now = found.get((meeting.pk, meeting.revision_number))
    same = (one.number for one in found.values() if now and _theirs(participant, one) == _theirs(participant, now))
    return frozenset({meeting.revision_number, *same})


def told_otherwise_after(participant: Participant, message: Message) -> bool:
    """May anything have reached them since that says otherwise than this message?"""
    return any(other > message.pk for other in _told_otherwise({participant.pk}).get(participant.pk, ()))


Revisions = dict[tuple[UUID, int], Revision]
ToldOtherwise = dict[UUID, list[UUID]]


def _holds(answer: Answer, number: int, revisions: Revisions, otherwise: ToldOtherwise) -> bool:
    participant = answer.invitation.participant
    then = revisions.get((participant.meeting_id, answer.revision_number))
    now = revisions.get((participant.meeting_id, number))
    if then is None or now is None or _theirs(participant, then) != _theirs(participant, now):
        return False
    # Ids are made in order: what was planned after the answer was given has the greater.
    since = any(message > answer.pk for message in otherwise.get(participant.pk, ()))
    return then.number == now.number or not since


def _theirs(participant: Participant, revision: Revision) -> _Theirs:
    mine = own(participant, revision)
    return _Theirs(mine, replace(place_of(revision), room_id=None) if mine.held == revision.format else Place())


def _revisions(meetings: Collection[UUID]) -> Revisions:
    return {(one.meeting_id, one.number): one for one in Revision.objects.filter(meeting__in=meetings)}


def _told_otherwise(participants: Collection[UUID], by: Collection[str] = OTHERWISE) -> ToldOtherwise:
    found: ToldOtherwise = {}
    told = Message.objects.filter(_TOLD, participant__in=participants, occasion__in=by)
    for participant, message in told.values_list("participant_id", "pk"):
        found.setdefault(participant, []).append(message)
    return found


def _meeting(answer: Answer) -> Meeting:
    return answer.invitation.participant.meeting
