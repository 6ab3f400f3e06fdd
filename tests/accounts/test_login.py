"""Logging in and out against the real issuers: what must work, and everything that must not."""

import json
import re
from datetime import timedelta
from urllib.parse import urlencode
from uuid import uuid4

import httpx
import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from pytest_django import Settings

from navmeet import clock
from navmeet.accounts import sessions
from navmeet.accounts.actor import Actor, ActorKind, Level
from navmeet.accounts.models import User
from navmeet.people.models import Identity, Person
from navmeet.protect.columns import blind_index
from tests.accounts import browser
from tests.accounts.browser import AMINA, HIGH, INGRID, KARI, SUBSTANTIAL, query_of

pytestmark = pytest.mark.usefixtures("logins")


def known(number: str, name: str = "Kari Testdal") -> Person:
    person = Person(registers_asked_at=clock.now(), created_at=clock.now(), language="nn")
    person.name = name
    person.save()
    identity = Identity(person=person, number_index=blind_index(number))
    identity.number = number
    identity.save()
    return person


@pytest.mark.usefixtures("staff")
class TestStaff:
    def test_an_employee_who_logs_in_comes_to_the_page_they_asked_for(self, somebody: browser.Person) -> None:
        knocked = somebody.get("/?week=3")
        assert (knocked.status_code, knocked["Location"]) == (302, "/login/?next=%2F%3Fweek%3D3")
        back = somebody.logs_in(INGRID, knocked["Location"])
        assert (back.status_code, back["Location"]) == (302, "/?week=3")
        user = User.objects.get()
        assert (user.nav_ident, user.name, user.office) == ("Z990001", "Ingrid Solberg-Test", "0299")
        assert somebody.get("/").content.decode() == f"Actor(CASEWORKER, {user.pk}) Ingrid Solberg-Test"

    def test_the_issuer_is_asked_with_pkce_a_state_and_a_nonce_that_are_never_the_same(
        self, somebody: browser.Person
    ) -> None:
        first, second = query_of(somebody.asks()), query_of(somebody.asks())
        assert first["code_challenge_method"] == "S256"
        assert first["response_type"] == "code"
        for name in ("state", "nonce", "code_challenge"):
            assert len(first[name]) >= 32
            assert first[name] != second[name]

    def test_two_tabs_can_log_in_at_once(self, somebody: browser.Person) -> None:
        one, two = somebody.asks("/login/?next=/open/"), somebody.asks("/login/?next=/my/")
        assert somebody.get(somebody.at_issuer(one, INGRID))["Location"] == "/open/"
        assert somebody.get(somebody.at_issuer(two, INGRID))["Location"] == "/my/"

    def test_a_state_that_this_browser_did_not_begin_is_refused_with_a_way_on(self, somebody: browser.Person) -> None:
        back = somebody.at_issuer(somebody.asks(), INGRID)
        stranger = browser.Person()
        refused = stranger.get(back)
        stranger.close()
        assert refused.status_code == 400
        assert 'href="/login/?next=%2F"' in refused.content.decode()
        assert not Session.objects.exists()

    def test_a_state_changed_on_the_way_is_refused(self, somebody: browser.Person) -> None:
        path, _, query = somebody.at_issuer(somebody.asks(), INGRID).partition("?")
        said = query_of(f"?{query}")
        # The first letters name the cookie; the rest is checked too.
        said["state"] = said["state"][:-1] + ("a" if said["state"][-1] != "a" else "b")
        assert somebody.get(f"{path}?{urlencode(said)}").status_code == 400

    def test_a_token_with_another_nonce_is_refused(
        self, somebody: browser.Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        url = somebody.asks()
        nonce = query_of(url)["nonce"]
        back = somebody.at_issuer(url.replace(nonce, "b" * len(nonce)), INGRID)
        assert somebody.get(back).status_code == 403
        assert not User.objects.exists()

    def test_another_verifier_is_refused_by_the_issuer(self, somebody: browser.Person) -> None:
        url = somebody.asks()
        challenge = query_of(url)["code_challenge"]
        back = somebody.at_issuer(url.replace(challenge, "c" * len(challenge)), INGRID)
        assert somebody.get(back).status_code == 403

    def test_a_callback_opened_twice_leads_on_and_changes_nothing(self, somebody: browser.Person) -> None:
        back = somebody.at_issuer(somebody.asks(), INGRID)
        somebody.get(back)
        key = somebody.client.cookies["__Host-staff"].value
        again = somebody.get(back)
        assert (again.status_code, again["Location"]) == (302, "/")
        assert somebody.client.cookies["__Host-staff"].value == key

    def test_a_callback_replayed_with_its_cookie_gets_nothing(self, somebody: browser.Person) -> None:
        url = somebody.asks()
        thief = browser.Person()
        for name, cookie in somebody.client.cookies.items():
            thief.client.cookies[name] = cookie.value
        back = somebody.at_issuer(url, INGRID)
        somebody.get(back)
        assert thief.get(back).status_code == 403
        thief.close()

    def test_logging_in_gives_a_new_session_and_nothing_of_the_old_one_survives(self, somebody: browser.Person) -> None:
        somebody.logs_in(INGRID)
        before = somebody.client.session
        before["left_over"] = "x"
        before.save()
        somebody.there.cookies.clear()
        somebody.get(somebody.at_issuer(somebody.asks("/login/?prompt=login"), AMINA))
        after = somebody.client.session
        assert after.session_key != before.session_key
        assert "left_over" not in after
        assert not Session.objects.filter(pk=before.session_key).exists()
        assert "Amina" in somebody.get("/").content.decode()

    def test_a_session_holds_no_name_and_no_token_in_the_clear(self, somebody: browser.Person) -> None:
        somebody.logs_in(AMINA)
        held = dict(somebody.client.session.items())
        text = json.dumps(held)
        assert "Amina" not in text
        # A token is header.claims.signature; three letters alone may stand in anything sealed.
        assert not re.search(r"eyJ[\w-]{10,}\.eyJ", text)
        assert set(held["groups"]) <= set(AMINA.groups)

    def test_an_employee_without_the_group_is_told_so_and_gets_no_session(
        self, somebody: browser.Person, settings: Settings
    ) -> None:
        settings.GROUP_CASEWORKER = "another"
        refused = somebody.logs_in(INGRID)
        assert refused.status_code == 403
        assert "Be lederen din om tilgang" in refused.content.decode()
        assert not User.objects.exists()
        assert not Session.objects.exists()

    def test_an_adviser_comes_in_as_an_adviser(self, somebody: browser.Person, settings: Settings) -> None:
        settings.GROUP_ADVISER, settings.GROUP_CASEWORKER = settings.GROUP_CASEWORKER, "another"
        somebody.logs_in(INGRID)
        assert somebody.get("/").content.decode().startswith("Actor(ADVISER")

    @pytest.mark.parametrize("has_the_group", [True, False])
    def test_each_login_says_anew_whether_one_is_a_caseworker(
        self, somebody: browser.Person, settings: Settings, has_the_group: bool
    ) -> None:
        user = User(nav_ident="Z990001", office="0299", is_caseworker=not has_the_group)
        user.name = "Ingrid"
        user.save()
        if not has_the_group:
            settings.GROUP_ADVISER, settings.GROUP_CASEWORKER = settings.GROUP_CASEWORKER, "another"
        somebody.logs_in(INGRID)
        user.refresh_from_db()
        assert user.is_caseworker == has_the_group

    def test_an_employee_of_no_office_we_know_is_told_so(self, somebody: browser.Person, settings: Settings) -> None:
        settings.OFFICE_GROUPS = {}
        assert somebody.logs_in(INGRID).status_code == 403

    def test_a_name_and_an_office_are_refreshed_at_each_login(self, somebody: browser.Person) -> None:
        user = User(nav_ident="Z990001", office="0100")
        user.name = "Gammelt Navn"
        user.save()
        somebody.logs_in(INGRID)
        user.refresh_from_db()
        assert (user.name, user.office) == ("Ingrid Solberg-Test", "0299")

    def test_somebody_shut_out_gets_no_session(self, somebody: browser.Person) -> None:
        user = User(nav_ident="Z990001", office="0299", is_active=False)
        user.name = "Ingrid"
        user.save()
        assert somebody.logs_in(INGRID).status_code == 403
        assert not Session.objects.exists()

    def test_cancelling_at_the_issuer_leads_to_a_page_that_says_so(self, somebody: browser.Person) -> None:
        back = somebody.at_issuer(somebody.asks("/login/?next=/open/"), None)
        assert "error=access_denied" in back
        refused = somebody.get(back)
        assert "Du avbrøt" in refused.content.decode()
        assert "/login/?next=%2Fopen%2F" in refused.content.decode()

    def test_logging_out_ends_it_here_and_at_the_issuer(self, somebody: browser.Person) -> None:
        somebody.logs_in(INGRID)
        page = somebody.get("/raises/conflict/")
        leaving = somebody.send("/logout/", page)
        url = leaving.context["url"]  # type: ignore[attr-defined]
        assert not Session.objects.exists()
        said = query_of(url)
        assert said["post_logout_redirect_uri"] == "http://testserver/logged-out/"
        _confirm_logout(somebody.there, url)
        assert "error=login_required" in somebody.at_issuer(somebody.asks("/login/?prompt=none"), None)

    def test_without_logging_out_the_issuer_still_knows_them(self, somebody: browser.Person) -> None:
        somebody.logs_in(INGRID)
        assert "code=" in somebody.at_issuer(somebody.asks("/login/?prompt=none"), None)

    def test_logging_out_twice_is_no_error(self, somebody: browser.Person) -> None:
        somebody.logs_in(INGRID)
        page = somebody.get("/raises/conflict/")
        somebody.send("/logout/", page)
        again = somebody.send("/logout/", page)
        assert (again.status_code, again["Location"]) == (302, "/logged-out/")
        assert "Du er logget ut" in somebody.get("/logged-out/").content.decode()

    @pytest.mark.parametrize(
        "address",
        ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/login/", "/a\nb", "x"],
    )
    def test_nobody_is_sent_on_to_another_site(self, somebody: browser.Person, address: str) -> None:
        back = somebody.logs_in(INGRID, "/login/?" + urlencode({"next": address}))
        assert back["Location"] == "/"

    def test_who_is_logged_in_already_goes_straight_on(self, somebody: browser.Person) -> None:
        somebody.logs_in(INGRID)
        assert somebody.get("/login/?next=/open/")["Location"] == "/open/"

    def test_an_issuer_that_is_down_gives_a_page_that_says_so(
        self, somebody: browser.Person, settings: Settings
    ) -> None:
        settings.AZURE_APP_WELL_KNOWN_URL = "http://127.0.0.1:1/.well-known/openid-configuration"
        down = somebody.get("/login/")
        assert down.status_code == 503
        assert down["Retry-After"]
        assert "innloggingen for ansatte" in down.content.decode()


@pytest.mark.usefixtures("citizen")
class TestCitizens:
    def test_a_citizen_is_found_by_number_and_the_number_goes_no_further(self, somebody: browser.Person) -> None:
        person = known(KARI.number)
        assert somebody.logs_in(KARI, "/login/?next=/my/")["Location"] == "/my/"
        assert somebody.get("/my/").content.decode() == f"Actor(CITIZEN, {person.pk}) Kari Testdal"
        assert KARI.number not in json.dumps(dict(somebody.client.session.items()))

    def test_a_doctor_who_has_read_with_a_code_logs_in_as_a_citizen_like_anybody(
        self, somebody: browser.Person, settings: Settings
    ) -> None:
        session = SessionStore()
        doctor = Actor(kind=ActorKind.PARTNER, id=uuid4(), level=Level.CODE)
        sessions.begin(session, doctor, name="Lise Legesen", id_token="", at=clock.now())
        session.save()
        somebody.client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
        person = known(KARI.number)
        assert somebody.logs_in(KARI, "/login/?next=/my/")["Location"] == "/my/"
        assert somebody.get("/my/").content.decode() == f"Actor(CITIZEN, {person.pk}) Kari Testdal"

    def test_a_historic_number_finds_the_person_too(self, somebody: browser.Person) -> None:
        person = known("59817910070", "John")
        identity = Identity(person=person, number_index=blind_index(KARI.number), is_current=False)
        identity.number = KARI.number
        identity.save()
        somebody.logs_in(KARI)
        assert str(person.pk) in somebody.get("/my/").content.decode()

    def test_somebody_we_never_met_comes_in_and_is_not_written_down(self, somebody: browser.Person) -> None:
        other = known("05869110029")
        somebody.logs_in(KARI)
        page = somebody.get("/my/").content.decode()
        assert page.startswith("Actor(CITIZEN")
        assert str(other.pk) not in page
        assert "None" not in page
        assert Person.objects.count() == 1

    def test_a_page_for_level_high_asks_for_a_step_up_and_gets_it(self, somebody: browser.Person) -> None:
        known(KARI.number)
        somebody.logs_in(KARI, level=SUBSTANTIAL)
        knocked = somebody.get("/my/minutes/")
        assert knocked["Location"] == "/login/?next=%2Fmy%2Fminutes%2F&level=high"
        url = somebody.asks(knocked["Location"])
        assert query_of(url)["acr_values"] == HIGH
        assert somebody.get(somebody.at_issuer(url, KARI))["Location"] == "/my/minutes/"
        assert somebody.get("/my/minutes/").content.decode() == f"referat {HIGH}"

    def test_a_step_up_answered_at_the_lower_level_is_refused(self, somebody: browser.Person) -> None:
        known(KARI.number)
        url = somebody.asks("/login/?level=high&next=/my/minutes/")
        refused = somebody.get(somebody.at_issuer(url.replace(HIGH, SUBSTANTIAL), KARI, SUBSTANTIAL))
        assert refused.status_code == 403
        assert "høyere nivå" in refused.content.decode()

    def test_the_issuer_is_asked_in_the_persons_language(self, somebody: browser.Person) -> None:
        assert query_of(somebody.asks())["ui_locales"] == "nb"
        assert query_of(somebody.asks("/login/?ui_locales=nn"))["ui_locales"] == "nn"
        assert query_of(somebody.asks("/login/?ui_locales=xx"))["ui_locales"] == "nb"

    def test_the_pages_speak_the_persons_language_until_another_is_chosen(self, somebody: browser.Person) -> None:
        known(KARI.number)
        somebody.logs_in(KARI)
        page = somebody.get("/raises/conflict/")
        assert page["Content-Language"] == "nn"
        chosen = somebody.send("/language/", page, language="en", next="/my/")
        assert chosen["Location"] == "/my/"
        assert somebody.get("/my/")["Content-Language"] == "en"

    def test_a_session_ends_an_hour_after_the_last_visit(
        self, somebody: browser.Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        known(KARI.number)
        somebody.logs_in(KARI)
        began = clock.now()
        for minutes in (40, 95):
            monkeypatch.setattr(clock, "now", lambda m=minutes: began + timedelta(minutes=m))
            assert somebody.get("/my/").status_code == 200
        monkeypatch.setattr(clock, "now", lambda: began + timedelta(minutes=156))
        assert somebody.get("/my/").status_code == 302
        assert not Session.objects.exists()

    def test_a_session_ends_after_six_hours_however_busy(
        self, somebody: browser.Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        known(KARI.number)
        somebody.logs_in(KARI)
        began = clock.now()
        for minutes in range(50, 360, 50):
            monkeypatch.setattr(clock, "now", lambda m=minutes: began + timedelta(minutes=m))
            assert somebody.get("/my/").status_code == 200
        monkeypatch.setattr(clock, "now", lambda: began + timedelta(minutes=361))
        assert somebody.get("/my/").status_code == 302

    def test_a_session_of_one_surface_opens_nothing_at_the_other(
        self, somebody: browser.Person, settings: Settings
    ) -> None:
        known(KARI.number)
        somebody.logs_in(KARI)
        key = somebody.client.cookies["__Host-citizen"].value
        settings.SURFACE, settings.SESSION_COOKIE_NAME = "staff", "__Host-staff"
        thief = browser.Person()
        thief.client.cookies["__Host-staff"] = key
        assert thief.get("/").status_code == 302
        assert thief.get("/api/v1/staff/").status_code == 401
        thief.close()


def _confirm_logout(there: httpx.Client, url: str) -> None:
    """The issuer's own page of log-out, which presses its button by itself in a browser."""
    import re
    from html import unescape

    page = there.get(url)
    assert page.status_code == 200, page.text
    action = re.search(r'action="([^"]+)"', page.text)
    secret = re.search(r'name="xsrf" value="([^"]+)"', page.text)
    assert action
    assert secret
    done = there.post(unescape(action[1]), data={"xsrf": secret[1], "logout": "yes"})
    assert done.headers["Location"].startswith("http://testserver/logged-out/")
