"""The broker hangs (SIGSTOP), comes back, and is replaced by a new and empty one: messages wait, none is lost."""

import time
from datetime import timedelta
from functools import partial

import pytest

from invitations.messages import claim
from tests.faults.figures import BROKER_PAUSES, MESSAGES, tell, wait
from tests.faults.planning import plan
from tests.faults.stage import Stage, let_leases_run_out

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("faults")]

# Shorter than in service (20 s), so that a sender gives up while the test looks.
HURRIED = {"BROKER_SECONDS": "1"}
TRIED = "SELECT key::text FROM invitations_message WHERE state = 'PLANNED' AND not_before IS NOT NULL"


def _give_time(stage: Stage) -> None:
    stage.pass_time(timedelta(minutes=6))


def _is_settled(stage: Stage) -> bool:
    stage.pass_time()
    return not stage.book.is_unsettled()


def _has_more(stage: Stage, before: set[str]) -> bool:
    return stage.book.sent() > before


def _stands_still(stage: Stage) -> bool:
    before = stage.book.sent()
    time.sleep(1)
    return stage.book.sent() == before and stage.book.is_unsettled()


def test_a_broker_that_hangs_and_is_replaced_costs_time_and_no_message(stage: Stage) -> None:
    plan(MESSAGES, taken_back=MESSAGES // 5)
    sender = stage.sender(**HURRIED)
    pauses = 0
    for _ in range(BROKER_PAUSES):
        stage.brokers[0].pause()
        pauses += 1
        assert wait(lambda: bool(stage.book.keys(TRIED)), 30), "a sender gives up, and plans it again"
        # What was confirmed before is still being written down.
        assert wait(partial(_stands_still, stage), 30), "nothing is marked sent while nobody confirms"
        before = stage.book.sent()
        stage.brokers[0].resume()
        _give_time(stage)
        wait(partial(_has_more, stage, before), 5)
    # What it has confirmed it hands on before it goes: to lose that is the broker's own affair (acks=all, replicas).
    sender.kill()
    confirmed = stage.book.sent()
    assert wait(lambda: confirmed <= {event["key"] for event in stage.book.received()}, 20)
    stage.brokers[0].stop()
    let_leases_run_out()
    stage.new_broker()
    _give_time(stage)
    stage.sender()
    assert wait(lambda: _is_settled(stage), 60 + MESSAGES / 20), str(stage.book.compare())
    assert wait(lambda: not stage.book.compare().lost, 15)
    found = stage.book.compare()
    tell(f"Broker: n = {MESSAGES} messages, hung {pauses} times, replaced once after {len(confirmed)}: {found}")
    assert found.is_whole


def test_counted_as_sent_without_the_brokers_word_they_would_be_lost(stage: Stage) -> None:
    stage.brokers[0].pause()
    plan(50)
    sender = stage.sender(WITHOUT="reports", **HURRIED)
    assert wait(lambda: len(stage.book.sent()) == 50, 30)
    sender.kill()
    stage.brokers[0].stop()
    stage.new_broker()
    stage.sender()
    time.sleep(1)
    found = stage.book.compare()
    tell(f"Control, sent without the broker's word: {found}")
    assert len(found.lost) == 50
    assert claim.BATCH >= 50
