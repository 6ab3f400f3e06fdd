"""A draft is reached by nobody but those from Nav who are in the meeting: every address, every kind of caller.

The addresses are read from the URL modules: one that is added is tried by everybody without being named here.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from minutes import api_urls_citizen, api_urls_staff, urls_citizen, urls_staff
from minutes.models import Reading, Version
from navmeet.accounts.actor import Actor, ActorKind, Level
from tests import make
from tests.minutes.conftest import World
from tests.minutes.setting import AGREED, NEXT, TALKED, held, stored

SURFACES: dict[str, list[URLPattern]] = {
    "staff": [*urls_staff.urlpatterns, *api_urls_staff.urlpatterns],
    "citizen": [*urls_citizen.urlpatterns, *api_urls_citizen.urlpatterns],
}
NAMES = [(surface, str(pattern.name)) for surface, patterns in SURFACES.items() for pattern in patterns]
METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
REFUSED = {302, 401, 403, 404, 405, 428}
FORM = {"version": "1", "act": "save", "discussed": "Overskrevet", "agreed": "", "next": ""}
SHARE = {"version": 1}
DRAFT = {"sections": [{"code": "NEXT", "text": "Overskrevet"}]}


def arguments(world: World, name: str) -> dict[str, Any]:
    ids = {"number": 1} if name.endswith("version") else {}
    return {**ids, "invitation_id": world.invitation_id} if "own" in name else {"meeting_id": world.meeting.pk}


def address(world: World, name: str) -> str:
    prefix = "/api/v1" if name.startswith("api-") else ""
    found = reverse(name, kwargs=arguments(world, name))
    assert found.startswith(f"{prefix}/")
    return found


def attempts(client: Client, world: World, name: str) -> Iterator[tuple[str, Any]]:
    for method in METHODS:
        call = getattr(client, method)
        if method in {"get", "head", "options", "delete"}:
            yield method, call(address(world, name))
        elif name.startswith("api-"):
            headers = {"If-Match": '"1"', "Idempotency-Key": f"{method}-{name}"}
            body = SHARE if name.endswith("share") else DRAFT
            yield method, call(address(world, name), body, content_type="application/json", headers=headers)
        else:
            yield method, call(address(world, name), FORM) if method == "post" else call(address(world, name))


def callers(world: World) -> dict[str, tuple[str, Actor | None]]:
    """Everybody who is not from Nav and in the meeting: at which surface, and who."""
    other = held().person
    adviser = make.caseworker()
    return {
        "nobody at the staff surface": ("staff", None),
        "nobody at the citizen surface": ("citizen", None),
        "a colleague of the office who is not in the meeting": ("staff", world.bystander),
        "staff of another office": ("staff", world.stranger),
        "an adviser of the office": (
            "staff",
            Actor(kind=ActorKind.ADVISER, id=adviser.pk, office=adviser.office, nav_ident=adviser.nav_ident),
        ),
        "the citizen, substantial": ("citizen", make.citizen_actor(world.person, Level.SUBSTANTIAL)),
        "the citizen, high": ("citizen", world.reader),
        "another citizen, high": ("citizen", make.citizen_actor(other, Level.HIGH)),
        "a bare link": ("citizen", Actor(kind=ActorKind.LINK, id=world.invitation_id)),
        "the citizen's session carried to staff": ("staff", world.reader),
        "the host's session carried to citizens": ("citizen", world.by),
    }


CALLERS = (
    "nobody at the staff surface",
    "nobody at the citizen surface",
    "a colleague of the office who is not in the meeting",
    "staff of another office",
    "an adviser of the office",
    "the citizen, substantial",
    "the citizen, high",
    "another citizen, high",
    "a bare link",
    "the citizen's session carried to staff",
    "the host's session carried to citizens",
)


@pytest.mark.parametrize("caller", CALLERS)
def test_a_draft_is_reached_by_nobody_else_by_any_address(world: World, caller: str) -> None:
    world.save()
    surface, by = callers(world)[caller]
    client = world.client_of(by or world.reader, surface)
    if by is None:
        client.cookies.clear()
    tried = 0
    for where, name in NAMES:
        if where != surface:
            continue
        for method, answer in attempts(client, world, name):
            tried += 1
            said = answer.content.decode()
            assert not any(words in said for words in (TALKED, AGREED, NEXT)), (caller, method, name)
            if answer.status_code not in REFUSED:
                assert may_answer(caller, method, name, answer), (caller, method, name, answer.status_code)
    assert tried >= 4 * len(METHODS)
    assert stored(world) == [TALKED, AGREED, NEXT]
    assert not Version.objects.exists()
    assert not Reading.objects.exists()


def may_answer(caller: str, method: str, name: str, answer: Any) -> bool:
    """The citizen's own empty list, what OPTIONS says of an address, and a form given back to who typed it."""
    if method == "options":
        return bool(answer.status_code == 200)
    return caller == "the citizen, high" and name in {"own-minutes", "api-own-minutes"} and method in {"get", "head"}


@pytest.mark.parametrize(("surface", "name"), NAMES)
def test_an_address_is_not_served_at_the_other_surface(world: World, surface: str, name: str) -> None:
    world.client_of(world.by, surface)
    own_address = address(world, name)
    other = "citizen" if surface == "staff" else "staff"
    client = world.client_of(world.reader if other == "citizen" else world.by, other)
    assert client.get(own_address).status_code == 404


def test_unshared_text_is_not_found_by_the_citizen(world: World) -> None:
    world.save()
    client = world.citizen()
    assert client.get(f"/my/{world.invitation_id}/minutes/1/").status_code == 404
    assert client.get(f"/api/v1/my/invitations/{world.invitation_id}/minutes/1/").status_code == 404


def test_another_office_and_a_meeting_that_is_not_there_get_the_same_answer(world: World) -> None:
    world.save()
    client = world.staff(world.stranger)
    nowhere = UUID("01890000-0000-7000-8000-00000000dead")
    for rest in ("", "draft/"):
        theirs = client.get(f"/api/v1/meetings/{world.meeting.pk}/minutes/{rest}").json()
        nothing = client.get(f"/api/v1/meetings/{nowhere}/minutes/{rest}").json()
        assert {**theirs, "request_id": ""} == {**nothing, "request_id": ""}


def test_a_colleague_who_is_in_the_meeting_does_reach_it(world: World) -> None:
    """The control: the same walk finds the text where it may be found."""
    world.save()
    client = world.staff(world.colleague)
    found = [client.get(address(world, name)).content.decode() for name in ("minutes", "api-minutes-draft")]
    assert all(TALKED in page for page in found)


def test_what_was_shared_is_read_by_the_office_and_the_draft_still_is_not(world: World) -> None:
    world.save()
    world.share()
    client = world.staff(world.bystander)
    assert TALKED in client.get(address(world, "minutes")).content.decode()
    read = client.get(address(world, "api-minutes")).json()
    assert read["versions"][0]["sections"][0]["text"] == TALKED
    assert read["draft"]["version"] == 0
    assert not any(section["text"] for section in read["draft"]["sections"])
    assert client.get(address(world, "api-minutes-draft")).status_code == 403
