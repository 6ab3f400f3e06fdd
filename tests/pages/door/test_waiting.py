"""The way in as a citizen walks it: name, waiting room, and on."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from invitations import admission, entering, links, lobby
from invitations.models import Consent, IdentityCheck, Invitation, Presence, VideoRoom, Visit
from meetings import changes, formats
from meetings.changes import Why
from meetings.models import Caller, Format, Reason, Role, Task
from meetings.places import Place
from navmeet.accounts.actor import Level
from tests import make
from tests.meetings.test_changes import arguments
from tests.pages.citizen.setting import text
from tests.pages.door.conftest import Pages


def visit() -> Visit:
    return Visit.objects.get()


def admit(pages: Pages) -> None:
    admission.admit(visit_id=visit().pk, by=pages.world.by, at=pages.now)


def part(pages: Pages, client: Client, mark: str = "") -> Any:
    return client.get(pages.link("wait/part/"), headers={"If-None-Match": mark} if mark else {})


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("rest", ["", "enter/", "wait/", "wait/part/"])
def test_a_scanner_that_opens_the_link_uses_nothing_up(pages: Pages, rest: str, method: str) -> None:
    assert getattr(Client(), method)(pages.link(rest)).status_code in {200, 302, 404}
    assert not Visit.objects.exists()


def test_a_scanner_that_posts_arrives_nowhere_and_uses_nothing_up(pages: Pages) -> None:
    for rest in ("enter/", "wait/"):
        assert Client().post(pages.link(rest)).status_code in {302, 400}
        assert Client(enforce_csrf_checks=True).post(pages.link(rest), {"name": "x", "act": "go"}).status_code == 403
    assert not Visit.objects.exists()
    pages.waits("Scanner")
    assert Client().post(pages.link("wait/"), {"act": "go"})["Location"] == pages.link()
    pages.waits("Kari")
    assert Visit.objects.count() == 2, "the person's own way in is as open as before"


def test_one_gives_a_name_waits_is_let_in_and_goes_on(pages: Pages) -> None:
    client = pages.waits("Kari")
    page = text(client.get(pages.link("wait/")))
    assert "Du er i venterommet" in page
    admit(pages)
    assert "Du er sluppet inn" in text(client.get(pages.link("wait/")))
    gone = client.post(pages.link("wait/"), {"act": "go"})
    assert gone["Location"].startswith("http://127.0.0.1:8031/")
    assert visit().alias in gone["Location"]
    assert "Kari" not in gone["Location"]


def test_the_back_button_after_admission_shows_the_way_back_in(pages: Pages) -> None:
    client = pages.waits()
    admit(pages)
    first = client.post(pages.link("wait/"), {"act": "go"})["Location"]
    page = client.get(pages.link("wait/"))
    assert "Gå inn igjen i videomøtet" in text(page)
    assert "data-go-on" not in page.content.decode(), "or one could not come back at all"
    assert client.post(pages.link("wait/"), {"act": "go"})["Location"] == first
    assert visit().entered_at == pages.now


def test_two_tabs_wait_as_one_and_two_browsers_as_two(pages: Pages) -> None:
    client = pages.waits("Kari")
    client.post(pages.link("enter/"), {"name": "Kari"})
    assert Visit.objects.count() == 1
    pages.waits("Ola")
    assert Visit.objects.count() == 2


def test_a_visit_is_nobody_else_s(pages: Pages) -> None:
    pages.waits()
    admit(pages)
    other = Client()
    assert other.get(pages.link("wait/"))["Location"] == pages.link()
    assert other.post(pages.link("wait/"), {"act": "go"})["Location"] == pages.link()
    assert part(pages, other).status_code == 404
    stranger = pages.log_in(make.citizen_actor(make.citizen("Ola Annen")), "Ola Annen")
    assert stranger.get(pages.link("wait/")).status_code == 404
    assert visit().entered_at is None


@pytest.mark.parametrize("name", ["", "x" * 61, "x" * 10_000, "a\x00b", "a\u202eb", "\u200d"])
def test_a_name_that_cannot_be_used_is_refused_at_its_field(pages: Pages, name: str) -> None:
    answer = Client().post(pages.link("enter/"), {"name": name})
    assert answer.status_code == 400
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not Visit.objects.exists()


def test_one_who_is_logged_in_finds_the_name_filled_in_and_is_known(pages: Pages) -> None:
    client = pages.log_in(pages.world.citizen(Level.HIGH), "Kari Testperson")
    own = f"/my/{pages.world.invitation.pk}/enter/"
    assert 'value="Kari"' in client.get(own).content.decode()
    assert client.post(own, {"name": "Kari"})["Location"] == pages.link("wait/")
    assert visit().assurance == Level.HIGH
    assert "Du er i venterommet" in text(client.get(pages.link("wait/")))


def test_a_bare_link_s_waiting_page_tells_nothing_of_the_matter(pages: Pages) -> None:
    client = pages.waits("Noen")
    page = client.get(pages.link("wait/")).content.decode()
    for secret in ("Veien videre", "Ingrid", "Solberg", "Oppfølgingssamtale", "Vi ser på planen"):
        assert secret not in page


def test_the_page_learns_at_its_next_question_and_is_spared_an_answer_when_nothing_is_new(pages: Pages) -> None:
    client = pages.waits()
    mark = client.get(pages.link("wait/")).context["standing"].mark
    assert part(pages, client, mark).status_code == 304
    admission.send_word(visit_id=visit().pk, words="Jeg er snart klar.", by=pages.world.by, at=pages.now)
    told = part(pages, client, mark)
    assert "Jeg er snart klar." in told.content.decode()
    mark = told.context["standing"].mark
    admit(pages)
    assert "Du er sluppet inn" in part(pages, client, mark).content.decode()


def test_the_page_tells_of_each_thing_that_can_happen_meanwhile(pages: Pages) -> None:
    world, client = pages.world, pages.waits()
    assert "litt forsinket" not in text(client.get(pages.link("wait/")))
    pages.at(world.meeting.starts_at + timedelta(minutes=3))
    assert "litt forsinket" in text(client.get(pages.link("wait/")))
    pages.at(pages.now)
    formats.change_format(
        meeting_id=world.meeting.pk,
        version=world.meeting.version,
        to=Format.PHONE,
        place=Place(caller=Caller.NAV, phone="90000000"),
        why=Why(Reason.TECHNICAL_PROBLEM),
        can_be_told=True,
        safety_measures=frozenset(),
        by=world.by,
        clearance=make.clearance(world.person, world.by, pages.now),
        at=pages.now,
    )
    page = text(client.get(pages.link("wait/")))
    assert "Vi ringer deg" in page
    assert "90000000" not in page
    world.meeting.refresh_from_db()
    changes.cancel(**arguments(world.meeting, world.by, at=pages.now))
    assert "Møtet er avlyst" in text(client.get(pages.link("wait/")))
    assert client.post(pages.link("wait/"), {"act": "go"})["Location"] == pages.link("wait/")


def test_asking_to_be_called_reaches_the_caseworker(pages: Pages) -> None:
    client = pages.waits()
    client.post(pages.link("wait/"), {"act": "call"})
    assert "Vi har sagt fra om at du vil bli ringt." in text(client.get(pages.link("wait/")))
    assert Task.objects.get(kind=Task.Kind.CALL_INSTEAD).done_at is None


def test_one_can_leave_and_come_again(pages: Pages) -> None:
    client = pages.waits()
    client.post(pages.link("wait/"), {"act": "leave"})
    assert "Du har forlatt venterommet" in text(client.get(pages.link("wait/")))
    client.post(pages.link("enter/"), {"name": "Kari"})
    assert "Du er i venterommet" in text(client.get(pages.link("wait/")))


def test_without_javascript_the_page_reloads_itself_until_something_has_happened(pages: Pages) -> None:
    client = pages.waits()
    assert 'http-equiv="refresh"' in client.get(pages.link("wait/")).content.decode()
    admit(pages)
    page = client.get(pages.link("wait/")).content.decode()
    assert 'http-equiv="refresh"' not in page
    assert "Gå til videomøtet" in page


def test_a_question_costs_few_reads_and_writes_only_now_and_then(pages: Pages) -> None:
    client = pages.waits()
    mark = client.get(pages.link("wait/")).context["standing"].mark
    with CaptureQueriesContext(connection) as asked:
        part(pages, client, mark)
    assert len(asked) <= 4
    assert not [one for one in asked if one["sql"].startswith("UPDATE")]
    pages.at(pages.now + timedelta(seconds=10))
    part(pages, client, mark)
    assert visit().seen_at == pages.now + timedelta(seconds=10)


def test_what_is_said_aloud_to_one_turned_away_is_not_the_word_sent_before(pages: Pages) -> None:
    client = pages.waits()
    admission.send_word(visit_id=visit().pk, words="Jeg er der om 2 minutter", by=pages.world.by, at=pages.now)
    assert "2 minutter" in client.get(pages.link("wait/")).context["says"]
    admission.turn_away(visit_id=visit().pk, by=pages.world.by, at=pages.now)
    assert client.get(pages.link("wait/")).context["says"] == "Du ble ikke sluppet inn"


def made_a_call(pages: Pages) -> None:
    world = pages.world
    formats.change_format(
        meeting_id=world.meeting.pk,
        version=world.meeting.version,
        to=Format.PHONE,
        place=Place(caller=Caller.NAV, phone="90000000"),
        why=Why(Reason.TECHNICAL_PROBLEM),
        can_be_told=True,
        safety_measures=frozenset(),
        by=world.by,
        clearance=make.clearance(world.person, world.by, pages.now),
        at=pages.now,
    )


def test_which_number_is_rung_is_said_to_the_citizen_logged_in_and_the_link_s_holder_is_led_to_log_in(
    pages: Pages,
) -> None:
    holder = pages.waits()
    citizen = pages.log_in(pages.world.citizen(Level.HIGH), "Kari Testperson")
    citizen.post(f"/my/{pages.world.invitation.pk}/enter/", {"name": "Kari"})
    made_a_call(pages)
    page = text(holder.get(pages.link("wait/")))
    assert "90 00 00 00" not in page
    assert "Logg inn for å se hvilket nummer vi ringer." in page
    page = text(citizen.get(pages.link("wait/")))
    assert "Vi ringer deg på 90 00 00 00. Ha telefonen klar." in page
    assert "Logg inn for å se" not in page


def test_a_partner_whose_access_ends_while_they_wait_is_told_that_and_not_to_log_in(pages: Pages) -> None:
    partner, client = pages.world.partner(Role.EMPLOYER), Client()
    path = links.path(partner.pk)
    assert client.post(f"{path}enter/", {"name": "Arne"}).status_code == 302
    assert "Du er i venterommet" in text(client.get(f"{path}wait/"))
    Invitation.objects.filter(pk=partner.pk).update(closed_at=pages.now)
    for rest in ("wait/", "enter/"):
        answer = client.get(f"{path}{rest}")
        assert answer.status_code == 404
        assert "Du har ikke tilgang lenger" in text(answer)
        assert "Gå til møtene dine" not in text(answer)


def test_one_logged_in_as_a_citizen_comes_to_another_s_meeting_as_the_partner_they_are(pages: Pages) -> None:
    partner = pages.world.partner(Role.EMPLOYER)
    client = pages.log_in(make.citizen_actor(make.citizen("Arne Annen"), Level.HIGH), "Arne Annen")
    assert client.post(f"{links.path(partner.pk)}enter/", {"name": "Arne"}).status_code == 302
    assert visit().assurance == Level.NONE, "their login is not what the meeting knows them by"


# --- the panel ------------------------------------------------------------------------------------------------


def test_the_host_sees_who_waits_and_how_sure_it_is(staff: Pages) -> None:
    staff.world.arrives("Kari")
    page = text(staff.host().get(staff.door()))
    for words in ("Kari", "Innbyggeren", "Ukjent: bare lenken", "Har ventet siden kl. 09.58", "Slipp inn"):
        assert words in page


def test_only_those_on_the_list_see_the_panel(staff: Pages) -> None:
    colleague = staff.log_in(make.actor(make.caseworker()), "Jonas")
    stranger = staff.log_in(make.actor(make.caseworker(office_number="0298")), "Amina")
    seen = staff.world.arrives()
    for rest in ("", "part/"):
        assert stranger.get(staff.door(rest)).status_code == 404
    assert colleague.get(staff.door("part/")).status_code == 403
    assert colleague.post(staff.door(f"visits/{seen.pk}/"), {"act": "admit"}).status_code == 403
    assert stranger.post(staff.door(f"visits/{seen.pk}/"), {"act": "admit"}).status_code == 404
    assert visit().state == Visit.State.WAITING


def test_the_host_lets_in_sends_word_and_turns_away(staff: Pages) -> None:
    host, first, second = staff.host(), staff.world.arrives("Kari"), staff.world.arrives("Ola")
    host.post(staff.door(f"visits/{first.pk}/"), {"act": "word", "words": "Straks!"})
    assert staff.world.reload(first.pk).word == "Straks!"
    host.post(staff.door(f"visits/{first.pk}/"), {"act": "admit"})
    host.post(staff.door(f"visits/{second.pk}/"), {"act": "turn-away"})
    assert staff.world.reload(first.pk).state == Visit.State.ADMITTED
    assert staff.world.reload(second.pk).state == Visit.State.TURNED_AWAY
    page = text(host.get(staff.door()))
    assert "Sluppet inn" in page
    assert "Ola" not in page


@pytest.mark.parametrize("words", ["", "x" * 301, "a\x00b"])
def test_a_word_that_cannot_be_sent_is_shown_again_with_what_is_wrong(staff: Pages, words: str) -> None:
    seen = staff.world.arrives("Kari")
    answer = staff.host().post(staff.door(f"visits/{seen.pk}/"), {"act": "word", "words": words})
    assert answer.status_code == 400
    assert 'aria-invalid="true"' in answer.content.decode()


def test_identity_is_noted_where_the_meeting_asks_for_it(staff: Pages) -> None:
    staff.world.update(check_identity=True)
    staff.world.admitted("Kari")
    host, citizen = staff.host(), staff.world.meeting.citizen()
    assert "Se legitimasjonen før du slipper inn andre." in text(host.get(staff.door()))
    path = staff.door(f"identity/{citizen.pk}/")
    assert host.post(path, {"how": "ID_SHOWN"}).status_code == 400
    assert host.post(path, {}).status_code == 400
    assert host.post(path, {"how": "ID_SHOWN", "document": "PASSPORT", "words": "nr 1"}).status_code == 302
    noted = IdentityCheck.objects.get()
    assert (noted.document, noted.words) == ("PASSPORT", None)
    assert "Viste gyldig legitimasjon: pass" in text(host.get(staff.door()))


def test_one_click_turns_the_meeting_into_a_call(staff: Pages) -> None:
    seen = staff.world.arrives("Kari")
    Visit.objects.filter(pk=seen.pk).update(wants=Visit.Wants.CALL_INSTEAD, wants_at=staff.now)
    host = staff.host()
    assert "Ring i stedet" in text(host.get(staff.door()))
    page = text(host.post(staff.door("phone/"), follow=True))
    assert "Møtet er nå et telefonmøte." in page
    staff.world.meeting.refresh_from_db()
    assert staff.world.meeting.format == Format.PHONE


def test_the_host_ends_the_meeting_and_the_door_is_closed(staff: Pages) -> None:
    staff.world.arrives()
    host = staff.host()
    staff.at(staff.world.meeting.starts_at + timedelta(minutes=5))
    assert "Avslutt møtet" in text(host.get(staff.door()))
    assert "Ingen kan komme inn nå." in text(host.post(staff.door("end/"), follow=True))
    staff.world.meeting.refresh_from_db()
    assert staff.world.meeting.ended_at is not None


def test_what_cannot_be_done_any_more_is_said_and_not_done(staff: Pages) -> None:
    seen, host = staff.world.arrives(), staff.host()
    changes.cancel(**arguments(staff.world.meeting, staff.world.by, at=staff.now))
    page = text(host.post(staff.door(f"visits/{seen.pk}/"), {"act": "admit"}, follow=True))
    assert "Møtet er avlyst." in page
    assert visit().state == Visit.State.WAITING


def test_the_panel_is_spared_an_answer_when_nothing_is_new(staff: Pages) -> None:
    host = staff.host()
    mark = host.get(staff.door()).context["lobby"].mark
    assert host.get(staff.door("part/"), headers={"If-None-Match": mark}).status_code == 304
    staff.world.arrives("Kari")
    told = host.get(staff.door("part/"), headers={"If-None-Match": mark})
    assert "Kari venter" in told.content.decode()


def test_the_panel_s_reads_do_not_follow_how_many_wait(staff: Pages) -> None:
    host, counts = staff.host(), []
    for _ in range(2):
        for _ in range(3):
            staff.world.arrives()
        with CaptureQueriesContext(connection) as asked:
            host.get(staff.door("part/"))
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert not VideoRoom.objects.exists()


def strangers(staff: Pages) -> tuple[Visit, Visit]:
    """The citizen logged in at level high, and another with nothing but the link, where identity is demanded."""
    staff.world.update(check_identity=True)
    return staff.world.arrives("Bjørn", by=staff.world.citizen(Level.HIGH)), staff.world.arrives("Ola")


def articles(page: str) -> list[str]:
    return page.split("<article")[1:]


def test_beside_one_logged_in_the_panel_never_says_to_let_the_unknown_one_in_first(staff: Pages) -> None:
    strangers(staff)
    citizen, unknown = articles(staff.host().get(staff.door()).content.decode())
    assert "Noen andre bruker lenken. Bjørn er logget inn og venter." in unknown
    assert "Har innbyggerens lenke" in unknown
    assert "Slipp inn denne først" not in unknown + citizen
    assert "Vent med denne" not in citizen
    assert "Innbyggeren" in citizen


def test_a_second_with_the_link_is_let_in_only_by_a_choice_that_says_instead_of_whom(staff: Pages) -> None:
    citizen, unknown = strangers(staff)
    host = staff.host()
    host.post(staff.door(f"visits/{citizen.pk}/"), {"act": "admit"})
    assert "Slipp inn i stedet for Bjørn" in text(host.get(staff.door()))
    page = text(host.post(staff.door(f"visits/{unknown.pk}/"), {"act": "admit"}, follow=True))
    assert "Noen er allerede sluppet inn med denne lenken." in page
    assert staff.world.reload(unknown.pk).state == Visit.State.WAITING
    host.post(staff.door(f"visits/{unknown.pk}/"), {"act": "turn-away"})
    staff.world.arrives("Bjørn", at=staff.now + timedelta(minutes=1))
    assert "En med denne lenken ble ikke sluppet inn kl. 09.58." in text(host.get(staff.door()))


def test_the_citizen_logged_in_takes_the_place_of_a_stranger_let_in_before_them(staff: Pages) -> None:
    citizen, unknown = strangers(staff)
    admission.admit(visit_id=unknown.pk, by=staff.world.by, at=staff.now)
    host = staff.host()
    waits, inside = articles(host.get(staff.door()).content.decode())
    assert "Ola er sluppet inn med denne lenken uten å være logget inn." in waits
    assert "Slipp inn i stedet for Ola" in waits
    assert "Har innbyggerens lenke" not in waits
    assert "Bjørn er logget inn og venter." in inside
    host.post(staff.door(f"visits/{citizen.pk}/"), {"act": "admit-instead"})
    assert staff.world.reload(unknown.pk).state == Visit.State.TURNED_AWAY
    assert staff.world.reload(citizen.pk).state == Visit.State.ADMITTED


def test_one_in_the_meeting_who_lost_access_is_an_alarm_and_one_who_waits_cannot_be_let_in(staff: Pages) -> None:
    world, host = staff.world, staff.host()
    partner = world.partner(Role.EMPLOYER)
    came = [
        lobby.arrive(invitation_id=partner.pk, name=name, by=world.holder(partner), at=staff.now)
        for name in ("Arne", "Berit")
    ]
    admission.admit(visit_id=came[0].pk, by=world.by, at=staff.now)
    entering.enter(visit_id=came[0].pk, by=world.holder(partner), at=staff.now)
    assert "Skal ut av videomøtet" not in text(host.get(staff.door()))
    Invitation.objects.filter(pk=partner.pk).update(closed_at=staff.now)
    answer = host.get(staff.door())
    assert "Skal ut av videomøtet" in text(answer)
    assert answer.context["says"].startswith("Arne skal ut av videomøtet.")
    (waits,) = articles(answer.content.decode())
    assert "Kan ikke slippes inn." in waits
    assert 'value="admit' not in waits
    page = text(host.post(staff.door(f"visits/{came[1].pk}/"), {"act": "admit"}, follow=True))
    assert "Deltakeren har ikke tilgang til møtet lenger, og kan ikke slippes inn." in page
    assert "Du kan ikke være med" not in page


def test_two_in_the_meeting_with_one_link_are_shown(staff: Pages) -> None:
    seen, host = staff.world.admitted("Kari"), staff.host()
    for one in ("one", "two"):
        Presence.objects.create(visit=seen, connection=one, alias=seen.alias, came_at=staff.now)
    page = text(host.get(staff.door()))
    assert "Noen har gått inn to ganger med denne lenken" in page
    assert "I videomøtet siden kl. 09.58" in page


@pytest.mark.parametrize(
    ("said_yes", "told"),
    [(False, "Innbyggeren har sagt nei til at de er med."), (True, "Har ikke tilgang til møtet lenger.")],
)
def test_why_they_must_leave_is_what_the_citizen_said_where_they_said_it(
    staff: Pages, said_yes: bool, told: str
) -> None:
    world = staff.world
    world.meeting.type.roles = {**world.meeting.type.roles, Role.EMPLOYER: {"basis": "RELEASE"}}
    world.meeting.type.save(update_fields=["roles"])
    partner = world.partner(Role.EMPLOYER)
    lobby.arrive(invitation_id=partner.pk, name="Arne", by=world.holder(partner), at=staff.now)
    Consent.objects.create(
        person=world.person,
        meeting=world.meeting,
        purpose=Consent.Purpose.PARTNER_TAKES_PART,
        recipient=partner.participant,
        said_yes=said_yes,
        text_version="1",
        text_language="nb",
        text_shown="?",
        given=Consent.Given.PAGE,
        given_by=world.person.pk,
        given_at=staff.now,
    )
    Invitation.objects.filter(pk=partner.pk).update(closed_at=staff.now)
    assert told in text(staff.host().get(staff.door()))


@pytest.mark.parametrize("how", ["cancelled", "phone", "ended"])
def test_once_there_is_no_video_meeting_the_panel_asks_for_nothing_that_cannot_be_done(staff: Pages, how: str) -> None:
    staff.world.update(check_identity=True)
    staff.world.admitted("Kari")
    host = staff.host()
    page = text(host.get(staff.door()))
    assert "Steng ute" in page
    if how == "cancelled":
        changes.cancel(**arguments(staff.world.meeting, staff.world.by, at=staff.now))
    elif how == "phone":
        made_a_call(staff)
    else:
        staff.at(staff.world.meeting.starts_at + timedelta(minutes=5))
        host.post(staff.door("end/"))
    answer = host.get(staff.door())
    page = text(answer)
    for gone in (
        "Steng ute",
        "Se legitimasjonen",
        "Noter hvem det er",
        "Her kan du ikke gjøre noe nå",
        "Avslutt møtet",
    ):
        assert gone not in page
    assert ('id="meeting"' in answer.content.decode()) == (how == "ended"), "no empty frame"


def test_ending_the_meeting_is_asked_about_first(staff: Pages) -> None:
    staff.at(staff.world.meeting.starts_at + timedelta(minutes=5))
    page = text(staff.host().get(staff.door()))
    assert "Det kan ikke angres." in page
    assert "Ja, avslutt møtet" in page


def test_the_panel_says_whose_meeting_it_is_and_its_title_when(staff: Pages) -> None:
    page = staff.host().get(staff.door())
    assert f"Slipp inn til møtet med {staff.world.person.name}" in text(page)
    assert page.context["title"] == "Slipp inn kl. 10.00"
