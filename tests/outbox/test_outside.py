"""What leaves the house: ids of meetings, times, numbers, enum values. Shown by types, for every event there is."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, StrEnum
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest

from meetings.events import Aspect, MeetingRevised
from navmeet.dev import asyncapi
from navmeet.outbox import outside
from navmeet.outbox.models import OutboxEvent
from navmeet.outbox.outside import MayNotLeave, Outside, problems_with
from navmeet.outbox.publish import Event
from tests import make

TOLD = asyncapi.told_outside()


class Level(Enum):
    ONE = 1


def test_there_are_events_to_look_at() -> None:
    assert {told.name for told in TOLD.values()} >= {
        "meeting.booked",
        "meeting.revised",
        "meeting.cancelled",
        "minutes.shared",
    }


def test_no_two_events_have_one_name_and_version() -> None:
    named = [(told.name, told.version) for told in TOLD.values()]
    assert len(set(named)) == len(named)


@pytest.mark.parametrize("kind", TOLD, ids=lambda kind: kind.__name__)
def test_an_event_for_other_systems_carries_no_person_and_no_text(kind: type[Event]) -> None:
    assert problems_with(kind) == []


@pytest.mark.parametrize("kind", TOLD, ids=lambda kind: kind.__name__)
def test_what_the_contact_register_says_of_a_citizen_stays(kind: type[Event]) -> None:
    assert "can_be_told" not in TOLD[kind].fields


@dataclass(frozen=True)
class Loose(Event):
    """The negative control: everything that may not leave."""

    outside: ClassVar[Outside | None] = Outside(
        "loose", ("person_id", "participant_id", "name", "words", "anything", "share", "absent", "maybe", "at")
    )

    meeting_id: UUID
    person_id: UUID
    participant_id: UUID
    name: str
    words: frozenset[str]
    anything: Any
    share: float
    maybe: str | None
    at: datetime


def test_the_negative_control_shows_each_kind_of_leak() -> None:
    assert problems_with(Loose) == [
        "absent is not there",
        "at is told already",
        *(f"{name} may not leave" for name in ("person_id", "participant_id", "name", "words", "anything")),
        "share may not leave",
        "maybe may not leave",
    ]


@dataclass(frozen=True)
class Fine(Event):
    """Everything that may leave."""

    outside: ClassVar[Outside | None] = Outside("fine", ("revision_id", "number", "sure", "until", "level", "what"))

    meeting_id: UUID
    revision_id: UUID
    number: int
    sure: bool
    until: datetime | None
    level: Level
    what: frozenset[Aspect]
    at: datetime


def fine(**changed: Any) -> Fine:
    whole: dict[str, Any] = {
        "meeting_id": uuid4(),
        "revision_id": UUID(int=7),
        "number": 3,
        "sure": True,
        "until": None,
        "level": Level.ONE,
        "what": frozenset({Aspect.TIME, Aspect.PLACE}),
        "at": make.NOW,
    }
    return Fine(**(whole | changed))


def test_all_that_may_leave_is_told_the_same_way_each_time() -> None:
    assert problems_with(Fine) == []
    assert outside.body(fine()) == {
        "revision_id": str(UUID(int=7)),
        "number": 3,
        "sure": True,
        "until": None,
        "level": 1,
        "what": ["place", "time"],
    }
    assert outside.body(fine(until=datetime(2027, 1, 1, tzinfo=UTC)))["until"] == "2027-01-01T00:00:00+00:00"


@pytest.mark.parametrize(
    "leak",
    [
        {"number": "Kari"},
        {"what": frozenset({"Kari"})},
        {"level": {"name": "Kari"}},
        {"until": datetime(2027, 1, 1)},  # noqa: DTZ001  (what is refused)
        {"number": 1.5},
        {"sure": uuid4()},
    ],
)
def test_a_value_of_another_type_than_declared_does_not_leave_either(leak: dict[str, Any]) -> None:
    with pytest.raises(MayNotLeave) as refused:
        outside.body(fine(**leak))
    assert "Kari" not in str(refused.value)


def test_an_event_that_says_nothing_of_outside_stays_in_the_house() -> None:
    @dataclass(frozen=True)
    class Inside(Event):
        meeting_id: UUID
        at: datetime

    assert Inside.outside is None
    with pytest.raises(MayNotLeave):
        outside.body(Inside(meeting_id=uuid4(), at=make.NOW))


def test_the_wire_is_json_with_the_envelope_and_the_fields() -> None:
    event = MeetingRevised(
        meeting_id=UUID(int=1),
        revision_id=UUID(int=2),
        number=2,
        what=frozenset({Aspect.TIME}),
        can_be_told=True,
        at=make.NOW,
    )
    stored = OutboxEvent(
        position=41,
        event_id=UUID(int=3),
        name="meeting.revised",
        version=1,
        meeting_id=event.meeting_id,
        body=outside.body(event),
        at=event.at,
    )
    assert json.loads(outside.wire(stored)) == {
        "event_id": "00000000-0000-0000-0000-000000000003",
        "name": "meeting.revised",
        "version": 1,
        "occurred_at": "2027-01-11T09:00:00+00:00",
        "position": 41,
        "meeting_id": "00000000-0000-0000-0000-000000000001",
        "revision_id": "00000000-0000-0000-0000-000000000002",
        "number": 2,
        "what": ["time"],
    }
    assert outside.wire(stored) == outside.wire(stored)


def test_no_field_can_take_the_place_of_one_of_the_envelope() -> None:
    for told in TOLD.values():
        assert not set(told.fields) & set(asyncapi.ENVELOPE)


def test_enum_values_are_a_fixed_list_whatever_kind_of_enum() -> None:
    assert issubclass(Aspect, StrEnum)
    assert outside.body(fine(level=Level.ONE))["level"] == 1
