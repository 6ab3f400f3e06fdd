"""What must hold of the tables whoever was first, asked of who takes part in what, and not of the calendars alone."""

from django.db import connection

_TAKES = """
    WITH takes AS (
        SELECT m.id AS meeting, coalesce(p.user_id, p.person_id) AS who, tstzrange(m.starts_at, m.ends_at) AS during
        FROM meetings_meeting m JOIN meetings_participant p ON p.meeting_id = m.id AND p.removed_at IS NULL
        WHERE m.status = 'SCHEDULED' AND coalesce(p.user_id, p.person_id) IS NOT NULL
        UNION ALL
        SELECT id, booked_room_id, tstzrange(starts_at, ends_at)
        FROM meetings_meeting WHERE status = 'SCHEDULED' AND booked_room_id IS NOT NULL
    ), held AS (
        SELECT o.meeting_id AS meeting, r.of AS who, o.during
        FROM meetings_occupancy o JOIN meetings_resource r ON r.id = o.resource_id
    )
"""
_TWICE = """
    SELECT count(*) FROM {0} a JOIN {0} b ON a.who = b.who AND a.meeting < b.meeting AND a.during && b.during
"""
_DIFFERENT = """
    SELECT count(*) FROM (
        (SELECT * FROM takes EXCEPT ALL SELECT * FROM held)
        UNION ALL
        (SELECT * FROM held EXCEPT ALL SELECT * FROM takes)
    ) AS different
"""
_MISCOUNTED = """
    SELECT count(*) FROM meetings_meeting m
    LEFT JOIN meetings_revision r ON r.meeting_id = m.id AND r.number = m.revision_number
    WHERE (r.starts_at, r.ends_at, r.format) IS DISTINCT FROM (m.starts_at, m.ends_at, m.format)
       OR r.booked_room_id IS DISTINCT FROM m.booked_room_id
       OR m.revision_number <> (SELECT count(*) FROM meetings_revision WHERE meeting_id = m.id)
       OR m.sequence < m.revision_number - 1 OR m.version <= m.sequence
"""


_WRONG = {
    "in two places": f"({_TWICE.format('takes')}) + ({_TWICE.format('held')})",
    "calendars that are not the meetings'": f"({_DIFFERENT})",
    "meetings that are not as their revision": f"({_MISCOUNTED})",
}
_ALL = f"{_TAKES} SELECT {', '.join(_WRONG.values())}"


def overlaps() -> int:
    """How often an employee, a citizen or a room is in two scheduled meetings at once, or is held for two."""
    return faults().get("in two places", 0)


def faults() -> dict[str, int]:
    """How many of each kind of wrong there are: nothing of it may be, after any round. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_ALL)
        counted = cursor.fetchone()
    return {name: number for name, number in zip(_WRONG, counted, strict=True) if number}
