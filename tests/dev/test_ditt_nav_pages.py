"""What a person finds on the stand-in for Ditt NAV, logged in at a real issuer."""

import itertools
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest

from navmeet.dev import issuers, personas
from navmeet.dev.ditt_nav.kept import Kept
from navmeet.dev.ditt_nav.ledger import Ledger
from navmeet.dev.ditt_nav.reading import take
from navmeet.dev.ditt_nav.server import Server
from navmeet.dev.issuers import Client, Issuer
from navmeet.dev.servers.probes import free_ports
from navmeet.dev.servers.processes import Stack

KARI, SIGRID = personas.CITIZENS[0], personas.CITIZENS[2]
SUBSTANTIAL, HIGH = "idporten-loa-substantial", "idporten-loa-high"
LINK = "https://navmeet.nav.no/i/abc?x=1"


@dataclass(frozen=True)
class Read:
    """A message as it comes from Kafka."""

    event: dict[str, Any]
    place: int = field(default_factory=itertools.count().__next__)

    def key(self) -> bytes:
        return str(self.event["varselId"]).encode()

    def value(self) -> bytes:
        return json.dumps(self.event).encode()

    def partition(self) -> int:
        return 0

    def offset(self) -> int:
        return self.place

    def timestamp(self) -> tuple[int, int]:
        return (1, 0)


@dataclass
class Site:
    """The server without Kafka: what would have been read is given to it."""

    server: Server
    kept: Kept

    def read(self, **changed: Any) -> str:
        event = {
            "@event_name": "opprett",
            "type": "oppgave",
            "varselId": str(uuid4()),
            "ident": KARI.number,
            "sensitivitet": "substantial",
            "link": LINK,
            "tekster": [
                {"spraakkode": "nb", "tekst": "Svar på innkallingen", "default": True},
                {"spraakkode": "nn", "tekst": "Svar på innkallinga", "default": False},
            ],
            "produsent": {"cluster": "dev-local", "namespace": "navmeet", "appnavn": "navmeet"},
        } | changed
        take(self.kept, [Read(event)])  # type: ignore[list-item]
        return str(event["varselId"])

    def log_in(self, browser: httpx.Client, person: str, level: str = SUBSTANTIAL, path: str = "/login") -> str:
        """Through the issuer and back: the front page afterwards."""
        answer = browser.get(f"{self.server.site}{path}")
        while answer.status_code in (302, 303) or "/interaction/" in str(answer.url):
            where = answer.headers.get("location")
            if where:
                answer = browser.get(answer.url.join(where))
            else:
                action = re.search(r'action="([^"]+)"', answer.text)
                assert action
                answer = browser.post(answer.url.join(action[1]), data={"person": person, "level": level})
        assert answer.status_code == 200, answer.text
        return answer.text


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    idporten_port, port = free_ports(2)
    client = Client.of_site("ditt-nav", "a-secret", f"http://127.0.0.1:{port}", callback="/callback")
    idporten = Issuer(kind="idporten", port=idporten_port, clients=(client,))
    people = personas.as_json()
    stack = Stack.of_one(tmp_path_factory.mktemp("issuer"), issuers.program(idporten, people=people))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("IDPORTEN_WELL_KNOWN_URL", idporten.well_known)
        environment.setenv("DITT_NAV_CLIENT_SECRET", "a-secret")
        ledger = Ledger(tmp_path_factory.mktemp("state"))
        kept = Kept(ledger)
        server = Server(port, kept, "http://localhost:8001")
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield Site(server, kept)
    server.shutdown()
    server.server_close()
    ledger.close()
    stack.stop()


@pytest.fixture
def browser() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as one:
        yield one


def test_one_finds_ones_own_notifications_with_the_link_as_sent_and_as_it_works_here(
    site: Site, browser: httpx.Client
) -> None:
    own = site.read()
    others = site.read(ident=SIGRID.number)
    page = site.log_in(browser, "citizen-1")
    assert own in page
    assert others not in page
    assert LINK in page
    assert 'href="http://localhost:8001/i/abc?x=1"' in page


def test_the_text_is_in_the_persons_own_language(site: Site, browser: httpx.Client) -> None:
    site.read(ident=SIGRID.number)
    page = site.log_in(browser, "citizen-3")
    assert '<a href="http://localhost:8001/i/abc?x=1">Svar på innkallinga</a>' in page
    assert "Svar på innkallingen" not in page


