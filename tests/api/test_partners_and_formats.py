"""Partners, formats and outcomes by the API: what is kept, what is rehearsed, what is refused."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from invitations.models import Message
from meetings.models import Meeting, Participant
from navmeet.api.serializers import instant
from navmeet.dev import personas
from tests import make
from tests.api.conftest import World
from tests.api.test_journey import BOOKING, ok

pytestmark = pytest.mark.django_db

DOCTOR = {
    "role": "DOCTOR",
    "name": "Lise Legesen",
    "email": "lise@legesenter.example",
    "phone": "410 00 001",
    "way_in": "PHONE",
    "part_offset": 10,
    "part_minutes": 10,
    "theme": "Hva du kan bidra med",
}
WHY = {"reason": "PRACTICAL"}
EMPLOYER = {"role": "EMPLOYER", "email": "arne@bedriften.example", "phone": "41000002"}
TO_PHONE = {"format": "PHONE", "place": {"caller": "NAV", "phone": "99112233"}, "reason": "CITIZEN_ASKED"}
ROOM = {"format": "IN_PERSON", "place": {"address": "Prøvegata 1", "room": "Bjørka"}, "reason": "PRACTICAL"}


def version(world: World) -> dict[str, str]:
    return {"If-Match": f'"{Meeting.objects.get(pk=world.meeting.pk).version}"'}


def post(world: World, rest: str, body: Any = None, who: str = "host") -> Any:
    return world.call(who, "POST", f"/api/v1/meetings/{world.meeting.pk}/{rest}", body, **version(world))


def of_role(meeting: dict[str, Any], role: str) -> dict[str, Any]:
    (found,) = [one for one in meeting["participants"] if one["role"] == role]
    return dict(found)


def test_a_partner_is_shown_whole_to_who_may_open_the_meeting(world: World) -> None:
    meeting = ok(post(world, "partners/", DOCTOR | WHY), 201)
    doctor = of_role(meeting, "DOCTOR")
    doctor.pop("id")
    assert doctor == DOCTOR | {
        "phone": "+4741000001",
        "organisation": "",
        "purpose": "",
        "preparations": "",
        "language": "nb",
        "called_at": None,
        "outcome": None,
    }
    assert of_role(meeting, "CITIZEN")["way_in"] == "VIDEO"
    assert ok(world.call("colleague", "GET", f"/api/v1/meetings/{meeting['id']}/")) == meeting


def test_what_is_not_sent_stays_and_null_is_all_the_time(world: World) -> None:
    doctor = of_role(ok(post(world, "partners/", DOCTOR | WHY), 201), "DOCTOR")
    address = f"partners/{doctor['id']}/change/"
    changed = of_role(ok(post(world, address, WHY | {"part_offset": None, "part_minutes": None})), "DOCTOR")
    assert changed == doctor | {"part_offset": None, "part_minutes": None}
    assert of_role(ok(post(world, address, WHY | {"theme": ""})), "DOCTOR") == changed | {"theme": ""}
    refused = post(world, address, WHY)
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing_changed")


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"phone": "22001122"}, "phone", "phone_not_mobile"),
        ({"email": "lise"}, "email", "email_not_valid"),
        ({"name": "😀" * 10_000}, "name", "max_length"),
        ({"role": "CITIZEN"}, "role", "invalid_choice"),
        ({"way_in": "IN_PERSON"}, "way_in", "way_in_needs_place"),
        ({"part_offset": 40, "part_minutes": 10}, "part_offset", "part_outside"),
        ({"part_minutes": None}, "part_minutes", "part_incomplete"),
        ({"number": "17908010027"}, "number", "unknown_field"),
    ],
)
def test_bad_input_is_a_problem_that_names_its_field_and_repeats_nothing(
    world: World, wrong: dict[str, Any], field: str, code: str
) -> None:
    refused = post(world, "partners/", DOCTOR | WHY | wrong)
    assert refused.status_code == 400
    assert [(one["field"], one["code"]) for one in refused.json()["errors"]] == [(field, code)]
    assert "22001122" not in refused.content.decode()
    assert Participant.objects.filter(role="DOCTOR").count() == 0


def test_the_citizen_as_their_own_employer_is_found_by_what_the_contact_register_says(world: World) -> None:
    own = {"role": "EMPLOYER", "email": personas.CITIZENS[0].email, "name": "Kari", "phone": "41000009"}
    refused = post(world, "partners/", WHY | own)
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (
        *(400, "partner_is_citizen"),
        "email",
    )


def test_the_same_partner_twice_is_a_409(world: World) -> None:
    ok(post(world, "partners/", DOCTOR | WHY), 201)
    refused = post(world, "partners/", DOCTOR | WHY | {"email": "another@legesenter.example"})
    assert (refused.status_code, refused.json()["code"]) == (409, "partner_already")


def test_a_booking_brings_its_partners_and_can_be_rehearsed(world: World) -> None:
    body = BOOKING | {"person_id": str(world.person.pk), "partners": [DOCTOR], "type": "DIALOGUE", "day": "2027-03-03"}
    before = (Meeting.objects.count(), Message.objects.count())
    would = ok(world.call("host", "POST", "/api/v1/meetings/rehearsal/", body))
    assert (Meeting.objects.count(), Message.objects.count()) == before
    assert {one["role"] for one in would["messages"]} == {"CITIZEN", "DOCTOR"}
    booked = ok(world.call("host", "POST", "/api/v1/meetings/", body, **{"Idempotency-Key": str(uuid4())}), 201)
    assert of_role(booked, "DOCTOR")["phone"] == "+4741000001"
    rows = Message.objects.filter(meeting_id=booked["id"]).exclude(state="SKIPPED")
    planned = sorted((one["occasion"], one["step"], one["channel"]) for one in would["messages"] if not one["falls"])
    assert planned == sorted(rows.values_list("occasion", "step", "channel"))


def test_a_booking_with_a_bad_partner_names_which(world: World) -> None:
    body = BOOKING | {"person_id": str(world.person.pk), "day": "2027-03-03"}
    partners = [DOCTOR, {**DOCTOR, "role": "EMPLOYER", "phone": "22001122", "email": "x@y.example"}]
    refused = world.call("host", "POST", "/api/v1/meetings/rehearsal/", body | {"partners": partners})
    assert refused.status_code == 400
    assert [one["field"] for one in refused.json()["errors"]] == ["partners.1.phone"]


def test_to_phone_and_back_to_video(world: World) -> None:
    by_phone = ok(post(world, "change-format/", TO_PHONE))
    assert (by_phone["format"], by_phone["revision"], by_phone["place"]["phone"]) == ("PHONE", 2, "99112233")
    assert of_role(by_phone, "CITIZEN")["way_in"] == "PHONE"
    back = ok(post(world, "change-format/", {"format": "VIDEO", "reason": "CITIZEN_ASKED"}))
    assert (back["format"], back["revision"], back["starts_at"]) == ("VIDEO", 3, by_phone["starts_at"])
    lacking = post(world, "change-format/", {"format": "PHONE", "reason": "PRACTICAL"})
    assert lacking.status_code == 400
    assert [one["field"] for one in lacking.json()["errors"]] == ["place.caller", "place.phone"]


def test_a_format_that_a_safety_measure_excludes_is_a_409_in_change_and_in_booking(world: World) -> None:
    number = personas.WITH_SAFETY_MEASURE.number
    found = ok(world.call("host", "POST", "/api/v1/people/find/", {"number": number}))
    body = BOOKING | {"person_id": found["person_id"]}
    by_video = ok(world.call("host", "POST", "/api/v1/meetings/", body, **{"Idempotency-Key": "one"}), 201)
    address = f"/api/v1/meetings/{by_video['id']}/change-format/"
    refused = world.call("host", "POST", address, ROOM, **{"If-Match": '"1"'})
    room = {"day": "2027-02-02", "format": "IN_PERSON", "place": ROOM["place"]}
    also = world.call("host", "POST", "/api/v1/meetings/", body | room, **{"Idempotency-Key": "two"})
    for answer in (refused, also):
        assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (409, "safety_measure", "format")
        assert "FYUS" not in answer.content.decode()


CHANGES: dict[str, Any] = {
    "change_format": lambda _: TO_PHONE,
    "add_partner": lambda _: DOCTOR | WHY | EMPLOYER,
    "change_partner": lambda doctor: WHY | {"participant_id": doctor, "name": "Liv Legesen"},
    "remove_partner": lambda doctor: WHY | {"participant_id": doctor},
    "change_way_in": lambda doctor: WHY | {"participant_id": doctor, "way_in": ""},
    "end": lambda _: {},
    "conclude": lambda _: {"held": True},
    "outcome": lambda doctor: {"participant_id": doctor, "outcome": "TECHNICAL_PROBLEM"},
}


@pytest.mark.parametrize("name", CHANGES)
def test_each_change_can_be_rehearsed_and_nothing_is_kept(world: World, name: str) -> None:
    doctor = of_role(ok(post(world, "partners/", DOCTOR | WHY), 201), "DOCTOR")["id"]
    if name in {"end", "conclude", "outcome"}:
        world.set_clock(world.meeting.starts_at + timedelta(minutes=20))
    before = ok(world.call("host", "GET", f"/api/v1/meetings/{world.meeting.pk}/"))
    would = ok(post(world, "rehearsal/", {name: CHANGES[name](doctor)}))
    assert set(would) >= {"messages", "lacks", "voided"}
    assert ok(world.call("host", "GET", f"/api/v1/meetings/{world.meeting.pk}/")) == before


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"end": {}, "conclude": {"held": True}},
        {"remove_partner": {}},
        {"remove_partner": {"participant_id": "x"}},
        {"end": {"why": "x"}},
        {"call": {}},
    ],
)
def test_a_rehearsal_of_nothing_of_two_or_of_nobody_is_a_400(world: World, body: dict[str, Any]) -> None:
    assert post(world, "rehearsal/", body).status_code == 400


def test_from_a_call_that_nobody_took_to_did_not_meet(world: World) -> None:
    citizen = world.meeting.citizen().pk
    world.set_clock(world.meeting.starts_at + timedelta(minutes=10))
    called = of_role(ok(post(world, f"participants/{citizen}/calls/")), "CITIZEN")
    assert called["called_at"] == instant(world.meeting.starts_at + timedelta(minutes=10))
    early = post(world, f"participants/{citizen}/outcome/", {"outcome": "DID_NOT_MEET"})
    assert (early.status_code, early.json()["code"]) == (409, "too_early")
    world.set_clock(world.meeting.starts_at + timedelta(minutes=20))
    # Nobody was told of this meeting yet: the message never left.
    refused = post(world, f"participants/{citizen}/outcome/", {"outcome": "DID_NOT_MEET"})
    assert (refused.status_code, refused.json()["code"]) == (409, "not_their_fault")
    Message.objects.filter(participant_id=citizen, occasion="INVITED").update(
        state="SENT", sent_at=make.NOW, settled_at=make.NOW
    )
    ok(post(world, "change-format/", TO_PHONE))
    Message.objects.filter(participant_id=citizen, occasion="FORMAT_CHANGED").update(
        state="SENT", sent_at=make.NOW, settled_at=make.NOW
    )
    noted = ok(post(world, f"participants/{citizen}/outcome/", {"outcome": "DID_NOT_MEET"}))
    assert of_role(noted, "CITIZEN")["outcome"] == "DID_NOT_MEET"
    assert ok(post(world, "conclude/", {"held": False}))["status"] == "NOT_HELD"


def test_ending_twice_answers_the_same(world: World) -> None:
    world.set_clock(world.meeting.starts_at + timedelta(minutes=30))
    first = {"If-Match": '"1"'}
    address = f"/api/v1/meetings/{world.meeting.pk}/end/"
    ended = ok(world.call("host", "POST", address, **first))
    assert ended["ended_at"] == instant(world.meeting.starts_at + timedelta(minutes=30))
    assert ok(world.call("host", "POST", address, **first)) == ended


def test_a_change_of_partners_without_a_reason_is_refused_at_its_field(world: World) -> None:
    refused = post(world, "partners/", DOCTOR)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "reason")
    doctor = of_role(ok(post(world, "partners/", DOCTOR | WHY), 201), "DOCTOR")["id"]
    for address, body in (
        (f"partners/{doctor}/change/", {"name": "Liv Legesen"}),
        (f"partners/{doctor}/remove/", {}),
        (f"participants/{doctor}/change-way-in/", {"way_in": ""}),
    ):
        refused = post(world, address, body)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "reason")
