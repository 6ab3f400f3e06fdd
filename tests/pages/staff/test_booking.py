"""Booking by page: find the citizen, fill in the meeting; errors stand where they belong, and nothing typed is lost."""

import re
import time
from typing import Any, cast

import pytest
from django.http import HttpResponse
from django.test import Client

from invitations.messages.log import message_log
from invitations.models import Message
from meetings.models import Meeting, Revision, Task
from navmeet.accounts.actor import ActorKind
from navmeet.audit.models import Showing
from navmeet.dev.personas import WITH_SAFETY_MEASURE
from navmeet.dev.registers import RunningRegisters
from navmeet.people.models import Person
from tests import make
from tests.pages.partner.setting import plain
from tests.pages.staff.setting import AMINA, INGRID, JONAS, KARI, OLA, TURID, Clock, actor, log_in, person, user

pytestmark = pytest.mark.django_db(transaction=True)
FIND, BOOK = "/meetings/new/", "/meetings/new/details/"
GOOD = {
    "type": "FOLLOW_UP",
    "format": "VIDEO",
    "day": "2027-01-21",
    "time": "10:00",
    "minutes": "45",
    "theme": "Veien videre",
    "purpose": "Vi ser på planen din.\r\nSammen.",
    "preparations": "",
}


def look_up(client: Client, number: str) -> HttpResponse:
    """The form for a meeting with this citizen, as a browser gets to it."""
    answer = client.post(FIND, {"citizen_number": number})
    assert answer.status_code == 303, answer.content.decode()
    return cast(HttpResponse, client.get(answer["Location"]))


def found(client: Client, number: str = KARI.number) -> dict[str, str]:
    """A form about this citizen, ready to be sent."""
    answer = look_up(client, number)
    assert answer.status_code == 200, answer.content.decode()
    token = re.search(r'name="citizen" value="([^"]+)"', answer.content.decode())
    assert token is not None
    return GOOD | {"citizen": token[1]}


def chosen(answer: Any) -> str:
    """The citizen's written language as the form has it."""
    select = re.search(r'<select[^>]*name="language".*?</select>', text(answer), re.DOTALL)
    value = re.search(r'value="(..)" selected', select[0]) if select else None
    return value[1] if value else ""


def text(answer: Any) -> str:
    assert isinstance(answer, HttpResponse)
    return answer.content.decode()


def error_at(page: str, field: str) -> str:
    """What stands as wrong at a field, "" for nothing."""
    found = re.search(rf'id="id_{field}_error".*?</(?:div|ul|p)>', page, re.DOTALL)
    return re.sub(r"<[^>]+>", " ", found[0]).strip() if found else ""


def test_the_number_is_looked_up_and_the_form_says_who_it_is(client: Client) -> None:
    page = text(look_up(client, f"{KARI.number[:6]} {KARI.number[6:]}"))
    assert "Bestill møte med Kari Testdal" in page
    assert "Varsles på Min side" in page
    assert "Prøvegata 1" in page
    assert KARI.number not in page
    assert Showing.objects.get().what == "person.found"


def test_one_who_is_reserved_gets_a_letter_and_the_form_says_it(client: Client) -> None:
    assert "reservert seg mot digital kontakt" in text(look_up(client, OLA.number))


def test_protection_and_safety_measures_are_said_before_anything_is_booked(client: Client) -> None:
    amina = log_in(actor(AMINA), AMINA.name)
    assert "strengt fortrolig adresse" in text(look_up(amina, TURID.number))
    page = text(look_up(client, WITH_SAFETY_MEASURE.number))
    assert "Ikke møt innbyggeren fysisk." in page
    assert "To ansatte skal være med" in page


@pytest.mark.parametrize(
    ("number", "status", "sentence"),
    [
        ("", 400, "Skriv inn fødselsnummeret"),
        ("12838410046", 400, "Kontrollsifrene i fødselsnummeret stemmer ikke."),
        ("1283841004", 400, "må ha 11 sifre"),
        ("12838410047\x00", 400, "tegn som ikke kan brukes"),
        (make.identity_number(700), 400, "Vi finner ingen med dette fødselsnummeret."),
        (TURID.number, 403, "Du har ikke tilgang til denne personen."),
    ],
)
def test_a_number_that_will_not_do_is_answered_at_the_field(
    client: Client, number: str, status: int, sentence: str
) -> None:
    answer = client.post(FIND, {"citizen_number": number})
    assert answer.status_code == status
    assert sentence in error_at(text(answer), "citizen_number")
    assert not Showing.objects.exists()


