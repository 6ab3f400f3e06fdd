"""Another way to meet: the whole meeting's format, or one partner's own way in. Look first, then do."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from invitations import bases
from meetings import asking, formats, people
from meetings.models import Format, Participant, Role
from navmeet.accounts.pages import StaffRequest, staff_page
from navmeet.api.problems import status_of
from navmeet.change import rehearse
from navmeet.exceptions import DomainError, NotFound, NotPermitted, Stale
from navmeet.pages.staff import format_notes, wished_format, words
from navmeet.pages.staff.doing import recipients, refuse
from navmeet.pages.staff.forms import PlaceForm, WhyForm, place
from navmeet.pages.staff.opened import Opened, anew, change_page, closed, open_for_change, told_of
from navmeet.pages.staff.partner_forms import WayInForm


class FormatForm(PlaceForm, WhyForm):
    """The new format, what it needs, and why."""

    format = forms.ChoiceField(
        label="Slik møtes dere i stedet", widget=forms.RadioSelect, error_messages={"required": "Velg en møteform."}
    )

    field_order = [
        "format",
        "caller",
        "phone",
        "address",
        "room_id",
        "room",
        "directions",
        "reason",
        "sentence",
        "version",
    ]

    def __init__(self, *args: Any, held: Format, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [(one, words.FORMATS[one]) for one in Format if one != held]
        self.fields["format"].choices = others  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What was typed for a format that was not chosen is left alone."""
        given = super().clean() or self.cleaned_data
        self.forget_unused(given.get("format", ""))
        return given


@staff_page(form=FormatForm)
@require_http_methods(["GET", "HEAD", "POST"])
def change_format(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
    """Hold the meeting another way, at the same time. `act=rehearse` shows what would follow."""
    opened = open_for_change(request, meeting_id)
    over = closed(request, opened)
    if over:
        return over
    held = Format(opened.meeting.format)
    if request.method != "POST":
        answers = asking.about_change(meeting_id, by=request.actor, at=opened.at)
        notes = [(words.FORMATS[one], said) for one, said in format_notes.of(opened.meeting, answers).items()]
        place_known = vars(wished_format.place_to_begin_with(opened, answers))
        initial = place_known | {"version": opened.meeting.version} | wished_format.to_begin_with(request, opened)
        return _format_page(request, opened, _form(opened, initial=initial), notes=notes)
    form = _form(opened, request.POST)
    if request.POST.get("format") == held:
        messages.success(request, "Møtet holdes allerede på denne måten.")
        return redirect("meeting", meeting_id=meeting_id)
    if not form.is_valid():
        return _format_page(request, opened, form, status=400)
    try:
        arguments = _format_arguments(request, opened, form)
        if request.POST.get("act") == "rehearse":
            return _format_page(request, opened, form, follows=rehearse(formats.change_format, **arguments))
        formats.change_format(**arguments)
    except (NotFound, NotPermitted):
        raise
    except Stale as error:
        newest = anew(request, opened)
        return _format_page(request, newest, _on_newest(form, newest), status=status_of(error), is_stale=True)
    except DomainError as error:
        refuse(form, error)
        return _format_page(request, opened, form, status=status_of(error))
    now = words.FORMATS[Format(arguments["to"])].lower()
    messages.success(request, f"Møtet er nå et {now}. {told_of(arguments, opened)}")
    return redirect("meeting", meeting_id=meeting_id)


@staff_page(form=WayInForm)
@require_http_methods(["GET", "HEAD", "POST"])
def change_way_in(request: StaffRequest, meeting_id: UUID, participant_id: UUID) -> HttpResponse:
    """One partner takes part another way; the meeting is as it was. `act=rehearse` as above."""
    opened = open_for_change(request, meeting_id)
    over = closed(request, opened)
    if over:
        return over
    partner = people.partner_of(opened.meeting, participant_id)
    if request.method != "POST":
        now = {"way_in": partner.way_in, "version": opened.meeting.version}
        initial = now | wished_format.to_begin_with(request, opened)
        return _way_in_page(request, opened, _way_in_form(opened, initial=initial), partner)
    form = _way_in_form(opened, request.POST)
    if not form.is_valid():
        return _way_in_page(request, opened, form, partner, status=400)
    try:
        arguments = {
            "meeting_id": meeting_id,
            "participant_id": participant_id,
            "version": form.cleaned_data["version"],
            "to": form.cleaned_data["way_in"],
            "why": form.why(),
            "by": request.actor,
            "clearance": asking.about_meeting(meeting_id, by=request.actor, at=opened.at).clearance,
            "at": opened.at,
        }
        if request.POST.get("act") == "rehearse":
            follows = rehearse(formats.change_way_in, **arguments)
            return _way_in_page(request, opened, form, partner, follows=follows)
        formats.change_way_in(**arguments)
    except (NotFound, NotPermitted):
        raise
    except Stale as error:
        newest = anew(request, opened)
        again = _way_in_form(newest, _with_version(form, newest))
        return _way_in_page(request, newest, again, partner, status=status_of(error), is_stale=True)
    except DomainError as error:
        refuse(form, error)
        return _way_in_page(request, opened, form, partner, status=status_of(error))
    messages.success(request, "Deltakeren møter nå på en annen måte.")
    return redirect("meeting", meeting_id=meeting_id)


def _format_arguments(request: StaffRequest, opened: Opened, form: FormatForm) -> dict[str, Any]:
    given = form.cleaned_data
    answers = asking.about_change(opened.meeting.pk, by=request.actor, at=opened.at)
    return {
        "meeting_id": opened.meeting.pk,
        "version": given["version"],
        "to": Format(given["format"]),
        "place": place(given),
        "why": form.why(),
        "overrule": form.overruled(),
        "can_be_told": answers.can_be_told,
        "is_contact_known": answers.is_contact_known,
        "safety_measures": answers.safety_measures,
        "by": request.actor,
        "clearance": answers.clearance,
        "at": opened.at,
    }


def _on_newest(form: FormatForm, opened: Opened) -> FormatForm:
    return _form(opened, _with_version(form, opened))


def _form(opened: Opened, *data: Any, **more: Any) -> FormatForm:
    held = Format(opened.meeting.format)
    form = FormatForm(*data, held=held, recipients=recipients(opened.meeting), **more)
    form.offer_rooms(opened.meeting.office_id)
    return form


def _way_in_form(opened: Opened, *data: Any, **more: Any) -> WayInForm:
    return WayInForm(*data, meeting=opened.meeting, recipients=recipients(opened.meeting), **more)


def _with_version(form: forms.Form, opened: Opened) -> Any:
    """The same words, on the version that is there now: pressing again means it."""
    given: Any = form.data
    data = given.copy()
    data["version"] = str(opened.meeting.version)
    return data


def _format_page(request: StaffRequest, opened: Opened, form: FormatForm, **more: Any) -> HttpResponse:
    chosen = form["format"].value() or ""
    return change_page(
        request,
        "pages/staff/format.html",
        opened,
        form,
        do=words.SWITCH_TO[Format(chosen)] if chosen in Format.values else "Bytt møteform",
        **more,
    )


def _way_in_page(
    request: StaffRequest, opened: Opened, form: WayInForm, partner: Participant, **more: Any
) -> HttpResponse:
    role = words.ROLES[Role(partner.role)]
    name = bases.who(bases.contact_of(partner))
    return change_page(request, "pages/staff/way_in.html", opened, form, title=f"Slik deltar {role}", name=name, **more)
