"""What the platform's nodes are answered: by the door, closed by default, and never a 500."""

import base64
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import clear_url_caches
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as some
from pytest_django import Settings

from invitations import admission, entering, lobby
from invitations.models import VideoRoom, Visit
from invitations.video import pexip, policy
from meetings.models import Format, Role, Status
from navmeet.people.models import Person, Protection
from navmeet.protect.columns import new_id
from tests import make
from tests.invitations.door.conftest import World

CONFIGURATION, PROPERTIES = "/policy/v1/service/configuration", "/policy/v1/participant/properties"
SECRET = "a long password"
BOTH = pytest.mark.parametrize("path", [CONFIGURATION, PROPERTIES])


def basic(user: str = "pexip", password: str = SECRET) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


@pytest.fixture
def node(settings: Settings, tmp_path: Path, world: World) -> Iterator[Client]:
    """A node at the policy surface, with the middleware that it has there, while the door is open."""
    settings.SURFACE, settings.ROOT_URLCONF = "policy", "navmeet.urls.policy"
    settings.MIDDLEWARE = settings.POLICY_MIDDLEWARE
    settings.POLICY_USER, settings.POLICY_PASSWORD = "pexip", "a long password"
    settings.CLOCK_FILE = str(tmp_path / "clock")
    (tmp_path / "clock").write_text(world.at.isoformat(), encoding="ascii")
    clear_url_caches()
    yield Client(headers=basic())
    clear_url_caches()


def ask(node: Client, path: str, alias: str, **more: str) -> Any:
    answer = node.get(path, {"local_alias": alias, "protocol": "webrtc", "registered": "False", **more})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    return answer.json()


def is_refused(told: Any, why: str) -> bool:
    return told["action"] == "reject" and why in told["result"]["reject_reason"]


def test_all_aliases_of_a_meeting_lead_to_one_encrypted_locked_conference(node: Client, world: World) -> None:
    doctor = world.partner()
    visits = [
        world.admitted("Kari"),
        lobby.arrive(invitation_id=doctor.pk, name="Lise", by=world.holder(doctor), at=world.at),
    ]
    admission.admit(visit_id=visits[1].pk, by=world.by, at=world.at)
    entering.enter_as_host(meeting_id=world.meeting.pk, by=world.by, at=world.at)
    aliases = [*(visit.alias for visit in visits), VideoRoom.objects.get().alias]
    answers = [ask(node, CONFIGURATION, alias)["result"] for alias in aliases]
    assert len({answer["name"] for answer in answers}) == 1
    for answer in answers:
        assert (answer["service_type"], answer["crypto_mode"]) == ("conference", "on")
        assert (answer["locked"], answer["allow_guests"]) == (True, True)
        assert answer["pin"].isdigit()
        assert len(answer["pin"]) >= 6
        assert not {"recording", "streaming", "automatic_participants"} & set(answer)
        assert all(len(str(value)) <= 250 for value in answer.values())
    assert len({answer["pin"] for answer in answers}) == 1


def test_a_conference_s_name_says_nothing_and_is_not_the_host_s_alias(node: Client, world: World) -> None:
    visit = world.admitted()
    entering.enter_as_host(meeting_id=world.meeting.pk, by=world.by, at=world.at)
    name = ask(node, CONFIGURATION, visit.alias)["result"]["name"]
    assert name not in {visit.alias, VideoRoom.objects.get().alias}
    assert is_refused(ask(node, CONFIGURATION, name), "finnes ikke")
    assert world.meeting.pk.hex not in name


def test_pins_differ_between_meetings() -> None:
    pins = {pexip.host_pin(new_id()) for _ in range(200)}
    assert len(pins) > 190


def test_a_guest_has_the_name_they_gave_and_passes_the_lock(node: Client, world: World) -> None:
    visit = world.admitted("Kari 🙂")
    result = ask(node, PROPERTIES, visit.alias, preauthenticated_role="guest")["result"]
    assert result == {
        "preauthenticated_role": "guest",
        "remote_display_name": "Kari 🙂",
        "call_tag": str(visit.pk),
        "bypass_lock": True,
    }


