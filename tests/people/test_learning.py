"""Whatever a register shows of somebody we know is learned then and there, whoever asked, for whatever."""

import pytest

from navmeet.dev.personas import CASEWORKERS, CITIZENS
from navmeet.dev.registers import RunningRegisters
from navmeet.exceptions import NotPermitted, Unavailable
from navmeet.people import clearance, looking, meet
from navmeet.people.models import Person, Protection
from tests import make
from tests.pages.staff.setting import actor
from tests.stand_ins import registers, registers_server

__all__ = ["registers", "registers_server"]

pytestmark = pytest.mark.django_db

INGRID, JONAS, AMINA = CASEWORKERS
KARI = CITIZENS[0]


@pytest.fixture
def kari() -> Person:
    return make.citizen(KARI.name, number=KARI.number)


def protection_of(person: Person) -> str:
    return Person.objects.values_list("protection", flat=True).get(pk=person.pk)


@pytest.mark.parametrize("grade", ["STRENGT_FORTROLIG", "STRENGT_FORTROLIG_UTLAND", "FORTROLIG"])
def test_a_refusal_because_of_the_address_is_learned(kari: Person, registers: RunningRegisters, grade: str) -> None:
    registers.set_person(KARI.number, protection=grade)
    with pytest.raises(NotPermitted):
        clearance.ask(person_id=kari.pk, by=actor(INGRID), at=make.NOW)
    assert protection_of(kari) == grade


def test_a_refusal_for_another_reason_hides_nobody_and_one_never_makes_milder(
    kari: Person, registers: RunningRegisters
) -> None:
    registers.set_person(KARI.number, office="4100")
    with pytest.raises(NotPermitted):
        clearance.ask(person_id=kari.pk, by=actor(INGRID), at=make.NOW)
    assert protection_of(kari) == "UGRADERT"
    Person.objects.filter(pk=kari.pk).update(protection=Protection.STRICTLY_CONFIDENTIAL_ABROAD)
    registers.set_person(KARI.number, protection="FORTROLIG")
    with pytest.raises(NotPermitted):
        clearance.ask(person_id=kari.pk, by=actor(INGRID), at=make.NOW)
    assert protection_of(kari) == "STRENGT_FORTROLIG_UTLAND"


def test_looking_up_somebody_one_may_not_open_teaches_what_the_population_register_said(
    kari: Person, registers: RunningRegisters
) -> None:
    registers.set_person(KARI.number, protection="STRENGT_FORTROLIG")
    with pytest.raises(NotPermitted):
        meet.meet(KARI.number, by=actor(INGRID), at=make.NOW)
    assert protection_of(kari) == "STRENGT_FORTROLIG"


def test_it_is_learned_also_where_the_next_register_does_not_answer(kari: Person, registers: RunningRegisters) -> None:
    registers.set_person(KARI.number, protection="STRENGT_FORTROLIG")
    registers.fail("krr")
    with pytest.raises(Unavailable):
        meet.again(kari, at=make.NOW)
    assert protection_of(kari) == "STRENGT_FORTROLIG"


def test_nobody_becomes_ours_by_being_refused(registers: RunningRegisters, db: None) -> None:
    registers.set_person(KARI.number, protection="STRENGT_FORTROLIG")
    with pytest.raises(NotPermitted):
        meet.meet(KARI.number, by=actor(INGRID), at=make.NOW)
    assert not Person.objects.exists()


def test_whom_the_access_machine_still_lets_in_is_kept_out_of_what_the_register_protects(
    kari: Person, registers: RunningRegisters
) -> None:
    registers.set_person(KARI.number, protection="STRENGT_FORTROLIG")
    later = make.later(minutes=10)
    with pytest.raises(NotPermitted):
        looking.look_before_opening(kari.pk, by=actor(INGRID), at=later)
    assert protection_of(kari) == "STRENGT_FORTROLIG"
    looking.look_before_opening(kari.pk, by=actor(AMINA), at=later)


def test_a_register_that_is_away_keeps_nobody_out_and_is_asked_once_in_ten_minutes(
    kari: Person, registers: RunningRegisters
) -> None:
    registers.fail("pdl")
    looking.look_before_opening(kari.pk, by=actor(INGRID), at=make.later(minutes=10))
    registers.reset()
    asked = []
    for minute in (10, 11, 19, 20):
        looking.look_before_opening(kari.pk, by=actor(INGRID), at=make.later(minutes=minute))
        asked.append(registers.state.asked.count("POST /pdl/graphql"))
    assert asked[0] == asked[1] == asked[2] < asked[3]
