"""A sender that has sent very much holds no more memory than one that has sent a little: it may run for weeks."""

import psutil  # type: ignore[import-untyped]
import pytest
from django.db import connection

from invitations.models import Message, MessageState
from tests.faults.figures import REMEMBERED, tell, wait
from tests.faults.planning import plan
from tests.faults.stage import Sender, Stage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("memory")]

ROUNDS, WARM = 10, 2
MEGABYTE = 1024 * 1024
# What pools, prepared statements and a fragmented heap may still take once everything has been done a few times.
MOST_GROWTH = 10 * MEGABYTE
UNSETTLED = [MessageState.PLANNED, MessageState.CLAIMED]


def _is_sent() -> bool:
    return not Message.objects.filter(state__in=UNSETTLED).exists()


def _held_after_rounds(sender: Sender, count: int) -> list[int]:
    """What the process holds after each round, in bytes."""
    held = []
    for _ in range(ROUNDS):
        plan(count // ROUNDS)
        assert wait(_is_sent, 60 + count / ROUNDS / 20, 0.2)
        held.append(psutil.Process(sender.pid).memory_info().rss)
        # What was sent is not looked at again here, and the tests' own tables need not grow.
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM invitations_message WHERE state = 'SENT'")
    return held


def _growth(held: list[int]) -> int:
    """From what it held when warm to what it held at most in the last rounds."""
    return max(held[-WARM:]) - held[WARM - 1]


def _told(held: list[int]) -> str:
    return " ".join(f"{one / MEGABYTE:.0f}" for one in held)


def test_what_a_sender_holds_does_not_grow_with_what_it_has_sent(stage: Stage) -> None:
    sender = stage.sender(LIFE_SECONDS=str(900 + REMEMBERED // 50))
    held = _held_after_rounds(sender, REMEMBERED)
    growth = _growth(held)
    tell(
        f"Memory of a sender: n = {REMEMBERED} messages in one process: {growth / MEGABYTE:+.1f} MB "
        f"after the first {REMEMBERED // ROUNDS * WARM} (MB after each tenth: {_told(held)})"
    )
    assert growth < MOST_GROWTH


def test_a_sender_that_keeps_what_it_sent_is_seen_to_grow(stage: Stage) -> None:
    held = _held_after_rounds(stage.sender(WITHOUT="forgetting"), 3_000)
    growth = _growth(held)
    tell(f"Control, a sender that keeps what it sent: {growth / MEGABYTE:+.1f} MB over 3000 (MB: {_told(held)})")
    assert growth > MOST_GROWTH
