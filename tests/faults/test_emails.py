"""E-mails to partners: the sender dies between Altinn's yes and its own note; Altinn drops the key it knows."""

import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from navmeet.dev.servers import probes
from navmeet.dev.servers.processes import Program, Stack
from navmeet.dev.servers.running import ROOT
from tests.faults.figures import EMAILS, tell, wait
from tests.faults.ledger import Book
from tests.faults.planning import plan_emails
from tests.faults.stage import Stage, database_url, let_leases_run_out

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("faults")]


@dataclass
class Altinn:
    """The stand-in as a process of its own, with its file of what was ordered."""

    given: dict[str, str]
    book: Book


@pytest.fixture
def altinn(tmp_path: Path) -> Iterator[Altinn]:
    port, folder = probes.free_ports(1)[0], tmp_path / "altinn"
    program = Program(
        name="altinn",
        command=(sys.executable, "-m", "navmeet.dev.altinn", "--port", str(port), "--state", str(folder)),
        environment={"PYTHONPATH": str(ROOT)},
        is_ready=probes.accepts_connections(port),
        ports=(port,),
    )
    stack = Stack.of_one(tmp_path / "altinn-process", program)
    url = f"http://127.0.0.1:{port}"
    given = {
        "ALTINN_URL": f"{url}/notifications/api/v1",
        "ALTINN_EXCHANGE_URL": f"{url}/authentication/api/v1/exchange/maskinporten",
    }
    yield Altinn(given, Book(database_url(), (folder / "events.jsonl",), channel="EMAIL"))
    stack.stop()


def test_killed_between_its_yes_and_our_note_a_partner_gets_one_e_mail(stage: Stage, altinn: Altinn) -> None:
    plan_emails(EMAILS)
    kills = 0
    for point in ("after_claim", "after_accepted", "before_settled"):
        died = stage.sender(CRASH_AT=point, **altinn.given)
        assert died.wait() == -signal.SIGKILL
        kills += 1
        let_leases_run_out()
    stage.sender(**altinn.given)
    assert wait(lambda: not altinn.book.is_unsettled(), 60), str(altinn.book.compare())
    found = altinn.book.compare()
    tell(f"E-mails through Altinn: n = {EMAILS} messages, {kills} kills: {found}")
    assert found.is_whole
    assert found.planned == EMAILS
    assert found.doubled


def test_with_a_new_idempotency_id_at_each_attempt_a_partner_would_get_two(stage: Stage, altinn: Altinn) -> None:
    plan_emails(10)
    died = stage.sender(CRASH_AT="after_accepted", WITHOUT="email_key", **altinn.given)
    assert died.wait() == -signal.SIGKILL
    let_leases_run_out()
    stage.sender(WITHOUT="email_key", **altinn.given)
    assert wait(lambda: not altinn.book.is_unsettled(), 60)
    found = altinn.book.compare()
    tell(f"Control, a new idempotencyId at each attempt: {found}")
    assert len(found.unplanned) == 20
