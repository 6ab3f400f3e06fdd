"""The events as they leave, and the status events as they are read."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from invitations.messages.ditt_nav import (
    External,
    Notification,
    Producer,
    Text,
    encode,
    inaktiver,
    opprett,
)
from invitations.messages.min_side_rules import problems_with
from invitations.messages.receipts_format import StatusEvent, Unreadable, ours
from navmeet.dev.servers import kafka
from navmeet.outbox.kafka import Topic, connection

KEY = UUID("0199a2f0-0000-7000-8000-000000000001")
US = Producer("dev-local", "navmeet", "navmeet")
AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
IDENT = "12838410047"


def notification(**changed: Any) -> Notification:
    whole: dict[str, Any] = {
        "key": KEY,
        "kind": "oppgave",
        "ident": IDENT,
        "sensitivity": "substantial",
        "link": "https://navmeet.nav.no/i/hemmelig",
        "texts": (Text("nb", "Du er innkalt til et møte", default=True), Text("nn", "Du er kalla inn til eit møte")),
        "external": External("Hei! Logg inn på Nav.", "Møte med Nav", "Hei! Logg inn på Nav for å lese mer."),
        "active_until": datetime(2026, 12, 1, 12, 0, tzinfo=timezone(timedelta(hours=1))),
    }
    return Notification(**(whole | changed))


def test_an_oppgave_has_every_field_as_min_side_names_it() -> None:
    assert opprett(notification(), US, AT) == {
        "@event_name": "opprett",
        "type": "oppgave",
        "varselId": str(KEY),
        "ident": IDENT,
        "sensitivitet": "substantial",
        "link": "https://navmeet.nav.no/i/hemmelig",
        "tekster": [
            {"spraakkode": "nb", "tekst": "Du er innkalt til et møte", "default": True},
            {"spraakkode": "nn", "tekst": "Du er kalla inn til eit møte", "default": False},
        ],
        "eksternVarsling": {
            "prefererteKanaler": ["SMS"],
            "smsVarslingstekst": "Hei! Logg inn på Nav.",
            "epostVarslingstittel": "Møte med Nav",
            "epostVarslingstekst": "Hei! Logg inn på Nav for å lese mer.",
            "kanBatches": False,
        },
        "aktivFremTil": "2026-12-01T12:00:00+01:00",
        "produsent": {"cluster": "dev-local", "namespace": "navmeet", "appnavn": "navmeet"},
        "metadata": {"version": "v2.2", "built_at": "2026-11-22T10:00:00+00:00", "builder_lang": "python"},
    }


@pytest.mark.parametrize(
    "built",
    [
        opprett(notification(), US, AT),
        opprett(notification(external=None, active_until=None, kind="beskjed", sensitivity="high"), US, AT),
        inaktiver(KEY, US, AT),
    ],
    ids=["oppgave", "quiet beskjed", "inaktiver"],
)
def test_what_is_built_is_what_min_side_takes(built: dict[str, Any]) -> None:
    assert problems_with(json.loads(encode(built))) == []


def test_what_is_none_is_left_out_at_every_depth() -> None:
    assert json.loads(encode({"a": None, "b": {"c": None, "d": [{"e": None, "f": "å"}]}})) == {"b": {"d": [{"f": "å"}]}}
    quiet = json.loads(encode(opprett(notification(external=None, active_until=None), US, AT)))
    assert "eksternVarsling" not in quiet
    assert "aktivFremTil" not in quiet


def test_a_time_without_a_zone_is_not_sent() -> None:
    with pytest.raises(ValueError, match="zone"):
        inaktiver(KEY, US, AT.replace(tzinfo=None))


def test_who_it_is_for_and_what_it_says_is_not_in_its_repr() -> None:
    shown = repr(notification())
    assert str(KEY) in shown
    for secret in (IDENT, "hemmelig", "innkalt", "Logg inn"):
        assert secret not in shown


def test_the_same_event_twice_is_the_same_bytes() -> None:
    assert encode(opprett(notification(), US, AT)) == encode(opprett(notification(), US, AT))


def status(**changed: Any) -> bytes:
    whole = {
        "@event_name": "eksternStatusOppdatert",
        "varselId": str(KEY),
        "status": "sendt",
        "varseltype": "oppgave",
        "kanal": "SMS",
        "renotifikasjon": True,
        "namespace": "navmeet",
        "appnavn": "navmeet",
        "tidspunkt": "2026-11-22T10:00:00.123456789Z",
    }
    return json.dumps({name: value for name, value in (whole | changed).items() if value is not None}).encode()


def test_a_status_event_of_ours_is_read() -> None:
    at = datetime(2026, 11, 22, 10, 0, 0, 123456, tzinfo=UTC)
    assert ours(status(), US) == StatusEvent(KEY, "eksternStatusOppdatert", "sendt", "SMS", True, at)
    opened = ours(status(**{"@event_name": "opprettet", "status": None, "kanal": None, "renotifikasjon": None}), US)
    assert opened == StatusEvent(KEY, "opprettet", "", "", False, at)


@pytest.mark.parametrize("whose", [{"namespace": "team-esyfo"}, {"appnavn": "esyfovarsel"}, {"appnavn": None}])
def test_the_events_of_others_are_passed_over(whose: dict[str, Any]) -> None:
    assert ours(status(**whose, varselId="whatever they use"), US) is None


@pytest.mark.parametrize(
    "value",
    [
        *(None, b"", b"\xff", b"[]", b"null", b"[" * 100_000),
        status(varselId="not ours"),
        status(tidspunkt="now"),
        status(tidspunkt="2026-11-22T10:00:00"),
        status(**{"@event_name": 7}),
    ],
)
def test_what_cannot_be_read_says_so_and_nothing_of_what_stood_there(value: bytes | None) -> None:
    with pytest.raises(Unreadable) as refused:
        ours(value, US)
    assert "ours" in str(refused.value) or len(str(refused.value)) < 40


def test_a_word_that_is_new_or_too_long_is_kept_as_far_as_there_is_room() -> None:
    read = ours(status(status="x" * 500, kanal="y\x00" * 500), US)
    assert read is not None
    assert len(read.status) == 40
    assert len(read.via) <= 16
    assert "\x00" not in read.via


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[kafka.KafkaBroker]:
    running = kafka.start(tmp_path_factory.mktemp("broker"))
    yield running
    running.stop()


@pytest.mark.xdist_group("kafka")
def test_each_event_is_settled_by_its_own_report(broker: kafka.KafkaBroker) -> None:
    options: dict[str, str | int] = {"bootstrap.servers": broker.address, "message.max.bytes": 2000}
    topic = Topic("min-side.aapen-brukervarsel-v1", **options)
    settled = topic.send_batch([("a", b"x"), ("b", b"x" * 5000), ("c", b"x")], 10)
    assert settled == {"a": None, "b": "MSG_SIZE_TOO_LARGE", "c": None}


@pytest.mark.xdist_group("kafka")
def test_a_broker_that_hangs_is_not_waited_for_and_what_comes_after_it_arrives(broker: kafka.KafkaBroker) -> None:
    topic = Topic("min-side.aapen-brukervarsel-v1", **{"bootstrap.servers": broker.address})
    assert topic.send_batch([("a", b"x")], 10) == {"a": None}
    broker.pause()
    try:
        # A stopped process stops a little after it was told to.
        while topic.send_batch([("b", b"x")], 0.5)["b"] is None:
            pass
        began = time.monotonic()
        assert topic.send_batch([("b", b"x")], 0.5)["b"] is not None
        assert time.monotonic() - began < 2
    finally:
        broker.resume()
    assert topic.send_batch([("b", b"x"), ("c", b"x")], 20) == {"b": None, "c": None}


def test_an_empty_batch_needs_no_broker() -> None:
    assert Topic("nowhere", **{"bootstrap.servers": "127.0.0.1:1"}).send_batch([], 1) == {}


def test_certificates_are_used_where_the_platform_mounts_them(settings: Any, tmp_path: Path) -> None:
    settings.KAFKA_BROKERS = "kafka.example:443"
    assert connection() == {"bootstrap.servers": "kafka.example:443"}
    settings.KAFKA_CERTIFICATE_PATH = str(tmp_path / "certificate")
    settings.KAFKA_PRIVATE_KEY_PATH = str(tmp_path / "key")
    settings.KAFKA_CA_PATH = str(tmp_path / "ca")
    reached = connection()
    assert reached["security.protocol"] == "SSL"
    assert reached["ssl.key.location"] == str(tmp_path / "key")
