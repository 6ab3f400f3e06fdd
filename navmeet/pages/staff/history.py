"""What has happened to a meeting, in order: its revisions, other changes, what was told of them, and what was said."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from invitations.messages.log import LogLine
from invitations.models import Answer, Given, Reply
from meetings.events import Changed, Detail
from meetings.models import (
    Format,
    Meeting,
    Outcome,
    Participant,
    Reason,
    ReasonToRecipient,
    Revision,
    Role,
    WhyCorrected,
    WhyOverruled,
)
from navmeet.accounts.models import User
from navmeet.audit.models import AuditEvent
from navmeet.pages.staff import place_words, words
from navmeet.pages.staff.outcome_rows import OUTCOMES, WHYS

SOMEBODY: Final = "en ansatt i Nav"
THE_HOUSE: Final = "systemet"
TITLES: Final = {
    "meeting.cancelled": "Avlyst",
    "meeting.called_off": "Avlyst",
    "meeting.details_changed": "Endret",
    "meeting.handed_over": "Overført til en ny møteleder",
    "messages.told_now": "Ba om at endringene ble fortalt med en gang",
    "messages.sent_again": "Sendte et varsel på nytt",
    "messages.called": "Ringte og fortalte om møtet",
}
# About one who takes part, who is named.
_OF_PEOPLE: Final = {
    "staff.added": "{who} ble lagt til",
    "staff.removed": "{who} ble tatt ut",
    "partner.added": "{who} ble lagt til",
    "partner.changed": "Endret for {who}",
    "partner.contact_corrected": "E-post eller mobilnummer ble rettet for {who}",
    "partner.removed": "{who} ble tatt ut",
}
# What was said of the meeting afterwards: the record's action, and in words what it says.
_SAID_AFTER: Final = {
    "meeting.concluded": {True: "Notert som holdt", False: "Notert som ikke holdt"},
    "meeting.corrected": {True: "Rettet til holdt", False: "Rettet til ikke holdt"},
}
AGAIN: Final = "meeting.reinstated"
_SAID_OF: Final = "participant.outcome_set"
_DETAILS: Final = {
    Detail.TEXTS: "teksten til innbyggeren",
    Detail.SPELLING: "skrivemåten i teksten til innbyggeren",
    Detail.LANGUAGE: "skriftspråket",
    Detail.IDENTITY_ASKED: "innbyggeren må vise legitimasjon",
    Detail.IDENTITY_NOT_ASKED: "innbyggeren trenger ikke å vise legitimasjon",
    Changed.WAY_IN: "måten å delta på",
    Changed.PART: "delen av møtet",
    Changed.CONTACT: "navn og kontaktopplysninger",
}


@dataclass(frozen=True)
class Step:
    """One line of the meeting's history. `overruled` says why something that spoke against it was overruled."""

    title: str
    at: datetime
    by: str
    reason: str
    sentence: str
    what: str = ""
    overruled: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    place: list[str] | None = None


def of_meeting(
    meeting: Meeting, citizen: Participant, revisions: Sequence[Revision], log: Iterable[LogLine]
) -> list[Step]:
    """Booked, each change, cancelled, reinstated, what was said of it afterwards, each message that was sent, and each
    answer, wish and withdrawal of a participant who was known.

    At most five queries. `revisions` are in order.
    """
    written = {one.written_at: one.sentence for one in ReasonToRecipient.objects.filter(participant=citizen)}
    actions = [*TITLES, *_OF_PEOPLE, *_SAID_AFTER, _SAID_OF, AGAIN]
    events = list(AuditEvent.objects.filter(meeting_id=meeting.pk, action__in=actions).order_by("id"))
    reinstated = {one.detail.get("revision") for one in events if one.action == AGAIN}
    said = _said(meeting)
    names = _names(
        {one.made_by for one in revisions}
        | {one.actor_id for one in events if one.actor_id}
        | {by for one in said for by in (one.given_by, _reply_to(one).by) if by}
    )
    people = _people(meeting) if any(one.action in _OF_PEOPLE for one in events) else {}
    before = [None, *revisions]
    steps = [
        _of_revision(one, was, one.number in reinstated, names, written)
        for was, one in zip(before, revisions, strict=False)
    ]
    steps += [_of_event(one, names, written, people) for one in events if one.action != AGAIN]
    steps += [_of_message(one) for one in log if one.sent_at is not None]
    for one in said:
        steps += _of_answer(one, names)
    return sorted(steps, key=lambda step: step.at)


def _of_message(line: LogLine) -> Step:
    """Sent by the house; how, and what became of it, stands under the messages."""
    assert line.sent_at is not None  # noqa: S101 for mypy: only what was sent is asked for
    role = words.ROLES.get(Role(line.role), "")
    return Step(
        title=f"Fortalt {' '.join(filter(None, [role, line.name]))}",
        at=line.sent_at,
        by=THE_HOUSE,
        reason="",
        sentence="",
        what=line.occasion_words,
    )


def _said(meeting: Meeting) -> list[Answer]:
    known = Answer.objects.filter(invitation__participant__meeting=meeting, is_known=True)
    return list(known.select_related("reply", "invitation__participant").order_by("id"))


