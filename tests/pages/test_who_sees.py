"""Each page that shows a meeting, opened as each reader, each field looked for: as the table says, no more, no less.

The table is `invitations.who_sees.FIELDS`, drawn into docs/who-sees-what.md.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from django.test import Client
from django.urls import clear_url_caches
from pytest_django import Settings

from invitations import answers, links, partners
from invitations.messages import partner_channel
from invitations.models import Answer, Invitation
from invitations.who_sees import FIELDS, Reader
from meetings import changes
from meetings.models import Format, Meeting, Participant
from meetings.places import Place
from navmeet.accounts.actor import Actor, ActorKind
from navmeet.dev.personas import ADVISERS
from navmeet.dev.registers import RunningRegisters
from navmeet.people.models import Person
from tests import make
from tests.meetings.test_changes import arguments
from tests.pages.citizen.setting import Visit
from tests.pages.partner.setting import DOCTOR, EMPLOYER, Phones, add
from tests.pages.staff.conftest import clock, registers, registers_server
from tests.pages.staff.setting import INGRID, KARI, Clock, actor, log_in, person, user

__all__ = ["clock", "registers", "registers_server"]
pytestmark = pytest.mark.django_db(transaction=True)

# What would show that a field is there: none of it is part of any other text.
NEEDLES = {
    "day": ("21. januar", "22. januar", "25. januar"),
    "state": ("Møtet er avlyst", "Avlyst"),
    "format": ("Videomøte", "Telefonmøte", "Fysisk møte", "Møte på Nav-kontoret"),
    "office_address": ("Prøvegata 1",),
    "place": ("Møteveien 5", "Bjørka"),
    "type": ("Oppfølgingssamtale",),
    "staff": (INGRID.name,),
    "citizen_name": (KARI.name,),
    "citizen_born": (),
    "citizen_number": (KARI.number,),
    "citizen_phone": ("99112233", "99 11 22 33"),
    "citizen_texts": ("Veien videre", "Vi ser på planen din", "Ta med planen"),
    "citizen_answer": ("Sagt av innbyggeren",),
    "doctor_name": (DOCTOR.name, DOCTOR.organisation),
    "doctor_contact": (DOCTOR.email, DOCTOR.phone, DOCTOR.phone[3:]),
    "doctor_texts": (DOCTOR.theme, DOCTOR.purpose, DOCTOR.preparations),
    "doctor_answer": ("Sagt av legen",),
    "employer_name": (EMPLOYER.name, EMPLOYER.organisation),
    "employer_contact": (EMPLOYER.email, EMPLOYER.phone, EMPLOYER.phone[3:]),
    "employer_texts": (EMPLOYER.theme,),
    "employer_answer": ("Sagt av arbeidsgiveren",),
}


@dataclass
class Scene:
    """Kari's meetings in each format, one of them cancelled, each with a doctor and an employer; all have answered."""

    person: Person
    meetings: list[Meeting]
    phones: Phones
    go_to: Callable[[str], None]

    def pages(self, reader: Reader) -> str:
        """What this reader is shown of all of them, put together."""
        return "".join(self._page(reader, meeting) for meeting in self.meetings)

    def _page(self, reader: Reader, meeting: Meeting) -> str:
        if reader == Reader.CASEWORKER:
            self.go_to("staff")
            return _main(log_in(actor(INGRID), "Noen"), f"/meetings/{meeting.pk}/")
        if reader == Reader.ADVISER:
            self.go_to("staff")
            theirs = Invitation.objects.get(participant=meeting.citizen())
            adviser = log_in(actor(ADVISERS[0], "4100", ActorKind.ADVISER), "Noen")
            pages = (
                f"/advising/{theirs.pk}/",
                f"/advising/people/{self.person.pk}/",
                f"/invitations/{theirs.pk}/answer/",
            )
            return "".join(_main(adviser, page) for page in pages)
        self.go_to("citizen")
        invitations = {
            one.participant.role: one
            for one in Invitation.objects.filter(participant__meeting=meeting).select_related("participant")
        }
        if reader == Reader.CITIZEN:
            browser = Visit.browser(_visit(self.person), self.person)
            return _main(browser, f"/my/{invitations['CITIZEN'].pk}/")
        if reader in {Reader.CITIZEN_LINK, Reader.PARTNER_LINK}:
            whose = ["CITIZEN"] if reader == Reader.CITIZEN_LINK else ["DOCTOR", "EMPLOYER"]
            return "".join(_main(Client(), links.path(invitations[one].pk)) for one in whose)
        mine = invitations["DOCTOR" if reader == Reader.DOCTOR else "EMPLOYER"]
        client, path = Client(), links.path(mine.pk)
        client.post(f"{path}code/")
        client.post(f"{path}code/check/", {"code": self.phones.code()})
        return _main(client, f"{path}read/")


def _visit(person: Person) -> Visit:
    visit = Visit.__new__(Visit)
    visit.person = person
    return visit


def _main(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode().split("<main", 1)[1].split("</main>", 1)[0]


@pytest.fixture
def scene(
    db: None,
    clock: Clock,
    registers: RunningRegisters,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> Scene:
    def go_to(surface: str) -> None:
        settings.SURFACE, settings.ROOT_URLCONF = surface, f"navmeet.urls.{surface}"
        clear_url_caches()

    phones = Phones()
    monkeypatch.setattr(partner_channel, "send_code", phones.send)
    kari, host = person(KARI.number), user(INGRID)
    meetings = []
    for day, held, place in (
        (21, Format.IN_PERSON, Place(address="Møteveien 5, 0002 Prøveby", room="Bjørka")),
        (22, Format.PHONE, Place(caller="NAV", phone="99112233")),
        (25, Format.VIDEO, Place()),
    ):
        meeting = make.meeting(host, kari, format=held, place=place, day=date(2027, 1, day))
        _answer(meeting.citizen(), make.citizen_actor(kari), "Sagt av innbyggeren")
        for asked, words in ((DOCTOR, "Sagt av legen"), (EMPLOYER, "Sagt av arbeidsgiveren")):
            added = add(meeting, asked)
            _answer(added, partners.reader(added.invitation.pk), words)
        meetings.append(meeting)
    changes.cancel(**arguments(meetings[-1]))
    return Scene(kari, meetings, phones, go_to)


def _answer(participant: Participant, by: Actor, words: str) -> None:
    invitation = Invitation.objects.get(participant=participant)
    answers.answer(
        invitation_id=invitation.pk, revision_number=1, kind=Answer.Kind.COMING, words=words, by=by, at=make.NOW
    )


@pytest.mark.parametrize("reader", list(Reader))
def test_each_reader_sees_the_fields_of_the_table_and_no_others(scene: Scene, reader: Reader) -> None:
    page = scene.pages(reader)
    born = scene.person.identities.get().number
    needles = NEEDLES | {"citizen_born": (f"{born[:2]}.{int(born[2:4]) - 80:02d}.19{born[4:6]}",)}
    seen = {field.code for field in FIELDS if any(needle in page for needle in needles[field.code])}
    assert seen == {field.code for field in FIELDS if reader in field.readers}


def test_every_field_of_the_table_is_looked_for() -> None:
    assert [field.code for field in FIELDS] == list(NEEDLES)
    assert len({field.code for field in FIELDS}) == len(FIELDS)
