"""What those of a meeting may come to be told, word by word, before anything is sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from invitations import bases
from invitations.messages import preview
from invitations.messages.preview import Preview
from invitations.messages.texts import VERSION
from meetings import asking
from meetings.models import Participant, Role
from navmeet import clock
from navmeet.accounts.pages import StaffRequest, staff_page
from navmeet.audit.record import shown
from navmeet.exceptions import NotFound
from navmeet.pages.staff import words


@dataclass(frozen=True)
class Choice:
    """One whose texts can be looked at."""

    id: UUID
    who: str
    is_chosen: bool


@dataclass(frozen=True)
class InLanguage:
    """All channels of one language. `is_theirs`: the one they are written to in."""

    language: str
    code: str
    is_theirs: bool
    texts: list[Preview]


@dataclass(frozen=True)
class Told:
    """One thing they may come to be told."""

    what: str
    languages: list[InLanguage]


@staff_page
@require_safe
def of_meeting(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
    """Written down as an opening of the citizen's data. Nothing is stored by looking."""
    at = clock.now()
    meeting = asking.meeting_to_open(meeting_id, by=request.actor, at=at)
    people = preview.readers(meeting)
    chosen = preview.participant_of(meeting, _uuid(request.GET.get("participant", "")))
    shown("texts.opened", to=request.actor, person_id=meeting.citizen_id(), at=at)
    found = preview.of_participant(meeting, chosen, preview.Wanted())
    context = {
        "meeting": meeting,
        "people": [Choice(one.pk, _who(one), one.pk == chosen.pk) for one in people],
        "who": _who(chosen),
        "is_partner": chosen.is_partner,
        "told": _told(found, chosen.language),
        "their_language": words.LANGUAGES.get(chosen.language, ""),
        "version": VERSION,
    }
    return render(request, "pages/staff/texts_of_meeting.html", context)


def _told(found: Iterable[Preview], theirs: str) -> list[Told]:
    by_what: dict[str, dict[str, list[Preview]]] = {}
    for one in found:
        by_what.setdefault(one.what, {}).setdefault(one.language, []).append(one)
    return [
        Told(
            what,
            [
                InLanguage(words.LANGUAGES[code], code, code == theirs, texts)
                for code, texts in sorted(languages.items(), key=lambda pair: pair[0] != theirs)
            ],
        )
        for what, languages in by_what.items()
    ]


def _who(one: Participant) -> str:
    """ "Innbyggeren, Kari Testdal"."""
    role = words.ROLES.get(Role(one.role), "deltakeren").capitalize()
    contact = bases.contact_of(one) if one.is_partner else None
    name = (one.person.name if one.person else "") or (contact.name if contact else "")
    return f"{role}, {name}" if name else role


def _uuid(given: str) -> UUID | None:
    try:
        return UUID(given) if given else None
    except ValueError:
        raise NotFound("Vi finner ikke deltakeren i møtet.", code="participant_not_found") from None
