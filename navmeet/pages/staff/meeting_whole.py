"""What the page of a meeting shows, in words; the number of queries does not follow how much has happened."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from invitations import still_true, told_apart
from invitations.consents import video_choice
from invitations.door import OPENS_BEFORE
from invitations.messages.log import LogLine, message_log
from invitations.models import Answer, Consent, Given, Invitation, Reply
from invitations.reading import is_within_window
from meetings import permissions
from meetings.handing_over import CAN_BE_HANDED_OVER
from meetings.models import Format, Meeting, Participant, Role, Status
from navmeet.accounts.actor import Actor
from navmeet.pages.staff import history, place_words, words
from navmeet.pages.staff.week_rows import Tag, Waiting
from navmeet.people.models import Person
from navmeet.people.numbers import birth_date


@dataclass(frozen=True)
class Said:
    """An answer, or what the holder of the bare link asked. `became` is what came of a wish, "" while it is open."""

    tag: Tag
    words: str
    at: datetime
    is_known: bool
    is_about_earlier: bool
    how: str
    became: str
    is_withdrawn: bool

    @property
    def counts_as(self) -> Tag:
        """How the meeting stands with them now: a wish that is answered is none any more."""
        return words.WISH_ANSWERED if self.became else self.tag


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
    invitation_id: UUID | None
    first_read_at: datetime | None
    answer: Said | None
    earlier: list[Said]
    unknown: list[Said]
    choice: Consent | None
    log: list[LogLine]
    history: list[history.Step]
    waiting: list[Waiting]
    may_change: bool
    may_hand_over: bool
    may_reinstate: bool
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
    said = _said(invitation)
    known = [one for one in said if one.is_known]
    counts = next((one for one in known if not one.is_withdrawn), None)
    is_hosts = by.id == meeting.host_id and meeting.format == Format.VIDEO and meeting.status == Status.SCHEDULED
    log = message_log(meeting)
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
        place=place_words.lines(revisions[-1]),
        invitation_id=invitation.pk if invitation else None,
        first_read_at=invitation.first_read_at if invitation else None,
        answer=counts,
        earlier=[one for one in known if one is not counts],
        unknown=[one for one in said if not one.is_known],
        choice=video_choice(meeting),
        log=log,
        history=history.of_meeting(meeting, citizen, revisions, log),
        waiting=_waiting(meeting, at),
        may_change=meeting.status == Status.SCHEDULED and at < meeting.ends_at and permissions.can_change(by, meeting),
        may_hand_over=meeting.status in CAN_BE_HANDED_OVER and permissions.can_change(by, meeting),
        may_reinstate=meeting.status == Status.CANCELLED
        and at < meeting.ends_at
        and person.deceased_known_at is None
        and permissions.can_change(by, meeting),
        may_enter=is_hosts and is_within_window(meeting, at),
        opens_at=meeting.starts_at - OPENS_BEFORE if is_hosts and at < meeting.starts_at - OPENS_BEFORE else None,
        has_begun=at >= meeting.starts_at,
    )


def _born(person: Person) -> date | None:
    current = person.identities.filter(is_current=True).first()
    return birth_date(current.number) if current else None


def _said(invitation: Invitation | None) -> list[Said]:
    """The newest first."""
    if invitation is None:
        return []
    given = invitation.answers.select_related("reply").order_by("-id")
    holding = still_true.of_now(given)
    return [
        Said(
            tag=words.ANSWERS[Answer.Kind(one.kind)],
            words=one.words or "",
            at=one.given_at,
            is_known=one.is_known,
            is_about_earlier=one.pk not in holding,
            how=words.RELEASED_BY[one.given] if one.given != Given.PAGE else "",
            became=words.REPLIES[Reply.Kind(reply.kind)] if reply else "",
            is_withdrawn=reply is not None and reply.kind == Reply.Kind.WITHDRAWN,
        )
        for one in given
        for reply in [getattr(one, "reply", None)]
    ]


def _waiting(meeting: Meeting, at: datetime) -> list[Waiting]:
    found = [one for one in meeting.tasks.filter(done_at=None).order_by("due_at", "id") if not one.is_a_wish]
    which = told_apart.of_tasks(found)
    return [
        Waiting(task=one, sentence=words.task(one, which.get(one.pk, "")), who="", is_late=one.due_at < at)
        for one in found
    ]
