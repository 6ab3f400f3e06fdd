"""The citizen's pages: which versions there are, and what each says."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from minutes import reading
from minutes.shown_as import as_read
from navmeet import clock
from navmeet.accounts.actor import Level
from navmeet.accounts.pages import PageRequest, citizen_page


@citizen_page(level=Level.HIGH)
@require_GET
def own_minutes(request: PageRequest, invitation_id: UUID) -> HttpResponse:
    """The versions that may be read."""
    versions = reading.shared_with(invitation_id=invitation_id, by=request.actor)
    return render(request, "minutes/citizen_list.html", {"invitation_id": invitation_id, "versions": versions})


@citizen_page(level=Level.HIGH)
@require_GET
def own_minutes_version(request: PageRequest, invitation_id: UUID, number: int) -> HttpResponse:
    """One version, whole."""
    # A GET that writes, on purpose: what is kept is that this person, logged in at level high, was shown the text.
    # A button to press first would record a promise to read. It is kept once, uses nothing up, and changes nothing
    # for anybody without that login; a HEAD is refused, since it shows nothing.
    read = reading.read_version(invitation_id=invitation_id, number=number, by=request.actor, at=clock.now())
    text = as_read(read.meeting, read.sections, language=get_language() or "nb")
    return render(request, "minutes/citizen_one.html", {"invitation_id": invitation_id, "read": read, "as_read": text})
