"""The pages of minutes: what was typed is never lost, the citizen reads what was looked over, both are told."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from meetings.models import Meeting, Status
from minutes.models import Draft, Reading, Version
from navmeet.accounts.actor import Level
from navmeet.audit.models import Showing
from tests import make
from tests.minutes.conftest import World
from tests.minutes.setting import AGREED, BEFORE, NEXT, TALKED, stored

TYPED = {"discussed": TALKED, "agreed": AGREED, "next": NEXT}
KEPT = "Det jeg har skrevet så langt."


def url(world: World, rest: str = "") -> str:
    return f"/meetings/{world.meeting.pk}/minutes/{rest}"


def own(world: World, rest: str = "") -> str:
    return f"/my/{world.invitation_id}/minutes/{rest}"


def text(answer: Any) -> str:
    """What a person reads on the page."""
    page = answer.content.decode().split("<main", 1)[1].split("</main>", 1)[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def save(client: Client, world: World, version: int = 0, **fields: str) -> Any:
    return client.post(url(world), {"version": version, "act": "save", **TYPED, **fields})


def test_the_editor_is_saved_by_a_button_and_shows_what_was_saved(world: World) -> None:
    client = world.staff()
    assert "Skriv referat" in text(client.get(url(world)))
    answer = save(client, world)
    assert (answer.status_code, answer["Location"]) == (302, url(world))
    page = client.get(url(world))
    assert stored(world) == [TALKED, AGREED, NEXT]
    assert TALKED in text(page)
    assert "Lagret torsdag 21. januar 2027 kl. 11.00 av Ingrid Solberg-Test" in text(page)
    assert 'name="version" value="1"' in page.content.decode()


def test_the_editor_saves_itself_where_there_is_javascript(world: World) -> None:
    page = world.staff().get(url(world)).content.decode()
    assert f'data-autosave="{url(world, "autosave/")}"' in page
    assert "navmeet/autosave.js" in page


def test_an_automatic_save_answers_with_the_new_version(world: World) -> None:
    client = world.staff()
    answer = client.post(url(world, "autosave/"), {"version": 0, **TYPED}, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()) == (200, {"version": 1})
    assert stored(world) == [TALKED, AGREED, NEXT]


def test_an_automatic_save_that_cannot_be_made_says_why(world: World) -> None:
    world.save()
    client = world.staff(world.colleague)
    stale = client.post(url(world, "autosave/"), {"version": 0, "discussed": "Mitt"})
    assert (stale.status_code, "Noen andre har lagret" in stale.json()["detail"]) == (412, True)
    bad = client.post(url(world, "autosave/"), {"version": 1, "agreed": "a\x07b"})
    assert (bad.status_code, "«Dette ble vi enige om»" in bad.json()["detail"]) == (400, True)
    for version in ({}, {"version": ""}, {"version": "x"}, {"version": "-1"}):
        broken = client.post(url(world, "autosave/"), {**version, "agreed": "a"})
        assert (broken.status_code, broken.json()["detail"].split(",")[0]) == (400, "Siden er ikke hel")
        assert "ersion" not in broken.json()["detail"]
    world.registers.fail("access")
    assert client.post(url(world, "autosave/"), {"version": 1, "agreed": "a"}).status_code == 503
    assert stored(world) == [TALKED, AGREED, NEXT]


def test_where_two_have_written_both_texts_are_shown_and_the_next_save_goes_through(world: World) -> None:
    world.save()
    client = world.staff(world.colleague)
    answer = save(client, world, discussed=KEPT)
    assert answer.status_code == 412
    assert TALKED in text(answer)
    assert KEPT in text(answer)
    assert "Ingrid Solberg-Test lagret referatet" in text(answer)
    assert 'name="version" value="1"' in answer.content.decode()
    assert stored(world) == [TALKED, AGREED, NEXT]
    assert save(client, world, version=1, discussed=f"{TALKED}\n{KEPT}").status_code == 302
    assert stored(world)[0] == f"{TALKED}\n{KEPT}"


@pytest.mark.parametrize(
    ("bad", "told"), [("a\x00b", "tegn som ikke kan brukes"), ("a\x07b", "tegn som ikke"), ("ø" * 10_001, "10000 tegn")]
)
def test_a_text_that_cannot_be_kept_is_told_at_its_field_with_all_that_was_typed(
    world: World, bad: str, told: str
) -> None:
    answer = save(world.staff(), world, agreed=bad)
    assert answer.status_code == 400
    assert "«Dette ble vi enige om»" in text(answer)
    assert told in text(answer)
    assert TALKED in text(answer)
    assert not Draft.objects.exists()


def test_ten_thousand_characters_with_line_ends_fit_as_browsers_send_them(world: World) -> None:
    lines = "x\r\n" * 5_000
    assert save(world.staff(), world, agreed=lines).status_code == 302
    assert stored(world)[1] == ("x\n" * 5_000).strip()


@pytest.mark.parametrize("trouble", ["register", "refused", "shared", "cancelled"])
def test_whatever_goes_wrong_what_was_typed_stands_on_the_page(world: World, trouble: str) -> None:
    client = world.staff()
    if trouble == "register":
        world.registers.fail("access")
    elif trouble == "refused":
        world.registers.set_person(world.person.identities.get().number, shielded=True)
    elif trouble == "shared":
        world.save()
        world.share()
    else:
        Meeting.objects.filter(pk=world.meeting.pk).update(status=Status.CANCELLED)
    answer = save(client, world, version=1, discussed=KEPT)
    assert answer.status_code == {"register": 503, "refused": 403, "shared": 409, "cancelled": 409}[trouble]
    assert KEPT in text(answer)
    assert "ikke lagret" in text(answer)


def test_a_session_lost_in_the_middle_gives_the_form_back(world: World) -> None:
    world.staff()
    answer = Client().post(url(world), {"version": 0, **TYPED, "discussed": KEPT})
    assert answer.status_code == 401
    assert KEPT in text(answer)
    assert not Draft.objects.exists()


def test_before_the_meeting_there_is_nothing_to_write(world: World) -> None:
    world.at(BEFORE)
    answer = world.staff().get(url(world))
    assert "har ikke startet" in text(answer)
    assert "<textarea" not in answer.content.decode()


def test_before_sharing_the_text_is_looked_over_as_the_citizen_will_read_it(world: World) -> None:
    client = world.staff()
    answer = client.post(url(world), {"version": 0, "act": "share", **TYPED, "next": ""})
    assert answer["Location"] == url(world, "share/")
    preview = client.get(url(world, "share/"))
    assert "Del referatet med innbyggeren?" in text(preview)
    assert not Version.objects.exists()

    shared = client.post(url(world, "share/"), {"version": 1})
    assert (shared.status_code, shared["Location"]) == (302, url(world))
    article = re.compile(r"<article.*?</article>", re.DOTALL)

    def words(page: Any) -> str:
        return re.sub(r"<[^>]+>", " ", article.findall(page.content.decode())[0]).split("Referat", 1)[1].strip()

    read = world.citizen().get(own(world, "1/"))
    assert re.sub(r"\s+", " ", words(read)) == re.sub(r"\s+", " ", words(preview))
    # An empty section is not shown to anybody.
    assert "Dette gjør vi videre" not in text(read)
    assert TALKED in words(read)


def test_the_preview_is_in_the_citizen_s_language(world: World) -> None:
    world.meeting.participants.filter(role="CITIZEN").update(language="nn")
    world.save()
    page = world.staff().get(url(world, "share/")).content.decode()
    assert '<article class="nm-stack" lang="nn">' in page
    assert "Dette gjer vi vidare" in page


def test_after_sharing_the_page_says_when_and_whether_it_was_read(world: World) -> None:
    world.save()
    world.share()
    page = text(world.staff().get(url(world)))
    assert "Delt torsdag 21. januar 2027 kl. 11.00 av Ingrid Solberg-Test" in page
    assert "Ikke lest ennå" in page
    assert "Lagre" not in page
    world.citizen().get(own(world, "1/"))
    page = text(world.staff().get(url(world)))
    assert "Lest av innbyggeren torsdag 21. januar 2027 kl. 11.00" in page
    assert "Ikke lest ennå" not in page


def test_sharing_a_text_that_changed_since_it_was_looked_over_is_refused(world: World) -> None:
    world.save()
    client = world.staff()
    client.get(url(world, "share/"))
    save(client, world, version=1, discussed=KEPT)
    assert client.post(url(world, "share/"), {"version": 1}).status_code == 412
    assert not Version.objects.exists()


def test_sharing_twice_shares_once(world: World) -> None:
    world.save()
    client = world.staff()
    for _ in range(2):
        assert client.post(url(world, "share/"), {"version": 1}).status_code == 302
    assert Version.objects.count() == 1


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_sharing_a_broken_form_is_refused(world: World, version: str) -> None:
    world.save()
    assert world.staff().post(url(world, "share/"), {"version": version}).status_code == 400
    assert not Version.objects.exists()


def test_an_empty_draft_leads_back_to_the_editor(world: World) -> None:
    answer = world.staff().get(url(world, "share/"), follow=True)
    assert answer.redirect_chain == [(url(world), 302)]
    assert "Referatet er tomt" in text(answer)


def test_the_citizen_finds_the_version_and_reads_it_with_a_number_to_ring(world: World) -> None:
    client = world.citizen()
    assert "ikke delt noe referat" in text(client.get(own(world)))
    world.save()
    world.share()
    client = world.citizen()
    listed = client.get(own(world))
    assert "Ikke lest" in text(listed)
    assert own(world, "1/") in listed.content.decode()
    page = client.get(own(world, "1/"))
    assert TALKED in text(page)
    assert "55 55 33 33" in text(page)
    assert "Delt med deg torsdag 21. januar 2027 kl. 11.00" in text(page)
    assert Reading.objects.count() == 1
    assert world.user.name not in text(page)


def test_at_a_lower_level_the_citizen_is_led_to_step_up_and_back(world: World) -> None:
    world.save()
    world.share()
    answer = world.citizen(make.citizen_actor(world.person, Level.SUBSTANTIAL)).get(own(world, "1/"))
    assert answer.status_code == 302
    assert "level=high" in answer["Location"]
    assert str(world.invitation_id) in answer["Location"]
    assert not Reading.objects.exists()


def test_markup_in_the_text_is_text(world: World) -> None:
    client = world.staff()
    save(client, world, discussed="<script>alert(1)</script> & </textarea>")
    client.post(url(world, "share/"), {"version": 1})
    for page in (client.get(url(world)), world.citizen().get(own(world, "1/"))):
        assert "<script>alert" not in page.content.decode()
        assert "&lt;script&gt;" in page.content.decode()


def test_each_opening_by_staff_is_kept_for_the_audit_log(world: World) -> None:
    world.save()
    client = world.staff()
    for address in (url(world), url(world, "share/")):
        before = Showing.objects.count()
        client.get(address)
        assert Showing.objects.count() == before + 1


@pytest.mark.parametrize(("rest", "queries"), [("", 17), ("share/", 17)])
def test_a_page_takes_few_queries(
    world: World, django_assert_num_queries: DjangoAssertNumQueries, rest: str, queries: int
) -> None:
    world.save()
    client = world.staff()
    with django_assert_num_queries(queries):
        assert client.get(url(world, rest)).status_code == 200
