"""Several change one meeting, or want its time, in the same instant: one truth, clear answers, nothing half done."""

from datetime import date, time
from typing import Any

import pytest

from invitations.models import Message
from meetings import booking, changes, details, handing_over, reinstating, staff, starting_types
from meetings.calendars import Occupied
from meetings.changes import Why
from meetings.models import Meeting, Occupancy, Participant, Reason, Revision, Role, Status
from navmeet.audit.models import AuditEvent
from navmeet.exceptions import Conflict, Stale
from tests import make
from tests.at_once import at_once
from tests.meetings.setting import changing, colleague, given

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("transactional")]
LOST = (Stale, Occupied, Conflict)
ROUNDS = pytest.mark.parametrize("round_", range(3))


@pytest.fixture
def meeting() -> Meeting:
    starting_types.load()
    return make.meeting()


def slot() -> Any:
    return make.wanted(make.citizen(), day=date(2027, 1, 25), clock=time(13, 0)).slot


def check_one_truth(meeting: Meeting) -> None:
    """Whatever happened: counted once each, its time taken exactly while it is to be held, and no overlap."""
    meeting.refresh_from_db()
    is_held = meeting.status == Status.SCHEDULED
    present = meeting.participants.filter(removed_at=None).exclude(user=None, person=None).count()
    assert Occupancy.objects.filter(meeting=meeting).count() == (present if is_held else 0)
    assert Revision.objects.filter(meeting=meeting).count() == meeting.revision_number
    assert meeting.participants.filter(role=Role.HOST, removed_at=None).get().user_id == meeting.host_id
    taken: dict[int, list[Any]] = {}
    for one in Occupancy.objects.all():
        for other in taken.setdefault(one.resource_id, []):
            assert one.during.lower >= other.upper or one.during.upper <= other.lower
        taken[one.resource_id].append(one.during)
    unsent = set(Message.objects.filter(meeting=meeting, state="PLANNED").values_list("occasion", flat=True))
    assert ("CANCELLED" not in unsent) if is_held else unsent <= {"CANCELLED"}


def booking_of(meeting: Meeting) -> dict[str, Any]:
    """Another citizen with the same host at the same time."""
    person, by = make.citizen(), make.actor(meeting.host)
    wanted = make.wanted(person)
    return {"wanted": wanted, "can_be_told": True, "by": by, "clearance": make.clearance(person, by), "at": make.NOW}


@ROUNDS
def test_of_a_cancellation_and_a_move_at_once_one_wins_and_its_time_is_booked_or_not(
    meeting: Meeting, round_: int
) -> None:
    cancelling, moving = changing(meeting), changing(meeting, to=slot(), place=None)
    book = booking_of(meeting)

    cancelled, moved, booked = at_once(
        lambda: changes.cancel(**cancelling), lambda: changes.move(**moving), lambda: booking.book(**book)
    )

    changed = [one for one in (cancelled, moved) if isinstance(one, Meeting)]
    assert len(changed) == 1
    assert sum(isinstance(one, Stale) for one in (cancelled, moved)) == 1
    # Booked where the time was free by then, else told that it is not.
    assert isinstance(booked, Meeting | Occupied)
    check_one_truth(meeting)
    if isinstance(booked, Meeting):
        check_one_truth(booked)


@ROUNDS
def test_of_a_meeting_reinstated_and_another_booked_at_its_time_one_stands(meeting: Meeting, round_: int) -> None:
    changes.cancel(**changing(meeting))
    again = changing(meeting, safety_measures=frozenset())
    book = booking_of(meeting)

    results = at_once(lambda: reinstating.reinstate(**again), lambda: booking.book(**book))

    assert sum(isinstance(one, Meeting) for one in results) == 1
    assert sum(isinstance(one, Occupied) for one in results) == 1
    check_one_truth(meeting)


