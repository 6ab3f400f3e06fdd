"""Details, colleagues, host and reinstating through the API: what is kept, rehearsed, refused, and at which field."""

from typing import Any

import pytest

from meetings.models import ReasonToRecipient, Task
from navmeet.accounts.models import User
from navmeet.dev import personas
from tests import make
from tests.api.conftest import World

JONAS = personas.CASEWORKERS[1].nav_ident
TO_JONAS = {"nav_ident": JONAS, "reason": "PRACTICAL"}
CHANGES: dict[str, dict[str, Any]] = {
    "change_details": {"preparations": "Ta med vitnemålet."},
    "add_staff": TO_JONAS,
    "hand_over": TO_JONAS | {"stays": True},
    "reinstate": {"reason": "MISTAKE"},
}
PATHS = {"change_details": "details/", "add_staff": "staff/", "hand_over": "hand-over/", "reinstate": "reinstate/"}


def post(world: World, path: str, body: Any, who: str = "host") -> Any:
    world.meeting.refresh_from_db()
    headers = {"If-Match": f'"{world.meeting.version}"'}
    return world.call(who, "POST", f"/api/v1/meetings/{world.meeting.pk}/{path}", body, **headers)


def ready(world: World, name: str) -> None:
    if name == "reinstate":
        assert post(world, "cancel/", {"reason": "PRACTICAL"}).status_code == 200


@pytest.mark.parametrize("name", CHANGES)
def test_each_is_rehearsed_and_then_done_and_answers_with_the_meeting(world: World, name: str) -> None:
    ready(world, name)
    would = post(world, "rehearsal/", {name: CHANGES[name]})
    assert would.status_code == 200, would.content
    assert set(would.json()) >= {"messages", "lacks", "lapses", "overtaken", "voided"}
    version = world.meeting.version
    world.meeting.refresh_from_db()
    assert world.meeting.version == version
    done = post(world, PATHS[name], CHANGES[name])
    assert done.status_code == (201 if name == "add_staff" else 200), done.content
    assert done.json()["version"] == version + 1
    assert done["ETag"] == f'"{version + 1}"'


def test_a_colleague_stands_among_the_participants_and_leads_after_the_hand_over(world: World) -> None:
    roles = {one["name"]: one["role"] for one in post(world, "staff/", TO_JONAS).json()["participants"]}
    assert roles["Jonas Fjelltest"] == "STAFF"
    after = post(world, "hand-over/", TO_JONAS).json()
    assert {one["role"] for one in after["participants"]} == {"HOST", "CITIZEN"}
    assert Task.objects.filter(kind="HANDED_OVER").count() == 1


def test_who_hands_over_to_their_own_loss_of_sight_gets_no_body(world: World) -> None:
    """The host of another office: once it is not theirs, they may not know of it."""
    amina = User.objects.get(nav_ident=personas.CASEWORKERS[2].nav_ident)
    assert post(world, "hand-over/", {"nav_ident": amina.nav_ident, "reason": "PRACTICAL"}).status_code == 200
    gone = post(world, "hand-over/", TO_JONAS, who="stranger")
    assert (gone.status_code, gone.content) == (204, b"")


@pytest.mark.parametrize("path", ["staff/", "hand-over/"])
@pytest.mark.parametrize(
    ("body", "status", "field", "code"),
    [
        ({"nav_ident": "Z999999"}, 400, "nav_ident", "colleague_unknown"),
        ({"nav_ident": "../../x"}, 400, "nav_ident", "colleague_unknown"),
        ({"nav_ident": ""}, 400, "nav_ident", "blank"),
        ({"nav_ident": JONAS, "overrule": {"codes": ["OCCUPIED"], "why": "URGENT"}}, 400, "overrule.codes.0", None),
        ({"nav_ident": JONAS, "overrule": {"codes": []}}, 400, "overrule.codes", None),
        ({"nav_ident": JONAS, "sentence": "x" * 301}, 400, "sentence", None),
    ],
)
def test_what_cannot_be_is_a_400_at_its_field(
    world: World, path: str, body: dict[str, Any], status: int, field: str, code: str | None
) -> None:
    answer = post(world, path, {"reason": "PRACTICAL"} | body)
    assert answer.status_code == status, answer.content
    problem = answer.json()
    assert field in {problem.get("field"), *(one["field"] for one in problem.get("errors", []))}
    assert code is None or code in str(problem)


def test_the_host_twice_and_one_who_has_left(world: World) -> None:
    twice = post(world, "staff/", TO_JONAS | {"nav_ident": personas.CASEWORKERS[0].nav_ident})
    assert (twice.status_code, twice.json()["code"], twice.json()["field"]) == (409, "staff_already", "nav_ident")
    User.objects.filter(nav_ident=JONAS).update(is_active=False)
    left = post(world, "hand-over/", TO_JONAS)
    assert (left.status_code, left.json()["code"]) == (400, "has_left")
    rehearsed = post(world, "rehearsal/", {"hand_over": TO_JONAS})
    assert (rehearsed.status_code, rehearsed.json()["field"]) == (400, "hand_over.nav_ident")


@pytest.mark.parametrize("path", ["staff/", "hand-over/"])
def test_an_adviser_is_refused_at_the_ident_and_the_access_machine_is_not_asked(world: World, path: str) -> None:
    User.objects.filter(nav_ident=JONAS).update(is_caseworker=False)
    answer = post(world, path, TO_JONAS)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (400, "not_a_caseworker", "nav_ident")


def test_a_sentence_to_each_and_to_nobody_who_is_not_in_it(world: World) -> None:
    doctor = make.partner(world.meeting)
    to_doctor = {"participant_id": str(doctor.pk), "sentence": "Til legen."}
    wrong = {"participant_id": str(world.person.pk), "sentence": "Til ingen."}
    refused = post(world, "cancel/", {"reason": "PRACTICAL", "sentences": [wrong]})
    assert (refused.status_code, refused.json()["code"]) == (400, "sentence_to_nobody")
    assert "Til ingen" not in refused.content.decode()
    assert (
        post(world, "cancel/", {"reason": "PRACTICAL", "sentence": "Til Kari.", "sentences": [to_doctor]}).status_code
        == 200
    )
    assert {one.sentence for one in ReasonToRecipient.objects.all()} == {"Til Kari.", "Til legen."}


def test_a_time_taken_since_is_a_409_that_names_the_meeting_to_who_may_know(world: World) -> None:
    ready(world, "reinstate")
    other = make.meeting(world.meeting.host, make.citizen())
    for path, body in (("reinstate/", CHANGES["reinstate"]), ("rehearsal/", {"reinstate": CHANGES["reinstate"]})):
        refused = post(world, path, body)
        assert (refused.status_code, refused.json()["code"]) == (409, "occupied")
        assert refused.json()["extra"] == {"meeting": str(other.pk)}


def test_details_that_are_not_sent_stay(world: World) -> None:
    after = post(world, "details/", {"language": "nn"}).json()
    citizen = next(one for one in after["participants"] if one["role"] == "CITIZEN")
    assert (citizen["language"], citizen["theme"]) == ("nn", "Veien videre")
    assert post(world, "details/", {}).json()["code"] == "nothing_changed"
