"""What may come to be sent, on a page of its own: for whom, in which words, and that looking is kept for the audit."""

from uuid import UUID

import pytest
from django.test import Client

from invitations.models import Message
from meetings.models import Meeting, Participant
from navmeet.audit.models import Showing
from navmeet.people.models import Person
from tests import make
from tests.pages.staff.setting import INGRID, JONAS, KARI, actor, log_in, person, user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def kari(client: Client) -> Person:
    return person(KARI.number)


@pytest.fixture
def meeting(kari: Person) -> Meeting:
    return make.meeting(user(INGRID), kari, type_code="DIALOGUE")


def html(client: Client, meeting: Meeting, query: str = "") -> str:
    answer = client.get(f"/meetings/{meeting.pk}/texts/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_citizens_texts_in_three_languages_with_the_length_of_each_sms(client: Client, meeting: Meeting) -> None:
    before = Message.objects.count()
    page = html(client, meeting)
    assert "Innbyggeren, " in page
    for words in ("Du har fått et videomøte med Nav torsdag 21. januar kl. 10.00", "eit videomøte", "a video meeting"):
        assert words in page
    assert "tegn, én melding)" in page
    assert "Tekstutgave" in page
    assert Message.objects.count() == before


def test_a_partner_is_chosen_and_their_link_is_in_words(client: Client, meeting: Meeting) -> None:
    doctor = make.partner(meeting)
    assert f"?participant={doctor.pk}" in html(client, meeting)
    page = html(client, meeting, f"?participant={doctor.pk}")
    assert "Legen, Lise Legesen" in page
    assert "[lenke til møtet]" in page
    assert "/i/" not in page


def test_a_language_without_texts_is_said(client: Client, meeting: Meeting) -> None:
    Participant.objects.filter(pk=meeting.citizen().pk).update(language="se")
    assert "Vi har ingen tekst på skriftspråket som er valgt." in html(client, meeting)


def test_it_is_reached_from_the_meeting(client: Client, meeting: Meeting) -> None:
    page = client.get(f"/meetings/{meeting.pk}/").content.decode()
    assert f'href="/meetings/{meeting.pk}/texts/"' in page


def test_looking_is_kept_for_the_audit_log(client: Client, meeting: Meeting, kari: Person) -> None:
    html(client, meeting)
    assert [(one.what, one.person_id) for one in Showing.objects.all()] == [("texts.opened", kari.pk)]


@pytest.mark.parametrize("query", [f"?participant={UUID(int=1)}", "?participant=x"])
def test_one_who_is_not_in_the_meeting_is_not_found(client: Client, meeting: Meeting, query: str) -> None:
    assert client.get(f"/meetings/{meeting.pk}/texts/{query}").status_code == 404
    assert not Showing.objects.exists()


def test_another_office_does_not_learn_that_the_meeting_exists(client: Client, meeting: Meeting) -> None:
    stranger = log_in(actor(JONAS, "0301"), JONAS.name)
    assert stranger.get(f"/meetings/{meeting.pk}/texts/").status_code == 404
