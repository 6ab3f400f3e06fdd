"""The file that says what was read and done: one JSON object a line, only added to, on the disk before it counts."""

import json
import os
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

Entry = dict[str, Any]


class Ledger:
    """Lines in `DIR/events.jsonl`. A last line that was cut off by a crash is dropped when opened."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.file = folder / "events.jsonl"
        self._writing = threading.Lock()
        self._descriptor = os.open(self.file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        self._drop_half_a_line()

    def entries(self) -> Iterator[Entry]:
        """All of it, from the beginning."""
        with self.file.open(encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)

    def append(self, entries: Iterable[Entry]) -> None:
        """Add them together and wait for the disk."""
        text = "".join(json.dumps(entry, separators=(",", ":")) + "\n" for entry in entries)
        left = text.encode()
        with self._writing:
            while left:
                left = left[os.write(self._descriptor, left) :]
            os.fsync(self._descriptor)

    def close(self) -> None:
        os.close(self._descriptor)

    def _drop_half_a_line(self) -> None:
        whole = self.file.read_bytes()
        end = whole.rfind(b"\n") + 1
        if end < len(whole):
            os.ftruncate(self._descriptor, end)
