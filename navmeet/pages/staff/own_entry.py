"""An employee's own calendar entry of a meeting, to download."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from invitations import calendar_entry
from navmeet.accounts import addresses
from navmeet.accounts.pages import StaffRequest, staff_page


@staff_page
@require_GET
def download(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
    """Neutral, with the link to the meeting's page here. Nothing of the citizen is in it: nobody opens them by it."""
    link = addresses.whole(request, reverse("meeting", args=[meeting_id]))
    return calendar_entry.staff_response(meeting_id, link=link, by=request.actor)
