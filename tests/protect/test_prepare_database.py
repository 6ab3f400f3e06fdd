"""manage.py prepare_database, as a process of its own on a database of its own, as a new release runs it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from navmeet.protect.roles import PARTICULAR
from tests.architecture.code import ROOT

APPLICATION, OWNER = "navmeet_app", "navmeet_owner"


def _url(role: str, name: str) -> str:
    given = connection.settings_dict
    return f"postgresql://{role}@/{name}?host={quote(given['HOST'], safe='/')}&port={given['PORT'] or 5432}"


def _connect(role: str, name: str) -> "psycopg.Connection[Any]":
    return psycopg.connect(_url(role, name), autocommit=True)


@pytest.fixture
def fresh(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """An empty database of the owner's."""
    name = f"{connection.settings_dict['NAME']}_fresh"
    with django_db_blocker.unblock():
        owner = connection.settings_dict["USER"]
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_roles WHERE rolname IN (%s, %s)", [APPLICATION, OWNER])
            (both,) = cursor.fetchone()
        connection.close()
        if both < 2 or owner != OWNER:
            pytest.fail("This PostgreSQL lacks our two roles: let the tests start their own (unset DATABASE_URL).")
        with _connect(OWNER, "postgres") as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield name
        with _connect(OWNER, "postgres") as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _environment(**changes: str) -> dict[str, str]:
    values = {
        "NAVMEET_MODE": "demo",
        "SECRET_KEY": "for-tests-only-" + "0123456789abcdef" * 4,
        "PROTECT_KEYS": "test:" + "A" * 43 + "=",
        "PROTECT_INDEX_KEY": "B" * 43 + "=",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "PUBLIC_BASE_URL": "https://navmeet.nav.no",
    }
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)} | values | changes


def _begin(environment: dict[str, str], *arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-W", "error", "manage.py", "prepare_database", *arguments]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def _done(process: "subprocess.Popen[str]") -> str:
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 0, output
    return output


def test_two_releases_at_once_prepare_one_database_and_a_third_finds_it_done(fresh: str) -> None:
    environment = _environment(DATABASE_URL=_url(APPLICATION, fresh), DATABASE_OWNER_URL=_url(OWNER, fresh))
    both = [_begin(environment), _begin(environment)]
    for process in both:
        assert f"{APPLICATION} may use" in _done(process)
    assert f"{len(PARTICULAR)} of them not in full" in _done(_begin(environment))

    with _connect(APPLICATION, fresh) as application:
        assert application.execute("SELECT count(*) FROM meetings_meeting").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute("DELETE FROM audit_auditevent")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute("TRUNCATE meetings_meeting CASCADE")


def test_a_right_that_somebody_gave_by_hand_is_taken_back(fresh: str) -> None:
    environment = _environment(DATABASE_URL=_url(APPLICATION, fresh), DATABASE_OWNER_URL=_url(OWNER, fresh))
    _done(_begin(environment))
    with _connect(OWNER, fresh) as owner:
        owner.execute(f"GRANT DELETE ON audit_auditevent TO {APPLICATION}")
    _done(_begin(environment))
    with _connect(APPLICATION, fresh) as application, pytest.raises(psycopg.errors.InsufficientPrivilege):
        application.execute("DELETE FROM audit_auditevent")


def test_a_database_that_is_away_is_waited_for_and_then_named_without_its_password() -> None:
    address = "postgresql://navmeet_owner:geheim@127.0.0.1:1/away"
    process = _begin(_environment(DATABASE_URL=address, DATABASE_OWNER_URL=address), "--wait", "1")
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Waiting for PostgreSQL at 127.0.0.1:1/away" in output
    assert "does not answer" in output
    assert "geheim" not in output
    assert "Traceback" not in output
