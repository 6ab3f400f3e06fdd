"""One error shape, whatever went wrong, and never a word of what was sent."""

import json
from typing import Any

import pytest
from django.test import Client, RequestFactory

from navmeet import exceptions
from navmeet.api import problems
from tests.api.doors import PRINCIPAL

pytestmark = [pytest.mark.urls("tests.api.doors")]


@pytest.fixture
def client() -> Client:
    return Client(headers={"X-Actor": str(PRINCIPAL)}, raise_request_exception=False)


def sent(client: Client, body: Any, content_type: str = "application/json") -> Any:
    content = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.generic("POST", "/open/", content, content_type=content_type)


def at_field(response: Any, field: str) -> dict[str, Any]:
    assert response.status_code == 400, response.content
    assert response["Content-Type"] == "application/problem+json"
    return next(error for error in response.json()["errors"] if error["field"] == field)


@pytest.mark.parametrize(
    ("what", "status"),
    [
        ("not_found", 404),
        ("not_permitted", 403),
        ("conflict", 409),
        ("stale", 412),
        ("precondition", 428),
        ("invalid", 400),
        ("fields", 400),
        ("unavailable", 503),
        ("http404", 404),
    ],
)
def test_each_kind_of_error_has_its_status_and_the_one_shape(client: Client, what: str, status: int) -> None:
    response = client.get(f"/raises/{what}/")
    body = response.json()
    assert response.status_code == body["status"] == status
    assert response["Content-Type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "code"} <= body.keys()
    assert b"secret" not in response.content


def test_every_domain_error_has_a_status_of_its_own_kind() -> None:
    assert problems.status_of(exceptions.Stale("x")) == 412, "Stale is a Conflict, and is looked up before it"
    assert problems.status_of(exceptions.PreconditionMissing("x")) == 428
    assert problems.status_of(problems.KeyReused("x")) == 422


def test_somebody_who_did_not_answer_is_a_503_that_says_when_to_come_back(client: Client) -> None:
    assert client.get("/raises/unavailable/")["Retry-After"] == "5"


def test_several_fields_are_told_at_once_in_order(client: Client) -> None:
    body = client.get("/raises/fields/").json()
    assert [error["field"] for error in body["errors"]] == ["theme", "day"]


def test_public_facts_to_act_on_stand_under_extra(client: Client) -> None:
    assert client.get("/raises/conflict/").json()["extra"] == {"free": ["2027-01-01T10:00:00Z"]}


def test_what_nobody_foresaw_is_a_500_without_details() -> None:
    request = RequestFactory().get("/api/v1/meetings/")
    response = problems.as_http(RuntimeError("holds 01819012345"), request)
    assert response.status_code == 500
    assert b"01819012345" not in response.content
    assert json.loads(response.content)["code"] == "error"


def test_nobody_known_is_a_401_and_not_a_403(client: Client) -> None:
    response = Client().post("/open/", {}, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")
    assert response["WWW-Authenticate"] == "Session"


def test_a_wrong_method_and_a_wrong_media_type_are_problems_too(client: Client) -> None:
    assert client.get("/open/").json()["code"] == "method_not_allowed"
    assert sent(client, "a=b", "application/x-www-form-urlencoded").status_code == 415


@pytest.mark.parametrize(
    "body",
    [
        "{",
        b'{"theme": "\xff"}',
        '{"theme": NaN}',
        '{"theme": "a", "theme": "b"}',
        '{"the\\ud800me": "a"}',
        "[" * 100_000,
        '{"a":' * 20_000,
        "1" * 5_000,
    ],
    ids=["cut off", "not utf-8", "NaN", "twice", "a name that cannot be shown", "deep list", "deep object", "huge int"],
)
def test_what_is_not_json_as_we_promise_it_is_a_400(client: Client, body: str | bytes) -> None:
    response = sent(client, body)
    assert (response.status_code, response.json()["code"]) == (400, "malformed")


def test_more_than_256_kilobytes_are_not_read(client: Client) -> None:
    assert sent(client, {"theme": "a" * 300_000}).status_code == 413


@pytest.mark.parametrize("body", [[], '"text"', 7, None])
def test_anything_but_an_object_is_refused(client: Client, body: Any) -> None:
    response = sent(client, body)
    assert (response.status_code, response.json()["code"]) == (400, "invalid")


def test_an_unknown_field_is_refused_by_name(client: Client) -> None:
    assert at_field(sent(client, {"theme": "a", "them": "b"}), "them")["code"] == "unknown_field"


def test_a_missing_field_is_named(client: Client) -> None:
    assert at_field(sent(client, {}), "theme")["detail"] == "Dette feltet må være med."


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\u202e", "\u2066", "\x85", "\u2028", "\n"])
def test_characters_that_cannot_be_used_are_refused_at_the_field(client: Client, character: str) -> None:
    assert at_field(sent(client, {"theme": f"a{character}b"}), "theme")["code"] == "forbidden_characters"


def test_a_lone_surrogate_is_refused_wherever_it_stands(client: Client) -> None:
    assert at_field(sent(client, '{"theme": "a\\ud800"}'), "theme")["code"] == "forbidden_characters"
    assert at_field(sent(client, '{"theme": "a", "format": "\\ud800"}'), "format")["code"] == "invalid_choice"
    assert at_field(sent(client, '{"theme": "a", "person": "\\ud800"}'), "person")["code"] == "invalid"
    assert at_field(sent(client, '{"theme": "a", "day": "\\ud800"}'), "day")["code"] == "invalid"


def test_a_text_is_trimmed_and_measured_after_that(client: Client) -> None:
    assert sent(client, {"theme": "  " + "å" * 100 + "\t "}).json()["theme"] == "å" * 100
    error = at_field(sent(client, {"theme": "å" * 101}), "theme")
    assert (error["code"], error["detail"]) == ("max_length", "Teksten kan ha høyst 100 tegn. Den har 101.")


def test_line_breaks_are_kept_where_they_belong_and_made_one_kind(client: Client) -> None:
    assert sent(client, {"theme": "a", "purpose": "x\r\ny\rz"}).json()["purpose"] == "x\ny\nz"


@pytest.mark.parametrize("blank", ["", "   ", "\n"])
def test_a_text_of_nothing_is_refused(client: Client, blank: str) -> None:
    assert at_field(sent(client, {"theme": blank}), "theme")["code"] == "blank"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("minutes", 14),
        ("minutes", 451),
        ("minutes", 10**400),
        ("minutes", "20"),
        ("minutes", True),
        ("minutes", 20.5),
        ("format", "PHONE"),
        ("format", ["VIDEO"]),
        ("day", "28.3.2027"),
        ("day", 5),
        ("clock", "25:00"),
        ("clock", "10:00+02:00"),
        ("moment", "2027-03-28T10:00:00"),
        ("moment", "9999-12-31T23:59:59-14:00"),
        ("moment", "2027-03-28"),
        ("person", "1"),
        ("person", 5),
        ("is_sure", "yes"),
        ("is_sure", 1),
        ("parts", "a"),
        ("parts", [{"words": "a"}] * 3),
        ("theme", None),
        ("theme", ["a"]),
        ("theme", {"a": 1}),
        ("theme", True),
    ],
)
def test_a_value_that_cannot_be_used_is_told_at_its_field(client: Client, field: str, value: Any) -> None:
    error = at_field(sent(client, {"theme": "a"} | {field: value}), field)
    assert error["detail"], error
    assert not set("{}") & set(error["detail"] or ""), "a template that nobody filled in"


