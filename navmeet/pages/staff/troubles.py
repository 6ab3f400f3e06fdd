"""What did not reach somebody, in words: what it was, what to do, and the buttons that do it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self
from uuid import UUID

from invitations import bases
from invitations.messages import log_words
from invitations.models import Why
from invitations.undelivered import HANGS, Repair, Trouble
from meetings.models import PartnerContact, Task
from navmeet.pages.staff import not_reached
from navmeet.pages.staff.partner_forms import ContactForm

# Whose contact data are kept by a register, and not by us.
_CITIZEN_CORRECTS: Final = (
    "E-post og mobilnummer kan bare innbyggeren selv rette, på norge.no. Trykk «Prøv igjen» når det er gjort, så spør "
    "vi kontaktregisteret på nytt."
)
_PARTNER_CORRECTS: Final = "Er e-posten eller mobilnummeret feil, retter du det her, så sender vi på nytt."
_TO_CITIZEN: Final = {
    HANGS: "Vi prøver igjen av oss selv. Haster det, så ring innbyggeren.",
    Why.RESERVED: "Send brev i posten. Er reservasjonen opphevet, så trykk «Prøv igjen».",
    Why.CANNOT_BE_TOLD: f"Send brev i posten. {_CITIZEN_CORRECTS}",
    Why.NOT_DELIVERED: "Ring innbyggeren.",
    Why.NOT_CONFIRMED: "Send på nytt, eller ring hvis det haster.",
    Why.BROKER: "Send på nytt. Kommer det fortsatt ikke av gårde, så ring innbyggeren.",
    Why.TOO_LATE: "Ring innbyggeren.",
}
_TO_PARTNER: Final = {
    HANGS: "Vi prøver igjen av oss selv. Haster det, så ring.",
    Why.NOT_DELIVERED: _PARTNER_CORRECTS,
    Why.REFUSED_BY_RULES: _PARTNER_CORRECTS,
    Why.BROKER: "Send på nytt. Kommer det fortsatt ikke av gårde, så ring.",
    Why.TOO_LATE: "Ring.",
}
_WRONG_ADDRESS: Final = frozenset({Why.NOT_DELIVERED, Why.REFUSED_BY_RULES})
# Where asking the register anew is what may help.
_ASKS_REGISTER: Final = frozenset({Why.RESERVED, Why.CANNOT_BE_TOLD, Why.NOT_DELIVERED})


@dataclass(frozen=True)
class Contact:
    """Whom to ring, and where they are reached as far as we know: "Lise Lege (Fjordvik legesenter)"."""

    who: str
    email: str
    phone: str

    @classmethod
    def of(cls, contact: PartnerContact) -> Self:
        """As it is kept."""
        return cls(bases.who(contact), contact.email, contact.phone)


def contacts(participants: Collection[UUID]) -> dict[UUID, PartnerContact]:
    """By partner, while they are kept: for who may open the citizen. One query, or none."""
    found = PartnerContact.objects.filter(participant__in=participants) if participants else ()
    return {one.participant_id: one for one in found}


@dataclass(frozen=True)
class TroubleRow:
    """`advice` says what to do, after `next_try`, when the house itself goes on, and `is_on_its_way`, what was sent
    anew; what is None or False is not offered. `contact` and `form`: if it is shown."""

    message_id: UUID
    meeting_id: UUID
    invitation_id: UUID
    who: str
    what: str
    words: str
    advice: str
    next_try: str
    is_on_its_way: bool
    again: str
    corrects: bool
    letter: Task | None
    contact: Contact | None
    form: ContactForm | None


def row(
    trouble: Trouble,
    at: datetime,
    *,
    contact: PartnerContact | None = None,
    with_form: bool = False,
    apart: str = "",
) -> TroubleRow:
    """`contact`: a partner's, for who may open the citizen; `with_form`: to be corrected in the same place.

    `apart`: which of several with the same role it is.
    """
    message, repairs = trouble.message, trouble.repairs
    partner = message.participant.is_partner
    asks_register = not partner and trouble.cause in _ASKS_REGISTER
    corrects = Repair.CORRECT_CONTACT in repairs
    return TroubleRow(
        message_id=message.pk,
        meeting_id=message.meeting_id,
        invitation_id=message.participant.invitation.pk,
        who=not_reached.who_of(message.participant.role, apart),
        what=log_words.what(message.occasion, message.step),
        words=trouble.words,
        advice=_advice(trouble, apart, asks_register=asks_register),
        next_try=trouble.next_try.words(at) if trouble.next_try else "",
        is_on_its_way=trouble.is_on_its_way and trouble.next_try is None,
        again=("Prøv igjen" if asks_register else "Send på nytt") if Repair.SEND_AGAIN in repairs else "",
        corrects=corrects,
        letter=trouble.letter,
        contact=Contact.of(contact) if contact else None,
        form=_form(trouble, contact) if corrects and with_form and contact else None,
    )


def _advice(trouble: Trouble, apart: str, *, asks_register: bool) -> str:
    """What the house has tried says most."""
    is_partner = trouble.message.participant.is_partner
    corrects = f" {_CITIZEN_CORRECTS}" if asks_register and trouble.cause == Why.NOT_DELIVERED else ""
    if trouble.contact is not None and trouble.contact.tried:
        is_wrong = is_partner and trouble.cause in _WRONG_ADDRESS
        return not_reached.sentence(trouble.contact.tried, apart) + (f" {_PARTNER_CORRECTS}" if is_wrong else corrects)
    if trouble.next_try is not None and trouble.letter is None and trouble.call is None:
        return _meanwhile(trouble, apart)
    if trouble.letter is None and trouble.call is not None:
        return f"Brevet er sendt, men kommer kanskje ikke fram i tide. {_ring(trouble)}."
    known = _TO_PARTNER if is_partner else _TO_CITIZEN
    advice = known.get(trouble.cause, "Send på nytt, eller ring hvis det haster.") + corrects
    if trouble.letter is not None and (trouble.call is not None or trouble.is_urgent):
        return f"{_ring(trouble)}, for et brev kommer kanskje ikke fram i tide. {advice}"
    return advice


def _meanwhile(trouble: Trouble, apart: str) -> str:
    """What to do while the house goes on by itself: mostly nothing."""
    urgent = f"Haster det, så ring {not_reached.who_of(trouble.message.participant.role, apart)}."
    if Repair.CORRECT_CONTACT in trouble.repairs:
        return f"{urgent} {_PARTNER_CORRECTS}"
    return f"Du trenger ikke gjøre noe nå. {urgent}"


def _ring(trouble: Trouble) -> str:
    message = trouble.message
    who = not_reached.who_of(message.participant.role)
    return f"Ring {who} og {not_reached.to_say(message.occasion, who)}"


def _form(trouble: Trouble, contact: PartnerContact) -> ContactForm:
    """With ids of its own: several may stand on a page."""
    initial = {"email": contact.email, "phone": contact.phone}
    return ContactForm(initial=initial, auto_id=f"contact-{trouble.message.pk.hex}-%s")
