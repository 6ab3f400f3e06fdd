"""A running platform in a thread, and what a test or the process does with it."""

import secrets
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from navmeet.dev.altinn import pages
from navmeet.dev.altinn.server import EXCHANGE, NOTIFICATIONS, Server


@dataclass
class RunningAltinn:
    """A platform that answers until `stop()`. `step()` moves every delivery on where `pace` is None."""

    server: Server
    pace: float | None
    _threads: list[threading.Thread] = field(init=False)

    def __post_init__(self) -> None:
        self._threads = [threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)]
        if self.pace is not None:
            self._threads.append(threading.Thread(target=self._deliver, daemon=True))
        for thread in self._threads:
            thread.start()

    @property
    def url(self) -> str:
        """The address without a slash at the end."""
        return self.server.url

    def settings(self) -> dict[str, str]:
        """The settings that point navmeet at this server."""
        return {"ALTINN_URL": self.url + NOTIFICATIONS, "ALTINN_EXCHANGE_URL": self.url + EXCHANGE}

    def sent(self) -> list[dict[str, Any]]:
        """What left, the oldest first: as `/api/sent` has it."""
        return pages.as_json(self.server.kept)

    def fail(self, how: str, **given: Any) -> None:
        """Do one more thing wrong: see `faults.Fault`."""
        self.server.faults.replace([*self.server.faults.described(), {"how": how, **given}])

    def behave(self) -> None:
        """No faults any more."""
        self.server.faults.replace([])

    def revoke_tokens(self) -> None:
        """Every token given out so far is answered with 401 from now on."""
        self.server.signed_with = secrets.token_bytes()

    def deliver(self) -> None:
        """Every delivery to its end."""
        while self.server.kept.step():
            pass

    def stop(self) -> None:
        """Stop listening and wait for the threads."""
        self.server.stopping.set()
        self.server.shutdown()
        self.server.server_close()
        for thread in self._threads:
            thread.join(5)
        self.server.kept.ledger.close()

    def _deliver(self) -> None:
        while not self.server.stopping.wait(self.pace):
            self.server.kept.step()


def serve(
    folder: Path, port: int = 0, *, pace: float | None = None, citizen_base: str = "http://localhost:8001"
) -> RunningAltinn:
    """Start on 127.0.0.1, with what the folder holds; a step of every delivery each `pace` seconds. Raises OSError."""
    return RunningAltinn(Server(port, folder, citizen_base), pace)