def test_a_guest_who_says_to_be_chair_is_a_guest(node: Client, world: World) -> None:
    told = ask(node, PROPERTIES, world.admitted().alias, preauthenticated_role="chair", participant_type="api_host")
    assert told["result"]["preauthenticated_role"] == "guest"


def test_the_host_comes_by_the_room_s_alias_with_the_pin_in_the_address(node: Client, world: World) -> None:
    address = entering.enter_as_host(meeting_id=world.meeting.pk, by=world.by, at=world.at)
    alias = VideoRoom.objects.get().alias
    assert f"/m/{alias}@" in address
    assert f"pin={ask(node, CONFIGURATION, alias)['result']['pin']}" in address
    result = ask(node, PROPERTIES, alias, preauthenticated_role="chair")["result"]
    assert (result["preauthenticated_role"], result["remote_display_name"]) == ("chair", "Nav")


@pytest.mark.parametrize("protection", [Protection.STRICTLY_CONFIDENTIAL, Protection.STRICTLY_CONFIDENTIAL_ABROAD])
def test_a_strictly_protected_person_has_no_name_on_the_platform(
    node: Client, world: World, protection: Protection
) -> None:
    visit = world.admitted("Kari")
    Person.objects.filter(pk=world.person.pk).update(protection=protection)
    assert ask(node, PROPERTIES, visit.alias)["result"]["remote_display_name"] == "Deltaker"


@BOTH
@pytest.mark.parametrize(
    ("written"),
    [
        "{}",
        "{}@video.nav.no",
        "sip:{}@video.nav.no",
        "SIP:{}@video.nav.no;transport=tls",
        " {} ",
        "h323:{}",
        "sips:{}@x",
    ],
)
def test_an_alias_is_known_however_it_is_written(node: Client, world: World, path: str, written: str) -> None:
    alias = world.admitted().alias
    assert ask(node, path, written.format(alias))["action"] == "continue"
    assert ask(node, path, written.format(alias.upper()))["action"] == "continue"


@BOTH
def test_who_is_not_let_in_is_refused(node: Client, world: World, path: str) -> None:
    visit = world.arrives()
    assert is_refused(ask(node, path, visit.alias), "ikke sluppet inn")
    admission.turn_away(visit_id=visit.pk, by=world.by, at=world.at)
    assert is_refused(ask(node, path, visit.alias), "ikke sluppet inn")
    other = world.admitted()
    assert ask(node, path, other.alias)["action"] == "continue"
    lobby.leave(visit_id=other.pk, by=world.holder(), at=world.at)
    assert is_refused(ask(node, path, other.alias), "ikke sluppet inn")


@BOTH
@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"status": Status.CANCELLED}, "avlyst"),
        ({"ended_at": make.NOW, "ended_by": None}, "avsluttet"),
        ({"format": Format.PHONE}, "ikke på video"),
    ],
)
def test_a_meeting_that_is_not_on_refuses_with_the_reason(
    node: Client, world: World, path: str, values: dict[str, Any], why: str
) -> None:
    visit = world.admitted()
    entering.enter_as_host(meeting_id=world.meeting.pk, by=world.by, at=world.at)
    if "ended_by" in values:
        values = values | {"ended_by": world.host.pk}
    world.update(**values)
    for alias in (visit.alias, VideoRoom.objects.get().alias):
        assert is_refused(ask(node, path, alias), why)


@BOTH
def test_outside_the_window_both_guest_and_host_are_refused(node: Client, world: World, path: str) -> None:
    visit = world.admitted()
    entering.enter_as_host(meeting_id=world.meeting.pk, by=world.by, at=world.at)
    at = world.at
    for alias in (visit.alias, VideoRoom.objects.get().alias):
        world.update(starts_at=at + timedelta(minutes=20), ends_at=at + timedelta(minutes=50))
        assert is_refused(ask(node, path, alias), "Videomøtet åpner torsdag 21. januar 2027 kl. 10.03")
        world.update(starts_at=at - timedelta(hours=2), ends_at=at - timedelta(hours=1))
        assert is_refused(ask(node, path, alias), "avsluttet")


