"""What the page of a meeting shows, in words; the number of queries does not follow how much has happened."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from invitations.consents import video_choice
from invitations.door import OPENS_BEFORE
from invitations.messages.log import LogLine, message_log
from invitations.models import Answer, Consent, Invitation
from invitations.reading import is_within_window
from meetings import permissions
from meetings.models import Format, Meeting, Outcome, Participant, ReasonToRecipient, Revision, Role, Status
from meetings.revisions import place_of
from navmeet.accounts.actor import Actor
from navmeet.accounts.models import User
from navmeet.audit.models import AuditEvent
from navmeet.pages.staff import words
from navmeet.pages.staff.outcome_rows import OUTCOMES, WHYS
from navmeet.pages.staff.week_rows import Tag, Waiting
from navmeet.people.models import Person
from navmeet.people.numbers import birth_date

SOMEBODY = "en ansatt i Nav"
THE_HOUSE = "systemet"
# What was said of the meeting afterwards: the words, the record's action, and what it says.
SAID_AFTER = {
    "meeting.concluded": {True: "Notert som holdt", False: "Notert som ikke holdt"},
    "meeting.corrected": {True: "Rettet til holdt", False: "Rettet til ikke holdt"},
}
SAID_OF = "participant.outcome_set"


@dataclass(frozen=True)
class Said:
    """An answer, or what the holder of the bare link asked."""

    tag: Tag
    words: str
    at: datetime
    is_known: bool
    is_about_earlier: bool


@dataclass(frozen=True)
class Step:
    """One line of the meeting's history."""

    title: str
    at: datetime
    by: str
    reason: str
    sentence: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    place: list[str] | None = None


@dataclass(frozen=True)
class Whole:
    meeting: Meeting
    person: Person
    citizen: Participant
    born: date | None
    protection: str
    type_name: str
    format_name: str
    icon: str
    status: Tag
    language: str
    place: list[str]
    first_read_at: datetime | None
    answer: Said | None
    earlier: list[Said]
    unknown: list[Said]
    choice: Consent | None
    log: list[LogLine]
    history: list[Step]
    waiting: list[Waiting]
    may_change: bool
    may_enter: bool
    opens_at: datetime | None
    has_begun: bool


def whole(meeting: Meeting, *, by: Actor, at: datetime) -> Whole:
    """For one who was let in to the citizen. The meeting comes with type, office and host."""
    citizen = meeting.participants.select_related("person").get(role=Role.CITIZEN)
    person = citizen.person
    assert person is not None  # noqa: S101 the database says so (participant_is_an_employee_or_a_person)
    invitation = Invitation.objects.filter(participant=citizen).first()
    revisions = list(meeting.revisions.order_by("number"))
    said = _said(meeting, invitation)
    known = [one for one in said if one.is_known]
    is_hosts = by.id == meeting.host_id and meeting.format == Format.VIDEO and meeting.status == Status.SCHEDULED
    return Whole(
        meeting=meeting,
        person=person,
        citizen=citizen,
        born=_born(person),
        protection=words.PROTECTED.get(person.protection, ""),  # type: ignore[call-overload]
        type_name=meeting.type.name_in("nb"),
        format_name=words.FORMATS[Format(meeting.format)],
        icon=words.FORMAT_ICONS[Format(meeting.format)],
        status=words.STATUSES[Status(meeting.status)],
        language=words.LANGUAGES.get(citizen.language, citizen.language),
        place=_place(revisions[-1]),
        first_read_at=invitation.first_read_at if invitation else None,
        answer=known[0] if known else None,
        earlier=known[1:],
        unknown=[one for one in said if not one.is_known],
        choice=video_choice(meeting),
        log=message_log(meeting),
        history=_history(meeting, citizen, revisions),
        waiting=_waiting(meeting, at),
        may_change=meeting.status == Status.SCHEDULED and at < meeting.ends_at and permissions.can_change(by, meeting),
        may_enter=is_hosts and is_within_window(meeting, at),
        opens_at=meeting.starts_at - OPENS_BEFORE if is_hosts and at < meeting.starts_at - OPENS_BEFORE else None,
        has_begun=at >= meeting.starts_at,
    )


