"""What the platform tells of who comes and goes; and that an address lets in one at a time."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from invitations import admission, entering, waiting
from invitations.models import Presence, Visit
from invitations.video import events
from navmeet.protect.columns import new_id
from tests.invitations.door.conftest import World
from tests.invitations.door.test_policy import PROPERTIES, ask, basic, is_refused, node

__all__ = ["node"]

EVENTS = "/events/v1/video"


def event(visit: Visit, connection: str, name: str = "participant_connected", **data: Any) -> dict[str, Any]:
    return {
        "node": "10.44.34.11",
        "seq": 3,
        "version": 2,
        "time": 1606392758.1,
        "event": name,
        "data": {
            "uuid": connection,
            "service_type": "conference",
            "call_tag": str(visit.pk),
            "protocol": "WebRTC",
            "call_direction": "in",
            "destination_alias": f"{visit.alias}@video.nav.no",
            **data,
        },
    }


def tell(node: Client, told: object) -> None:
    answer = node.post(EVENTS, json.dumps(told), content_type="application/json")
    assert (answer.status_code, answer.json()) == (200, {"status": "success"})


@pytest.fixture
def visit(world: World) -> Visit:
    admitted = world.admitted()
    entering.enter(visit_id=admitted.pk, by=world.holder(), at=world.at)
    return world.reload(admitted.pk)


def test_an_address_in_which_somebody_is_lets_nobody_in_beside_them(node: Client, visit: Visit) -> None:
    assert ask(node, PROPERTIES, visit.alias, participant_uuid="one")["action"] == "continue"
    tell(node, event(visit, "one"))
    assert is_refused(ask(node, PROPERTIES, visit.alias, participant_uuid="two"), "allerede inne")
    assert is_refused(ask(node, PROPERTIES, visit.alias), "allerede inne")
    assert ask(node, PROPERTIES, visit.alias, participant_uuid="one")["action"] == "continue", "the same connection"


def test_who_left_comes_in_again_by_the_same_address(node: Client, visit: Visit) -> None:
    tell(node, event(visit, "one"))
    tell(node, event(visit, "one", "participant_disconnected"))
    assert ask(node, PROPERTIES, visit.alias, participant_uuid="two")["action"] == "continue"


def test_who_fell_out_before_the_platform_saw_it_comes_in_by_a_new_address_and_the_old_is_dead(
    node: Client, world: World, visit: Visit
) -> None:
    tell(node, event(visit, "one"))
    again = entering.enter(visit_id=visit.pk, by=world.holder(), at=world.at)
    fresh = world.reload(visit.pk)
    assert fresh.alias != visit.alias
    assert fresh.alias in again.address
    assert not again.is_first
    assert ask(node, PROPERTIES, fresh.alias, participant_uuid="two")["action"] == "continue"
    assert is_refused(ask(node, PROPERTIES, visit.alias, participant_uuid="three"), "finnes ikke")


def test_two_who_are_in_with_one_link_all_the_same_are_seen_by_the_host(
    node: Client, world: World, visit: Visit
) -> None:
    for connection in ("one", "two"):
        tell(node, event(visit, connection))
    row = waiting.lobby_of(world.meeting, by=world.by, at=world.at).admitted[0]
    assert (row.inside, row.inside_since, row.left_at) == (2, world.at, None)
    tell(node, event(visit, "one", "participant_disconnected"))
    tell(node, event(visit, "two", "participant_disconnected"))
    row = waiting.lobby_of(world.meeting, by=world.by, at=world.at).admitted[0]
    assert (row.inside, row.inside_since, row.left_at) == (0, None, world.at)


def test_who_was_shut_out_must_leave_until_the_platform_says_they_left(
    node: Client, world: World, visit: Visit
) -> None:
    tell(node, event(visit, "one"))
    admission.turn_away(visit_id=visit.pk, by=world.by, at=world.at)
    assert len(waiting.lobby_of(world.meeting, by=world.by, at=world.at).must_leave) == 1
    tell(node, event(visit, "one", "participant_disconnected"))
    assert waiting.lobby_of(world.meeting, by=world.by, at=world.at).must_leave == []


def test_told_twice_is_told_once_and_who_has_left_is_not_brought_back_by_a_late_word(
    node: Client, visit: Visit
) -> None:
    tell(node, event(visit, "one", "participant_disconnected"))
    for _ in range(2):
        tell(node, event(visit, "one"))
    assert [one.left_at is not None for one in Presence.objects.all()] == [True]


@pytest.mark.parametrize(
    "data",
    [
        {"service_type": "connecting"},
        {"service_type": "waiting_room"},
        {"protocol": "API"},
        {"call_direction": "out"},
        {"call_tag": ""},
        {"call_tag": "x"},
        {"call_tag": None},
        {"call_tag": str(new_id())},
        {"uuid": ""},
        {"uuid": "x" * 65},
        {"uuid": "a\x00b"},
        {"uuid": 7},
    ],
)
def test_who_is_not_in_the_meeting_or_not_ours_is_passed_over(node: Client, visit: Visit, data: dict[str, Any]) -> None:
    tell(node, event(visit, "one", **data))
    assert not Presence.objects.exists()


def test_what_is_told_in_a_bundle_is_heard_and_one_on_the_way_in_is_in_once_they_are(
    node: Client, visit: Visit
) -> None:
    updated = event(visit, "one", "participant_updated")
    tell(node, {"event": "eventsink_bulk", "data": [event(visit, "one", service_type="connecting"), updated, 7, {}]})
    assert Presence.objects.get().alias == visit.alias


@pytest.mark.parametrize("body", ["", "{", "[]", "7", "null", '{"event": []}', '{"data": {}}', "[" * 3000])
def test_what_is_not_understood_is_received_all_the_same(node: Client, body: str) -> None:
    assert node.post(EVENTS, body, content_type="application/json").status_code == 200


def test_only_the_platform_tells(node: Client, visit: Visit) -> None:
    stranger = Client(headers=basic(password="wrong"))
    answer = stranger.post(EVENTS, json.dumps(event(visit, "one")), content_type="application/json")
    assert answer.status_code == 401
    assert node.get(EVENTS).status_code == 405
    assert not Presence.objects.exists()


def test_a_connection_s_name_of_any_kind_breaks_no_answer(node: Client, visit: Visit) -> None:
    for name in ("\x00", "x" * 10_000, "' OR 1=1 --", "æ"):
        assert ask(node, PROPERTIES, visit.alias, participant_uuid=name)["action"] == "continue"


def test_an_event_is_kept_at_the_hour_it_is_heard(world: World, visit: Visit) -> None:
    later = world.at + timedelta(minutes=3)
    assert events.receive(event(visit, "one"), later) == 1
    assert Presence.objects.get().came_at == later
