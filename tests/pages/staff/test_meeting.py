"""One meeting, whole: who may open it, what stands there, and that opening it is kept."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from invitations import answers, consents
from invitations.models import Answer, Invitation
from meetings import changes
from meetings.models import Format, Meeting, Reason
from meetings.places import Place
from meetings.times import slot
from navmeet.accounts.actor import Actor, ActorKind
from navmeet.audit.models import Showing
from navmeet.dev.registers import RunningRegisters
from navmeet.people.models import Person
from tests import make
from tests.pages.staff.setting import AMINA, INGRID, JONAS, KARI, TURID, Clock, actor, log_in, person, user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def kari(client: Client) -> Person:
    return person(KARI.number)


@pytest.fixture
def meeting(kari: Person) -> Meeting:
    return make.meeting(user(INGRID), kari)


def html(client: Client, meeting: Meeting) -> str:
    answer = client.get(f"/meetings/{meeting.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def moved(meeting: Meeting, kari: Person, day: int, at: datetime = make.NOW, sentence: str = "") -> None:
    by = actor(INGRID)
    changes.move(
        meeting_id=meeting.pk,
        version=Meeting.objects.get(pk=meeting.pk).version,
        to=slot(day=date(2027, 1, day), clock=time(12), minutes=45, fold=None, at=at),
        place=None,
        why=changes.Why(Reason.CITIZEN_ASKED, sentence),
        can_be_told=True,
        by=by,
        clearance=make.clearance(kari, by, at),
        at=at,
    )


def said(meeting: Meeting, kari: Person, kind: Answer.Kind, words: str = "", revision: int = 1) -> None:
    invitation = Invitation.objects.get(participant__meeting=meeting)
    by, at = make.citizen_actor(kari), make.later(minutes=5)
    answers.answer(invitation_id=invitation.pk, revision_number=revision, kind=kind, words=words, by=by, at=at)


def test_everything_that_was_agreed_stands_there_and_no_number(client: Client, meeting: Meeting) -> None:
    page = html(client, meeting)
    for text in (
        "Oppfølgingssamtale med Kari Testdal",
        "torsdag 21. januar 2027",
        "kl. 10.00–10.45",
        "Videomøte",
        INGRID.name,
        "12.03.1984",
        "Veien videre",
        "Vi ser på planen din.",
        "Ta med planen.",
        "Innbyggeren har ikke svart.",
        "Invitasjon",
        "Påminnelse, 1 time før",
        "Bestilt",
    ):
        assert text in page
    assert KARI.number not in page


def test_opening_is_kept_once(client: Client, meeting: Meeting, kari: Person) -> None:
    html(client, meeting)
    showing = Showing.objects.get()
    assert (showing.what, showing.person_id, showing.nav_ident) == ("meeting.opened", kari.pk, INGRID.nav_ident)


def test_a_strangers_meeting_is_not_found_by_any_address(client: Client) -> None:
    other = make.meeting(make.caseworker(office_number="0298"), person(KARI.number))
    for path in ("", "move/", "cancel/"):
        assert client.get(f"/meetings/{other.pk}/{path}").status_code == 404
        assert client.post(f"/meetings/{other.pk}/{path or 'enter/'}").status_code == 404
    assert not Showing.objects.exists()


def test_a_meeting_that_is_none_is_not_found(client: Client) -> None:
    assert client.get("/meetings/00000000-0000-7000-8000-000000000000/").status_code == 404


def test_nobody_logged_in_and_advisers_open_nothing(client: Client, meeting: Meeting) -> None:
    assert Client().get(f"/meetings/{meeting.pk}/").status_code == 302
    adviser = log_in(actor(JONAS, kind=ActorKind.ADVISER), JONAS.name)
    for path in ("", "move/", "cancel/"):
        assert adviser.get(f"/meetings/{meeting.pk}/{path}").status_code == 404


@pytest.mark.parametrize("path", ["", "move/", "cancel/"])
def test_whoever_may_not_open_the_citizen_sees_nothing_of_the_meeting(
    client: Client, meeting: Meeting, registers: RunningRegisters, path: str
) -> None:
    registers.state.control({"persons": {KARI.number: {"shielded": True}}})
    answer = client.get(f"/meetings/{meeting.pk}/{path}")
    assert answer.status_code == 403
    assert "Kari Testdal" not in answer.content.decode()
    assert not Showing.objects.exists()


@pytest.mark.parametrize("path", ["", "move/", "cancel/"])
def test_when_nobody_says_who_may_open_it_it_stays_closed(
    client: Client, meeting: Meeting, registers: RunningRegisters, path: str
) -> None:
    registers.state.control({"down": ["access"]})
    assert client.get(f"/meetings/{meeting.pk}/{path}").status_code == 503


def test_a_strictly_protected_citizen_is_opened_by_the_group_alone(client: Client) -> None:
    meeting = make.meeting(user(AMINA), person(TURID.number))
    assert client.get(f"/meetings/{meeting.pk}/").status_code == 404
    assert "strengt fortrolig adresse" in html(log_in(actor(AMINA), AMINA.name), meeting)


def test_the_answer_that_counts_stands_before_the_earlier_ones(client: Client, meeting: Meeting, kari: Person) -> None:
    said(meeting, kari, Answer.Kind.COMING)
    said(meeting, kari, Answer.Kind.OTHER_TIME, "Etter lunsj <b>passer</b>.")
    page = html(client, meeting)
    assert "Tidligere svar (1)" in page
    assert page.index("Etter lunsj") < page.index("Tidligere svar")
    assert "Etter lunsj &lt;b&gt;passer&lt;/b&gt;." in page


def test_what_a_bare_link_asked_is_marked_as_from_somebody_not_known(client: Client, meeting: Meeting) -> None:
    invitation = Invitation.objects.get(participant__meeting=meeting)
    link = Actor(kind=ActorKind.LINK, id=invitation.pk)
    answers.ask_unknown(invitation_id=invitation.pk, kind=Answer.Kind.OTHER_FORMAT, by=link, at=make.NOW)
    page = html(client, meeting)
    assert "Ukjent avsender" in page
    assert "Innbyggeren har ikke svart." in page
    assert "Noen har åpnet lenken uten å logge inn" in page


def test_a_no_to_video_stands_there_with_what_was_asked(client: Client, meeting: Meeting, kari: Person) -> None:
    invitation = Invitation.objects.get(participant__meeting=meeting)
    consents.choose_video(
        invitation_id=invitation.pk,
        said_yes=False,
        text_version=consents.VIDEO_VERSION,
        language="nb",
        by=make.citizen_actor(kari),
        at=make.NOW,
    )
    page = html(client, meeting)
    assert "Nei til video" in page
    assert consents.video_text("nb") in page


def test_history_stands_in_order_with_reasons_and_what_was_said(client: Client, meeting: Meeting, kari: Person) -> None:
    moved(meeting, kari, 22, make.later(minutes=10), "Fredag passer bedre.")
    page = html(client, meeting)
    assert page.index("<strong>Bestilt</strong>") < page.index("<strong>Flyttet</strong>")
    assert "Grunn: Innbyggeren ba om det" in page
    assert "Fredag passer bedre." in page
    assert "fredag 22. januar 2027 kl. 12.00–12.45" in page


@pytest.mark.parametrize(
    ("held", "place", "words"),
    [
        (Format.PHONE, Place(caller="CITIZEN", phone="55553333"), "Innbyggeren ringer Nav, 55553333"),
        (Format.IN_PERSON, Place(address="Testkaia 1", room="Rom 3"), "Rom 3"),
    ],
)
def test_where_and_how_stands_there(client: Client, kari: Person, held: Format, place: Place, words: str) -> None:
    assert words in html(client, make.meeting(user(INGRID), kari, format=held, place=place))


def test_the_host_starts_the_video_meeting_within_its_window_and_nobody_else_does(
    client: Client, meeting: Meeting, clock: Clock
) -> None:
    assert "Start videomøtet" not in html(client, meeting)
    early = client.post(f"/meetings/{meeting.pk}/enter/")
    assert early["Location"] == f"/meetings/{meeting.pk}/"
    assert "ikke åpent ennå" in html(client, meeting)
    at = datetime(2027, 1, 21, 8, 50, tzinfo=UTC)
    clock.set(at)
    host, colleague = log_in(actor(INGRID), INGRID.name, at), log_in(actor(JONAS), JONAS.name, at)
    assert "Start videomøtet" in html(host, meeting)
    assert "Start videomøtet" not in html(colleague, meeting)
    assert host.post(f"/meetings/{meeting.pk}/enter/")["Location"].startswith("http://127.0.0.1:8031/")
    assert colleague.post(f"/meetings/{meeting.pk}/enter/").status_code == 403


@pytest.mark.parametrize("path", ["", "minutes/"])
def test_a_refusal_because_of_the_address_closes_what_must_close_and_the_page_says_so(
    meeting: Meeting, client: Client, registers: RunningRegisters, path: str
) -> None:
    doctor = make.partner(meeting)
    registers.set_person(KARI.number, protection="STRENGT_FORTROLIG")
    assert client.get(f"/meetings/{meeting.pk}/{path}").status_code == 403
    assert not Invitation.objects.open().filter(participant=doctor).exists()
    amina = log_in(actor(AMINA), AMINA.name)
    page = html(amina, meeting)
    assert "Skjermet adresse." in page
    assert "Tilgangen er stengt" in page
    assert "Registrer svar fra innbyggeren" not in page
    assert client.get(f"/meetings/{meeting.pk}/").status_code == 404


def test_who_may_open_the_protected_learns_it_by_opening(
    meeting: Meeting, clock: Clock, registers: RunningRegisters
) -> None:
    registers.set_person(KARI.number, protection="STRENGT_FORTROLIG")
    clock.set(make.later(minutes=11))
    amina = log_in(actor(AMINA), AMINA.name)
    assert "Skjermet adresse." in html(amina, meeting)


def test_the_number_of_queries_does_not_follow_how_much_has_happened(
    client: Client, meeting: Meeting, kari: Person
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            html(client, meeting)
        return len(queries)

    said(meeting, kari, Answer.Kind.COMING)
    moved(meeting, kari, 22, make.later(minutes=6))
    html(client, meeting)
    before: Any = cost()
    for number, day in enumerate((25, 26, 27), start=3):
        moved(meeting, kari, day, make.later(minutes=number * 5), "Nytt tidspunkt.")
        said(meeting, kari, Answer.Kind.NOT_COMING, "Nei.", revision=number)
    assert cost() == before
    assert before <= 34
