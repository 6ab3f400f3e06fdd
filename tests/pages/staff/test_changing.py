"""Moving and cancelling by page: look first, then do; once, on what one has read, and nothing typed is lost."""

import re
from datetime import date, time
from typing import Any

import pytest
from django.test import Client

from invitations.models import Message, Occasion
from meetings import asking
from meetings.fitting import CONTACT_UNKNOWN
from meetings.models import Format, Meeting, Revision, Status
from meetings.places import Place
from navmeet.audit.models import Showing
from navmeet.dev.registers import RunningRegisters
from navmeet.people.models import Person
from tests import make
from tests.pages.staff.setting import INGRID, JONAS, KARI, OLA, Clock, actor, log_in, person, user

pytestmark = pytest.mark.django_db(transaction=True)
MOVE = {"day": "2027-01-22", "time": "13:00", "minutes": "60", "reason": "CITIZEN_ASKED", "sentence": "Etter lunsj."}
CANCEL = {"reason": "STAFF_UNAVAILABLE", "sentence": "Jeg er syk."}


@pytest.fixture
def kari(client: Client) -> Person:
    return person(KARI.number)


@pytest.fixture
def meeting(kari: Person) -> Meeting:
    return make.meeting(user(INGRID), kari)


def send(client: Client, meeting: Meeting, what: str, **form: str) -> Any:
    values = (MOVE if what == "move" else CANCEL) | {"version": "1", "act": "do"} | form
    return client.post(f"/meetings/{meeting.pk}/{what}/", values)


def error_at(answer: Any, field: str) -> str:
    found = re.search(rf'id="id_{field}_error".*?</(?:div|ul|p)>', answer.content.decode(), re.DOTALL)
    return re.sub(r"<[^>]+>", " ", found[0]).strip() if found else ""


def page_after(client: Client, answer: Any) -> str:
    assert answer.status_code == 302
    return client.get(answer["Location"]).content.decode()


def test_the_form_begins_with_what_holds_now(client: Client, kari: Person) -> None:
    held = make.meeting(user(INGRID), kari, format=Format.IN_PERSON, place=Place(address="Testkaia 1", room="Rom 3"))
    page = client.get(f"/meetings/{held.pk}/move/").content.decode()
    for value in ('value="2027-01-21"', 'value="10:00"', 'value="45"', 'value="Testkaia 1"', 'value="Rom 3"'):
        assert value in page
    assert 'name="phone"' not in page
    assert "BOOKED" not in page
    assert Showing.objects.get().what == "meeting.change_opened"


def test_looking_at_what_happens_shows_the_words_and_keeps_nothing(client: Client, meeting: Meeting) -> None:
    make.told(meeting)
    before = Message.objects.count()
    answer = send(client, meeting, "move", act="rehearse")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Møtet ditt med Nav er flyttet til fredag 22. januar kl. 13.00." in page
    assert "mandag 11. januar kl. 10.10 på Min side" in page
    assert ", ti minutter etter endringen, eller når du trykker «Si fra nå»" in page
    # Reminders that only come at another time are no messages that fall away.
    assert "(var onsdag 20. januar 2027 kl. 10.00)" in page
    assert "sendes ikke" not in page
    assert "Etter lunsj." in page
    assert 'value="2027-01-22"' in page
    meeting.refresh_from_db()
    assert (meeting.version, Message.objects.count(), Revision.objects.count()) == (1, before, 1)


def test_looking_at_a_cancellation_says_what_is_lacking(client: Client) -> None:
    meeting = make.meeting(user(INGRID), person(OLA.number), can_be_told=False)
    page = send(client, meeting, "cancel", act="rehearse").content.decode()
    assert "Innbyggeren kan ikke varsles digitalt." in page
    assert Meeting.objects.get().status == Status.SCHEDULED


def test_moving_moves_and_says_how_the_citizen_is_told(client: Client, meeting: Meeting) -> None:
    make.told(meeting)
    page = page_after(client, send(client, meeting, "move"))
    assert "Møtet er flyttet. Innbyggeren får beskjed på Min side kl. 10.10." in page
    assert "kl. 13.00–14.00" in page
    assert "Etter lunsj." in page
    assert Message.objects.filter(occasion=Occasion.MOVED).count() == 1


def test_a_move_taken_back_before_it_is_told_says_that_nobody_hears_of_it(client: Client, meeting: Meeting) -> None:
    make.told(meeting)
    send(client, meeting, "move")
    back = {"day": "2027-01-21", "time": "10:00", "minutes": "45", "version": "2"}
    page = page_after(client, send(client, meeting, "move", **back))
    assert "Møtet er flyttet. Innbyggeren vet dette fra før, og får ingen beskjed." in page


