"""Another way to meet, by page: look first, then do; everyone concerned is told once; and back again."""

from typing import Any

import pytest
from django.test import Client

from invitations.models import Channel, Message, MessageState, Occasion
from meetings.models import Format, Meeting, Task
from navmeet.people.models import Person
from tests import make
from tests.pages.partner.setting import DOCTOR, add, plain
from tests.pages.staff.setting import INGRID, KARI, person, user
from tests.pages.staff.test_partners import error_at

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"format": "PHONE", "caller": "NAV", "phone": "99 11 22 33", "reason": "CITIZEN_ASKED", "sentence": ""}


@pytest.fixture
def kari(client: Client) -> Person:
    return person(KARI.number)


@pytest.fixture
def meeting(kari: Person) -> Meeting:
    return make.meeting(user(INGRID), kari)


def send(client: Client, meeting: Meeting, **form: str) -> Any:
    values = PHONE | {"version": str(Meeting.objects.get(pk=meeting.pk).version), "act": "do"} | form
    return client.post(f"/meetings/{meeting.pk}/format/", values)


def test_the_form_knows_the_number_and_offers_the_other_formats(client: Client, meeting: Meeting) -> None:
    page = client.get(f"/meetings/{meeting.pk}/format/").content.decode()
    assert 'value="PHONE"' in page
    assert 'value="IN_PERSON"' in page
    assert 'name="format" value="VIDEO"' not in page
    assert "Prøvegata 1" in page


def test_looking_first_shows_the_words_that_are_then_sent(client: Client, meeting: Meeting) -> None:
    make.told(meeting)
    looked = send(client, meeting, act="rehearse")
    assert looked.status_code == 200
    assert (
        "Endring av møteform til innbyggeren Sendes mandag 11. januar kl. 10.10 på Min side, med SMS eller e-post"
        in plain(looked)
    )
    assert "Bytt til telefon" in plain(looked)
    assert Meeting.objects.get().format == Format.VIDEO
    before = Message.objects.count()
    done = send(client, meeting)
    assert done.status_code == 302
    page = plain(client.get(done["Location"]))
    assert "Møtet er nå et telefonmøte. Innbyggeren får beskjed på Min side kl. 10.10." in page
    assert Message.objects.filter(occasion=Occasion.FORMAT_CHANGED).count() == 1
    assert Message.objects.count() > before


def test_there_and_back_tells_nobody_and_says_why(client: Client, meeting: Meeting) -> None:
    doctor = add(meeting, DOCTOR)
    make.told(meeting)
    assert send(client, meeting).status_code == 302
    assert send(client, meeting, format="VIDEO").status_code == 302
    told = Message.objects.filter(occasion=Occasion.FORMAT_CHANGED, channel=Channel.DITT_NAV).order_by("pk")
    assert list(told.values_list("state", "why")) == [("VOID", "MOVED"), ("SKIPPED", "AS_TOLD")]
    assert "Ikke sendt: det er slik deltakeren har fått vite før" in plain(client.get(f"/meetings/{meeting.pk}/"))
    assert Message.objects.filter(participant=doctor).exclude(state=MessageState.VOID).exists()
    assert Meeting.objects.get().format == Format.VIDEO


def test_it_settles_what_the_citizen_asked_for(client: Client, meeting: Meeting) -> None:
    task = Task.objects.create(
        meeting=meeting, kind=Task.Kind.OTHER_FORMAT, about="answer:x", made_at=make.NOW, due_at=make.NOW
    )
    send(client, meeting)
    task.refresh_from_db()
    assert task.done_at == make.NOW


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"format": ""}, "format"),
        ({"format": "TELEGRAPH"}, "format"),
        ({"phone": ""}, "phone"),
        ({"caller": ""}, "caller"),
        ({"format": "IN_PERSON", "address": ""}, "address"),
        ({"reason": ""}, "reason"),
        ({"phone": "12"}, "phone"),
    ],
)
def test_what_is_missing_is_said_at_its_field(
    client: Client, meeting: Meeting, form: dict[str, str], field: str
) -> None:
    answer = send(client, meeting, **form)
    assert answer.status_code == 400
    assert error_at(answer, field)
    assert Meeting.objects.get().format == Format.VIDEO


def test_the_same_button_twice_changes_once(client: Client, meeting: Meeting) -> None:
    send(client, meeting)
    again = send(client, meeting)
    assert "Møtet holdes allerede på denne måten." in plain(client.get(again["Location"]))
    assert Meeting.objects.get().revision_number == 2


def test_on_an_older_version_nothing_is_done(client: Client, meeting: Meeting) -> None:
    Meeting.objects.update(version=5)
    stale = send(client, meeting, version="1")
    assert stale.status_code == 412
    assert "Møtet er endret siden du åpnet siden" in plain(stale)
    assert Meeting.objects.get().format == Format.VIDEO