@pytest.mark.parametrize("register", ["pdl", "krr", "access"])
def test_a_register_that_is_down_is_said_at_the_field(
    client: Client, registers: RunningRegisters, register: str
) -> None:
    registers.state.control({"down": [register]})
    answer = client.post(FIND, {"citizen_number": KARI.number})
    assert answer.status_code == 503
    assert "Vi får ikke svar fra" in error_at(text(answer), "citizen_number")


def test_a_good_form_books_and_says_how_the_citizen_is_told(client: Client) -> None:
    answer = client.post(BOOK, found(client))
    meeting = Meeting.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/meetings/{meeting.pk}/")
    page = text(client.get(answer["Location"]))
    assert "Møtet er bestilt. Invitasjonen sendes på Min side" in page
    assert "Vi ser på planen din.\nSammen." in page


def test_booked_in_quiet_time_it_says_before_and_after_when_the_sms_goes(client: Client, clock: Clock) -> None:
    evening = make.later(hours=11)
    clock.set(evening)
    client = log_in(actor(INGRID), INGRID.name, evening)
    form = found(client)
    looked = client.post(BOOK, form | {"act": "rehearse"})
    assert "Sendes med en gang på Min side, SMS eller e-post tirsdag 12. januar kl. 09.00" in plain(looked)
    page = text(client.get(client.post(BOOK, form)["Location"]))
    said = "Invitasjonen vises på Min side nå. SMS eller e-post sendes tirsdag 12. januar 2027 kl. 09.00."
    assert f"Møtet er bestilt. {said}" in page


def test_one_who_cannot_be_told_is_booked_and_leaves_a_task(client: Client) -> None:
    answer = client.post(BOOK, found(client, OLA.number))
    assert "Innbyggeren får brev: du har fått en oppgave" in text(client.get(answer["Location"]))
    assert Task.objects.filter(kind=Task.Kind.SEND_LETTER).exists()


def test_a_format_that_a_safety_measure_excludes_is_not_booked(client: Client) -> None:
    in_person = found(client, WITH_SAFETY_MEASURE.number) | {"format": "IN_PERSON", "address": "Prøvegata 1"}
    refused = client.post(BOOK, in_person)
    assert refused.status_code == 409
    assert not Meeting.objects.exists()
    assert client.post(BOOK, in_person | {"format": "VIDEO"}).status_code == 302


def test_only_the_fields_of_the_chosen_format_count(client: Client) -> None:
    form = found(client) | {"format": "PHONE", "caller": "NAV", "phone": "00 00 00 01", "room": "\x00", "address": ""}
    assert client.post(BOOK, form).status_code == 302
    revision = Revision.objects.get()
    assert (revision.phone, revision.address, revision.room) == ("00000001", None, None)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"minutes": "14"}, "minutes", "minst 15 minutter"),
        ({"minutes": "-45"}, "minutes", "minst 15 minutter"),
        ({"minutes": "9" * 5000}, "minutes", "hele minutter"),
        ({"minutes": "tre kvarter"}, "minutes", "hele minutter"),
        ({"day": "2027-01-10"}, "day", "Tidspunktet er passert."),
        ({"day": "2030-01-10"}, "day", "høyst to år"),
        ({"day": "9999-12-31"}, "day", "to år"),
        ({"day": "i morgen"}, "day", "som en dato"),
        ({"time": "25:00"}, "time", "klokkeslett"),
        ({"day": "2027-03-28", "time": "02:30"}, "time", "finnes ikke denne dagen"),
        ({"day": "2027-10-31", "time": "02:30"}, "time", "kommer to ganger"),
        ({"theme": "x" * 101}, "theme", "høyst 100 tegn"),
        ({"theme": ""}, "theme", "Skriv hva møtet handler om."),
        ({"theme": "en\x00to"}, "theme", "tegn som ikke kan brukes"),
        ({"theme": "en\u202eto"}, "theme", "tegn som ikke kan brukes"),
        ({"purpose": "en\x07to"}, "purpose", "tegn som ikke kan brukes"),
        ({"preparations": "x" * 501}, "preparations", "høyst 500 tegn"),
        ({"type": ""}, "type", "Velg en møtetype."),
        ({"type": "PARTY"}, "type", "Møtetype"),
        ({"format": "FAX"}, "format", "Møteform"),
        ({"format": "PHONE", "caller": "NAV", "phone": "12"}, "phone", "8 siffer"),
        ({"format": "PHONE", "phone": "00000001"}, "caller", "Velg hvem som skal ringe."),
        ({"format": "IN_PERSON", "address": " "}, "address", "Skriv hvor møtet skal være."),
    ],
)
def test_bad_input_is_said_at_its_field_and_the_rest_stays(
    client: Client, changes: dict[str, str], field: str, sentence: str
) -> None:
    typed = found(client) | {"preparations": "Ta med planen."} | changes
    answer = client.post(BOOK, typed)
    page = text(answer)
    assert answer.status_code == 400
    assert sentence in error_at(page, field)
    if "preparations" not in changes:
        assert "Ta med planen." in page
    assert typed["citizen"] in page
    assert not Meeting.objects.exists()