@ROUNDS
def test_two_caseworkers_who_change_one_meeting_at_once_do_not_overwrite_each_other(
    meeting: Meeting, round_: int
) -> None:
    jonas = make.caseworker("Jonas Prøvesen")
    now = details.as_it_is(meeting)
    ingrids = given(meeting, details=details.Details(now.texts, "nn", True), is_correction=False, can_be_told=True)
    theirs = changing(meeting, by=make.actor(jonas), to=slot(), place=None)

    results = at_once(lambda: details.change_details(**ingrids), lambda: changes.move(**theirs))

    assert sum(isinstance(one, Meeting) for one in results) == 1
    assert sum(isinstance(one, Stale) for one in results) == 1
    meeting.refresh_from_db()
    assert meeting.version == 2
    assert meeting.check_identity == (meeting.revision_number == 1)
    check_one_truth(meeting)


@ROUNDS
def test_of_many_who_hand_it_over_at_once_one_does(meeting: Meeting, round_: int) -> None:
    others = [make.caseworker(f"Kollega {number}") for number in range(4)]
    given_to = [
        changing(meeting, to=colleague(meeting, one), stays=bool(number % 2)) for number, one in enumerate(others)
    ]

    results = at_once(*[lambda one=one: handing_over.hand_over(**one) for one in given_to])

    assert sum(isinstance(one, Meeting) for one in results) == 1
    assert sum(isinstance(one, Stale) for one in results) == 3
    assert AuditEvent.objects.filter(action="meeting.handed_over").count() == 1
    check_one_truth(meeting)


@ROUNDS
def test_a_colleague_wanted_by_two_meetings_at_once_is_in_one(meeting: Meeting, round_: int) -> None:
    other, jonas = make.meeting(), make.caseworker("Jonas Prøvesen")
    first = changing(meeting, colleague=colleague(meeting, jonas))
    second = changing(other, to=colleague(other, jonas), stays=True)

    results = at_once(lambda: staff.add_staff(**first), lambda: handing_over.hand_over(**second))

    assert sum(isinstance(one, Meeting | Participant) for one in results) == 1
    assert sum(isinstance(one, Occupied) for one in results) == 1
    assert Occupancy.objects.filter(resource__of=jonas.pk).count() == 1
    check_one_truth(meeting)
    check_one_truth(other)


def test_one_colleague_added_ten_times_at_once_is_there_once(meeting: Meeting) -> None:
    arguments = changing(meeting, colleague=colleague(meeting, make.caseworker("Jonas Prøvesen")))

    results = at_once(*[lambda: staff.add_staff(**arguments)] * 10)

    assert sum(isinstance(one, Participant) for one in results) == 1
    assert sum(isinstance(one, LOST) for one in results) == 9
    assert meeting.participants.filter(role=Role.STAFF).count() == 1
    check_one_truth(meeting)


def test_a_meeting_reinstated_ten_times_at_once_is_so_once(meeting: Meeting) -> None:
    changes.cancel(**changing(meeting))
    arguments = changing(meeting, why=Why(Reason.MISTAKE), safety_measures=frozenset())

    results = at_once(*[lambda: reinstating.reinstate(**arguments)] * 10)

    assert sum(isinstance(one, Meeting) for one in results) == 1
    assert sum(isinstance(one, Conflict) for one in results) == 9
    assert AuditEvent.objects.filter(action="meeting.reinstated").count() == 1
    check_one_truth(meeting)


def test_two_meetings_that_swap_their_hosts_at_once_are_told_and_not_blocked(meeting: Meeting) -> None:
    other = make.meeting()
    one = changing(meeting, to=colleague(meeting, other.host), stays=False)
    two = changing(other, to=colleague(other, meeting.host), stays=False)

    results = at_once(lambda: handing_over.hand_over(**one), lambda: handing_over.hand_over(**two))

    # Each wants the other's time while it is still taken: nobody is in two places, and nobody waits for ever.
    assert all(isinstance(result, Meeting | Occupied) for result in results), results
    check_one_truth(meeting)
    check_one_truth(other)
