"""The bare link: true now, telling the least, changing nothing when it is opened, helping whoever it does not fit."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from invitations import links
from invitations.models import Answer, VideoRoom
from meetings.models import Format, Task
from navmeet.audit.models import AuditEvent
from navmeet.people.models import Protection
from tests import make
from tests.pages.citizen.setting import SECRET, STARTS, Visit, steady, text

OFFICE_ADDRESS = "Prøvegata 1, 0001 Prøveby"


@pytest.mark.parametrize("held", list(Format))
@pytest.mark.parametrize("state", ["booked", "moved", "cancelled", "answered"])
def test_the_bare_link_shows_when_and_how_and_nothing_of_what_it_is_about(
    visit: Visit, held: Format, state: str
) -> None:
    visit.cancel()
    visit.book(held)
    if state == "answered":
        visit.answers(kind="NOT_COMING", words="Jeg er bortreist.")
    if state in {"moved", "cancelled"}:
        {"moved": visit.move, "cancelled": visit.cancel}[state]()
    answer = Client().get(visit.link())
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert [one for one in (*SECRET, "bortreist", "opptatt", "blitt syk") if one in shown] == []
    assert ("25. januar" if state == "moved" else "21. januar") in shown
    assert ("Møtet er avlyst" in shown) == (state == "cancelled")
    assert (OFFICE_ADDRESS in shown) == (held == Format.IN_PERSON and state != "cancelled")


@pytest.mark.parametrize("protection", [Protection.STRICTLY_CONFIDENTIAL, Protection.STRICTLY_CONFIDENTIAL_ABROAD])
def test_for_a_strictly_protected_person_not_even_the_offices_address_is_shown(
    visit: Visit, protection: Protection
) -> None:
    visit.book(Format.IN_PERSON, person=make.citizen("Skjult Person", protection=protection))
    shown = Client().get(visit.link()).content.decode()
    assert OFFICE_ADDRESS not in shown
    assert "Prøveby" not in shown
    assert "Skjult" not in shown


def rows() -> dict[str, list[Any]]:
    """Every row of every table."""
    with connection.cursor() as cursor:
        found = {}
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')
            found[table] = cursor.fetchall()
        return found


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_scanner_that_opens_the_link_changes_nothing(visit: Visit, method: str) -> None:
    visit.at(STARTS)
    before = rows()
    with CaptureQueriesContext(connection) as asked:
        for address in (visit.link(), visit.link("enter/"), visit.link() + "?asked=1"):
            assert getattr(Client(), method)(address).status_code in {200, 302}
    assert rows() == before
    assert {each["sql"].split(" ", 1)[0] for each in asked} == {"SELECT"}


def test_the_page_behind_a_link_asks_the_database_once(visit: Visit) -> None:
    address = visit.link()
    with CaptureQueriesContext(connection) as asked:
        Client().get(address)
    assert len(asked) == 1


@pytest.mark.parametrize("kind", ["NOT_COMING", "OTHER_TIME", "OTHER_FORMAT"])
def test_asking_without_login_makes_one_task_however_often_it_is_pressed(visit: Visit, kind: str) -> None:
    client = Client()
    for _ in range(2):
        answer = client.post(visit.link(), {"kind": kind, "words": "Ikke lagre dette"})
        assert (answer.status_code, answer["Location"]) == (302, visit.link() + "?asked=1")
    assert Task.objects.filter(meeting=visit.meeting).count() == 1
    kept = Answer.objects.get()
    assert (kept.kind, kept.is_known, kept.words) == (kind, False, None)
    assert "Vi har sagt fra til den du skal møte." in text(client.get(answer["Location"]))


@pytest.mark.parametrize("kind", ["COMING", "", "PERHAPS", "\x00"])
def test_what_a_stranger_cannot_ask_for_is_said_and_makes_nothing(visit: Visit, kind: str) -> None:
    answer = Client().post(visit.link(), {"kind": kind})
    assert answer.status_code == 400
    assert "under «Hva vil du si fra om?»." in text(answer)
    assert Task.objects.count() == 0


def test_nothing_can_be_asked_once_the_meeting_has_started_or_is_cancelled(visit: Visit) -> None:
    visit.at(STARTS)
    assert "Si fra her" not in text(Client().get(visit.link()))
    started = Client().post(visit.link(), {"kind": "OTHER_TIME"})
    assert (started.status_code, "Møtet har startet" in text(started)) == (409, True)
    visit.at(make.NOW)
    visit.cancel()
    cancelled = Client().post(visit.link(), {"kind": "OTHER_TIME"})
    assert (cancelled.status_code, "Møtet er allerede avlyst" in text(cancelled)) == (409, True)
    assert not Answer.objects.exists()


def test_the_owner_logged_in_goes_on_to_the_whole_invitation(visit: Visit) -> None:
    answer = visit.browser().get(visit.link())
    assert (answer.status_code, answer["Location"]) == (302, visit.own())


def test_logging_in_comes_back_to_the_link_so_that_the_wrong_person_gets_help(visit: Visit) -> None:
    assert "/login/?next=%2Fi%2F" in Client().get(visit.link()).content.decode()


def altered(visit: Visit) -> str:
    return visit.link()[:-2] + ("A/" if visit.link()[-2] != "A" else "B/")


@pytest.mark.parametrize("rest", ["", "enter/"])
def test_anothers_link_an_altered_one_and_a_forgotten_one_give_the_same_page(visit: Visit, rest: str) -> None:
    visit.at(STARTS)
    stranger = visit.browser(make.citizen("Ola Annen"))
    method = stranger.post if rest else stranger.get
    unknown = links.path(make.meeting().pk) + rest
    pages = [method(address) for address in (visit.link() + rest, altered(visit) + rest, unknown)]
    assert [page.status_code for page in pages] == [404, 404, 404]
    assert len({steady(page) for page in pages}) == 1
    assert len({frozenset(dict(page.items())) for page in pages}) == 1
    assert "Lenken virker ikke" in text(pages[0])
    assert VideoRoom.objects.count() == 0


def test_a_stranger_who_is_logged_in_asks_for_nothing_by_anothers_link(visit: Visit) -> None:
    answer = visit.browser(make.citizen("Ola Annen")).post(visit.link(), {"kind": "OTHER_TIME"})
    assert answer.status_code == 404
    assert not Task.objects.exists()


def test_a_wrong_link_costs_no_more_than_a_right_one(visit: Visit) -> None:
    stranger = visit.browser(make.citizen("Ola Annen"))
    counts = []
    for address in (visit.link(), altered(visit)):
        with CaptureQueriesContext(connection) as asked:
            stranger.get(address)
        counts.append(len(asked))
    assert max(counts) - min(counts) <= 1


@given(part=some.text(min_size=1, max_size=90), place=some.integers(0, 70), method=some.sampled_from(["get", "post"]))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_done_to_a_link_it_tells_nothing_and_helps(
    visit: Visit, part: str, place: int, method: str
) -> None:
    token = links.sign(visit.invitation.pk)
    changed = token[:place] + part + token[place + len(part) :]
    if changed == token or "/" in changed.strip("/"):
        return
    try:
        address = f"/i/{_quoted(changed)}/"
    except UnicodeEncodeError:
        return
    answer = getattr(Client(), method)(address, {"kind": "OTHER_TIME"})
    assert answer.status_code in {302, 400, 404}
    assert "21. januar" not in answer.content.decode()
    assert not Task.objects.exists()


def _quoted(token: str) -> str:
    from urllib.parse import quote

    return quote(token, safe="")


@pytest.mark.parametrize(
    ("minutes", "is_open"), [(-15.02, False), (-15, True), (0, True), (45 + 59.9, True), (45 + 60, False)]
)
def test_the_door_is_open_by_the_link_in_the_same_window(visit: Visit, minutes: float, is_open: bool) -> None:
    visit.at(STARTS + timedelta(minutes=minutes))
    assert ("Gå til venterommet" in text(Client().get(visit.link()))) is is_open
    answer = Client().post(visit.link("enter/"), {"name": "Kari"})
    assert answer.status_code == (302 if is_open else 409)
    if is_open:
        assert answer["Location"] == visit.link("wait/")
    assert not VideoRoom.objects.exists()


def test_the_owner_who_goes_in_by_the_link_is_known(visit: Visit) -> None:
    visit.at(STARTS)
    assert visit.browser().post(visit.link("enter/"), {"name": "Kari"}).status_code == 302
    assert AuditEvent.objects.get(action="door.arrived").actor_kind == "CITIZEN"


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(visit: Visit, method: str) -> None:
    assert getattr(Client(), method)(visit.link()).status_code == 405


def test_the_address_is_kept_by_nobody_and_told_to_nobody(visit: Visit) -> None:
    answer = Client().get(visit.link())
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "noindex" in answer["X-Robots-Tag"]


def test_guidance_is_open_to_everybody(visit: Visit) -> None:
    answer = Client().get("/guidance/")
    assert answer.status_code == 200
    assert "Du trenger ikke å laste ned noe." in text(answer)
    assert Client().head("/guidance/").status_code == 200
