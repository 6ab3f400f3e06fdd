"""What the page about a meeting's outcome shows and asks of each participant."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django import forms

from invitations import bases, what_happened
from invitations.models import Account, Invitation
from meetings import revisions
from meetings.models import CallAttempt, Caller, Format, Outcome, Participant, ParticipantOutcome, Role, WhyCorrected
from meetings.outcome import CAN_BE_ABSENT, CONCLUDED, GRACE, calls_count_until
from navmeet.accounts.models import User
from navmeet.look import dates
from navmeet.pages.staff.forms import NOT_WHOLE
from navmeet.pages.staff.opened import Opened
from navmeet.pages.staff.partner_forms import Versioned
from navmeet.pages.staff.week_rows import Tag

ROLES = {Role.CITIZEN: "Innbyggeren", Role.DOCTOR: "Legen", Role.EMPLOYER: "Arbeidsgiveren"}
OUTCOMES = {
    Outcome.MET: ("success", "Møtte"),
    Outcome.DID_NOT_MEET: ("danger", "Møtte ikke"),
    Outcome.EXCUSED: ("info", "Meldte fra"),
    Outcome.TECHNICAL_PROBLEM: ("warning", "Tekniske problemer"),
}
WHYS = {
    WhyCorrected.MISTAKE: "Det ble notert ved en feil",
    WhyCorrected.PARTICIPANT_TOLD: "Deltakeren har fortalt hva som skjedde",
    WhyCorrected.LEARNED_LATER: "Vi fikk vite noe nytt på en annen måte",
}
HELD = {"yes": "Møtet ble holdt", "no": "Møtet ble ikke holdt"}


class ConcludeForm(Versioned):
    held = forms.ChoiceField(
        label="Ble møtet holdt?",
        choices=list(HELD.items()),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Velg om møtet ble holdt eller ikke."),
    )


def _why_field(*, required: bool) -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Hvorfor rettes det?",
        choices=[(kind.value, word) for kind, word in WHYS.items()],
        widget=forms.RadioSelect,
        required=required,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Velg hvorfor det rettes."),
    )


class CorrectForm(ConcludeForm):
    why = _why_field(required=True)


class CallForm(Versioned):
    participant = forms.UUIDField(
        widget=forms.HiddenInput, error_messages=dict.fromkeys(("required", "invalid"), NOT_WHOLE)
    )


class OutcomeForm(CallForm):
    outcome = forms.ChoiceField(
        label="Hva skjedde?",
        choices=[(kind.value, word) for kind, (_, word) in OUTCOMES.items()],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Velg hva som skjedde."),
    )
    # Demanded where something else stands and the meeting is concluded: the domain knows.
    why = _why_field(required=False)


@dataclass(frozen=True)
class CallRow:
    at: datetime
    by: str


@dataclass(frozen=True)
class Row:
    """One participant: what stands, what may be said, and the tries to ring them.

    `no_basis` says why a partner is neither to be rung nor told anything; then there is no number here.
    """

    key: str
    name: str
    role: str
    phone: str
    stands: Tag | None
    set_at: datetime | None
    set_by: str
    calls: list[CallRow]
    said: OutcomeForm
    call: CallForm
    asks_why: bool
    may_call: bool
    no_basis: str
    is_asked: bool
    accounts: list[Account]


def of_meeting(opened: Opened, written: Versioned | None) -> list[Row]:
    """The citizen first, then the others in the order they were added."""
    found = list(
        opened.meeting.participants.filter(role__in=CAN_BE_ABSENT, removed_at=None)
        .select_related("person", "contact", "outcome")
        .order_by("added_at", "pk")
    )
    found.sort(key=lambda one: one.role != Role.CITIZEN)
    attempts = list(CallAttempt.objects.filter(participant__in=found).order_by("at"))
    said = [one.outcome for one in found if hasattr(one, "outcome")]
    people = {one.pk: one.name for one in User.objects.filter(pk__in={*_authors(attempts, said)})}
    name_of: Callable[[UUID], str] = lambda pk: people.get(pk, "en ansatt i Nav")  # noqa: E731
    return [
        _row(one, opened, [call for call in attempts if call.participant_id == one.pk], name_of, written)
        for one in found
    ]


def _authors(attempts: list[CallAttempt], said: list[ParticipantOutcome]) -> set[UUID]:
    return {one.by for one in attempts} | {one.set_by for one in said}


def _row(
    one: Participant,
    opened: Opened,
    attempts: list[CallAttempt],
    name_of: Callable[[UUID], str],
    written: Versioned | None,
) -> Row:
    kept: ParticipantOutcome | None = getattr(one, "outcome", None)
    initial = {"version": opened.meeting.version, "participant": one.pk, "outcome": kept.outcome if kept else None}
    ids = ids_of(str(one.pk))
    is_theirs = isinstance(written, CallForm) and written["participant"].value() == str(one.pk)
    said = written if is_theirs and isinstance(written, OutcomeForm) else OutcomeForm(initial=initial, auto_id=ids)
    no_basis = _no_basis(one, opened)
    said["outcome"].help_text = "" if no_basis else _when_absent(one, opened, attempts)
    # Only how it is shown: not as something that may be left out.
    said.fields["why"].required = True
    is_call = is_theirs and not isinstance(written, OutcomeForm)
    contact = getattr(one, "contact", None)
    is_asked, accounts = _account(one)
    return Row(
        key=one.pk.hex,
        name=(one.person.name if one.person else contact.name if contact else "") or "",
        role=ROLES[Role(one.role)],
        phone="" if no_basis else contact.phone if contact else _citizens_phone(opened),
        stands=OUTCOMES[Outcome(kept.outcome)] if kept else None,
        set_at=kept.set_at if kept else None,
        set_by=name_of(kept.set_by) if kept else "",
        calls=[CallRow(call.at, name_of(call.by)) for call in attempts],
        said=said,
        call=written if is_call else CallForm(initial=initial, auto_id=f"call-{ids}"),  # type: ignore[arg-type]
        asks_why=kept is not None and opened.meeting.status in CONCLUDED,
        may_call=not no_basis and opened.at < calls_count_until(opened.meeting),
        no_basis=no_basis,
        is_asked=is_asked,
        accounts=accounts,
    )


def _no_basis(one: Participant, opened: Opened) -> str:
    """Why a partner who is listed is not to be in touch with, or nothing."""
    one.meeting = opened.meeting
    if not one.is_partner or bases.has_basis(one):
        return ""
    who = ROLES[Role(one.role)]
    if bases.is_shut(one):
        return f"Innbyggeren har fått skjermet adresse, og tilgangen er stengt. {who} skal ikke ringes."
    last = bases.last_word(one)
    if last is not None and not last.said_yes:
        return f"Innbyggeren har sagt nei til at {who.lower()} deltar. {who} skal ikke ringes."
    return f"Innbyggeren har ikke sagt ja til at {who.lower()} deltar. {who} skal ikke ringes."


def _account(one: Participant) -> tuple[bool, list[Account]]:
    """Whether the citizen is asked what happened, and what they have said."""
    invitation = Invitation.objects.filter(participant=one).first() if one.role == Role.CITIZEN else None
    if invitation is None:
        return False, []
    return what_happened.is_asked(invitation), what_happened.accounts_of(invitation)


def _when_absent(one: Participant, opened: Opened, attempts: list[CallAttempt]) -> str:
    """What is still wanted before "did not meet" can be said; the domain decides."""
    expected = opened.meeting.starts_at + timedelta(minutes=one.part_offset or 0)
    until = calls_count_until(opened.meeting)
    is_called = any(expected <= call.at < until for call in attempts)
    if not is_called and opened.at >= until:
        return "«Møtte ikke» kan ikke velges, for ingen noterte samme dag at de prøvde å ringe."
    if opened.at < expected + GRACE:
        called = "" if is_called else ", når du har prøvd å ringe"
        return f"«Møtte ikke» kan du velge fra {dates.clock(expected + GRACE)}{called}."
    return "" if is_called else "Prøv å ringe før du velger «Møtte ikke»."


def _citizens_phone(opened: Opened) -> str:
    """The number that was agreed for the call; none is asked for here."""
    place = revisions.place_of(opened.revision)
    is_called = opened.meeting.format == Format.PHONE and place.caller == Caller.NAV
    return (place.phone or "") if is_called else ""


def ids_of(participant: str) -> str:
    """No two fields of the page have the same id."""
    return f"{participant.replace('-', '') or 'meeting'}-%s"
