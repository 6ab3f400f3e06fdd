"""Senders are killed in the middle of sending; the ledger is compared with what a receiver on a real broker got.

`FAULT_MESSAGES` and `FAULT_KILLS` make it longer; each run prints its n.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.db.models.functions import Now

from invitations.messages import claim
from invitations.models import Channel, Message, MessageState, Occasion, Retraction
from navmeet.dev.personas import CITIZENS
from navmeet.dev.registers import RunningRegisters
from navmeet.dev.servers import kafka
from tests import make
from tests.faults import ledger
from tests.stand_ins import registers, registers_server

__all__ = ["registers", "registers_server"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("faults")]

HERE = Path(__file__).resolve().parent
MESSAGES = int(os.environ.get("FAULT_MESSAGES", "300"))
KILLS = int(os.environ.get("FAULT_KILLS", "3"))
PATIENCE = 60 + MESSAGES / 20


@dataclass
class Stage:
    """A broker, a receiver, and senders to be killed."""

    environment: dict[str, str]
    received: Path
    children: list["subprocess.Popen[str]"]

    def sender(self, **changes: str) -> "subprocess.Popen[str]":
        """A sender that has begun: it has said that it is ready."""
        child = subprocess.Popen(
            [sys.executable, str(HERE / "sender.py")],
            env=self.environment | changes,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.children.append(child)
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        return child

    def wait(self, done: Callable[[], bool]) -> bool:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if done():
                return True
            time.sleep(0.1)
        return False


@pytest.fixture
def stage(tmp_path: Path, registers: RunningRegisters) -> Iterator[Stage]:
    broker = kafka.start(tmp_path / "kafka")
    clock = tmp_path / "clock"
    clock.write_text(make.later(hours=1).isoformat(), encoding="ascii")
    environment = (
        os.environ
        | registers.settings()
        | {
            "NAVMEET_MODE": "test",
            "NAVMEET_CLOCK": str(clock),
            "DATABASE_URL": database_url(),
            "KAFKA_BROKERS": broker.address,
            "PYTHONPATH": str(HERE.parents[1]),
            "DJANGO_SETTINGS_MODULE": "navmeet.settings",
        }
    )
    environment.pop("CRASH_AT", None)
    ready = Stage(environment, tmp_path / "received", [])
    ready.children.append(
        subprocess.Popen(
            [
                sys.executable,
                str(HERE / "recorder.py"),
                broker.address,
                settings.TOPIC_NOTIFICATIONS,
                str(ready.received),
            ],
            env=environment,
            text=True,
        )
    )
    yield ready
    for child in ready.children:
        child.kill()
        child.wait()
        if child.stdout is not None:
            child.stdout.close()
    broker.stop()


def database_url() -> str:
    """Of the tests' database, for a process of its own."""
    values = connection.settings_dict
    return f"postgresql://{values['USER']}@/{values['NAME']}?host={values['HOST']}"


def _plan(count: int) -> None:
    """So many invitations, due, to those of the made-up people who can be told."""
    people = [one for one in CITIZENS if not one.reserved and one.protection == "UGRADERT"]
    meetings = [make.meeting(person=make.citizen(one.name, number=one.number)) for one in people]
    Message.objects.all().delete()
    citizens = [meeting.citizen() for meeting in meetings]
    Message.objects.bulk_create(
        Message(
            meeting=meetings[number % len(meetings)],
            participant=citizens[number % len(meetings)],
            occasion=Occasion.INVITED,
            about_id=uuid4(),
            about_number=1,
            channel=Channel.DITT_NAV,
            language="nb",
            due_at=make.NOW + timedelta(seconds=number),
            not_after=meetings[0].ends_at,
            active_until=meetings[0].ends_at,
            planned_at=make.NOW,
        )
        for number in range(count)
    )
    taken_back = list(Message.objects.order_by("due_at")[: count // 5])
    Retraction.objects.bulk_create(Retraction(message=message, due_at=make.NOW) for message in taken_back)


def _let_leases_run_out() -> None:
    """As if 90 seconds had passed since a sender died; no other is alive when this is called."""
    for model in (Message, Retraction):
        model.objects.filter(state="CLAIMED").update(claimed_until=Now() - timedelta(seconds=1))


def _all_sent() -> bool:
    left = Message.objects.exclude(state=MessageState.SENT)
    return not left.exists() and not Retraction.objects.exclude(state=Retraction.State.SENT).exists()


def test_killed_senders_lose_nothing_and_double_nothing(stage: Stage) -> None:
    _plan(MESSAGES)
    for point in ("after_claim", "after_accepted", "before_settled"):
        died = stage.sender(CRASH_AT=point)
        assert died.wait(PATIENCE) == -signal.SIGKILL
        _let_leases_run_out()
    at_points = Message.objects.filter(state=MessageState.SENT).count()
    assert 0 < at_points < MESSAGES
    luck = random.Random(MESSAGES)
    for _ in range(KILLS):
        pair = [stage.sender(), stage.sender()]
        time.sleep(luck.uniform(0, 0.15))
        for child in pair:
            os.kill(child.pid, signal.SIGKILL)
            child.wait()
        _let_leases_run_out()
    stage.sender()
    assert stage.wait(_all_sent), f"not settled: {ledger.compare(stage.received)}"
    assert stage.wait(lambda: not ledger.compare(stage.received).lost), str(ledger.compare(stage.received))

    found = ledger.compare(stage.received)
    kills = 3 + 2 * KILLS
    sys.stdout.write(f"\nn = {MESSAGES} messages, {kills} kills: {found}\n")
    assert (found.planned, found.lost, found.unplanned, found.unsettled) == (MESSAGES, [], [], [])
    assert found.wrong_order == []
    # What went out twice went out with the same key, at most one batch a kill, and the receiver drops it.
    assert len(found.doubled) <= kills * claim.BATCH
    assert len(found.doubled) >= min(claim.BATCH, MESSAGES // 2)


def test_without_taking_back_expired_leases_the_ledger_shows_what_is_lost(stage: Stage) -> None:
    _plan(150)
    died = stage.sender(CRASH_AT="after_claim", WITHOUT="take_back")
    assert died.wait(PATIENCE) == -signal.SIGKILL
    _let_leases_run_out()
    stage.sender(WITHOUT="take_back")
    rest = 150 - claim.BATCH
    assert stage.wait(lambda: len(ledger.received(stage.received)) >= rest)
    assert len(ledger.compare(stage.received).lost) == claim.BATCH
