"""A stand-in for the way to partners: keeps what it took, by key once, as Altinn does. The real wire: tests/faults."""

import threading
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from invitations.messages import partner_channel
from invitations.messages.outcomes import Accepted, Sent
from invitations.messages.partner_channel import Mail


class FakeMailbox:
    """`outcome` is what it says instead of taking; `while_sending` runs before anything is taken."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.doubles: list[UUID] = []
        self.outcome: Sent | None = None
        self.while_sending: Callable[[], None] = lambda: None
        self._lock = threading.Lock()

    def send_emails(self, mails: Sequence[Mail], within: float) -> dict[UUID, Sent]:
        self.while_sending()
        return {mail.key: self._take(mail) for mail in mails}

    def _take(self, mail: Mail) -> Sent:
        if self.outcome is not None:
            return self.outcome
        with self._lock:
            is_repeat = mail.key in {one.key for one in self.mails}
            if is_repeat:
                self.doubles.append(mail.key)
            else:
                self.mails.append(mail)
        return Accepted("order", f"shipment-{mail.key}", is_repeat=is_repeat)

    def subjects(self) -> list[str]:
        return [mail.subject for mail in self.mails]

    def install(self, monkeypatch: Any) -> None:
        monkeypatch.setattr(partner_channel, "send_emails", self.send_emails)
