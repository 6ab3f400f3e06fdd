"""Statements whose packets get no answer: when do they end? Run in a room of its own (room.py) whose door it shuts.

`python -m tests.faults.noticing SOCKET USER DATABASE` prints for each way of asking after how many seconds it ended.
"""

import json
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psycopg

from tests.faults.room import set_network
from tests.faults.wires import on_port, to_socket

SHUT_SECONDS, BEGUN_BEFORE = 10.0, 0.5
# What is asked just before and answered only after the door is shut; and what is asked then.
WAITS, ASKED = "SELECT pg_sleep(2)", "SELECT 1"


def main(path: Path, user: str, database: str) -> None:
    from navmeet import settings

    set_network(up=True)
    port = on_port(to_socket(path)).port
    ours = settings.database("postgresql://")["OPTIONS"]
    assert isinstance(ours, dict)
    ways = {"ours": ours, "bare": {}}
    ended: dict[str, float] = {}
    threads = []
    for name, options in ways.items():
        for how in (WAITS, ASKED):
            connection = psycopg.connect(
                host="127.0.0.1", port=port, user=user, dbname=database, sslmode="disable", **options
            )
            connection.execute("SELECT 1")
            threads.append(threading.Thread(target=_ask, args=(connection, how, f"{name}: {how}", ended), daemon=True))
    _begin(threads[::2])
    time.sleep(BEGUN_BEFORE)
    set_network(up=False)
    _begin(threads[1::2])
    time.sleep(SHUT_SECONDS)
    sys.stdout.write(json.dumps(ended))


def _begin(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()


def _ask(connection: "psycopg.Connection[Any]", words: str, name: str, ended: dict[str, float]) -> None:
    began = time.monotonic()
    try:
        connection.execute(words.encode())
    except psycopg.OperationalError:
        ended[name] = round(time.monotonic() - began - (BEGUN_BEFORE if words == WAITS else 0), 1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
