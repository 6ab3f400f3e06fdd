"""The made-up people of the demo and the tests: the one place where they are written down.

The issuers, the stand-in for the registers and the demo data all read from here. Nobody here exists: the identity
numbers are synthetic (month + 80, with valid check digits), the names say that they are tests, telephone numbers
begin with a digit no subscriber has, and mail addresses end in `.example`, which is never delivered.

`python -m navmeet.dev.personas` prints everything as JSON, for programs that are not Python.
"""

import json
import sys
from dataclasses import asdict, dataclass
from typing import Any

# Nav's own groups (contracts/access.md; the production ids, which are public, serve here as the defaults).
GROUP_STRICTLY_CONFIDENTIAL = "2931da41-8b8e-42cd-99c0-04a169ddae40"
GROUP_CONFIDENTIAL = "e98efc34-12d1-401f-b059-f17e62834065"
GROUP_OWN_EMPLOYEES = "e750ceb5-b70b-4d94-b4fa-9d22467b786b"
GROUP_WHOLE_COUNTRY = "ebdddf06-dc5b-45ef-9dad-850894b935f9"
# The service's own two groups: what one may do in navmeet is asked apart from whom one may see.
GROUP_NAVMEET_CASEWORKER = "1aae1713-dd2b-4684-9773-cc3f4ee583ee"
GROUP_NAVMEET_ADVISER = "f15bb6a1-8823-456e-a7ea-6e6913439edb"
# One group an office, as Entra has them; navmeet's setting OFFICE_GROUPS holds the same outside production.
GROUP_OFFICE_0299 = "5f0c2a9e-3b1d-4e7a-9c46-1d8e70b20299"
GROUP_OFFICE_0298 = "5f0c2a9e-3b1d-4e7a-9c46-1d8e70b20298"
GROUP_OFFICE_4100 = "5f0c2a9e-3b1d-4e7a-9c46-1d8e70b24100"


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A unit of Nav: its four-digit number, and the geographic code that NORG2 finds it by."""

    number: str
    name: str
    address: str
    geographic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Caseworker:
    """An employee as Entra describes them. `number` is their own identity number, which they may not look up."""

    nav_ident: str
    name: str
    oid: str
    groups: tuple[str, ...]
    office: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What PDL and the access machine know beside the name.

    `safety_measures` are PDL's codes (FYUS, TFUS, FTUS, DIUS, TOAN); `deceased_on` is an ISO date; `shielded` is
    "skjermet": an employee of Nav or close to one.
    """

    middle_name: str | None = None
    historic_numbers: tuple[str, ...] = ()
    deceased_on: str | None = None
    safety_measures: tuple[str, ...] = ()
    shielded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Citizen:
    """A person in the population register. `protection` is PDL's gradering, `language` KRR's spraak."""

    number: str
    given_name: str
    family_name: str
    language: str = "nb"
    reserved: bool = False
    protection: str = "UGRADERT"
    phone: str | None = None
    email: str | None = None
    office: str = "0299"
    facts: Facts = Facts()

    @property
    def name(self) -> str:
        """All parts of the name, as one would say it."""
        return " ".join(part for part in (self.given_name, self.facts.middle_name, self.family_name) if part)


OFFICES = (
    Office(number="0299", name="Nav Fjordvik", address="Testkaia 1, 0000 Fjordvik", geographic="9902"),
    Office(number="0298", name="Nav Innlandsmo", address="Prøveveien 2, 0000 Innlandsmo", geographic="9903"),
)

CASEWORKERS = (
    Caseworker(
        nav_ident="Z990001",
        name="Ingrid Solberg-Test",
        oid="6782b608-07e5-4a0c-87e4-88d25cd6974e",
        groups=(GROUP_NAVMEET_CASEWORKER, GROUP_OFFICE_0299),
        office="0299",
        number="21857510051",
    ),
    Caseworker(
        nav_ident="Z990002",
        name="Jonas Fjelltest",
        oid="cbd69de5-f4a8-4309-92a4-80408cfea564",
        groups=(GROUP_NAVMEET_CASEWORKER, GROUP_OFFICE_0299),
        office="0299",
        number="09888810053",
    ),
    Caseworker(
        nav_ident="Z990003",
        name="Amina Prøvesen",
        oid="b302f09b-3e26-45e0-aa0b-c6a10e6f1bf0",
        groups=(GROUP_NAVMEET_CASEWORKER, GROUP_OFFICE_0299, GROUP_STRICTLY_CONFIDENTIAL, GROUP_OWN_EMPLOYEES),
        office="0299",
        number="25849010150",
    ),
)