def _reply_to(answer: Answer) -> Reply:
    """What became of it; where nothing has yet, one of no kind."""
    given: Reply = getattr(answer, "reply", None) or Reply(kind="")
    return given


def _of_answer(one: Answer, names: dict[UUID, str]) -> Iterator[Step]:
    """The words themselves stand with the answers. A change that met a wish stands there as the change it is."""
    who, reply = words.ROLES[Role(one.invitation.participant.role)], _reply_to(one)
    is_recorded = one.given != Given.PAGE
    yield Step(
        title=f"{who} svarte: {words.ANSWERS[Answer.Kind(one.kind)][1].lower()}".capitalize(),
        at=one.given_at,
        by=names.get(one.given_by, SOMEBODY) if is_recorded and one.given_by else who,
        reason="",
        sentence="",
        what=f"registrert {words.RELEASED_BY[one.given]}" if is_recorded else "",
    )
    if reply.kind == Reply.Kind.WITHDRAWN:
        yield Step(title="Trakk tilbake ønsket", at=reply.at, by=who, reason="", sentence="")
    elif reply.kind == Reply.Kind.STANDS:
        by = names.get(reply.by, SOMEBODY) if reply.by else THE_HOUSE
        yield Step(
            title=f"Svarte {who} at møtet gjelder som det er",
            at=reply.at,
            by=by,
            reason="",
            sentence=reply.sentence or "",
        )


def _of_revision(
    one: Revision, was: Revision | None, is_again: bool, names: dict[UUID, str], written: dict[datetime, str]
) -> Step:
    is_first = one.number == 1
    is_held_otherwise = was is None or was.format != one.format
    return Step(
        title="Tatt opp igjen" if is_again else _of_change(one, was),
        at=one.made_at,
        by=names.get(one.made_by, SOMEBODY),
        reason="" if is_first else _reason(one.reason, is_again=is_again),
        sentence="" if is_first else written.get(one.made_at, ""),
        what=words.FORMATS[Format(one.format)] if is_held_otherwise else "",
        overruled=_overruled(one.overruled_why, one.overruled),
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        place=place_words.lines(one),
    )


def _of_change(one: Revision, was: Revision | None) -> str:
    """What of time, format and place is another than in the revision before."""
    if was is None:
        return "Bestilt"
    is_moved = (was.starts_at, was.ends_at) != (one.starts_at, one.ends_at)
    if was.format != one.format:
        return "Flyttet, og ny møteform" if is_moved else "Ny møteform"
    if is_moved:
        return "Flyttet"
    return "Endret sted eller telefon"


def _of_event(one: AuditEvent, names: dict[UUID, str], written: dict[datetime, str], people: dict[UUID, str]) -> Step:
    what = [_what(one.action, name) for name in str(one.detail.get("what", "")).split()]
    return Step(
        title=_title(one, people),
        at=one.at,
        by=names.get(one.actor_id, SOMEBODY) if one.actor_id else THE_HOUSE,
        reason=_reason(one.reason) if one.action in TITLES else _why_corrected(one.reason),
        sentence=written.get(one.at, ""),
        what=", ".join(filter(None, what)),
        overruled=_overruled(str(one.detail.get("overruled_why", "")), str(one.detail.get("overruled", "")).split()),
    )


def _what(action: str, name: str) -> str:
    if action.startswith("partner."):
        return "tekstene" if name == Changed.TEXTS else _DETAILS.get(Changed(name), "")
    return _DETAILS[Detail(name)]


def _title(event: AuditEvent, people: dict[UUID, str]) -> str:
    if event.action in TITLES:
        return TITLES[event.action]
    if event.action in _OF_PEOPLE:
        who = people.get(event.subject_id, "en deltaker")
        told = _OF_PEOPLE[event.action].format(who=who)
        return told[:1].upper() + told[1:]
    if event.action in _SAID_AFTER:
        return _SAID_AFTER[event.action][bool(event.detail.get("held"))]
    role = words.ROLES.get(Role(event.detail["role"]), "")
    return f"Notert om {role}: {OUTCOMES[Outcome(event.detail['outcome'])][1].lower()}"


def _reason(code: str, *, is_again: bool = False) -> str:
    if code not in Reason.values:
        return ""
    again = words.REASONS_AGAIN.get(Reason(code)) if is_again else None
    return again or words.REASONS[Reason(code)]


def _why_corrected(code: str) -> str:
    return WHYS[WhyCorrected(code)] if code in WhyCorrected.values else ""


def _overruled(why: str, codes: Iterable[str]) -> str:
    """Why, and what was overruled."""
    if why not in WhyOverruled.values:
        return ""
    what = [words.SPOKE_AGAINST[code] for code in codes if code in words.SPOKE_AGAINST]
    return f"{words.OVERRULED[WhyOverruled(why)]} ({', '.join(what)})" if what else words.OVERRULED[WhyOverruled(why)]


def _people(meeting: Meeting) -> dict[UUID, str]:
    """Those from Nav by name, the others by their role: what they are called is not kept after they are gone."""
    found = meeting.participants.select_related("user")
    return {one.pk: (one.user.name if one.user else "") or words.ROLES.get(Role(one.role), "") for one in found}


def _names(ids: set[UUID]) -> dict[UUID, str]:
    return {one.pk: one.name or SOMEBODY for one in User.objects.filter(pk__in=ids)}
