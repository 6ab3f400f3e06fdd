"""What the registers say of many people, just before they are told something. No transaction is open here."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TypeVar
from uuid import UUID

from navmeet.exceptions import Unavailable
from navmeet.people import learning, looking
from navmeet.people.models import Person
from navmeet.registers import krr, pdl

# No call is begun after that; one takes at most three seconds.
ALL_WITHIN = 10.0
# Enough to find the one row of a hundred that a register cannot answer for; one that is down is asked no more.
MOST_FAILURES = 8
AT_ONCE = min(pdl.MOST_AT_ONCE, krr.MOST_AT_ONCE)

_Answer = TypeVar("_Answer")


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


@dataclass
class _Patience:
    """What is left with one register for one batch, of time and of calls that came to nothing."""

    until: float
    failures: int = MOST_FAILURES

    @property
    def is_over(self) -> bool:
        return self.failures <= 0 or time.monotonic() > self.until


def ask(people: Mapping[UUID, Person], at: datetime) -> dict[UUID, Known | NobodyThere]:
    """By person. Who is missing could not be asked: never taken for a yes. A new protection and a death are kept at
    once.
    """
    numbers = looking.numbers_of(people.values())
    until = time.monotonic() + ALL_WITHIN
    shown: dict[str, pdl.ToBeTold | None] = {}
    patience = _Patience(until)
    for some in _parts(list(numbers.values())):
        shown |= _halving(pdl.many_to_tell, some, patience)
    # Also of whom the other register does not answer.
    for person_id, number in numbers.items():
        facts = shown.get(number)
        if facts is not None:
            learning.keep(people[person_id], facts, at)
    contacts: dict[str, krr.Contact] = {}
    patience = _Patience(until)
    for some in _parts([facts.number for facts in shown.values() if facts is not None]):
        contacts |= _halving(partial(krr.contacts, at=at), some, patience)
    found = {person_id: _known(shown[number], contacts) for person_id, number in numbers.items() if number in shown}
    return {person_id: known for person_id, known in found.items() if known is not None}


def _parts(numbers: Sequence[str]) -> Iterator[Sequence[str]]:
    return (numbers[first : first + AT_ONCE] for first in range(0, len(numbers), AT_ONCE))


def _halving(
    call: Callable[[Sequence[str]], dict[str, _Answer]], numbers: Sequence[str], patience: _Patience
) -> dict[str, _Answer]:
    """Ask about all; where there is no answer, about each half: one row must not hold up all others."""
    if not numbers or patience.is_over:
        return {}
    try:
        return call(numbers)
    except Unavailable:
        patience.failures -= 1
    if len(numbers) == 1:
        return {}
    middle = len(numbers) // 2
    return _halving(call, numbers[:middle], patience) | _halving(call, numbers[middle:], patience)


def _known(facts: pdl.ToBeTold | None, contacts: Mapping[str, krr.Contact]) -> Known | NobodyThere | None:
    if facts is None:
        return NobodyThere()
    contact = contacts.get(facts.number)
    if contact is None:
        return None
    return Known(
        ident=facts.number,
        can_be_told=contact.can_be_told,
        is_deceased=facts.deceased,
        is_strictly_protected=facts.protection.is_strict,
        is_reserved=contact.reserved,
    )