@BOTH
def test_a_partner_whose_access_is_closed_is_refused_at_once(node: Client, world: World, path: str) -> None:
    doctor = world.partner(Role.DOCTOR)
    visit = lobby.arrive(invitation_id=doctor.pk, name="Lise", by=world.holder(doctor), at=world.at)
    admission.admit(visit_id=visit.pk, by=world.by, at=world.at)
    assert ask(node, path, visit.alias)["action"] == "continue"
    type(doctor).objects.filter(pk=doctor.pk).update(closed_at=world.at)
    assert is_refused(ask(node, path, visit.alias), "ikke være med")


@BOTH
def test_asking_is_one_read_and_changes_nothing(node: Client, world: World, path: str) -> None:
    visit = world.admitted()
    before = Visit.objects.filter(pk=visit.pk).values().get()
    with CaptureQueriesContext(connection) as asked:
        ask(node, path, visit.alias)
    assert [one["sql"][:6] for one in asked] == ["SELECT"]
    assert Visit.objects.filter(pk=visit.pk).values().get() == before
    with CaptureQueriesContext(connection) as asked:
        ask(node, path, "nonsense")
    assert len(asked) == 0


@BOTH
def test_the_test_call_is_left_to_the_platform(node: Client, path: str) -> None:
    told = ask(node, path, "test@video.nav.no")
    assert (told["action"], told.get("result")) == ("continue", None)


@BOTH
@pytest.mark.parametrize(
    "header",
    [
        {},
        basic(password="wrong"),
        basic(user="someone"),
        {"Authorization": "Basic"},
        {"Authorization": "Basic !!!"},
        {"Authorization": "Basic æøå"},
        {"Authorization": "Bearer " + base64.b64encode(b"pexip:a long password").decode()},
    ],
)
def test_only_the_platform_is_answered(node: Client, world: World, path: str, header: dict[str, str]) -> None:
    alias = world.admitted().alias
    answer = Client(headers=header).get(path, {"local_alias": alias})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Basic")
    assert answer.content == b""


@BOTH
def test_without_a_password_set_nobody_is_answered(node: Client, settings: Settings, path: str) -> None:
    settings.POLICY_PASSWORD = ""
    assert Client(headers=basic(password="")).get(path).status_code == 401


@BOTH
def test_at_another_surface_there_is_no_such_thing(node: Client, settings: Settings, path: str) -> None:
    settings.SURFACE = "citizen"
    assert node.get(path).status_code == 401


@BOTH
def test_there_is_no_redirect_no_cookie_and_no_other_method(node: Client, path: str) -> None:
    answer = node.get(path, {"local_alias": "x"})
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer
    assert node.get(f"{path}/").status_code == 404
    assert node.post(path).status_code == 405


HOSTILE = some.one_of(
    some.text(max_size=400),
    some.sampled_from(
        ["\x00", "d-" + "0" * 32, "nav-" + "f" * 32, "d-" + "0" * 31 + "'", "%00", "sip:" * 90, "@" * 300]
    ),
)


