from datetime import datetime

import pytest

from navmeet.dev.registers import RunningRegisters
from navmeet.exceptions import NotFound, Unavailable
from navmeet.registers import norg2


def test_the_office_of_a_municipality(registers: RunningRegisters, at: datetime) -> None:
    assert norg2.office_for("9902", at=at) == norg2.LocalOffice(number="0299", name="Nav Fjordvik", active=True, at=at)


@pytest.mark.parametrize("place", ["9999", "", "SWE", "9902/../x", "99020", "９９０２"])
def test_a_place_without_an_office(registers: RunningRegisters, at: datetime, place: str) -> None:
    with pytest.raises(NotFound) as caught:
        norg2.office_for(place, at=at)
    assert caught.value.code == "office_unknown"


@pytest.mark.parametrize("how", ["down", "odd", "garbage", "hang"])
def test_a_failing_norg2_is_no_answer(registers: RunningRegisters, at: datetime, how: str, impatient: None) -> None:
    registers.fail("norg2", how)
    with pytest.raises(Unavailable) as caught:
        norg2.office_for("9902", at=at)
    assert caught.value.message == "Vi får ikke svar fra oversikten over Nav-kontor. Prøv igjen om litt."
