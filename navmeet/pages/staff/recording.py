"""Keeping what a citizen said: for the caseworkers of the meeting, and for advisers at the contact centre."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from invitations import advising, consents, promised, recorded, suggesting
from invitations.models import Given, Invitation
from meetings import asking
from meetings.models import Format, Meeting, Role, Status
from navmeet import clock
from navmeet.accounts.actor import ActorKind
from navmeet.accounts.pages import StaffRequest, staff_page
from navmeet.api.problems import status_of
from navmeet.audit.record import shown
from navmeet.exceptions import DomainError, NotFound, NotPermitted
from navmeet.pages.errors_in_forms import put
from navmeet.pages.staff.record_forms import RecordChoiceForm, RecordForm
from navmeet.people import clearance
from navmeet.people.clearance import Clearance

KEPT = "Det er lagret. Innbyggeren ser hva som er lagret, av hvem og når, og kan endre det."


@staff_page
@require_http_methods(["GET", "HEAD"])
def of_meeting(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
    """From a meeting to its citizen's page of the kind."""
    meeting = asking.known(meeting_id, by=request.actor)
    citizen = meeting.participants.select_related("invitation").get(role=Role.CITIZEN)
    return redirect("record-answer", invitation_id=citizen.invitation.pk)


@staff_page(form=RecordForm)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: StaffRequest, invitation_id: UUID) -> HttpResponse:
    """The answer, and what they would rather."""
    at = clock.now()
    allowed, invitation = _opened(request, invitation_id, at)
    if request.method != "POST":
        return _page(request, invitation, at)
    form = _answer_form(invitation.participant.meeting, at, request.POST)
    if not form.is_valid():
        return _page(request, invitation, at, answer_form=form, status=400)
    try:
        recorded.record_answer(
            invitation_id=invitation_id,
            said=form.said(),
            how=Given(form.cleaned_data["how"]),
            by=request.actor,
            clearance=allowed,
            at=at,
        )
    except (NotFound, NotPermitted):
        raise
    except DomainError as error:
        put(error, form)
        return _page(request, invitation, at, answer_form=form, status=status_of(error))
    messages.success(request, KEPT)
    return redirect(_back(request, invitation))


@staff_page(form=RecordChoiceForm)
@require_http_methods(["GET", "HEAD", "POST"])
def choice(request: StaffRequest, invitation_id: UUID) -> HttpResponse:
    """Yes or no to video, to the question that is read to them."""
    at = clock.now()
    if request.method != "POST":
        return redirect("record-answer", invitation_id=invitation_id)
    allowed, invitation = _opened(request, invitation_id, at)
    form = RecordChoiceForm(request.POST)
    if not form.is_valid():
        return _page(request, invitation, at, choice_form=form, status=400)
    try:
        recorded.record_choice(
            invitation_id=invitation_id,
            said_yes=form.cleaned_data["yes"] == "yes",
            how=Given(form.cleaned_data["heard"]),
            by=request.actor,
            clearance=allowed,
            at=at,
        )
    except (NotFound, NotPermitted):
        raise
    except DomainError as error:
        put(error, form)
        return _page(request, invitation, at, choice_form=form, status=status_of(error))
    messages.success(request, KEPT)
    return redirect(_back(request, invitation))


def _opened(request: StaffRequest, invitation_id: UUID, at: datetime) -> tuple[Clearance, Invitation]:
    """The citizen is opened, and the showing kept. Raises NotFound, NotPermitted, Unavailable."""
    person_id = recorded.person_of(invitation_id, by=request.actor)
    allowed = clearance.ask(person_id=person_id, by=request.actor, at=at)
    shown("recording.opened", to=request.actor, person_id=person_id, at=at)
    found = Invitation.objects.select_related("participant__meeting", "participant__person")
    return allowed, found.get(pk=invitation_id)


def _answer_form(meeting: Meeting, at: datetime, data: object = None) -> RecordForm:
    is_open = meeting.status == Status.SCHEDULED and at < meeting.starts_at
    offered = suggesting.offered(meeting, at=at) if is_open else ()
    initial = {"revision": meeting.revision_number}
    return RecordForm(data, offered=offered, held=Format(meeting.format), initial=initial)


def _page(
    request: StaffRequest,
    invitation: Invitation,
    at: datetime,
    *,
    answer_form: RecordForm | None = None,
    choice_form: RecordChoiceForm | None = None,
    status: int = 200,
) -> HttpResponse:
    meeting, person = invitation.participant.meeting, invitation.participant.person
    context = {
        "meeting": meeting,
        "invitation": invitation,
        "who": person.name if person else "",
        "answer_form": answer_form or _answer_form(meeting, at),
        "choice_form": choice_form or RecordChoiceForm(),
        "asks_about_video": meeting.format == Format.VIDEO,
        "question": consents.video_text(invitation.participant.language),
        "is_open": meeting.status == Status.SCHEDULED and at < meeting.starts_at,
        "heard_by": promised.heard_by(meeting, at),
        "back": _back(request, invitation),
    }
    return render(request, "pages/staff/record.html", context, status=status)


def _back(request: StaffRequest, invitation: Invitation) -> str:
    if request.actor.kind == ActorKind.ADVISER:
        return f"/advising/{advising.invitations(request.actor).get(pk=invitation.pk).pk}/"
    return f"/meetings/{invitation.participant.meeting_id}/"