def test_what_is_wrong_with_the_time_is_told_with_what_else_is_wrong(client: Client) -> None:
    page = text(client.post(BOOK, found(client) | {"theme": "", "minutes": "14"}))
    assert error_at(page, "theme")
    assert error_at(page, "minutes")


def test_the_hour_that_comes_twice_is_booked_when_one_has_chosen_which(client: Client) -> None:
    form = found(client) | {"day": "2027-10-31", "time": "02:30"}
    assert 'name="fold"' in text(client.post(BOOK, form))
    assert client.post(BOOK, form | {"fold": "1"}).status_code == 302
    assert Meeting.objects.get().starts_at.hour == 1


def test_a_taken_time_is_said_at_the_time_with_a_way_to_the_other_meeting(client: Client) -> None:
    other = make.meeting(user(JONAS), person(KARI.number))
    answer = client.post(BOOK, found(client))
    page = text(answer)
    assert answer.status_code == 409
    assert "Innbyggeren er opptatt" in error_at(page, "time")
    assert f"/meetings/{other.pk}/" in page


def test_a_strangers_meeting_in_the_way_is_occupied_and_nothing_else(client: Client) -> None:
    other = make.meeting(make.caseworker(office_number="0298"), person(KARI.number))
    page = text(client.post(BOOK, found(client)))
    assert "opptatt" in error_at(page, "time")
    assert str(other.pk) not in page


def test_the_same_form_sent_twice_is_one_meeting_and_no_error(client: Client) -> None:
    form = found(client)
    first, second = client.post(BOOK, form), client.post(BOOK, form)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert Meeting.objects.count() == 1


def test_whoever_goes_back_and_changes_a_sent_form_is_told_that_it_was_not_kept(client: Client, clock: Clock) -> None:
    form = found(client)
    client.post(BOOK, form)
    clock.set(make.later(minutes=1))
    answer = client.post(BOOK, form | {"time": "13:00"})
    assert "Det du endret etterpå, er ikke lagret." in text(client.get(answer["Location"]))
    assert Meeting.objects.get().starts_at.hour == 9


def test_a_form_of_somebody_else_or_too_old_asks_for_the_citizen_again_and_keeps_what_was_typed(
    client: Client,
) -> None:
    form = found(client)
    jonas = log_in(actor(JONAS), JONAS.name)
    for sender, citizen in ((jonas, form["citizen"]), (client, form["citizen"][:-2]), (client, "\x00")):
        answer = sender.post(BOOK, form | {"citizen": citizen})
        assert answer.status_code == 400
        assert 'type="hidden" name="theme" value="Veien videre"' in text(answer)
    again = client.post(FIND, form | {"citizen_number": KARI.number})
    assert 'value="Veien videre"' in text(again)
    assert "Bestill møte med Kari Testdal" in text(again)
    assert not Meeting.objects.exists()


