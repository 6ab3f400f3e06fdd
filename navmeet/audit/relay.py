"""Hand showings to the audit archive, at least once each. Until it has a line the row stays, and is tried again."""

import os
import socket
import struct
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction

from navmeet.audit import cef
from navmeet.audit.models import Showing
from navmeet.people.models import Identity

BATCH = 200
CONNECT_SECONDS = 2.0
TALK_SECONDS = 5.0

_log = structlog.get_logger(__name__)


def relay(at: datetime) -> int:
    """Send what is not yet sent, the oldest first, and return how many lines the archive took.

    Each batch is locked while it is sent, and passed over by other relays. The lock costs one transaction open for a
    few seconds at most; without it two workers would send every line twice.
    """
    number = 0
    while sent := _batch(at):
        number += sent
        if sent < BATCH:
            break
    return number


def _batch(at: datetime) -> int:
    with transaction.atomic():
        rows = Showing.objects.select_for_update(skip_locked=True).filter(relayed_at=None).order_by("at")[:BATCH]
        showings = list(rows)
        numbers = _numbers([showing.person_id for showing in showings])
        ready = [showing for showing in showings if showing.person_id in numbers]
        if len(ready) < len(showings):
            _log.error("showing_of_nobody", waiting=len(showings) - len(ready))
        if not ready:
            return 0
        try:
            _send([_frame(showing, numbers[showing.person_id]) for showing in ready])
        except OSError as error:
            _log.warning("audit_archive_unavailable", kind=type(error).__name__, waiting=len(ready))
            return 0
        Showing.objects.filter(pk__in=[showing.pk for showing in ready]).update(relayed_at=at)
        return len(ready)


def _frame(showing: Showing, number: str) -> bytes:
    text = cef.line(
        nav_ident=showing.nav_ident,
        number=number,
        at=showing.at,
        what=showing.what,
        # Where the request had no id, the row's own: a line that arrives twice is known by it.
        call_id=showing.call_id or str(showing.pk),
        is_unusual=showing.is_unusual,
    )
    host = os.environ.get("NAIS_POD_NAME") or socket.gethostname()
    return cef.frame(text, at=showing.at, host=host, is_unusual=showing.is_unusual)


def _numbers(people: Sequence[UUID]) -> dict[UUID, str]:
    current = Identity.objects.filter(person_id__in=people, is_current=True)
    return {identity.person_id: identity.number for identity in current}


def _send(frames: Sequence[bytes]) -> None:
    """Over one connection, and wait until the archive has read to the end. Raises OSError.

    Syslog answers nothing: that the other side closes after us is the only sign that it read all of it.
    """
    host, _, port = settings.AUDIT_SYSLOG.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=CONNECT_SECONDS) as connection:
        connection.settimeout(TALK_SECONDS)
        # What could not be handed over must fail here, not be dropped after we closed.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, int(TALK_SECONDS)))
        connection.sendall(b"".join(frames))
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(4096):
            pass
