"""@change: the one place that opens a transaction for a verb.

A verb loads, checks, changes, records and publishes; its reactions answer inside the same transaction; the API's
answer is rendered and stored in it too. Rehearsing runs the very same code and keeps nothing.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import DatabaseError, IntegrityError, OperationalError, transaction

from navmeet.exceptions import Conflict, DomainError, Unavailable
from navmeet.outbox.publish import Consequences, gathering

P = ParamSpec("P")
R = TypeVar("R")

BeforeCommit = Callable[[Any, Consequences], None]

_before_commit: ContextVar[BeforeCommit | None] = ContextVar("navmeet_before_commit", default=None)
# Whether this is a rehearsal, and what it was refused for until now.
_refused: ContextVar[list[DomainError] | None] = ContextVar("navmeet_refused", default=None)

TRY_AGAIN_STATES = frozenset({"40001", "40P01"})
TOO_BUSY_STATES = frozenset({"55P03", "57014"})
TAKEN_STATES = frozenset({"23P01", "23505"})
TAKEN = "taken"
TRIES = 3


class _Rehearsed(Exception):
    def __init__(self, consequences: Consequences) -> None:
        self.consequences = consequences


def sqlstate(error: BaseException) -> str:
    """PostgreSQL's code of what went wrong, or ""."""
    return getattr(error.__cause__, "sqlstate", None) or ""


@contextmanager
def before_commit(hook: BeforeCommit) -> Iterator[None]:
    """Run `hook(result, consequences)` inside the transaction of the change made within, after it succeeded."""
    token = _before_commit.set(hook)
    try:
        yield
    finally:
        _before_commit.reset(token)


def change(verb: Callable[P, R]) -> Callable[P, R]:
    """Make a function a verb: one durable transaction with its reactions, retried twice when PostgreSQL asks for it.

    A clash that only the database saw becomes a Conflict; a lock or statement that took too long, Unavailable.
    """

    @wraps(verb)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(1, TRIES + 1):
            (_refused.get() or []).clear()
            try:
                return _once(verb, *args, **kwargs)
            except (IntegrityError, OperationalError) as error:
                state = sqlstate(error)
                if state in TRY_AGAIN_STATES and attempt < TRIES:
                    time.sleep(0.02 * attempt)
                    continue
                raise _told(error, state) from error
        raise AssertionError("unreachable")

    run.is_change = True  # type: ignore[attr-defined]
    return run


def _once(verb: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    with transaction.atomic(durable=True), gathering() as consequences:
        result = verb(*args, **kwargs)
        if _refused.get() is not None:
            raise _Rehearsed(consequences)
        hook = _before_commit.get()
        if hook is not None:
            hook(result, consequences)
        return result


def _told(error: DatabaseError, state: str) -> Exception:
    if state in TAKEN_STATES:
        return Conflict("Noen andre rakk det før deg. Last siden på nytt og prøv igjen.", code=TAKEN)
    if state in TRY_AGAIN_STATES | TOO_BUSY_STATES:
        return Unavailable("Det er stor pågang akkurat nå. Vent litt og prøv igjen.", code="busy")
    return error


def rehearse(verb: Callable[..., Any], **arguments: Any) -> Consequences:
    """Run the verb, keep nothing, and return what would follow.

    Raises what the verb would raise; what else it would be refused for stands in `also`, as far as one can see.
    """
    refused: list[DomainError] = []
    token = _refused.set(refused)
    try:
        verb(**arguments)
    except _Rehearsed as rehearsed:
        if refused:
            raise _all_of(refused) from None
        return rehearsed.consequences
    except DomainError as error:
        # The database refuses a clash too, which was seen before.
        is_seen = error.code == TAKEN and refused
        raise _all_of(refused if is_seen else [*refused, error]) from None
    finally:
        _refused.reset(token)
    raise TypeError(f"{verb!r} is not a @change")


def refuse(error: DomainError) -> None:
    """Raise it. A rehearsal goes on, so that all that stands in the way is named at once, and raises it at its end.

    Only where what comes after can be looked at as if this were settled.
    """
    refused = _refused.get()
    if refused is None:
        raise error
    refused.append(error)


def _all_of(refused: list[DomainError]) -> DomainError:
    first, *others = refused
    first.also = tuple(others)
    return first
