"""What the stand-in knows: the personas, what was overridden about them, and which registers misbehave how."""

import secrets
import threading
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from navmeet.dev.personas import CITIZENS, ONLY_IN_REGISTERS, Citizen

REGISTERS = ("krr", "pdl", "norg2", "access", "token")
TOKEN_SECONDS = 3599


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A persona as the registers tell of it now, overrides counted in."""

    citizen: Citizen
    active: bool = True
    can_be_told: bool | None = None

    @property
    def kan_varsles(self) -> bool:
        """KRR's rule: not reserved, and something verified to send to."""
        if self.can_be_told is not None:
            return self.can_be_told
        return not self.citizen.reserved and bool(self.citizen.email or self.citizen.phone)


class BadControl(ValueError):
    """The control request makes no sense; the text says why."""


@dataclass
class State:
    """Shared by all threads of the server.

    `faults` maps a register to how it fails: `down` (503), `hang` (accepts and never answers), `slow` (seconds
    before the answer), `odd` (200 with JSON of another shape), `garbage` (not JSON).
    """

    lock: threading.Lock = field(default_factory=threading.Lock)
    overrides: dict[str, dict[str, Any]] = field(default_factory=dict)
    down: set[str] = field(default_factory=set)
    hang: set[str] = field(default_factory=set)
    odd: set[str] = field(default_factory=set)
    garbage: set[str] = field(default_factory=set)
    slow: dict[str, float] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def reset(self) -> None:
        """Back to the personas as written, everybody answering, every token revoked."""
        with self.lock:
            for kept in (self.overrides, self.down, self.hang, self.odd, self.garbage, self.slow, self.tokens):
                kept.clear()
            self.asked.clear()
            self.bodies.clear()

    def new_token(self, target: str) -> str:
        """An opaque token for one target."""
        token = secrets.token_urlsafe(24)
        with self.lock:
            self.tokens[token] = target
        return token

    def is_valid(self, authorization: str) -> bool:
        """Whether the Authorization header carries a token that was given out and not revoked."""
        with self.lock:
            return authorization.startswith("Bearer ") and authorization.removeprefix("Bearer ") in self.tokens

    def revoke_tokens(self) -> None:
        """Every token given out so far is answered with 401 from now on."""
        with self.lock:
            self.tokens.clear()

    def find(self, number: str) -> Known | None:
        """The person with this number, current or historic."""
        for citizen in (*CITIZENS, *ONLY_IN_REGISTERS):
            if number == citizen.number or number in citizen.facts.historic_numbers:
                with self.lock:
                    return _overridden(citizen, dict(self.overrides.get(citizen.number, {})))
        return None

    def everybody(self) -> list[Known]:
        """All persons, in the order of the personas."""
        found = (self.find(citizen.number) for citizen in (*CITIZENS, *ONLY_IN_REGISTERS))
        return [known for known in found if known is not None]

    def control(self, wanted: Any) -> None:
        """Replace overrides and faults by what a control request says. Raises BadControl, then nothing changed."""
        if not isinstance(wanted, dict):
            raise BadControl("the body must be an object")
        allowed = {"persons", "down", "hang", "odd", "garbage", "slow", "revoke_tokens"}
        if unknown := set(wanted) - allowed:
            raise BadControl(f"unknown: {', '.join(sorted(unknown))}; allowed: {', '.join(sorted(allowed))}")
        persons = wanted.get("persons", {})
        for number, override in persons.items():
            known = self.find(number)
            if known is None:
                raise BadControl("no such person")
            _overridden(known.citizen, override)
        faults = {name: set(wanted.get(name, [])) for name in ("down", "hang", "odd", "garbage")}
        slow = {name: float(seconds) for name, seconds in wanted.get("slow", {}).items()}
        if unknown := {*slow, *set().union(*faults.values())} - set(REGISTERS):
            raise BadControl(f"no such register: {', '.join(sorted(unknown))}")
        with self.lock:
            self.overrides, self.slow = persons, slow
            self.down, self.hang, self.odd, self.garbage = (faults[n] for n in ("down", "hang", "odd", "garbage"))
            if wanted.get("revoke_tokens"):
                self.tokens.clear()

    def described(self) -> dict[str, Any]:
        """The same shape that `control` takes."""
        with self.lock:
            return {
                "persons": dict(self.overrides),
                "down": sorted(self.down),
                "hang": sorted(self.hang),
                "odd": sorted(self.odd),
                "garbage": sorted(self.garbage),
                "slow": dict(self.slow),
            }


_OF_CITIZEN = {"protection", "reserved", "language", "phone", "email", "office"}
_OF_FACTS = {"shielded", "historic_numbers", "safety_measures", "middle_name"}


def _overridden(citizen: Citizen, override: dict[str, Any]) -> Known:
    changed: dict[str, Any] = {}
    facts: dict[str, Any] = {}
    known: dict[str, Any] = {}
    for name, value in override.items():
        if name in _OF_CITIZEN:
            changed[name] = value
        elif name in _OF_FACTS:
            facts[name] = tuple(value) if isinstance(value, list) else value
        elif name == "deceased":
            facts["deceased_on"] = datetime.now(UTC).date().isoformat() if value is True else value or None
        elif name in ("active", "can_be_told"):
            known[name] = value
        else:
            raise BadControl(f"nothing called {name} can be overridden")
    return Known(citizen=replace(citizen, **changed, facts=replace(citizen.facts, **facts)), **known)
