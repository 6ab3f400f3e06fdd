"""What is only added to cannot be changed: not by the application's role, and the audit not even by the owner."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from meetings import changes
from meetings.models import Meeting, Reason
from navmeet.accounts.actor import Actor
from navmeet.audit.models import AuditEvent
from navmeet.audit.record import OutsideTransaction, record, shown
from navmeet.protect import roles
from tests import make

ROLE = "navmeet_app"
REFUSED = "42501"  # insufficient_privilege
AUDIT_CHANGES = (
    "UPDATE audit_auditevent SET action = 'other'",
    "DELETE FROM audit_auditevent",
)
# The trigger refuses the owner with the very same code as the rights refuse the application.


def _connect_as(role: str) -> "psycopg.Connection[Any]":
    given = connection.settings_dict
    return psycopg.connect(
        host=given["HOST"], port=given["PORT"] or None, dbname=given["NAME"], user=role, autocommit=True
    )


@pytest.fixture
def granted(transactional_db: None) -> None:
    if not roles.role_exists(connection, ROLE):
        pytest.fail(f"This PostgreSQL has no role {ROLE}: let the tests start their own (unset DATABASE_URL).")
    roles.grant(connection, ROLE)


@pytest.fixture
def as_application(granted: None) -> Iterator["psycopg.Connection[Any]"]:
    with _connect_as(ROLE) as application:
        yield application


def _event() -> AuditEvent:
    with transaction.atomic():
        record("test.done", by=Actor.system("tests"), at=make.NOW, subject=make.citizen())
    return AuditEvent.objects.get()


@pytest.mark.django_db(transaction=True)
def test_an_audit_row_outside_a_transaction_is_refused() -> None:
    person = make.citizen()
    with pytest.raises(OutsideTransaction):
        record("test.done", by=Actor.system("tests"), at=make.NOW, subject=person)
    with transaction.atomic():
        record("test.done", by=Actor.system("tests"), at=make.NOW, subject=person)
    assert AuditEvent.objects.count() == 1, "negative control: inside one it is kept"


@pytest.mark.django_db(transaction=True)
def test_an_audit_row_falls_with_what_it_tells_of() -> None:
    person = make.citizen()
    with transaction.atomic():
        record("test.done", by=Actor.system("tests"), at=make.NOW, subject=person)
        transaction.set_rollback(True)
    assert not AuditEvent.objects.exists()


@pytest.mark.django_db
def test_only_an_employees_reading_is_a_showing() -> None:
    with pytest.raises(ValueError, match="employee"):
        shown("meeting.opened", to=Actor.system("tests"), person_id=make.citizen().pk, at=make.NOW)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("statement", AUDIT_CHANGES)
def test_the_owner_cannot_change_the_audit(statement: str) -> None:
    _event()
    with pytest.raises(DatabaseError, match="only added to"), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("statement", AUDIT_CHANGES)
def test_it_is_the_trigger_that_refuses_the_owner(statement: str) -> None:
    """Negative control: with the trigger off the same statement goes through."""
    _event()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER audit_only_added_to")
        cursor.execute(statement)
        assert cursor.rowcount == 1
        transaction.set_rollback(True)
    assert AuditEvent.objects.get().action == "test.done"


@pytest.mark.parametrize("statement", [*AUDIT_CHANGES, "TRUNCATE audit_auditevent"])
def test_the_application_cannot_change_the_audit(as_application: Any, statement: str) -> None:
    _event()
    assert as_application.execute("SELECT count(*) FROM audit_auditevent").fetchone() == (1,)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied"):
        as_application.execute(statement)


def test_it_is_the_rights_that_refuse_the_application(as_application: Any) -> None:
    """Negative control: with the right given and the trigger off the same statement goes through."""
    _event()
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT UPDATE ON audit_auditevent TO {ROLE}")
        cursor.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER audit_only_added_to")
    try:
        assert as_application.execute(AUDIT_CHANGES[0]).rowcount == 1
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE audit_auditevent ENABLE TRIGGER audit_only_added_to")
        roles.grant(connection, ROLE)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_application.execute(AUDIT_CHANGES[0])


def test_the_application_has_exactly_the_rights_that_are_written_down(granted: None) -> None:
    every = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [row[0] for row in cursor.fetchall()]
        assert set(roles.PARTICULAR) <= set(tables), "a rule for a table that is not there"
        for table in tables:
            cursor.execute(
                "SELECT array_agg(r) FILTER (WHERE has_table_privilege(%s, %s, r)) FROM unnest(%s::text[]) r",
                [ROLE, f"public.{table}", list(every)],
            )
            assert set(cursor.fetchone()[0] or ()) == set(roles.PARTICULAR.get(table, roles.ALL)), table


@pytest.mark.parametrize("table", ["meetings_revision", "minutes_version", "invitations_consent"])
def test_the_application_cannot_change_what_is_promised_to_stay(as_application: Any, table: str) -> None:
    for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            as_application.execute(statement)


def test_the_application_cannot_make_or_drop_anything(as_application: Any) -> None:
    for statement in ("CREATE TABLE mine (id int)", "DROP TABLE audit_auditevent", "ALTER ROLE navmeet_app CREATEDB"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            as_application.execute(statement)


def test_the_house_works_with_the_applications_rights(granted: None) -> None:
    owner = connection.settings_dict["USER"]
    connection.close()
    connection.settings_dict["USER"] = ROLE
    try:
        user, person = make.caseworker(), make.citizen()
        by = make.actor(user)
        meeting = make.meeting(user, person)
        changes.cancel(
            meeting_id=meeting.pk,
            version=meeting.version,
            why=changes.Why(reason=Reason.PRACTICAL, sentence=""),
            can_be_told=True,
            by=by,
            clearance=make.clearance(person, by),
            at=make.NOW,
        )
        assert Meeting.objects.get().status == "CANCELLED"
    finally:
        connection.close()
        connection.settings_dict["USER"] = owner
