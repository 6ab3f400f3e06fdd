"""Another way to meet, as somebody asked for it: done in one click, or the form filled in as far as it is known."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from invitations import wishes
from invitations.models import Answer
from meetings import asking, formats, revisions
from meetings.changes import Why
from meetings.models import Caller, Format, Reason, Role, Room
from meetings.places import Place
from navmeet.accounts.pages import StaffRequest
from navmeet.change import rehearse
from navmeet.exceptions import DomainError, Invalid, NotFound
from navmeet.pages.staff import told_then, words
from navmeet.pages.staff.opened import Opened, told_of
from navmeet.pages.staff.told_then import Preview

WHICH_ROOM = "Velg hvilket rom dere skal møtes i."


@dataclass(frozen=True)
class Wished:
    """The way that is wished for: what the press says, and what would follow from it; or what it lacks."""

    do: str
    follows: Preview | None = None
    lacks: str = ""


@dataclass(frozen=True)
class Met:
    """What meets a wish, and what is said once it is done."""

    verb: Callable[..., Any]
    arguments: dict[str, Any]
    done: str

    def told(self, opened: Opened) -> str:
        """Once it is done: with how the citizen hears of it, where they do."""
        heard = told_of(self.arguments, opened) if "can_be_told" in self.arguments else ""
        return f"{self.done} {heard}".strip()


def wished(request: StaffRequest, opened: Opened, wish: Answer) -> Wished | None:
    """What would follow from meeting the wish; nothing is kept. None where no format is named."""
    if not wish.wants:
        return None
    do = press(wish)
    try:
        met = that_meets(request, opened, wish)
        follows = rehearse(met.verb, **met.arguments)
    except DomainError as error:
        return Wished(do, lacks=" ".join(dict.fromkeys(one.message for one in error.each())))
    return Wished(do, told_then.preview(follows, opened.at))


def press(wish: Answer) -> str:
    """What the button says: a partner's way in is theirs alone."""
    participant = wish.invitation.participant
    of_whom = f" for {words.ROLES[Role(participant.role)]}" if participant.is_partner else ""
    return f"{words.SWITCH_TO[Format(wish.wants)]}{of_whom}"


def that_meets(request: StaffRequest, opened: Opened, wish: Answer) -> Met:
    """The change with what is known for it. Raises Invalid for what only a person can choose, NotFound, Unavailable."""
    meeting, participant = opened.meeting, wish.invitation.participant
    if not wish.wants:
        raise Invalid("Velg en møteform.", code="format_missing", field="format")
    registers = asking.about_change(meeting.pk, by=request.actor, at=opened.at)
    arguments: dict[str, Any] = {
        "meeting_id": meeting.pk,
        "version": meeting.version,
        "to": Format(wish.wants),
        "why": Why(reason=reason(wish)),
        "by": request.actor,
        "clearance": registers.clearance,
        "at": opened.at,
    }
    if participant.is_partner:
        arguments["participant_id"] = participant.pk
        return Met(formats.change_way_in, arguments, "Deltakeren møter nå på en annen måte.")
    if wish.wants == Format.IN_PERSON and Room.objects.filter(office=meeting.office_id, is_active=True).exists():
        raise Invalid(WHICH_ROOM, code="room_missing", field="room_id")
    arguments |= {
        "place": place_to_begin_with(opened, registers),
        "can_be_told": registers.can_be_told,
        "is_contact_known": registers.is_contact_known,
        "safety_measures": registers.safety_measures,
    }
    now = words.FORMATS[Format(wish.wants)].lower()
    return Met(formats.change_format, arguments, f"Møtet er nå et {now}.")


def place_to_begin_with(opened: Opened, registers: asking.Answers) -> Place:
    """The place as it is, and what is known for another format: the office's address, the citizen's number."""
    now = revisions.place_of(opened.revision)
    return replace(
        now,
        caller=now.caller or Caller.NAV,
        phone=now.phone or registers.contact.phone or "",
        address=now.address or opened.meeting.office.address,
    )


def to_begin_with(request: StaffRequest, opened: Opened) -> dict[str, Any]:
    """What a form opened from a wish begins with: the way that is wished for, and why. Nothing for any other."""
    try:
        wish = wishes.find(UUID(request.GET.get("wish", "")), by=request.actor)
    except (ValueError, NotFound):
        return {}
    if wish.invitation.participant.meeting_id != opened.meeting.pk or wish.kind != Answer.Kind.OTHER_FORMAT:
        return {}
    way_in = "" if wish.wants == opened.meeting.format else wish.wants
    return {"format": wish.wants, "way_in": way_in, "reason": reason(wish)}


def reason(wish: Answer) -> Reason:
    """Why a change that somebody asked for is made, as all of them may read it."""
    return Reason.PRACTICAL if wish.invitation.participant.is_partner else Reason.CITIZEN_ASKED
