"""Adding, correcting and taking out doctors and employers; keeping the citizen's word about them."""

import re
from typing import Any

import pytest
from django.test import Client

from invitations.models import Channel, Consent, Invitation, Message
from meetings.models import Meeting, Participant, PartnerContact
from navmeet.audit.models import Showing
from navmeet.dev.registers import RunningRegisters
from navmeet.people.models import Person
from tests import make
from tests.pages.partner.setting import plain
from tests.pages.staff.setting import INGRID, KARI, Clock, actor, log_in, person, user

pytestmark = pytest.mark.django_db(transaction=True)
LISE = {
    "role": "DOCTOR",
    "name": "Lise Legesen",
    "organisation": "Fjordvik legesenter",
    "email": "lise@legesenter.example",
    "phone": "49 00 00 12",
    "way_in": "",
    "part_offset": "",
    "part_minutes": "",
    "language": "nb",
    "theme": "Tilrettelegging",
    "purpose": "Vi trenger din vurdering.",
    "preparations": "",
}


@pytest.fixture
def kari(client: Client) -> Person:
    return person(KARI.number)


@pytest.fixture
def meeting(kari: Person) -> Meeting:
    return make.meeting(user(INGRID), kari)


@pytest.fixture
def doctor(client: Client, meeting: Meeting) -> Participant:
    """Added by the page itself: nothing is told before the citizen has said yes."""
    assert add(client, meeting).status_code == 302
    return Participant.objects.select_related("invitation", "contact").get(role="DOCTOR")


def add(client: Client, meeting: Meeting, **form: str) -> Any:
    values = LISE | {"version": "1", "act": "do", "reason": "PRACTICAL"} | form
    return client.post(f"/meetings/{meeting.pk}/partners/new/", values)


def send(client: Client, partner: Participant, rest: str = "", **form: str) -> Any:
    values = (LISE if not rest else {}) | {"version": "2", "act": "do", "reason": "PRACTICAL"} | form
    return client.post(f"/meetings/{partner.meeting_id}/partners/{partner.pk}/{rest}", values)


def error_at(answer: Any, field: str) -> str:
    found = re.search(rf'id="id_{field}_error".*?</(?:div|ul|p)>', answer.content.decode(), re.DOTALL)
    return re.sub(r"<[^>]+>", " ", found[0]).strip() if found else ""


def emails() -> list[str]:
    return list(Message.objects.filter(channel=Channel.EMAIL).order_by("due_at").values_list("occasion", flat=True))


def released(client: Client, partner: Participant) -> None:
    assert send(client, partner, "release/", said="yes", how="PHONE").status_code == 302


def test_looking_first_shows_what_each_will_read_and_keeps_nothing(client: Client, meeting: Meeting) -> None:
    answer = add(client, meeting, act="rehearse")
    page = plain(answer)
    assert answer.status_code == 200
    assert "Legen får vite om møtet når innbyggeren har sagt ja til det." in page
    assert "Etter å ha skrevet koden fra SMS leser legen også: Tilrettelegging Vi trenger din vurdering." in page
    assert 'value="lise@legesenter.example"' in answer.content.decode()
    assert not PartnerContact.objects.exists()
    meeting.refresh_from_db()
    assert meeting.version == 1


def test_adding_shows_them_and_that_the_citizen_is_waited_for(client: Client, meeting: Meeting) -> None:
    page = plain(client.get(add(client, meeting)["Location"]))
    assert "Legen: Lise Legesen (Fjordvik legesenter)" in page
    assert "Venter på innbyggeren" in page
    assert "lise@legesenter.example, +4749000012" in page
    assert emails() == []


