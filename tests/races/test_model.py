"""Two hundred random weeks of meetings against a model of a hundred lines; `make races` drives 5,000."""

from collections.abc import Collection
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from meetings import calendars, starting_types
from navmeet.dev.personas import CITIZENS
from tests import make
from tests.invitations.messages.broker import FakeTopic
from tests.races import model
from tests.races.figures import IS_LONG, RUNS, load, tell
from tests.races.machine import Meetings, World
from tests.stand_ins import registers, registers_server

__all__ = ["registers", "registers_server"]
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("machine")]
A_PART = 200
STEPS = 12 if IS_LONG else 8
LONGEST_MODEL = 100


@pytest.fixture
def machine(registers: object, monkeypatch: pytest.MonkeyPatch) -> type[Meetings]:
    FakeTopic().install(monkeypatch)
    # One citizen has all the meetings; that a day may be full is no part of the model.
    monkeypatch.setattr(django_settings, "MOST_MESSAGES_A_DAY", 1000)
    starting_types.load()
    citizens = [next(one for one in CITIZENS if one.reserved is reserved) for reserved in (False, True)]
    people = [make.citizen(one.name, number=one.number) for one in citizens]
    Meetings.world = World([make.caseworker() for _ in range(3)], people, make.room("Møterom"))
    return Meetings


def drive(machine: type[Meetings], *, runs: int, number: int, phases: Collection[Phase] = tuple(Phase)) -> None:
    """`runs` runs, the same for the same `number`."""
    chosen = settings(
        max_examples=runs,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
        phases=phases,
    )
    run_state_machine_as_test(seed(number)(machine), settings=chosen)


@pytest.mark.parametrize("number", range(max(1, RUNS // A_PART)))
def test_meetings_are_as_the_model_has_them_whatever_is_done(machine: type[Meetings], number: int) -> None:
    drive(machine, runs=min(RUNS, A_PART), number=number)
    if number == max(1, RUNS // A_PART) - 1:
        tell(f"meetings against the model: {RUNS} runs of up to {STEPS} steps: no difference ({load()})")


def test_the_model_is_at_most_a_hundred_lines() -> None:
    assert len(Path(model.__file__).read_text(encoding="utf-8").splitlines()) <= LONGEST_MODEL


@pytest.mark.parametrize("what", ["check_free", "take"])
def test_a_house_that_forgets_to_look_or_to_write_is_found_out(
    machine: type[Meetings], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """Negative control."""
    monkeypatch.setattr(calendars, what, lambda *given, **more: None)
    with pytest.raises((AssertionError, BaseExceptionGroup)):
        drive(machine, runs=100, number=0, phases=[Phase.generate])
