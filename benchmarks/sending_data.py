"""People with a meeting each, for the sending bench, and messages to them that are due.

`python -m benchmarks.sending_data 1000` makes the people, as ours, sealed as the house seals; messages are bare SQL.
"""

import os
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

# Every other an invitation (an oppgave, with a picture of the meeting), every other a reminder; each about its own.
DUE = """
WITH told AS (SELECT meeting_id, id, row_number() OVER (ORDER BY id) - 1 AS place
    FROM meetings_participant WHERE role = 'CITIZEN')
INSERT INTO invitations_message (id, key, meeting_id, participant_id, occasion, step, about_id, about_number, channel,
    repeat, language, due_at, not_after, active_until, state, why, attempts, planned_at)
SELECT gen_random_uuid(), gen_random_uuid(), told.meeting_id, told.id,
    CASE n %% 2 WHEN 0 THEN 'INVITED' ELSE 'REMINDER' END, CASE n %% 2 WHEN 0 THEN 'ONCE' ELSE '1_DAY' END,
    gen_random_uuid(), 1, 'DITT_NAV', 0, 'nb', '2027-01-11 09:00Z'::timestamptz + n * interval '1 millisecond',
    '2027-01-20 12:00Z', '2027-01-21 12:00Z', 'PLANNED', '', 0, '2027-01-11 09:00Z'
FROM generate_series(1, %(count)s) n JOIN told ON told.place = n %% %(people)s
"""
EMPTY = "DELETE FROM invitations_receipt; DELETE FROM invitations_retraction; DELETE FROM invitations_message;"


def main() -> None:
    """Make so many people, each with a meeting of their own."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "navmeet.settings")
    import django

    django.setup()
    from benchmarks.sending_registers import numbers

    _make(numbers(int(sys.argv[1])))


def _make(numbers: list[str]) -> None:
    from navmeet.people.models import Identity, Person
    from navmeet.protect.columns import blind_index
    from tests import make

    people, identities = [], []
    for number in numbers:
        person = Person(registers_asked_at=make.NOW, created_at=make.NOW, language="nb")
        person.name = "Kari Testdal"
        identity = Identity(person=person, number_index=blind_index(number))
        identity.number = number
        people.append(person)
        identities.append(identity)
    Person.objects.bulk_create(people, 500)
    Identity.objects.bulk_create(identities, 500)
    rows = list(_meetings(people))
    for kind in range(len(rows[0])):
        same = [row[kind] for row in rows]
        type(same[0])._default_manager.bulk_create(same, 500)


def _meetings(people: list[Any]) -> Iterator[tuple[Any, ...]]:
    """By person: the meeting, its revision, its citizen, their invitation; half an hour after each other."""
    from invitations.models import Invitation
    from meetings import starting_types
    from meetings.models import Format, Meeting, Participant, Reason, Revision, Role
    from tests import make

    starting_types.load()
    host = make.caseworker()
    for number, person in enumerate(people):
        starts_at = make.NOW + timedelta(days=10, minutes=30 * (number % 16))
        when = {"format": Format.VIDEO, "starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=30)}
        made = {"created_at": make.NOW, "created_by": host.pk}
        meeting = Meeting(type_id="FOLLOW_UP", office_id=host.office, host=host, **when, **made)
        revision = Revision(meeting=meeting, number=1, made_at=make.NOW, made_by=host.pk, reason=Reason.BOOKED, **when)
        citizen = Participant(meeting=meeting, role=Role.CITIZEN, person=person, added_at=make.NOW)
        citizen.theme, citizen.purpose, citizen.preparations = "Veien videre", "Vi ser på planen din.", "Ta med planen."
        yield meeting, revision, citizen, Invitation(participant=citizen, made_at=make.NOW)


if __name__ == "__main__":
    main()
