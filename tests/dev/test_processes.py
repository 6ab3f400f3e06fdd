"""What is started is waited for, found again, and stopped in order; what goes wrong is one line."""

import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from navmeet.dev.servers import probes
from navmeet.dev.servers.errors import CannotStart, Died, in_one_line
from navmeet.dev.servers.processes import Program, Stack
from navmeet.dev.servers.running import Record

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
SLEEPER = "import time; print('up', flush=True); time.sleep(60)"
PARENT = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {STUBBORN!r}]); {SLEEPER}"


def program(name: str, code: str = SLEEPER, **more: object) -> Program:
    command = (sys.executable, "-c", code)
    wishes: dict[str, object] = {"is_ready": lambda: True, "says_when_ready": "up", "patience": 10, **more}
    return Program(name=name, command=command, environment={"PATH": os.environ["PATH"]}, **wishes)  # type: ignore[arg-type]


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def stack(tmp_path: Path, said: list[str]) -> Iterator[Stack]:
    stack = Stack(tmp_path, said.append)
    yield stack
    stack.stop(patience=1)


def test_the_last_started_is_stopped_first(stack: Stack, said: list[str]) -> None:
    stack.start(program("first"), program("second"), program("third"))
    pids = [stack[name].pid for name in stack.names()]

    stack.stop()

    assert said == ["first", "second", "third", "third stopped", "second stopped", "first stopped"]
    assert not [pid for pid in pids if _runs(pid)]
    assert list((stack.folder / "run").iterdir()) == []


def test_one_that_does_not_want_to_stop_is_ended_with_its_children(stack: Stack, said: list[str]) -> None:
    stack.start(program("parent", PARENT))
    time.sleep(0.3)
    parent = stack["parent"]

    stack.stop(patience=0.5)

    assert said[-1] == "parent stopped (had to be ended)"
    assert not parent.has_members()


def test_a_taken_port_is_one_line_that_names_it(stack: Stack) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(CannotStart) as caught:
            stack.start(program("web", ports=(port,)))

    assert in_one_line(caught.value).startswith(f"Port {port} is taken")
    assert "\n" not in in_one_line(caught.value)
    assert stack.names() == []


def test_a_missing_program_is_one_line_that_names_it(stack: Stack) -> None:
    nothing = Program(name="web", command=("no-such-program",), environment={}, is_ready=lambda: True)

    with pytest.raises(CannotStart, match="web cannot start: no-such-program is not installed"):
        stack.start(nothing)


def test_one_that_ends_while_starting_is_reported_with_what_it_said(stack: Stack) -> None:
    with pytest.raises(CannotStart) as caught:
        stack.start(program("web", "print('no database'); raise SystemExit(3)"))

    assert caught.value.message == "web ended while starting (exit code 3)."
    assert caught.value.details == "no database"


def test_a_full_disk_is_called_a_full_disk() -> None:
    told = in_one_line(CannotStart("web ended.", "OSError: [Errno 28] No space left on device"))

    assert told == "web ended. The disk is full: make room and start again."
    assert in_one_line(OSError(28, "No space left on device", "a-file")).startswith("The disk is full (writing a-file)")


def test_one_that_is_never_ready_is_not_waited_for_without_end(stack: Stack) -> None:
    with pytest.raises(CannotStart, match="was not ready after 0 s"):
        stack.start(program("web", is_ready=lambda: False, patience=0.2))


def test_one_that_dies_later_is_noticed(stack: Stack) -> None:
    stack.start(program("web"), program("worker"))
    stack.check()

    stack["worker"].kill()

    with pytest.raises(Died, match="worker has ended"):
        stack.check()


def test_one_that_may_is_started_again_so_many_times_and_no_more(stack: Stack) -> None:
    stack.start(program("web"), program("worker", restarts=2))
    stack.check()

    for _ in range(2):
        before = stack["worker"].pid
        stack["worker"].kill()
        stack.check()
        assert stack["worker"].is_alive()
        assert stack["worker"].pid != before

    stack["worker"].kill()
    with pytest.raises(Died, match="worker has ended"):
        stack.check()


def test_what_one_that_ended_had_started_ends_too(stack: Stack, said: list[str]) -> None:
    stack.start(program("parent", PARENT, restarts=1))
    ended = stack["parent"]
    time.sleep(0.3)
    os.kill(ended.pid, signal.SIGKILL)
    while ended.is_alive():
        time.sleep(0.01)
    assert ended.has_members()

    assert stack.revive() == ["parent"]

    assert not ended.has_members()
    assert said[-1] == "parent had ended (signal 9) and was started again"


def test_what_an_earlier_run_left_is_used_again_or_replaced(stack: Stack, tmp_path: Path) -> None:
    stack.start(program("redis", is_kept=True), program("web"))
    redis, web = stack["redis"].pid, stack["web"].pid

    later = Stack(tmp_path)
    try:
        later.start(program("redis", is_kept=True), program("web"))
        assert later["redis"].pid == redis
        assert later["web"].pid != web
        assert not stack["web"].is_alive()
    finally:
        later.stop()
    assert not stack["redis"].is_alive()


def test_children_of_a_killed_process_are_found_by_a_later_run(stack: Stack, tmp_path: Path) -> None:
    stack.start(program("web", PARENT))
    time.sleep(0.3)
    os.kill(stack["web"].pid, signal.SIGKILL)
    assert stack["web"].has_members()

    assert Stack(tmp_path).stop_left(patience=0.5) == ["web"]

    assert not stack["web"].has_members()


def test_a_stranger_with_the_same_number_is_left_alone(stack: Stack, tmp_path: Path) -> None:
    stack.start(program("stranger"))
    pid = stack["stranger"].pid
    Record(pid=pid, started=time.time() - 3600, fingerprint="").write(tmp_path / "run" / "web.json")

    assert Stack(tmp_path / "elsewhere").stop_left() == []
    later = Stack(tmp_path)
    later.start(program("web"))
    later.stop()

    assert stack["stranger"].is_alive()


def test_a_frozen_process_lives_and_answers_again_after_the_thaw(stack: Stack) -> None:
    port = probes.free_ports(1)[0]
    server = f"import http.server as h; s = h.HTTPServer(('127.0.0.1', {port}), h.SimpleHTTPRequestHandler)"
    answers = probes.answers_http(f"http://127.0.0.1:{port}/")
    stack.start(program("web", f"{server}; print('up', flush=True); s.serve_forever()", is_ready=answers))

    stack["web"].freeze()
    assert stack["web"].is_alive()
    assert not answers()
    stack["web"].thaw()
    assert answers()


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
