"""The last resort: what must not be logged is not, whoever logs it."""

import json
import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
import structlog

from navmeet.log import configure, masked

Lines = Callable[[], list[dict[str, Any]]]
NUMBER = "12838410047"
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJwaWQiOiIxMjgzODQxMDA0NyJ9.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg"
LINK = "AZ8sKq3Xb2RtY0pVbW1rZGZn:1vKx2P:Jr0aB9dQe7WmXyZ"


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Lines:
    configure()
    return lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize(
    "text",
    [NUMBER, "pid=12838410047&x", "128384 10047", f"fnr:{NUMBER}.", f"see /i/{LINK}/ now", f"Bearer {JWT}", LINK],
)
def test_numbers_links_and_tokens_are_masked_in_any_text(text: str) -> None:
    told = masked(text)
    for secret in (NUMBER, "128384 10047", JWT[:20], LINK[:20]):
        assert secret not in told


@pytest.mark.parametrize(
    "text",
    [
        "01890000-0000-7000-8000-000000000001",
        "2026-11-22T06:15:50.123456+00:00",
        "1618308696856",
        "navmeet.accounts.middleware.Acting",
        "invitations.messages.claim",
        "meetings/<uuid:meeting_id>/change-format/",
    ],
)
def test_ids_instants_and_names_of_code_are_left_alone(text: str) -> None:
    assert masked(text) == text


def test_our_own_lines_lose_what_may_be_personal(lines: Lines) -> None:
    structlog.get_logger("navmeet.x").info("sent", name="Kari", path="/i/x", token="t", meeting=UUID(int=7), count=3)
    (line,) = lines()
    assert (line["event"], line["count"], line["meeting"]) == ("sent", 3, str(UUID(int=7)))
    assert not {"name", "path", "token"} & set(line)
    structlog.get_logger("navmeet.x").info("nested", facts={"name": "Kari", "ids": [NUMBER, int(NUMBER)]}, o=object())
    (line,) = lines()
    assert line["facts"] == {"ids": ["[number]", "[number]"]}
    assert line["o"] == "<object>"


def test_an_exception_is_told_by_type_and_place_only(lines: Lines) -> None:
    try:
        try:
            raise KeyError(f"Kari {NUMBER}")
        except KeyError as inner:
            raise ValueError("Kari Testdal") from inner
    except ValueError:
        structlog.get_logger("navmeet.x").exception("failed")
    (line,) = lines()
    assert line["error"] == ["builtins.ValueError", "builtins.KeyError"]
    assert "Kari" not in json.dumps(line)
    assert "test_log.py" in line["where"][-1]


def test_others_lines_go_the_same_way(lines: Lines) -> None:
    logging.getLogger("some.library").warning("could not reach %s for %s", "10.0.0.1", NUMBER)
    try:
        raise RuntimeError("Kari")
    except RuntimeError:
        logging.getLogger("celery.app.trace").error(  # noqa: G201 (as Celery does it)
            "Task %(name)s[%(id)s] raised: %(exc)s",
            {"name": "invitations.send", "id": "x", "exc": "RuntimeError('Kari')"},
            exc_info=True,
        )
    first, second = lines()
    assert first["event"] == "could not reach 10.0.0.1 for [number]"
    assert (first["level"], first["logger"]) == ("warning", "some.library")
    assert second["task"] == "invitations.send"
    assert "Kari" not in json.dumps(second)


def test_those_who_write_addresses_are_silent(lines: Lines) -> None:
    logging.getLogger("django.request").error("Internal Server Error: /i/x")
    logging.getLogger("django.security.csrf").warning("Forbidden: /i/x")
    logging.getLogger("django.security.DisallowedHost").error("Invalid HTTP_HOST header: 'x'")
    logging.getLogger("httpx").info("HTTP Request: GET http://x/12838410047")
    assert lines() == []
