"""Two at once: whoever comes second is told how things are; nothing is half done."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection

from invitations import admission, entering, lobby
from invitations.door import DoorClosed
from invitations.models import Visit
from meetings import changes
from meetings.models import Meeting, Participant, Role, Status
from navmeet.accounts.actor import Actor
from navmeet.exceptions import DomainError
from tests import make
from tests.invitations.door.conftest import World, build
from tests.meetings.test_changes import arguments

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]

ROUNDS = 12


@pytest.fixture
def open_world(transactional_db: None) -> World:
    return build()


def together(*work: Callable[[], Any]) -> list[Any]:
    """All at the same instant, each on a connection of its own; what each gave or was told."""
    results: list[Any] = [None] * len(work)
    barrier = threading.Barrier(len(work))

    def run(number: int, do: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            results[number] = do()
        except DomainError as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number, do)) for number, do in enumerate(work)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_of_many_who_go_on_with_one_visit_at_once_one_is_first(open_world: World) -> None:
    world = open_world
    for _ in range(ROUNDS):
        visit, by = world.admitted(), world.holder()

        def go(visit: Visit = visit, by: Any = by) -> Any:
            return entering.enter(visit_id=visit.pk, by=by, at=world.at)

        results = together(*[go] * 5)
        assert sorted(one.is_first for one in results) == [False] * 4 + [True]
        assert len({one.address for one in results}) == 1
        Visit.objects.filter(pk=visit.pk).update(state=Visit.State.LEFT)


def test_of_two_with_one_link_who_are_let_in_at_once_one_is_in(open_world: World) -> None:
    world = open_world
    for _ in range(ROUNDS):
        visits = [world.arrives("Kari"), world.arrives("Ola")]
        work: list[Callable[[], Any]] = [
            partial(admission.admit, visit_id=one.pk, by=world.by, at=world.at) for one in visits
        ]
        results = together(*work)
        assert sorted(type(one).__name__ for one in results) == ["AnotherIsIn", "Visit"]
        assert Visit.objects.filter(state=Visit.State.ADMITTED).count() == 1
        Visit.objects.update(state=Visit.State.LEFT)


def test_letting_in_while_another_cancels_ends_in_one_clear_way(open_world: World) -> None:
    world = open_world
    for _ in range(ROUNDS):
        world.update(status=Status.SCHEDULED, cancelled_at=None, cancelled_by=None)
        visit = world.arrives()
        admitted, cancelled = together(
            partial(admission.admit, visit_id=visit.pk, by=world.by, at=world.at),
            lambda: changes.cancel(**arguments(world.meeting, world.by, at=world.at)),
        )
        assert isinstance(cancelled, Meeting), cancelled
        world.meeting.refresh_from_db()
        if isinstance(admitted, DomainError):
            assert (admitted.code, str(admitted.message)) == ("door_closed", "Møtet er avlyst.")
            assert world.reload(visit.pk).state == Visit.State.WAITING
        with pytest.raises(DomainError):
            entering.enter(visit_id=visit.pk, by=world.holder(), at=world.at)
        Visit.objects.filter(pk=visit.pk).update(state=Visit.State.LEFT)
        world.update(version=world.meeting.version)


def test_letting_in_and_turning_away_at_once_leave_one_answer(open_world: World) -> None:
    world = open_world
    for _ in range(ROUNDS):
        visit = world.arrives()
        results = together(
            partial(admission.admit, visit_id=visit.pk, by=world.by, at=world.at),
            partial(admission.turn_away, visit_id=visit.pk, by=world.by, at=world.at),
        )
        # Away is the end, whichever was first: one who was let in can be turned away, never the other way round.
        assert world.reload(visit.pk).state == Visit.State.TURNED_AWAY
        assert not isinstance(results[1], DomainError)
        Visit.objects.filter(pk=visit.pk).update(state=Visit.State.LEFT)


def test_one_browser_s_tabs_that_arrive_at_once_share_their_visit(open_world: World) -> None:
    world = open_world
    first, by, invitation = world.arrives(), world.holder(), world.invitation

    def come() -> Visit:
        return lobby.arrive(invitation_id=invitation.pk, name="Kari", by=by, at=world.at, visit_id=first.pk)

    assert {one.pk for one in together(*[come] * 4)} == {first.pk}


def colleague_of(world: World) -> Actor:
    """Another from Nav on the meeting's list, of the same office."""
    user = make.caseworker("Jonas Prøvesen")
    Participant.objects.create(meeting=world.meeting, role=Role.STAFF, user=user, added_at=make.NOW)
    return make.actor(user)


def test_one_caseworker_lets_in_while_another_cancels(open_world: World) -> None:
    world = open_world
    colleague = colleague_of(world)
    orders = set()
    for number in range(ROUNDS):
        world.update(status=Status.SCHEDULED, cancelled_at=None, cancelled_by=None)
        visit = world.arrives()
        work: list[Callable[[], Any]] = [
            partial(admission.admit, visit_id=visit.pk, by=world.by if number % 2 else colleague, at=world.at),
            partial(changes.cancel, **arguments(world.meeting, colleague if number % 2 else world.by, at=world.at)),
        ]
        admitted, cancelled = together(*work)
        assert isinstance(cancelled, Meeting), cancelled
        orders.add(type(admitted))
        world.meeting.refresh_from_db()
        assert (world.meeting.status, world.reload(visit.pk).entered_at) == (Status.CANCELLED, None)
        with pytest.raises(DomainError) as shut:
            entering.enter(visit_id=visit.pk, by=world.holder(), at=world.at)
        assert str(shut.value.message) == "Møtet er avlyst."
        Visit.objects.filter(pk=visit.pk).update(state=Visit.State.LEFT)
        world.update(version=world.meeting.version)
    assert orders <= {Visit, DoorClosed}


def test_of_two_caseworkers_who_cancel_and_two_who_let_in_at_once_each_is_told_how_it_went(open_world: World) -> None:
    world = open_world
    colleague = colleague_of(world)
    for _ in range(ROUNDS):
        world.update(status=Status.SCHEDULED, cancelled_at=None, cancelled_by=None)
        visit = world.arrives()
        both = (world.by, colleague)
        results = together(
            *[partial(admission.admit, visit_id=visit.pk, by=by, at=world.at) for by in both],
            *[partial(changes.cancel, **arguments(world.meeting, by, at=world.at)) for by in both],
        )
        assert [isinstance(one, Visit | DoorClosed) for one in results[:2]] == [True, True]
        assert sorted(type(one).__name__ for one in results[2:]) == ["Meeting", "Stale"]
        sequence = world.meeting.sequence
        world.meeting.refresh_from_db()
        assert world.meeting.sequence == sequence + 1, "cancelled once"
        Visit.objects.filter(pk=visit.pk).update(state=Visit.State.LEFT)
