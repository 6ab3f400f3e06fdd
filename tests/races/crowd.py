"""Many clients in the same instant: each a thread with a connection of its own, answered as the API would answer it."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from django.db import connection, connections

from navmeet.api.problems import headers_of, status_of
from navmeet.dev.servers.postgres import APPLICATION_SETTINGS
from navmeet.exceptions import DomainError

Act = Callable[[], Any]
PATIENCE = 60


@dataclass(frozen=True)
class Answer:
    """What one client got. `seconds` from the common start on. 500 for what the house knows no sentence for."""

    status: int
    seconds: float
    code: str = ""
    retry_after: str = ""
    result: Any = None

    @property
    def is_won(self) -> bool:
        return self.status == 200


class Crowd:
    """`size` clients that live for many rounds. Their connections wait for locks no longer than the house's own do."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._pool = ThreadPoolExecutor(size)
        self._mine = threading.local()

    def __enter__(self) -> "Crowd":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._all(self.size, lambda _: connections.close_all())
        self._pool.shutdown()

    def together(self, acts: Sequence[Act]) -> list[Answer]:
        """What each was answered, in their order; all begin at once, and at most as many as there are clients."""
        return self._all(len(acts), lambda number: _answer(acts[number]))

    def _all(self, count: int, act: Callable[[int], Any]) -> list[Any]:
        gate = threading.Barrier(count)

        def run(number: int) -> Any:
            self._connect()
            gate.wait(PATIENCE)
            return act(number)

        return list(self._pool.map(run, range(count), timeout=2 * PATIENCE))

    def _connect(self) -> None:
        if getattr(self._mine, "is_ready", False):
            return
        with connection.cursor() as cursor:
            for name, value in APPLICATION_SETTINGS.items():
                cursor.execute(f"SET {name} = '{value}'")
        self._mine.is_ready = True


def _answer(act: Act) -> Answer:
    began = time.perf_counter()
    try:
        result = act()
    except DomainError as error:
        seconds = time.perf_counter() - began
        return Answer(status_of(error), seconds, error.code, headers_of(error).get("Retry-After", ""))
    except Exception as error:  # noqa: BLE001
        return Answer(500, time.perf_counter() - began, repr(error))
    return Answer(200, time.perf_counter() - began, result=result)
