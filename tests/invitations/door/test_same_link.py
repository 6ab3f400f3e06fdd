"""Two who hold one link: who is surer known is never passed over for who is not, and one of them is in at a time."""

from datetime import timedelta

import pytest

from invitations import admission, entering, identity, lobby, waiting
from invitations.admission import AnotherIsIn
from invitations.door import Decision, DoorClosed
from invitations.models import Invitation, Visit
from invitations.waiting import Lobby, Row
from meetings.models import Role
from navmeet.accounts.actor import Level
from tests.invitations.door.conftest import World

MINUTE = timedelta(minutes=1)


def seen(world: World) -> Lobby:
    return waiting.lobby_of(world.meeting, by=world.by, at=world.at)


def row_of(world: World, visit: Visit) -> Row:
    found = seen(world)
    return next(one for one in (*found.waiting, *found.admitted, *found.must_leave) if one.visit.pk == visit.pk)


def employer(world: World) -> Visit:
    partner = world.partner(Role.EMPLOYER)
    return lobby.arrive(invitation_id=partner.pk, name="Arne", by=world.holder(partner), at=world.at)


@pytest.fixture
def two(world: World) -> tuple[Visit, Visit]:
    """The citizen, logged in at level high, and somebody with nothing but the link; identity is demanded."""
    world.update(check_identity=True)
    return world.arrives("Bjørn", by=world.citizen(Level.HIGH)), world.arrives("<b>Bjørn</b>")


def test_beside_one_who_is_logged_in_an_unknown_holder_is_a_warning_and_is_asked_for_nothing(
    world: World, two: tuple[Visit, Visit]
) -> None:
    citizen, stranger = two
    warned = row_of(world, stranger)
    assert warned.beside.surer == citizen
    assert not warned.is_to_show_identity
    assert row_of(world, citizen).beside.surer is None
    assert not seen(world).must_wait_for_identity, "neither the citizen nor the employer waits for a stranger's papers"


def test_negative_control_alone_the_unknown_holder_is_to_show_who_they_are(world: World) -> None:
    world.update(check_identity=True)
    stranger = world.arrives()
    assert row_of(world, stranger).is_to_show_identity
    assert seen(world).must_wait_for_identity


def test_once_the_citizen_is_in_the_stranger_is_asked_for_nothing_still(world: World, two: tuple[Visit, Visit]) -> None:
    citizen, stranger = two
    admission.admit(visit_id=citizen.pk, by=world.by, at=world.at)
    assert row_of(world, stranger).beside.inside == citizen
    assert not row_of(world, stranger).is_to_show_identity


def test_who_comes_after_a_no_is_marked_and_who_is_surer_known_is_not(world: World, two: tuple[Visit, Visit]) -> None:
    citizen, stranger = two
    assert row_of(world, stranger).beside.turned_away_at is None
    admission.turn_away(visit_id=stranger.pk, by=world.by, at=world.at)
    again = world.arrives("Bjørn", at=world.at + MINUTE)
    assert row_of(world, again).beside.turned_away_at == world.at
    later = world.arrives("Bjørn", by=world.citizen(Level.HIGH), at=world.at + MINUTE)
    assert row_of(world, later).beside.turned_away_at is None
    assert row_of(world, citizen).beside.turned_away_at is None


def test_a_second_with_the_same_link_is_let_in_only_instead_of_the_first(
    world: World, two: tuple[Visit, Visit]
) -> None:
    first, second = two
    admission.admit(visit_id=first.pk, by=world.by, at=world.at)
    with pytest.raises(AnotherIsIn):
        admission.admit(visit_id=second.pk, by=world.by, at=world.at)
    assert world.reload(second.pk).state == Visit.State.WAITING
    admission.admit(visit_id=second.pk, by=world.by, at=world.at, instead=True)
    assert world.reload(first.pk).state == Visit.State.TURNED_AWAY
    assert world.reload(second.pk).state == Visit.State.ADMITTED


def test_others_links_are_no_hindrance(world: World, two: tuple[Visit, Visit]) -> None:
    admission.admit(visit_id=two[0].pk, by=world.by, at=world.at)
    assert admission.admit(visit_id=employer(world).pk, by=world.by, at=world.at).state == Visit.State.ADMITTED


def test_a_note_of_identity_is_of_the_one_who_was_in_and_not_of_the_next_with_the_link(world: World) -> None:
    world.update(check_identity=True)
    first = world.admitted("Kari")
    citizen = world.meeting.citizen()
    identity.check_identity(participant_id=citizen.pk, how="KNOWN", document="", words="", by=world.by, at=world.at)
    assert row_of(world, first).check is not None
    second = world.arrives("Kari")
    assert row_of(world, second).check is None
    admission.admit(visit_id=second.pk, by=world.by, at=world.at + MINUTE, instead=True)
    assert row_of(world, second).is_to_show_identity


def test_one_whose_access_ended_while_in_the_meeting_must_leave_and_is_among_those_let_in_no_more(world: World) -> None:
    visit = employer(world)
    admission.admit(visit_id=visit.pk, by=world.by, at=world.at)
    assert not row_of(world, visit).must_leave
    entering.enter(visit_id=visit.pk, by=world.holder(visit.invitation), at=world.at)
    before = seen(world)
    Invitation.objects.filter(pk=visit.invitation_id).update(closed_at=world.at)
    after = seen(world)
    assert [row.visit for row in after.must_leave] == [visit]
    assert visit not in [row.visit for row in after.admitted]
    assert after.mark != before.mark


def test_one_who_waits_and_has_no_access_any_more_cannot_be_let_in_and_the_host_is_told_it_as_host(
    world: World,
) -> None:
    visit = employer(world)
    Invitation.objects.filter(pk=visit.invitation_id).update(closed_at=world.at)
    assert row_of(world, visit).decision == Decision.CLOSED
    with pytest.raises(DoorClosed) as refused:
        admission.admit(visit_id=visit.pk, by=world.by, at=world.at)
    assert refused.value.message == "Deltakeren har ikke tilgang til møtet lenger, og kan ikke slippes inn."


def test_one_who_was_shut_out_before_going_on_is_nobody_to_send_out(world: World) -> None:
    visit = world.admitted()
    admission.turn_away(visit_id=visit.pk, by=world.by, at=world.at)
    assert seen(world).must_leave == []
    other = world.admitted()
    entering.enter(visit_id=other.pk, by=world.holder(), at=world.at)
    admission.turn_away(visit_id=other.pk, by=world.by, at=world.at)
    assert [row.visit for row in seen(world).must_leave] == [other]
