from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

import pytest

from navmeet.dev.personas import CASEWORKERS, CITIZENS, DECEASED
from navmeet.dev.registers import RunningRegisters, access_machine
from navmeet.exceptions import Invalid, NotPermitted, Unavailable
from navmeet.registers import access
from navmeet.registers.access import Decision, may_open, may_open_many

INGRID, JONAS, AMINA = CASEWORKERS
KARI, TURID = CITIZENS[0].number, CITIZENS[4].number
NOBODY = "01819810063"

OneAnswer: TypeAlias = Callable[[int, object], None]


@pytest.fixture
def one_answer(registers: RunningRegisters, monkeypatch: pytest.MonkeyPatch) -> OneAnswer:
    """Let the access machine answer exactly this, over real HTTP."""

    def answer(status: int, body: object) -> None:
        for name in ("single", "bulk"):
            monkeypatch.setattr(access_machine, name, lambda *_: (status, body))

    return answer


def test_an_ordinary_person_of_the_office_may_be_opened(registers: RunningRegisters, at: datetime) -> None:
    assert may_open(INGRID.nav_ident, KARI, at=at) == Decision(granted=True, code="GRANTED", at=at)


def test_a_strictly_confidential_address_needs_the_group(registers: RunningRegisters, at: datetime) -> None:
    refused = may_open(INGRID.nav_ident, TURID, at=at)
    assert refused == Decision(granted=False, code="AVVIST_STRENGT_FORTROLIG_ADRESSE", at=at)
    assert may_open(AMINA.nav_ident, TURID, at=at).granted


@pytest.mark.parametrize(
    ("override", "code"),
    [
        ({"protection": "STRENGT_FORTROLIG_UTLAND"}, "AVVIST_STRENGT_FORTROLIG_UTLAND"),
        ({"protection": "FORTROLIG"}, "AVVIST_FORTROLIG_ADRESSE"),
        ({"shielded": True}, "AVVIST_SKJERMING"),
        ({"deceased": "2020-01-01"}, "AVVIST_AVDØD"),
        ({"office": "0298"}, "AVVIST_GEOGRAFISK"),
    ],
)
def test_each_rule_refuses_with_its_own_code(
    registers: RunningRegisters, at: datetime, override: dict[str, object], code: str
) -> None:
    registers.set_person(KARI, **override)
    assert may_open(INGRID.nav_ident, KARI, at=at) == Decision(granted=False, code=code, at=at)


def test_nobody_opens_themselves(registers: RunningRegisters, at: datetime) -> None:
    assert may_open(AMINA.nav_ident, AMINA.number, at=at).code == "AVVIST_HABILITET"
    assert may_open(AMINA.nav_ident, JONAS.number, at=at).granted


def test_an_employee_nobody_knows_opens_nobody(registers: RunningRegisters, at: datetime) -> None:
    assert not may_open("Z999999", KARI, at=at).granted


def test_an_unknown_person_is_unknown(registers: RunningRegisters, at: datetime) -> None:
    with pytest.raises(Invalid) as caught:
        may_open(INGRID.nav_ident, NOBODY, at=at)
    assert caught.value.code == "person_unknown"


@pytest.mark.parametrize("ident", ["", "Z99000", "z990001", "Z990001/../x", "Z990001\n", "Z99000１"])
def test_what_is_no_nav_ident_never_becomes_an_address(registers: RunningRegisters, at: datetime, ident: str) -> None:
    with pytest.raises(NotPermitted):
        may_open(ident, KARI, at=at)
    with pytest.raises(NotPermitted):
        may_open_many(ident, [KARI], at=at)
    assert registers.state.asked == []


@pytest.mark.parametrize("how", ["down", "odd", "garbage", "hang"])
def test_a_failing_access_machine_lets_nobody_in(
    registers: RunningRegisters, at: datetime, how: str, impatient: None
) -> None:
    registers.fail("access", how)
    for ask in (
        lambda: may_open(INGRID.nav_ident, KARI, at=at),
        lambda: may_open_many(INGRID.nav_ident, [KARI], at=at),
    ):
        with pytest.raises(Unavailable) as caught:
            ask()
        assert caught.value.message == "Vi får ikke svar fra tilgangskontrollen. Prøv igjen om litt."


