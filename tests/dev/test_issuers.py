"""The issuers are as strict as the real ones: what passes here would pass there."""

from navmeet.accounts import claims as read_claims
from navmeet.accounts.actor import ActorKind
from navmeet.dev import personas
from tests.dev.conftest import Issuers
from tests.dev.relying_party import CALLBACK, ORIGIN, NewSite

SUBSTANTIAL, HIGH = "idporten-loa-substantial", "idporten-loa-high"
KARI = "citizen-1"


def test_a_wrong_verifier_is_refused_and_the_right_one_is_too_late_afterwards(
    both_issuers: Issuers, new_site: NewSite
) -> None:
    site = new_site(both_issuers.idporten)
    code = site.authorize(person=KARI)["code"]

    assert site.exchange(code, verifier="another-verifier-" + "0123456789" * 3).status_code == 400

    other = site.authorize(person=KARI)["code"]
    assert site.exchange(other).status_code == 200
    assert site.exchange(other).status_code == 400


def test_nobody_is_logged_in_without_pkce(both_issuers: Issuers, new_site: NewSite) -> None:
    given = new_site(both_issuers.entra).authorize(code_challenge="", code_challenge_method="")

    assert given["error"] == "invalid_request"


def test_an_address_that_is_not_registered_gets_nothing(both_issuers: Issuers, new_site: NewSite) -> None:
    asked = {"client_id": "navmeet", "response_type": "code", "scope": "openid", "redirect_uri": CALLBACK + "x"}
    site = new_site(both_issuers.entra)

    answer = site.browser.get(f"{both_issuers.entra.url}/auth", params=asked)

    assert answer.status_code == 400
    assert "location" not in answer.headers


def test_idporten_tells_number_level_and_language(both_issuers: Issuers, new_site: NewSite) -> None:
    site = new_site(both_issuers.idporten)

    claims = site.claims(site.log_in(KARI, acr_values=SUBSTANTIAL, ui_locales="nn"))

    assert (claims["pid"], claims["acr"], claims["locale"]) == (personas.CITIZENS[0].number, SUBSTANTIAL, "nn")
    assert (claims["aud"], claims["iss"], claims["nonce"]) == ("navmeet", both_issuers.idporten.url, "a-nonce")
    assert claims["sub"] != claims["pid"]


def test_entra_tells_who_the_employee_is_and_their_groups(both_issuers: Issuers, new_site: NewSite) -> None:
    site = new_site(both_issuers.entra)
    amina = personas.CASEWORKERS[2]

    claims = site.claims(site.log_in(amina.oid))

    assert claims["NAVident"] == amina.nav_ident
    assert claims["groups"] == list(amina.groups)
    assert (claims["oid"], claims["name"]) == (amina.oid, amina.name)


def test_the_adviser_at_the_contact_centre_logs_in_as_one(both_issuers: Issuers, new_site: NewSite) -> None:
    site = new_site(both_issuers.entra)
    adviser = personas.ADVISERS[0]

    found = read_claims.employee(site.claims(site.log_in(adviser.oid)))

    assert (found.nav_ident, found.kind, found.offices) == (adviser.nav_ident, ActorKind.ADVISER, ("4100",))


def test_a_higher_level_asks_for_a_new_login_and_a_lower_one_does_not(both_issuers: Issuers, new_site: NewSite) -> None:
    site = new_site(both_issuers.idporten)
    site.log_in(KARI, acr_values=SUBSTANTIAL)
    assert len(site.pages) == 1

    assert site.authorize(acr_values=HIGH, prompt="none")["error"] == "login_required"
    token = site.log_in(KARI, acr_values=HIGH)
    assert len(site.pages) == 2
    assert site.claims(token)["acr"] == HIGH
    assert SUBSTANTIAL not in site.pages[1]

    assert site.claims(site.log_in(KARI, acr_values=SUBSTANTIAL))["acr"] == HIGH
    assert len(site.pages) == 2


def test_after_logging_out_somebody_must_log_in_again(both_issuers: Issuers, new_site: NewSite) -> None:
    site = new_site(both_issuers.idporten)
    token = site.log_in(KARI)
    assert "code" in site.authorize(prompt="none")

    assert site.log_out(token) == f"{ORIGIN}/logged-out/"

    assert site.authorize(prompt="none")["error"] == "login_required"


def test_two_issuers_on_one_host_do_not_overwrite_each_others_sessions(
    both_issuers: Issuers, new_site: NewSite
) -> None:
    staff = new_site(both_issuers.entra)
    citizen = new_site(both_issuers.idporten, browser=staff.browser)
    staff.log_in(personas.CASEWORKERS[0].oid)
    citizen.log_in(KARI)

    assert "code" in staff.authorize(prompt="none")
    assert "code" in citizen.authorize(prompt="none")
