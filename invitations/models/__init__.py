"""Who is asked, what they are told, what they answer and choose, and how they come in."""

from invitations.models.asked import Account, Answer, Consent, Given, Invitation, InvitationQuery, Reply
from invitations.models.credentials import PartnerCode
from invitations.models.door import IdentityCheck, Presence, VideoRoom, Visit
from invitations.models.ledger import (
    NOT_DIGITALLY,
    TO_PARTNERS,
    Because,
    Channel,
    FeedPosition,
    Hang,
    Message,
    MessageState,
    Occasion,
    Pulse,
    Receipt,
    Retraction,
    Step,
    Why,
)
from invitations.models.reminding import REMINDER_STEPS, ReminderPlan

__all__ = [
    "NOT_DIGITALLY",
    "REMINDER_STEPS",
    "TO_PARTNERS",
    "Account",
    "Answer",
    "Because",
    "Channel",
    "Consent",
    "FeedPosition",
    "Given",
    "Hang",
    "IdentityCheck",
    "Invitation",
    "InvitationQuery",
    "Message",
    "MessageState",
    "Occasion",
    "PartnerCode",
    "Presence",
    "Pulse",
    "Receipt",
    "ReminderPlan",
    "Reply",
    "Retraction",
    "Step",
    "VideoRoom",
    "Visit",
    "Why",
]