def test_a_lost_session_keeps_what_was_typed_and_going_on_works(client: Client, clock: Clock) -> None:
    form = found(client)
    clock.set(make.later(hours=1))
    lost = Client()
    answer = lost.post(BOOK, form)
    assert answer.status_code == 401
    assert "Veien videre" in text(answer)
    assert form["citizen"] in text(answer)
    assert client.post(BOOK, form).status_code == 302


@pytest.mark.parametrize("register", ["pdl", "krr", "access"])
def test_a_register_that_goes_down_midway_keeps_the_form_and_books_nothing(
    client: Client, registers: RunningRegisters, register: str
) -> None:
    form = found(client)
    registers.state.control({"down": [register]})
    answer = client.post(BOOK, form)
    assert answer.status_code == 503
    assert "Vi får ikke svar fra" in text(answer)
    assert "Veien videre" in text(answer)
    assert not Meeting.objects.exists()
    registers.state.control({})
    assert client.post(BOOK, form).status_code == 302


def test_access_lost_midway_books_nothing(client: Client, registers: RunningRegisters) -> None:
    form = found(client)
    registers.state.control({"persons": {KARI.number: {"shielded": True}}})
    answer = client.post(BOOK, form)
    assert answer.status_code == 403
    assert "Kari Testdal" not in text(answer)
    assert not Meeting.objects.exists()


def test_the_form_has_an_address_of_its_own_that_can_be_opened_again(client: Client) -> None:
    address = client.post(FIND, {"citizen_number": KARI.number})["Location"]
    assert address.startswith(f"{BOOK}?c=")
    assert KARI.number not in address
    assert not Showing.objects.exists()
    for times in (1, 2):
        page = client.get(address)
        assert (page.status_code, "Bestill møte med Kari Testdal" in text(page)) == (200, True)
        assert Showing.objects.filter(what="person.found").count() == times


