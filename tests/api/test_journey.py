"""A meeting from booking to minutes, by the API alone: the same way as the pages go."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from pytest_django import Settings

from invitations.models import Invitation, Message, MessageState
from meetings.fitting import CONTACT_UNKNOWN
from meetings.models import Meeting, Task
from navmeet.accounts.actor import Level
from navmeet.audit.models import Showing
from navmeet.dev import personas
from navmeet.dev.registers import RunningRegisters
from tests import make

pytestmark = pytest.mark.django_db

BOOKING = {
    "type": "FOLLOW_UP",
    "format": "VIDEO",
    "day": "2027-01-20",
    "time": "10:00",
    "minutes": 45,
    "theme": "Veien videre",
}


def ok(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content
    return answer.json()


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


@pytest.fixture
def sigrid(world: Any) -> dict[str, Any]:
    found = ok(world.call("host", "POST", "/api/v1/people/find/", {"number": personas.CITIZENS[2].number}))
    assert (found["name"], found["language"], found["can_be_told_digitally"]) == (personas.CITIZENS[2].name, "nn", True)
    return dict(found)


def book(world: Any, person: dict[str, Any], **changes: Any) -> Any:
    body = BOOKING | {"person_id": person["person_id"]} | changes
    return world.call("host", "POST", "/api/v1/meetings/", body, **key())


def test_booking_says_who_is_told_what_and_when_as_its_rehearsal_did(world: Any, sigrid: dict[str, Any]) -> None:
    body = BOOKING | {"person_id": sigrid["person_id"]}
    would = ok(world.call("host", "POST", "/api/v1/meetings/rehearsal/", body))
    invited, *reminders = would["messages"]
    assert (invited["words"], invited["falls"], invited["moved"], invited["counts"]) == (
        "Sendes med en gang på Min side, med SMS eller e-post",
        "",
        "",
        False,
    )
    assert invited["reminded_at"] == "2027-01-18T10:00:00+01:00"
    assert [(one["step"], one["words"], one["counts"], one["reminded_at"]) for one in reminders] == [
        ("1_DAY", "Sendes tirsdag 19. januar kl. 10.00 på Min side, med SMS eller e-post", True, None),
        ("1_HOUR", "Sendes onsdag 20. januar kl. 09.00 på Min side, med SMS eller e-post", True, None),
    ]
    booked = ok(book(world, sigrid), 201)
    for one in [*would["messages"], *booked["follows"]["messages"]]:
        assert one.pop("participant_id")
    assert booked["follows"] == would
    told = ok(world.call("host", "GET", f"/api/v1/meetings/{booked['id']}/messages/"))
    assert [one["words"] for one in told if one["kind"] == "RENOTIFICATION"] == [
        "Min side minner om invitasjonen mandag 18. januar kl. 10.00 hvis innbyggeren ikke har svart"
    ]


def test_the_days_on_which_nothing_more_is_told_are_listed(
    world: Any, sigrid: dict[str, Any], settings: Settings
) -> None:
    settings.MOST_MESSAGES_A_DAY = 1
    booked = ok(book(world, sigrid), 201)
    address = f"/api/v1/meetings/{booked['id']}/messages/full-days/"
    assert [(one["day"], one["counting"], one["exempt"]) for one in ok(world.call("host", "GET", address))] == [
        ("2027-01-19", 1, 0),
        ("2027-01-20", 1, 0),
    ]


def test_a_meeting_goes_from_booking_to_minutes_by_the_api(world: Any, sigrid: dict[str, Any]) -> None:
    booked = ok(book(world, sigrid), 201)
    address = f"/api/v1/meetings/{booked['id']}/"
    assert booked["participants"][0]["name"] == personas.CITIZENS[2].name
    assert Showing.objects.filter(what="person.found").count() == 1

    told = ok(world.call("host", "GET", f"{address}messages/"))
    assert {(line["occasion"], line["state"]) for line in told} >= {("INVITED", "PLANNED"), ("REMINDER", "PLANNED")}

    invitation = Invitation.objects.get(participant__meeting_id=booked["id"])
    person = invitation.participant.person
    assert person is not None
    world.actors["sigrid"] = make.citizen_actor(person)
    own = f"/api/v1/my/invitations/{invitation.pk}/"
    read = ok(world.call("sigrid", "GET", own))
    assert (read["theme"], read["duty"], read["from_nav"]) == ("Veien videre", "AGREED", [personas.CASEWORKERS[0].name])
    ok(world.call("sigrid", "POST", f"{own}answers/", {"revision": 1, "kind": "COMING"}, **key()), 201)
    choice = {"yes": False, "text_version": read["video_question"]["text_version"], "language": "nn"}
    ok(world.call("sigrid", "POST", f"{own}format-choice/", choice, **key()), 201)
    assert Task.objects.filter(meeting_id=booked["id"], kind="NO_TO_VIDEO", done_at=None).exists()
    assert b"BEGIN:VTIMEZONE" in world.call("sigrid", "GET", f"{own}calendar/").content

    change = {
        "day": "2027-01-22",
        "time": "12:00",
        "minutes": 30,
        "reason": "PRACTICAL",
        "sentence": "Romet er oppteke.",
    }
    would = ok(world.call("host", "POST", f"{address}rehearsal/", {"move": change}, **{"If-Match": '"1"'}))
    assert Meeting.objects.get(pk=booked["id"]).revision_number == 1
    moved = ok(world.call("host", "POST", f"{address}move/", change, **{"If-Match": '"1"'}))
    assert (moved["revision"], moved["sequence"], moved["version"]) == (2, 1, 2)
    planned = Message.objects.filter(meeting_id=booked["id"], about_number=2, state=MessageState.PLANNED)
    assert {(one["occasion"], one["step"]) for one in would["messages"] if not one["falls"]} == set(
        planned.values_list("occasion", "step")
    )
    assert ok(world.call("sigrid", "GET", own))["why"] == "Romet er oppteke."

    world.set_clock(Meeting.objects.get(pk=booked["id"]).starts_at + timedelta(minutes=40))
    draft = world.call("host", "GET", f"{address}minutes/draft/")
    sections = [{"code": "AGREED", "text": "Vi møtest igjen om to veker."}]
    saved = world.call("host", "PUT", f"{address}minutes/draft/", {"sections": sections}, **{"If-Match": draft["ETag"]})
    ok(saved)
    version = int(saved["ETag"].strip('"'))
    ok(world.call("host", "POST", f"{address}minutes/share/", {"version": version}, **key()), 201)
    world.actors["sigrid"] = make.citizen_actor(person, Level.HIGH)
    minutes = ok(world.call("sigrid", "GET", f"{own}minutes/1/"))
    assert "to veker" in str(minutes)


def test_an_instant_is_written_with_oslos_offset_wherever_it_stands(world: Any) -> None:
    at = "2027-01-21T10:00:00+01:00"
    one = ok(world.call("host", "GET", f"/api/v1/meetings/{world.meeting.pk}/"))
    (row,) = ok(world.call("host", "GET", "/api/v1/meetings/"))["results"]
    own = ok(world.call("citizen", "GET", f"/api/v1/my/invitations/{world.invitation.pk}/"))
    (own_row,) = ok(world.call("citizen", "GET", "/api/v1/my/invitations/"))["results"]
    assert {which["starts_at"] for which in (one, row, own, own_row)} == {at}


def test_a_cancelled_meeting_by_the_api(world: Any) -> None:
    address = f"/api/v1/meetings/{world.meeting.pk}/"
    refused = world.call("host", "POST", f"{address}cancel/", {"reason": "PRACTICAL"})
    assert (refused.status_code, refused.json()["code"]) == (428, "precondition_required")
    stale = world.call("host", "POST", f"{address}cancel/", {"reason": "PRACTICAL"}, **{"If-Match": '"9"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    ok(world.call("host", "POST", f"{address}cancel/", {"reason": "PRACTICAL"}, **{"If-Match": '"1"'}))
    again = world.call("host", "POST", f"{address}cancel/", {"reason": "PRACTICAL"}, **{"If-Match": '"2"'})
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"minutes": 14}, "minutes"),
        ({"day": "2020-01-01"}, "day"),
        ({"day": "2027-03-28", "time": "02:30"}, "time"),
        ({"day": "2027-10-31", "time": "02:30"}, "time"),
        ({"time": "24:00"}, "time"),
        ({"theme": "a" * 101}, "theme"),
        ({"theme": "a\u0000b"}, "theme"),
        ({"theme": ""}, "theme"),
        ({"format": "IN_PERSON"}, "address"),
        ({"format": "PHONE"}, "caller"),
        ({"type": "NONE"}, "type"),
        ({"theem": "x"}, "theem"),
        ({"day": "2027-02-29"}, "day"),
    ],
)
def test_bad_input_is_a_problem_that_names_its_field(
    world: Any, sigrid: dict[str, Any], change: dict[str, Any], field: str
) -> None:
    refused = book(world, sigrid, **change)
    assert refused.status_code == 400
    assert refused["Content-Type"] == "application/problem+json"
    assert field in [error["field"].split(".")[-1] for error in refused.json()["errors"]]
    assert Meeting.objects.count() == 1


def test_a_taken_time_is_a_conflict_that_names_the_meeting_to_its_own_office(world: Any) -> None:
    person = {"person_id": str(world.person.pk)}
    starts = {"day": "2027-01-21", "time": "10:15"}
    refused = book(world, person, **starts)
    assert refused.status_code == 409
    assert refused.json()["extra"].pop("free_times")
    assert refused.json()["extra"]["meeting"] == str(world.meeting.pk)
    body = BOOKING | person | starts
    stranger = world.call("stranger", "POST", "/api/v1/meetings/", body, **key())
    assert stranger.status_code == 409
    assert set(stranger.json()["extra"]) == {"free_times"}


@pytest.mark.parametrize("register", ["krr", "pdl", "access"])
def test_a_register_that_is_away_books_nothing(world: Any, registers: Any, sigrid: Any, register: str) -> None:
    registers.fail(register, "down")
    refused = book(world, sigrid)
    assert refused.status_code == 503
    assert refused["Retry-After"]
    assert Meeting.objects.count() == 1


def test_who_cannot_be_told_digitally_is_booked_and_gets_a_letter(world: Any) -> None:
    found = ok(world.call("host", "POST", "/api/v1/people/find/", {"number": personas.CITIZENS[1].number}))
    assert found["is_reserved"] is True
    booked = ok(book(world, found), 201)
    assert Task.objects.filter(meeting_id=booked["id"], kind="SEND_LETTER").exists()
    assert not Message.objects.filter(meeting_id=booked["id"], state=MessageState.PLANNED).exists()


def test_a_strictly_protected_person_is_not_found_without_the_group(world: Any) -> None:
    refused = world.call("host", "POST", "/api/v1/people/find/", {"number": personas.CITIZENS[4].number})
    assert (refused.status_code, refused.json()["code"]) == (403, "no_access_to_person")


def fields_of(refused: Any, status: int = 400) -> list[str]:
    assert refused.status_code == status, refused.content
    return [one["field"] for one in refused.json()["errors"]]


@pytest.mark.parametrize("number", ["12838410046", "", 12838410047, None, ["12838410047"]])
def test_a_number_that_will_not_do_is_told_at_the_field_as_it_is_sent(world: Any, number: Any) -> None:
    refused = world.call("host", "POST", "/api/v1/people/find/", {"number": number})
    assert fields_of(refused) == ["number"]
    if isinstance(number, int):
        assert refused.json()["detail"] == "Send dette som tekst, i anførselstegn."


def test_what_is_wrong_with_a_place_is_told_where_it_stands(world: Any, sigrid: dict[str, Any]) -> None:
    phone: dict[str, Any] = {"format": "PHONE", "place": {"phone": "12"}}
    room: dict[str, Any] = {"format": "IN_PERSON", "place": {}}
    assert fields_of(book(world, sigrid, **phone)) == ["place.caller", "place.phone"]
    assert fields_of(book(world, sigrid, **room)) == ["place.address"]
    trial = BOOKING | {"person_id": sigrid["person_id"]} | phone
    assert fields_of(world.call("host", "POST", "/api/v1/meetings/rehearsal/", trial)) == [
        "place.caller",
        "place.phone",
    ]
    why = {"reason": "PRACTICAL"}
    one = f"/api/v1/meetings/{world.meeting.pk}/"
    first = {"If-Match": '"1"'}
    assert fields_of(world.call("host", "POST", f"{one}change-format/", room | why, **first)) == ["place.address"]
    trial = {"change_format": room | why}
    assert fields_of(world.call("host", "POST", f"{one}rehearsal/", trial, **first)) == ["change_format.place.address"]


def test_of_two_partners_booked_with_one_contact_the_second_is_named(world: Any, sigrid: dict[str, Any]) -> None:
    one = {"role": "DOCTOR", "name": "Lise Legesen", "email": "lise@legesenter.example", "phone": "41000001"}
    other = one | {"role": "EMPLOYER", "name": "Per Sjef", "email": "per@bedrift.example"}
    refused = book(world, sigrid, type="DIALOGUE", day="2027-02-11", partners=[one, other])
    assert fields_of(refused, 409) == ["partners.1.phone"]


@pytest.mark.parametrize(
    ("who", "query", "field"),
    [
        ("host", "meetings/?mine=maybe", "mine"),
        ("host", "meetings/?mine=", "mine"),
        ("host", "meetings/?form=2027-01-21T10:00:00Z", "form"),
        ("host", "tasks/?mine=true", "mine"),
        ("citizen", "my/invitations/?page=2", "page"),
    ],
)
def test_a_list_asked_with_what_it_does_not_know_refuses_it_by_name(
    world: Any, who: str, query: str, field: str
) -> None:
    refused = world.call(who, "GET", f"/api/v1/{query}")
    assert fields_of(refused) == [field]


def test_a_list_is_asked_with_all_that_it_knows(world: Any) -> None:
    query = "?mine=false&from=2027-01-01T00:00:00Z&to=2027-02-01T00:00:00Z&limit=5"
    assert len(ok(world.call("host", "GET", f"/api/v1/meetings/{query}"))["results"]) == 1


@pytest.mark.parametrize(
    ("spraak", "lacks"),
    [
        ("se", "Innbyggeren har valgt å få beskjeder på nordsamisk"),
        ("pl", "Innbyggeren har valgt å få beskjeder på et annet språk enn bokmål, nynorsk og engelsk"),
        ("nn-NO", ""),
    ],
)
def test_booking_in_a_language_without_texts_says_so_as_its_rehearsal_did(
    world: Any, sigrid: dict[str, Any], registers: RunningRegisters, spraak: str, lacks: str
) -> None:
    registers.set_person(personas.CITIZENS[2].number, language=spraak)
    would = ok(world.call("host", "POST", "/api/v1/meetings/rehearsal/", BOOKING | {"person_id": sigrid["person_id"]}))
    assert [one.partition(". ")[0] for one in would["lacks"]] == ([lacks] if lacks else [])
    booked = ok(book(world, sigrid), 201)
    assert booked["follows"]["lacks"] == would["lacks"]
    assert Meeting.objects.get(pk=booked["id"]).citizen().language == ("nn" if not lacks else "nb")


def test_a_meeting_is_booked_in_the_language_that_is_sent(world: Any, sigrid: dict[str, Any]) -> None:
    body = BOOKING | {"person_id": sigrid["person_id"], "language": "en"}
    would = ok(world.call("host", "POST", "/api/v1/meetings/rehearsal/", body))
    booked = ok(book(world, sigrid, language="en"), 201)
    assert booked["follows"]["messages"][0]["texts"] == would["messages"][0]["texts"]
    assert "You have a video meeting with Nav" in would["messages"][0]["texts"]["ditt_nav"]
    assert Meeting.objects.get(pk=booked["id"]).citizen().language == "en"
    assert fields_of(book(world, sigrid, language="se")) == ["language"]


@pytest.mark.parametrize(
    ("spraak", "language", "has_texts", "written"),
    [("nn", "nn", True, "nn"), ("nb", "nb", True, "nb"), ("se-NO", "se", False, "nb"), (None, None, None, "nb")],
)
def test_finding_a_citizen_says_what_the_register_gives_and_nothing_where_it_gives_nothing(
    world: Any, registers: RunningRegisters, spraak: str | None, language: str, has_texts: bool, written: str
) -> None:
    registers.set_person(personas.CITIZENS[2].number, language=spraak)
    found = ok(world.call("host", "POST", "/api/v1/people/find/", {"number": personas.CITIZENS[2].number}))
    assert (found["language"], found["has_texts"], found["written_language"]) == (language, has_texts, written)


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("cancel", {}),
        ("move", {"day": "2027-01-25", "time": "10:00", "minutes": 45}),
        ("change-format", {"format": "PHONE", "place": {"caller": "NAV", "phone": "00000001"}}),
    ],
)
def test_a_change_is_made_while_the_contact_register_is_away_and_its_rehearsal_says_what_is_not_known(
    world: Any, registers: RunningRegisters, name: str, sent: dict[str, Any]
) -> None:
    registers.fail("krr")
    one, body = f"/api/v1/meetings/{world.meeting.pk}/", sent | {"reason": "STAFF_UNAVAILABLE"}
    first = {"If-Match": '"1"'}
    trial = {name.replace("-", "_"): body}
    assert CONTACT_UNKNOWN in ok(world.call("host", "POST", f"{one}rehearsal/", trial, **first))["lacks"]
    ok(world.call("host", "POST", f"{one}{name}/", body, **first))
    world.meeting.refresh_from_db()
    assert world.meeting.version == 2
