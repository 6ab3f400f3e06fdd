"""What a participant has asked for and what was answered, as their page shows it; and who recorded a word of theirs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from invitations import promised, still_true, suggesting, wishes
from invitations.models import Answer, Consent, Given, Invitation, Reply
from meetings.models import Format, Meeting, Office
from navmeet.accounts.models import User
from navmeet.pages.citizen.wish_forms import FORMATS

HOW = {
    Given.PHONE: _("etter en telefonsamtale"),
    Given.COUNTER: _("etter et besøk"),
    Given.LETTER: _("etter et brev"),
}


@dataclass(frozen=True)
class Recorded:
    """Who kept it, how it was said, and when."""

    who: str
    how: str
    at: datetime


@dataclass(frozen=True)
class WishCard:
    """`reply` is the sentence with which Nav said that the meeting stands."""

    path: str
    is_open: bool = False
    is_time: bool = False
    starts: tuple[datetime, ...] = ()
    wants: str = ""
    words: str = ""
    heard_by: datetime | None = None
    recorded: Recorded | None = None
    reply: str = ""


def card(invitation: Invitation, meeting: Meeting, answer: Answer | None, *, path: str, at: datetime) -> WishCard:
    """For the participant's own page. `path` is where their wishes are sent. At most four queries."""
    if answer is None or answer.kind not in wishes.WISHES:
        return WishCard(path)
    reply = wishes.reply_to(answer)
    is_time = answer.kind == Answer.Kind.OTHER_TIME
    if reply is not None:
        return WishCard(path, is_time=is_time, reply=(reply.sentence or "") if _holds(reply, answer) else "")
    if wishes.open_wish(invitation, meeting, at) is None:
        return WishCard(path)
    by = promised.heard_by(meeting, answer.given_at)
    offset = timedelta(minutes=invitation.participant.part_offset or 0)
    return WishCard(
        path,
        is_open=True,
        is_time=is_time,
        starts=tuple(one + offset for one in suggesting.starts_of(answer)),
        wants=str(FORMATS[Format(answer.wants)]) if answer.wants else "",
        words=answer.words or "",
        heard_by=by if by > at else None,
        recorded=recorded(answer, invitation),
    )


def recorded(said: Answer | Consent | None, invitation: Invitation) -> Recorded | None:
    """Who recorded it for them; None for what they said themselves. To a strictly protected person it is Nav alone."""
    if said is None or said.given == Given.PAGE:
        return None
    return Recorded(", ".join(_who(said, invitation)), str(HOW[Given(said.given)]), said.given_at)


def recorded_releases(invitation: Invitation) -> list[tuple[UUID | None, Recorded]]:
    """By partner: who recorded the last word about them, of those that the citizen did not give on the page."""
    given = Consent.objects.filter(
        meeting=invitation.participant.meeting_id, purpose=Consent.Purpose.PARTNER_TAKES_PART
    )
    last = {one.recipient_id: one for one in given.order_by("given_at", "id")}
    found = [(partner, recorded(one, invitation)) for partner, one in last.items()]
    return [(partner, said) for partner, said in found if said is not None]


def _who(said: Answer | Consent, invitation: Invitation) -> Iterator[str]:
    person = invitation.participant.person
    if person is not None and person.is_strictly_protected:
        yield "Nav"
        return
    user = User.objects.filter(pk=said.given_by).first() if said.given_by else None
    if user is not None and user.name:
        yield user.name
    office = Office.objects.filter(pk=said.given_office).first()
    yield office.name if office else gettext("Nav Kontaktsenter")


def _holds(reply: Reply, answer: Answer) -> bool:
    """What was answered is about the meeting as it is now."""
    return reply.kind == Reply.Kind.STANDS and still_true.holds(answer)