def test_by_law_they_are_invited_at_once_and_the_words_are_those_that_were_shown(client: Client, kari: Person) -> None:
    from datetime import date

    meeting = make.meeting(user(INGRID), kari, type_code="DIALOGUE", day=date(2027, 2, 11))
    shown = plain(add(client, meeting, act="rehearse"))
    assert "Invitasjon til legen Sendes med en gang på e-post" in shown
    assert "Nav inviterer deg til et videomøte torsdag 11. februar kl. 10.00." in shown
    page = plain(client.get(add(client, meeting)["Location"]))
    assert "Deltar etter loven" in page
    assert "folketrygdloven § 8-7 a" in page
    assert "Legen, Lise Legesen" in page
    assert emails()[0] == "INVITED"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("phone", "22 33 44 55", "Skriv et mobilnummer"),
        ("phone", "🙂" * 30, "Skriv et mobilnummer"),
        ("email", "lise", "Skriv e-postadressen på formen"),
        ("name", "", "Skriv navnet."),
        ("name", "x" * 10_000, "høyst 100 tegn"),
        ("part_minutes", "10", "ingen av dem"),
        ("part_minutes", "ti", "Skriv hele minutter."),
        ("way_in", "IN_PERSON", "Velg"),
        ("role", "CITIZEN", "Velg"),
        ("theme", "x" * 101, "høyst 100 tegn"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(
    client: Client, meeting: Meeting, field: str, value: str, said: str
) -> None:
    answer = add(client, meeting, **{field: value})
    at = {"part_minutes": ("part_minutes", "part_offset")}.get(field, (field,))
    assert answer.status_code == 400
    assert any(said in error_at(answer, one) for one in at), [error_at(answer, one) for one in at]
    assert "Vi trenger din vurdering." in answer.content.decode()
    assert not PartnerContact.objects.exists()


def test_the_citizen_is_not_their_own_employer(client: Client, meeting: Meeting) -> None:
    answer = add(client, meeting, role="EMPLOYER", email=(KARI.email or "").upper())
    assert answer.status_code == 400
    assert "innbyggerens egen e-postadresse" in error_at(answer, "email")


def test_the_same_twice_is_one(client: Client, meeting: Meeting, doctor: Participant) -> None:
    answer = add(client, meeting, version="2")
    assert answer.status_code == 409
    assert "allerede er med i møtet" in plain(answer)
    assert PartnerContact.objects.count() == 1


def test_on_an_older_version_nothing_is_done_and_pressing_again_means_it(client: Client, doctor: Participant) -> None:
    stale = send(client, doctor, version="1", name="Lise Nygift")
    assert stale.status_code == 412
    assert "Møtet er endret siden du åpnet siden" in plain(stale)
    assert 'value="2"' in stale.content.decode()
    assert send(client, doctor, version="2", name="Lise Nygift").status_code == 302


def test_the_word_of_the_citizen_by_phone_opens_and_closes(client: Client, doctor: Participant) -> None:
    page = client.get(f"/meetings/{doctor.meeting_id}/partners/{doctor.pk}/release/")
    assert "Kan Lise Legesen (Fjordvik legesenter) delta i møtet?" in page.content.decode()
    assert "checked" not in page.content.decode().split("<form", 2)[-1]
    looked = plain(send(client, doctor, "release/", said="yes", how="PHONE", act="rehearse"))
    assert "Invitasjon til legen Sendes med en gang på e-post" in looked
    assert not Consent.objects.exists()
    released(client, doctor)
    assert "Innbyggeren har sagt ja" in plain(client.get(f"/meetings/{doctor.meeting_id}/"))
    assert Invitation.objects.get(participant=doctor).closed_at is None
    assert emails()[0] == "INVITED"
    assert send(client, doctor, "release/", said="no", how="LETTER").status_code == 302
    assert "Innbyggeren har sagt nei" in plain(client.get(f"/meetings/{doctor.meeting_id}/"))
    assert Invitation.objects.get(participant=doctor).closed_at is not None


@pytest.mark.parametrize(
    "form", [{"said": "", "how": "PHONE"}, {"said": "yes", "how": ""}, {"said": "yes", "how": "PAGE"}]
)
def test_a_release_is_recorded_whole_or_not_at_all(client: Client, doctor: Participant, form: dict[str, str]) -> None:
    assert send(client, doctor, "release/", **form).status_code == 400
    assert not Consent.objects.exists()


def test_a_corrected_name_asks_the_citizen_again(client: Client, doctor: Participant) -> None:
    released(client, doctor)
    assert send(client, doctor, name="Per Vikar").status_code == 302
    assert "Må spørres på nytt" in plain(client.get(f"/meetings/{doctor.meeting_id}/"))


def test_removing_closes_their_link(client: Client, doctor: Participant) -> None:
    released(client, doctor)
    assert "Fjern legen" in plain(send(client, doctor, "remove/", act="rehearse"))
    assert send(client, doctor, "remove/").status_code == 302
    assert Participant.objects.get(pk=doctor.pk).removed_at is not None
    assert Invitation.objects.get(participant=doctor).closed_at is not None
    assert send(client, doctor, "remove/", version="3").status_code == 404


def test_their_way_in_is_changed_and_they_alone_are_told(client: Client, doctor: Participant) -> None:
    released(client, doctor)
    before = Message.objects.filter(channel=Channel.DITT_NAV).count()
    looked = plain(send(client, doctor, "way-in/", way_in="PHONE", act="rehearse"))
    assert "til legen" in looked
    assert "til innbyggeren" not in looked.split("Dette skjer")[1]
    assert send(client, doctor, "way-in/", way_in="PHONE").status_code == 302
    assert Participant.objects.get(pk=doctor.pk).way_in == "PHONE"
    assert Message.objects.filter(channel=Channel.DITT_NAV).count() == before
    again = send(client, doctor, "way-in/", way_in="PHONE", version="3")
    assert again.status_code == 409


def test_each_opening_of_a_page_is_kept(client: Client, doctor: Participant) -> None:
    Showing.objects.all().delete()
    base = f"/meetings/{doctor.meeting_id}/partners/"
    pages = (f"{base}new/", *(f"{base}{doctor.pk}/{rest}" for rest in ("", "remove/", "release/", "way-in/")))
    for path in pages:
        assert client.get(path).status_code == 200
    assert Showing.objects.count() == len(pages)


def test_another_office_does_not_learn_that_it_exists(
    client: Client, clock: Clock, registers: RunningRegisters, doctor: Participant
) -> None:
    from tests.pages.staff.setting import JONAS

    stranger = log_in(actor(JONAS, "0300"), JONAS.name)
    base = f"/meetings/{doctor.meeting_id}/partners/"
    for path in (f"{base}new/", *(f"{base}{doctor.pk}/{rest}" for rest in ("", "remove/", "release/", "way-in/"))):
        assert stranger.get(path).status_code == 404
        assert stranger.post(path, LISE | {"version": "2"}).status_code == 404


def test_when_it_is_over_there_is_nothing_to_change(client: Client, clock: Clock, doctor: Participant) -> None:
    meeting = Meeting.objects.get()
    clock.set(meeting.ends_at)
    client = log_in(actor(INGRID), INGRID.name, meeting.ends_at)
    for path in ("partners/new/", f"partners/{doctor.pk}/", f"partners/{doctor.pk}/remove/", "format/"):
        answer = client.get(f"/meetings/{meeting.pk}/{path}")
        assert (answer.status_code, answer["Location"]) == (302, f"/meetings/{meeting.pk}/")


def test_whom_the_citizen_said_no_to_is_not_shown_as_taking_part_nor_how_they_are_reached(
    client: Client, doctor: Participant
) -> None:
    address = f"/meetings/{doctor.meeting_id}/"
    before = plain(client.get(address))
    assert "Deltar På video" in before
    assert "Legen har ikke svart" not in before, "nobody has asked them yet"
    assert send(client, doctor, "release/", said="no", how="PHONE").status_code == 302
    after = plain(client.get(address))
    assert "Skulle delta På video" in after
    assert doctor.contact.email not in after


def test_looking_first_shows_the_link_in_words_and_no_choice_that_must_be_made_is_called_optional(
    client: Client, meeting: Meeting
) -> None:
    page = plain(add(client, meeting, act="rehearse"))
    assert "{lenke}" not in page
    assert "[lenke til møtet]" in page
    assert "Slik deltar legen eller arbeidsgiveren (valgfritt)" not in page
