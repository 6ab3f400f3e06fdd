"""How partners are reached: e-mail through Altinn or our mail server (PARTNER_CHANNEL), SMS and codes by Altinn alone.

A code by e-mail would prove no more than the link does, which came there too: without Altinn there are no codes.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings

from invitations.messages import altinn, mail
from invitations.messages.outcomes import Forbidden, Sent, Throttled, Unavailable

THREADS = 4
NOT_BEGUN = Unavailable("not_begun", may_be_taken=False)


@dataclass(frozen=True, slots=True)
class Mail:
    """An e-mail on its way out. `reference` comes back in the feed: nothing about a person."""

    key: UUID
    reference: str
    address: str = field(repr=False)
    subject: str = field(repr=False)
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sms:
    """An SMS on its way out, which the operator gives up after `time_to_live` seconds. `reference` as of a Mail."""

    key: UUID
    reference: str
    phone: str = field(repr=False)
    body: str = field(repr=False)
    time_to_live: int


def send(all_of: Sequence[Mail | Sms], within: float) -> dict[UUID, Sent]:
    """Send all, several at once, in `within` seconds together; what each became, by key. Outside any transaction.

    What was not begun in time, or stood behind one of its kind that was throttled or forbidden, surely did not leave.
    """
    deadline = time.monotonic() + within
    stopped: dict[type, Sent] = {}

    def one(given: Mail | Sms) -> Sent:
        if type(given) in stopped:
            return stopped[type(given)]
        left = deadline - time.monotonic()
        if left <= 0:
            return NOT_BEGUN
        send_it = send_email if isinstance(given, Mail) else send_sms
        outcome = send_it(given, within=min(left, altinn.WITHIN_SECONDS))  # type: ignore[arg-type]
        if isinstance(outcome, Throttled | Forbidden):
            stopped[type(given)] = outcome
        return outcome

    with ThreadPoolExecutor(THREADS, thread_name_prefix="partners") as pool:
        return dict(zip((given.key for given in all_of), pool.map(one, all_of), strict=True))


def send_email(given: Mail, *, within: float) -> Sent:
    """One e-mail by the channel that the settings name."""
    send = mail.send_email if settings.PARTNER_CHANNEL == "SMTP" else altinn.send_email
    return send(given.key, given.reference, given.address, given.subject, given.body, within=within)


def send_sms(given: Sms, *, within: float) -> Sent:
    """One SMS, by Altinn whatever the settings name for e-mails."""
    return altinn.send_sms(given.key, given.reference, given.phone, given.body, given.time_to_live, within=within)


def send_code(key: UUID, phone: str, body: str, time_to_live: int) -> Sent:
    """An SMS with a one-time code, within five seconds. A new `key` for each code; anything but Accepted: try again."""
    return altinn.send_sms(key, "code", phone, body, time_to_live)
