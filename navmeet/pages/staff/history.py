"""What has happened to a meeting, in order: its revisions, and the changes that made none."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from meetings.events import Detail
from meetings.models import (
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
    "staff.added": "En kollega ble lagt til",
    "staff.removed": "En kollega ble tatt ut",
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


def of_meeting(meeting: Meeting, citizen: Participant, revisions: list[Revision]) -> list[Step]:
    """Booked, each change, cancelled, reinstated, and what was said of it afterwards. Three queries."""
    written = {one.written_at: one.sentence for one in ReasonToRecipient.objects.filter(participant=citizen)}
    actions = [*TITLES, *_SAID_AFTER, _SAID_OF, AGAIN]
    events = list(AuditEvent.objects.filter(meeting_id=meeting.pk, action__in=actions).order_by("id"))
    reinstated = {one.detail.get("revision") for one in events if one.action == AGAIN}
    names = _names({one.made_by for one in revisions} | {one.actor_id for one in events if one.actor_id})
    steps = [_of_revision(one, one.number in reinstated, names, written) for one in revisions]
    steps += [_of_event(one, names, written) for one in events if one.action != AGAIN]
    return sorted(steps, key=lambda step: step.at)


def _of_revision(one: Revision, is_again: bool, names: dict[UUID, str], written: dict[datetime, str]) -> Step:
    is_first = one.number == 1
    return Step(
        title="Bestilt" if is_first else "Tatt opp igjen" if is_again else "Endret",
        at=one.made_at,
        by=names.get(one.made_by, SOMEBODY),
        reason="" if is_first else _reason(one.reason, is_again=is_again),
        sentence="" if is_first else written.get(one.made_at, ""),
        overruled=_overruled(one.overruled_why),
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        place=place_words.lines(one),
    )


def _of_event(one: AuditEvent, names: dict[UUID, str], written: dict[datetime, str]) -> Step:
    what = [_DETAILS[Detail(name)] for name in str(one.detail.get("what", "")).split()]
    return Step(
        title=_title(one),
        at=one.at,
        by=names.get(one.actor_id, SOMEBODY) if one.actor_id else THE_HOUSE,
        reason=_reason(one.reason) if one.action in TITLES else _why_corrected(one.reason),
        sentence=written.get(one.at, ""),
        what=", ".join(what),
        overruled=_overruled(str(one.detail.get("overruled_why", ""))),
    )


def _title(event: AuditEvent) -> str:
    if event.action in TITLES:
        return TITLES[event.action]
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


def _overruled(why: str) -> str:
    return words.OVERRULED[WhyOverruled(why)] if why in WhyOverruled.values else ""


def _names(ids: set[UUID]) -> dict[UUID, str]:
    return {one.pk: one.name or SOMEBODY for one in User.objects.filter(pk__in=ids)}
