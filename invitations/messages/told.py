"""What each participant was last told of the meeting: a picture, sealed with the words that were sent.

Held against the meeting as it is, it says what a message of a change has to tell, and whether there is anything to
tell at all. Times stand in it plainly; the place, and what is written to the citizen, as digests; people as ids.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db.models import Q

from invitations.messages import texts
from invitations.messages.occasions import CALLS_OFF, TELL_OF_MEETING
from invitations.messages.overtake import MAY_BE_OUT
from invitations.messages.own import own
from invitations.models import TO_PARTNERS, Message, Occasion, Step
from meetings.models import Format, Meeting, Participant, Revision, Role

# What tells how the meeting is. A reminder says when, and nothing of the rest.
TELLS = TELL_OF_MEETING | {Occasion.ANSWERED}
# Whose words depend on what was told before.
OF_BEFORE = CALLS_OFF | {Occasion.MOVED, Occasion.REINSTATED}
# Plain words say that there is news, and not what; that it is off, they do say.
_SAYS = ~Q(step=Step.PLAIN) | Q(occasion=Occasion.CANCELLED)


class Part(StrEnum):
    """What of the meeting somebody is told."""

    TIME = "time"
    FORMAT = "format"
    PLACE = "place"
    PEOPLE = "people"
    DETAILS = "details"


@dataclass(frozen=True)
class Picture:
    """The meeting as one participant was told of it. `whole` is the meeting's own time, around their part of it."""

    starts_at: str
    ends_at: str
    whole: str
    held: str
    place: str
    people: tuple[str, ...]
    details: str

    def kept(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)

    @property
    def start(self) -> datetime:
        return datetime.fromisoformat(self.starts_at)


@dataclass(frozen=True)
class Last:
    """What surely left last; `picture` None: no picture was kept of it. `is_sure`: nothing else may have left since."""

    occasion: str
    picture: Picture | None
    sent_at: datetime | None
    is_sure: bool


def picture(
    participant: Participant, meeting: Meeting, now: Revision | None, present: Iterable[Participant]
) -> Picture:
    """The meeting as this participant would be told of it now. `present`: those who take part."""
    theirs = own(participant, now or meeting)
    is_citizen = participant.role == Role.CITIZEN
    return Picture(
        starts_at=_instant(theirs.starts_at),
        ends_at=_instant(theirs.ends_at),
        whole=_whole(meeting),
        held=theirs.held.value,
        place=_place_of(theirs.held, now),
        people=_people(present) if is_citizen else (),
        details=_details(participant, meeting) if is_citizen else "",
    )


def picture_now(participant: Participant, meeting: Meeting) -> Picture:
    """As `picture`, asked of the database."""
    now = meeting.revisions.get(number=meeting.revision_number)
    return picture(participant, meeting, now, meeting.participants.filter(removed_at=None))


def pictures(messages: Collection[Message], revisions: Mapping[tuple[UUID, int], Revision]) -> dict[UUID, Picture]:
    """By message, of those that tell how the meeting is. One query."""
    telling = [message for message in messages if message.occasion in TELLS and message.step != Step.PLAIN]
    present: dict[UUID, list[Participant]] = {}
    meetings = {message.meeting_id for message in telling}
    for one in Participant.objects.filter(meeting__in=meetings, removed_at=None) if meetings else ():
        present.setdefault(one.meeting_id, []).append(one)
    return {
        message.pk: picture(
            message.participant,
            message.meeting,
            revisions.get((message.meeting_id, message.meeting.revision_number)),
            present.get(message.meeting_id, []),
        )
        for message in telling
    }


def differs(before: Picture, now: Picture) -> frozenset[Part]:
    """What is another."""
    pairs = {
        Part.TIME: (before.starts_at, before.ends_at) != (now.starts_at, now.ends_at),
        Part.FORMAT: before.held != now.held,
        Part.PLACE: before.place != now.place,
        Part.PEOPLE: before.people != now.people,
        Part.DETAILS: before.details != now.details,
    }
    return frozenset(part for part, is_another in pairs.items() if is_another)


