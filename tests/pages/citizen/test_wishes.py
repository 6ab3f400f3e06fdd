"""The citizen asks for another time or another way, reads that the meeting stands, and takes it back."""

from datetime import timedelta
from typing import Any

from invitations import recorded, suggesting, wishes
from invitations.models import Answer, Consent
from meetings.models import Task
from meetings.times import OSLO
from tests import make
from tests.invitations.test_recorded import adviser, recording, said
from tests.invitations.test_wishes import replying
from tests.pages.citizen.setting import ENDS, Visit, text
from tests.pages.partner.setting import DOCTOR, add, release


def asks(visit: Visit, what: str = "time", **fields: Any) -> Any:
    return visit.browser().post(visit.own(f"wish/{what}/"), {"revision": 1, "words": "", **fields})


def test_free_times_are_offered_with_day_and_clock_and_nobodys_name(visit: Visit) -> None:
    page = visit.browser().get(visit.own("wish/time/"))
    read = text(page)
    assert page.status_code == 200
    assert "torsdag 21. januar kl. 08.00" in read
    assert "Ingrid" not in read
    assert "Møtet gjelder fortsatt til du hører fra oss. Det gjør du senest onsdag 13. januar 2027" in read


def test_what_is_picked_stands_on_the_page_with_the_promise(visit: Visit) -> None:
    first, second = suggesting.offered(visit.meeting, at=make.NOW)[:2]
    sent = asks(visit, suggests=[first.isoformat(), second.isoformat()], words="Helst tidlig.")
    assert sent.status_code == 302
    read = text(visit.browser().get(visit.own()))
    assert "Jeg trenger et annet tidspunkt" in read
    assert "Dette har du foreslått: torsdag 21. januar 2027" in read
    assert "Helst tidlig." in read
    assert "senest onsdag 13. januar 2027" in read
    assert Task.objects.get(kind="OTHER_TIME").done_at is None


def test_own_words_are_enough_and_nothing_at_all_is_not(visit: Visit) -> None:
    assert asks(visit, words="Alle mandager.").status_code == 302
    refused = asks(visit)
    assert refused.status_code == 400
    assert "Velg et tidspunkt, eller skriv når du kan." in text(refused)
    assert Answer.objects.count() == 1


def test_a_time_taken_meanwhile_is_said_to_be_taken(visit: Visit) -> None:
    start = suggesting.offered(visit.meeting, at=make.NOW)[0]
    local = start.astimezone(OSLO)
    make.meeting(visit.meeting.host, day=local.date(), clock=local.time())
    refused = asks(visit, suggests=[start.isoformat()])
    assert refused.status_code == 400
    assert "ikke ledig lenger" in text(refused)


def test_another_way_is_asked_for_and_the_present_one_is_not_among_them(visit: Visit) -> None:
    page = text(visit.browser().get(visit.own("wish/way/")))
    assert "På telefon" in page
    assert "På video" not in page
    assert asks(visit, "way", wants="PHONE").status_code == 302
    assert "På telefon" in text(visit.browser().get(visit.own()))


def test_a_wish_is_taken_back_by_a_press(visit: Visit) -> None:
    visit.answers()
    asks(visit, words="Alle mandager.")
    visit.browser().post(visit.own("wish/withdraw/"))
    read = text(visit.browser().get(visit.own()))
    assert "Trekk tilbake" not in read
    assert "Svaret ditt Jeg kommer" in read
    again = visit.browser().post(visit.own("wish/withdraw/"), follow=True)
    assert "ikke er besvart" in text(again)


def test_the_answer_of_nav_is_read_by_who_asked(visit: Visit) -> None:
    asks(visit, words="Alle mandager.")
    wishes.stands(**replying(Answer.objects.get()))
    read = text(visit.browser().get(visit.own()))
    assert "Møtet gjelder som det er. Legen kan bare denne dagen." in read
    assert "til du hører fra oss" not in read


def test_what_nav_recorded_says_by_whom_how_and_when(visit: Visit) -> None:
    by = adviser()
    recorded.record_answer(**recording(visit.meeting, by), said=said(visit.meeting, "NOT_COMING"))
    recorded.record_choice(**recording(visit.meeting, by), said_yes=False)
    partner = add(visit.meeting, DOCTOR, released=False)
    release(partner, said_yes=True)
    Consent.objects.filter(recipient=partner).update(given="LETTER", given_by=by.known_id, given_office="4100")
    read = text(visit.browser().get(visit.own()))
    who = "Registrert av Liv Rådgiver, Nav Prøveby 4100"
    assert read.count(f"{who} etter en telefonsamtale mandag 11. januar 2027 kl. 10.00") == 2
    assert f"{who} etter et brev" in read
    assert visit.answers().status_code == 302
    assert "etter en telefonsamtale" in text(visit.browser().get(visit.own()))


def test_another_citizen_and_a_meeting_that_is_over_have_no_such_page(visit: Visit) -> None:
    stranger = visit.browser(make.citizen())
    assert stranger.get(visit.own("wish/time/")).status_code == 404
    assert stranger.post(visit.own("wish/withdraw/")).status_code == 404
    visit.at(ENDS + timedelta(minutes=1))
    assert visit.browser().get(visit.own("wish/time/")).status_code == 302
    assert asks(visit, words="Alle mandager.").status_code == 409


def test_a_wish_from_a_tab_that_was_open_before_another_answer_is_not_put_in_its_place(visit: Visit) -> None:
    page = visit.browser().get(visit.own("wish/time/")).context["form"]
    opened = {"after": page["after"].value()}
    asks(visit, words="Alle mandager.", **opened)
    refused = asks(visit, words="Aldri.", **opened)
    assert refused.status_code == 412
    assert "Du har svart på invitasjonen siden du åpnet denne siden." in text(refused)
    assert [one.words for one in Answer.objects.all()] == ["Alle mandager."]
    again = refused.context["form"]
    assert again["words"].value() == "Aldri."
    assert asks(visit, words="Aldri.", after=again["after"].value()).status_code == 302
