"""Whatever goes wrong is a page that says so; at the API a problem. Never a stack trace, never the reason inside."""

import pytest
from django.db import OperationalError
from django.test import Client

from navmeet.accounts.actor import ActorKind
from tests.accounts.test_doors import enter


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize(
    ("what", "status", "words"),
    [
        ("not-found", 404, "Møtet finnes ikke."),
        ("not-permitted", 403, "Det er ikke ditt møte."),
        ("conflict", 409, "Møtet er alt avlyst."),
        ("stale", 412, "Noen har endret møtet."),
        ("away", 503, "Registeret svarer ikke."),
        ("database", 503, "Vi får ikke tak i opplysningene"),
        ("characters", 400, "tegn i det du sendte"),
        ("bug", 500, "Noe gikk galt hos oss"),
    ],
)
def test_an_error_becomes_a_page_with_its_words_and_nothing_else(
    client: Client, what: str, status: int, words: str
) -> None:
    page = client.get(f"/raises/{what}/")
    text = page.content.decode()
    assert (page.status_code, words in text) == (status, True)
    for hidden in ("10.0.0.1", "Kari", "12838410047", "Traceback", "RuntimeError"):
        assert hidden not in text
    assert ("Retry-After" in page) == (status == 503)


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize(("what", "status"), [("conflict", 409), ("database", 503), ("bug", 500), ("characters", 400)])
def test_the_api_answers_with_a_problem(client: Client, what: str, status: int) -> None:
    enter(client, ActorKind.CASEWORKER)
    answer = client.get(f"/api/v1/raises/{what}/")
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert answer.json()["request_id"] == answer["X-Request-ID"]
    assert b"Kari" not in answer.content


@pytest.mark.usefixtures("staff")
def test_an_address_that_is_not_there_is_not_repeated(client: Client) -> None:
    page = client.get("/no/such/thing-12838410047/")
    assert page.status_code == 404
    assert b"12838410047" not in page.content
    problem = client.get("/api/v1/no/")
    assert (problem.status_code, problem.json()["code"]) == (404, "not_found")


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize("address", ["/open/?next=%00", "/open/a%00b/", "/login/?next=%00&state=%00"])
def test_a_null_byte_in_an_address_gives_a_page_that_says_so(client: Client, address: str) -> None:
    assert client.get(address).status_code == 400


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize(
    "query", ["?state=x&code=y", "?state=%C3%A6%0D%0A&code=1", "", "?error=x", "?state=" + "a" * 5000]
)
def test_a_callback_out_of_nowhere_is_no_error(client: Client, query: str) -> None:
    page = client.get(f"/login/callback/{query}")
    assert (page.status_code, "Prøv igjen" in page.content.decode()) == (400, True)


@pytest.mark.usefixtures("staff")
def test_a_database_that_is_away_before_any_view_is_told_as_such(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise OperationalError("no route to host 10.0.0.1")

    monkeypatch.setattr("navmeet.accounts.sessions.find", away)
    page = client.get("/")
    assert (page.status_code, page["Retry-After"]) == (503, "5")
    assert client.get("/api/v1/staff/").json()["code"] == "database"


@pytest.mark.usefixtures("citizen")
def test_a_verb_that_asks_for_a_higher_level_leads_to_the_step_up(client: Client) -> None:
    assert client.get("/raises/step-up/")["Location"] == "/login/?next=%2Fraises%2Fstep-up%2F&level=high"


@pytest.mark.usefixtures("staff")
def test_too_many_fields_and_another_host_are_refused_with_a_page(client: Client) -> None:
    assert client.post("/", {f"f{number}": "x" for number in range(1100)}).status_code == 400
    assert client.get("/open/", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.usefixtures("staff")
def test_a_script_on_a_page_that_asks_for_json_gets_it(client: Client) -> None:
    answer = client.get("/raises/stale/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["detail"]) == (412, "Noen har endret møtet.")
    assert b"<h1>" in client.get("/raises/stale/", headers={"Accept": "*/*"}).content


@pytest.mark.usefixtures("staff")
def test_too_much_text_is_told_so(client: Client) -> None:
    page = client.post("/", {"words": "a" * 300_000})
    assert (page.status_code, "Det ble for mye" in page.content.decode()) == (413, True)


@pytest.mark.usefixtures("staff")
def test_an_address_that_only_takes_forms_says_so_when_it_is_opened(client: Client) -> None:
    page = client.get("/logout/")
    text = page.content.decode()
    assert (page.status_code, page["Allow"]) == (405, "POST")
    assert "<h1>Denne adressen kan ikke åpnes direkte</h1>" in text
    assert 'href="/"' in text
    asked = client.get("/logout/", headers={"Accept": "application/json"})
    assert (asked.status_code, asked.json()["code"], asked["Allow"]) == (405, "method_not_allowed", "POST")


@pytest.mark.usefixtures("staff")
def test_the_api_refuses_a_method_with_a_problem(client: Client) -> None:
    enter(client, ActorKind.CASEWORKER)
    answer = client.delete("/api/v1/staff/")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
