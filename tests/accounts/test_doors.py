"""Each page and endpoint is for those it names, and for nobody else."""

from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from navmeet import clock
from navmeet.accounts import sessions
from navmeet.accounts.actor import Actor, ActorKind, Level
from tests.accounts.browser import SUBSTANTIAL, token_in
from tests.accounts.doors import everybody, minutes, my, staff_note


def enter(client: Client, kind: ActorKind, level: Level = Level.NONE) -> Actor:
    """A session as logging in makes it, without the issuer."""
    actor = Actor(kind=kind, id=uuid4(), level=level, office="0299", nav_ident="Z990001")
    session = client.session
    sessions.begin(session, actor, name="Ingrid", id_token="x", at=clock.now())
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
    return actor


def test_every_door_says_whom_it_is_for() -> None:
    said = [getattr(view, "callers", None) for view in (staff_note, my, minutes, everybody)]
    assert said == ["staff", "citizen", "citizen at level high", "open"]


@pytest.mark.usefixtures("staff")
class TestStaffSurface:
    def test_nobody_is_led_to_log_in(self, client: Client) -> None:
        assert client.get("/")["Location"] == "/login/?next=%2F"
        assert client.get("/open/").content.decode() == "åpent"

    def test_pages_of_citizens_are_not_there(self, client: Client) -> None:
        enter(client, ActorKind.CASEWORKER)
        assert client.get("/my/").status_code == 404

    def test_the_api_lets_in_whom_it_names(self, client: Client) -> None:
        assert client.get("/api/v1/staff/").status_code == 401
        actor = enter(client, ActorKind.CASEWORKER)
        assert client.get("/api/v1/staff/").json() == {"actor": str(actor.id)}
        assert client.get("/api/v1/my/").status_code == 403
        assert client.get("/api/v1/high/").status_code == 403

    def test_an_endpoint_that_names_nobody_is_for_nobody(self, client: Client) -> None:
        enter(client, ActorKind.CASEWORKER)
        assert client.get("/api/v1/forgotten/").status_code == 403

    def test_an_adviser_is_no_caseworker(self, client: Client) -> None:
        enter(client, ActorKind.ADVISER)
        assert client.get("/").status_code == 200
        assert client.get("/api/v1/staff/").status_code == 403

    def test_the_api_demands_a_token_where_something_changes(self) -> None:
        client = Client(enforce_csrf_checks=True)
        enter(client, ActorKind.CASEWORKER)
        refused = client.post("/api/v1/staff/", {}, content_type="application/json")
        assert (refused.status_code, refused.json()["code"]) == (403, "csrf_failed")
        token = token_in(client.get("/raises/conflict/"))  # type: ignore[arg-type]
        sent = client.post("/api/v1/staff/", {}, content_type="application/json", headers={"X-CSRFToken": token})
        assert sent.status_code == 200

    def test_who_acts_costs_one_query(self, client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        enter(client, ActorKind.CASEWORKER)
        with django_assert_num_queries(1):
            client.get("/")

    def test_a_session_that_was_tampered_with_opens_nothing(self, client: Client) -> None:
        enter(client, ActorKind.CASEWORKER)
        session = client.session
        session["id"] = str(uuid4())
        session.save()
        assert client.get("/").status_code == 302


@pytest.mark.usefixtures("citizen")
class TestCitizenSurface:
    def test_a_caseworkers_session_never_works_here(self, client: Client) -> None:
        enter(client, ActorKind.CASEWORKER)
        assert client.get("/").status_code == 404
        assert client.get("/my/").status_code == 302
        assert client.get("/api/v1/staff/").status_code == 403
        assert client.get("/api/v1/my/").status_code == 403

    def test_a_citizen_is_let_in_to_their_own(self, client: Client) -> None:
        actor = enter(client, ActorKind.CITIZEN, Level(SUBSTANTIAL))
        assert client.get("/api/v1/my/").json() == {"actor": str(actor.id)}

    def test_minutes_ask_the_api_for_a_step_up(self, client: Client) -> None:
        enter(client, ActorKind.CITIZEN, Level.SUBSTANTIAL)
        refused = client.get("/api/v1/high/")
        assert (refused.status_code, refused.json()["code"]) == (403, "step_up_needed")
        enter(client, ActorKind.CITIZEN, Level.HIGH)
        assert client.get("/api/v1/high/").status_code == 200

    def test_a_login_without_a_level_opens_nothing(self, client: Client) -> None:
        enter(client, ActorKind.CITIZEN, Level.NONE)
        assert client.get("/my/").status_code == 302
        assert client.get("/api/v1/my/").status_code == 403
