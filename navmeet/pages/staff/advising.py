"""The contact centre adviser's pages: who rings, their meetings, and one of them, as far as an adviser sees it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from invitations import advising, suggesting
from invitations.messages import nothing_left
from invitations.messages.occasions import ABOUT_WHAT_WAS
from invitations.models import Answer
from meetings.models import Format, Status
from navmeet import clock
from navmeet.accounts.pages import StaffRequest, staff_page
from navmeet.api.problems import status_of
from navmeet.audit.record import shown
from navmeet.exceptions import DomainError
from navmeet.pages.errors_in_forms import put
from navmeet.pages.staff import place_words, words
from navmeet.pages.staff.forms import FindForm
from navmeet.pages.staff.week_rows import answer_tag
from navmeet.people import clearance, meet
from navmeet.people.models import Person


@staff_page(form=FindForm)
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: StaffRequest) -> HttpResponse:
    """By identity number, which stands in no address."""
    advising.invitations(request.actor)
    form, status = FindForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                found = meet.meet(form.cleaned_data["citizen_number"], by=request.actor, at=clock.now())
            except DomainError as error:
                status = status_of(error)
                put(error, form)
            else:
                return redirect("advising-person", person_id=found.person.pk)
    return render(request, "pages/staff/advising_find.html", {"form": form}, status=status)


@staff_page
@require_safe
def person(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """The meetings of who rings: those of the last month, and all to come."""
    at = clock.now()
    theirs = advising.of_person(person_id, by=request.actor, at=at)
    clearance.ask(person_id=person_id, by=request.actor, at=at)
    shown("advising.found", to=request.actor, person_id=person_id, at=at)
    rows = [
        {
            "invitation": one,
            "meeting": one.participant.meeting,
            "format": words.FORMATS[Format(one.participant.meeting.format)],
            "status": words.STATUSES[Status(one.participant.meeting.status)],
        }
        for one in theirs
    ]
    context = {"who": Person.objects.get(pk=person_id).name, "rows": rows}
    return render(request, "pages/staff/advising_person.html", context)


@staff_page
@require_safe
def meeting(request: StaffRequest, invitation_id: UUID) -> HttpResponse:
    """When, how, where, what was told and what became of it, and what the citizen answered. Nothing else."""
    at = clock.now()
    person_id = advising.person_of(invitation_id, by=request.actor)
    clearance.ask(person_id=person_id, by=request.actor, at=at)
    seen = advising.seen(invitation_id, by=request.actor, at=at)
    shown("advising.opened", to=request.actor, person_id=person_id, at=at)
    person = seen.invitation.participant.person
    context = {
        "seen": seen,
        "lines": [line for line in seen.log if not line.is_overtaken],
        "overtaken": [line for line in seen.log if line.is_overtaken],
        "who": person.name if person else "",
        "person_id": person_id,
        "format": words.FORMATS[Format(seen.meeting.format)],
        "icon": words.FORMAT_ICONS[Format(seen.meeting.format)],
        "status": words.STATUSES[Status(seen.meeting.status)],
        "place": place_words.lines(seen.revision),
        "answer_tag": answer_tag(seen.answer),
        "answer_how": _how(seen.answer),
        "suggested": suggesting.starts_of(seen.answer) if seen.answer else (),
        "wants": words.WAYS_IN[Format(seen.answer.wants)].lower() if seen.answer and seen.answer.wants else "",
        "may_send_again": nothing_left.may_be_told(seen.meeting, at)
        or any(one.occasion in ABOUT_WHAT_WAS for one in seen.log),
        "may_act": seen.meeting.status == Status.SCHEDULED and at < seen.meeting.starts_at,
    }
    return render(request, "pages/staff/advising_meeting.html", context)


def _how(given: Answer | None) -> str:
    return words.RELEASED_BY[given.given] if given else ""
