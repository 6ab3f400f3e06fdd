"""E-mails by SMTP, which knows no key: who dies after the server's yes doubles one at most, and it is listed."""

import json
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from invitations.messages import perhaps_twice
from invitations.messages.mail import message_id
from invitations.models import Message
from navmeet.dev.servers import probes
from navmeet.dev.servers.processes import Program, Stack
from navmeet.dev.servers.running import ROOT
from tests.faults.figures import tell, wait
from tests.faults.planning import plan_emails
from tests.faults.stage import Stage, let_leases_run_out

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("faults")]

EMAILS = 30


@dataclass
class MailServer:
    """The stand-in as a process of its own, with its file of what it took."""

    given: dict[str, str]
    file: Path

    def received(self) -> Counter[str]:
        lines = self.file.read_text(encoding="utf-8").splitlines() if self.file.exists() else []
        return Counter(json.loads(line)["message_id"] for line in lines)


@pytest.fixture
def mail_server(tmp_path: Path) -> Iterator[MailServer]:
    port, file = probes.free_ports(1)[0], tmp_path / "mailbox.jsonl"
    program = Program(
        name="mailbox",
        command=(sys.executable, "-m", "navmeet.dev.mailbox", "--port", str(port), "--file", str(file)),
        environment={"PYTHONPATH": str(ROOT)},
        is_ready=probes.accepts_connections(port),
        ports=(port,),
    )
    stack = Stack.of_one(tmp_path / "mailbox-process", program)
    given = {"PARTNER_CHANNEL": "SMTP", "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(port)}
    yield MailServer(given, file)
    stack.stop()


def run(stage: Stage, server: MailServer, **more: str) -> tuple[set[str], set[str]]:
    """Senders die at each place, the last ends the work: (who got more than one, who is listed), by Message-ID."""
    plan_emails(EMAILS)
    for point in ("after_claim", "after_accepted", "after_accepted", "before_settled"):
        died = stage.sender(CRASH_AT=point, **server.given, **more)
        assert died.wait() == -signal.SIGKILL
        let_leases_run_out()
    stage.sender(**server.given, **more)
    assert wait(lambda: not Message.objects.exclude(state="SENT").exists(), 60)
    received = server.received()
    assert set(received) == {message_id(one.key) for one in Message.objects.all()}, "none is lost"
    doubled = {one for one, times in received.items() if times > 1}
    listed = {message_id(one.key) for one in perhaps_twice.sent()}
    tell(f"E-mails by SMTP: n = {EMAILS} messages, 4 kills: doubled {len(doubled)}, listed {len(listed)}")
    return doubled, listed


def test_killed_after_the_servers_yes_each_double_is_counted_and_listed(stage: Stage, mail_server: MailServer) -> None:
    doubled, listed = run(stage, mail_server)
    assert len(doubled) in {1, 2, 3}, "at most one a kill, and none where nothing was in hand"
    assert listed == doubled
    too_many = sum(mail_server.received().values()) - EMAILS
    assert sum(one.unsure_attempts for one in perhaps_twice.sent()) == too_many == 3


def test_without_writing_it_down_before_nobody_would_know(stage: Stage, mail_server: MailServer) -> None:
    doubled, listed = run(stage, mail_server, WITHOUT="begun")
    assert doubled
    assert not listed