def test_a_cancellation_says_that_it_is_told_at_once(client: Client, meeting: Meeting) -> None:
    make.told(meeting)
    page = page_after(client, send(client, meeting, "cancel"))
    assert "Møtet er avlyst. Innbyggeren får beskjed på Min side med en gang." in page


def test_what_is_not_told_yet_can_be_told_now(client: Client, meeting: Meeting) -> None:
    make.told(meeting)
    page = page_after(client, send(client, meeting, "move"))
    assert "Si fra nå" in page
    address = f"/meetings/{meeting.pk}/tell-now/"
    assert "Endringene blir fortalt nå." in page_after(client, client.post(address))
    assert Message.objects.get(occasion=Occasion.MOVED).due_at == make.NOW
    again = page_after(client, client.post(address))
    assert "Ingen endringer venter på å bli fortalt." in again
    assert "Si fra nå" not in again


def test_a_second_change_counts_from_the_first(client: Client, meeting: Meeting) -> None:
    make.told(meeting)
    send(client, meeting, "move")
    Message.objects.filter(occasion=Occasion.MOVED).update(due_at=make.later(minutes=4))
    meeting.refresh_from_db()
    page = send(client, meeting, "move", act="rehearse", time="14:00", version="2").content.decode()
    assert "kl. 10.04 på Min side" in page
    assert ", ti minutter etter den første endringen, eller når du trykker «Si fra nå»" in page


def test_the_place_alone_can_be_changed(client: Client, kari: Person) -> None:
    held = make.meeting(user(INGRID), kari, format=Format.IN_PERSON, place=Place(address="Testkaia 1", room="Rom 3"))
    same = {"day": "2027-01-21", "time": "10:00", "minutes": "45", "address": "Testkaia 1", "room": "Rom 4"}
    assert "Rom 4" in page_after(client, send(client, held, "move", **same))


def test_cancelling_cancels(client: Client, meeting: Meeting) -> None:
    page = page_after(client, send(client, meeting, "cancel"))
    assert "Møtet er avlyst." in page
    assert "Grunn: Veilederen kan ikke" in page
    assert "Jeg er syk." in page
    assert Meeting.objects.get().status == Status.CANCELLED


@pytest.mark.parametrize(
    ("what", "form", "field", "sentence"),
    [
        ("move", {"minutes": "14"}, "minutes", "minst 15 minutter"),
        ("move", {"day": "2027-01-10"}, "day", "passert"),
        ("move", {"day": "2027-03-28", "time": "02:30"}, "time", "finnes ikke"),
        ("move", {"day": "2027-10-31", "time": "02:30"}, "time", "kommer to ganger"),
        ("move", {"reason": ""}, "reason", "Velg en grunn."),
        ("move", {"reason": "BOOKED"}, "reason", "Hvorfor"),
        ("move", {"sentence": "x" * 301}, "sentence", "høyst 300 tegn"),
        ("cancel", {"sentence": "en\x00to"}, "sentence", "tegn som ikke kan brukes"),
        ("cancel", {"reason": "SICK"}, "reason", "Hvorfor"),
    ],
)
@pytest.mark.parametrize("act", ["do", "rehearse"])
def test_bad_input_is_said_at_its_field(
    client: Client, meeting: Meeting, what: str, form: dict[str, str], field: str, sentence: str, act: str
) -> None:
    answer = send(client, meeting, what, **form, act=act)
    assert answer.status_code == 400
    assert sentence in error_at(answer, field)
    meeting.refresh_from_db()
    assert (meeting.version, meeting.status) == (1, Status.SCHEDULED)


def test_nothing_changed_is_said_at_the_time(client: Client, meeting: Meeting) -> None:
    answer = send(client, meeting, "move", day="2027-01-21", time="10:00", minutes="45")
    assert answer.status_code == 409
    assert "allerede på dette tidspunktet" in error_at(answer, "time")


def test_a_taken_time_names_the_other_meeting(client: Client, meeting: Meeting, kari: Person) -> None:
    other = make.meeting(user(JONAS), kari, day=date(2027, 1, 22), clock=time(13))
    answer = send(client, meeting, "move")
    assert answer.status_code == 409
    assert "opptatt" in error_at(answer, "time")
    assert f"/meetings/{other.pk}/" in answer.content.decode()


