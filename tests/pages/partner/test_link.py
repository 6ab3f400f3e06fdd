"""A partner's link: the least without a code; the code, asked for and typed; and no other way past it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from invitations import links
from invitations.models import Answer, Invitation, PartnerCode
from meetings import changes
from meetings.changes import Why
from meetings.models import Format, Reason, Task
from navmeet.audit.models import AuditEvent
from tests import make
from tests.meetings.test_changes import arguments
from tests.pages.citizen.setting import ENDS, PLACES, STARTS, Visit, steady, text
from tests.pages.partner.setting import DOCTOR, EMPLOYER, OTHERS, PHONE, Partnership, add, forget_asking, session_key

OFFICE_ADDRESS = "Prøvegata 1, 0001 Prøveby"
# What a code opens, and the bare link does not.
OWN = ("Lise", "Fjordvik legesenter", "legesenter.example", "Tilrettelegging", "din vurdering", "oppdatert plan")
MATTER = (*OWN, *OTHERS, "Kari", "Ingrid", "Prøvesen", PHONE, PHONE[3:], "02.01.1960")


@pytest.mark.parametrize("held", list(Format))
def test_a_forwarded_email_reads_nothing(visit: Partnership, held: Format) -> None:
    visit.book(held, day=STARTS.date() + timedelta(days=1))
    for method in ("get", "post"):
        answer = getattr(Client(), method)(visit.link())
        shown = answer.content.decode()
        assert answer.status_code == 200
        assert [one for one in MATTER if one in shown] == []
        assert "22. januar" in shown
        assert (OFFICE_ADDRESS in shown) == (held == Format.IN_PERSON)
    for rest in ("read/", "read/calendar/", "read/answer/"):
        answer = Client().get(visit.link(rest))
        assert (answer.status_code, answer["Location"]) == (302, visit.link())


def test_opening_the_link_changes_nothing_and_sends_nothing(visit: Partnership) -> None:
    before = AuditEvent.objects.count()
    for method in ("get", "head", "post"):
        getattr(Client(), method)(visit.link())
    for rest in ("code/", "code/check/"):
        assert Client().get(visit.link(rest)).status_code == 302
    assert (AuditEvent.objects.count(), Answer.objects.count(), Task.objects.count()) == (before, 0, 0)
    assert visit.phones.sent == []
    assert not PartnerCode.objects.exists()


def test_it_shows_their_own_part_of_the_time_and_way_in(visit: Partnership) -> None:
    partner = replace(DOCTOR, way_in=Format.PHONE, part_offset=10, part_minutes=10)
    visit.book(partner=partner, day=STARTS.date() + timedelta(days=1))
    shown = text(Client().get(visit.link()))
    assert "kl. 10.10–10.20" in shown
    assert "Telefonmøte" in shown


def test_a_code_is_asked_for_typed_and_leads_in_under_a_new_key(visit: Partnership) -> None:
    client = Client()
    client.get(visit.link())
    asked = visit.ask(client)
    assert (asked.status_code, asked["Location"]) == (302, visit.link("code/"))
    page = client.get(asked["Location"])
    assert "mobilnummeret som slutter på 12." in text(page)
    assert PHONE[3:] not in page.content.decode()
    assert visit.phones.code() not in page.content.decode()
    typed = visit.type(client, visit.phones.code())
    assert (typed.status_code, typed["Location"]) == (302, visit.link("read/"))
    first = session_key(client)
    assert client.get(visit.link("read/")).status_code == 200
    assert client.get(visit.link())["Location"] == visit.link("read/")
    forget_asking(visit.invitation)
    visit.ask(client)
    visit.type(client, visit.phones.code())
    assert session_key(client) != first, "the key is new at each code"


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "Skriv koden vi sendte deg på SMS."), ("12", "Koden har 6 sifre."), ("wrong", "Koden er ikke riktig.")],
)
def test_what_is_wrong_with_a_code_is_said_beside_it(visit: Partnership, typed: str, said: str) -> None:
    client = Client()
    visit.ask(client)
    if typed == "wrong":
        typed = f"{(int(visit.phones.code()) + 1) % 1_000_000:06d}"
    answer = visit.type(client, typed)
    assert answer.status_code == 400
    assert said in text(answer)
    assert client.get(visit.link("read/")).status_code == 302


def test_a_late_and_a_used_code_say_so_and_offer_another(visit: Partnership) -> None:
    reader = visit.reader()
    used = visit.type(Client(), visit.phones.code())
    assert "Koden er brukt eller erstattet av en nyere." in text(used)
    assert "Send en ny kode" in text(used)
    assert reader.get(visit.link("read/")).status_code == 200
    forget_asking(visit.invitation)
    visit.ask()
    visit.at(make.NOW + timedelta(minutes=10))
    assert "Koden gjelder ikke lenger." in text(visit.type(Client(), visit.phones.code()))


def test_asking_too_often_says_when(visit: Partnership) -> None:
    visit.ask()
    again = visit.ask()
    assert again.status_code == 429
    assert "Du kan be om en ny om 1 min." in text(again)
    assert len(visit.phones.sent) == 1


def test_a_code_that_could_not_be_sent_says_try_again(visit: Partnership) -> None:
    from invitations.messages.outcomes import Unavailable

    visit.phones.answer = Unavailable("status_503")
    answer = visit.ask()
    assert answer.status_code == 503
    assert "Vi fikk ikke sendt koden." in text(answer)


def test_a_code_for_one_link_opens_no_other(visit: Partnership) -> None:
    client, first = visit.reader(), visit.link()
    visit.book(partner=EMPLOYER, person=make.citizen("Per Annen"), day=STARTS.date() + timedelta(days=1))
    other = client.get(visit.link())
    assert other.status_code == 200
    assert "Les invitasjonen" in text(other)
    assert [one for one in (*MATTER, "Arne", "Arbeidsoppgavene") if one in other.content.decode()] == []
    assert client.get(visit.link("read/"))["Location"] == visit.link()
    assert visit.answers(client).status_code == 401
    assert not Answer.objects.exists()
    assert client.get(first)["Location"] == first + "read/"


def test_with_a_partners_session_a_citizens_link_is_only_the_bare_link(visit: Partnership) -> None:
    client = visit.reader()
    citizens = links.path(Invitation.objects.get(participant__person=visit.person).pk)
    answer = client.get(citizens)
    assert answer.status_code == 200
    assert "Logg inn for å se hva møtet handler om" in text(answer)
    for address in ("/my/", f"/my/{visit.invitation.pk}/"):
        assert client.get(address)["Location"].startswith("/login/")
    assert client.get("/api/v1/my/invitations/").status_code == 403


def test_somebody_logged_in_for_themselves_still_needs_the_code(visit: Partnership) -> None:
    """A doctor with an errand of their own at Nav in the same browser; and the citizen, with the doctor's link."""
    citizen = Visit(visit.at)
    for person in (citizen.person, visit.person):
        answer = citizen.browser(person).get(visit.link())
        assert answer.status_code == 200
        assert [one for one in (*OWN, *OTHERS) if one in answer.content.decode()] == []


