"""Messages for the sweep bench: so many planned, as many sent before, and of those planned a thousand due.

Run by the superuser of a server that is the bench's: `python -m benchmarks.sweep_data 1000000 1000`. Of a tenth there
is a meeting and a citizen each; one of twenty messages that were sent has a retraction, done.
"""

# ruff: noqa: S608  (put together from constants of this file)
import os
import sys

import django


def main() -> None:
    """Bare SQL: all rows are right by how they are made."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "navmeet.settings")
    django.setup()
    from django.db import connection

    from meetings import starting_types

    starting_types.load()
    made = {"messages": int(sys.argv[1]), "people": int(sys.argv[1]) // 10, "due": int(sys.argv[2])}
    with connection.cursor() as cursor:
        # Foreign keys are right by how the rows are made; looked at one by one they would take most of the time.
        cursor.execute("SET session_replication_role = replica; SET statement_timeout = 0")
        for statement in _STATEMENTS:
            cursor.execute(statement, made)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _id(table: int, number: str) -> str:
    """SQL for the id of row `number` of a table: in order of making, as the house's own ids are."""
    return f"('0189000{table}-0000-7000-8000-' || lpad(to_hex({number}), 12, '0'))::uuid"


_PERSON = "1 + (n - 1) %% %(people)s"
_OFFICE, _HOST = "'0299'", "'01890009-0000-7000-8000-000000000001'::uuid"
_EACH_PERSON = "FROM generate_series(1, %(people)s) n"
# After the first who are due at one hour, one more each ten seconds.
_DUE_AT = """CASE WHEN n <= %(due)s THEN '2027-01-11 08:00Z'::timestamptz + n * interval '1 second'
    ELSE '2027-01-12 08:00Z'::timestamptz + n * interval '10 seconds' END"""
_MESSAGE = """INSERT INTO invitations_message (id, key, meeting_id, participant_id, occasion, step, about_id,
    about_number, channel, repeat, language, due_at, not_after, state, why, attempts, planned_at, sent_at,
    settled_at)"""


def _messages(table: int, due_at: str, state: str, sent_at: str) -> str:
    return f"""{_MESSAGE} SELECT {_id(table, "n")}, {_id(table, "n")}, {_id(2, _PERSON)}, {_id(4, _PERSON)}, 'REMINDER',
        '1_DAY', {_id(table, "n")}, 1, 'DITT_NAV', 0, 'nb', {due_at}, {due_at} + interval '1 day', '{state}', '', 0,
        '2027-01-01 09:00Z', {sent_at}, {sent_at} FROM generate_series(1, %(messages)s) n"""


_BEFORE = "'2027-01-10 08:00Z'::timestamptz - n * interval '10 seconds'"
_STATEMENTS = (
    f"INSERT INTO meetings_office (number, name, address) VALUES ({_OFFICE}, 'Nav Prøveby', 'Prøvegata 1')",
    f"""INSERT INTO accounts_user (id, nav_ident, name, office, is_active)
    VALUES ({_HOST}, 'Z000001', 'sealed', {_OFFICE}, true)""",
    f"""INSERT INTO people_person (id, name, protection, registers_asked_at, language, created_at)
    SELECT {_id(1, "n")}, 'sealed', 'UGRADERT', now(), 'nb', now() {_EACH_PERSON}""",
    f"""INSERT INTO meetings_meeting (id, type_id, status, format, starts_at, ends_at, office_id, host_id,
        check_identity, revision_number, version, sequence, created_at, created_by)
    SELECT {_id(2, "n")}, 'FOLLOW_UP', 'SCHEDULED', 'VIDEO', '2027-02-01 08:00Z', '2027-02-01 08:45Z', {_OFFICE},
        {_HOST}, false, 1, 1, 0, now(), {_HOST} {_EACH_PERSON}""",
    f"""INSERT INTO meetings_participant (id, meeting_id, role, person_id, language, added_at)
    SELECT {_id(4, "n")}, {_id(2, "n")}, 'CITIZEN', {_id(1, "n")}, 'nb', now() {_EACH_PERSON}""",
    f"""INSERT INTO invitations_invitation (id, participant_id, made_at)
    SELECT {_id(6, "n")}, {_id(4, "n")}, now() {_EACH_PERSON}""",
    _messages(7, _DUE_AT, "PLANNED", "NULL"),
    _messages(8, _BEFORE, "DELIVERED", _BEFORE),
    f"""INSERT INTO invitations_retraction (id, message_id, due_at, state, attempts, sent_at)
    SELECT {_id(3, "n")}, {_id(8, "n")}, now(), 'SENT', 1, now() FROM generate_series(1, %(messages)s, 20) n""",
)

if __name__ == "__main__":
    main()
