"""What every answer carries, and what the log says of it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Lines:
    """What was logged since last asked, through the house's own set-up."""
    from navmeet.log import configure

    configure()
    return lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize("address", ["/open/", "/nowhere/", "/raises/conflict/", "/api/v1/staff/", "/login/callback/"])
def test_nothing_but_static_is_kept_indexed_or_framed(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["Referrer-Policy"] == "same-origin"


@pytest.mark.usefixtures("staff")
def test_a_request_is_one_line_with_its_pattern_and_never_its_address(client: Client, lines: Lines) -> None:
    lines()
    answer = client.get("/open/a-secret-token/?q=12838410047", headers={"Nav-Call-Id": "abcdef-12345"})
    (line,) = lines()
    assert (line["route"], line["method"], line["status"]) == ("open/<str:token>/", "GET", 200)
    assert line["request_id"] == answer["X-Request-ID"] == "abcdef-12345"
    assert line["milliseconds"] >= 0
    assert "secret" not in json.dumps(line)


@pytest.mark.usefixtures("staff")
def test_a_call_id_that_is_no_id_is_replaced(client: Client) -> None:
    assert client.get("/open/", headers={"Nav-Call-Id": "a b\tc"})["X-Request-ID"] != "a b\tc"


@pytest.mark.usefixtures("staff")
def test_an_error_nobody_foresaw_is_logged_without_its_words(lines: Lines) -> None:
    lines()
    Client(raise_request_exception=False).get("/raises/bug/")
    logged = lines()
    told = next(line for line in logged if line["event"] == "request_failed")
    assert told["error"] == ["builtins.RuntimeError"]
    assert any("doors.py" in place for place in told["where"])
    assert "Kari" not in json.dumps(logged)
    assert "raises/bug" not in json.dumps(logged)


@pytest.mark.usefixtures("staff")
def test_an_unknown_address_is_not_logged(client: Client, lines: Lines) -> None:
    lines()
    client.get("/i/some-link-token/")
    assert "some-link-token" not in json.dumps(lines())


@pytest.mark.usefixtures("staff", "db")
class TestInternal:
    def test_alive_and_ready_are_answered_on_any_host_without_a_session(self, client: Client) -> None:
        for address in ("isAlive", "isReady"):
            client.cookies["__Host-staff"] = "whatever"
            answer = client.get(f"/internal/{address}", headers={"Host": "10.1.2.3:8080"})
            assert answer.status_code == 200
            assert not answer.cookies

    def test_not_ready_without_a_database(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        from django.db import OperationalError, connection

        def away(*_: object, **__: object) -> None:
            raise OperationalError

        with monkeypatch.context() as patched:
            patched.setattr(connection, "cursor", away)
            assert client.get("/internal/isReady").status_code == 503
            assert client.get("/internal/isAlive").status_code == 200
            figures = client.get("/internal/metrics").content.decode()
        assert "navmeet_database_up 0.0" in figures

    def test_the_figures_say_how_the_work_stands(self, client: Client) -> None:
        from invitations.models import Pulse
        from navmeet import clock

        Pulse.objects.create(name="sweep", at=clock.now())
        client.get("/open/x/")
        figures = client.get("/internal/metrics").content.decode()
        for expected in (
            'navmeet_messages{state="PLANNED"} 0.0',
            "navmeet_oldest_due_seconds 0.0",
            "navmeet_retractions_open 0.0",
            'navmeet_tasks_open{kind="SEND_LETTER"} 0.0',
            'navmeet_pulse_age_seconds{of="sweep"}',
            "navmeet_showings_waiting 0.0",
            "navmeet_database_up 1.0",
            'navmeet_request_seconds_count{method="GET",route="open/<str:token>/",status="2xx"}',
        ):
            assert expected in figures

    def test_other_addresses_under_it_are_not_there(self, client: Client) -> None:
        assert client.get("/internal/env").status_code == 404
