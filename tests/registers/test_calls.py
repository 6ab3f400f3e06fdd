import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from pytest_django import Settings
from structlog.testing import capture_logs

from navmeet.dev.personas import CITIZENS
from navmeet.dev.registers import RunningRegisters
from navmeet.exceptions import Unavailable
from navmeet.registers import access, calls, krr, norg2, pdl, tokens

KARI = CITIZENS[0].number
INGRID = "Z990001"


def tokens_asked(registers: RunningRegisters) -> int:
    return registers.state.asked.count("POST /api/v1/token")


def test_one_token_serves_many_calls_and_each_target_has_its_own(registers: RunningRegisters, at: datetime) -> None:
    for _ in range(3):
        krr.contact(KARI, at=at)
    assert tokens_asked(registers) == 1
    pdl.person(KARI, at=at)
    assert tokens_asked(registers) == 2


def test_a_revoked_token_is_replaced_once_and_unseen_by_the_caller(registers: RunningRegisters, at: datetime) -> None:
    def everything() -> None:
        krr.contact(KARI, at=at)
        pdl.person(KARI, at=at)
        access.may_open(INGRID, KARI, at=at)

    everything()
    registers.state.revoke_tokens()
    everything()
    assert tokens_asked(registers) == 6


def test_a_fresh_token_passes_over_the_sidecars_cache(registers: RunningRegisters, at: datetime) -> None:
    krr.contact(KARI, at=at)
    registers.state.revoke_tokens()
    krr.contact(KARI, at=at)
    asked = [
        json.loads(body)
        for path, body in zip(registers.state.asked, registers.state.bodies, strict=True)
        if path == "POST /api/v1/token"
    ]
    assert [body["skip_cache"] for body in asked] == [False, True]
    assert asked[0]["identity_provider"] == "entra_id"
    assert asked[0]["target"] == "api://prod-gcp.team-rocket.digdir-krr-proxy/.default"


def test_a_token_near_its_end_is_not_used(
    registers: RunningRegisters, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("navmeet.dev.registers.server.TOKEN_SECONDS", int(tokens.MARGIN_SECONDS) - 1)
    krr.contact(KARI, at=at)
    krr.contact(KARI, at=at)
    assert tokens_asked(registers) == 2


def test_a_token_that_is_never_accepted_is_no_answer_after_one_more_try(
    registers: RunningRegisters, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registers.state, "is_valid", lambda _: False)
    for ask in (
        lambda: krr.contact(KARI, at=at),
        lambda: pdl.person(KARI, at=at),
        lambda: access.may_open(INGRID, KARI, at=at),
    ):
        registers.state.asked.clear()
        with pytest.raises(Unavailable):
            ask()
        assert tokens_asked(registers) <= 2
        assert len(registers.state.asked) <= 4


@pytest.mark.parametrize("how", ["down", "odd", "garbage", "hang"])
def test_without_a_token_nothing_is_asked(registers: RunningRegisters, at: datetime, how: str, impatient: None) -> None:
    registers.fail("token", how)
    for ask in (
        lambda: krr.contact(KARI, at=at),
        lambda: pdl.person(KARI, at=at),
        lambda: access.may_open(INGRID, KARI, at=at),
        lambda: access.may_open_many(INGRID, [KARI], at=at),
    ):
        with pytest.raises(Unavailable):
            ask()
    assert set(registers.state.asked) == {"POST /api/v1/token"}


def test_a_register_that_takes_its_time_is_waited_for(registers: RunningRegisters, at: datetime) -> None:
    registers.slow("krr", 0.5)
    assert krr.contact(KARI, at=at).can_be_told


def test_nobody_listening_is_no_answer(
    registers: RunningRegisters, at: datetime, settings: Settings, free_port: int
) -> None:
    settings.NORG2_URL = f"http://127.0.0.1:{free_port}/norg2"
    with pytest.raises(Unavailable):
        norg2.office_for("9902", at=at)


def test_an_answer_that_drips_in_is_given_up_at_the_deadline(
    settings: Settings, at: datetime, impatient: None, dripping_port: int
) -> None:
    settings.NORG2_URL = f"http://127.0.0.1:{dripping_port}"
    began = time.monotonic()
    with pytest.raises(Unavailable):
        norg2.office_for("9902", at=at)
    assert time.monotonic() - began < 1.5


def test_a_redirect_is_not_followed(registers: RunningRegisters, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("navmeet.dev.registers.krr.persons", lambda *_: (302, None))
    with pytest.raises(Unavailable):
        krr.contact(KARI, at=at)


def test_many_threads_share_the_pool(
    registers: RunningRegisters, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Sixteen at once are no measure of how long one may take.
    monkeypatch.setattr(calls, "TOTAL_SECONDS", 30)
    monkeypatch.setattr(calls, "CONNECT_SECONDS", 30)
    with ThreadPoolExecutor(16) as threads:
        found = list(threads.map(lambda number: pdl.person(number, at=at), [one.number for one in CITIZENS] * 10))
    assert [facts.current_number for facts in found] == [one.number for one in CITIZENS] * 10


def test_a_server_that_was_restarted_between_two_calls_is_found_again(
    registers: RunningRegisters, at: datetime, settings: Settings
) -> None:
    from navmeet.dev.registers import serve

    first = serve(0)
    settings.NORG2_URL = first.settings()["NORG2_URL"]
    norg2.office_for("9902", at=at)
    first.stop()
    second = serve(first.port)
    assert norg2.office_for("9902", at=at).number == "0299"
    calls.close()
    second.stop()


def test_numbers_are_in_no_address_no_log_and_no_error(
    registers: RunningRegisters, at: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    asks = (
        lambda: krr.contact(KARI, at=at),
        lambda: pdl.person(KARI, at=at),
        lambda: access.may_open(INGRID, KARI, at=at),
        lambda: access.may_open_many(INGRID, [KARI], at=at),
    )
    said = []
    with caplog.at_level(logging.DEBUG), capture_logs() as logged:
        for how in ("well", "down", "odd", "garbage"):
            for register in ("krr", "pdl", "access") if how != "well" else ():
                registers.fail(register, how)
            for ask in asks:
                try:
                    ask()
                except Unavailable as error:
                    said.append(f"{error} {error.__context__!r} {error.__cause__!r} {error.extra}")
            asked = " ".join(registers.state.asked)
            registers.reset()
            assert KARI not in asked
    assert len(said) == 12
    assert len(logged) == 12
    assert KARI not in " ".join(said) + caplog.text + repr(logged)
    assert {line["event"] for line in logged} == {"register_unavailable"}


@pytest.fixture
def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@pytest.fixture
def dripping_port() -> Iterator[int]:
    """A server that sends its head at once, and then a byte each 50 ms for five seconds."""
    listening = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def drip() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
            for _ in range(100):
                if stop.wait(0.05):
                    return
                try:
                    connection.sendall(b" ")
                except OSError:
                    return

    thread = threading.Thread(target=drip)
    thread.start()
    yield listening.getsockname()[1]
    stop.set()
    thread.join()
    listening.close()
