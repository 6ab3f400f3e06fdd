"""What a caseworker had read of a meeting when a page was opened, beside what holds now.

The page itself carries what it showed, sealed against being tampered with, and sends it back with the form: nothing is
kept of who looked at what, and any number of pages may be open.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.core import signing

from invitations import bases
from invitations.messages.own import own
from meetings.models import Format, Meeting, Role, Status
from meetings.revisions import current
from navmeet.look import dates
from navmeet.pages.staff import place_words, words

_SALT: Final = "navmeet.pages.staff.read_then"


@dataclass(frozen=True)
class Row:
    """One fact, as it was read and as it is. `is_another`: somebody changed it in between."""

    label: str
    then: str
    now: str

    @property
    def is_another(self) -> bool:
        return self.then != self.now


def facts(meeting: Meeting) -> dict[str, str]:
    """What the pages of a change show of the meeting, in words, in the order of the page."""
    people = list(meeting.participants.filter(removed_at=None).select_related("user", "contact").order_by("added_at"))
    citizen = next(one for one in people if one.role == Role.CITIZEN)
    staff = [one.user.name or "" for one in people if one.role == Role.STAFF and one.user is not None]
    partners = []
    for one in people:
        if one.is_partner:
            theirs = own(one, meeting)
            way = words.WAYS_IN[theirs.held].lower()
            when = dates.span(theirs.starts_at, theirs.ends_at)
            partners.append(f"{bases.who(bases.contact_of(one))}, {way}, {when}")
    return {
        "Status": words.STATUSES[Status(meeting.status)][1],
        "Tid": dates.when(meeting.starts_at, meeting.ends_at),
        "Møteform": words.FORMATS[Format(meeting.format)],
        "Sted eller telefon": ", ".join(place_words.lines(current(meeting))),
        "Møteleder": meeting.host.name or "",
        "Andre fra Nav": ", ".join(staff),
        "Deltakere utenfor Nav": "; ".join(partners),
        "Hva møtet handler om": citizen.theme or "",
        "Hensikt med møtet": citizen.purpose or "",
        "Forberedelser": citizen.preparations or "",
        "Skriftspråk": words.LANGUAGES.get(citizen.language, citizen.language),
        "Legitimasjon": "Må vises" if meeting.check_identity else "Trenger ikke å vises",
    }


def seal(meeting: Meeting) -> str:
    """What stands on the page now, for the form to bring back."""
    return signing.dumps(facts(meeting), salt=_SALT, compress=True)


def side_by_side(sealed: str, meeting: Meeting) -> list[Row]:
    """Both versions, fact by fact, what is another first; nothing where the form did not bring what was read."""
    then = _opened(sealed)
    if then is None:
        return []
    rows = [Row(label, str(then.get(label, "")), now) for label, now in facts(meeting).items()]
    shown = [row for row in rows if row.then or row.now]
    return sorted(shown, key=lambda row: not row.is_another)


def _opened(sealed: str) -> Mapping[str, Any] | None:
    try:
        found = signing.loads(sealed, salt=_SALT)
    except signing.BadSignature:
        return None
    return found if isinstance(found, dict) else None
