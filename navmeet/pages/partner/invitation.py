"""What a partner reads after the code: their own part of the meeting, their answer, their calendar entry."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from invitations import answers, calendar_entry, links, partners, promised, still_true
from invitations.models import Answer
from invitations.reasons import is_held_after_all
from meetings.models import Status
from navmeet import clock
from navmeet.accounts.pages import PartnerRequest, partner_page
from navmeet.api.problems import status_of
from navmeet.exceptions import DomainError, NotFound
from navmeet.pages.citizen import wish_card
from navmeet.pages.citizen.door import name_form
from navmeet.pages.citizen.forms import ANSWERS
from navmeet.pages.errors_in_forms import put
from navmeet.pages.partner.forms import PartnerAnswerForm, PartnerWords
from navmeet.pages.partner.link import closed, in_their_language


@partner_page(names=links.read)
@require_safe
@in_their_language
def invitation(request: PartnerRequest, token: str) -> HttpResponse:
    """Their view, whole."""
    return _show(request, token)


@partner_page(names=links.read, form=PartnerWords)
@require_http_methods(["GET", "HEAD", "POST"])
@in_their_language
def answer(request: PartnerRequest, token: str) -> HttpResponse:
    """Answer, or change the answer."""
    if request.method != "POST":
        return redirect("partner-invitation", token=token)
    form, status = PartnerAnswerForm(request.POST), 400
    if form.is_valid():
        try:
            answers.answer(
                invitation_id=request.actor.known_id,
                revision_number=form.cleaned_data["revision"],
                kind=Answer.Kind(form.cleaned_data["kind"]),
                words=form.cleaned_data["words"],
                by=request.actor,
                at=clock.now(),
            )
        except NotFound:
            return closed(request)
        except DomainError as error:
            status = status_of(error)
            put(error, form)
        else:
            messages.success(request, _("Takk, vi har fått svaret ditt."))
            return redirect("partner-invitation", token=token)
    return _show(request, token, form=form, status=status)


@partner_page(names=links.read)
@require_safe
@in_their_language
def calendar(request: PartnerRequest, token: str) -> HttpResponse:
    """The calendar entry of their own part, as of now."""
    try:
        read = partners.read_as_partner(request.actor.known_id, by=request.actor, at=clock.now())
    except NotFound:
        return closed(request)
    return calendar_entry.partner_response(read, language=get_language() or "nb")


def _show(
    request: PartnerRequest, token: str, *, form: PartnerAnswerForm | None = None, status: int = 200
) -> HttpResponse:
    at = clock.now()
    try:
        read = partners.read_as_partner(request.actor.known_id, by=request.actor, at=at)
    except NotFound:
        return closed(request)
    if form is not None:
        form.data = {name: form.data.get(name) for name in form.data} | {"revision": str(read.revision_number)}
    context = _situation(read, at) | {
        "read": read,
        "path": f"/i/{token}/",
        "enter": f"/i/{token}/enter/",
        "name_form": name_form(request),
        "wish": wish_card.card(
            read.invitation, read.invitation.participant.meeting, read.answer, path=f"/i/{token}/read/wish/", at=at
        ),
        "form": form or PartnerAnswerForm(initial=_values(read)),
        "answer_label": str(dict(ANSWERS)[Answer.Kind(read.answer.kind)]) if read.answer else "",
    }
    return render(request, "pages/partner/invitation.html", context, status=status)


def _situation(read: partners.PartnerRead, at: datetime) -> dict[str, object]:
    partner = read.invitation.participant
    is_old = read.answer is not None and not still_true.holds(read.answer)
    is_to_come = read.status == Status.SCHEDULED and at < read.ends_at
    return {
        "is_over": at >= read.ends_at,
        "is_cancelled": read.status == Status.CANCELLED,
        "is_moved": is_to_come and partners.is_changed(partner),
        "is_held_after_all": is_to_come and read.revision_number > 1 and is_held_after_all(partner),
        "answer_is_old": is_old,
        "has_answered": read.answer is not None and not is_old,
        "answer_heard_by": _heard_by(read, at),
    }


def _heard_by(read: partners.PartnerRead, at: datetime) -> datetime | None:
    """By when to promise that they hear from us; None where there is no time left to promise one."""
    if read.answer is None:
        return None
    by = promised.heard_by(read.invitation.participant.meeting, read.answer.given_at)
    return by if by > at else None


def _values(read: partners.PartnerRead) -> dict[str, object]:
    values: dict[str, object] = {"revision": read.revision_number}
    if read.answer is not None and still_true.holds(read.answer):
        values |= {"kind": read.answer.kind, "words": read.answer.words or ""}
    return values
