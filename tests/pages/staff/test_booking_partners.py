"""Doctors and employers on the booking form itself: added, taken out, looked at, booked; nothing typed is lost."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from invitations import releases
from invitations.messages.log import Kind, message_log
from invitations.models import Channel, Invitation, Message
from meetings.models import Meeting, MeetingType, Participant, PartnerContact
from navmeet.accounts.actor import ActorKind
from navmeet.dev.registers import RunningRegisters
from navmeet.look.templatetags.aksel import with_link
from tests import make
from tests.pages.partner.setting import plain
from tests.pages.staff.setting import JONAS, KARI, TURID, Clock, actor, log_in
from tests.pages.staff.test_booking import BOOK, FIND, error_at, found, text

pytestmark = pytest.mark.django_db(transaction=True)
DIALOGUE = {"type": "DIALOGUE", "day": "2027-02-11"}
LISE = {
    "role": "DOCTOR",
    "name": "Lise Legesen",
    "organisation": "Fjordvik legesenter",
    "email": "lise@legesenter.example",
    "phone": "49 00 00 12",
    "way_in": "PHONE",
    "part_offset": "10",
    "part_minutes": "15",
    "language": "nn",
    "theme": "Tilrettelegging",
    "purpose": "Vi trenger din vurdering.",
    "preparations": "",
}
ARNE = LISE | {
    "role": "EMPLOYER",
    "name": "Arne Sjefsen",
    "organisation": "Fjordvik fisk",
    "email": "arne@fisk.example",
    "phone": "+47 490 00 034",
    "way_in": "",
    "part_offset": "",
    "part_minutes": "",
    "language": "nb",
    "theme": "Arbeidsoppgavene framover",
    "purpose": "",
}
EMPTY = dict.fromkeys(LISE, "") | {"language": "nb"}


def with_partners(form: dict[str, str], *partners: dict[str, str], **more: str) -> dict[str, str]:
    """The form as the browser sends it with these partners on it."""
    sent = form | {"partners": str(len(partners))} | more
    for number, one in enumerate(partners, 1):
        sent |= {f"partners-{number}-{name}": value for name, value in one.items()}
    return sent


def fields(page: Any) -> dict[str, str]:
    """What a browser would send of the booking form, pressing none of its buttons."""
    html = page.content.decode()
    html = html[html.index('<form class="nm-') :]
    html = html[: html.index("</form>")]
    values: dict[str, str] = {}
    for tag in re.findall(r"<input [^>]*>", html):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        kind = re.search(r'type="([^"]+)"', tag)
        if name and (kind is None or kind[1] not in {"radio", "checkbox"} or "checked" in tag):
            values[name[1]] = unescape(value[1]) if value else ""
    for name, inside in re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', html, re.DOTALL):
        values[name] = unescape(inside)
    for name, inside in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', inside)
        values[name] = chosen[1] if chosen else ""
    return {name: value.replace("\r\n", "\n") for name, value in values.items() if name != "csrfmiddlewaretoken"}


def partners_on(page: Any) -> list[dict[str, str]]:
    there = fields(page)
    return [
        {name: there.get(f"partners-{number}-{name}", "") for name in LISE}
        for number in range(1, int(there["partners"]) + 1)
    ]


def released(participant: Participant, client: Client) -> None:
    address = f"/meetings/{participant.meeting_id}/partners/{participant.pk}/release/"
    assert client.post(address, {"said": "yes", "how": "PHONE", "act": "do"}).status_code == 302


def test_one_is_added_and_everything_typed_stays(client: Client) -> None:
    form = found(client) | {"check_identity": "on", "theme": "Veien  videre", "minutes": "tre kvarter"}
    page = client.post(BOOK, form | {"act": "add"})
    assert page.status_code == 200
    assert partners_on(page) == [EMPTY]
    sent = fields(page)
    assert {name: sent[name] for name in form} == form | {"purpose": form["purpose"].replace("\r\n", "\n")}
    assert "data-error-summary" not in text(page), "nothing is wrong before it is done"
    assert re.search(r'<h3 id="partner-1" tabindex="-1" autofocus>Deltaker 1</h3>', text(page))
    assert "Arbeidsgiveren skal ikke få vite noe om helse" in text(page)
    again = client.post(BOOK, with_partners(form, LISE, act="add"))
    assert partners_on(again) == [LISE, EMPTY]
    assert not Meeting.objects.exists()


def test_one_is_taken_out_and_the_others_stay_as_typed(client: Client) -> None:
    form = with_partners(found(client), LISE, EMPTY | {"name": "🙂"}, ARNE)
    page = client.post(BOOK, form | {"remove": "2"})
    assert partners_on(page) == [LISE, ARNE]
    assert re.search(r'<h2 id="others" tabindex="-1" autofocus>', text(page))
    assert partners_on(client.post(BOOK, form | {"remove": "9"})) == [LISE, EMPTY | {"name": "🙂"}, ARNE]
    assert fields(client.post(BOOK, with_partners(found(client), LISE, remove="1")))["partners"] == "0"


def test_there_is_an_end_to_how_many(client: Client) -> None:
    ten = [LISE | {"email": f"en{number}@lege.example", "phone": f"4900001{number}"} for number in range(10)]
    page = client.post(BOOK, with_partners(found(client), *ten, act="add"))
    assert len(partners_on(page)) == 10
    assert 'value="add"' not in text(page)
    eleven = client.post(BOOK, with_partners(found(client), *ten, ARNE))
    assert eleven.status_code == 400
    assert "høyst 10 deltakere utenfor Nav" in text(eleven)
    assert not Meeting.objects.exists()


def test_a_booking_brings_them_with_all_that_was_said_of_them(client: Client) -> None:
    answer = client.post(BOOK, with_partners(found(client), LISE, ARNE))
    meeting = Meeting.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/meetings/{meeting.pk}/")
    lise = meeting.participants.select_related("contact").get(role="DOCTOR")
    assert (lise.way_in, lise.part_offset, lise.part_minutes, lise.language) == ("PHONE", 10, 15, "nn")
    assert (lise.theme, lise.purpose, lise.preparations) == ("Tilrettelegging", "Vi trenger din vurdering.", None)
    contact = lise.contact
    assert (contact.name, contact.organisation) == ("Lise Legesen", "Fjordvik legesenter")
    assert (contact.email, contact.phone) == ("lise@legesenter.example", "+4749000012")
    arne = meeting.participants.get(role="EMPLOYER")
    assert (arne.way_in, arne.part_offset, arne.part_minutes, arne.purpose) == ("", None, None, None)
    page = plain(client.get(answer["Location"]))
    assert "Legen eller arbeidsgiveren får ikke vite noe før innbyggeren har sagt ja." in page
    assert "Legen: Lise Legesen (Fjordvik legesenter)" in page
    assert "Arbeidsgiveren: Arne Sjefsen (Fjordvik fisk)" in page
    assert not Message.objects.filter(channel=Channel.EMAIL).exists()


@pytest.mark.parametrize("kind", ["DIALOGUE", "FOLLOW_UP"])
def test_what_is_looked_at_is_what_each_then_reads(client: Client, kind: str) -> None:
    form = with_partners(found(client), LISE, ARNE) | DIALOGUE | {"type": kind}
    looked = client.post(BOOK, form | {"act": "rehearse"})
    page = plain(looked)
    assert looked.status_code == 200, page
    for line in ("innbyggeren", "legen Lise Legesen", "arbeidsgiveren Arne Sjefsen"):
        assert f"til {line} Sendes " in page
    assert "Etter å ha skrevet koden fra SMS leser legen Lise Legesen også: Tilrettelegging Vi trenger" in page
    assert "leser arbeidsgiveren Arne Sjefsen også: Arbeidsoppgavene framover" in page
    assert not Meeting.objects.exists()
    assert not Message.objects.exists()
    assert not Invitation.objects.exists()

    assert client.post(BOOK, fields(looked)).status_code == 302
    meeting = Meeting.objects.get()
    partners = list(meeting.participants.filter(role__in=("DOCTOR", "EMPLOYER")).order_by("pk"))
    invitation = Invitation.objects.get(participant__role="CITIZEN")
    about = releases.partners_of(invitation, "nb")
    assert len(about) == 2
    for seen in about:
        assert " ".join(seen.text.split()) in page, "what the citizen reads of them after logging in"
    if kind == "FOLLOW_UP":
        assert not Message.objects.filter(channel=Channel.EMAIL).exists()
        assert "Sendes på e-post når innbyggeren har sagt ja" in page
        for one in partners:
            released(one, client)
    sent = message_log(meeting)
    to_partners = Message.objects.filter(channel=Channel.EMAIL, participant__in=partners)
    assert {(one.participant_id, one.occasion) for one in to_partners} >= {
        (one.pk, occasion) for one in partners for occasion in ("INVITED", "REMINDER")
    }
    rows = [line for line in sent if line.kind == Kind.MESSAGE]
    assert len(rows) == Message.objects.filter(meeting=meeting).count()
    words = [words for line in sent for words in line.text.values()]
    assert len(words) >= 12
    looked_at = [" ".join(with_link(one).split()) for one in words]
    assert [one for one in looked_at if one not in page] == []
    assert page.count(" til legen Lise Legesen ") >= to_partners.filter(participant=partners[0]).count()


def test_two_of_one_kind_are_told_apart_by_name(client: Client) -> None:
    other = LISE | {"name": "Per Vikar", "email": "per@legesenter.example", "phone": "49000013", "language": "en"}
    page = plain(client.post(BOOK, with_partners(found(client), LISE, other, act="rehearse") | DIALOGUE))
    first, second = page.index("Invitasjon til legen Lise Legesen"), page.index("Invitasjon til legen Per Vikar")
    assert "Nav inviterer deg til" in page[first:second]
    assert "Nav invites you" in page[second : second + 400]


@pytest.mark.parametrize(
    ("changes", "field", "sentence", "status"),
    [
        ({"phone": "22 33 44 55"}, "phone", "Skriv et mobilnummer", 400),
        ({"phone": "🙂" * 30}, "phone", "Skriv et mobilnummer", 400),
        ({"phone": ""}, "phone", "Skriv mobilnummeret.", 400),
        ({"email": (KARI.email or "").upper()}, "email", "innbyggerens egen e-postadresse", 400),
        ({"email": "lise"}, "email", "Skriv e-postadressen på formen", 400),
        ({"email": "LISE@legesenter.example"}, "email", "en som allerede er med i møtet", 409),
        ({"phone": "+4749000012"}, "phone", "en som allerede er med i møtet", 409),
        ({"name": "x" * 10_000}, "name", "høyst 100 tegn", 400),
        ({"name": "🙂" * 10_000}, "name", "høyst 100 tegn", 400),
        ({"name": "\x00"}, "name", "tegn som ikke kan brukes", 400),
        ({"name": "en\u202eto"}, "name", "tegn som ikke kan brukes", 400),
        ({"role": ""}, "role", "Velg lege eller arbeidsgiver.", 400),
        ({"role": "CITIZEN"}, "role", "Hvem er det?", 400),
        ({"way_in": "IN_PERSON"}, "way_in", "Velg", 400),
        ({"part_offset": "40", "part_minutes": "10"}, "part_offset", "innenfor møtet, som varer i 45 minutter", 400),
        ({"part_offset": "5"}, "part_minutes", "ingen av dem", 400),
        ({"part_minutes": "5"}, "part_offset", "ingen av dem", 400),
        ({"part_offset": "0", "part_minutes": "4"}, "part_minutes", "minst 5 minutter", 400),
        ({"part_offset": "-1", "part_minutes": "9" * 5000}, "part_minutes", "hele minutter", 400),
        ({"theme": "x" * 101}, "theme", "høyst 100 tegn", 400),
        ({"purpose": "x" * 5001}, "purpose", "høyst 5000 tegn", 400),
        ({"language": "se"}, "language", "Skriftspråk", 400),
    ],
)
def test_bad_input_is_said_at_its_partner_and_field_and_nothing_typed_is_lost(
    client: Client, changes: dict[str, str], field: str, sentence: str, status: int
) -> None:
    form = with_partners(found(client), LISE, ARNE | changes)
    answer = client.post(BOOK, form)
    page = text(answer)
    assert answer.status_code == status
    assert sentence in error_at(page, f"partners-2-{field}"), page
    assert not error_at(page, f"partners-1-{field}")
    assert f'href="#id_partners-2-{field}' in page
    assert "Deltaker 2: " in page.split("</ul>")[0] or "Deltaker 2: " in page.split("data-error-summary")[1]
    kept = {name: value for name, value in changes.items() if name in {"phone", "email", "name", "theme", "purpose"}}
    assert partners_on(answer)[0] == LISE
    for name, value in (ARNE | kept).items():
        if name not in changes or (name in kept and "\x00" not in value):
            assert partners_on(answer)[1][name] == value
    assert fields(answer)["theme"] == form["theme"]
    assert not Meeting.objects.exists()


def test_a_name_of_emoji_is_a_name(client: Client) -> None:
    assert client.post(BOOK, with_partners(found(client), LISE | {"name": "🙂" * 100})).status_code == 302
    assert PartnerContact.objects.get().name == "🙂" * 100


def test_what_is_wrong_with_a_partner_is_told_with_what_is_wrong_with_the_meeting(client: Client) -> None:
    answer = client.post(
        BOOK, with_partners(found(client), LISE | {"phone": "12", "name": ""}, theme="", day="2027-01-10")
    )
    page = text(answer)
    assert error_at(page, "theme")
    assert "Tidspunktet er passert." in error_at(page, "day")
    assert "Skriv navnet." in error_at(page, "partners-1-name")
    assert "Skriv et mobilnummer" in error_at(page, "partners-1-phone")


def test_a_taken_time_leaves_the_partners_as_they_were_typed(client: Client) -> None:
    client.post(BOOK, with_partners(found(client), LISE))
    answer = client.post(BOOK, with_partners(found(client), ARNE))
    assert answer.status_code == 409
    assert error_at(text(answer), "time")
    assert partners_on(answer) == [ARNE]
    assert PartnerContact.objects.count() == 1


def test_a_type_that_does_not_let_others_in_says_so_at_the_role(client: Client) -> None:
    MeetingType.objects.filter(code="FOLLOW_UP").update(roles={"DOCTOR": {"basis": "RELEASE"}})
    form = with_partners(found(client), LISE, ARNE)
    answer = client.post(BOOK, form)
    assert answer.status_code == 400
    assert "ikke grunnlag for å invitere" in error_at(text(answer), "partners-2-role")
    assert client.post(BOOK, form | {"remove": "2"}).status_code == 200


def test_a_protected_citizen_brings_others_only_by_those_who_may(client: Client, registers: RunningRegisters) -> None:
    from tests.pages.staff.setting import AMINA

    amina = log_in(actor(AMINA), AMINA.name)
    assert amina.post(BOOK, with_partners(found(amina, TURID.number), LISE)).status_code == 302


def test_the_same_form_sent_twice_is_one_meeting_with_each_partner_once(client: Client, clock: Clock) -> None:
    form = with_partners(found(client), LISE, ARNE)
    assert client.post(BOOK, form)["Location"] == client.post(BOOK, form)["Location"]
    assert PartnerContact.objects.count() == 2
    clock.set(make.later(minutes=1))
    same = client.post(BOOK, form)
    assert "ikke lagret" not in text(client.get(same["Location"]))
    other = client.post(BOOK, with_partners(form, LISE, ARNE | {"theme": "Noe annet"}))
    assert "Det du endret etterpå, er ikke lagret." in text(client.get(other["Location"]))
    fewer = client.post(BOOK, with_partners(form, LISE))
    assert "Det du endret etterpå, er ikke lagret." in text(client.get(fewer["Location"]))
    assert PartnerContact.objects.count() == 2


def test_a_session_lost_in_the_middle_gives_all_of_it_back_in_the_words_of_the_form(client: Client) -> None:
    unseen = {"phone": "99112233", "caller": "NAV", "address": "Testkaia 1"}
    form = with_partners(found(client) | unseen, LISE, ARNE)
    page = text(Client().post(BOOK, form))
    for shown in ("Deltaker 1: Navn", "Deltaker 2: Navn", "Lise Legesen", "Arne Sjefsen", "Vi trenger din vurdering."):
        assert shown in page
    for name, words in (
        ("type", "Oppfølgingssamtale"),
        ("format", "Videomøte"),
        ("partners-1-role", "Lege"),
        ("partners-2-role", "Arbeidsgiver"),
        ("partners-1-way_in", "På telefon"),
        ("partners-1-language", "Nynorsk"),
    ):
        select = re.search(rf'<select[^>]* name="{name}">(.*?)</select>', page)
        assert select, name
        assert f"selected>{words}</option>" in select[1]
    for name in ("phone", "address", "caller"):
        assert f'<input type="hidden" name="{name}"' in page, "the form for a video meeting does not show it"
    assert not re.search(r"<textarea[^>]*>\n(FOLLOW_UP|VIDEO|DOCTOR|PHONE|nn)<", page)
    assert not Meeting.objects.exists()
    assert client.post(BOOK, form).status_code == 302
    assert PartnerContact.objects.count() == 2


def test_where_the_citizen_must_be_found_again_the_partners_come_along(client: Client) -> None:
    form = with_partners(found(client), LISE, ARNE)
    jonas = log_in(actor(JONAS), JONAS.name)
    page = text(jonas.post(BOOK, form))
    assert 'type="hidden" name="partners-2-name" value="Arne Sjefsen"' in page
    again = jonas.post(FIND, form | {"citizen_number": KARI.number})
    assert partners_on(again) == [LISE, ARNE]
    assert jonas.post(BOOK, fields(again)).status_code == 302
    assert PartnerContact.objects.count() == 2


@pytest.mark.parametrize("press", [{"act": "add"}, {"remove": "1"}])
def test_adding_and_taking_out_ask_for_access_each_time(
    client: Client, registers: RunningRegisters, press: dict[str, str]
) -> None:
    form = with_partners(found(client), LISE)
    registers.state.control({"down": ["krr"]})
    down = client.post(BOOK, form | press)
    assert (down.status_code, partners_on(down)) == (503, [LISE])
    registers.state.control({"persons": {KARI.number: {"shielded": True}}})
    closed = client.post(BOOK, form | press)
    assert (closed.status_code, KARI.name in text(closed)) == (403, False)
    assert log_in(actor(JONAS, kind=ActorKind.ADVISER), JONAS.name).post(BOOK, form | press).status_code == 403


@pytest.mark.parametrize("count", ["", "-1", "x", "²", "9" * 5000, "1e3"])
def test_a_count_that_is_none_is_no_error(client: Client, count: str) -> None:
    form = with_partners(found(client), LISE) | {"partners": count}
    assert client.post(BOOK, form | {"act": "add"}).status_code == 200
    assert client.post(BOOK, form).status_code == 302


def test_the_enter_key_books_and_takes_nobody_out(client: Client) -> None:
    page = text(client.post(BOOK, with_partners(found(client), LISE, act="add")))
    form = page[page.index('<form class="nm-') :]
    first = re.search(r"<button[^>]*>", form)
    assert first
    assert "name=" not in first[0]
