from datetime import datetime

import pytest

from navmeet.dev.personas import CITIZENS
from navmeet.dev.registers import RunningRegisters
from navmeet.exceptions import Unavailable
from navmeet.registers import krr

KARI, OLA, SIGRID, JOHN = (citizen.number for citizen in CITIZENS[:4])
NOBODY = "01819810063"


def test_a_person_who_can_be_told(registers: RunningRegisters, at: datetime) -> None:
    assert krr.contact(KARI, at=at) == krr.Contact(
        can_be_told=True,
        reserved=False,
        language="nb",
        email="kari.testdal@innbygger.example",
        phone="+4700000001",
        at=at,
    )


def test_a_reserved_person_cannot_be_told(registers: RunningRegisters, at: datetime) -> None:
    contact = krr.contact(OLA, at=at)
    assert (contact.can_be_told, contact.reserved) == (False, True)


def test_a_reservation_wins_over_a_register_that_contradicts_itself(registers: RunningRegisters, at: datetime) -> None:
    registers.set_person(OLA, can_be_told=True)
    assert krr.contact(OLA, at=at).can_be_told is False


def test_nothing_verified_is_not_the_same_as_reserved(registers: RunningRegisters, at: datetime) -> None:
    registers.set_person(KARI, can_be_told=False)
    contact = krr.contact(KARI, at=at)
    assert (contact.can_be_told, contact.reserved) == (False, False)


@pytest.mark.parametrize(
    ("spraak", "language"),
    [
        ("nb", "nb"),
        ("nn", "nn"),
        ("en", "en"),
        ("NN", "nn"),
        ("nb-NO", "nb"),
        ("nn_NO", "nn"),
        ("en-GB", "en"),
        ("no", "nb"),
    ],
)
def test_a_language_we_write_is_theirs(registers: RunningRegisters, at: datetime, spraak: str, language: str) -> None:
    registers.set_person(KARI, language=spraak)
    contact = krr.contact(KARI, at=at)
    assert (contact.language, contact.written, contact.no_texts_in) == (language, language, "")


@pytest.mark.parametrize("spraak", ["", " ", None])
def test_who_has_told_the_register_no_language_is_written_to_in_bokmal_and_has_not_chosen_it(
    registers: RunningRegisters, at: datetime, spraak: str | None
) -> None:
    registers.set_person(KARI, language=spraak)
    contact = krr.contact(KARI, at=at)
    assert (contact.language, contact.written, contact.no_texts_in) == (None, "nb", "")


@pytest.mark.parametrize(("spraak", "chosen"), [("se", "se"), ("SE-no", "se"), ("pl", "pl"), ("x\ny", "und")])
def test_a_language_we_have_no_texts_in_becomes_bokmal_and_says_so(
    registers: RunningRegisters, at: datetime, spraak: str, chosen: str
) -> None:
    registers.set_person(KARI, language=spraak)
    contact = krr.contact(KARI, at=at)
    assert (contact.language, contact.written, contact.no_texts_in) == (chosen, "nb", chosen)


def test_an_inactive_person_gets_letters_and_is_not_reserved(registers: RunningRegisters, at: datetime) -> None:
    registers.set_person(KARI, active=False)
    contact = krr.contact(KARI, at=at)
    assert (contact.can_be_told, contact.reserved, contact.email, contact.phone) == (False, False, None, None)


def test_a_person_not_in_krr_gets_letters(registers: RunningRegisters, at: datetime) -> None:
    contact = krr.contact(NOBODY, at=at)
    assert (contact.can_be_told, contact.reserved, contact.language) == (False, False, None)


@pytest.mark.parametrize("how", ["down", "odd", "garbage", "hang"])
def test_a_failing_krr_is_no_answer_and_never_a_reservation(
    registers: RunningRegisters, at: datetime, how: str, impatient: None
) -> None:
    registers.fail("krr", how)
    with pytest.raises(Unavailable) as caught:
        krr.contact(KARI, at=at)
    assert caught.value.code == "register_unavailable"
    assert caught.value.message == "Vi får ikke svar fra kontakt- og reservasjonsregisteret. Prøv igjen om litt."


@pytest.mark.parametrize("field", ["reserved", "can_be_told", "active"])
def test_an_answer_whose_yes_or_no_is_neither_is_no_answer(
    registers: RunningRegisters, at: datetime, field: str
) -> None:
    registers.set_person(KARI, **{field: "false"})
    with pytest.raises(Unavailable):
        krr.contact(KARI, at=at)


def test_contact_data_stay_out_of_a_printed_contact(registers: RunningRegisters, at: datetime) -> None:
    printed = repr(krr.contact(KARI, at=at))
    assert "kari" not in printed
    assert "0001" not in printed
