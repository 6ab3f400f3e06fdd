"""Who may do what in the database. The owner makes the tables; the application may do what its verbs do, and no more.

A ledger is only added to: the application's role cannot change or delete its rows, whatever its code does.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

ALL = ("SELECT", "INSERT", "UPDATE", "DELETE")
ADD_ONLY = ("SELECT", "INSERT")
READ_ONLY = ("SELECT",)

# Nobody ever gets TRUNCATE, REFERENCES or TRIGGER.
PARTICULAR: dict[str, tuple[str, ...]] = {
    "audit_auditevent": ADD_ONLY,
    "audit_showing": ("SELECT", "INSERT", "UPDATE"),
    "meetings_revision": ADD_ONLY,
    "meetings_callattempt": ADD_ONLY,
    "invitations_account": ADD_ONLY,
    "invitations_answer": ADD_ONLY,
    "invitations_reply": ADD_ONLY,
    "invitations_consent": ADD_ONLY,
    "invitations_identitycheck": ADD_ONLY,
    "minutes_version": ADD_ONLY,
    "django_migrations": READ_ONLY,
}


@dataclass(frozen=True)
class Granted:
    """How many tables the role may use, and how many of them not in full."""

    tables: int
    restricted: int


def role_exists(connection: BaseDatabaseWrapper, role: str) -> bool:
    """Whether the cluster knows the role."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        return cursor.fetchone() is not None


def grant(connection: BaseDatabaseWrapper, role: str) -> Granted:
    """Give `role` exactly the rights named here on every table of the schema, and take back any others.

    One transaction: whoever works meanwhile has the old rights until the new ones hold.
    """
    name = sql.Identifier(role)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        tables = [row[0] for row in cursor.fetchall()]
        cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(name))
        cursor.execute(sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}, PUBLIC").format(name))
        for table in tables:
            rights = sql.SQL(", ").join(sql.SQL(right) for right in PARTICULAR.get(table, ALL))
            cursor.execute(sql.SQL("GRANT {} ON {} TO {}").format(rights, sql.Identifier("public", table), name))
        cursor.execute(sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(name))
    return Granted(tables=len(tables), restricted=sum(table in PARTICULAR for table in tables))