def last_told(participant: Participant) -> Last | None:
    """What they were told last of the meeting; None where nothing of it can have reached them. One query."""
    out = list(Message.objects.filter(MAY_BE_OUT, _SAYS, participant=participant, occasion__in=TELLS | CALLS_OFF))
    if not out:
        return None
    sent = sorted((one for one in out if one.sent_at is not None), key=_when_sent)
    if not sent:
        return Last(occasion=out[-1].occasion, picture=None, sent_at=None, is_sure=False)
    last = sent[-1]
    pictures = [_kept_with(one) for one in sent if one.occasion in TELLS]
    return Last(
        occasion=last.occasion,
        picture=pictures[-1] if pictures else None,
        sent_at=last.sent_at,
        is_sure=not any(one.sent_at is None and one.pk > last.pk for one in out),
    )


def before(messages: Collection[Message]) -> dict[UUID, Picture]:
    """By message, of those whose words depend on it: what surely was told before. One query."""
    depending = [message for message in messages if message.occasion in OF_BEFORE]
    if not depending:
        return {}
    sent = Message.objects.filter(
        _SAYS, participant__in={message.participant_id for message in depending}, occasion__in=TELLS
    ).exclude(sent_at=None)
    latest: dict[UUID, list[Message]] = {}
    for one in sorted(sent, key=_when_sent):
        latest.setdefault(one.participant_id, []).append(one)
    found = {}
    for message in depending:
        others = [one for one in latest.get(message.participant_id, []) if one.pk != message.pk]
        # What calls off speaks of the time that was told last, whatever else is sent again.
        if message.again_by is not None and message.occasion not in CALLS_OFF:
            others = _before_this(message, others)
        kept = _kept_with(others[-1]) if others else None
        if kept is not None:
            found[message.pk] = kept
    return found


def facts(message: Message, of: Meeting | Revision, was: Picture | None, *, time_changed: bool) -> texts.Facts:
    """What the words need. What calls off speaks of the time that was told, a move of what is another since.

    `time_changed` is what is taken to be so where nothing is known of before. A query for a move of nothing but the
    place, where only the meeting is at hand.
    """
    theirs = own(message.participant, of)
    starts_at, held = theirs.starts_at, theirs.held.value
    format_changed = place_changed = False
    if was is not None and message.occasion in CALLS_OFF:
        starts_at, held = was.start, was.held
    elif was is None and message.occasion == Occasion.REINSTATED:
        time_changed = False
    elif was is not None:
        time_changed = was.whole != _whole(message.meeting)
        format_changed = was.held != held
        if not time_changed and not format_changed:
            place_changed = was.place != _place_of(theirs.held, of)
    return texts.Facts(
        starts_at=starts_at,
        held=held,
        time_changed=time_changed,
        format_changed=format_changed,
        place_changed=place_changed,
        to_partner=message.channel in TO_PARTNERS,
        with_year=texts.needs_year(starts_at, message.due_at),
        is_soon=texts.is_soon(starts_at, message.due_at),
    )


def _when_sent(message: Message) -> tuple[datetime, UUID]:
    return message.sent_at or message.planned_at, message.pk


def _kept_with(message: Message) -> Picture | None:
    """None for what was sent before pictures were kept."""
    kept = json.loads(message.text_sent).get("told") if message.text_sent is not None else None
    return Picture(**{**kept, "people": tuple(kept["people"])}) if kept else None


def _before_this(message: Message, sent: list[Message]) -> list[Message]:
    """Sent again it says what it said the first time: what told the same before is not what was known before."""
    whole, held = _whole(message.meeting), own(message.participant, message.meeting).held.value
    earlier = list(sent)
    while earlier and (last := _kept_with(earlier[-1])) is not None and (last.whole, last.held) == (whole, held):
        earlier.pop()
    return earlier


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _whole(meeting: Meeting) -> str:
    return f"{_instant(meeting.starts_at)}/{_instant(meeting.ends_at)}"


def _place_of(held: Format, of: Meeting | Revision | None) -> str:
    """Nobody goes to a room who takes part otherwise. A query where only the meeting is at hand."""
    now = of.revisions.get(number=of.revision_number) if isinstance(of, Meeting) else of
    if now is None or held != now.format:
        return ""
    return _digest([now.address, now.room, now.directions, now.caller, now.phone])


def _people(present: Iterable[Participant]) -> tuple[str, ...]:
    return tuple(sorted(f"{one.role}:{one.pk.hex}" for one in present))


def _details(participant: Participant, meeting: Meeting) -> str:
    return _digest([participant.theme, participant.purpose, participant.preparations, str(meeting.check_identity)])


def _digest(parts: Iterable[object]) -> str:
    return sha256(json.dumps([str(part or "") for part in parts]).encode()).hexdigest()
