from datetime import date

import pytest

from navmeet.dev.personas import CASEWORKERS, CITIZENS, ONLY_IN_REGISTERS
from navmeet.exceptions import Invalid
from navmeet.people.numbers import birth_date, check_identity_number

EVERYBODY = [*(person.number for person in (*CITIZENS, *ONLY_IN_REGISTERS)), *(one.number for one in CASEWORKERS)]
KARI = "12838410047"


def refusal(text: str) -> Invalid:
    with pytest.raises(Invalid) as caught:
        check_identity_number(text)
    assert caught.value.code == "identity_number_invalid"
    assert caught.value.field == "citizen_number"
    return caught.value


def valid(six: str, individuals: range) -> str:
    """The first valid number of a date. Written apart from the code it tests, by trying all check digits."""
    for individual in individuals:
        for last in range(100):
            number = f"{six}{individual:03}{last:02}"
            digits = [int(digit) for digit in number]
            first = sum(a * b for a, b in zip((3, 7, 6, 1, 8, 9, 4, 5, 2, 1), digits, strict=False)) % 11
            second = sum(a * b for a, b in zip((5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1), digits, strict=True)) % 11
            if first == second == 0:
                return number
    raise AssertionError("no such number")


@pytest.mark.parametrize("number", EVERYBODY)
def test_every_persona_has_a_valid_synthetic_number(number: str) -> None:
    assert check_identity_number(number) == number
    assert 80 < int(number[2:4]) <= 92


def test_no_two_personas_share_a_number() -> None:
    numbers = [person.number for person in (*CITIZENS, *ONLY_IN_REGISTERS)]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("typed", ["128384 10047", " 12 83 84 10047\n", "128384\u00a010047", "128384\u202f10047"])
def test_spaces_are_taken_out(typed: str) -> None:
    assert check_identity_number(typed) == KARI


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Skriv inn"),
        ("   ", "Skriv inn"),
        ("1283841004", "11 sifre"),
        ("128384100470", "11 sifre"),
        ("1283841004x", "bare ha sifre"),
        ("128384-10047", "bare ha sifre"),
        ("1283841004\u0000", "bare ha sifre"),
        ("١٢٨٣٨٤١٠٠٤٧", "bare ha sifre"),
        ("²²²²²²²²²²²", "bare ha sifre"),
        ("00838410047", "gyldig dato"),
        ("32838410047", "gyldig dato"),
        ("12938410047", "gyldig dato"),
        ("30828410047", "gyldig dato"),
        ("00000000000", "gyldig dato"),
        ("12838410048", "Kontrollsifrene"),
        ("12838410057", "Kontrollsifrene"),
        ("21838410047", "Kontrollsifrene"),
    ],
)
def test_each_mistake_is_named_and_the_number_is_not_repeated(typed: str, says: str) -> None:
    message = refusal(typed).message
    assert says in message
    assert not typed.strip() or typed.strip() not in message


def test_one_wrong_digit_anywhere_is_always_refused() -> None:
    for place in range(11):
        for digit in "0123456789":
            changed = KARI[:place] + digit + KARI[place + 1 :]
            if changed != KARI:
                refusal(changed)


def test_each_check_digit_counts_alone() -> None:
    only_second_holds = "12838410004"
    digits = [int(digit) for digit in only_second_holds]
    assert sum(a * b for a, b in zip((5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1), digits, strict=True)) % 11 == 0
    assert "Kontrollsifrene" in refusal(only_second_holds).message
    assert "Kontrollsifrene" in refusal("12838410048").message


def test_two_neighbours_swapped_are_refused() -> None:
    for place in range(10):
        swapped = KARI[:place] + KARI[place + 1] + KARI[place] + KARI[place + 2 :]
        if swapped != KARI:
            refusal(swapped)


@pytest.mark.parametrize("added_to_month", [80, 65, 40])
@pytest.mark.parametrize("added_to_day", [0, 40])
def test_synthetic_numbers_and_d_numbers_say_their_date(added_to_month: int, added_to_day: int) -> None:
    number = valid(f"{1 + added_to_day:02}{12 + added_to_month:02}84", range(100, 110))
    assert birth_date(number) == date(1984, 12, 1)


@pytest.mark.parametrize(
    ("six", "individuals", "born"),
    [
        ("018199", range(490, 500), date(1999, 1, 1)),
        ("018100", range(500, 510), date(2000, 1, 1)),
        ("018139", range(990, 1000), date(2039, 1, 1)),
        ("018140", range(900, 910), date(1940, 1, 1)),
        ("018154", range(740, 750), date(1854, 1, 1)),
        ("298200", range(500, 510), date(2000, 2, 29)),
    ],
)
def test_the_individual_number_says_the_century(six: str, individuals: range, born: date) -> None:
    assert birth_date(valid(six, individuals)) == born


@pytest.mark.parametrize(("six", "individuals"), [("018153", range(500, 900)), ("018154", range(750, 900))])
def test_an_individual_number_never_given_out_is_refused(six: str, individuals: range) -> None:
    assert "gyldig dato" in refusal(valid(six, individuals)).message


def test_a_leap_day_of_a_year_without_one_is_refused() -> None:
    assert "gyldig dato" in refusal(valid("298200", range(10))).message  # 1900
    assert birth_date(valid("298204", range(10))) == date(1904, 2, 29)


def test_birth_date_refuses_what_is_no_number() -> None:
    with pytest.raises(Invalid):
        birth_date("12838410048")
