"""The stand-in for Ditt NAV as its own process, on a real broker process: judged, dropped, kept, told."""

import json
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
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
from invitations.messages.receipts_format import ours
from navmeet.dev.personas import CITIZENS
from navmeet.dev.servers import kafka, probes
from navmeet.outbox.kafka import Topic
from tests.dev.ditt_nav_process import StandIn, eventually

pytestmark = pytest.mark.xdist_group("kafka")
NOTIFICATIONS = "min-side.aapen-brukervarsel-v1"
US = Producer("dev-local", "navmeet", "navmeet")
KARI, RESERVED = CITIZENS[0], next(citizen for citizen in CITIZENS if citizen.reserved)


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    running = kafka.start(tmp_path_factory.mktemp("broker"))
    yield running.address
    running.stop()


@pytest.fixture(scope="module")
def ditt_nav(broker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    running = StandIn(tmp_path_factory.mktemp("state"), broker)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def topic(broker: str) -> Topic:
    return Topic(NOTIFICATIONS, **{"bootstrap.servers": broker})


def event(key: UUID, ident: str = KARI.number, **changed: Any) -> dict[str, Any]:
    notification = Notification(
        key=key,
        kind="beskjed",
        ident=ident,
        sensitivity="substantial",
        link="https://navmeet.nav.no/i/abc",
        texts=(Text("nb", "Du har et møte med Nav", default=True),),
        external=External(sms="Hei! Du har et møte med Nav.", email_title="Møte med Nav", email_text="Hei! Logg inn."),
    )
    return opprett(notification, US, datetime.now(UTC)) | changed


def send(topic: Topic, *events: dict[str, Any]) -> None:
    assert set(topic.send_batch([(one["varselId"], encode(one)) for one in events], 10).values()) == {None}


def test_a_valid_event_is_accepted_and_its_sms_goes_all_the_way(ditt_nav: StandIn, topic: Topic) -> None:
    key = uuid4()
    send(topic, event(key))
    eventually(lambda: ditt_nav.told(key) == ["opprettet", "venter", "bestilt", "sendt", "ferdigstilt"])
    assert ditt_nav.verdicts(key) == ["accepted"]
    notice = ditt_nav.notice(key)
    assert notice is not None
    assert notice["active"]
    sent = next(row for row in notice["external"] if row["status"] == "sendt")
    assert (sent["kanal"], sent["to"], sent["text"]) == ("SMS", KARI.phone, "Hei! Du har et møte med Nav.")


def test_an_invalid_event_is_refused_with_the_reason_and_nothing_is_told(ditt_nav: StandIn, topic: Topic) -> None:
    key, after = uuid4(), uuid4()
    send(topic, event(key, link="https://example.com/"), event(after))
    eventually(lambda: "opprettet" in ditt_nav.told(after))
    (entry,) = ditt_nav.events(key)
    assert entry["verdict"] == "refused"
    assert entry["reasons"] == [{"title": "feil_domene_link", "field": "link"}]
    assert ditt_nav.notice(key) is None
    assert ditt_nav.told(key) == []
    assert "feil_domene_link (link)" in httpx.get(f"{ditt_nav.url}/alt", trust_env=False).text


def test_what_is_not_json_is_refused(ditt_nav: StandIn, topic: Topic) -> None:
    key = uuid4()
    topic.send_batch([(str(key), b"{not json \xff")], 10)
    eventually(lambda: ditt_nav.verdicts(key) == ["refused"])
    assert ditt_nav.events(key)[0]["reasons"][0]["title"] == "ikke_json"


def test_the_second_of_two_is_dropped_and_seen_to_be(ditt_nav: StandIn, topic: Topic) -> None:
    key = uuid4()
    send(topic, event(key), event(key))
    eventually(lambda: len(ditt_nav.events(key)) == 2)
    assert ditt_nav.verdicts(key) == ["accepted", "dropped"]
    assert ditt_nav.events(key)[1]["reasons"][0]["title"] == "varsel_finnes_allerede"
    eventually(lambda: "ferdigstilt" in ditt_nav.told(key))
    assert ditt_nav.told(key).count("opprettet") == 1


def test_a_reserved_person_gets_the_notification_and_no_sms(ditt_nav: StandIn, topic: Topic) -> None:
    key = uuid4()
    send(topic, event(key, RESERVED.number))
    eventually(lambda: ditt_nav.told(key) == ["opprettet", "venter", "bestilt", "feilet"])
    notice = ditt_nav.notice(key)
    assert notice is not None
    assert notice["active"]


def test_a_retracted_notification_goes_and_says_so_once(ditt_nav: StandIn, topic: Topic) -> None:
    key = uuid4()
    gone = inaktiver(key, US, datetime.now(UTC))
    send(topic, event(key))
    send(topic, gone)
    send(topic, gone)
    eventually(lambda: ditt_nav.verdicts(key) == ["accepted", "accepted", "dropped"])
    notice = ditt_nav.notice(key)
    assert notice is not None
    assert notice["ended"]["by"] == "produsent"
    eventually(lambda: ditt_nav.told(key).count("inaktivert") == 1)


def test_retracting_what_was_never_there_is_dropped(ditt_nav: StandIn, topic: Topic) -> None:
    key = uuid4()
    send(topic, inaktiver(key, US, datetime.now(UTC)))
    eventually(lambda: ditt_nav.verdicts(key) == ["dropped"])
    assert ditt_nav.events(key)[0]["reasons"][0]["title"] == "varsel_finnes_ikke"


def test_a_notification_that_runs_out_goes_by_itself(ditt_nav: StandIn, topic: Topic) -> None:
    key = uuid4()
    until = datetime.now(UTC) + timedelta(seconds=1)
    send(topic, event(key, aktivFremTil=until.isoformat()))
    eventually(lambda: (ditt_nav.notice(key) or {"ended": None})["ended"])
    notice = ditt_nav.notice(key)
    assert notice is not None
    assert notice["ended"]["by"] == "frist"
    eventually(lambda: "inaktivert" in ditt_nav.told(key))


def test_the_topic_carries_others_events_and_ours_are_told_apart(ditt_nav: StandIn, topic: Topic) -> None:
    key = uuid4()
    send(topic, event(key))
    eventually(lambda: "ferdigstilt" in ditt_nav.told(key))
    everything = ditt_nav.statuses()
    read = [ours(json.dumps(one).encode(), US) for one in everything]
    others = [one for one, status in zip(everything, read, strict=True) if status is None]
    assert others
    assert {one["appnavn"] for one in others}.isdisjoint({US.app})
    assert [(one.event, one.status, one.via) for one in read if one and one.key == key][-2:] == [
        ("eksternStatusOppdatert", "sendt", "SMS"),
        ("eksternStatusOppdatert", "ferdigstilt", ""),
    ]
    assert KARI.number not in json.dumps(everything)


def test_identity_numbers_are_masked_on_the_developers_page(ditt_nav: StandIn, topic: Topic) -> None:
    key = uuid4()
    send(topic, event(key))
    eventually(lambda: ditt_nav.verdicts(key) == ["accepted"])
    shown = httpx.get(f"{ditt_nav.url}/alt", trust_env=False).text
    assert str(key) in shown
    assert KARI.number not in shown
    assert f"*********{KARI.number[-2:]}" in shown


def test_what_was_read_is_there_after_a_kill_and_is_not_read_twice(broker: str, topic: Topic, tmp_path: Path) -> None:
    running = StandIn(tmp_path, broker)
    key = uuid4()
    send(topic, event(key))
    eventually(lambda: running.verdicts(key) == ["accepted"])
    running.stop(signal.SIGKILL)
    with (tmp_path / "events.jsonl").open("a") as ledger:
        ledger.write('{"kind":"read","ver')
    running.start()
    send(topic, event(key))
    eventually(lambda: running.verdicts(key) == ["accepted", "dropped"])
    eventually(lambda: "ferdigstilt" in running.told(key))
    assert running.stop() < 3


def test_it_waits_for_a_broker_that_is_not_there_and_stops_at_once(tmp_path: Path) -> None:
    running = StandIn(tmp_path, f"127.0.0.1:{probes.free_ports(1)[0]}")
    assert running.api()["events"] == []
    assert running.stop() < 4


def test_nobody_sees_notifications_without_login(ditt_nav: StandIn, topic: Topic) -> None:
    key = uuid4()
    send(topic, event(key))
    eventually(lambda: ditt_nav.verdicts(key) == ["accepted"])
    shown = httpx.get(f"{ditt_nav.url}/", trust_env=False)
    assert "Logg inn med ID-porten" in shown.text
    assert "Du har et møte med Nav" not in shown.text
    refused = httpx.post(f"{ditt_nav.url}/beskjed/inaktiver", data={"varselId": str(key)}, trust_env=False)
    assert refused.status_code == 303
    notice = ditt_nav.notice(key)
    assert notice is not None
    assert notice["active"]
