"""Loaded before Django (see addopts): what the tests run on. A real PostgreSQL, found or started, in `.build/`."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def _prepare() -> None:
    os.environ["NAVMEET_MODE"] = "test"
    # WhiteNoise warns where it is missing, and a warning is an error here.
    (ROOT / ".build" / "collected").mkdir(parents=True, exist_ok=True)
    if "DATABASE_URL" not in os.environ:
        import psycopg

        from navmeet.dev.servers import postgres

        server = postgres.start(ROOT / ".build" / "test-postgres", careless=True)
        server.create("navmeet")
        with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as connection:
            connection.execute("ALTER ROLE navmeet_owner CREATEDB")
        os.environ["DATABASE_URL"] = server.url("navmeet_owner", "navmeet")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "navmeet.settings")


_prepare()
