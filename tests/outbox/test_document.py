"""The AsyncAPI document: whole, without loose ends, and true of what is sent."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import yaml
from django.conf import settings
from jsonschema import Draft7Validator, FormatChecker  # type: ignore[import-untyped]

from navmeet.dev import asyncapi
from navmeet.outbox.models import OutboxEvent
from navmeet.outbox.outside import wire
from navmeet.outbox.relay import relay
from tests import make
from tests.invitations.messages.test_telling import cancel
from tests.outbox.topic import FakeTopic

DOCUMENT = asyncapi.document()
MESSAGES: dict[str, Any] = DOCUMENT["components"]["messages"]


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for part in value.values():
            yield from _references(part)
    elif isinstance(value, list):
        for part in value:
            yield from _references(part)


def _at(reference: str) -> Any:
    found: Any = DOCUMENT
    assert reference.startswith("#/")
    for step in reference[2:].split("/"):
        found = found[step]
    return found


def test_it_has_what_asyncapi_3_demands() -> None:
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert {"title", "version"} <= set(DOCUMENT["info"])
    (channel,) = DOCUMENT["channels"].values()
    assert channel["address"] == settings.TOPIC_MEETING_EVENTS
    (operation,) = DOCUMENT["operations"].values()
    assert operation["action"] == "send"
    assert _at(operation["channel"]["$ref"]) is channel
    assert set(DOCUMENT) <= {
        "asyncapi", "info", "defaultContentType", "channels", "operations", "components", "id", "servers",
    }  # fmt: skip
    for name, message in MESSAGES.items():
        assert message["name"] == name
        assert set(message) <= {"name", "title", "summary", "description", "bindings", "payload"}


def test_every_reference_leads_somewhere_and_every_message_is_sent() -> None:
    references = list(_references(DOCUMENT))
    assert references
    for reference in references:
        assert _at(reference)
    sent = [_at(one["$ref"]) for one in DOCUMENT["operations"]["tellMeetingEvents"]["messages"]]
    assert [_at(one["$ref"]) for one in sent] == list(MESSAGES.values())


@pytest.mark.parametrize("name", MESSAGES)
def test_every_payload_is_a_schema_and_demands_the_envelope(name: str) -> None:
    payload = MESSAGES[name]["payload"]
    Draft7Validator.check_schema(payload)
    assert set(payload["required"]) <= set(payload["properties"])
    assert set(asyncapi.ENVELOPE) <= set(payload["required"])


def test_the_text_is_the_document() -> None:
    assert yaml.safe_load(asyncapi.as_yaml()) == json.loads(json.dumps(DOCUMENT))
    assert asyncapi.as_yaml() == asyncapi.as_yaml()


@pytest.mark.django_db
def test_what_a_booking_and_a_cancellation_send_is_what_the_document_says(topic: FakeTopic) -> None:
    meeting = make.meeting()
    cancel(meeting, make.NOW)
    assert relay(make.NOW) == 2
    assert [event["name"] for event in topic.arrived] == ["meeting.booked", "meeting.cancelled"]
    for event in topic.arrived:
        assert _problems(event) == []
        assert set(event) == set(MESSAGES[event["name"]]["payload"]["properties"])


def test_the_schema_refuses_what_is_not_so() -> None:
    stored = OutboxEvent(position=1, name="meeting.cancelled", version=1, meeting_id=uuid4(), body={}, at=make.NOW)
    event = json.loads(wire(stored))
    assert _problems(event) == []
    for wrong in ({"version": 2}, {"name": "meeting.booked"}, {"meeting_id": 7}, {"position": 0}):
        assert _problems(event, wrong), wrong


def _problems(event: dict[str, Any], wrong: dict[str, Any] | None = None) -> list[str]:
    validator = Draft7Validator(MESSAGES[event["name"]]["payload"], format_checker=FormatChecker())
    return [error.message for error in validator.iter_errors(event | (wrong or {}))]
