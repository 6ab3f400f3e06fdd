"""What was typed is not lost, whatever became of the session meanwhile."""

import re
from html import unescape

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpResponse

from tests.accounts import browser
from tests.accounts.browser import INGRID, KARI
from tests.accounts.doors import STORED

pytestmark = pytest.mark.usefixtures("logins")
TYPED = 'Vi snakker om <jobb> & "kurs".\r\nTa med papirer.'


def refilled(page: HttpResponse) -> dict[str, str]:
    """The fields of the form on the page, as a browser would send them."""
    text = page.content.decode()
    form = text[text.index("nm-form") :]
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    written = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n([^<]*)</textarea>', form)
    return {name: unescape(value) for name, value in [*hidden, *written]}


def shown(text: str, name: str) -> tuple[str, str]:
    """The label of a field, and what a person reads in it."""
    found = re.search(rf'<(textarea|select)[^>]* id="([^"]+)" name="{name}"[^>]*>(.*?)</\1>', text, re.DOTALL)
    assert found, name
    label = re.search(rf'<label[^>]* for="{found[2]}">([^<]+)</label>', text)
    chosen = re.search(r"selected>([^<]+)<", found[3])
    return unescape(label[1] if label else ""), unescape(chosen[1] if chosen else found[3].strip())


@pytest.mark.usefixtures("staff")
class TestStaff:
    def test_a_lost_session_gives_the_same_form_filled_in_and_stores_nothing(self, somebody: browser.Person) -> None:
        somebody.logs_in(INGRID)
        page = somebody.get("/raises/conflict/")
        Session.objects.all().delete()
        again = somebody.send("/?week=2", page, words=TYPED, version="7")
        assert again.status_code == 401
        fields = refilled(again)
        assert fields.pop("csrfmiddlewaretoken")
        assert fields == {"words": TYPED, "version": "7"}
        assert 'action="/?week=2"' in again.content.decode()
        assert "Hva gjelder det?" in again.content.decode()
        assert STORED == []

    def test_logging_in_in_another_tab_makes_the_next_press_count(self, somebody: browser.Person) -> None:
        somebody.logs_in(INGRID)
        page = somebody.get("/raises/conflict/")
        Session.objects.all().delete()
        again = somebody.send("/", page, words=TYPED)
        somebody.logs_in(INGRID)
        assert somebody.client.post("/", refilled(again)).content.decode() == "lagret"
        assert STORED == [TYPED]

    def test_the_page_that_was_open_all_the_while_works_after_logging_in_again(self, somebody: browser.Person) -> None:
        somebody.logs_in(INGRID)
        page = somebody.get("/raises/conflict/")
        Session.objects.all().delete()
        somebody.logs_in(INGRID)
        assert somebody.send("/", page, words=TYPED).content.decode() == "lagret"

    def test_after_logging_out_elsewhere_the_form_comes_back_with_a_token_that_is_good(
        self, somebody: browser.Person
    ) -> None:
        somebody.logs_in(INGRID)
        page = somebody.get("/raises/conflict/")
        somebody.send("/logout/", page)
        again = somebody.send("/", page, words=TYPED)
        assert again.status_code == 403
        assert refilled(again)["words"] == TYPED
        assert "Hva gjelder det?" in again.content.decode(), "to be read and copied, not sent along unseen"
        assert STORED == []
        somebody.logs_in(INGRID)
        assert somebody.client.post("/", refilled(again)).content.decode() == "lagret"

    def test_without_a_token_nothing_is_stored(self, somebody: browser.Person) -> None:
        somebody.logs_in(INGRID)
        assert somebody.client.post("/", {"words": TYPED}).status_code == 403
        assert STORED == []

    def test_a_null_byte_in_a_lost_form_is_no_error(self, somebody: browser.Person) -> None:
        page = somebody.get("/raises/conflict/")
        somebody.logs_in(INGRID)
        page = somebody.get("/raises/conflict/")
        Session.objects.all().delete()
        again = somebody.send("/", page, words="a\x00b")
        assert (again.status_code, refilled(again)["words"]) == (401, "ab")

    def test_what_was_chosen_stands_in_the_words_of_the_form_not_in_codes(self, somebody: browser.Person) -> None:
        somebody.logs_in(INGRID)
        page = somebody.get("/raises/conflict/")
        Session.objects.all().delete()
        guest = {"guests-2-name": "Lise", "guests-2-role": "DOCTOR", "guests-3-name": "", "guests-x-name": "X"}
        again = somebody.send("/", page, words=TYPED, how="PHONE", sure="on", version="7", guests="3", **guest)
        text = again.content.decode()
        assert shown(text, "how") == ("Møteform", "Telefonmøte")
        assert shown(text, "guests-2-name") == ("Gjest 2: Navn", "Lise")
        assert shown(text, "guests-2-role") == ("Gjest 2: Hvem er det?", "Lege")
        assert re.search(r'type="checkbox"[^>]* name="sure" value="on" checked', text)
        for unseen in ("guests", "guests-3-name", "guests-x-name", "version"):
            assert f'<input type="hidden" name="{unseen}"' in text
        strange = somebody.send("/", again, words=TYPED, how="<FAX>").content.decode()
        assert '<option value="&lt;FAX&gt;" selected>&lt;FAX&gt;</option>' in strange

    def test_a_part_of_a_page_is_told_in_its_place(self, somebody: browser.Person) -> None:
        part = somebody.get("/", **{"HX-Request": "true"})
        assert part.status_code == 401
        assert part.content.decode().startswith('<p role="alert">')


@pytest.mark.usefixtures("citizen")
def test_a_citizen_is_sent_back_to_their_own_form_too(somebody: browser.Person) -> None:
    somebody.logs_in(KARI)
    page = somebody.get("/raises/conflict/")
    Session.objects.all().delete()
    again = somebody.send("/my/", page, words=TYPED)
    assert refilled(again)["words"] == TYPED
    somebody.logs_in(KARI)
    assert somebody.client.post("/my/", refilled(again)).content.decode() == "lagret"
