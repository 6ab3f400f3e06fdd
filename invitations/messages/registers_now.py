"""What the registers say of many people, just before they are told something. No transaction is open here."""

import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import structlog

from navmeet.exceptions import DomainError, Unavailable
from navmeet.people import learning
from navmeet.people.looking import numbers_of
from navmeet.people.models import Person
from navmeet.registers import krr, pdl

_log = structlog.get_logger(__name__)

THREADS = 8
ALL_WITHIN = 10.0
# A register that failed so many of a batch is down: the rest is not even asked.
ENOUGH_FAILURES = 5


@dataclass(frozen=True)
class Known:
    """What the registers say of one person now. `ident` is the number that holds."""

    ident: str = field(repr=False)
    can_be_told: bool
    is_deceased: bool
    is_strictly_protected: bool
    is_reserved: bool = False


@dataclass(frozen=True)
class NobodyThere:
    """The population register knows nobody by the number."""


def ask(people: Mapping[UUID, Person], at: datetime) -> dict[UUID, Known | NobodyThere]:
    """By person. Who is missing could not be asked: never taken for a yes. A new protection and a death are kept at
    once.
    """
    shown: dict[UUID, pdl.PersonFacts] = {}
    found = _ask_all(numbers_of(people.values()), shown, at)
    # Also of whom the other register did not answer.
    for person_id, facts in shown.items():
        learning.keep(people[person_id], facts, at)
    return {person_id: _known(facts) for person_id, facts in found.items()}


_Answer = tuple[krr.Contact, pdl.PersonFacts] | NobodyThere


def _ask_all(numbers: Mapping[UUID, str], shown: dict[UUID, pdl.PersonFacts], at: datetime) -> dict[UUID, _Answer]:
    found: dict[UUID, _Answer] = {}
    failures = threading.Semaphore(ENOUGH_FAILURES)
    deadline = time.monotonic() + ALL_WITHIN
    given_up = threading.Event()

    def one(person_id: UUID, number: str) -> None:
        if given_up.is_set() or time.monotonic() > deadline:
            return
        try:
            shown[person_id] = facts = pdl.person(number, at=at)
            found[person_id] = (krr.contact(facts.current_number, at=at), facts)
        except Unavailable:
            if not failures.acquire(blocking=False):
                given_up.set()
        except DomainError:
            found[person_id] = NobodyThere()

    with ThreadPoolExecutor(THREADS, thread_name_prefix="registers") as pool:
        for person_id, number in numbers.items():
            pool.submit(one, person_id, number)
    return found


def _known(facts: _Answer) -> Known | NobodyThere:
    if isinstance(facts, NobodyThere):
        return facts
    contact, person = facts
    return Known(
        ident=person.current_number,
        can_be_told=contact.can_be_told,
        is_deceased=person.deceased,
        is_strictly_protected=person.protection.is_strict,
        is_reserved=contact.reserved,
    )
