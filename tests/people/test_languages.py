"""The language we speak with somebody: what they chose in the contact register, else what they logged in with."""

import pytest

from navmeet.accounts.actor import Level
from navmeet.accounts.claims import Inhabitant
from navmeet.accounts.known import citizen_actor
from navmeet.dev.registers import RunningRegisters
from navmeet.people import meet
from tests import make
from tests.pages.staff.setting import INGRID, KARI, actor
from tests.stand_ins import registers, registers_server

__all__ = ["registers", "registers_server"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("register", "spoken"), [("nn", "nn"), ("nb", "nb"), (None, "en")])
def test_a_register_that_says_nothing_hides_no_language_that_is_known_otherwise(
    registers: RunningRegisters, register: str | None, spoken: str
) -> None:
    registers.set_person(KARI.number, language=register)
    meet.meet(KARI.number, by=actor(INGRID), at=make.NOW)
    assert citizen_actor(Inhabitant(number=KARI.number, level=Level.HIGH, language="en"))[1] == spoken