@given(
    query=some.dictionaries(some.sampled_from(["local_alias", "remote_display_name", "trigger", "x"]), HOSTILE),
    raw=some.binary(max_size=40),
    path=some.sampled_from([CONFIGURATION, PROPERTIES]),
)
@trying(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_asked_nobody_is_let_in_by_it_and_nothing_breaks(
    node: Client, query: dict[str, str], raw: bytes, path: str
) -> None:
    clean = {name: value.encode("utf-8", "replace").decode() for name, value in query.items()}
    answer = node.get(path, clean)
    assert answer.status_code == 200
    assert answer.json()["action"] == "reject"
    odd = node.get(path, QUERY_STRING="local_alias=" + raw.decode("latin-1").replace("\r", "").replace("\n", ""))
    assert odd.status_code == 200
    assert odd.json()["action"] == "reject" or policy.normalised(raw.decode("latin-1")) == "test"


def test_an_unknown_alias_of_the_right_form_is_refused(node: Client) -> None:
    for alias in ("d-" + "a" * 32, "nav-" + "a" * 32, ""):
        assert is_refused(ask(node, CONFIGURATION, alias), "finnes ikke")


def test_no_log_line_holds_an_alias_or_a_name(node: Client, world: World, capfd: pytest.CaptureFixture[str]) -> None:
    visit = world.admitted("Synnøve")
    ask(node, PROPERTIES, visit.alias, remote_display_name="Synnøve")
    told = "".join(capfd.readouterr())
    assert "Synn" not in told
    assert visit.alias not in told
    assert "policy/v1" in told, "negative control: the request was logged"


@BOTH
@pytest.mark.parametrize(
    "alias",
    [
        "a" * 10_000,
        "d-" + "0" * 10_000,
        "sip:" + "@" * 10_000,
        *(f"{{}}{chr(code)}" for code in (0, 7, 27, 127, 0x85, 0x200B, 0x202E, 0xFFFF)),
        *(f"{chr(code)}{{}}" for code in (0, 27, 0x202E)),
        "{}' OR '1'='1",
        "{}%00",
        "../{}",
    ],
)
def test_an_alias_that_is_not_quite_one_is_refused_beside_one_that_is(
    node: Client, world: World, path: str, alias: str
) -> None:
    real = world.admitted().alias
    told = ask(node, path, alias.format(real) if "{}" in alias else alias)
    assert is_refused(told, "finnes ikke")
    assert ask(node, path, real)["action"] == "continue", "negative control: the door is open for the real one"


@BOTH
def test_missing_empty_and_repeated_parameters_are_refused_and_arrays_are_not_read(
    node: Client, world: World, path: str
) -> None:
    real = world.admitted().alias
    assert is_refused(node.get(path).json(), "finnes ikke")
    assert is_refused(node.get(path, {"local_alias": ""}).json(), "finnes ikke")
    assert is_refused(node.get(path, {"local_alias[]": [real, real]}).json(), "finnes ikke")
    assert is_refused(node.get(path, {"local_alias[0]": real, "LOCAL_ALIAS": real}).json(), "finnes ikke")
    # Sent twice, the last one is read: one alias, never a list.
    assert is_refused(node.get(path, {"local_alias": [real, "d-" + "0" * 32]}).json(), "finnes ikke")
    assert node.get(path, {"local_alias": ["nonsense", real]}).json()["action"] == "continue"


@BOTH
def test_other_parameters_whatever_they_are_change_no_answer(node: Client, world: World, path: str) -> None:
    real = world.admitted().alias
    plain = ask(node, path, real)
    hostile = {
        "remote_display_name": "x" * 10_000,
        "preauthenticated_role": "chair",
        "bypass_lock": "True",
        "service_name": "\x00\x1b[31m",
        "unknown": "<script>alert(1)</script>",
        "service_tag": "' OR 1=1 --",
        "call_tag": "\u202e",
        "participant_type": "api_host",
    }
    assert ask(node, path, real, **hostile) == plain
    assert node.get(path, {f"field{number}": "x" for number in range(900)} | {"local_alias": real}).json() == plain


@BOTH
def test_more_parameters_than_anybody_sends_are_refused_without_an_error_of_ours(
    node: Client, world: World, path: str
) -> None:
    real = world.admitted().alias
    answer = node.get(path, {f"field{number}": "x" for number in range(3000)} | {"local_alias": real})
    assert answer.status_code < 500
    assert b'"continue"' not in answer.content


@BOTH
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "head", "trace"])
def test_with_another_method_nothing_is_told(node: Client, world: World, path: str, method: str) -> None:
    real = world.admitted().alias
    answer = getattr(node, method)(f"{path}?local_alias={real}")
    assert answer.status_code == 405
    assert answer.content == b""
