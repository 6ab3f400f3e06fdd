"""Occupancies for the free-times bench: three calendars as full as calendars get, among very many of others.

Run as a program of its own, by the owner of a database that is made: `python -m benchmarks.free_times_data 1000000`.
"""

import os
import sys

import django


def main() -> None:
    """Make so many occupancies in all; the three calendars' own are the same, however many there are."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "navmeet.settings")
    django.setup()
    from django.db import connection

    from meetings import starting_types

    starting_types.load()
    with connection.cursor() as cursor:
        cursor.execute(_SCENE)
        cursor.execute(_OWN)
        cursor.execute("SELECT count(*) FROM meetings_occupancy")
        own = cursor.fetchone()[0]
        cursor.execute("SET statement_timeout = 0; SET maintenance_work_mem = '512MB'")
        # The constraint is built once over all rows, which takes a fraction of a million insertions into it.
        cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'nobody_in_two_places'")
        constraint = cursor.fetchone()[0]
        cursor.execute("ALTER TABLE meetings_occupancy DROP CONSTRAINT nobody_in_two_places")
        cursor.execute(_OTHERS, {"others": int(sys.argv[1]) - own})
        cursor.execute(f"ALTER TABLE meetings_occupancy ADD CONSTRAINT nobody_in_two_places {constraint}")
        cursor.execute("ANALYZE")


# One office, an employee, a person, a room, and one meeting that all occupancies hang on.
_SCENE = """
INSERT INTO meetings_office (number, name, address) VALUES ('0299', 'Nav Prøveby', 'Prøvegata 1');
INSERT INTO meetings_room (id, office_id, name, capacity, is_step_free, has_hearing_loop, is_active)
VALUES ('01890000-0000-7000-8000-000000000003', '0299', 'Møterom 1', 6, true, true, true);
INSERT INTO accounts_user (id, nav_ident, name, office, is_active)
VALUES ('01890000-0000-7000-8000-000000000001', 'Z990001', 'sealed', '0299', true);
INSERT INTO people_person (id, name, protection, registers_asked_at, language, created_at)
VALUES ('01890000-0000-7000-8000-000000000002', 'sealed', 'UGRADERT', now(), 'nb', now());
INSERT INTO meetings_meeting (id, type_id, status, format, starts_at, ends_at, office_id, host_id, check_identity,
    revision_number, version, sequence, created_at, created_by)
VALUES ('01890000-0000-7000-8000-000000000009', 'FOLLOW_UP', 'SCHEDULED', 'VIDEO', '2027-01-04 08:00Z',
    '2027-01-04 08:45Z', '0299', '01890000-0000-7000-8000-000000000001', false, 1, 1, 0, now(), gen_random_uuid());
INSERT INTO meetings_resource (kind, "of") VALUES
    ('STAFF', '01890000-0000-7000-8000-000000000001'),
    ('CITIZEN', '01890000-0000-7000-8000-000000000002'),
    ('ROOM', '01890000-0000-7000-8000-000000000003');
"""
# Seven meetings of 45 minutes a working day each, for a year.
_OWN = """
INSERT INTO meetings_occupancy (resource_id, during, meeting_id)
SELECT one.id, tstzrange(day + hour * interval '1 hour', day + hour * interval '1 hour' + interval '45 minutes'),
    '01890000-0000-7000-8000-000000000009'
FROM meetings_resource one,
    generate_series('2027-01-01 00:00Z'::timestamptz, '2027-12-31', '1 day') day, generate_series(7, 13) hour
WHERE extract(isodow FROM day) < 6;
"""
# Calendars of others, 1,000 meetings each.
_OTHERS = """
WITH more AS (
    INSERT INTO meetings_resource (kind, "of")
    SELECT 'STAFF', gen_random_uuid() FROM generate_series(1, greatest(%(others)s / 1000, 1)) RETURNING id
)
INSERT INTO meetings_occupancy (resource_id, during, meeting_id)
SELECT more.id,
    tstzrange('2027-01-01 07:00Z'::timestamptz + number * interval '1 hour',
        '2027-01-01 07:45Z'::timestamptz + number * interval '1 hour'),
    '01890000-0000-7000-8000-000000000009'
FROM more, generate_series(0, least(%(others)s, 1000) - 1) number;
"""

if __name__ == "__main__":
    main()
