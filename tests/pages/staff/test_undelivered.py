"""What did not arrive, on the office's list and on the meeting: what to do stands beside it, and the button does it."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from invitations.messages import ladder, partner_sms
from invitations.models import Message, MessageState, Receipt, Why
from meetings.models import Meeting, Participant, PartnerContact, Task
from navmeet.accounts.actor import ActorKind
from navmeet.audit.models import Showing
from navmeet.dev.registers import RunningRegisters
from navmeet.pages.staff.troubles import _TO_CITIZEN, _TO_PARTNER
from navmeet.people.models import Person, Protection
from tests import make
from tests.invitations.test_undelivered import failed
from tests.pages.staff.setting import INGRID, JONAS, KARI, Clock, actor, log_in, person, user

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/undelivered/"


def plain(answer: object) -> str:
    """What a reader sees."""
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())  # type: ignore[attr-defined]
    return " ".join(text.split())


@pytest.fixture
def kari(client: Client) -> Person:
    return person(KARI.number)


@pytest.fixture
def meeting(kari: Person, clock: Clock) -> Meeting:
    made = make.meeting(user(INGRID), kari)
    clock.set(make.later(hours=1))
    return made


def test_of_a_meeting_that_is_not_agreed_yet_nothing_is_offered_that_would_be_refused(
    client: Client, meeting: Meeting
) -> None:
    page = f"/meetings/{meeting.pk}/"
    assert "Send varselet på nytt" in plain(client.get(page))
    Meeting.objects.filter(pk=meeting.pk).update(status="PROPOSED")
    Message.objects.filter(occasion="INVITED").update(state=MessageState.SKIPPED, why=Why.NOT_AGREED)
    assert "Alle varsler har kommet fram" in plain(client.get(LIST))
    shown = plain(client.get(page))
    assert "på nytt" not in shown
    assert "Ikke sendt: møtet er foreslått, men ikke avtalt ennå" in shown
    answer = client.post(f"/invitations/{meeting.citizen().invitation.pk}/send-again/", follow=True)
    assert "Møtet er foreslått, men ikke avtalt ennå. Det er ingenting å sende på nytt." in plain(answer)


def doctor_whose_email_bounced(kari: Person, clock: Clock) -> Participant:
    made = make.meeting(user(INGRID), kari, type_code="DIALOGUE", day=date(2027, 2, 18))
    doctor = make.partner(made)
    Message.objects.filter(participant__role="CITIZEN").update(state="DELIVERED", sent_at=make.NOW)
    failed(made, participant=doctor, occasion="INVITED")
    clock.set(make.later(hours=1))
    return doctor


def test_an_empty_list_says_so_and_the_week_leads_there(client: Client, kari: Person) -> None:
    assert "Alle varsler har kommet fram" in plain(client.get(LIST))
    assert f'href="{LIST}"' in client.get("/").content.decode()


def test_a_citizen_who_was_not_reached_is_rung_and_the_row_goes(client: Client, meeting: Meeting) -> None:
    message = failed(meeting)
    page = plain(client.get(LIST))
    for words in ("Kom ikke fram", "Kari Testdal, torsdag 21.", "Invitasjon til innbyggeren", "Ring inn", "norge.no"):
        assert words in page, words
    answer = client.post(f"/messages/{message.pk}/called/", {"next": LIST}, follow=True)
    assert answer.redirect_chain == [(LIST, 302)]
    assert "Det er lagret at du har ringt" in plain(answer)
    assert "Alle varsler har kommet fram" in plain(answer)
    assert "Ringte og fortalte om møtet" in plain(client.get(f"/meetings/{meeting.pk}/"))


def test_sending_again_from_the_list_comes_back_to_it_and_says_that_it_is_on_its_way(
    client: Client, meeting: Meeting
) -> None:
    failed(meeting)
    invitation = meeting.citizen().invitation
    press = {"because": "NOT_DELIVERED", "next": LIST}
    answer = client.post(f"/invitations/{invitation.pk}/send-again/", press, follow=True)
    assert answer.redirect_chain == [(LIST, 302)]
    assert "Varselet sendes nå." in plain(answer)
    assert "Sendt på nytt, venter på svar" in plain(answer)
    again = Message.objects.get(meeting=meeting, repeat=1)
    assert (again.state, again.again_because) == (MessageState.PLANNED, "NOT_DELIVERED")
    assert again.again_by == user(INGRID).pk
    double_click = client.post(f"/invitations/{invitation.pk}/send-again/", press, follow=True)
    assert "Du har allerede bedt om dette. Varselet sendes én gang." in plain(double_click)
    assert Message.objects.filter(meeting=meeting, occasion="INVITED").count() == 2


def test_trying_again_asks_the_register_anew(client: Client, meeting: Meeting, registers: RunningRegisters) -> None:
    failed(meeting)
    registers.set_person(KARI.number, reserved=True)
    invitation = meeting.citizen().invitation
    answer = client.post(f"/invitations/{invitation.pk}/send-again/", {"next": LIST}, follow=True)
    assert "Du har fått en oppgave om å sende brev." in plain(answer)
    assert "Reservert mot digital kontakt" in plain(answer)
    again = client.post(f"/invitations/{invitation.pk}/send-again/", {"next": LIST}, follow=True)
    assert Message.objects.filter(meeting=meeting, why=Why.RESERVED).count() == 1, plain(again)
    task = Task.objects.get(kind="SEND_LETTER")
    answer = client.post(f"/tasks/{task.pk}/done/", {"next": LIST}, follow=True)
    assert "Alle varsler har kommet fram" in plain(answer)


def reserved_and_near(kari: Person, clock: Clock, registers: RunningRegisters) -> Meeting:
    """Too near for a letter: there is one to send, and somebody to ring."""
    registers.set_person(KARI.number, reserved=True)
    Person.objects.filter(pk=kari.pk).update(is_reserved=True)
    made = make.meeting(user(INGRID), Person.objects.get(pk=kari.pk), day=date(2027, 1, 14), can_be_told=False)
    clock.set(make.later(hours=1))
    return made


def test_a_letter_that_may_come_too_late_leaves_the_row_until_they_are_rung(
    client: Client, kari: Person, clock: Clock, registers: RunningRegisters
) -> None:
    made = reserved_and_near(kari, clock, registers)
    letter = Task.objects.get(meeting=made, kind="SEND_LETTER")
    answer = plain(client.post(f"/tasks/{letter.pk}/done/", {"next": LIST}, follow=True))
    assert "Brevet er sendt, men kommer kanskje ikke fram i tide. Ring innbyggeren og fortell om møtet." in answer
    assert "Brevet er sendt :" not in answer, "that button has done its work"
    message = Message.objects.get(meeting=made, why=Why.RESERVED, occasion="INVITED")
    answer = plain(client.post(f"/messages/{message.pk}/called/", {"next": LIST}, follow=True))
    assert "Alle varsler har kommet fram" in answer
    assert not Task.objects.filter(meeting=made, done_at=None).exists()


def test_who_cannot_be_told_digitally_is_rung_where_a_letter_may_come_too_late(
    client: Client, kari: Person, clock: Clock, registers: RunningRegisters
) -> None:
    made = reserved_and_near(kari, clock, registers)
    ring = "Ring innbyggeren og fortell om møtet, for et brev kommer kanskje ikke fram i tide."
    for page in (plain(client.get(LIST)), plain(client.get(f"/meetings/{made.pk}/"))):
        assert f"{ring} Send brev i posten." in page
        assert "Jeg har ringt" in page
    Task.objects.filter(kind="CALL").delete()
    assert ring in plain(client.get(LIST)), "the letter of a meeting that was far off then may be too late now"
    Meeting.objects.filter(pk=made.pk).update(starts_at=make.later(days=60), ends_at=make.later(days=60, hours=1))
    assert "Ring innbyggeren" not in plain(client.get(LIST)), "there is time for a letter"


def test_a_wrong_address_is_corrected_beside_the_message_and_sent_to_in_one_press(
    client: Client, kari: Person, clock: Clock
) -> None:
    doctor = doctor_whose_email_bounced(kari, clock)
    page = client.get(f"/meetings/{doctor.meeting_id}/").content.decode()
    assert "Rett e-post eller mobilnummer, og send på nytt" in page
    assert 'value="lise@legesenter.example"' in page
    address = f"/invitations/{doctor.invitation.pk}/contact/"
    assert f'action="{address}"' in page
    wrong = client.post(address, {"email": "lise@", "phone": "22 22 22 22", "next": LIST})
    assert wrong.status_code == 400
    assert "Skriv e-postadressen på formen" in plain(wrong)
    assert "Skriv et mobilnummer" in plain(wrong)
    assert PartnerContact.objects.get(participant=doctor).email == "lise@legesenter.example"
    right = {"email": "lise@riktig.example", "phone": "41 00 00 01", "next": LIST}
    answer = client.post(address, right, follow=True)
    assert answer.redirect_chain == [(LIST, 302)]
    assert PartnerContact.objects.get(participant=doctor).email == "lise@riktig.example"
    again = Message.objects.get(participant=doctor, occasion="INVITED", repeat=1)
    assert (again.state, again.again_because) == (MessageState.PLANNED, "CORRECTED")
    assert "E-post eller mobilnummer ble rettet for legen" in plain(client.get(f"/meetings/{doctor.meeting_id}/"))


def test_the_page_of_the_address_is_an_opening_and_shows_no_citizens(
    client: Client, kari: Person, meeting: Meeting
) -> None:
    answer = client.get(f"/invitations/{meeting.citizen().invitation.pk}/contact/")
    assert answer.headers["Location"] == f"/meetings/{meeting.pk}/"
    assert Showing.objects.filter(what="meeting.change_opened").count() == 1


def test_each_participant_has_a_button_that_sends_again_or_says_why_not(client: Client, meeting: Meeting) -> None:
    page = client.get(f"/meetings/{meeting.pk}/").content.decode()
    assert page.count("Send varselet på nytt") == 1
    answer = client.post(f"/invitations/{meeting.citizen().invitation.pk}/send-again/", follow=True)
    assert "Et varsel er allerede på vei, men" in plain(answer)


def test_what_hangs_says_on_what_and_offers_no_other_sending(client: Client, meeting: Meeting) -> None:
    Message.objects.filter(occasion="INVITED").update(hangs_on="BROKER")
    page = plain(client.get(LIST))
    assert "Kommer ikke av gårde" in page
    assert "men Min side tar ikke imot varsler akkurat nå" in page
    assert "Prøv igjen" not in page
    assert "Jeg har ringt" in page


def test_who_may_not_open_the_citizen_sees_that_somebody_must_and_no_button(
    client: Client, kari: Person, meeting: Meeting
) -> None:
    failed(meeting)
    Person.objects.filter(pk=kari.pk).update(protection=Protection.STRICTLY_CONFIDENTIAL)
    assert "Kari" not in plain(client.get(LIST))
    assert log_in(actor(JONAS, "0301"), JONAS.name).get(LIST).content.decode().count("<h3>") == 0
    adviser = log_in(actor(JONAS, kind=ActorKind.ADVISER), JONAS.name)
    assert adviser.get(LIST).status_code == 403


def test_of_one_whom_i_may_not_open_i_read_that_a_colleague_must(
    client: Client, meeting: Meeting, registers: RunningRegisters
) -> None:
    failed(meeting)
    registers.state.control({"persons": {KARI.number: {"shielded": True}}})
    page = plain(client.get(LIST))
    assert "Skjermet, torsdag 21. januar" in page
    assert "En kollega som har det, må ordne dette." in page
    assert "Kari" not in page
    assert "Jeg har ringt" not in page
    registers.fail("access")
    assert "Vi får ikke svar fra tilgangskontrollen" in plain(client.get(LIST))


def test_the_list_goes_on_to_older_ones_and_takes_as_many_queries(client: Client, kari: Person, clock: Clock) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST).status_code == 200
        return len(queries)

    made = make.meeting(user(INGRID), kari)
    clock.set(make.later(hours=1))
    failed(made)
    cost()
    few = cost()
    for number in range(3):
        failed(make.meeting(user(INGRID), kari, day=date(2027, 2, 1) + timedelta(days=number)))
    assert cost() == few <= 16
    page = client.get(f"{LIST}?page=2")
    assert "Det er ingen flere." in plain(page)
    assert "Nyere" in plain(page)
    for odd in ("?page=x", "?page=-1", "?page=99999", "?cause=WEATHER", "?cause=NOT_DELIVERED"):
        assert "Kom ikke fram" in plain(client.get(LIST + odd)), odd
    assert "Alle varsler" in plain(client.get(f"{LIST}?cause=HANGS"))


def test_every_cause_has_advice_that_can_be_read() -> None:
    assert {*_TO_CITIZEN.values(), *_TO_PARTNER.values()}
    assert all(words.endswith(".") for words in (*_TO_CITIZEN.values(), *_TO_PARTNER.values()))


def test_one_that_arrived_after_all_is_gone_from_both(client: Client, meeting: Meeting) -> None:
    message = failed(meeting)
    assert "Ring innbyggeren" in plain(client.get(f"/meetings/{meeting.pk}/"))
    Message.objects.filter(pk=message.pk).update(state="DELIVERED", why="")
    ladder.arrived(Message.objects.get(pk=message.pk), make.later(hours=1))
    assert "Alle varsler har kommet fram" in plain(client.get(LIST))
    assert "Jeg har ringt" not in plain(client.get(f"/meetings/{meeting.pk}/"))


def two_doctors_not_reached(kari: Person, clock: Clock, **second: str) -> Meeting:
    first = doctor_whose_email_bounced(kari, clock)
    other = make.doctor(
        **({"name": "Berit Behandler", "email": "berit@other.example", "phone": "+4741000009"} | second)
    )
    failed(first.meeting, participant=make.partner(first.meeting, other), occasion="INVITED")
    return Meeting.objects.get(pk=first.meeting_id)


def test_two_doctors_of_one_meeting_are_told_apart_by_where_they_work_on_the_list_and_in_tasks(
    client: Client, kari: Person, clock: Clock
) -> None:
    made = two_doctors_not_reached(kari, clock, organisation="Andre legesenter")
    first = PartnerContact.objects.exclude(organisation=None).order_by("id")[0].organisation
    for page in (plain(client.get(LIST)), plain(client.get("/")), plain(client.get(f"/meetings/{made.pk}/"))):
        assert "Ring legen (Andre legesenter) og fortell om møtet" in page
        assert f"Ring legen ({first}) og fortell om møtet" in page
    page = plain(client.get(LIST))
    assert f"Invitasjon til legen ({first})" in page
    assert "Nås på Berit Behandler (Andre legesenter), berit@other.example, +4741000009" in page
    assert "Beskjed til legen (Andre legesenter)" in plain(client.get(f"/meetings/{made.pk}/cancel/"))


def test_of_two_doctors_at_one_place_the_names_tell(client: Client, kari: Person, clock: Clock) -> None:
    two_doctors_not_reached(kari, clock)
    page = plain(client.get(LIST))
    assert "Invitasjon til legen (Berit Behandler)" in page
    assert f"Invitasjon til legen ({make.doctor().name})" in page


def test_of_a_citizen_whom_i_may_not_open_nobody_is_named(
    client: Client, kari: Person, clock: Clock, registers: RunningRegisters
) -> None:
    two_doctors_not_reached(kari, clock, organisation="Andre legesenter")
    registers.state.control({"persons": {KARI.number: {"shielded": True}}})
    for page in (plain(client.get(LIST)), plain(client.get("/"))):
        assert "legen" in page
        for kept in ("legesenter", "Berit", "lise@", "+47"):
            assert kept not in page, kept


def test_the_task_to_ring_says_whom_and_where_to_who_may_open_the_citizen(
    client: Client, kari: Person, clock: Clock, registers: RunningRegisters
) -> None:
    doctor = doctor_whose_email_bounced(kari, clock)
    Task.objects.create(
        meeting=doctor.meeting,
        kind=Task.Kind.OTHER_TIME,
        about=f"partner-link:DOCTOR:{doctor.invitation.pk.hex}",
        made_at=make.NOW,
        due_at=make.NOW,
    )
    with CaptureQueriesContext(connection) as queries:
        page = plain(client.get("/"))
    where = f"Nås på: {make.doctor().name} (Prøveby legesenter), +4741000001, lise@legesenter.example"
    assert "Ring legen og fortell om møtet" in page
    assert page.count(where) == 2, "of the message, and of what was asked by their link"
    assert sum("meetings_partnercontact" in one["sql"] for one in queries) <= 2
    for away in ("shielded", "access"):
        if away == "access":
            registers.fail("access")
        else:
            registers.state.control({"persons": {KARI.number: {"shielded": True}}})
        page = plain(client.get("/"))
        assert "Ring legen" in page
        assert "Nås på" not in page
        assert "+47" not in page


def test_one_doctor_is_the_doctor_and_who_may_open_the_citizen_reads_whom_to_ring_and_where(
    client: Client, kari: Person, clock: Clock, registers: RunningRegisters
) -> None:
    doctor = doctor_whose_email_bounced(kari, clock)
    where = f"{make.doctor().name} (Prøveby legesenter), lise@legesenter.example, +4741000001"
    for page in (plain(client.get(LIST)), plain(client.get(f"/meetings/{doctor.meeting_id}/"))):
        assert f"Nås på {where}" in page
    page = plain(client.get(LIST))
    assert "Invitasjon til legen (" not in page
    registers.fail("access")
    page = plain(client.get(LIST))
    assert "Invitasjon til legen" in page
    assert "Lise" not in page
    assert "lise@" not in page


def bounced(message: Message) -> None:
    at = make.later(minutes=30)
    Receipt.objects.create(message=message, event="altinn", status="Email_Failed_Bounced", happened_at=at, kept_at=at)


def test_who_was_rung_gets_no_sms_and_that_the_address_is_wrong_is_said_until_it_is_corrected(
    client: Client, kari: Person, clock: Clock
) -> None:
    doctor = doctor_whose_email_bounced(kari, clock)
    email = Message.objects.get(participant=doctor, occasion="INVITED", channel="EMAIL")
    bounced(email)
    partner_sms.follow(email, make.later(minutes=31))
    page = f"/meetings/{doctor.meeting_id}/"
    wrong = "E-posten når ikke fram Den siste ble avvist, og det blir den neste også, til adressen er rettet."
    correct = f"/invitations/{doctor.invitation.pk}/contact/"
    answer = client.post(f"/messages/{email.pk}/called/", {"next": LIST}, follow=True)
    assert "Alle varsler har kommet fram" in plain(answer)
    assert "E-posten til legen ble avvist, og det blir den neste også, til adressen er rettet." in plain(answer)
    assert f'href="{correct}"' in answer.content.decode()
    sms = Message.objects.get(participant=doctor, channel="SMS")
    assert (sms.state, sms.why) == (MessageState.VOID, Why.RUNG)
    shown = client.get(page)
    assert "Ikke sendt: noen ringte og fortalte det i stedet" in plain(shown)
    assert "det er slik deltakeren har fått vite før" not in plain(shown)
    assert wrong in plain(shown)
    assert f'href="{correct}"' in shown.content.decode()
    client.post(correct, {"email": "lise@riktig.example", "phone": "41 00 00 01"})
    assert wrong not in plain(client.get(page)), "nothing is known of the new one"


def test_who_was_rung_about_what_nobody_turned_away_has_no_address_to_correct(
    client: Client, kari: Person, clock: Clock
) -> None:
    doctor = doctor_whose_email_bounced(kari, clock)
    email = Message.objects.get(participant=doctor, occasion="INVITED", channel="EMAIL")
    answer = client.post(f"/messages/{email.pk}/called/", {"next": LIST}, follow=True)
    assert "avvist" not in plain(answer)
    assert "avvist" not in plain(client.get(f"/meetings/{doctor.meeting_id}/"))


def test_sent_again_in_quiet_time_it_says_when_the_sms_goes(client: Client, meeting: Meeting, clock: Clock) -> None:
    failed(meeting)
    clock.set(make.later(hours=11))
    client = log_in(actor(INGRID), INGRID.name, make.later(hours=11))
    path = f"/invitations/{meeting.citizen().invitation.pk}/send-again/"
    answer = client.post(path, {"because": "NOT_DELIVERED", "next": LIST}, follow=True)
    said = "Varselet vises på Min side nå. SMS eller e-post sendes tirsdag 12. januar 2027 kl. 09.00."
    assert said in plain(answer)
