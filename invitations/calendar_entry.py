"""The calendar entry of one participant, as a file to download."""

from django.http import HttpResponse

from invitations import bases, links
from invitations.partners import PartnerRead
from invitations.reading import Read
from meetings import ical
from meetings.models import Status


def entry_of(read: Read, *, language: str) -> bytes:
    """The entry as of what was read; stamped with the change it tells of, so that the same is the same file."""
    meeting = read.meeting
    return ical.render(
        ical.Entry(
            participant_id=read.invitation.participant_id,
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


def partner_entry_of(read: PartnerRead, *, language: str) -> bytes:
    """The entry of a partner's own part of the meeting.

    Their part may change without the meeting's: then the later stamp counts, and the count of all changes is their
    SEQUENCE, since a new time must raise it (RFC 5546, 2.1.4).
    """
    meeting = read.invitation.participant.meeting
    contact = bases.contact_of(read.invitation.participant)
    stamps = [meeting.cancelled_at, read.revision_made_at, contact.changed_at if contact else None]
    return ical.render(
        ical.Entry(
            participant_id=read.invitation.participant_id,
            starts_at=read.starts_at,
            ends_at=read.ends_at,
            zone=read.zone,
            sequence=meeting.version - 1,
            is_cancelled=meeting.status == Status.CANCELLED,
            link=links.address(read.invitation.pk),
            language=language,
            stamped_at=max(stamp for stamp in stamps if stamp is not None),
        )
    )


def response(read: Read, *, language: str) -> HttpResponse:
    """A file called mote-med-nav.ics."""
    return _file(entry_of(read, language=language))


def partner_response(read: PartnerRead, *, language: str) -> HttpResponse:
    """The same for a partner."""
    return _file(partner_entry_of(read, language=language))


def _file(entry: bytes) -> HttpResponse:
    return HttpResponse(
        entry,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="mote-med-nav.ics"'},
    )
