"""On what something may be shown to somebody outside Nav: the law, or the citizen's release. Nothing else.

By LAW a partner may be told at once. By RELEASE only after the citizen's last word about this recipient is a yes,
which covers the recipient it named: a yes to one doctor is none to the next.
"""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from invitations.models import Consent, Invitation
from meetings.models import Basis, Participant, PartnerContact, Role
from navmeet.people.models import STRICT

EVERYBODY: Final = datetime.max.replace(tzinfo=UTC)


def basis_of(participant: Participant) -> Basis | None:
    """On what a partner may take part, by the table of the meeting's type; None where they may not."""
    if not participant.is_partner:
        return None
    return participant.meeting.type.basis_of(Role(participant.role))


def has_basis(participant: Participant) -> bool:
    """May this partner be told of the meeting, now? False for whoever is taken out of it, or kept out by protection."""
    return participant.removed_at is None and not is_shut(participant) and is_allowed(participant)


def is_allowed(participant: Participant) -> bool:
    """Do law or release allow it, whatever was learned of the citizen's protection since they were added?"""
    basis = basis_of(participant)
    if basis == Basis.RELEASE:
        return is_released(participant)
    return basis == Basis.LAW


def is_shut(participant: Participant) -> bool:
    """Was the citizen strictly protected after this partner was added? Then neither law nor release is enough.

    Those who may know of such a meeting decide who takes part: by adding the partner anew. Until what is learned has
    been seen to (protection.py), everybody is kept out.
    """
    before = shut_before(participant.meeting_id)
    return before is not None and participant.added_at < before


def shut_before(meeting_id: UUID) -> datetime | None:
    """Partners added before then are kept out; None where the citizen is not strictly protected. One query."""
    citizens = Invitation.objects.filter(participant__meeting=meeting_id, participant__role=Role.CITIZEN)
    found = citizens.values_list("protected_at", "participant__person__protection").first()
    if found is None:
        return None
    protected_at, protection = found
    return protected_at or (EVERYBODY if protection in STRICT else None)


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