def test_an_error_deep_inside_is_named_by_its_path(client: Client) -> None:
    response = sent(client, {"theme": "a", "parts": [{"words": "a"}, {"words": "a" * 11}]})
    assert at_field(response, "parts.1.words")["code"] == "max_length"


def test_good_input_goes_through(client: Client) -> None:
    body = {
        "theme": "Oppfølging",
        "minutes": 15,
        "format": "VIDEO",
        "day": "2027-03-28",
        "clock": "10:30",
        "moment": "2027-03-28T10:30:00+02:00",
        "person": str(PRINCIPAL),
        "is_sure": False,
        "parts": [{"words": "a"}],
    }
    response = sent(client, body)
    assert response.status_code == 200, response.content
    assert response.json() == body


@pytest.mark.parametrize(
    ("given", "status"), [(None, 428), ("3", 400), ('W/"3"', 400), ("*", 400), ('"0"', 400), ('"x"', 400)]
)
def test_a_change_demands_the_version_that_was_seen(client: Client, given: str | None, status: int) -> None:
    headers = {} if given is None else {"If-Match": given}
    response = client.put("/change/", {}, content_type="application/json", headers=headers)
    assert (response.status_code, response.json()["field"]) == (status, "If-Match")


def test_a_version_that_was_seen_is_passed_on(client: Client) -> None:
    response = client.put("/change/", {}, content_type="application/json", headers={"If-Match": '"3"'})
    assert response.json() == {"version": 3}