def _born(person: Person) -> date | None:
    current = person.identities.filter(is_current=True).first()
    return birth_date(current.number) if current else None


def _place(revision: Revision) -> list[str]:
    """Line by line; nothing for a meeting by video."""
    place = place_of(revision)
    if revision.format == Format.PHONE:
        return [f"{words.CALLERS[place.caller]}, {place.phone}"]  # type: ignore[index]
    return [line for line in (place.address, place.room, place.directions) if line]


def _said(meeting: Meeting, invitation: Invitation | None) -> list[Said]:
    """The newest first."""
    if invitation is None:
        return []
    return [
        Said(
            tag=words.ANSWERS[Answer.Kind(one.kind)],
            words=one.words or "",
            at=one.given_at,
            is_known=one.is_known,
            is_about_earlier=one.revision_number != meeting.revision_number,
        )
        for one in invitation.answers.order_by("-id")
    ]


def _history(meeting: Meeting, citizen: Participant, revisions: list[Revision]) -> list[Step]:
    """Booked, each change, cancelled: in order."""
    written = list(ReasonToRecipient.objects.filter(participant=citizen))
    at_time = {one.written_at: one.sentence for one in written}
    names = _names({one.made_by for one in revisions}, meeting.cancelled_by)
    steps = [
        Step(
            title="Bestilt" if one.number == 1 else "Endret",
            at=one.made_at,
            by=names.get(one.made_by, SOMEBODY),
            reason="" if one.number == 1 else words.REASONS[one.reason],  # type: ignore[index]
            sentence="" if one.number == 1 else at_time.get(one.made_at, ""),
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            place=_place(one),
        )
        for one in revisions
    ]
    if meeting.cancelled_at is not None:
        steps.append(
            Step(
                title="Avlyst",
                at=meeting.cancelled_at,
                by=names.get(meeting.cancelled_by, SOMEBODY) if meeting.cancelled_by else THE_HOUSE,
                reason=_why_cancelled(meeting),
                sentence=next((one.sentence for one in written if one.sequence == meeting.sequence), ""),
            )
        )
    return [*steps, *_said_after(meeting)]


def _said_after(meeting: Meeting) -> list[Step]:
    """Held or not, who met, and each correction with its reason: what stood before stays here."""
    events = list(
        AuditEvent.objects.filter(meeting_id=meeting.pk, action__in=[*SAID_AFTER, SAID_OF]).order_by("at", "id")
    )
    names = {one.pk: one.name for one in User.objects.filter(pk__in={one.actor_id for one in events if one.actor_id})}
    return [
        Step(
            title=_title_of(one),
            at=one.at,
            by=names.get(one.actor_id, SOMEBODY) if one.actor_id else THE_HOUSE,
            reason=WHYS.get(one.reason, ""),  # type: ignore[call-overload]
            sentence="",
        )
        for one in events
    ]


def _title_of(event: AuditEvent) -> str:
    if event.action in SAID_AFTER:
        return SAID_AFTER[event.action][bool(event.detail.get("held"))]
    role = words.ROLES.get(Role(event.detail["role"]), "")
    return f"Notert om {role}: {OUTCOMES[Outcome(event.detail['outcome'])][1].lower()}"


def _why_cancelled(meeting: Meeting) -> str:
    """Of the fixed list; it stands in the ledger of what was done, not on the meeting."""
    written = AuditEvent.objects.filter(meeting_id=meeting.pk, action="meeting.cancelled").order_by("-at").first()
    return words.REASONS.get(written.reason, "") if written else ""  # type: ignore[call-overload]


def _names(ids: set[UUID], canceller: UUID | None) -> dict[UUID | None, str]:
    wanted = ids | {canceller} if canceller else ids
    return {one.pk: one.name for one in User.objects.filter(pk__in=wanted)}


def _waiting(meeting: Meeting, at: datetime) -> list[Waiting]:
    return [
        Waiting(task=one, sentence=words.task(one), who="", is_late=one.due_at < at)
        for one in meeting.tasks.filter(done_at=None).order_by("due_at", "id")
    ]