def test_many_are_asked_in_one_call(registers: RunningRegisters, at: datetime) -> None:
    numbers = [KARI, TURID, DECEASED.number, NOBODY, KARI]
    codes = {number: decision.code for number, decision in may_open_many(INGRID.nav_ident, numbers, at=at).items()}
    assert codes == {
        KARI: "GRANTED",
        TURID: "AVVIST_STRENGT_FORTROLIG_ADRESSE",
        DECEASED.number: "AVVIST_AVDØD",
        NOBODY: "PERSON_UNKNOWN",
    }
    assert len([asked for asked in registers.state.asked if "/bulk/" in asked]) == 1


def test_only_a_yes_is_granted_among_many(registers: RunningRegisters, at: datetime) -> None:
    decisions = may_open_many(INGRID.nav_ident, [KARI, TURID, DECEASED.number, NOBODY], at=at)
    assert [number for number, decision in decisions.items() if decision.granted] == [KARI]


def test_more_than_a_thousand_are_asked_in_parts(registers: RunningRegisters, at: datetime) -> None:
    numbers = [KARI, *(f"{number:011}" for number in range(1000))]
    decisions = may_open_many(INGRID.nav_ident, numbers, at=at)
    assert len(decisions) == 1001
    assert decisions[KARI].granted
    assert len([asked for asked in registers.state.asked if "/bulk/" in asked]) == 2


def test_nobody_to_ask_about_asks_nothing(registers: RunningRegisters, at: datetime) -> None:
    assert may_open_many(INGRID.nav_ident, [], at=at) == {}
    assert registers.state.asked == []


@pytest.mark.parametrize(
    "results",
    [
        [],
        [{"brukerId": KARI, "status": 200}],
        [{"brukerId": KARI, "status": "204"}],
        [{"brukerId": KARI, "status": 204}, {"brukerId": KARI, "status": 404}],
        [{"brukerId": TURID, "status": 204}],
    ],
)
def test_a_number_left_out_or_answered_in_two_ways_is_not_granted(
    at: datetime, results: list[dict[str, object]], one_answer: OneAnswer
) -> None:
    one_answer(207, {"ansattId": INGRID.nav_ident, "resultater": results})
    assert may_open_many(INGRID.nav_ident, [KARI], at=at) == {KARI: Decision(granted=False, code="NO_ANSWER", at=at)}


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, {"ansattId": INGRID.nav_ident, "resultater": [{"brukerId": KARI, "status": 204}]}),
        (207, {"ansattId": "Z990003", "resultater": [{"brukerId": KARI, "status": 204}]}),
        (207, {"ansattId": INGRID.nav_ident, "resultater": [{"brukerId": KARI, "status": 403, "detaljer": {}}]}),
        (207, {"ansattId": INGRID.nav_ident, "resultater": [{"status": 204}]}),
        (207, [{"brukerId": KARI, "status": 204}]),
    ],
)
def test_an_answer_of_another_shape_or_about_another_employee_lets_nobody_in(
    at: datetime, status: int, body: object, one_answer: OneAnswer
) -> None:
    one_answer(status, body)
    with pytest.raises(Unavailable):
        may_open_many(INGRID.nav_ident, [KARI], at=at)


@pytest.mark.parametrize(
    ("status", "body"),
    [(200, {"granted": True}), (201, None), (202, None), (302, None), (403, None), (403, {"title": "Forbidden"})],
)
def test_only_204_is_a_yes(at: datetime, status: int, body: object, one_answer: OneAnswer) -> None:
    one_answer(status, body)
    with pytest.raises(Unavailable):
        may_open(INGRID.nav_ident, KARI, at=at)


def test_a_thousand_is_what_the_machine_takes(registers: RunningRegisters, at: datetime) -> None:
    decisions = may_open_many(INGRID.nav_ident, [f"{number:011}" for number in range(access.MOST_AT_ONCE)], at=at)
    assert {decision.code for decision in decisions.values()} == {"PERSON_UNKNOWN"}