def test_the_session_ends_by_itself_after_two_hours(visit: Partnership) -> None:
    client = visit.reader()
    visit.at(make.NOW + timedelta(hours=1, minutes=59))
    assert client.get(visit.link("read/")).status_code == 200
    visit.at(make.NOW + timedelta(hours=2))
    assert client.get(visit.link("read/"))["Location"] == visit.link()


def test_access_that_is_closed_ends_the_session_and_tells_nothing(visit: Partnership) -> None:
    client = visit.reader()
    Invitation.objects.filter(pk=visit.invitation.pk).update(closed_at=make.NOW)
    for rest in ("read/", "read/calendar/", "", "code/"):
        answer = client.get(visit.link(rest), follow=True)
        assert answer.status_code == 404
        assert "Du har ikke tilgang lenger" in text(answer)
        assert [one for one in (*MATTER, "januar") if one in answer.content.decode()] == []
    assert "Logg ut" not in answer.content.decode()
    assert client.get(visit.link("read/"))["Location"] == visit.link()


def test_closed_over_and_taken_out_are_one_page(visit: Partnership) -> None:
    pages = []
    Invitation.objects.filter(pk=visit.invitation.pk).update(closed_at=make.NOW)
    pages.append(steady(Client().get(visit.link())))
    pages.append(steady(visit.ask()))
    pages.append(steady(visit.type(Client(), "123456")))
    Invitation.objects.filter(pk=visit.invitation.pk).update(closed_at=None)
    visit.at(ENDS + timedelta(hours=24))
    pages.append(steady(Client().get(visit.link())))
    visit.at(make.NOW)
    visit.participant.removed_at = make.NOW
    visit.participant.save(update_fields=["removed_at"])
    pages.append(steady(Client().get(visit.link())))
    assert len(set(pages)) == 1
    assert visit.phones.sent == []