def test_what_is_sensitive_is_masked_until_one_logs_in_at_the_high_level(site: Site, browser: httpx.Client) -> None:
    texts = [{"spraakkode": "nb", "tekst": "Referatet ligger klart", "default": True}]
    site.read(sensitivitet="high", tekster=texts, link="https://navmeet.nav.no/my/hemmelig")
    page = site.log_in(browser, "citizen-1")
    assert "Referatet ligger klart" not in page
    assert "hemmelig" not in page
    assert 'href="/login?level=high"' in page
    page = site.log_in(browser, "citizen-1", HIGH, "/login?level=high")
    assert "Referatet ligger klart" in page


def test_a_beskjed_can_be_taken_away_by_its_owner_and_an_oppgave_cannot(site: Site, browser: httpx.Client) -> None:
    beskjed, oppgave = site.read(type="beskjed"), site.read()
    form_key = re.findall(r'name="form_key" value="([^"]+)"', site.log_in(browser, "citizen-1"))[0]
    address = f"{site.server.site}/beskjed/inaktiver"
    assert browser.post(address, data={"varselId": beskjed, "form_key": "guessed"}).status_code == 403
    assert browser.post(address, data={"varselId": oppgave, "form_key": form_key}).status_code == 404
    assert browser.post(address, data={"varselId": beskjed, "form_key": form_key}).status_code == 303
    ended = site.kept.notices[beskjed].ended
    assert ended is not None
    assert ended["by"] == "bruker"
    assert site.kept.notices[oppgave].ended is None
    assert "inaktivert" in [entry["event"]["@event_name"] for entry in site.kept.told[beskjed]]


def test_nobody_takes_away_what_is_not_theirs(site: Site, browser: httpx.Client) -> None:
    theirs = site.read(type="beskjed", ident=SIGRID.number)
    site.read(type="beskjed")
    form_key = re.findall(r'name="form_key" value="([^"]+)"', site.log_in(browser, "citizen-1"))[0]
    address = f"{site.server.site}/beskjed/inaktiver"
    assert browser.post(address, data={"varselId": theirs, "form_key": form_key}).status_code == 404
    assert site.kept.notices[theirs].ended is None


def test_a_callback_from_another_browser_logs_nobody_in(site: Site, browser: httpx.Client) -> None:
    away = browser.get(f"{site.server.site}/login").headers["location"]
    state = dict(part.split("=", 1) for part in urlsplit(away).query.split("&"))["state"]
    with httpx.Client(trust_env=False) as other:
        answer = other.get(f"{site.server.site}/callback", params={"state": state, "code": "stolen"})
        assert answer.status_code == 400
        assert "set-cookie" not in answer.headers


def test_log_out_ends_the_session_here_and_leads_to_the_issuer(site: Site, browser: httpx.Client) -> None:
    site.log_in(browser, "citizen-1")
    answer = browser.get(f"{site.server.site}/logout")
    assert "/session/end?id_token_hint=" in answer.headers["location"]
    assert "Logg inn med ID-porten" in browser.get(f"{site.server.site}/").text


def test_texts_from_the_topic_cannot_become_markup(site: Site, browser: httpx.Client) -> None:
    texts = [{"spraakkode": "nb", "tekst": "<script>alert(1)</script>", "default": True}]
    site.read(tekster=texts)
    assert "<script" not in site.log_in(browser, "citizen-1")
    assert "<script" not in browser.get(f"{site.server.site}/alt").text


@pytest.mark.parametrize("path", ["/nothing", "/alt?before=x", "/alt?before=-1", "/api/events?after=x", "/callback"])
def test_odd_addresses_get_an_answer(site: Site, browser: httpx.Client, path: str) -> None:
    assert browser.get(f"{site.server.site}{path}").status_code < 500


def test_a_message_that_kafka_gives_again_after_a_restart_counts_once(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    message = Read({"@event_name": "inaktiver", "varselId": "x"})
    take(Kept(ledger), [message])  # type: ignore[list-item]
    restarted = Kept(ledger)
    take(restarted, [message])  # type: ignore[list-item]
    assert len(restarted.read) == 1
    take(restarted, [Read(message.event)])  # type: ignore[list-item]
    assert len(restarted.read) == 2
    ledger.close()


def test_an_sms_that_is_put_off_is_shown_with_its_time(site: Site, browser: httpx.Client) -> None:
    words = {"smsVarslingstekst": "Hei!", "epostVarslingstittel": "Hei", "epostVarslingstekst": "Hei!"}
    site.read(eksternVarsling={**words, "utsettSendingTil": "2099-01-12T08:00:00+00:00"})
    page = site.log_in(browser, "citizen-1")
    assert "Utsatt: SMS eller e-post sendes 12. januar kl. 09.00, om varselet er her da" in page
