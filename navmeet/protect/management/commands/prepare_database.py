"""manage.py prepare_database: tables as the code wants them, and each role its rights."""

import time

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from navmeet.protect.roles import grant, role_exists

APPLICATION = "navmeet_app"
# Any number that nobody else here locks: "navmeet" in letters of the alphabet.
LOCK = 14_012_213_050_520


class Command(BaseCommand):
    """Waits for the database, migrates as its owner, and grants the application's role what it needs. Safe to repeat.

    Several at once are fine: one works, the others wait and then find nothing to do.
    """

    help = "Migrates (as DATABASE_OWNER_URL where set) and grants the application's role its rights."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--wait", type=int, default=60, metavar="SECONDS", help="for the database (60)")

    def handle(self, *_: object, wait: int, verbosity: int, **__: object) -> None:
        alias = "owner" if "owner" in settings.DATABASES else "default"
        connection = connections[alias]
        self._wait_for(connection, wait)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            call_command("migrate", database=alias, interactive=False, verbosity=max(verbosity - 1, 0))
            self._grant(connection)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])

    def _wait_for(self, connection: BaseDatabaseWrapper, seconds: int) -> None:
        until = time.monotonic() + seconds
        told = False
        while True:
            try:
                _try(connection)
            except psycopg.OperationalError as error:
                if time.monotonic() >= until:
                    raise CommandError(
                        f"PostgreSQL does not answer at {_place(connection)} after {seconds} s: {_first_line(error)}"
                    ) from None
                if not told:
                    self.stdout.write(f"Waiting for PostgreSQL at {_place(connection)}, at most {seconds} s …")
                    told = True
                time.sleep(0.5)
            else:
                return

    def _grant(self, connection: BaseDatabaseWrapper) -> None:
        role = str(settings.DATABASES["default"]["USER"]) if connection.alias == "owner" else APPLICATION
        mine = str(connection.settings_dict["USER"])
        if role == mine:
            self.stdout.write(self.style.WARNING(f"Migrated. One role ({role}) owns and serves: nothing to grant."))
            return
        if not role_exists(connection, role):
            if connection.alias == "owner":
                raise CommandError(f"The role {role} of DATABASE_URL is not in this PostgreSQL: create it first.")
            self.stdout.write(f"Migrated. There is no role {role} here: nothing to grant.")
            return
        try:
            granted = grant(connection, role)
        except DatabaseError as error:
            raise CommandError(f"{mine} could not grant {role} its rights: {_first_line(error)}") from None
        self.stdout.write(
            f"Migrated as {mine}; {role} may use {granted.tables} tables, {granted.restricted} of them not in full."
        )


def _try(connection: BaseDatabaseWrapper) -> None:
    """Connect once, past the pool, which would retry and log by itself."""
    given = connection.settings_dict
    psycopg.connect(
        host=given["HOST"] or None,
        port=given["PORT"] or None,
        dbname=given["NAME"],
        user=given["USER"] or None,
        password=given["PASSWORD"] or None,
        connect_timeout=3,
        **{name: value for name, value in given["OPTIONS"].items() if name.startswith("ssl")},
    ).close()


def _place(connection: BaseDatabaseWrapper) -> str:
    """Where, without the password."""
    given = connection.settings_dict
    return f"{given['HOST'] or 'the local socket'}{':' + str(given['PORT']) if given['PORT'] else ''}/{given['NAME']}"


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