def test_on_an_old_version_both_are_shown_and_pressing_again_means_it(client: Client, meeting: Meeting) -> None:
    assert send(client, meeting, "move", day="2027-01-25").status_code == 302
    stale = send(client, meeting, "move")
    page = stale.content.decode()
    assert stale.status_code == 412
    assert "mandag 25. januar 2027 kl. 13.00–14.00" in page
    assert 'value="2027-01-22"' in page
    assert "Etter lunsj." in page
    assert 'name="version" value="2"' in page
    assert "kl. 13.00–14.00" in page_after(client, send(client, meeting, "move", version="2"))
    assert Meeting.objects.get().version == 3


def test_cancelling_on_an_old_version_asks_again(client: Client, meeting: Meeting) -> None:
    send(client, meeting, "move")
    stale = send(client, meeting, "cancel")
    assert stale.status_code == 412
    assert 'name="version" value="2"' in stale.content.decode()
    assert Meeting.objects.get().status == Status.SCHEDULED


@pytest.mark.parametrize("version", ["", "x", "0", "-1", "9" * 30])
def test_a_form_without_its_version_does_nothing(client: Client, meeting: Meeting, version: str) -> None:
    answer = send(client, meeting, "cancel", version=version)
    assert answer.status_code == 400
    assert "Siden var ikke hel" in answer.content.decode()
    assert Meeting.objects.get().status == Status.SCHEDULED


def test_a_double_click_moves_once_and_is_no_error(client: Client, meeting: Meeting) -> None:
    make.told(meeting)
    send(client, meeting, "move")
    assert "Møtet er allerede flyttet." in page_after(client, send(client, meeting, "move"))
    assert Message.objects.filter(occasion=Occasion.MOVED).count() == 1


def test_a_double_click_cancels_once_and_is_no_error(client: Client, meeting: Meeting) -> None:
    send(client, meeting, "cancel")
    assert "Møtet er allerede avlyst." in page_after(client, send(client, meeting, "cancel"))
    assert Message.objects.filter(occasion=Occasion.CANCELLED).count() == 1


