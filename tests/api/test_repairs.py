"""What was told, what did not arrive, and its repairs, by the API: codes and ids beside the words."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from invitations.models import Invitation, Message, PartnerCode
from meetings.models import Meeting, Participant, PartnerContact, Task
from tests import make
from tests.api.conftest import World
from tests.invitations.messages.test_ladder import feed
from tests.invitations.test_undelivered import failed

pytestmark = pytest.mark.django_db

UNDELIVERED = "/api/v1/undelivered/"


def press(world: World, path: str, body: Any = None, who: str = "host", key: str = "") -> Any:
    return world.call(who, "POST", f"/api/v1/{path}", body or {}, **{"Idempotency-Key": key or uuid4().hex})


def listed(world: World, rest: str = "", who: str = "host") -> list[dict[str, Any]]:
    answer = world.call(who, "GET", UNDELIVERED + rest)
    assert answer.status_code == 200, answer.content
    return list(answer.json()["results"])


@pytest.fixture
def lost(world: World) -> Message:
    """The citizen's invitation did not arrive; it is an hour later."""
    message = failed(world.meeting)
    world.set_clock(make.later(hours=1))
    return message


@pytest.fixture
def doctor(world: World) -> Participant:
    """A doctor by law, whose e-mail bounced; it is an hour later."""
    meeting = make.meeting(world.meeting.host, world.person, type_code="DIALOGUE", day=date(2027, 2, 18))
    doctor = make.partner(meeting)
    Message.objects.filter(participant__role="CITIZEN").update(state="DELIVERED", sent_at=make.NOW)
    failed(meeting, participant=doctor, occasion="INVITED")
    world.set_clock(make.later(hours=1))
    return doctor


def test_a_message_of_a_meeting_is_told_whole(world: World, lost: Message) -> None:
    answer = world.call("host", "GET", f"/api/v1/meetings/{world.meeting.pk}/messages/")
    lines = answer.json()
    (first,) = [one for one in lines if one["id"] == str(lost.pk)]
    first.pop("text")
    assert first == {
        "id": str(lost.pk),
        "kind": "MESSAGE",
        "participant_id": str(lost.participant_id),
        "invitation_id": str(world.invitation.pk),
        "role": "CITIZEN",
        "name": "",
        "occasion": "INVITED",
        "step": "ONCE",
        "occasion_words": "Invitasjon",
        "channel": "DITT_NAV",
        "state": "FAILED",
        "why": "NOT_DELIVERED",
        "words": "Vist på Min side, men SMS eller e-post kom ikke fram",
        "due_at": "2027-01-11T10:00:00+01:00",
        "moved_from": None,
        "sent_at": "2027-01-11T10:00:00+01:00",
        "sms_at": None,
        "settled_at": "2027-01-11T10:30:00+01:00",
        "attempts": 1,
        "hangs_on": "",
        "repeat": 0,
        "again_by": None,
        "again_because": "",
        "again_words": "",
        "retraction": "",
        "retraction_words": "",
        "taken_back_at": None,
        "is_overtaken": False,
        "text_version": "",
    }
    assert {one["kind"] for one in lines} == {"MESSAGE", "NOT_REACHED"}


def test_what_did_not_arrive_is_listed_whole_and_by_its_cause(world: World, lost: Message) -> None:
    (row,) = listed(world)
    assert row.pop("tried")["ways"]
    assert row == {
        "message_id": str(lost.pk),
        "meeting_id": str(world.meeting.pk),
        "participant_id": str(lost.participant_id),
        "invitation_id": str(world.invitation.pk),
        "role": "CITIZEN",
        "occasion": "INVITED",
        "step": "ONCE",
        "channel": "DITT_NAV",
        "state": "FAILED",
        "why": "NOT_DELIVERED",
        "attempts": 1,
        "hangs_on": "",
        "cause": "NOT_DELIVERED",
        "cause_words": "Kom ikke fram",
        "words": "Vist på Min side, men SMS eller e-post kom ikke fram",
        "trouble_at": "2027-01-11T10:30:00+01:00",
        "starts_at": "2027-01-21T10:00:00+01:00",
        "is_on_its_way": False,
        "next_at": None,
        "next_channel": None,
        "repairs": ["SEND_AGAIN", "CALL"],
        "letter_task_id": None,
    }
    assert listed(world, "?cause=NOT_DELIVERED")
    assert listed(world, "?cause=RESERVED") == []
    assert listed(world, who="colleague")
    assert listed(world, who="stranger") == []
    refused = world.call("host", "GET", f"{UNDELIVERED}?cause=WEATHER")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "cause")


