"""On what something may be shown to somebody outside Nav: the law, or the citizen's release. Nothing else.

By LAW a partner may be told at once. By RELEASE only after the citizen's last word about this recipient is a yes,
which covers the recipient it named: a yes to one doctor is none to the next.
"""

from invitations.models import Consent
from meetings.models import Basis, Participant, PartnerContact, Role


def basis_of(participant: Participant) -> Basis | None:
    """On what a partner may take part, by the table of the meeting's type; None where they may not."""
    if not participant.is_partner:
        return None
    return participant.meeting.type.basis_of(Role(participant.role))


def has_basis(participant: Participant) -> bool:
    """May this partner be told of the meeting, now? False for whoever is taken out of it."""
    if participant.removed_at is not None:
        return False
    basis = basis_of(participant)
    if basis == Basis.RELEASE:
        return is_released(participant)
    return basis == Basis.LAW


def is_released(participant: Participant) -> bool:
    """Is the citizen's last word about this recipient a yes, and to the recipient as they are called now?"""
    last = last_word(participant)
    return last is not None and last.said_yes and who(contact_of(participant)) in last.text_shown


def last_word(participant: Participant) -> Consent | None:
    """What the citizen last said about this recipient, if they were asked and answered."""
    return (
        Consent.objects.filter(
            meeting=participant.meeting_id, purpose=Consent.Purpose.PARTNER_TAKES_PART, recipient=participant
        )
        .order_by("-given_at", "-id")
        .first()
    )


def contact_of(participant: Participant) -> PartnerContact | None:
    """How the partner is reached, while it is kept. One query if it was not fetched with them."""
    try:
        return participant.contact
    except PartnerContact.DoesNotExist:
        return None


def who(contact: PartnerContact | None) -> str:
    """The recipient as the citizen reads of them: "Lise Lege (Fjordvik legesenter)"."""
    if contact is None:
        return ""
    return f"{contact.name} ({contact.organisation})" if contact.organisation else contact.name
