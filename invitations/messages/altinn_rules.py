"""What we demand of a text, and again of the address, before it leaves for Altinn or SMTP.

Stricter than Altinn Notifications, which takes any valid telephone number, any length and any link: an SMS here fits
in one, carries no address, and goes to something that can receive it; an e-mail leads nowhere but to us.
"""

import re
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from invitations.messages.min_side_rules import link_like, utf16_length
from meetings.contacts import is_email, is_mobile

LONGEST_SMS: Final = 160
LONGEST_SUBJECT: Final = 100
LONGEST_EMAIL: Final = 10_000
# Altinn's own limits (ShortMessageDeliveryDetailsValidator).
SHORTEST_LIFE: Final = 60
LONGEST_LIFE: Final = 172_800

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]*://[^\s<>\"']*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a message does not leave. It never repeats what stood in the field."""

    code: str
    field: str


def problems_with_sms(phone: str, body: str, time_to_live: int) -> list[Problem]:
    """Everything that keeps this SMS from leaving; empty when nothing does. `time_to_live` is in seconds."""
    found = []
    if not is_mobile(phone):
        found.append(Problem("not_a_mobile_number", "phone"))
    if not body.strip() or utf16_length(body) > LONGEST_SMS:
        found.append(Problem("blank_or_too_long", "body"))
    if _CONTROL.search(body):
        found.append(Problem("control_character", "body"))
    if link_like(body):
        found.append(Problem("link_in_sms", "body"))
    if not SHORTEST_LIFE <= time_to_live <= LONGEST_LIFE:
        found.append(Problem("life_too_short_or_long", "time_to_live"))
    return found


def problems_with_email(address: str, subject: str, body: str) -> list[Problem]:
    """Everything that keeps this e-mail from leaving; empty when nothing does."""
    found = []
    if not is_email(address):
        found.append(Problem("not_an_address", "address"))
    if not subject.strip() or utf16_length(subject) > LONGEST_SUBJECT:
        found.append(Problem("blank_or_too_long", "subject"))
    if _CONTROL.search(subject) or "\n" in subject or "\t" in subject:
        found.append(Problem("control_character", "subject"))
    if link_like(subject):
        found.append(Problem("link_in_subject", "subject"))
    if not body.strip() or utf16_length(body) > LONGEST_EMAIL:
        found.append(Problem("blank_or_too_long", "body"))
    if _CONTROL.search(body):
        found.append(Problem("control_character", "body"))
    ours = f"{settings.PUBLIC_BASE_URL}/"
    if not all(link.startswith(ours) for link in _ADDRESS.findall(body)):
        found.append(Problem("link_elsewhere", "body"))
    return found
