"""What was shown reaches the audit archive: the line as the contract has it, once it can be had at all."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection
from pytest_django import Settings

from navmeet.audit import cef
from navmeet.audit.models import Showing
from navmeet.audit.relay import BATCH, relay
from navmeet.dev.audit_sink import RunningSink
from navmeet.people.models import Identity, Person
from navmeet.protect.columns import blind_index, new_id
from tests.stand_ins import audit_archive

__all__ = ["audit_archive"]

AT = datetime(2022, 6, 2, 14, 34, 59, 215_000, tzinfo=UTC)
NUMBER = "12838410047"


def person(number: str = NUMBER, *, historic: str = "") -> Person:
    made = Person(registers_asked_at=AT, created_at=AT)
    made.name = "Kari"
    made.save()
    for each, is_current in ((number, True), (historic, False)):
        if each:
            identity = Identity(person=made, number_index=blind_index(each), is_current=is_current)
            identity.number = each
            identity.save()
    return made


def showing(of: Person, *, what: str = "minutes", is_unusual: bool = False, call_id: str = "abc-1") -> Showing:
    return Showing.objects.create(
        at=AT, nav_ident="Z990001", person_id=of.pk, what=what, is_unusual=is_unusual, call_id=call_id
    )


def test_the_line_is_as_the_contract_has_it() -> None:
    assert cef.line(nav_ident="Z990001", number=NUMBER, at=AT, what="minutes", call_id="abc-1") == (
        "CEF:0|Møter i Nav|navmeet|1.0|audit:access|Sporingslogg|INFO|suid=Z990001 duid=12838410047 "
        "end=1654180499215 sproc=abc-1 msg=En ansatt i Nav har lest referatet fra et møte med deg "
        "flexString1Label=Decision flexString1=Permit"
    )


def test_what_is_unusual_is_a_warning() -> None:
    line = cef.line(nav_ident="Z1", number=NUMBER, at=AT, what="meeting", call_id="x", is_unusual=True)
    assert line.split("|")[6] == "WARN"


def test_values_cannot_break_out_of_their_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cef, "NAME", "a|b\\c\r\nd")
    line = cef.line(nav_ident="Z1", number=NUMBER, at=AT, what="x", call_id="a=b\\c\r\nsuid=Z2", msg="a|b")
    assert "|a\\|b\\\\c d|" in line
    assert "sproc=a\\=b\\\\c\\nsuid\\=Z2 " in line
    assert "msg=a|b " in line
    assert "\r" not in line
    assert "\n" not in line


@pytest.mark.parametrize("at", [datetime(2001, 9, 9, 1, 46, 40, tzinfo=UTC), AT, datetime(2200, 1, 1, tzinfo=UTC)])
def test_the_instant_has_thirteen_digits(at: datetime) -> None:
    assert re.search(r" end=[0-9]{13} ", cef.line(nav_ident="Z", number="1", at=at, what="x", call_id="y"))


@pytest.mark.django_db
class TestRelay:
    def test_each_showing_becomes_one_line_under_our_name(self, audit_archive: RunningSink) -> None:
        kari = person(historic="59817910070")
        showing(kari)
        showing(kari, what="meeting", is_unusual=True, call_id="")
        assert relay(AT) == 2
        lines = sorted(audit_archive.lines(), key=lambda line: "WARN" in line)
        assert re.match(r"<14>Jun  2 14:34:59 \S+ navmeet: CEF:0\|Møter i Nav\|", lines[0])
        assert lines[1].startswith("<12>")
        assert all(f"duid={NUMBER} " in line for line in lines)
        assert len(lines) == 2
        assert not Showing.objects.filter(relayed_at=None).exists()

    def test_nothing_is_sent_twice(self, audit_archive: RunningSink) -> None:
        showing(person())
        assert (relay(AT), relay(AT)) == (1, 0)
        assert len(audit_archive.lines()) == 1

    def test_an_archive_that_is_down_loses_nothing(self, audit_archive: RunningSink, settings: Settings) -> None:
        showing(person())
        up, settings.AUDIT_SYSLOG = settings.AUDIT_SYSLOG, "127.0.0.1:1"
        assert relay(AT) == 0
        assert Showing.objects.filter(relayed_at=None).count() == 1
        settings.AUDIT_SYSLOG = up
        assert relay(AT) == 1

    def test_more_than_a_batch_goes_in_one_run(self, audit_archive: RunningSink) -> None:
        kari = person()
        Showing.objects.bulk_create(
            Showing(at=AT, nav_ident="Z990001", person_id=kari.pk, what="minutes") for _ in range(BATCH + 5)
        )
        assert relay(AT) == BATCH + 5
        assert len(audit_archive.lines()) == BATCH + 5

    def test_a_showing_of_nobody_known_waits_and_holds_nothing_up(self, audit_archive: RunningSink) -> None:
        Showing.objects.create(at=AT, nav_ident="Z990001", person_id=new_id(), what="minutes")
        showing(person())
        assert relay(AT) == 1
        assert Showing.objects.filter(relayed_at=None).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("faults")
def test_two_relays_at_once_send_each_line_once(audit_archive: RunningSink) -> None:
    kari = person()
    Showing.objects.bulk_create(
        Showing(at=AT, nav_ident="Z990001", person_id=kari.pk, what="minutes") for _ in range(3 * BATCH)
    )

    def run(_: int) -> int:
        try:
            return relay(AT)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        sent = sum(pool.map(run, range(4)))
    while more := relay(AT):
        sent += more
    assert sent == len(audit_archive.lines()) == 3 * BATCH
