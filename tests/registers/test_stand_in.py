"""What the demo needs of the stand-in as a process, and what the tests need of its control."""

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from navmeet.dev.audit_sink import RunningSink
from navmeet.dev.personas import CITIZENS
from navmeet.dev.registers import RunningRegisters

KARI, OLA = CITIZENS[0].number, CITIZENS[1].number


def ask_krr(registers: RunningRegisters, number: str) -> httpx.Response:
    token = registers.state.new_token("krr")
    headers = {"Authorization": f"Bearer {token}", "Nav-Personident": number}
    return httpx.get(f"{registers.url}/krr/rest/v1/person", headers=headers, trust_env=False)


def control(registers: RunningRegisters, method: str, body: object = None) -> httpx.Response:
    return httpx.request(method, f"{registers.url}/control/state", json=body, trust_env=False)


def test_no_register_with_personal_data_answers_without_a_token(registers: RunningRegisters) -> None:
    for method, path in (
        ("POST", "/krr/rest/v1/personer"),
        ("GET", "/krr/rest/v1/person"),
        ("POST", "/tilgangsmaskin/api/v1/ccf/komplett/Z990001"),
        ("POST", "/tilgangsmaskin/api/v1/bulk/ccf/Z990001"),
    ):
        for headers in ({}, {"Authorization": "Bearer made-up"}):
            answer = httpx.request(method, registers.url + path, headers=headers, trust_env=False)
            assert answer.status_code == 401, path
    refused = httpx.post(f"{registers.url}/pdl/graphql", json={}, trust_env=False).json()
    assert refused["errors"][0]["extensions"]["code"] == "unauthenticated"
    assert refused["data"] is None


def test_the_single_krr_call_takes_the_number_in_a_header(registers: RunningRegisters) -> None:
    assert ask_krr(registers, KARI).json()["kanVarsles"] is True
    assert ask_krr(registers, "01819810063").status_code == 404


def test_a_refusal_has_the_problem_body_of_the_contract(registers: RunningRegisters) -> None:
    token = registers.state.new_token("access")
    answer = httpx.post(
        f"{registers.url}/tilgangsmaskin/api/v1/ccf/komplett/Z990001",
        headers={"Authorization": f"Bearer {token}"},
        json=CITIZENS[4].number,
        trust_env=False,
    )
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["title"], problem["kanOverstyres"]) == ("AVVIST_STRENGT_FORTROLIG_ADRESSE", False)
    assert {"type", "status", "instance", "brukerIdent", "navIdent", "begrunnelse", "traceId"} <= set(problem)


def test_more_than_a_thousand_at_once_is_too_large(registers: RunningRegisters) -> None:
    token = registers.state.new_token("access")
    answer = httpx.post(
        f"{registers.url}/tilgangsmaskin/api/v1/bulk/ccf/Z990001",
        headers={"Authorization": f"Bearer {token}"},
        json=[{"brukerId": KARI, "type": "KOMPLETT_REGELTYPE"}] * 1001,
        trust_env=False,
    )
    assert answer.status_code == 413


def test_control_overrides_persons_and_registers_and_takes_it_back(registers: RunningRegisters) -> None:
    assert control(registers, "PUT", {"persons": {KARI: {"reserved": True}}, "down": []}).status_code == 200
    assert ask_krr(registers, KARI).json()["reservert"] is True
    control(registers, "PUT", {"down": ["krr"]})
    assert ask_krr(registers, KARI).status_code == 503
    control(registers, "DELETE")
    assert ask_krr(registers, KARI).json()["reservert"] is False


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        {"downs": ["krr"]},
        {"down": ["altinn"]},
        {"persons": {"01819810063": {}}},
        {"persons": {KARI: {"resrved": True}}},
        {"slow": {"krr": "long"}},
    ],
)
def test_a_control_request_that_makes_no_sense_is_refused_and_changes_nothing(
    registers: RunningRegisters, wrong: object
) -> None:
    registers.fail("norg2")
    before = registers.state.described()
    answer = control(registers, "PUT", wrong)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert registers.state.described() == before


def test_the_page_lists_everybody(registers: RunningRegisters) -> None:
    page = httpx.get(registers.url, trust_env=False)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for citizen in CITIZENS:
        assert citizen.name in page.text


def test_the_process_says_when_it_is_ready_and_ends_on_sigterm() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "navmeet.dev.registers", "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        assert httpx.get(f"{url}/isalive", trust_env=False).status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_a_taken_port_is_one_clear_line(registers: RunningRegisters) -> None:
    tried = subprocess.run(
        [sys.executable, "-m", "navmeet.dev.registers", "--port", str(registers.port)],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert tried.returncode == 1
    assert tried.stderr == f"registers: port {registers.port} cannot be used: Address already in use\n"


def test_the_personas_are_printed_as_json() -> None:
    printed = subprocess.run([sys.executable, "-m", "navmeet.dev.personas"], capture_output=True, check=True).stdout
    people = json.loads(printed)
    assert [len(people[kind]) for kind in ("caseworkers", "citizens", "offices")] == [3, 8, 2]
    assert people["citizens"][0]["number"] == KARI


def test_the_audit_archive_keeps_whole_lines_in_order(audit_archive: RunningSink) -> None:
    with socket.create_connection(("127.0.0.1", audit_archive.port)) as line:
        line.sendall("<14>første æøå\n<14>andre\n".encode())
        line.sendall(b"<14>cut o")
    wait_for(audit_archive, 2)
    assert audit_archive.lines() == ["<14>første æøå", "<14>andre"]


def test_the_audit_archive_appends_to_what_was_there(tmp_path: Path) -> None:
    from navmeet.dev import audit_sink

    file = tmp_path / "deep" / "audit.log"
    for word in ("one", "two"):
        sink = audit_sink.serve(0, file)
        with socket.create_connection(("127.0.0.1", sink.port)) as line:
            line.sendall(f"{word}\n".encode())
            line.shutdown(socket.SHUT_WR)
            assert line.recv(1) == b""
        sink.stop()
    assert file.read_text() == "one\ntwo\n"


def wait_for(sink: RunningSink, lines: int) -> None:
    import time

    deadline = time.monotonic() + 5
    while len(sink.lines()) < lines and time.monotonic() < deadline:
        time.sleep(0.02)
