"""What is read from callers is read by our own strict fields, whose messages are Norwegian and repeat nothing."""

from collections.abc import Iterator

import pytest
from rest_framework import serializers

from navmeet.api import serializers as ours
from tests.architecture.test_doors import SURFACES, addresses


def _inputs(kind: type[ours.Strict] = ours.Strict) -> Iterator[type[ours.Strict]]:
    for surface in SURFACES:
        list(addresses(surface))  # imports every module with inputs
    for one in kind.__subclasses__():
        if not one.__module__.startswith("tests."):
            yield one
            yield from _inputs(one)


INPUTS = sorted(set(_inputs()), key=lambda one: f"{one.__module__}.{one.__name__}")


def test_there_are_inputs_to_look_at() -> None:
    assert len(INPUTS) >= 6


@pytest.mark.parametrize("kind", INPUTS, ids=lambda kind: kind.__name__)
def test_every_field_that_is_read_is_one_of_ours(kind: type[ours.Strict]) -> None:
    assert kind.__name__.endswith("Input")
    for name, field in kind().fields.items():
        inner = field.child if isinstance(field, serializers.ListField | serializers.ListSerializer) else field
        assert isinstance(inner, ours.Strict) or type(inner).__module__ == ours.__name__, name


@pytest.mark.parametrize("kind", INPUTS, ids=lambda kind: kind.__name__)
def test_every_message_to_a_caller_is_norwegian_and_repeats_no_input(kind: type[ours.Strict]) -> None:
    for name, field in kind().fields.items():
        for message in field.error_messages.values():
            assert "{input}" not in str(message), name
            assert "valid" not in str(message).split(), f"{name}: {message}"


def test_every_serializer_that_is_read_is_strict() -> None:
    loose = [
        f"{kind.__module__}.{kind.__name__}"
        for kind in _all(serializers.Serializer)
        if kind.__name__.endswith("Input") and not issubclass(kind, ours.Strict)
    ]
    assert loose == []


def _all(kind: type[serializers.Serializer]) -> Iterator[type[serializers.Serializer]]:  # type: ignore[type-arg]
    for one in kind.__subclasses__():
        yield one
        yield from _all(one)
