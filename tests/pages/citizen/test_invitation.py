"""A citizen reads, answers, chooses and goes in: what they see, and what they never see."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from invitations.models import Answer, Consent, Invitation, Message, Occasion, VideoRoom
from meetings import changes, reinstating
from meetings.models import Format, Task
from tests import make
from tests.meetings.test_changes import arguments, to
from tests.pages.citizen.setting import ENDS, STARTS, Visit, text


def test_the_surface_begins_at_ones_own_meetings(visit: Visit) -> None:
    answer = visit.browser().get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/my/")


def test_the_list_shows_when_and_how_and_leads_to_the_invitation(visit: Visit) -> None:
    page = visit.browser().get("/my/")
    assert "torsdag 21. januar 2027 kl. 10.00–10.45" in text(page)
    assert "Videomøte" in text(page)
    assert f'href="{visit.own()}"' in page.content.decode()


def test_an_empty_list_says_so(visit: Visit) -> None:
    page = visit.browser(make.citizen("Ola Tom"))
    assert "Du har ingen avtalte møter nå" in text(page.get("/my/"))


def test_what_was_is_listed_apart_from_what_comes(visit: Visit) -> None:
    visit.at(ENDS)
    page = text(visit.browser().get("/my/"))
    assert page.index("Du har ingen avtalte møter nå") < page.index("Tidligere møter") < page.index("21. januar")


def test_nobody_sees_anothers_meetings_in_the_list(visit: Visit) -> None:
    assert "21. januar" not in text(visit.browser(make.citizen("Ola Annen")).get("/my/"))


def test_a_list_of_thirty_asks_the_database_as_often_as_a_list_of_one(visit: Visit) -> None:
    client = visit.browser()

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get("/my/").status_code == 200
        return len(asked)

    one = queries()
    colleague = visit.meeting.host
    for day in range(29):
        person = visit.person
        start = date(2027, 2, 1) + timedelta(days=day)
        if start.weekday() < 5:
            make.meeting(colleague, person, day=start)
            make.meeting(colleague, person, day=start, clock=time(13, 0))
    assert Invitation.objects.count() > 30
    assert queries() == one <= 4


def test_the_whole_invitation_stands_on_one_page_with_the_answer_before_the_details(visit: Visit) -> None:
    page = text(visit.browser().get(visit.own()))
    told = [
        "Oppfølgingssamtale",
        "torsdag 21. januar 2027",
        "kl. 10.00–10.45",
        "Videomøte",
        "Vi har avtalt dette møtet",
    ]
    told += ["Svar på invitasjonen", "Om møtet", "Veien videre"]
    told += ["Vi ser på planen din.", "Ta med planen.", "Ingrid Prøvesen", "Vil du møte på video?"]
    places = [page.index(one) for one in told]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (Format.PHONE, ["Telefonmøte", "Vi ringer deg på 99 11 22 33."]),
        (Format.IN_PERSON, ["Møte på Nav-kontoret", "Møteveien 5, 0002 Prøveby", "Rom: Bjørka", "Ring på hos vakten."]),
    ],
)
def test_by_phone_and_in_person_the_page_says_how(visit: Visit, held: Format, said: list[str]) -> None:
    visit.cancel()
    visit.book(held)
    page = text(visit.browser().get(visit.own()))
    assert [one for one in said if one not in page] == []
    assert "Vil du møte på video?" not in page


def test_a_duty_to_come_is_said_first_and_called_a_summons(visit: Visit) -> None:
    visit.cancel()
    visit.book(type_code="DIALOGUE", day=date(2027, 2, 18))
    page = text(visit.browser().get(visit.own()))
    assert page.index("Du har plikt til å komme.") < page.index("Svar på innkallingen")


def test_being_shown_the_page_is_having_read_it_and_asking_for_its_head_is_not(visit: Visit) -> None:
    client = visit.browser()
    assert client.head(visit.own()).status_code == 200
    assert visit.invitation.first_read_at is None
    client.get(visit.own())
    visit.at(make.later(minutes=5))
    client.get(visit.own())
    assert visit.invitation.first_read_at == make.NOW


@pytest.mark.parametrize("rest", ["", "answer/", "choice/", "calendar/", "enter/", "minutes/"])
def test_another_citizens_invitation_is_one_that_does_not_exist(visit: Visit, rest: str) -> None:
    client = visit.browser(make.citizen("Ola Annen"))
    other, nobody = visit.own(rest), f"/my/01890000-0000-7000-8000-000000000001/{rest}"
    values: dict[str, Any] = {"kind": "COMING", "revision": 1, "yes": "no", "text_version": "video-1", "language": "nb"}
    method = client.post if rest in {"answer/", "choice/", "enter/"} else client.get
    refused, missing = method(other, values), method(nobody, values)
    if rest == "minutes/" and refused.status_code == 302:
        return  # level high is asked for before anything is looked up
    assert refused.status_code == missing.status_code == 404
    assert text(refused) == text(missing)
    assert (Answer.objects.count(), Consent.objects.count(), VideoRoom.objects.count()) == (0, 0, 0)


def test_a_visitor_not_logged_in_is_asked_to_log_in_and_comes_back(visit: Visit) -> None:
    answer = Client().get(visit.own())
    assert answer.status_code == 302
    assert str(visit.invitation.pk) in answer["Location"]


def test_an_answer_is_thanked_for_and_shown(visit: Visit) -> None:
    client = visit.browser()
    answer = visit.answers(client, kind="NOT_COMING", words="Jeg er bortreist.")
    assert (answer.status_code, answer["Location"]) == (302, visit.own())
    page = text(client.get(visit.own()))
    assert "Takk, vi har fått svaret ditt." in page
    assert "Svaret ditt Jeg kan ikke komme Jeg er bortreist. Møtet gjelder fortsatt til du hører fra oss." in page
    assert Task.objects.get(kind="CANNOT_COME").done_at is None


def test_an_answer_can_be_changed_and_the_words_of_the_last_one_are_not_sent_again(visit: Visit) -> None:
    client = visit.browser()
    visit.answers(client, kind="OTHER_TIME", words="Helst etter lunsj.")
    page = client.get(visit.own()).content.decode()
    assert 'value="OTHER_TIME" aria-label' in page or "checked" in page
    assert "Helst etter lunsj.</blockquote>" in page
    assert "Helst etter lunsj.</textarea>" not in page
    visit.answers(client, kind="COMING")
    assert list(Answer.objects.order_by("id").values_list("kind", flat=True)) == ["OTHER_TIME", "COMING"]


def test_a_double_click_leaves_one_task_and_one_page(visit: Visit) -> None:
    client = visit.browser()
    assert {visit.answers(client, kind="OTHER_TIME").status_code for _ in range(2)} == {302}
    assert Task.objects.filter(kind="OTHER_TIME").count() == 1
    assert text(client.get(visit.own())).count("Takk, vi har fått svaret ditt.") <= 2


def test_an_answer_to_a_meeting_moved_meanwhile_is_not_kept_and_the_next_one_is(visit: Visit) -> None:
    client = visit.browser()
    visit.move()
    refused = visit.answers(client, words="Fint.")
    assert refused.status_code == 412
    assert "Møtet er endret siden du åpnet siden." in text(refused)
    assert "mandag 25. januar 2027" in text(refused)
    assert Answer.objects.count() == 0
    page = refused.content.decode()
    assert "Fint.</textarea>" in page
    assert 'name="revision" value="2"' in page
    assert visit.answers(client, revision=2).status_code == 302


def test_an_answer_from_before_a_move_is_asked_for_again(visit: Visit) -> None:
    client = visit.browser()
    visit.answers(client)
    visit.move()
    page = text(client.get(visit.own()))
    assert "Møtet er endret. Det som står her, gjelder nå. Rommet ble opptatt." in page
    assert "Du svarte før møtet ble endret." in page


def test_a_cancelled_meeting_says_so_why_and_that_nothing_is_to_be_done(visit: Visit) -> None:
    visit.cancel()
    page = visit.browser().get(visit.own())
    assert "Møtet er avlyst. Du trenger ikke å gjøre noe. Jeg er blitt syk." in text(page)
    assert "<form" not in page.content.decode().split("<main", 1)[1].split("</main>")[0]


def _told(visit: Visit, minute: int) -> datetime:
    """The cancellation, or what took it back, has left."""
    at = make.later(minutes=minute)
    left = Message.objects.filter(meeting=visit.meeting, state="PLANNED").exclude(occasion=Occasion.REMINDER)
    left.update(state="SENT", attempts=1, sent_at=at, settled_at=at)
    return at + timedelta(minutes=1)


def _is_held_after_all(visit: Visit, minute: int) -> None:
    at = make.later(minutes=minute)
    more = {"safety_measures": frozenset(), "overrule": make.ANYHOW, "at": at}
    visit.meeting.refresh_from_db()
    visit.meeting = reinstating.reinstate(**arguments(visit.meeting, **more))


def test_a_meeting_that_is_held_after_all_says_that_it_is_not_cancelled_until_it_is_moved(visit: Visit) -> None:
    make.told(visit.meeting)
    visit.cancel()
    _told(visit, 1)
    _is_held_after_all(visit, 2)
    said = "Møtet er ikke avlyst likevel. Det som står her, gjelder nå."
    client = visit.browser()
    assert said in text(client.get(visit.own()))
    assert "Møtet er endret." not in text(client.get(visit.own()))
    assert "Møtet er ikkje avlyst likevel." in text(visit.browser(language="nn").get(visit.own()))
    assert "The meeting is not cancelled after all." in text(visit.browser(language="en").get(visit.own()))
    moved_at = _told(visit, 3)
    assert said in text(client.get(visit.own()))
    visit.meeting = changes.move(**arguments(visit.meeting, to=to(), place=None, at=moved_at))
    assert "Møtet er endret. Det som står her, gjelder nå." in text(client.get(visit.own()))


def test_who_never_heard_that_it_was_cancelled_does_not_read_that_it_is_not(visit: Visit) -> None:
    make.told(visit.meeting)
    visit.cancel()
    _is_held_after_all(visit, 2)
    assert "avlyst" not in text(visit.browser().get(visit.own()))


def test_a_cancelled_or_started_meeting_takes_no_answer_and_says_why(visit: Visit) -> None:
    client = visit.browser()
    visit.at(STARTS)
    client = visit.browser()
    started = visit.answers(client)
    assert started.status_code == 409
    assert "Møtet har startet. Ring oss på 55 55 33 33" in text(started)
    assert visit.chooses(client).status_code == 409
    visit.at(make.NOW)
    visit.cancel()
    cancelled = visit.answers(visit.browser())
    assert cancelled.status_code == 409
    assert "Møtet er allerede avlyst." in text(cancelled)
    assert (Answer.objects.count(), Consent.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"words": "x" * 301}, "«Beskjed til Nav» kan ha høyst 300 tegn. Nå er det 301."),
        ({"words": "a\x00b"}, "Teksten har tegn som ikke kan brukes"),
        ({"words": "a\x07b"}, "Teksten har tegn som ikke kan brukes"),
        ({"words": "a\u202eb"}, "Teksten har tegn som ikke kan brukes"),
        ({"kind": ""}, "Velg noe under «Kommer du?»."),
        ({"kind": "PERHAPS"}, "Velg noe annet under «Kommer du?»."),
        ({"revision": "x"}, "Revision"),
        ({"revision": "9" * 30}, "Møtet er endret siden du åpnet siden."),
    ],
)
def test_what_cannot_be_kept_is_said_at_the_field_with_what_was_typed(
    visit: Visit, fields: dict[str, Any], said: str
) -> None:
    answer = visit.answers(**{"words": "Beholdt tekst", **fields})
    assert answer.status_code in {400, 412}
    assert said in text(answer)
    assert "data-error-summary" in answer.content.decode()
    if "words" not in fields:
        assert "Beholdt tekst</textarea>" in answer.content.decode()
    assert Answer.objects.count() == 0


def test_a_session_lost_in_the_middle_gives_the_form_back_filled_and_keeps_nothing(visit: Visit) -> None:
    answer = visit.answers(Client(), words="Lang tekst jeg har skrevet.")
    assert answer.status_code == 401
    page = answer.content.decode()
    assert "Lang tekst jeg har skrevet.</textarea>" in page
    assert '<input type="hidden" name="kind" value="COMING">' in page
    assert f'action="{visit.own("answer/")}"' in page
    assert Answer.objects.count() == 0
    assert visit.answers(visit.browser(), words="Lang tekst jeg har skrevet.").status_code == 302


def test_a_form_without_our_token_is_not_obeyed_and_not_lost(visit: Visit) -> None:
    answer = visit.answers(visit.browser(careful=True), words="Min tekst.")
    assert answer.status_code == 403
    assert "Min tekst." in answer.content.decode()
    assert Answer.objects.count() == 0


@pytest.mark.parametrize("rest", ["answer/", "choice/"])
def test_the_address_of_a_form_opened_by_itself_leads_to_the_invitation(visit: Visit, rest: str) -> None:
    answer = visit.browser().get(visit.own(rest))
    assert (answer.status_code, answer["Location"]) == (302, visit.own())
    assert visit.browser().put(visit.own(rest)).status_code == 405


def test_a_no_to_video_is_kept_as_shown_and_the_page_says_what_happens_next(visit: Visit) -> None:
    client = visit.browser()
    assert visit.chooses(client).status_code == 302
    page = text(client.get(visit.own()))
    assert "Du har sagt nei til video" in page
    assert "Vi tar kontakt for å avtale en annen måte å møtes på." in page
    assert "Du trenger ikke å si hvorfor" in Consent.objects.get().text_shown
    visit.chooses(client, yes="yes")
    assert "Du har sagt ja til video" in text(client.get(visit.own()))
    assert Task.objects.get(kind="NO_TO_VIDEO").done_at == make.NOW


@pytest.mark.parametrize(
    ("fields", "status"), [({"yes": ""}, 400), ({"text_version": "video-0"}, 412), ({"language": "se"}, 400)]
)
def test_a_choice_about_something_else_than_was_shown_is_not_kept(
    visit: Visit, fields: dict[str, Any], status: int
) -> None:
    assert visit.chooses(**fields).status_code == status
    assert Consent.objects.count() == 0


@pytest.mark.parametrize(
    ("minutes", "is_open"), [(-15.02, False), (-15, True), (0, True), (45 + 59.9, True), (45 + 60, False)]
)
def test_the_door_opens_15_minutes_before_and_closes_60_minutes_after_the_end(
    visit: Visit, minutes: float, is_open: bool
) -> None:
    visit.at(STARTS + timedelta(minutes=minutes))
    client = visit.browser()
    assert ("Videomøtet er åpent" in text(client.get(visit.own()))) is is_open
    answer = client.post(visit.own("enter/"), {"name": "Kari"})
    assert answer.status_code == (302 if is_open else 409)
    if is_open:
        assert answer["Location"] == visit.link("wait/")
    else:
        assert "Møtet er avsluttet." in text(answer) or "Videomøtet er ikke åpent ennå." in text(answer)


@pytest.mark.parametrize("held", [Format.PHONE, Format.IN_PERSON])
def test_only_a_video_meeting_has_a_door(visit: Visit, held: Format) -> None:
    visit.cancel()
    visit.book(held)
    visit.at(STARTS)
    assert visit.browser().post(visit.own("enter/"), {"name": "Kari"}).status_code == 409


def test_a_meeting_that_is_over_promises_minutes_and_asks_nothing(visit: Visit) -> None:
    visit.at(ENDS + timedelta(hours=1))
    page = text(visit.browser().get(visit.own()))
    assert "Du får beskjed når referatet er klart." in page
    assert "Send svar" not in page


def test_the_page_asks_the_database_a_bounded_number_of_times(visit: Visit) -> None:
    client = visit.browser()
    client.get(visit.own())
    with CaptureQueriesContext(connection) as asked:
        client.get(visit.own())
    # Two of them are for who else takes part, and what was said about them; one for what the citizen asked for.
    assert len(asked) <= 12


def test_the_page_is_in_the_language_that_the_person_has_chosen(visit: Visit) -> None:
    nynorsk = visit.browser(language="nn").get(visit.own())
    assert "Eg kan ikkje kome" in text(nynorsk)
    assert '<html lang="nn">' in nynorsk.content.decode()
    english = visit.browser(language="en").get(visit.own())
    assert "Thursday 21 January 2027" in text(english)
    assert "I cannot come" in text(english)
    assert "Videomøtet er ikkje ope enno." in text(visit.browser(language="nn").post(visit.own("enter/")))
    stale = visit.answers(visit.browser(language="en"), revision=7)
    assert "The meeting has been changed since you opened the page." in text(stale)
    chosen = visit.browser(language="en")
    chosen.post("/language/", {"language": "nn", "next": visit.own()})
    assert "Eg kan ikkje kome" in text(chosen.get(visit.own()))
