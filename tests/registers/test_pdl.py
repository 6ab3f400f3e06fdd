from datetime import UTC, datetime

import pytest

from navmeet.dev.personas import CITIZENS, DECEASED, WITH_SAFETY_MEASURE
from navmeet.dev.registers import RunningRegisters
from navmeet.exceptions import Invalid, Unavailable
from navmeet.registers import pdl
from navmeet.registers.pdl import KnownNumber, Protection

KARI, JOHN, TURID, PER = (CITIZENS[place] for place in (0, 3, 4, 5))
NOBODY = "01819810063"


def test_a_person_whole(registers: RunningRegisters, at: datetime) -> None:
    assert pdl.person(PER.number, at=at) == pdl.PersonFacts(
        given_name="Per",
        middle_name="Mønster",
        family_name="Fiktivsen",
        protection=Protection.NONE,
        deceased=False,
        safety_measures=(),
        numbers=(KnownNumber(number=PER.number, historic=False),),
        geographic="9902",
        at=at,
    )
    assert pdl.person(PER.number, at=at).name == "Per Mønster Fiktivsen"


def test_an_old_number_finds_the_person_and_all_numbers(registers: RunningRegisters, at: datetime) -> None:
    old = JOHN.facts.historic_numbers[0]
    facts = pdl.person(old, at=at)
    assert facts.numbers == (
        KnownNumber(number=JOHN.number, historic=False),
        KnownNumber(number=old, historic=True),
    )
    assert facts.current_number == JOHN.number


@pytest.mark.parametrize(
    ("grade", "strict"),
    [("STRENGT_FORTROLIG", True), ("STRENGT_FORTROLIG_UTLAND", True), ("FORTROLIG", False), ("UGRADERT", False)],
)
def test_protection_is_read(registers: RunningRegisters, at: datetime, grade: str, strict: bool) -> None:
    registers.set_person(KARI.number, protection=grade)
    facts = pdl.person(KARI.number, at=at)
    assert facts.protection == grade
    assert facts.protection.is_strict is strict


def test_where_somebody_in_hiding_lives_is_not_carried_further(registers: RunningRegisters, at: datetime) -> None:
    assert pdl.person(TURID.number, at=at).geographic is None


def test_a_protection_we_do_not_know_is_no_answer(registers: RunningRegisters, at: datetime) -> None:
    registers.set_person(KARI.number, protection="HELT_NY_GRAD")
    with pytest.raises(Unavailable):
        pdl.person(KARI.number, at=at)


def test_death_is_seen(registers: RunningRegisters, at: datetime) -> None:
    assert pdl.person(DECEASED.number, at=at).deceased is True
    registers.set_person(KARI.number, deceased=True)
    assert pdl.person(KARI.number, at=at).deceased is True


@pytest.mark.parametrize(
    ("when", "measures"),
    [
        (datetime(2026, 11, 23, 9, tzinfo=UTC), ("FYUS", "TOAN")),
        (datetime(2025, 12, 31, 22, 59, tzinfo=UTC), ()),
        (datetime(2025, 12, 31, 23, 0, tzinfo=UTC), ("FYUS", "TOAN")),
        (datetime(2100, 1, 1, 12, tzinfo=UTC), ()),
    ],
)
def test_safety_measures_hold_from_day_to_day_in_oslo(
    registers: RunningRegisters, when: datetime, measures: tuple[str, ...]
) -> None:
    assert pdl.person(WITH_SAFETY_MEASURE.number, at=when).safety_measures == measures


def test_a_number_that_nobody_has(registers: RunningRegisters, at: datetime) -> None:
    with pytest.raises(Invalid) as caught:
        pdl.person(NOBODY, at=at)
    assert (caught.value.code, caught.value.field) == ("person_unknown", "citizen_number")
    assert NOBODY not in str(caught.value)


@pytest.mark.parametrize("how", ["down", "odd", "garbage", "hang"])
def test_a_failing_pdl_is_no_answer(registers: RunningRegisters, at: datetime, how: str, impatient: None) -> None:
    registers.fail("pdl", how)
    with pytest.raises(Unavailable) as caught:
        pdl.person(KARI.number, at=at)
    assert caught.value.message == "Vi får ikke svar fra folkeregisteret. Prøv igjen om litt."


def test_names_and_numbers_stay_out_of_printed_facts(registers: RunningRegisters, at: datetime) -> None:
    printed = repr(pdl.person(JOHN.number, at=at))
    assert "Sampleton" not in printed
    assert JOHN.number not in printed


def test_the_stand_in_refuses_a_field_that_pdl_does_not_have(
    registers: RunningRegisters, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdl, "_QUERY", "query($ident: ID!) { hentPerson(ident: $ident) { navnet { fornavn } } }")
    with pytest.raises(Unavailable):
        pdl.person(KARI.number, at=at)
