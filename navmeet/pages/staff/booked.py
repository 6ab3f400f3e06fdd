"""What is said once a meeting is booked: how each is told, or that it was booked already."""

from datetime import datetime

from django.contrib import messages

from invitations.messages import put_off
from invitations.models import Channel, Message, Occasion
from meetings import fitting, partners
from meetings.booking import Booking
from meetings.models import PARTNERS, Basis, Format, Meeting, Role
from navmeet.accounts.pages import StaffRequest
from navmeet.look import dates
from navmeet.pages.staff import words
from navmeet.people.meet import Found


def tell(request: StaffRequest, meeting: Meeting, wanted: Booking, found: Found, at: datetime) -> None:
    """Over the page of the meeting, which is shown next."""
    if meeting.created_at == at:
        if found.no_texts_in:
            lacks = fitting.no_texts(found.no_texts_in, wanted.language)
            messages.warning(request, f"{lacks} Du kan velge et annet skriftspråk under «Endre tekster».")
        said = [_of_citizen(meeting, found, at), _of_partners(meeting, wanted)]
        messages.success(request, " ".join(filter(None, said)))
    elif _is_what_was_booked(meeting, wanted):
        messages.success(request, "Møtet er bestilt.")
    else:
        # Sent before. Whoever went back and changed the form must not believe that the change was kept.
        messages.warning(request, "Dette møtet var allerede bestilt. Det du endret etterpå, er ikke lagret.")


def _of_citizen(meeting: Meeting, found: Found, at: datetime) -> str:
    if not found.contact.can_be_told:
        return "Møtet er bestilt. Innbyggeren får brev: du har fått en oppgave om å sende det."
    if found.person.is_strictly_protected:
        return "Møtet er bestilt og vises på Min side, uten SMS eller e-post. Du har fått en oppgave om å ringe."
    called = words.is_called(meeting).capitalize()
    if sms_at := _sms_at(meeting, at):
        return f"Møtet er bestilt. {called} vises på Min side nå. SMS eller e-post sendes {dates.when(sms_at)}."
    return f"Møtet er bestilt. {called} sendes på Min side, med SMS eller e-post."


def _sms_at(meeting: Meeting, at: datetime) -> datetime | None:
    """Where it waits until quiet time is over."""
    invited = Message.objects.filter(meeting=meeting, occasion=Occasion.INVITED, channel=Channel.DITT_NAV)
    message = invited.select_related("meeting", "participant").order_by("pk").first()
    return put_off.until(message, at) if message is not None else None


def _of_partners(meeting: Meeting, wanted: Booking) -> str:
    """Each role has its own basis; where nobody waits there is nothing to warn of."""
    bases = {meeting.type.basis_of(Role(one.role)) for one in wanted.partners}
    if Basis.RELEASE in bases:
        return "Legen eller arbeidsgiveren får ikke vite noe før innbyggeren har sagt ja."
    return "De andre deltakerne får e-post." if bases else ""


def _is_what_was_booked(meeting: Meeting, wanted: Booking) -> bool:
    held, slot = Format(meeting.format), wanted.slot
    if (meeting.starts_at, held) != (slot.starts_at, wanted.format) or meeting.citizen().language != wanted.language:
        return False
    minutes = int((slot.ends_at - slot.starts_at).total_seconds()) // 60
    there = meeting.participants.filter(role__in=sorted(PARTNERS), removed_at=None).select_related("contact")
    asked = {one.checked(meeting_type=meeting.type, held=held, minutes=minutes) for one in wanted.partners}
    return {partners.as_it_is(one) for one in there} == asked
