"""Releases: the citizen says whether one partner may take part, or it is recorded as said; and takes effect at once.

The last word counts. A yes opens the partner's access and invites them; a no closes it and voids what was on its way,
in the same transaction. Where the law decides nobody is asked, but anybody may ask.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from invitations import bases, permissions, release_texts
from invitations.answers import load_for_change
from invitations.messages import plan_partners
from invitations.models import Consent, Invitation, Why
from invitations.promised import due_by
from meetings import permissions as meeting_permissions
from meetings import states
from meetings.models import PARTNERS, Basis, Meeting, MeetingType, Participant, Role, Status, Task
from meetings.partners import PartnerInput
from navmeet.accounts.actor import Actor
from navmeet.audit.record import record
from navmeet.change import change
from navmeet.exceptions import Conflict, Invalid, NotFound, Stale
from navmeet.outbox.publish import Consequences, gather
from navmeet.people.clearance import Clearance

# How a word of the citizen's reached the employee who records it.
RECORDED = frozenset({Consent.Given.PHONE, Consent.Given.COUNTER, Consent.Given.LETTER})


@dataclass(frozen=True)
class PartnerSeen:
    """A partner as the citizen reads of them. `text` is the question, or where the law decides what it says.

    `release` is YES, NO or NONE (not asked, not answered, or a yes that was to somebody else by name). `is_shut`:
    whatever was said, Nav lets them in no more.
    """

    participant_id: UUID
    role: Role
    name: str
    organisation: str
    basis: Basis | None
    section: str
    release: str
    given_at: datetime | None
    given_how: str
    text: str
    text_version: str
    language: str
    is_shut: bool


def partners_of(invitation: Invitation, language: str) -> list[PartnerSeen]:
    """Who from outside Nav takes part, or may. For the citizen's own invitation only: others are told nothing."""
    meeting = Meeting.objects.select_related("type").get(pk=invitation.participant.meeting_id)
    if invitation.participant.role != Role.CITIZEN:
        return []
    found = meeting.participants.filter(role__in=sorted(PARTNERS), removed_at=None).select_related("contact")
    listed = list(found.order_by("pk"))
    shut_before = bases.shut_before(meeting.pk) if listed else None
    return [_seen(partner, meeting, release_texts.language_of(language), shut_before) for partner in listed]


def said_of(partner: PartnerInput, meeting_type: MeetingType, language: str) -> str:
    """What the citizen will read about a partner who is asked for and not there yet."""
    who = f"{partner.name} ({partner.organisation})" if partner.organisation else partner.name
    role = Role(partner.role)
    return _said(
        who, role, meeting_type.basis_of(role), meeting_type.section_of(role), release_texts.language_of(language)
    )


def _said(who: str, role: Role, basis: Basis | None, section: str, language: str) -> str:
    if basis == Basis.LAW:
        return release_texts.by_law(who, role, section, language)
    return release_texts.question(who, role, language)


def _seen(partner: Participant, meeting: Meeting, language: str, shut_before: datetime | None) -> PartnerSeen:
    partner.meeting = meeting
    role, contact = Role(partner.role), bases.contact_of(partner)
    basis, section, last = bases.basis_of(partner), meeting.type.section_of(role), bases.last_word(partner)
    said = "NONE"
    if last is not None:
        said = "NO" if not last.said_yes else "YES" if bases.is_released(partner) else "NONE"
    who = bases.who(contact)
    return PartnerSeen(
        participant_id=partner.pk,
        role=role,
        name=contact.name if contact else "",
        organisation=(contact.organisation or "") if contact else "",
        basis=basis,
        section=section,
        release=said,
        given_at=last.given_at if last and said != "NONE" else None,
        given_how=last.given if last and said != "NONE" else "",
        text=_said(who, role, basis, section, language),
        text_version=release_texts.VERSION,
        language=language,
        is_shut=shut_before is not None and partner.added_at < shut_before,
    )


@change
def answer_release(
    *,
    invitation_id: UUID,
    recipient_id: UUID,
    said_yes: bool,
    text_version: str,
    language: str,
    by: Actor,
    at: datetime,
) -> Consent:
    """The citizen's own word, with the text as shown. It can be taken back for as long as the partner takes part.

    Raises NotFound, NotPermitted below level high, WrongState for a yes to a meeting that is not to come, Conflict
    where the law decides or protection keeps the partner out, and Stale when the text has changed since it was shown.
    """
    invitation, meeting = load_for_change(invitation_id, by=by)
    permissions.check_can_release(by, invitation)
    partner = _to_be_released(meeting, recipient_id)
    if text_version != release_texts.VERSION:
        raise Stale("Teksten er endret siden du åpnet siden. Les den på nytt og svar igjen.")
    _check_can_say(partner, said_yes, at)

    kept = _store(partner, said_yes, language, {"given": Consent.Given.PAGE, "given_by": by.known_id}, at)
    gather(_take_effect(partner, meeting, by, at))

    record("release.answered", by=by, at=at, subject=kept, meeting_id=meeting.pk, said_yes=said_yes)
    return kept


