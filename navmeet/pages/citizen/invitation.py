"""A citizen's own meetings: the list, one invitation whole, the answer, the choice, the calendar entry."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from invitations import answers, calendar_entry, consents, door, promised, reading, releases, still_true, what_happened
from invitations.models import Answer, Invitation
from invitations.reasons import is_held_after_all
from meetings.models import Caller, Duty, Format, Meeting, Revision, Status
from minutes.models import Version
from navmeet import clock
from navmeet.accounts.pages import CitizenRequest, citizen_page
from navmeet.api.problems import status_of
from navmeet.exceptions import DomainError
from navmeet.look.phones import spaced
from navmeet.pages.citizen import wish_card
from navmeet.pages.citizen.door import name_form
from navmeet.pages.citizen.forms import ANSWERS, AccountForm, AnswerForm, ChoiceForm, Words
from navmeet.pages.errors_in_forms import put

FormT = TypeVar("FormT", AnswerForm, ChoiceForm)
ROWS = 20
# A form's own address, opened again after logging in elsewhere or from the history, leads back to the invitation.
form_of_a_page = require_http_methods(["GET", "HEAD", "POST"])


@citizen_page
@require_safe
def meetings(request: CitizenRequest) -> HttpResponse:
    """My meetings with Nav: those that come, the nearest first, then those that were."""
    at = clock.now()
    mine = reading.mine(request.actor)
    coming = sorted(
        mine.filter(participant__meeting__ends_at__gt=at), key=lambda one: one.participant.meeting.starts_at
    )
    past = Paginator(mine.filter(participant__meeting__ends_at__lte=at), ROWS).get_page(request.GET.get("page"))
    context = {"coming": _cards(coming), "past": past, "past_cards": _cards(past.object_list)}
    return render(request, "pages/citizen/meetings.html", context)


def _cards(invitations: Iterable[Invitation]) -> list[dict[str, object]]:
    language = get_language() or "nb"
    meetings_of = [(one, one.participant.meeting) for one in invitations]
    return [
        {"invitation": one, "meeting": meeting, "type_name": meeting.type.name_in(language)}
        for one, meeting in meetings_of
    ]


@citizen_page
@require_safe
def invitation(request: CitizenRequest, invitation_id: UUID) -> HttpResponse:
    """One invitation, whole."""
    return _show(request, invitation_id)


@citizen_page(form=Words)
@form_of_a_page
def answer(request: CitizenRequest, invitation_id: UUID) -> HttpResponse:
    """Answer, or change the answer."""
    if request.method != "POST":
        return redirect("my-invitation", invitation_id=invitation_id)
    form, status = AnswerForm(request.POST), 400
    if form.is_valid():
        try:
            answers.answer(
                invitation_id=invitation_id,
                revision_number=form.cleaned_data["revision"],
                kind=Answer.Kind(form.cleaned_data["kind"]),
                words=form.cleaned_data["words"],
                by=request.actor,
                at=clock.now(),
            )
        except DomainError as error:
            status = status_of(error)
            put(error, form)
        else:
            messages.success(request, _("Takk, vi har fått svaret ditt."))
            return redirect("my-invitation", invitation_id=invitation_id)
    return _show(request, invitation_id, answer_form=form, status=status)


@citizen_page
@form_of_a_page
def choice(request: CitizenRequest, invitation_id: UUID) -> HttpResponse:
    """Say yes or no to meeting by video."""
    if request.method != "POST":
        return redirect("my-invitation", invitation_id=invitation_id)
    form, status = ChoiceForm(request.POST), 400
    if form.is_valid():
        try:
            consents.choose_video(
                invitation_id=invitation_id,
                said_yes=form.cleaned_data["yes"] == "yes",
                text_version=form.cleaned_data["text_version"],
                language=form.cleaned_data["language"],
                by=request.actor,
                at=clock.now(),
            )
        except DomainError as error:
            status = status_of(error)
            put(error, form)
        else:
            messages.success(request, _("Takk, vi har lagret valget ditt."))
            return redirect("my-invitation", invitation_id=invitation_id)
    return _show(request, invitation_id, choice_form=form, status=status)


@citizen_page(form=AccountForm)
@form_of_a_page
def account(request: CitizenRequest, invitation_id: UUID) -> HttpResponse:
    """Say what happened, for one who is noted as not having met."""
    if request.method != "POST":
        return redirect("my-invitation", invitation_id=invitation_id)
    form, status = AccountForm(request.POST), 400
    if form.is_valid():
        try:
            words = form.cleaned_data["words"]
            what_happened.give_account(invitation_id=invitation_id, words=words, by=request.actor, at=clock.now())
        except DomainError as error:
            status = status_of(error)
            put(error, form)
        else:
            messages.success(request, _("Takk, vi har fått det du skrev."))
            return redirect("my-invitation", invitation_id=invitation_id)
    return _show(request, invitation_id, account_form=form, status=status)


@citizen_page
@require_safe
def calendar(request: CitizenRequest, invitation_id: UUID) -> HttpResponse:
    """The calendar entry, as of now."""
    return calendar_entry.response(reading.read(invitation_id, by=request.actor), language=get_language() or "nb")


def _show(
    request: CitizenRequest,
    invitation_id: UUID,
    *,
    answer_form: AnswerForm | None = None,
    choice_form: ChoiceForm | None = None,
    account_form: AccountForm | None = None,
    status: int = 200,
) -> HttpResponse:
    at = clock.now()
    read = reading.read(invitation_id, by=request.actor)
    if request.method == "GET" and read.invitation.first_read_at is None:
        # Being shown it is what counts as read; saying it again changes nothing.
        Invitation.objects.filter(pk=invitation_id, first_read_at=None).update(first_read_at=at)
    language = get_language() or "nb"
    meeting = read.meeting
    has_begun = at >= meeting.starts_at
    context = _situation(read, at) | {
        "read": read,
        "meeting": meeting,
        "revision": read.revision,
        "where": _where(read.revision),
        "type_name": meeting.type.name_in(language),
        "duty_sentence": meeting.type.duty_sentence_in(language),
        "answer_form": _current(answer_form, read) or AnswerForm(initial=_answer_values(read)),
        "answer_label": _label(read.answer),
        "answer_recorded": wish_card.recorded(read.answer, read.invitation),
        "choice_recorded": wish_card.recorded(read.choice, read.invitation),
        "recorded_releases": wish_card.recorded_releases(read.invitation),
        "wish": wish_card.card(read.invitation, meeting, read.answer, path=f"/my/{invitation_id}/wish/", at=at),
        "choice_form": _current(choice_form, read) or ChoiceForm(initial=_choice_values(read, language)),
        "choice_text": consents.video_text(language),
        "asks_what_happened": has_begun and what_happened.is_asked(read.invitation),
        "accounts": what_happened.accounts_of(read.invitation) if has_begun else [],
        "account_form": account_form or AccountForm(),
        "name_form": name_form(request),
        "partners": releases.partners_of(read.invitation, language),
        "minutes_url": f"/my/{invitation_id}/minutes/",
        "has_minutes": Version.objects.filter(meeting=meeting).exists(),
    }
    return render(request, "pages/citizen/invitation.html", context, status=status)


def _situation(read: reading.Read, at: datetime) -> dict[str, object]:
    """What can be done now, and how urgent it is."""
    meeting = read.meeting
    can_answer = read.is_open and at < meeting.starts_at
    is_over = at >= meeting.ends_at
    is_old = read.answer is not None and not still_true.holds(read.answer)
    is_moved = meeting.revision_number > 1 and read.is_open and not is_over
    return {
        "is_duty": meeting.type.duty == Duty.DUTY,
        "is_over": is_over,
        "is_cancelled": meeting.status == Status.CANCELLED,
        "is_moved": is_moved,
        "is_held_after_all": is_moved and is_held_after_all(read.invitation.participant),
        "can_answer": can_answer,
        "answer_is_old": is_old,
        "has_answered": read.answer is not None and not is_old,
        "tells_way_in": not is_over and read.is_open and meeting.format != Format.PHONE,
        "asks_about_video": can_answer and meeting.format == Format.VIDEO,
        "may_enter": door.may_come_in(read.invitation, at) == door.Decision.OPEN,
        "opens_at": door.opens_at(read.invitation.participant),
        "answer_heard_by": _heard_by(meeting, read.answer.given_at if read.answer else None, at),
        "choice_heard_by": _heard_by(meeting, read.choice.given_at if read.choice else None, at),
    }


def _heard_by(meeting: Meeting, asked_at: datetime | None, at: datetime) -> datetime | None:
    """By when to promise an answer; None where the day is too near, or has gone, to promise one."""
    by = promised.heard_by(meeting, asked_at) if asked_at else at
    return by if by > at else None


def _current(form: FormT | None, read: reading.Read) -> FormT | None:
    """A form with errors as it was sent, but about the meeting as it is shown now."""
    if form is not None:
        form.data = {name: form.data.get(name) for name in form.data} | {"revision": str(read.meeting.revision_number)}
    return form


def _answer_values(read: reading.Read) -> dict[str, object]:
    values: dict[str, object] = {"revision": read.meeting.revision_number}
    if read.answer is not None and still_true.holds(read.answer):
        # What was written belongs to the answer given then; it stands above the form, and a new answer gets new words.
        values["kind"] = read.answer.kind
    return values


def _choice_values(read: reading.Read, language: str) -> dict[str, object]:
    values: dict[str, object] = {"text_version": consents.VIDEO_VERSION, "language": language}
    if read.choice is not None:
        values["yes"] = "yes" if read.choice.said_yes else "no"
    return values


def _label(given: Answer | None) -> str:
    return str(dict(ANSWERS)[Answer.Kind(given.kind)]) if given else ""


def _where(revision: Revision) -> str:
    """Where to be, in one line: the address, or who rings whom."""
    if revision.format == Format.PHONE:
        said = _("Vi ringer deg på %(phone)s.") if revision.caller == Caller.NAV else _("Du ringer oss på %(phone)s.")
        return said % {"phone": spaced(revision.phone or "")}
    return revision.address or ""