def test_a_cancelled_meeting_says_so_and_can_be_read(visit: Partnership) -> None:
    changes.cancel(**arguments(visit.meeting, why=Why(Reason.PRACTICAL, "Hemmelig grunn.")))
    shown = text(Client().get(visit.link()))
    assert "Møtet er avlyst." in shown
    read = text(visit.reader().get(visit.link("read/")))
    assert "Møtet er avlyst." in read
    assert "Hemmelig grunn" not in read + shown


@pytest.mark.parametrize(
    ("language", "words"), [("nb", "Send meg en kode"), ("nn", "Send meg ein kode"), ("en", "Send me a code")]
)
def test_it_speaks_their_language_until_another_is_chosen(visit: Partnership, language: str, words: str) -> None:
    visit.book(partner=replace(DOCTOR, language=language), day=STARTS.date() + timedelta(days=1))
    client = Client()
    answer = client.get(visit.link())
    assert words in text(answer)
    assert answer["Content-Language"] == language
    assert f'lang="{language}"' in answer.content.decode()
    client.post("/language/", {"language": "nn", "next": visit.link()})
    assert "Send meg ein kode" in text(client.get(visit.link()))


def test_logging_out_ends_it_here_without_an_issuer(visit: Partnership) -> None:
    client = visit.reader()
    assert "Logg ut" in client.get(visit.link("read/")).content.decode()
    answer = client.post("/logout/")
    assert (answer.status_code, answer["Location"]) == (302, "/logged-out/")
    assert client.get(visit.link("read/"))["Location"] == visit.link()


def test_without_login_there_is_no_way_to_log_in_as_somebody_else(visit: Partnership) -> None:
    assert "/login/" not in Client().get(visit.link()).content.decode()


def test_the_partner_of_a_protected_citizen_gets_no_address(visit: Partnership) -> None:
    from navmeet.people.models import Protection

    hidden = make.citizen("Skjult Person", protection=Protection.CONFIDENTIAL)
    visit.book(Format.IN_PERSON, person=hidden, day=STARTS.date() + timedelta(days=1))
    assert OFFICE_ADDRESS not in Client().get(visit.link()).content.decode()
    assert PLACES[Format.IN_PERSON].address not in visit.reader().get(visit.link("read/")).content.decode()


def test_a_partner_without_a_release_has_no_way_in(visit: Partnership) -> None:
    participant = add(visit.meeting, EMPLOYER, released=False)
    visit.invitation = Invitation.objects.get(participant=participant)
    assert Client().get(visit.link()).status_code == 404
    assert visit.ask().status_code == 404
    assert visit.phones.sent == []


def test_without_a_code_one_can_say_that_one_cannot_come_and_the_host_alone_is_told(visit: Partnership) -> None:
    for _ in range(2):
        answer = Client().post(visit.link(), {"kind": "NOT_COMING"})
        assert (answer.status_code, answer["Location"]) == (302, f"{visit.link()}?asked=1")
    assert "Vi har sagt fra til den du skal møte" in text(Client().get(f"{visit.link()}?asked=1"))
    assert Task.objects.filter(kind="CANNOT_COME").count() == 1
    assert Answer.objects.get().is_known is False


def test_to_wait_after_wrong_codes_is_said_as_that_and_not_as_something_to_correct(visit: Partnership) -> None:
    client = Client()
    visit.ask(client)
    wrong = "000000" if visit.phones.code() != "000000" else "111111"
    answers = [visit.type(client, wrong) for _ in range(4)]
    slowed = [one for one in answers if one.status_code == 429]
    assert slowed
    page = text(slowed[0])
    assert "sek. før du prøver igjen" in page
    assert "må rettes" not in page
