"""The same request twice has one effect and one answer, also when both come in the same instant."""

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, connections
from django.test import Client

from meetings.models import Office
from navmeet.api import idempotency
from navmeet.api.idempotency import Answer
from navmeet.api.models import KeptAnswer
from navmeet.exceptions import NotPermitted
from tests.api.doors import PRINCIPAL, Offices, open_office

STRANGER = UUID("01890000-0000-7000-8000-000000000002")
pytestmark = [pytest.mark.urls("tests.api.doors"), pytest.mark.django_db]
together = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _nothing_waits() -> Iterator[None]:
    yield
    Offices.waits = Offices.answers_with = None


def post(body: dict[str, Any], key: str | None = "k1", *, by: UUID = PRINCIPAL, to: str = "/offices/") -> Any:
    headers = {"X-Actor": str(by)} | ({} if key is None else {"Idempotency-Key": key})
    return Client().post(to, json.dumps(body), content_type="application/json", headers=headers)


def at_once(count: int, work: Callable[[int], Any]) -> list[Any]:
    """Each in a thread and a connection of its own, let go in the same instant."""
    gate = threading.Barrier(count)
    answers: list[Any] = [None] * count

    def run(number: int) -> None:
        try:
            gate.wait(timeout=20)
            answers[number] = work(number)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers


@pytest.mark.parametrize("key", [None, "", " ", "æ", "a" * 65, "a b"])
def test_a_post_that_creates_demands_a_key(key: str | None) -> None:
    response = post({"number": "0001"}, key)
    assert (response.status_code, response.json()["field"]) == (400, "Idempotency-Key")
    assert not Office.objects.exists()


def test_a_repetition_gets_the_first_answer_whole() -> None:
    first, second = post({"number": "0001"}), post({"number": "0001"})
    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    assert first["ETag"] == second["ETag"] == '"3"'
    assert "Idempotent-Replayed" not in first
    assert second["Idempotent-Replayed"] == "true"
    assert Office.objects.count() == 1


def test_the_order_of_the_fields_is_not_another_body() -> None:
    post({"number": "0001", "a": 1})
    assert post({"a": 1, "number": "0001"}).status_code == 201


def test_another_body_under_the_same_key_is_refused() -> None:
    post({"number": "0001"})
    response = post({"number": "0002"})
    assert (response.status_code, response.json()["code"]) == (422, "idempotency_key_reused")
    assert Office.objects.count() == 1


def test_a_key_is_bound_to_who_asked_and_to_the_address() -> None:
    post({"number": "0001"})
    assert post({"number": "0002"}, by=STRANGER).status_code == 201
    assert post({"number": "0003"}, to="/other-offices/").status_code == 201
    assert "Idempotent-Replayed" not in post({"number": "0004"}, key="k2")


def test_an_error_is_not_kept_for_nothing_was_done() -> None:
    def refuse() -> None:
        raise NotPermitted("Nei.")

    Offices.waits = refuse
    assert post({"number": "0001"}).status_code == 403
    Offices.waits = None
    assert post({"number": "0001"}).status_code == 201


def test_an_answer_that_cannot_be_rendered_undoes_the_effect() -> None:
    def fail(_: Office) -> None:
        raise NotPermitted("Kan ikke vises.")

    Offices.answers_with = fail
    assert post({"number": "0001"}).status_code == 403
    assert not Office.objects.exists()
    assert not KeptAnswer.objects.exists()


def test_what_is_kept_is_sealed() -> None:
    post({"number": "0001"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM api_keptanswer")
        (body,) = cursor.fetchone()
    assert b"0001" not in bytes(body)
    assert "0001" in KeptAnswer.objects.get().body


def test_answers_are_purged_after_a_day_and_not_before() -> None:
    post({"number": "0001"})
    kept = KeptAnswer.objects.get()
    assert idempotency.purge(kept.at + timedelta(hours=23, minutes=59)) == 0
    assert idempotency.purge(kept.at + timedelta(days=1)) == 1
    assert idempotency.purge(datetime.now(UTC)) == 0


@together
def test_twenty_at_once_have_one_effect() -> None:
    answers = at_once(20, lambda _: post({"number": "0001"}))
    codes = Counter(answer.status_code for answer in answers)
    assert set(codes) <= {201, 409}, codes
    assert codes[201] >= 1
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} <= {"twin_in_flight"}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert Office.objects.count() == KeptAnswer.objects.count() == 1


@together
def test_a_twin_that_comes_meanwhile_is_told_so() -> None:
    started, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        started.set()
        assert go_on.wait(timeout=20)

    Offices.waits = wait

    def work(number: int) -> Any:
        if number:
            assert started.wait(timeout=20)
            try:
                return post({"number": "0001"})
            finally:
                go_on.set()
        return post({"number": "0001"})

    first, twin = at_once(2, work)
    assert first.status_code == 201
    assert (twin.status_code, twin.json()["code"], twin["Retry-After"]) == (409, "twin_in_flight", "1")


@together
def test_the_unique_row_holds_even_when_the_lock_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lock is courtesy: with it gone, whoever commits second is rolled back and given the first one's answer."""
    monkeypatch.setattr(idempotency._Asked, "lock", property(lambda _: threading.get_ident()))
    both_in = threading.Barrier(2)
    Offices.waits = lambda: both_in.wait(timeout=20)
    numbers = iter(["0001", "0001"])
    answers = at_once(2, lambda _: post({"number": next(numbers)}))
    assert [answer.status_code for answer in answers] == [201, 201]
    assert sorted(answer.get("Idempotent-Replayed", "") for answer in answers) == ["", "true"]
    assert Office.objects.count() == 1


@together
def test_without_the_unique_row_and_the_lock_there_would_be_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: both nets off, and the double effect is there."""
    monkeypatch.setattr(idempotency._Asked, "lock", property(lambda _: threading.get_ident()))
    monkeypatch.setattr(idempotency, "_keep", lambda *_: None)
    both_in = threading.Barrier(2)
    Offices.waits = lambda: both_in.wait(timeout=20)
    monkeypatch.setattr("tests.api.doors.Offices.post", _post_a_new_number)
    at_once(2, lambda _: post({"number": "0001"}))
    assert Office.objects.count() == 2


def _post_a_new_number(self: Offices, request: Any) -> Any:
    def do() -> Office:
        Offices.waits()
        return open_office(number=str(threading.get_ident() % 10_000), by=self.by, at=self.at)

    return self.once(do, lambda office, _: Answer({"number": office.number}))


@together
def test_no_lock_is_left_on_the_connection() -> None:
    post({"number": "0001"})
    post({"number": "0001"})
    post({"number": "0002"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        assert cursor.fetchone() == (0,)
