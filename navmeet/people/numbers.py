"""National identity numbers: checked by rule, before anybody is asked about them.

Skatteetaten's rule: six digits of birth date, three of individual number (which also gives the century), two check
digits. D-numbers add 40 to the day. Synthetic numbers add 40, 65 or 80 to the month. No message repeats a number.
"""

import re
from datetime import date
from typing import NoReturn

from navmeet.exceptions import Invalid

_WEIGHTS_FIRST = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_WEIGHTS_SECOND = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_SYNTHETIC_MONTHS = (80, 65, 40)
_D_NUMBER_DAY = 40


def check_identity_number(text: str) -> str:
    """The number as eleven digits, whatever spaces it was typed with.

    Raises Invalid (field `citizen_number`, code `identity_number_invalid`) with a sentence for each kind of mistake.
    """
    return _checked(text)[0]


def birth_date(number: str) -> date:
    """The date of birth that a valid number says. Raises Invalid as `check_identity_number` does."""
    return _checked(number)[1]


def _checked(text: str) -> tuple[str, date]:
    number = "".join(text.split())
    if not number:
        _refuse("Skriv inn fødselsnummeret eller d-nummeret.")
    if not re.fullmatch(r"[0-9]+", number):
        _refuse("Fødselsnummeret kan bare ha sifre. Ta bort bokstaver og andre tegn.")
    if len(number) != 11:
        _refuse("Fødselsnummeret må ha 11 sifre. Sjekk at du har tatt med alle sifrene, og ikke for mange.")
    born = _date_of(number)
    if born is None:
        _refuse("De første sifrene i fødselsnummeret er ikke en gyldig dato. Sjekk at nummeret er skrevet riktig.")
    digits = [int(digit) for digit in number]
    if _remainder(digits, _WEIGHTS_FIRST) or _remainder(digits, _WEIGHTS_SECOND):
        _refuse("Kontrollsifrene i fødselsnummeret stemmer ikke. Sjekk at alle sifrene er riktige.")
    return number, born


def _date_of(number: str) -> date | None:
    day, month, year = int(number[0:2]), int(number[2:4]), int(number[4:6])
    if day > _D_NUMBER_DAY:
        day -= _D_NUMBER_DAY
    month -= next((added for added in _SYNTHETIC_MONTHS if month > added), 0)
    century = _century(year, int(number[6:9]))
    if century is None:
        return None
    try:
        return date(century + year, month, day)
    except ValueError:
        return None


def _century(year: int, individual: int) -> int | None:
    """The hundred years that the individual number stands for; None where none was ever given out."""
    if individual < 500:
        return 1900
    if year < 40:
        return 2000
    if individual >= 900:
        return 1900
    if individual < 750 and year >= 54:
        return 1800
    return None


def _remainder(digits: list[int], weights: tuple[int, ...]) -> int:
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=False)) % 11


def _refuse(message: str) -> NoReturn:
    raise Invalid(message, code="identity_number_invalid", field="citizen_number")
