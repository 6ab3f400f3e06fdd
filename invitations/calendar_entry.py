"""The calendar entry of one participant, as a file to download."""

from uuid import UUID

from django.http import HttpResponse

from invitations import bases, links
from invitations.partners import PartnerRead
from invitations.reading import Read
from meetings import ical
from meetings.asking import known
from meetings.models import Status
from meetings.revisions import current
from navmeet.accounts.actor import Actor
from navmeet.exceptions import NotFound


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


def staff_entry_of(meeting_id: UUID, *, link: str, by: Actor) -> bytes:
    """An employee's own entry of a meeting they take part in, or did: then it takes it out of their calendar.

    Who takes part changes without the meeting's time: SEQUENCE is the count of all changes, as for a partner. Raises
    NotFound for a meeting that they may not know of, or never took part in.
    """
    meeting = known(meeting_id, by=by)
    mine = meeting.participants.filter(user_id=by.known_id).first()
    if mine is None:
        raise NotFound("Du er ikke med i møtet, så det hører ikke hjemme i kalenderen din.", code="not_in_the_meeting")
    revision = current(meeting)
    stamps = [meeting.cancelled_at, revision.made_at, mine.added_at, mine.removed_at]
    return ical.render(
        ical.Entry(
            participant_id=mine.pk,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            zone=revision.zone,
            sequence=meeting.version - 1,
            is_cancelled=meeting.status == Status.CANCELLED or mine.removed_at is not None,
            link=link,
            language="nb",
            stamped_at=max(stamp for stamp in stamps if stamp is not None),
            of_staff=True,
        )
    )


def staff_response(meeting_id: UUID, *, link: str, by: Actor) -> HttpResponse:
    """The same file for an employee. Raises NotFound."""
    return _file(staff_entry_of(meeting_id, link=link, by=by))


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
