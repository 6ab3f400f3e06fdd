"""`Idempotency-Key`: the same request sent twice has one effect and one answer.

Two nets. A lock of the session tells a twin that comes meanwhile (409); the unique row, written in the transaction of
the effect, is what guarantees: whoever commits second is rolled back whole and given the first one's answer.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b, sha256
from typing import Any, TypeVar
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, connection
from rest_framework.request import Request
from rest_framework.response import Response

from navmeet import clock
from navmeet.accounts.actor import Actor
from navmeet.api.etags import etag
from navmeet.api.models import KeptAnswer
from navmeet.api.problems import KeyReused, TwinInFlight
from navmeet.change import before_commit
from navmeet.exceptions import Conflict, Invalid
from navmeet.outbox.publish import Consequences

R = TypeVar("R")

HEADER = "Idempotency-Key"
KEPT_FOR = timedelta(days=1)
_KEY = re.compile(r"[\x21-\x7e]{1,64}")


@dataclass(frozen=True)
class Answer:
    """What the caller gets: rendered inside the transaction, so that it is true at the moment of the change."""

    body: Any
    status: int = 201
    version: int | None = None

    def response(self) -> Response:
        """As DRF sends it."""
        response = Response(self.body, status=self.status)
        if self.version is not None:
            response["ETag"] = etag(self.version)
        return response


@dataclass(frozen=True)
class _Asked:
    """What a key is bound to."""

    principal: UUID
    method: str
    path: str
    key: str
    body_hash: bytes

    def kept(self) -> KeptAnswer | None:
        return KeptAnswer.objects.filter(
            principal=self.principal, method=self.method, path=self.path, key=self.key
        ).first()

    @property
    def lock(self) -> int:
        text = f"{self.principal}\x1f{self.method}\x1f{self.path}\x1f{self.key}"
        return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), signed=True)


def once(request: Request, *, by: Actor, do: Callable[[], R], answer: Callable[[R, Consequences], Answer]) -> Response:
    """Carry out `do` once for this key and return its answer; a repetition gets the stored one.

    `do` asks whom it must and calls one verb; `answer` renders the verb's result inside its transaction. Errors are
    not stored: nothing was done. Raises Invalid without a usable key, KeyReused for another body, TwinInFlight.
    """
    asked = _asked(request, by)
    with _alone(asked.lock):
        kept = asked.kept()
        if kept is not None:
            return _replayed(kept, asked)
        rendered: list[Answer] = []

        def keep(result: R, consequences: Consequences) -> None:
            # Replaced, not added to: @change may try again.
            rendered[:] = [answer(result, consequences)]
            _keep(rendered[0], asked)

        try:
            with before_commit(keep):
                do()
        except Conflict:
            # A twin may have been first although the lock was ours (a connection that was lost): its answer holds.
            kept = asked.kept()
            if kept is None:
                raise
            return _replayed(kept, asked)
    if not rendered:
        raise RuntimeError("once() is for a @change, and none was made")
    return rendered[0].response()


def purge(at: datetime) -> int:
    """Delete answers older than a day; returns how many."""
    deleted, _ = KeptAnswer.objects.filter(at__lte=at - KEPT_FOR).delete()
    return deleted


def _asked(request: Request, by: Actor) -> _Asked:
    key = request.headers.get(HEADER, "")
    if not _KEY.fullmatch(key):
        raise Invalid(
            f"Send {HEADER}: en nøkkel på 1 til 64 tegn som du lager selv, ny for hver ting du oppretter.",
            code="idempotency_key",
            field=HEADER,
        )
    if by.id is None:
        raise Invalid("Den som spør, er ikke kjent.", code="idempotency_key", field=HEADER)
    canonical = json.dumps(request.data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return _Asked(
        principal=by.id,
        method=request.method or "",
        path=request.path[:200],
        key=key,
        body_hash=sha256(canonical.encode("ascii")).digest(),
    )


@contextmanager
def _alone(lock: int) -> Iterator[None]:
    """Hold a lock of the session while the work is done. Raises TwinInFlight where another holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [lock])
        row = cursor.fetchone()
    if not row or not row[0]:
        raise TwinInFlight("Den samme forespørselen er allerede under arbeid. Prøv igjen om et øyeblikk.")
    try:
        yield
    finally:
        # The connection goes back to a pool: an unreleased lock would outlive the request.
        # A connection that is lost has released it already.
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [lock])


def _keep(given: Answer, asked: _Asked) -> None:
    KeptAnswer.objects.create(
        principal=asked.principal,
        method=asked.method,
        path=asked.path,
        key=asked.key,
        body_hash=asked.body_hash,
        status=given.status,
        body=json.dumps(given.body, cls=DjangoJSONEncoder, ensure_ascii=False),
        etag="" if given.version is None else etag(given.version),
        at=clock.now(),
    )


def _replayed(kept: KeptAnswer, asked: _Asked) -> Response:
    if bytes(kept.body_hash) != asked.body_hash:
        raise KeyReused(
            f"Denne {HEADER} er brukt før, med et annet innhold. Lag en ny nøkkel for en ny ting.", field=HEADER
        )
    response = Response(json.loads(kept.body), status=kept.status)
    if kept.etag:
        response["ETag"] = kept.etag
    response["Idempotent-Replayed"] = "true"
    return response
