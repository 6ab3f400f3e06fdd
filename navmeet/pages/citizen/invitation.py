"""A citizen's own meetings: the list, one invitation whole, the answer, the choice, the calendar entry."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from invitations import answers, calendar_entry, consents, entering, reading
from invitations.models import Answer, Invitation
from meetings.models import Format
from minutes.models import Version
from navmeet import clock
from navmeet.accounts.pages import CitizenRequest, citizen_page
from navmeet.exceptions import DomainError
from navmeet.pages.citizen.forms import ANSWERS, AnswerForm, ChoiceForm
from navmeet.pages.errors_in_forms import put

ROWS = 20


@citizen_page
@require_GET
def meetings(request: CitizenRequest) -> HttpResponse:
    """My meetings with Nav: those that come, the nearest first, then those that were."""
    at = clock.now()
    mine = reading.mine(request.actor)
    coming = sorted(
        mine.filter(participant__meeting__ends_at__gt=at), key=lambda one: one.participant.meeting.starts_at
    )
    past = Paginator(mine.filter(participant__meeting__ends_at__lte=at), ROWS).get_page(request.GET.get("page"))
    return render(request, "pages/citizen/meetings.html", {"coming": coming, "past": past})


@citizen_page
@require_GET
def invitation(request: CitizenRequest, invitation_id: UUID) -> HttpResponse:
    """One invitation, whole."""
    return _show(request, invitation_id)


@citizen_page(form=AnswerForm)
@require_POST
def answer(request: CitizenRequest, invitation_id: UUID) -> HttpResponse:
    """Answer, or change the answer."""
    form = AnswerForm(request.POST)
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
            put(error, form)
        else:
            messages.success(request, _("Takk, vi har fått svaret ditt."))
            return redirect("my-invitation", invitation_id=invitation_id)
    return _show(request, invitation_id, answer_form=form)


@citizen_page(form=ChoiceForm)
@require_POST
def choice(request: CitizenRequest, invitation_id: UUID) -> HttpResponse:
    """Say yes or no to meeting by video."""
    form = ChoiceForm(request.POST)
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
            put(error, form)
        else:
            messages.success(request, _("Takk, vi har lagret valget ditt."))
            return redirect("my-invitation", invitation_id=invitation_id)
    return _show(request, invitation_id, choice_form=form)


@citizen_page
@require_GET
def calendar(request: CitizenRequest, invitation_id: UUID) -> HttpResponse:
    """The calendar entry, as of now."""
    return calendar_entry.response(reading.read(invitation_id, by=request.actor), language=get_language() or "nb")


@citizen_page
@require_POST
def enter(request: CitizenRequest, invitation_id: UUID) -> HttpResponse:
    """On to the video platform, decided now."""
    return redirect(entering.enter(invitation_id=invitation_id, by=request.actor, at=clock.now()))


def _show(
    request: CitizenRequest,
    invitation_id: UUID,
    *,
    answer_form: AnswerForm | None = None,
    choice_form: ChoiceForm | None = None,
) -> HttpResponse:
    at = clock.now()
    read = reading.read(invitation_id, by=request.actor)
    # Being shown it is what counts as read; saying it again changes nothing.
    Invitation.objects.filter(pk=invitation_id, first_read_at=None).update(first_read_at=at)
    language = get_language() or "nb"
    is_wrong = answer_form is not None or choice_form is not None
    context = {
        "read": read,
        "meeting": read.meeting,
        "revision": read.revision,
        "type_name": read.meeting.type.name_in(language),
        "duty_sentence": read.meeting.type.duty_sentence_in(language),
        "can_answer": read.is_open and at < read.meeting.starts_at,
        "answer_form": answer_form or AnswerForm(initial=_answer_values(read)),
        "answer_label": _label(read.answer),
        "answer_is_old": read.answer is not None and read.answer.revision_number != read.meeting.revision_number,
        "choice_form": choice_form or ChoiceForm(initial=_choice_values(read, language)),
        "choice_text": consents.video_text(language),
        "asks_about_video": read.meeting.format == Format.VIDEO,
        "may_enter": reading.is_within_window(read.meeting, at),
        "opens_at": read.meeting.starts_at - reading.OPENS_BEFORE,
        "is_over": at >= read.meeting.ends_at,
        "minutes_url": f"/my/{invitation_id}/minutes/",
        "has_minutes": Version.objects.filter(meeting=read.meeting).exists(),
    }
    return render(request, "pages/citizen/invitation.html", context, status=409 if is_wrong else 200)


def _answer_values(read: reading.Read) -> dict[str, object]:
    values: dict[str, object] = {"revision": read.meeting.revision_number}
    if read.answer is not None and read.answer.revision_number == read.meeting.revision_number:
        values |= {"kind": read.answer.kind, "words": read.answer.words or ""}
    return values


def _choice_values(read: reading.Read, language: str) -> dict[str, object]:
    values: dict[str, object] = {"text_version": consents.VIDEO_VERSION, "language": language}
    if read.choice is not None:
        values["yes"] = "yes" if read.choice.said_yes else "no"
    return values


def _label(given: Answer | None) -> str:
    return str(dict(ANSWERS)[Answer.Kind(given.kind)]) if given else ""
