"""A partner asks for another time or another way in, and takes it back. The meeting stands meanwhile."""

from datetime import datetime
from typing import TypeAlias

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from invitations import answers, links, partners, promised, suggesting, wishes
from invitations.models import Answer
from invitations.partners import PartnerRead
from meetings.models import Format, Meeting
from navmeet import clock
from navmeet.accounts.pages import PartnerRequest, partner_page
from navmeet.api.problems import status_of
from navmeet.exceptions import DomainError, NotFound
from navmeet.pages.citizen.wish_forms import FormatWishForm, TimeWishForm, WishForm
from navmeet.pages.errors_in_forms import put
from navmeet.pages.partner.link import closed, in_their_language

Form: TypeAlias = TimeWishForm | FormatWishForm


@partner_page(names=links.read, form=WishForm)
@require_http_methods(["GET", "HEAD", "POST"])
@in_their_language
def another_time(request: PartnerRequest, token: str) -> HttpResponse:
    """Times of their own part to pick among, or own words for when they can."""
    at = clock.now()
    try:
        read = partners.read_as_partner(request.actor.known_id, by=request.actor, at=at)
    except NotFound:
        return closed(request)
    offered = suggesting.offered(_meeting(read), at=at) if read.can_answer else ()
    offset = read.invitation.participant.part_offset or 0
    data = request.POST if request.method == "POST" else None
    form = TimeWishForm(data, offered=offered, offset=offset, initial=_initial(read))
    return _answer(request, token, read, form, Answer.Kind.OTHER_TIME, at)


@partner_page(names=links.read, form=WishForm)
@require_http_methods(["GET", "HEAD", "POST"])
@in_their_language
def another_way(request: PartnerRequest, token: str) -> HttpResponse:
    """By video or phone instead, or as the meeting is held."""
    at = clock.now()
    try:
        read = partners.read_as_partner(request.actor.known_id, by=request.actor, at=at)
    except NotFound:
        return closed(request)
    others = dict.fromkeys((Format.VIDEO, Format.PHONE, Format(_meeting(read).format)))
    data = request.POST if request.method == "POST" else None
    form = FormatWishForm(data, held=read.held, others=others, initial=_initial(read))
    return _answer(request, token, read, form, Answer.Kind.OTHER_FORMAT, at)


@partner_page(names=links.read)
@require_POST
@in_their_language
def withdraw(request: PartnerRequest, token: str) -> HttpResponse:
    """Take it back."""
    try:
        wishes.withdraw(invitation_id=request.actor.known_id, by=request.actor, at=clock.now())
    except NotFound:
        return closed(request)
    except DomainError as error:
        messages.error(request, _(error.message))
    else:
        messages.success(request, _("Du har trukket tilbake ønsket. Møtet er som før."))
    return redirect("partner-invitation", token=token)


def _answer(
    request: PartnerRequest, token: str, read: PartnerRead, form: Form, kind: Answer.Kind, at: datetime
) -> HttpResponse:
    if not read.can_answer:
        return redirect("partner-invitation", token=token)
    if not form.is_valid():
        return _page(request, token, read, form, at, status=400 if form.is_bound else 200)
    try:
        answers.answer(
            invitation_id=request.actor.known_id,
            revision_number=form.cleaned_data["revision"],
            kind=kind,
            words=form.cleaned_data["words"],
            wish=form.wish(),
            after=form.after_which(),
            by=request.actor,
            at=at,
        )
    except NotFound:
        return closed(request)
    except DomainError as error:
        put(error, form)
        form.anew(read.revision_number, read.answer)
        return _page(request, token, read, form, at, status=status_of(error))
    messages.success(request, _("Takk, vi har fått ønsket ditt. Møtet gjelder fortsatt til du hører fra oss."))
    return redirect("partner-invitation", token=token)


def _page(
    request: PartnerRequest, token: str, read: PartnerRead, form: Form, at: datetime, *, status: int
) -> HttpResponse:
    by = promised.heard_by(_meeting(read), at)
    context = {
        "form": form,
        "is_time": isinstance(form, TimeWishForm),
        "heard_by": by if by > at else None,
        "back": f"/i/{token}/read/",
        "path": f"/i/{token}/",
        "base": "pages/partner/base.html",
    }
    return render(request, "pages/citizen/wish.html", context, status=status)


def _initial(read: PartnerRead) -> dict[str, object]:
    return {"revision": read.revision_number, "after": answers.id_of(read.answer)}


def _meeting(read: PartnerRead) -> Meeting:
    meeting: Meeting = read.invitation.participant.meeting
    return meeting
