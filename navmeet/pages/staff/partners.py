"""Doctors and employers of a meeting: add, correct, take out, and keep what the citizen said about them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from invitations import bases, release_texts, releases
from invitations.models import Consent
from meetings import asking, people
from meetings.models import Participant, Role
from navmeet.accounts.pages import StaffRequest, staff_page
from navmeet.api.problems import status_of
from navmeet.change import rehearse
from navmeet.exceptions import DomainError, NotFound, NotPermitted, Stale
from navmeet.pages.errors_in_forms import put
from navmeet.pages.staff import told_then, words
from navmeet.pages.staff.doing import recipients, refuse
from navmeet.pages.staff.opened import Opened, anew, change_page, closed, open_for_change
from navmeet.pages.staff.partner_forms import (
    PartnerOfMeetingForm,
    ReleaseForm,
    RemoveForm,
    as_written,
)

both_ways = require_http_methods(["GET", "HEAD", "POST"])


@staff_page(form=PartnerOfMeetingForm)
@both_ways
def add(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
    """Somebody from outside Nav is to take part. `act=rehearse` shows what each will be told."""
    opened = open_for_change(request, meeting_id)
    over = closed(request, opened)
    if over:
        return over
    if request.method != "POST":
        initial = {"version": opened.meeting.version, "language": "nb", "way_in": ""}
        return _form_page(request, opened, _partner_form(opened, initial=initial))
    form = _partner_form(opened, request.POST)
    if not form.is_valid():
        return _form_page(request, opened, form, status=400)

    def arguments() -> dict[str, Any]:
        answers = asking.about_meeting(meeting_id, by=request.actor, at=opened.at)
        return _common(request, opened, form, answers) | {
            "partner": form.partner(),
            "can_be_told": answers.can_be_told,
            "citizen_contact": answers.contact,
        }

    def page(**more: Any) -> HttpResponse:
        return _form_page(request, more.pop("opened", opened), more.pop("form", form), **more)

    done = "Deltakeren er lagt til. Se under «Andre deltakere» hva som gjelder."
    return _do(request, opened, form, people.add_partner, arguments, page, done)


@staff_page(form=PartnerOfMeetingForm)
@both_ways
def change(request: StaffRequest, meeting_id: UUID, participant_id: UUID) -> HttpResponse:
    """Correct how a partner is reached, takes part, or what is written to them. `act=rehearse` as for adding."""
    opened = open_for_change(request, meeting_id)
    over = closed(request, opened)
    if over:
        return over
    partner = people.partner_of(opened.meeting, participant_id)
    if request.method != "POST":
        form = _partner_form(opened, initial=as_written(partner, opened.meeting.version))
        return _form_page(request, opened, form, partner=partner)
    form = _partner_form(opened, request.POST)
    if not form.is_valid():
        return _form_page(request, opened, form, partner=partner, status=400)

    def arguments() -> dict[str, Any]:
        answers = asking.about_meeting(meeting_id, by=request.actor, at=opened.at)
        return _common(request, opened, form, answers) | {
            "participant_id": participant_id,
            "partner": form.partner(),
            "citizen_contact": answers.contact,
        }

    def page(**more: Any) -> HttpResponse:
        return _form_page(request, more.pop("opened", opened), more.pop("form", form), partner=partner, **more)

    return _do(request, opened, form, people.change_partner, arguments, page, "Endringen er lagret.")


@staff_page(form=RemoveForm)
@both_ways
def remove(request: StaffRequest, meeting_id: UUID, participant_id: UUID) -> HttpResponse:
    """They are to take part no more. `act=rehearse` as for adding."""
    opened = open_for_change(request, meeting_id)
    over = closed(request, opened)
    if over:
        return over
    partner = people.partner_of(opened.meeting, participant_id)
    if request.method != "POST":
        return _remove_page(
            request, opened, _remove_form(opened, partner, initial={"version": opened.meeting.version}), partner
        )
    form = _remove_form(opened, partner, request.POST)
    if not form.is_valid():
        return _remove_page(request, opened, form, partner, status=400)

    def arguments() -> dict[str, Any]:
        answers = asking.about_meeting(meeting_id, by=request.actor, at=opened.at)
        return _common(request, opened, form, answers) | {"participant_id": participant_id}

    def page(**more: Any) -> HttpResponse:
        return _remove_page(request, more.pop("opened", opened), more.pop("form", form), partner, **more)

    return _do(request, opened, form, people.remove_partner, arguments, page, "Deltakeren er fjernet fra møtet.")


@staff_page(form=ReleaseForm)
@both_ways
def release(request: StaffRequest, meeting_id: UUID, participant_id: UUID) -> HttpResponse:
    """Keep what the citizen said about a partner by phone, at the counter or in a letter."""
    opened = open_for_change(request, meeting_id)
    partner = people.partner_of(opened.meeting, participant_id)
    form = ReleaseForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _release_page(request, opened, form, partner)
    if not form.is_valid():
        return _release_page(request, opened, form, partner, status=400)
    try:
        answers = asking.about_meeting(meeting_id, by=request.actor, at=opened.at)
        arguments = {
            "meeting_id": meeting_id,
            "recipient_id": participant_id,
            "said_yes": form.cleaned_data["said"] == "yes",
            "how": Consent.Given(form.cleaned_data["how"]),
            "by": request.actor,
            "clearance": answers.clearance,
            "at": opened.at,
        }
        if request.POST.get("act") == "rehearse":
            follows = rehearse(releases.record_release, **arguments)
            return _release_page(request, opened, form, partner, follows=follows)
        releases.record_release(**arguments)
    except (NotFound, NotPermitted):
        raise
    except DomainError as error:
        put(error, form)
        return _release_page(request, opened, form, partner, status=status_of(error))
    messages.success(request, "Svaret fra innbyggeren er lagret. Innbyggeren ser det i invitasjonen.")
    return redirect("meeting", meeting_id=meeting_id)


def _common(request: StaffRequest, opened: Opened, form: Any, answers: asking.Answers) -> dict[str, Any]:
    """What every verb about people takes."""
    return {
        "meeting_id": opened.meeting.pk,
        "version": form.cleaned_data["version"],
        "by": request.actor,
        "why": form.why(),
        "clearance": answers.clearance,
        "at": opened.at,
    }


def _partner_form(opened: Opened, *data: Any, **more: Any) -> PartnerOfMeetingForm:
    return PartnerOfMeetingForm(*data, meeting=opened.meeting, recipients=recipients(opened.meeting), **more)


def _remove_form(opened: Opened, partner: Participant, *data: Any, **more: Any) -> RemoveForm:
    """Who is taken out can read nothing any more."""
    others = {one: who for one, who in recipients(opened.meeting).items() if one != partner.pk}
    return RemoveForm(*data, recipients=others, **more)


def _do(
    request: StaffRequest,
    opened: Opened,
    form: Any,
    verb: Callable[..., Participant],
    arguments: Callable[[], dict[str, Any]],
    page: Callable[..., HttpResponse],
    done: str,
) -> HttpResponse:
    """Rehearse, or do it and go back to the meeting; what is wrong stands in the form."""
    try:
        given = arguments()
        if request.POST.get("act") == "rehearse":
            return page(follows=rehearse(verb, **given))
        verb(**given)
    except (NotFound, NotPermitted):
        raise
    except Stale as error:
        newest = anew(request, opened)
        form.data = form.data.copy()
        form.data["version"] = str(newest.meeting.version)
        return page(opened=newest, form=form, status=status_of(error), is_stale=True)
    except DomainError as error:
        refuse(form, error)
        return page(status=status_of(error))
    messages.success(request, done)
    return redirect("meeting", meeting_id=opened.meeting.pk)


def _form_page(
    request: StaffRequest,
    opened: Opened,
    form: PartnerOfMeetingForm,
    *,
    partner: Participant | None = None,
    **more: Any,
) -> HttpResponse:
    title = f"Endre {words.ROLES[Role(partner.role)]}" if partner else "Legg til deltaker"
    texts = told_then.texts_of_partner(form.partner()) if more.get("follows") else None
    return change_page(
        request,
        "pages/staff/partner_form.html",
        opened,
        form,
        title=title,
        partner=partner,
        own_texts=[texts] if texts else [],
        **more,
    )


def _remove_page(
    request: StaffRequest, opened: Opened, form: RemoveForm, partner: Participant, **more: Any
) -> HttpResponse:
    role = words.ROLES[Role(partner.role)]
    name = bases.who(bases.contact_of(partner))
    return change_page(
        request, "pages/staff/partner_remove.html", opened, form, title=f"Fjern {role}", name=name, role=role, **more
    )


def _release_page(
    request: StaffRequest, opened: Opened, form: ReleaseForm, partner: Participant, **more: Any
) -> HttpResponse:
    name = bases.who(bases.contact_of(partner))
    language = opened.meeting.citizen().language
    return change_page(
        request,
        "pages/staff/partner_release.html",
        opened,
        form,
        title="Svar fra innbyggeren",
        name=name,
        question=release_texts.question(name, Role(partner.role), language),
        **more,
    )
