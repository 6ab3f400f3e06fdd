"""Changing the rest: what is written to the citizen, in which language, and whether they must show who they are."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from meetings.changes import load_for_change
from meetings.events import Detail, DetailsChanged
from meetings.models import Meeting, Participant
from meetings.people import check_people_can_change
from meetings.texts import CitizenTexts, check_language
from navmeet.accounts.actor import Actor
from navmeet.audit.record import record
from navmeet.change import change
from navmeet.exceptions import Conflict
from navmeet.outbox.publish import publish
from navmeet.people.clearance import Clearance


@dataclass(frozen=True)
class Details:
    """All of it, as it is to hold. `language` is the one they are written to in."""

    texts: CitizenTexts = field(repr=False)
    language: str
    check_identity: bool


def as_it_is(meeting: Meeting) -> Details:
    """The details as they are now. One query."""
    return _of(meeting, meeting.citizen())


@change
def change_details(
    *,
    meeting_id: UUID,
    version: int,
    details: Details,
    is_correction: bool,
    can_be_told: bool,
    by: Actor,
    clearance: Clearance,
    at: datetime,
) -> Meeting:
    """`details` is the whole of what is to hold. `is_correction`: the texts say the same, only written right.

    A correction tells nobody; nor does another language, in which the next message is. New texts tell the citizen,
    and so does that they must show who they are. Raises NotFound, NotPermitted, Stale, WrongState, InvalidFields,
    Invalid at `language`, Conflict when nothing is another.
    """
    meeting = load_for_change(meeting_id, version=version, by=by, clearance=clearance, at=at)
    check_people_can_change(meeting, at)
    citizen = meeting.citizen()
    wanted = _checked(details)
    what = _what_changes(_of(meeting, citizen), wanted, is_correction=is_correction)

    citizen.theme = wanted.texts.theme
    citizen.purpose = wanted.texts.purpose or None
    citizen.preparations = wanted.texts.preparations or None
    citizen.language = wanted.language
    citizen.save(update_fields=["theme", "purpose", "preparations", "language"])
    meeting.check_identity = wanted.check_identity
    meeting.version += 1
    meeting.save(update_fields=["check_identity", "version"])

    record("meeting.details_changed", by=by, at=at, subject=meeting, meeting_id=meeting.pk, what=" ".join(sorted(what)))
    publish(DetailsChanged(meeting_id=meeting.pk, what=what, can_be_told=can_be_told, at=at))
    return meeting


def _of(meeting: Meeting, citizen: Participant) -> Details:
    texts = CitizenTexts(
        theme=citizen.theme or "", purpose=citizen.purpose or "", preparations=citizen.preparations or ""
    )
    return Details(texts=texts, language=citizen.language, check_identity=meeting.check_identity)


def _checked(details: Details) -> Details:
    language = check_language(details.language)
    return Details(texts=details.texts.checked(), language=language, check_identity=details.check_identity)


def _what_changes(before: Details, after: Details, *, is_correction: bool) -> frozenset[Detail]:
    what = set()
    if before.texts != after.texts:
        what.add(Detail.SPELLING if is_correction else Detail.TEXTS)
    if before.language != after.language:
        what.add(Detail.LANGUAGE)
    if before.check_identity != after.check_identity:
        what.add(Detail.IDENTITY_ASKED if after.check_identity else Detail.IDENTITY_NOT_ASKED)
    if not what:
        raise Conflict("Dette er slik det allerede er.", code="nothing_changed")
    return frozenset(what)