def test_what_the_house_itself_tries_again_says_when_and_through_what(world: World, doctor: Participant) -> None:
    email = Message.objects.get(participant=doctor, occasion="INVITED")
    Message.objects.filter(pk=email.pk).update(state="SENT", why="", settled_at=None)
    Task.objects.all().delete()
    feed(email, "Email_Failed_TransientError", make.later(minutes=58))
    (row,) = listed(world)
    assert (row["is_on_its_way"], row["next_at"], row["next_channel"]) == (True, "2027-01-11T11:03:00+01:00", "EMAIL")
    assert row["repairs"] == ["CALL"]


def test_the_list_is_read_a_page_at_a_time(world: World, lost: Message) -> None:
    for number in range(2):
        failed(make.meeting(world.meeting.host, world.person, day=date(2027, 2, 1 + number)))
    first = world.call("host", "GET", f"{UNDELIVERED}?limit=2").json()
    second = world.call("host", "GET", f"{UNDELIVERED}?limit=2&cursor={first['next']}").json()
    ids = [one["message_id"] for page in (first, second) for one in page["results"]]
    assert (len(ids), len(set(ids)), second["next"]) == (3, 3, None)


def test_send_again_answers_whole_and_the_same_key_sends_once(world: World, lost: Message) -> None:
    path = f"invitations/{world.invitation.pk}/send-again/"
    answers = [press(world, path, {"because": "NOT_DELIVERED"}, key="one") for _ in range(2)]
    again = Message.objects.get(meeting=world.meeting, repeat=1)
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json() == {
        "message_id": str(again.pk),
        "occasion": "INVITED",
        "channel": "DITT_NAV",
        "repeat": 1,
        "by_letter": False,
        "is_repeat": False,
        "sms_at": None,
    }
    assert press(world, path, key="two").json()["is_repeat"], "another key, the same press"
    refused = press(world, path, who="colleague")
    assert (refused.status_code, refused.json()["code"]) == (409, "on_its_way")
    unknown = press(world, path, {"because": "CORRECTED"})
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (400, "because")
    assert listed(world)[0]["is_on_its_way"]


def test_an_address_is_corrected_and_sent_to_without_if_match(world: World, doctor: Participant) -> None:
    invitation = Invitation.objects.get(participant=doctor)
    path = f"invitations/{invitation.pk}/correct-contact/"
    refused = press(world, path, {"email": "lise@", "phone": "22222222"})
    assert refused.status_code == 400
    assert [one["field"] for one in refused.json()["errors"]] == ["email", "phone"]
    missing = press(world, path, {"email": "lise@riktig.example"})
    assert [one["field"] for one in missing.json()["errors"]] == ["phone"]
    answer = press(world, path, {"email": "lise@riktig.example", "phone": "41 00 00 01"})
    assert answer.status_code == 201, answer.content
    assert (answer.json()["occasion"], answer.json()["channel"]) == ("INVITED", "EMAIL")
    assert PartnerContact.objects.get(participant=doctor).email == "lise@riktig.example"
    own = press(world, f"invitations/{doctor.meeting.citizen().invitation.pk}/correct-contact/",
        {"email": "lise@riktig.example", "phone": "41 00 00 01"})  # fmt: skip
    assert (own.status_code, own.json()["code"]) == (409, "not_ours")


def test_another_number_ends_no_code_by_itself_and_sends_none(world: World, doctor: Participant) -> None:
    invitation = Invitation.objects.get(participant=doctor)
    press(
        world,
        f"invitations/{invitation.pk}/correct-contact/",
        {"email": "lise@legesenter.example", "phone": "41 00 00 09"},
    )
    assert PartnerContact.objects.get(participant=doctor).phone == "+4741000009"
    assert not PartnerCode.objects.exists()


def test_that_one_rang_is_kept_and_the_row_is_gone(world: World, lost: Message) -> None:
    answer = world.call("colleague", "POST", f"/api/v1/messages/{lost.pk}/called/", {})
    assert answer.status_code == 200, answer.content
    task = Task.objects.get(kind="CALL", meeting=world.meeting)
    assert (answer.json()["id"], answer.json()["kind"]) == (str(task.pk), "CALL")
    assert task.done_by == world.actors["colleague"].id
    assert listed(world) == []
    Message.objects.filter(pk=lost.pk).update(state="DELIVERED", why="")
    refused = world.call("host", "POST", f"/api/v1/messages/{lost.pk}/called/", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "arrived")


def test_to_a_meeting_that_is_over_nothing_is_sent_and_it_says_so(world: World, lost: Message) -> None:
    world.set_clock(Meeting.objects.get(pk=world.meeting.pk).ends_at)
    refused = press(world, f"invitations/{world.invitation.pk}/send-again/")
    assert (refused.status_code, refused.json()["code"]) == (409, "over")
    assert "Møtet er over" in refused.json()["detail"]
