"""What another format lacks is named before it is chosen, not after."""

import html
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from invitations import consents
from invitations.models import Invitation
from meetings import asking, fitting, formats
from meetings.asking import Answers
from meetings.changes import Why
from meetings.contacts import CitizenContact
from meetings.models import Format, Meeting, Reason, Room
from meetings.places import Place
from navmeet.change import rehearse
from navmeet.pages.staff import format_notes
from navmeet.people.models import Protection
from tests import make
from tests.meetings.setting import given
from tests.pages.staff.setting import INGRID, KARI, person, user

pytestmark = pytest.mark.django_db(transaction=True)


def answers_of(meeting: Meeting, **more: Any) -> Answers:
    found = Answers(
        clearance=given(meeting)["clearance"],
        can_be_told=True,
        language="nb",
        contact=CitizenContact(phone="+4700000001"),
        safety_measures=frozenset(),
    )
    return replace(found, **more)


def test_no_number_no_room_a_no_to_video_and_what_is_excluded_are_named_for_each_format() -> None:
    meeting = make.meeting(format=Format.PHONE, place=Place(caller="NAV", phone="99112233"))
    assert format_notes.of(meeting, answers_of(meeting)) == {Format.IN_PERSON: [format_notes.NO_ROOMS]}
    Room.objects.create(office=meeting.office, name="Rom 3", capacity=4)
    assert format_notes.of(meeting, answers_of(meeting)) == {}
    reserved = format_notes.of(meeting, answers_of(meeting, can_be_told=False))
    assert reserved == {Format.VIDEO: [fitting.RESERVED_AND_VIDEO]}
    excluded = format_notes.of(meeting, answers_of(meeting, safety_measures=frozenset({"DIUS"})))
    assert list(excluded) == [Format.VIDEO]
    assert not any(word in str(excluded) for word in ("tiltak", "DIUS", "sikkerhet"))
    by_video = make.meeting()
    unreached = format_notes.of(by_video, answers_of(by_video, contact=CitizenContact()))
    assert unreached[Format.PHONE] == [format_notes.NO_NUMBER]


def test_a_no_to_video_is_named_on_the_page_before_it_is_chosen(client: Client) -> None:
    kari = person(KARI.number)
    meeting = make.meeting(user(INGRID), kari)
    consents.choose_video(
        invitation_id=Invitation.objects.get().pk,
        said_yes=False,
        text_version=consents.VIDEO_VERSION,
        language="nb",
        by=make.citizen_actor(kari),
        at=make.NOW,
    )
    values = changing_to_phone(meeting)
    formats.change_format(**values)
    page = html.unescape(client.get(f"/meetings/{meeting.pk}/format/").content.decode())
    assert "Videomøte: Innbyggeren har sagt nei til video." in page


def changing_to_phone(meeting: Meeting) -> dict[str, Any]:
    why = Why(Reason.PRACTICAL)
    place = Place(caller="NAV", phone="99112233")
    return given(meeting, to=Format.PHONE, place=place, why=why, can_be_told=True, safety_measures=frozenset())


@pytest.mark.parametrize(
    ("held", "way_in", "part", "said"),
    [
        (Format.PHONE, "VIDEO", None, "Legen skulle delta på video"),
        (Format.IN_PERSON, "", None, "Legen må nå møte opp."),
        (Format.IN_PERSON, "", 10, "Legen må nå møte opp bare for 10 minutter."),
        (Format.IN_PERSON, "PHONE", 10, ""),
        (Format.PHONE, "", None, ""),
    ],
)
def test_a_doctor_whose_way_in_no_longer_fits_is_named_in_the_rehearsal(
    held: Format, way_in: str, part: int | None, said: str
) -> None:
    meeting = make.meeting(format=Format.IN_PERSON if way_in == "VIDEO" else Format.VIDEO, place=Place(address="Her 1"))
    make.partner(meeting, make.doctor(way_in=way_in, part_offset=0 if part else None, part_minutes=part))
    place = Place(caller="NAV", phone="99112233") if held == Format.PHONE else Place(address="Her 1", room="Rom 3")
    values = changing_to_phone(meeting) | {"to": held, "place": place}
    lacks = rehearse(formats.change_format, **values).lacks
    assert any(one.startswith(said) for one in lacks) if said else not any("Legen" in one for one in lacks)


def test_no_room_and_a_confidential_address_are_named_in_the_rehearsal() -> None:
    meeting = make.meeting(person=make.citizen(protection=Protection.CONFIDENTIAL))
    make.partner(meeting)
    values = changing_to_phone(meeting) | {"to": Format.IN_PERSON, "place": Place(address="Her 1")}
    lacks = rehearse(formats.change_format, **values).lacks
    assert fitting.NO_ROOM in lacks
    assert any("får ikke vite hvor møtet er" in one for one in lacks)


def test_the_page_asks_the_registers_once_to_show_it(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = make.meeting(user(INGRID), person(KARI.number))
    asked: list[object] = []
    ask = asking.about_change

    def counted(*args: Any, **kwargs: Any) -> Any:
        asked.append(args)
        return ask(*args, **kwargs)

    monkeypatch.setattr(asking, "about_change", counted)
    assert client.get(f"/meetings/{meeting.pk}/format/").status_code == 200
    assert len(asked) == 1
