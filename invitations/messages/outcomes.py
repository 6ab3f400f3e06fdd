"""What became of handing one SMS or e-mail on, by cause: the sender settles the row by it.

Only `Refused` is for good. All others may be tried again with the same key: the receiver drops what it had already.
`Refused`, `Forbidden` and `Throttled` promise that nothing was taken now; `Unavailable` promises nothing.
No outcome says to whom or what: `cause` is a status, a code or a kind of failure, fit for a log.
"""

from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Accepted:
    """Taken. `is_repeat`: it was taken before with this key, and nothing was sent now.

    Taken is not delivered, and a repeat says nothing of how the first fared: the delivery feed does.
    """

    order_id: str
    shipment_id: str
    is_repeat: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """It will be refused however often it is tried: a person has to be asked."""

    cause: str


@dataclass(frozen=True, slots=True)
class Forbidden:
    """We ourselves are not let in, even with a fresh token: an alarm for those who run this, nobody's task."""

    cause: str


@dataclass(frozen=True, slots=True)
class Throttled:
    """Too much at once. Nothing more should be tried for `wait_seconds`."""

    cause: str
    wait_seconds: int


@dataclass(frozen=True, slots=True)
class Unavailable:
    """No clear answer: it may have been taken all the same, unless it surely was not begun (`may_be_taken` False)."""

    cause: str
    may_be_taken: bool = field(default=True, compare=False)


Sent: TypeAlias = Accepted | Refused | Forbidden | Throttled | Unavailable