@pytest.mark.parametrize("what", ["move", "cancel"])
def test_whoever_was_a_moment_quicker_with_the_same_is_no_error(
    client: Client, meeting: Meeting, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    ask = asking.about_change

    def slowly(*args: Any, **kwargs: Any) -> Any:
        monkeypatch.setattr(asking, "about_change", ask)
        assert send(client, meeting, what).status_code == 302
        return ask(*args, **kwargs)

    monkeypatch.setattr(asking, "about_change", slowly)
    assert "Møtet er allerede" in page_after(client, send(client, meeting, what))


def test_an_old_version_with_a_bad_place_is_still_only_old(client: Client, kari: Person) -> None:
    held = make.meeting(user(INGRID), kari, format=Format.PHONE, place=Place(caller="NAV", phone="00000001"))
    there = {"caller": "NAV", "phone": "00000001"}
    assert send(client, held, "move", **there).status_code == 302
    assert send(client, held, "move", caller="NAV", phone="12").status_code == 412


def test_a_cancelled_meeting_cannot_be_moved(client: Client, meeting: Meeting) -> None:
    send(client, meeting, "cancel")
    assert "allerede avlyst" in page_after(client, client.get(f"/meetings/{meeting.pk}/move/"))
    answer = send(client, meeting, "move", version="2")
    assert answer.status_code == 409
    assert "allerede avlyst" in answer.content.decode()
    from_before = send(client, meeting, "move")
    assert from_before.status_code == 302, "a page from before it was cancelled offers nothing to press again"
    assert "allerede avlyst" in page_after(client, from_before)


def test_a_meeting_that_is_over_is_not_changed(client: Client, clock: Clock) -> None:
    over = make.meeting(user(INGRID), person(KARI.number), day=date(2027, 1, 11), clock=time(10, 30))
    clock.set(make.later(hours=2))
    for what in ("move", "cancel"):
        assert "passert" in page_after(client, client.get(f"/meetings/{over.pk}/{what}/"))
        assert send(client, over, what).status_code == 409


@pytest.mark.parametrize("what", ["move", "cancel", "format"])
def test_a_contact_register_that_is_down_keeps_nobody_from_a_change_and_the_page_says_so(
    client: Client, meeting: Meeting, registers: RunningRegisters, what: str
) -> None:
    make.told(meeting)
    registers.fail("krr")
    form = {"format": "PHONE", "caller": "NAV", "phone": "00000001"} if what == "format" else {}
    assert client.get(f"/meetings/{meeting.pk}/{what}/").status_code == 200
    looked = send(client, meeting, what, act="rehearse", **form)
    assert looked.status_code == 200
    assert CONTACT_UNKNOWN in looked.content.decode()
    done = page_after(client, send(client, meeting, what, **form))
    assert "Kontaktregisteret svarer ikke nå. Innbyggeren får beskjed når det svarer" in done
    meeting.refresh_from_db()
    assert meeting.version == 2


@pytest.mark.parametrize("what", ["move", "cancel"])
def test_a_population_register_that_is_down_keeps_the_form_and_changes_nothing(
    client: Client, meeting: Meeting, registers: RunningRegisters, what: str
) -> None:
    registers.fail("pdl")
    answer = send(client, meeting, what)
    assert answer.status_code == 503
    assert "Vi får ikke svar fra" in answer.content.decode()
    assert (MOVE if what == "move" else CANCEL)["sentence"] in answer.content.decode()
    meeting.refresh_from_db()
    assert meeting.version == 1


@pytest.mark.parametrize("what", ["move", "cancel"])
def test_a_lost_session_keeps_what_was_typed(client: Client, meeting: Meeting, what: str) -> None:
    answer = send(Client(), meeting, what)
    assert answer.status_code == 401
    assert (MOVE if what == "move" else CANCEL)["sentence"] in answer.content.decode()


def test_a_colleague_of_the_office_may_change_it(client: Client, kari: Person) -> None:
    meeting = make.meeting(user(JONAS), kari)
    assert send(client, meeting, "cancel").status_code == 302


def test_a_meeting_nobody_needs_is_called_off_in_words_people_use(client: Client) -> None:
    meeting = make.meeting(user(INGRID), person(KARI.number))
    page = client.get(f"/meetings/{meeting.pk}/cancel/").content.decode()
    assert "Det er ikke behov for møtet lenger" in page


def test_a_change_names_all_who_are_told_of_it_and_when(client: Client, kari: Person) -> None:
    meeting = make.meeting(user(INGRID), kari, type_code="DIALOGUE", day=date(2027, 2, 18))
    make.partner(meeting)
    other = {"name": "Berit Behandler", "email": "b@other.example", "phone": "+4741000009", "organisation": "Andre"}
    make.partner(meeting, make.doctor(**other))
    make.partner(meeting, make.employer())
    make.told(meeting)
    meeting.refresh_from_db()
    move = {"day": "2027-02-19", "version": str(meeting.version)}
    page = page_after(client, send(client, meeting, "move", **move))
    assert (
        "Møtet er flyttet. Innbyggeren får beskjed på Min side kl. 10.10. Legen (Prøveby legesenter), legen (Andre) og "
        "arbeidsgiveren får beskjed på e-post kl. 10.10."
    ) in page


def test_who_knows_it_from_before_is_not_named(client: Client, kari: Person) -> None:
    meeting = make.meeting(user(INGRID), kari, type_code="DIALOGUE", day=date(2027, 2, 18))
    make.partner(meeting)
    make.told(meeting)
    for day in ("2027-02-19", "2027-02-18"):
        meeting.refresh_from_db()
        move = {"day": day, "time": "10:00", "minutes": "45", "version": str(meeting.version)}
        page = page_after(client, send(client, meeting, "move", **move))
        assert ("Legen får beskjed på e-post" in page) is (day == "2027-02-19")
    assert "Møtet er flyttet. Innbyggeren vet dette fra før, og får ingen beskjed." in page


def test_told_now_in_quiet_time_it_says_when_the_sms_goes(client: Client, meeting: Meeting, clock: Clock) -> None:
    make.told(meeting)
    evening = make.later(hours=11)
    clock.set(evening)
    client = log_in(actor(INGRID), INGRID.name, evening)
    page = page_after(client, send(client, meeting, "move", day="2027-01-28"))
    assert "kl. 21.10 på Min side, SMS eller e-post tirsdag 12. januar kl. 09.00" in page
    page = page_after(client, client.post(f"/meetings/{meeting.pk}/tell-now/"))
    said = "Endringene blir fortalt nå. SMS eller e-post til innbyggeren sendes tirsdag 12. januar 2027 kl. 09.00."
    assert said in page


def test_changed_in_quiet_time_it_says_when_the_sms_goes(client: Client, meeting: Meeting, clock: Clock) -> None:
    make.told(meeting)
    evening = make.later(hours=11)
    clock.set(evening)
    client = log_in(actor(INGRID), INGRID.name, evening)
    page = page_after(client, send(client, meeting, "move", day="2027-01-28"))
    said = "Innbyggeren får beskjed på Min side kl. 21.10. SMS eller e-post sendes tirsdag 12. januar 2027 kl. 09.00."
    assert said in page
    meeting.refresh_from_db()
    page = page_after(client, send(client, meeting, "cancel", version=str(meeting.version)))
    assert "Innbyggeren får beskjed på Min side med en gang." in page
    assert "SMS eller e-post sendes" not in page
