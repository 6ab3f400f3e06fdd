"""The registers are asked about a whole batch at once; one row that they cannot answer for holds up no other."""

from collections.abc import Callable, Sequence
from uuid import UUID

import pytest

from invitations.messages import registers_now
from invitations.messages.registers_now import Known, NobodyThere
from navmeet.dev.personas import CITIZENS
from navmeet.dev.registers import RunningRegisters
from navmeet.exceptions import Unavailable
from navmeet.people.models import Person
from navmeet.registers import krr
from tests import make

KARI, OLA, JOHN, NN = CITIZENS[0], CITIZENS[1], CITIZENS[3], CITIZENS[2]
NOBODY = "01819810063"


def people(*numbers: str) -> dict[UUID, Person]:
    made = [make.citizen(number=number) for number in numbers]
    return {person.pk: person for person in made}


@pytest.mark.django_db
def test_a_batch_of_people_is_one_call_to_each_register(registers: RunningRegisters) -> None:
    asked = people(KARI.number, OLA.number, JOHN.facts.historic_numbers[0], NOBODY)
    found = registers_now.ask(asked, make.NOW)
    kari, ola, john, nobody = (found[person_id] for person_id in asked)
    assert kari == Known(KARI.number, can_be_told=True, is_deceased=False, is_strictly_protected=False)
    assert isinstance(ola, Known)
    assert (ola.can_be_told, ola.is_reserved) == (False, True)
    # By the number that holds now, which the contact register was asked by.
    assert isinstance(john, Known)
    assert john.ident == JOHN.number
    assert nobody == NobodyThere()
    calls = [call for call in registers.state.asked if "token" not in call]
    assert calls == ["POST /pdl/graphql", "POST /krr/rest/v1/personer"]


@pytest.mark.django_db
def test_one_whom_a_register_says_something_odd_about_waits_alone(registers: RunningRegisters) -> None:
    registers.set_person(OLA.number, protection="HELT_NY_GRAD")
    asked = people(KARI.number, OLA.number, NN.number)
    found = registers_now.ask(asked, make.NOW)
    kari, _ola, nn = asked
    assert set(found) == {kari, nn}


def _poisoned_by(poison: int) -> tuple[Callable[[Sequence[str]], dict[str, str]], list[int]]:
    """A register that has no answer at all for a call that this one is in."""
    sizes: list[int] = []

    def call(numbers: Sequence[str]) -> dict[str, str]:
        sizes.append(len(numbers))
        if str(poison) in numbers:
            raise Unavailable("no answer", code="register_unavailable")
        return dict.fromkeys(numbers, "ok")

    return call, sizes


@pytest.mark.parametrize("poison", [0, 37, 99])
def test_a_row_that_spoils_a_whole_call_is_found_by_halving(poison: int) -> None:
    call, sizes = _poisoned_by(poison)
    patience = registers_now._Patience(until=float("inf"))
    found = registers_now._halving(call, [str(number) for number in range(100)], patience)
    assert set(range(100)) - {int(number) for number in found} == {poison}
    assert len(sizes) <= 16


def test_a_register_that_is_down_is_asked_a_few_times_and_no_more() -> None:
    sizes = []

    def call(numbers: Sequence[str]) -> dict[str, str]:
        sizes.append(len(numbers))
        raise Unavailable("down", code="register_unavailable")

    patience = registers_now._Patience(until=float("inf"))
    assert registers_now._halving(call, [str(number) for number in range(100)], patience) == {}
    assert len(sizes) == registers_now.MOST_FAILURES


def test_no_call_is_begun_when_the_time_is_up() -> None:
    patience = registers_now._Patience(until=0)
    assert registers_now._halving(_poisoned_by(1)[0], ["5"], patience) == {}


@pytest.mark.django_db
@pytest.mark.parametrize("register", ["krr", "pdl"])
def test_nobody_is_taken_for_reachable_while_a_register_is_down(registers: RunningRegisters, register: str) -> None:
    registers.fail(register)
    assert registers_now.ask(people(KARI.number, NN.number), make.NOW) == {}


@pytest.mark.django_db
def test_contacts_are_read_one_by_one(registers: RunningRegisters) -> None:
    registers.set_person(OLA.number, can_be_told="yes")
    found = krr.contacts([KARI.number, OLA.number, NN.number], at=make.NOW)
    assert set(found) == {KARI.number, NN.number}