# Advisers at the contact centre (55 55 33 33) belong to no citizen's office, and talk to people of all of them.
ADVISERS = (
    Caseworker(
        nav_ident="Z990004",
        name="Liv Telefonsen-Test",
        oid="3f7d8a51-6f0e-4c55-8e0e-2d1a7c9b4100",
        groups=(GROUP_NAVMEET_ADVISER, GROUP_OFFICE_4100, GROUP_WHOLE_COUNTRY),
        office="4100",
        number="22836017742",
    ),
)

CITIZENS = (
    Citizen(
        number="12838410047",
        given_name="Kari",
        family_name="Testdal",
        phone="+4700000001",
        email="kari.testdal@innbygger.example",
    ),
    Citizen(
        number="27915710110",
        given_name="Ola",
        family_name="Prøvestad",
        reserved=True,
        phone="+4700000002",
        email="ola.provestad@innbygger.example",
    ),
    Citizen(
        number="05869110029",
        given_name="Sigrid",
        family_name="Eksempelvik",
        language="nn",
        phone="+4700000003",
        email="sigrid.eksempelvik@innbygger.example",
    ),
    Citizen(
        number="19817910087",
        given_name="John",
        family_name="Sampleton",
        language="en",
        phone="+4700000004",
        email="john.sampleton@innbygger.example",
        facts=Facts(historic_numbers=("59817910070",)),
    ),
    Citizen(
        number="30896810088",
        given_name="Turid",
        family_name="Attrapp",
        protection="STRENGT_FORTROLIG",
        phone="+4700000005",
        email="turid.attrapp@innbygger.example",
    ),
    Citizen(
        number="08847310031",
        given_name="Per",
        family_name="Fiktivsen",
        phone="+4700000006",
        email="per.fiktivsen@innbygger.example",
        facts=Facts(middle_name="Mønster"),
    ),
    Citizen(
        number="23929510054",
        given_name="Anne",
        family_name="Mønsterby",
        phone="+4700000007",
        email="anne.monsterby@innbygger.example",
    ),
    Citizen(
        number="14870150068",
        given_name="Bjørn",
        family_name="Konstruert",
        phone="+4700000008",
        email="bjorn.konstruert@innbygger.example",
    ),
)

# Known to the registers' stand-in only, so that tests can ask for what no ordinary day brings.
DECEASED = Citizen(
    number="02824810047", given_name="Gunvor", family_name="Oppdiktet", facts=Facts(deceased_on="2024-11-03")
)
WITH_SAFETY_MEASURE = Citizen(
    number="17908010027",
    given_name="Leif",
    family_name="Prototyp",
    phone="+4700000009",
    facts=Facts(safety_measures=("FYUS", "TOAN")),
)
ONLY_IN_REGISTERS = (
    DECEASED,
    WITH_SAFETY_MEASURE,
    *(
        Citizen(
            number=employee.number,
            given_name=employee.name.split()[0],
            family_name=employee.name.split()[1],
            facts=Facts(shielded=True),
        )
        for employee in (*CASEWORKERS, *ADVISERS)
    ),
)


def as_json() -> dict[str, Any]:
    """Everything above as plain lists and dictionaries, under the names of the dataclasses' fields."""
    return {
        "groups": {
            "navmeet_caseworker": GROUP_NAVMEET_CASEWORKER,
            "navmeet_adviser": GROUP_NAVMEET_ADVISER,
            "strictly_confidential": GROUP_STRICTLY_CONFIDENTIAL,
            "confidential": GROUP_CONFIDENTIAL,
            "own_employees": GROUP_OWN_EMPLOYEES,
            "whole_country": GROUP_WHOLE_COUNTRY,
        },
        "offices": [asdict(office) for office in OFFICES],
        "caseworkers": [asdict(caseworker) for caseworker in CASEWORKERS],
        "advisers": [asdict(adviser) for adviser in ADVISERS],
        "citizens": [{**asdict(citizen), "name": citizen.name} for citizen in CITIZENS],
    }


if __name__ == "__main__":
    json.dump(as_json(), sys.stdout, indent=2)  # ASCII: read by programs, whatever the locale
    sys.stdout.write("\n")
