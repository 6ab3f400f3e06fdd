"""The door's decision, at each of its edges."""

from datetime import timedelta

import pytest

from invitations import door
from invitations.door import Decision
from meetings.models import Format, Role, Status
from tests import make
from tests.invitations.door.conftest import World

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


def test_the_door_opens_15_minutes_before_the_start(world: World) -> None:
    opens = world.meeting.starts_at - 15 * MINUTE
    assert door.may_come_in(world.invitation, opens - SECOND) == Decision.TOO_EARLY
    assert door.may_come_in(world.invitation, opens) == Decision.OPEN


def test_the_door_closes_60_minutes_after_the_planned_end(world: World) -> None:
    closes = world.meeting.ends_at + 60 * MINUTE
    assert door.may_come_in(world.invitation, closes - SECOND) == Decision.OPEN
    assert door.may_come_in(world.invitation, closes) == Decision.OVER


def test_the_door_closes_when_the_host_ends_the_meeting(world: World) -> None:
    world.update(ended_at=world.at, ended_by=world.host.pk)
    assert door.may_come_in(world.invitation, world.at) == Decision.OVER


@pytest.mark.parametrize(
    ("status", "decision"),
    [
        (Status.CANCELLED, Decision.CANCELLED),
        (Status.HELD, Decision.OVER),
        (Status.NOT_HELD, Decision.OVER),
        (Status.PROPOSED, Decision.TOO_EARLY),
        (Status.SCHEDULED, Decision.OPEN),
    ],
)
def test_only_a_meeting_that_is_to_be_held_has_an_open_door(world: World, status: Status, decision: Decision) -> None:
    world.update(status=status)
    assert door.may_come_in(world.invitation, world.at) == decision


@pytest.mark.parametrize("held", [Format.PHONE, Format.IN_PERSON])
def test_a_meeting_that_is_not_by_video_lets_nobody_in(world: World, held: Format) -> None:
    world.update(format=held)
    assert door.may_come_in(world.invitation, world.at) == Decision.NOT_VIDEO


def test_a_partner_comes_in_from_15_minutes_before_their_own_part(world: World) -> None:
    doctor = world.partner(part_offset=20, part_minutes=10)
    opens = world.meeting.starts_at + 5 * MINUTE
    assert door.may_come_in(doctor, opens - SECOND) == Decision.TOO_EARLY
    assert door.may_come_in(doctor, opens) == Decision.OPEN
    assert door.may_come_in(world.invitation, opens - SECOND) == Decision.OPEN


def test_a_partner_s_own_way_in_counts_whatever_the_meeting_s_format(world: World) -> None:
    by_phone, by_video = world.partner(way_in=Format.PHONE), world.partner(Role.EMPLOYER, way_in=Format.VIDEO)
    assert door.may_come_in(by_phone, world.at) == Decision.NOT_VIDEO
    world.update(format=Format.IN_PERSON)
    by_video.refresh_from_db()
    assert door.may_come_in(by_video, world.at) == Decision.OPEN
    door.check_open_for_staff(world.meeting, world.at)


def test_a_closed_access_is_a_closed_door(world: World) -> None:
    doctor = world.partner()
    assert door.may_come_in(doctor, world.at) == Decision.OPEN
    doctor.closed_at = make.NOW
    assert door.may_come_in(doctor, world.at) == Decision.CLOSED
    taken_out = world.partner(Role.EMPLOYER, removed_at=make.NOW)
    assert door.may_come_in(taken_out, world.at) == Decision.CLOSED


def test_only_those_from_nav_on_the_meeting_s_list_keep_the_door(world: World) -> None:
    colleague = make.caseworker("Jonas Kollega")
    assert door.can_keep_door(world.by, world.meeting)
    assert not door.can_keep_door(make.actor(colleague), world.meeting)
    assert not door.can_keep_door(world.citizen(), world.meeting)
    world.meeting.participants.create(role=Role.STAFF, user=colleague, added_at=make.NOW)
    assert door.can_keep_door(make.actor(colleague), world.meeting)
    world.meeting.participants.filter(user=colleague).update(removed_at=make.NOW)
    assert not door.can_keep_door(make.actor(colleague), world.meeting)
