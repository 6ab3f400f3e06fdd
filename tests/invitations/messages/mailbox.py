"""A stand-in for the way to partners: keeps what it took, by key once, as Altinn does. The real wire: tests/faults."""

import threading
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from invitations.messages import partner_channel
from invitations.messages.outcomes import Accepted, Sent
from invitations.messages.partner_channel import Mail, Sms


class FakeMailbox:
    """`outcome` is what it says instead of taking; `while_sending` runs before anything is taken."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.sms: list[Sms] = []
        self.doubles: list[UUID] = []
        self.outcome: Sent | None = None
        self.while_sending: Callable[[], None] = lambda: None
        self._lock = threading.Lock()

    def send(self, all_of: Sequence[Mail | Sms], within: float) -> dict[UUID, Sent]:
        self.while_sending()
        return {one.key: self._take(one) for one in all_of}

    def _take(self, given: Mail | Sms) -> Sent:
        if self.outcome is not None:
            return self.outcome
        with self._lock:
            is_repeat = given.key in {mail.key for mail in self.mails} | {sms.key for sms in self.sms}
            if is_repeat:
                self.doubles.append(given.key)
            elif isinstance(given, Mail):
                self.mails.append(given)
            else:
                self.sms.append(given)
        return Accepted("order", f"shipment-{given.key}", is_repeat=is_repeat)

    def subjects(self) -> list[str]:
        return [mail.subject for mail in self.mails]

    def install(self, monkeypatch: Any) -> None:
        monkeypatch.setattr(partner_channel, "send", self.send)
