"""How partners are reached: e-mail through Altinn or our mail server (PARTNER_CHANNEL), codes always by Altinn's SMS.

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


@dataclass(frozen=True, slots=True)
class Mail:
    """An e-mail on its way out. `reference` comes back in the feed: nothing about a person."""

    key: UUID
    reference: str
    address: str = field(repr=False)
    subject: str = field(repr=False)
    body: str = field(repr=False)


def send_emails(mails: Sequence[Mail], within: float) -> dict[UUID, Sent]:
    """Send all, several at once, in `within` seconds together; what each became, by key. Outside any transaction.

    What was not begun in time, or stood behind one that was throttled or forbidden, was surely not sent now.
    """
    deadline = time.monotonic() + within
    stopped: list[Sent] = []

    def one(given: Mail) -> Sent:
        if stopped:
            return stopped[0]
        left = deadline - time.monotonic()
        if left <= 0:
            return Unavailable("not_begun")
        outcome = send_email(given, within=min(left, altinn.WITHIN_SECONDS))
        if isinstance(outcome, Throttled | Forbidden):
            stopped.append(outcome)
        return outcome

    with ThreadPoolExecutor(THREADS, thread_name_prefix="partners") as pool:
        return dict(zip((given.key for given in mails), pool.map(one, mails), strict=True))


def send_email(given: Mail, *, within: float) -> Sent:
    """One e-mail by the channel that the settings name."""
    send = mail.send_email if settings.PARTNER_CHANNEL == "SMTP" else altinn.send_email
    return send(given.key, given.reference, given.address, given.subject, given.body, within=within)


def send_code(key: UUID, phone: str, body: str, time_to_live: int) -> Sent:
    """An SMS with a one-time code, within five seconds. A new `key` for each code; anything but Accepted: try again."""
    return altinn.send_sms(key, "code", phone, body, time_to_live)