def test_the_forms_address_is_good_for_two_hours_and_for_whoever_found_the_citizen(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = client.post(FIND, {"citizen_number": KARI.number})["Location"]
    jonas = log_in(actor(JONAS), JONAS.name)
    later = time.time() + 3 * 3600
    for who, where in ((jonas, address), (client, address[:-2]), (client, f"{BOOK}?c=x")):
        refused = who.get(where)
        assert (refused.status_code, "Finn først innbyggeren" in text(refused)) == (400, True)
        assert KARI.name not in text(refused)
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert "Det er gått for lang tid" in text(client.get(address))
    assert not Showing.objects.exists()


def test_the_forms_address_asks_about_access_and_the_registers_anew(
    client: Client, registers: RunningRegisters
) -> None:
    address = client.post(FIND, {"citizen_number": KARI.number})["Location"]
    registers.state.control({"down": ["krr"]})
    assert client.get(address).status_code == 503
    registers.state.control({"persons": {KARI.number: {"shielded": True}}})
    closed = client.get(address)
    assert (closed.status_code, "Kari Testdal" in text(closed)) == (403, False)
    assert not Showing.objects.exists()


def test_the_second_step_without_a_form_leads_to_the_first(client: Client) -> None:
    assert client.get(BOOK)["Location"] == FIND


def test_advisers_and_strangers_book_nothing(client: Client) -> None:
    assert log_in(actor(JONAS, kind=ActorKind.ADVISER), JONAS.name).get(FIND).status_code == 403
    assert Client().get(FIND).status_code == 302
    assert INGRID.name in text(client.get(FIND))


def test_looking_first_shows_the_words_that_are_then_sent_and_books_nothing(client: Client) -> None:
    filled = found(client)
    looked = client.post(BOOK, filled | {"act": "rehearse"})
    page = plain(looked)
    assert looked.status_code == 200
    assert "Invitasjon til innbyggeren Sendes med en gang på Min side" in page
    assert "Etter innlogging leser innbyggeren også: Veien videre" in page
    assert not Meeting.objects.exists()
    assert not Message.objects.exists()
    assert client.post(BOOK, filled).status_code == 302
    sent = message_log(Meeting.objects.get())
    assert len(sent) >= 2
    assert all(" ".join(words.split()) in page for line in sent for words in line.text.values())


def test_a_language_without_texts_is_said_before_and_after_booking(client: Client, registers: RunningRegisters) -> None:
    registers.set_person(KARI.number, language="se")
    said = "Innbyggeren har valgt å få beskjeder på nordsamisk. Vi har ikke tekster på det og skriver bokmål."
    filled = found(client)
    looked = plain(client.post(BOOK, filled | {"act": "rehearse"}))
    assert said in looked
    assert "Nordsamisk, etter kontaktregisteret. Vi har ikke tekster på det" in looked
    assert said in plain(client.post(BOOK, filled, follow=True))
    assert Meeting.objects.get().citizen().language == "nb"


def test_another_language_than_the_registers_is_chosen_at_booking_and_the_invitation_is_in_it(
    client: Client, registers: RunningRegisters
) -> None:
    registers.set_person(KARI.number, language="se")
    filled = found(client) | {"language": "nn"}
    looked = client.post(BOOK, filled | {"act": "rehearse"})
    said = "Innbyggeren har valgt å få beskjeder på nordsamisk. Vi har ikke tekster på det og skriver nynorsk."
    assert (said in plain(looked), chosen(looked)) == (True, "nn")
    assert client.post(BOOK, filled).status_code == 302
    assert Meeting.objects.get().citizen().language == "nn"
    messages = message_log(Meeting.objects.get())
    assert {one.language for one in Message.objects.all()} == {"nn"}
    assert any("Du har fått eit videomøte" in one.text.get("ditt_nav", "") for one in messages)
    assert all(" ".join(words.split()) in plain(looked) for one in messages for words in one.text.values())


@pytest.mark.parametrize("register", ["nn", "en", "nb", None])
def test_the_form_begins_with_the_language_of_the_register_and_says_when_it_has_none(
    client: Client, registers: RunningRegisters, register: str | None
) -> None:
    registers.set_person(KARI.number, language=register)
    opened = client.post(FIND, {"citizen_number": KARI.number}, follow=True)
    assert chosen(opened) == (register or "nb")
    unknown = "Ukjent, for kontaktregisteret sier ikke noe. Da skriver vi bokmål om du ikke velger noe annet"
    assert (unknown in plain(opened)) == (register is None)


def test_the_language_stays_through_everything_that_gives_the_form_back(
    client: Client, registers: RunningRegisters
) -> None:
    registers.set_person(KARI.number, language="nn")
    filled = found(client) | {"language": "en"}
    make.meeting(user(INGRID), person(OLA.number))
    clash = client.post(BOOK, filled)
    lacking = client.post(BOOK, filled | {"theme": ""})
    registers.state.control({"down": ["krr"]})
    away = client.post(BOOK, filled)
    registers.state.control({"down": []})
    again = [
        client.post(BOOK, filled | {"act": "add"}),
        client.post(BOOK, filled | {"act": "times"}),
        client.post(BOOK, filled | {"act": "rehearse", "day": "2027-01-22"}),
    ]
    assert (clash.status_code, lacking.status_code, away.status_code) == (409, 400, 503)
    assert {chosen(one) for one in (clash, lacking, away, *again)} == {"en"}


def test_a_form_sent_without_a_language_is_booked_in_the_registers(client: Client, registers: RunningRegisters) -> None:
    registers.set_person(KARI.number, language="nn")
    filled = found(client)
    filled.pop("language", None)
    assert client.post(BOOK, filled).status_code == 302
    assert Meeting.objects.get().citizen().language == "nn"


def test_another_language_chosen_after_going_back_is_not_kept_in_silence(client: Client, clock: Clock) -> None:
    filled = found(client) | {"language": "nn"}
    assert client.post(BOOK, filled).status_code == 302
    clock.set(make.later(minutes=1))
    said = plain(client.post(BOOK, filled | {"language": "en"}, follow=True))
    assert "Det du endret etterpå, er ikke lagret" in said


def test_a_language_chosen_here_needs_no_word_of_the_registers(client: Client, registers: RunningRegisters) -> None:
    registers.set_person(KARI.number, language="se")
    filled = found(client)
    Person.objects.update(language="nn")
    assert "nordsamisk" not in plain(client.post(BOOK, filled | {"act": "rehearse"}))