@change
def record_release(
    *,
    meeting_id: UUID,
    recipient_id: UUID,
    said_yes: bool,
    how: Consent.Given,
    by: Actor,
    clearance: Clearance,
    at: datetime,
) -> Consent:
    """What the citizen said by phone, at the counter or in a letter. They see it, and can change it themselves.

    Raises NotFound, NotPermitted, Unavailable, WrongState, Conflict where the law decides or protection keeps the
    partner out, Invalid at `how`.
    """
    meeting = Meeting.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=meeting_id).first()
    if meeting is None:
        raise NotFound("Vi finner ikke møtet.", code="meeting_not_found")
    meeting_permissions.check_can_change(by, meeting)
    clearance.check_covers(person_id=meeting.citizen_id(), by=by, at=at)
    if how not in RECORDED:
        raise Invalid("Velg hvordan innbyggeren svarte.", code="how_missing", field="how")
    partner = _to_be_released(meeting, recipient_id)
    _check_can_say(partner, said_yes, at)

    given = {"given": how, "given_by": by.known_id, "given_office": by.known_office}
    kept = _store(partner, said_yes, meeting.citizen().language, given, at)
    gather(_take_effect(partner, meeting, by, at))

    record("release.recorded", by=by, at=at, subject=kept, meeting_id=meeting.pk, said_yes=said_yes, how=how)
    return kept


@change
def ask_about_partner(*, invitation_id: UUID, recipient_id: UUID, by: Actor, at: datetime) -> Task:
    """The citizen wants to talk with their caseworker about a partner. Asking twice is asking once.

    Raises NotFound, NotPermitted, WrongState once the meeting is over or off.
    """
    invitation, meeting = load_for_change(invitation_id, by=by)
    permissions.check_can_choose(by, invitation)
    states.check_is_scheduled(meeting)
    _check_not_over(meeting, at)
    partner = _partner(meeting, recipient_id)
    task, _ = Task.objects.update_or_create(
        meeting=meeting,
        kind=Task.Kind.ABOUT_PARTNER,
        about=f"partner:{partner.pk.hex}",
        defaults={"done_at": None, "done_by": None, "made_at": at, "due_at": due_by(meeting, at)},
    )
    record("partner.asked_about", by=by, at=at, subject=partner, meeting_id=meeting.pk)
    return task


def _partner(meeting: Meeting, recipient_id: UUID) -> Participant:
    found = meeting.participants.filter(pk=recipient_id, role__in=sorted(PARTNERS), removed_at=None)
    partner = found.select_related("contact", "meeting__type").first()
    if partner is None:
        raise NotFound("Vi finner ikke deltakeren i møtet.", code="participant_not_found")
    return partner


def _to_be_released(meeting: Meeting, recipient_id: UUID) -> Participant:
    partner = _partner(meeting, recipient_id)
    if bases.basis_of(partner) != Basis.RELEASE:
        raise Conflict(
            "Loven bestemmer at denne deltakeren blir innkalt. Be veilederen din om å ta kontakt hvis du lurer på noe.",
            code="basis_is_law",
        )
    return partner


def _check_can_say(partner: Participant, said_yes: bool, at: datetime) -> None:
    """A no is always heard; a yes only to a meeting that is to come, and where it would let the partner in."""
    if not said_yes:
        return
    states.check_is_scheduled(partner.meeting)
    _check_not_over(partner.meeting, at)
    if bases.is_shut(partner):
        raise Conflict("Nav har stengt tilgangen for denne deltakeren.", code="partner_is_shut")


def _check_not_over(meeting: Meeting, at: datetime) -> None:
    if at >= meeting.ends_at:
        raise states.WrongState("Tiden for møtet er passert.")


def _store(partner: Participant, said_yes: bool, language: str, given: Mapping[str, object], at: datetime) -> Consent:
    language = release_texts.language_of(language)
    shown = release_texts.question(bases.who(bases.contact_of(partner)), Role(partner.role), language)
    return Consent.objects.create(
        person_id=partner.meeting.citizen_id(),
        meeting=partner.meeting,
        purpose=Consent.Purpose.PARTNER_TAKES_PART,
        recipient=partner,
        said_yes=said_yes,
        text_version=release_texts.VERSION,
        text_language=language,
        text_shown=shown,
        given_at=at,
        **given,
    )


def _take_effect(partner: Participant, meeting: Meeting, by: Actor, at: datetime) -> Consequences:
    """By the ledger's last word, which is this one unless two came in the same moment."""
    about: dict[str, Any] = {"meeting": meeting, "kind": Task.Kind.NO_TO_PARTNER, "about": f"partner:{partner.pk.hex}"}
    if bases.has_basis(partner):
        Task.objects.filter(**about, done_at=None).update(done_at=at, done_by=by.id)
        return plan_partners.open_up(partner, at)
    if meeting.status == Status.SCHEDULED and at < meeting.ends_at:
        fresh = {"done_at": None, "done_by": None, "made_at": at, "due_at": due_by(meeting, at)}
        Task.objects.update_or_create(**about, defaults=fresh)
    return plan_partners.close(partner, Why.NO_BASIS, at, tell=at < meeting.ends_at)
