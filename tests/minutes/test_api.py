"""The API of minutes: the whole happy bodies, and each way to be refused."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from invitations.models import Message, Occasion
from meetings.models import Meeting, Status
from minutes.models import Draft, Reading, Version
from navmeet.accounts.actor import Level
from navmeet.audit.models import Showing
from tests import make
from tests.minutes.conftest import World
from tests.minutes.setting import AGREED, BEFORE, NEXT, TALKED, stored

AT = "2027-01-21T11:00:00+01:00"
SECTIONS = [
    {"code": "DISCUSSED", "heading": "Dette snakket vi om", "text": TALKED},
    {"code": "AGREED", "heading": "Dette ble vi enige om", "text": AGREED},
    {"code": "NEXT", "heading": "Dette gjør vi videre", "text": NEXT},
]
INPUT = {"sections": [{"code": one["code"], "text": one["text"]} for one in SECTIONS]}


def url(world: World, rest: str = "") -> str:
    return f"/api/v1/meetings/{world.meeting.pk}/minutes/{rest}"


def own(world: World, rest: str = "") -> str:
    return f"/api/v1/my/invitations/{world.invitation_id}/minutes/{rest}"


def put(client: Client, world: World, body: Any = INPUT, match: str | None = '"0"') -> Any:
    headers = {} if match is None else {"If-Match": match}
    content = body if isinstance(body, str) else json.dumps(body)
    return client.put(url(world, "draft/"), content, content_type="application/json", headers=headers)


def share(client: Client, world: World, body: Any = None, key: str | None = "k1") -> Any:
    headers = {} if key is None else {"Idempotency-Key": key}
    return client.post(url(world, "share/"), body or {"version": 1}, content_type="application/json", headers=headers)


def test_an_unwritten_draft_is_empty_and_has_a_version(world: World) -> None:
    answer = world.staff().get(url(world, "draft/"))
    assert (answer.status_code, answer["ETag"]) == (200, '"0"')
    empty = [{**one, "text": ""} for one in SECTIONS]
    assert answer.json() == {"version": 0, "sections": empty, "saved_at": None, "saved_by": ""}


def test_a_draft_is_saved_and_read_back(world: World) -> None:
    client = world.staff()
    saved = put(client, world)
    body = {"version": 1, "sections": SECTIONS, "saved_at": AT, "saved_by": "Ingrid Solberg-Test"}
    assert (saved.status_code, saved["ETag"], saved.json()) == (200, '"1"', body)
    found = client.get(url(world, "draft/"))
    assert (found["ETag"], found.json()) == ('"1"', body)


def test_the_minutes_whole(world: World) -> None:
    world.save()
    world.share()
    world.citizen().get(own(world, "1/"))
    answer = world.staff().get(url(world))
    assert answer.status_code == 200
    assert answer.json() == {
        "draft": {"version": 1, "sections": SECTIONS, "saved_at": AT, "saved_by": "Ingrid Solberg-Test"},
        "versions": [
            {"number": 1, "sections": SECTIONS, "shared_at": AT, "shared_by": "Ingrid Solberg-Test", "read_at": AT}
        ],
        "why_not": "",
    }


def test_opening_is_kept_for_the_audit_log_and_a_refusal_is_not(world: World) -> None:
    world.staff(world.stranger).get(url(world))
    assert not Showing.objects.exists()
    world.staff().get(url(world))
    assert [(one.what, one.person_id) for one in Showing.objects.all()] == [("minutes.opened", world.person.pk)]


def test_sharing_answers_with_the_version_and_the_citizen_is_told_once(world: World) -> None:
    world.save()
    client = world.staff()
    first, again, by_another_key = share(client, world), share(client, world), share(client, world, key="k2")
    assert (first.status_code, first.json()) == (201, {"number": 1, "shared_at": AT})
    assert (again.json(), again["Idempotent-Replayed"]) == (first.json(), "true")
    assert (by_another_key.status_code, by_another_key.json()) == (201, first.json())
    assert Version.objects.count() == 1
    assert Message.objects.filter(occasion=Occasion.MINUTES_SHARED).count() == 1


def test_the_citizen_lists_and_reads(world: World) -> None:
    world.save()
    world.share()
    client = world.citizen()
    assert client.get(own(world)).json() == [{"number": 1, "shared_at": AT, "read_at": None}]
    read = client.get(own(world, "1/"))
    assert (read.status_code, read.json()) == (200, {"number": 1, "shared_at": AT, "sections": SECTIONS})
    assert client.get(own(world)).json() == [{"number": 1, "shared_at": AT, "read_at": AT}]


def test_a_head_is_no_reading(world: World) -> None:
    world.save()
    world.share()
    assert world.citizen().head(own(world, "1/")).status_code == 405
    assert not Reading.objects.exists()


def test_below_level_high_the_citizen_is_asked_to_step_up(world: World) -> None:
    world.save()
    world.share()
    client = world.citizen(make.citizen_actor(world.person, Level.SUBSTANTIAL))
    for address in (own(world), own(world, "1/")):
        answer = client.get(address)
        assert (answer.status_code, answer.json()["code"]) == (403, "step_up_needed")
    assert not Reading.objects.exists()


@pytest.mark.parametrize("number", ["2", "0", "99999999999999999999"])
def test_a_version_that_is_not_there_is_not_found(world: World, number: str) -> None:
    world.save()
    world.share()
    assert world.citizen().get(own(world, f"{number}/")).status_code == 404


def test_a_save_without_a_version_is_refused(world: World) -> None:
    answer = put(world.staff(), world, match=None)
    assert (answer.status_code, answer.json()["field"]) == (428, "If-Match")


@pytest.mark.parametrize("match", ["1", "*", 'W/"1"', '"-1"', '"x"', '"99999999999"'])
def test_a_version_of_another_form_is_refused(world: World, match: str) -> None:
    assert put(world.staff(), world, match=match).status_code == 400
    assert not Draft.objects.exists()


def test_a_stale_save_names_the_newest_version_and_changes_nothing(world: World) -> None:
    world.save()
    answer = put(world.staff(world.colleague), world, {"sections": [{"code": "NEXT", "text": "Jonas'"}]})
    assert answer.status_code == 412
    assert (answer.json()["code"], answer.json()["extra"]) == ("minutes_changed", {"newest_version": 1})
    assert stored(world) == [TALKED, AGREED, NEXT]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "sections"),
        ({"sections": "x"}, "sections"),
        ({"sections": [{"code": "NEXT", "text": ""}] * 6}, "sections"),
        ({"sections": [{"code": "NEXT", "text": "a"}, {"code": "NEXT", "text": "b"}]}, "sections"),
        ({"sections": [{"code": "SECRET", "text": ""}]}, "sections.0.code"),
        ({"sections": [{"code": "NEXT"}]}, "sections.0.text"),
        ({"sections": [{"code": "NEXT", "text": None}]}, "sections.0.text"),
        ({"sections": [{"code": "NEXT", "text": "ø" * 10_001}]}, "sections.0.text"),
        ({"sections": [{"code": "AGREED", "text": ""}, {"code": "NEXT", "text": "a\u0000b"}]}, "sections.1.text"),
        ({"sections": [{"code": "NEXT", "text": "a\u0007b"}]}, "sections.0.text"),
        ({"sections": [{"code": "NEXT", "text": "a\ud800b"}]}, "sections.0.text"),
        ({"sections": [{"code": "NEXT", "text": "", "audience": "ALL"}]}, "sections.0.audience"),
        ({"sections": [], "version": 1}, "version"),
    ],
)
def test_bad_input_is_refused_at_its_field(world: World, body: Any, field: str) -> None:
    answer = put(world.staff(), world, body)
    assert (answer.status_code, answer.json()["field"]) == (400, field)
    assert not Draft.objects.exists()


@pytest.mark.parametrize("body", [{"version": -1}, {"version": "1"}, {"version": 10**12}, {"versjon": 1}])
def test_sharing_without_a_proper_version_is_refused(world: World, body: Any) -> None:
    world.save()
    assert share(world.staff(), world, body).status_code == 400
    assert not Version.objects.exists()


def test_sharing_without_a_key_is_refused(world: World) -> None:
    world.save()
    answer = share(world.staff(), world, key=None)
    assert (answer.status_code, answer.json()["field"]) == (400, "Idempotency-Key")


def test_the_wrong_state_is_a_conflict(world: World) -> None:
    world.at(BEFORE)
    early = put(world.staff(), world)
    assert (early.status_code, early.json()["code"]) == (409, "meeting_not_started")
    empty = share(world.staff(), world, {"version": 0})
    assert (empty.status_code, empty.json()["code"]) == (409, "meeting_not_started")
    Meeting.objects.filter(pk=world.meeting.pk).update(status=Status.CANCELLED)
    cancelled = put(world.staff(), world)
    assert (cancelled.status_code, cancelled.json()["code"]) == (409, "meeting_cancelled")


def test_an_empty_draft_is_not_shared(world: World) -> None:
    answer = share(world.staff(), world, {"version": 0})
    assert (answer.status_code, answer.json()["code"]) == (409, "minutes_empty")


@pytest.mark.parametrize("register", ["access", "krr"])
def test_when_a_register_is_down_nothing_is_shared(world: World, register: str) -> None:
    world.save()
    world.registers.fail(register)
    answer = share(world.staff(), world)
    assert answer.status_code == 503
    assert not Version.objects.exists()


def test_when_the_access_machine_is_down_nothing_is_opened(world: World) -> None:
    world.registers.fail("access")
    client = world.staff()
    assert client.get(url(world)).status_code == 503
    assert client.get(url(world, "draft/")).status_code == 503
    assert put(client, world).status_code == 503
    assert not Showing.objects.exists()


def test_staff_whom_the_access_machine_refuses_are_refused(world: World) -> None:
    world.registers.set_person(world.person.identities.get().number, shielded=True)
    client = world.staff()
    for answer in (client.get(url(world)), client.get(url(world, "draft/")), put(client, world)):
        assert (answer.status_code, answer.json()["code"]) == (403, "no_access_to_person")


def test_a_meeting_that_is_not_there_is_not_found(world: World) -> None:
    assert world.staff().get(f"/api/v1/meetings/{uuid4()}/minutes/").status_code == 404


@pytest.mark.parametrize(("rest", "queries"), [("", 16), ("draft/", 13)])
def test_opening_takes_few_queries(
    world: World, django_assert_num_queries: DjangoAssertNumQueries, rest: str, queries: int
) -> None:
    world.save()
    world.share()
    client = world.staff()
    with django_assert_num_queries(queries):
        assert client.get(url(world, rest)).status_code == 200


def test_reading_takes_few_queries(world: World, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    world.save()
    world.share()
    client, address = world.citizen(), own(world, "1/")
    client.get(address)
    with django_assert_num_queries(6):
        assert client.get(address).status_code == 200
