"""What the stand-in was asked to do wrong: the next so many requests to one part of it, or all until told otherwise."""

import threading
from dataclasses import asdict, dataclass, field
from typing import Any

HOWS = ("status", "slow", "cut_off_before", "cut_off_after", "garbage", "fails_at_provider")
PARTS = ("orders", "feed", "exchange")
STATUSES = (400, 401, 403, 404, 413, 422, 429, 499, 500, 502, 503, 504)


class BadControl(ValueError):
    """The control request makes no sense; the text says why."""


@dataclass(slots=True)
class Fault:
    """`how`: answer with `status` (429 with Retry-After), be `slow` by `seconds`, cut the connection off before the
    order is taken or after, answer `garbage`, or take the order and fail to send it, which is a 500.

    `times` None: until told otherwise.
    """

    how: str
    part: str = "orders"
    times: int | None = None
    status: int = 500
    seconds: float = 0.0
    retry_after: int | None = None

    def __post_init__(self) -> None:
        if self.how not in HOWS or self.part not in PARTS:
            raise BadControl(f"how is one of {', '.join(HOWS)}; part is one of {', '.join(PARTS)}")
        if self.status not in STATUSES:
            raise BadControl(f"status is one of {STATUSES}")


@dataclass
class Faults:
    """Safe for threads; the first that fits is done, and counted down."""

    waiting: list[Fault] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next_for(self, part: str) -> Fault | None:
        """What to do wrong with this request, if anything."""
        with self.lock:
            for fault in self.waiting:
                if fault.part == part:
                    if fault.times is not None:
                        fault.times -= 1
                        if fault.times < 1:
                            self.waiting.remove(fault)
                    return fault
        return None

    def replace(self, wanted: Any) -> None:
        """Do these from now on. Raises BadControl, then nothing is changed."""
        try:
            faults = [Fault(**fault) for fault in wanted]
        except TypeError as wrong:
            raise BadControl("a list of objects with how, part, times, status, seconds, retry_after") from wrong
        with self.lock:
            self.waiting = faults

    def described(self) -> list[dict[str, Any]]:
        """The same shape that `replace` takes."""
        with self.lock:
            return [asdict(fault) for fault in self.waiting]
