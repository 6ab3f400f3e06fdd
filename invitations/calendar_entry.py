"""The calendar entry of one participant, as a file to download."""

from django.http import HttpResponse

from invitations import links
from invitations.reading import Read
from meetings import ical
from meetings.models import Status


def entry_of(read: Read, *, language: str) -> bytes:
    """The entry as of what was read; stamped with the change it tells of, so that the same is the same file."""
    meeting = read.meeting
    return ical.render(
        ical.Entry(
            meeting_id=meeting.pk,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            zone=read.revision.zone,
            sequence=meeting.sequence,
            is_cancelled=meeting.status == Status.CANCELLED,
            link=links.address(read.invitation.pk),
            language=language,
            stamped_at=meeting.cancelled_at or read.revision.made_at,
        )
    )


def response(read: Read, *, language: str) -> HttpResponse:
    """A file called mote-med-nav.ics."""
    return HttpResponse(
        entry_of(read, language=language),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="mote-med-nav.ics"'},
    )
