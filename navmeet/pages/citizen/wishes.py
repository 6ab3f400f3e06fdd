"""A citizen asks for another time or another way to meet, and takes it back. The meeting stands meanwhile."""

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from invitations import answers, promised, reading, suggesting, wishes
from invitations.models import Answer
from meetings.models import Format
from navmeet import clock
from navmeet.accounts.pages import CitizenRequest, citizen_page
from navmeet.api.problems import status_of
from navmeet.exceptions import DomainError
from navmeet.pages.citizen.wish_forms import FormatWishForm, TimeWishForm, WishForm
from navmeet.pages.errors_in_forms import put

Form: TypeAlias = TimeWishForm | FormatWishForm


@citizen_page(form=WishForm)
@require_http_methods(["GET", "HEAD", "POST"])
def another_time(request: CitizenRequest, invitation_id: UUID) -> HttpResponse:
    """Times to pick among, which do not say whose they are; or own words for when one can."""
    at = clock.now()
    read = reading.read(invitation_id, by=request.actor)
    offered = suggesting.offered(read.meeting, at=at) if _may_ask(read, at) else ()

    def form(data: object = None, **more: object) -> TimeWishForm:
        return TimeWishForm(data, offered=offered, **more)  # type: ignore[arg-type]

    if request.method != "POST":
        return _page(request, read, form(initial=_initial(read, Answer.Kind.OTHER_TIME)), at)
    return _ask(request, read, form(request.POST), Answer.Kind.OTHER_TIME, at)


@citizen_page(form=WishForm)
@require_http_methods(["GET", "HEAD", "POST"])
def another_way(request: CitizenRequest, invitation_id: UUID) -> HttpResponse:
    """By phone, by video, or at the office instead."""
    at = clock.now()
    read = reading.read(invitation_id, by=request.actor)
    held = Format(read.meeting.format)
    if request.method != "POST":
        return _page(request, read, FormatWishForm(held=held, initial=_initial(read, Answer.Kind.OTHER_FORMAT)), at)
    return _ask(request, read, FormatWishForm(request.POST, held=held), Answer.Kind.OTHER_FORMAT, at)


@citizen_page
@require_POST
def withdraw(request: CitizenRequest, invitation_id: UUID) -> HttpResponse:
    """Take it back."""
    try:
        wishes.withdraw(invitation_id=invitation_id, by=request.actor, at=clock.now())
    except DomainError as error:
        if error.code == "invitation_not_found":
            raise
        messages.error(request, _(error.message))
    else:
        messages.success(request, _("Du har trukket tilbake ønsket. Møtet er som før."))
    return redirect("my-invitation", invitation_id=invitation_id)


def _ask(request: CitizenRequest, read: reading.Read, form: Form, kind: Answer.Kind, at: datetime) -> HttpResponse:
    if not form.is_valid():
        return _page(request, read, form, at, status=400)
    try:
        answers.answer(
            invitation_id=read.invitation.pk,
            revision_number=form.cleaned_data["revision"],
            kind=kind,
            words=form.cleaned_data["words"],
            wish=form.wish(),
            after=form.after_which(),
            by=request.actor,
            at=at,
        )
    except DomainError as error:
        put(error, form)
        form.anew(read.meeting.revision_number, read.answer)
        return _page(request, read, form, at, status=status_of(error))
    messages.success(request, _("Takk, vi har fått ønsket ditt. Møtet gjelder fortsatt til du hører fra oss."))
    return redirect("my-invitation", invitation_id=read.invitation.pk)


def _page(request: CitizenRequest, read: reading.Read, form: Form, at: datetime, *, status: int = 200) -> HttpResponse:
    if status == 200 and not _may_ask(read, at):
        return redirect("my-invitation", invitation_id=read.invitation.pk)
    by = promised.heard_by(read.meeting, at)
    context = {
        "meeting": read.meeting,
        "form": form,
        "is_time": isinstance(form, TimeWishForm),
        "heard_by": by if by > at else None,
        "back": f"/my/{read.invitation.pk}/",
        "base": "base_citizen.html",
    }
    return render(request, "pages/citizen/wish.html", context, status=status)


def _may_ask(read: reading.Read, at: datetime) -> bool:
    return read.is_open and at < read.meeting.starts_at


def _initial(read: reading.Read, kind: Answer.Kind) -> dict[str, object]:
    """What was asked for before is ticked again; own words are new each time."""
    values: dict[str, object] = {"revision": read.meeting.revision_number, "after": answers.id_of(read.answer)}
    if read.answer is not None and read.answer.kind == kind:
        picked = [one.isoformat() for one in suggesting.starts_of(read.answer)]
        values |= {"suggests": picked, "wants": read.answer.wants}
    return values
