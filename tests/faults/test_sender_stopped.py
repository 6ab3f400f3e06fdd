"""A sender stops (as by SIGSTOP) past its lease and goes on: what another has sent meanwhile is not sent anew."""

import pytest

from invitations.messages import claim
from tests.faults.figures import tell, wait
from tests.faults.planning import plan
from tests.faults.stage import Sender, Stage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("faults")]

MESSAGES = claim.BATCH + 20


def _stopped_past_its_lease(stage: Stage, **how: str) -> Sender:
    """It holds a batch; its lease is over; another has sent everything."""
    plan(MESSAGES)
    sleeper = stage.sender(LEASE_SECONDS="2", **how)
    assert wait(sleeper.is_stopped, 20)
    other = stage.sender()
    assert wait(lambda: len(stage.book.sent()) == MESSAGES, 30), str(stage.book.compare())
    assert wait(lambda: len(stage.book.received()) == MESSAGES, 15)
    other.kill()
    return sleeper


def _goes_on(stage: Stage, sleeper: Sender) -> None:
    """To the end of its batch: a message that is planned after it is sent by it."""
    sleeper.go_on()
    plan(1)
    assert wait(lambda: len(stage.book.sent()) == MESSAGES + 1, 40), str(stage.book.compare())
    assert wait(lambda: not stage.book.compare().lost, 15)


def test_stopped_before_it_looked_again_it_sends_nothing(stage: Stage) -> None:
    _goes_on(stage, _stopped_past_its_lease(stage, STOP_AT="before_last_look"))
    found = stage.book.compare()
    tell(f"Stopped past its lease, before the last look: n = {MESSAGES} messages, 1 stop: {found}")
    assert found.is_whole
    assert found.doubled == []


def test_stopped_after_it_looked_again_it_sends_the_same_keys_only(stage: Stage) -> None:
    _goes_on(stage, _stopped_past_its_lease(stage, STOP_AT="after_last_look"))
    found = stage.book.compare()
    tell(f"Stopped past its lease, after the last look: n = {MESSAGES} messages, 1 stop: {found}")
    assert found.is_whole
    assert len(found.doubled) == claim.BATCH


def test_without_the_last_look_it_would_send_what_another_has_sent(stage: Stage) -> None:
    _goes_on(stage, _stopped_past_its_lease(stage, STOP_AT="before_last_look", WITHOUT="last_look"))
    found = stage.book.compare()
    tell(f"Control, without the last look: {found}")
    assert len(found.doubled) == claim.BATCH
