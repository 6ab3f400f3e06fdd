"""Meetings for the week bench: one caseworker's thousand, among very many of others, with who takes part and answers.

Run as a program of its own, by the superuser of a server that is the bench's: `python -m benchmarks.week_data 1000000`.
"""

import os
import sys

import django

A_HOST = 1_000


def main() -> None:
    """Make so many meetings in all; each caseworker has a thousand, four a day, and each office ten caseworkers."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "navmeet.settings")
    django.setup()
    from django.db import connection

    from meetings import starting_types

    starting_types.load()
    made = {"meetings": int(sys.argv[1]), "hosts": int(sys.argv[1]) // A_HOST}
    with connection.cursor() as cursor:
        # Foreign keys are right by how the rows are made; looked at one by one they would take most of the time.
        cursor.execute("SET session_replication_role = replica; SET statement_timeout = 0")
        for statement in _STATEMENTS:
            cursor.execute(statement, made)
        cursor.execute("ANALYZE")


def _id(table: int, number: str) -> str:
    """SQL for the id of row `number` of a table: in order of making, as the house's own ids are."""
    return f"('0189000{table}-0000-7000-8000-' || lpad(to_hex({number}), 12, '0'))::uuid"


_HOST, _MEETING = "1 + (n - 1) %% %(hosts)s", "n"
_OFFICE = "lpad((299 + ((n - 1) %% %(hosts)s) / 10)::text, 4, '0')"
_STARTS = """('2027-01-04 08:00Z'::timestamptz + ((n - 1) / %(hosts)s / 4) * interval '1 day'
    + ((n - 1) / %(hosts)s %% 4) * interval '2 hours')"""
_EACH_HOST, _EACH_MEETING = "FROM generate_series(1, %(hosts)s) n", "FROM generate_series(1, %(meetings)s) n"
_STATEMENTS = (
    f"""INSERT INTO meetings_office (number, name, address)
    SELECT DISTINCT {_OFFICE}, 'Nav Prøveby ' || {_OFFICE}, 'Prøvegata 1' {_EACH_HOST} ON CONFLICT DO NOTHING""",
    f"""INSERT INTO accounts_user (id, nav_ident, name, office, is_active)
    SELECT {_id(0, "n")}, 'Z' || lpad(n::text, 6, '0'), 'sealed', {_OFFICE}, true {_EACH_HOST}""",
    f"""INSERT INTO people_person (id, name, protection, registers_asked_at, language, created_at)
    SELECT {_id(1, "n")}, 'sealed', 'UGRADERT', now(), 'nb', now() {_EACH_MEETING}""",
    f"""INSERT INTO meetings_meeting (id, type_id, status, format, starts_at, ends_at, office_id, host_id,
        check_identity, revision_number, version, sequence, created_at, created_by)
    SELECT {_id(2, _MEETING)}, 'FOLLOW_UP', 'SCHEDULED', 'VIDEO', {_STARTS}, {_STARTS} + interval '45 minutes',
        {_OFFICE}, {_id(0, _HOST)}, false, 1, 1, 0, now(), {_id(0, _HOST)} {_EACH_MEETING}""",
    f"""INSERT INTO meetings_participant (id, meeting_id, role, user_id, language, added_at)
    SELECT {_id(3, "n")}, {_id(2, _MEETING)}, 'HOST', {_id(0, _HOST)}, 'nb', now() {_EACH_MEETING}""",
    f"""INSERT INTO meetings_participant (id, meeting_id, role, person_id, language, added_at)
    SELECT {_id(4, "n")}, {_id(2, _MEETING)}, 'CITIZEN', {_id(1, "n")}, 'nb', now() {_EACH_MEETING}""",
    f"""INSERT INTO meetings_task (id, kind, meeting_id, about, made_at, due_at)
    SELECT {_id(5, "n")}, 'CANNOT_COME', {_id(2, _MEETING)}, 'answer:' || n, now(), {_STARTS}
    {_EACH_MEETING} WHERE (n - 1) / %(hosts)s %% 25 = 0""",
    f"""INSERT INTO invitations_invitation (id, participant_id, made_at)
    SELECT {_id(6, "n")}, {_id(4, "n")}, now() {_EACH_MEETING}""",
    f"""INSERT INTO invitations_answer (id, invitation_id, revision_number, kind, is_known, given_at)
    SELECT {_id(7, "n")}, {_id(6, "n")}, 1, 'COMING', true, now() {_EACH_MEETING} WHERE (n - 1) / %(hosts)s %% 2 = 0""",
)

if __name__ == "__main__":
    main()
