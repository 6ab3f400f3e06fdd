"""Adding, correcting and taking out doctors and employers; keeping the citizen's word about them."""


import pytest
from django.test import Client

from meetings.models import Format, Meeting, Participant
from navmeet.people.models import Person
from tests import make
from tests.pages.staff.setting import INGRID, KARI, person, user

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


def test_smoke(client: Client, meeting: Meeting) -> None:
    url = f"/meetings/{meeting.pk}/partners/new/"
    assert client.get(url).status_code == 200
    r = client.post(url, LISE | {"version": "1", "act": "rehearse"})
    assert r.status_code == 200, r.content.decode()
    assert "Legen får vite om møtet når innbyggeren har sagt ja" in r.content.decode()
    r = client.post(url, LISE | {"version": "1", "act": "do"})
    assert r.status_code == 302, r.content.decode()
    page = client.get(r["Location"])
    assert "Lise Legesen" in page.content.decode()
    p = Participant.objects.get(role="DOCTOR")
    base = f"/meetings/{meeting.pk}/partners/{p.pk}/"
    for rest in ("", "remove/", "release/", "way-in/"):
        assert client.get(base + rest).status_code == 200
    r = client.post(base + "release/", {"said": "yes", "how": "PHONE", "act": "rehearse"})
    assert r.status_code == 200
    assert "Invitasjon til legen" in r.content.decode()
    r = client.post(base + "release/", {"said": "yes", "how": "PHONE", "act": "do"})
    assert r.status_code == 302
    assert "Innbyggeren har sagt ja" in client.get(r["Location"]).content.decode()
    r = client.post(base + "way-in/", {"way_in": "PHONE", "version": "2", "act": "rehearse"})
    assert r.status_code == 200, r.content.decode()
    r = client.post(base + "way-in/", {"way_in": "PHONE", "version": "2", "act": "do"})
    assert r.status_code == 302
    r = client.post(base, LISE | {"name": "Ny Lege", "way_in": "PHONE", "version": "3", "act": "rehearse"})
    assert r.status_code == 200
    r = client.post(base + "remove/", {"version": "3", "act": "rehearse"})
    assert r.status_code == 200
    f = f"/meetings/{meeting.pk}/format/"
    assert client.get(f).status_code == 200
    body = {"format": "PHONE", "caller": "NAV", "phone": "99112233", "reason": "CITIZEN_ASKED", "version": "3"}
    r = client.post(f, body | {"act": "rehearse"})
    assert r.status_code == 200
    r = client.post(f, body | {"act": "do"})
    assert r.status_code == 302
    meeting.refresh_from_db()
    assert meeting.format == Format.PHONE
