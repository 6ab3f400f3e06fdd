"""A caseworker settles a wish in a click, sees the words beside it, or answers; the office sees what is late."""

from datetime import timedelta

import pytest
from django.test import Client

from invitations import answers, suggesting, wishes
from invitations.models import Answer, Invitation, Message, Reply
from invitations.suggesting import Wish
from meetings.models import Meeting, Task
from meetings.revisions import current
from meetings.times import OSLO
from navmeet.accounts.actor import ActorKind
from navmeet.audit.models import Showing
from navmeet.dev.personas import ADVISERS
from navmeet.dev.registers import RunningRegisters
from tests import make
from tests.pages.citizen.setting import text
from tests.pages.partner.setting import DOCTOR, add
from tests.pages.staff.setting import AMINA, INGRID, JONAS, KARI, OLA, Clock, actor, log_in, person, user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def meeting(client: Client) -> Meeting:
    return make.meeting(user(INGRID), person(KARI.number))


def asks(meeting: Meeting, kind: Answer.Kind = Answer.Kind.OTHER_TIME, many: int = 2, wants: str = "PHONE") -> Answer:
    citizen = meeting.citizen()
    assert citizen.person is not None
    is_time = kind == Answer.Kind.OTHER_TIME
    starts = suggesting.offered(meeting, at=make.NOW)[:many] if is_time else ()
    return answers.answer(
        invitation_id=citizen.invitation.pk,
        revision_number=1,
        kind=kind,
        words="Helst tidlig.",
        wish=Wish(suggests=starts, wants="" if is_time else wants),
        by=make.citizen_actor(citizen.person),
        at=make.NOW,
    )


def page_of(meeting: Meeting, wish: Answer) -> str:
    return f"/meetings/{meeting.pk}/wishes/{wish.pk}/"


def test_the_meeting_shows_what_is_asked_for_with_a_press_for_each_time(client: Client, meeting: Meeting) -> None:
    wish = asks(meeting)
    read = text(client.get(f"/meetings/{meeting.pk}/"))
    assert "Innbyggeren ber om et annet tidspunkt Helst tidlig. Skal få svar senest" in read
    assert read.count("Flytt til torsdag 21. januar 2027") == 2
    pressed = client.post(page_of(meeting, wish), {"act": "accept", "start": wish.suggests[0]})
    assert pressed.status_code == 302
    moved = Meeting.objects.get(pk=meeting.pk)
    assert moved.starts_at.isoformat() == wish.suggests[0]
    assert Reply.objects.get(answer=wish).kind == "MOVED"
    assert "ber om" not in text(client.get(f"/meetings/{meeting.pk}/"))


def test_the_words_stand_beside_each_time_and_nothing_is_kept(client: Client, meeting: Meeting) -> None:
    wish = asks(meeting)
    taken = suggesting.starts_of(wish)[1].astimezone(OSLO)
    make.meeting(user(INGRID), person(OLA.number), day=taken.date(), clock=taken.time())
    read = text(client.get(page_of(meeting, wish)))
    assert "Invitasjon til innbyggeren" in read or "Endring av møtet til innbyggeren" in read
    assert "Passer ikke" in read
    assert Meeting.objects.get(pk=meeting.pk).version == meeting.version


def test_an_answer_needs_a_sentence_and_is_rehearsed_word_for_word(client: Client, meeting: Meeting) -> None:
    wish = asks(meeting)
    refused = client.post(page_of(meeting, wish), {"act": "stands", "sentence": ""})
    assert (refused.status_code, Reply.objects.count()) == (400, 0)
    said = {"sentence": "Legen kan bare da."}
    assert "fortsatt torsdag 21. januar kl. 10.00" in text(
        client.post(page_of(meeting, wish), {"act": "rehearse"} | said)
    )
    assert Reply.objects.count() == 0
    assert client.post(page_of(meeting, wish), {"act": "stands"} | said).status_code == 302
    assert Reply.objects.get().sentence == "Legen kan bare da."
    assert client.get(page_of(meeting, wish)).status_code == 302
    read = text(client.get(f"/meetings/{meeting.pk}/"))
    assert "Ønske besvart" in read
    assert "Ønsker annet tidspunkt (besvart: møtet gjelder som det er)" in read


def test_a_withdrawn_wish_leaves_the_answer_before_it_on_the_meeting_and_in_the_week(
    client: Client, meeting: Meeting
) -> None:
    citizen = meeting.citizen()
    assert citizen.person is not None
    by, invitation = make.citizen_actor(citizen.person), citizen.invitation
    coming = Answer.Kind.COMING
    answers.answer(invitation_id=invitation.pk, revision_number=1, kind=coming, words="", by=by, at=make.NOW)
    asks(meeting)
    wishes.withdraw(invitation_id=invitation.pk, by=by, at=make.NOW)
    read = text(client.get(f"/meetings/{meeting.pk}/"))
    before, _, earlier = read.partition("Tidligere svar (1)")
    assert "Kommer" in before
    assert "Ønsker annet tidspunkt" not in before
    assert "Ønsker annet tidspunkt (trukket tilbake)" in earlier
    assert "Kommer" in text(client.get("/?week=2027-W03"))


def test_a_time_nobody_suggested_is_not_moved_to_and_strangers_find_nothing(client: Client, meeting: Meeting) -> None:
    wish = asks(meeting)
    made_up = client.post(page_of(meeting, wish), {"act": "accept", "start": make.NOW.isoformat()})
    assert made_up.status_code == 400
    assert log_in(actor(AMINA, "0301"), AMINA.name).get(page_of(meeting, wish)).status_code == 404
    other = make.meeting(user(INGRID), person(OLA.number), day=make.later(days=3).date())
    assert client.get(page_of(other, wish)).status_code == 404


def test_a_wish_is_answered_and_not_ticked_off(client: Client, meeting: Meeting) -> None:
    asks(meeting)
    task = Task.objects.get(kind="OTHER_TIME")
    assert client.post(f"/tasks/{task.pk}/done/").status_code == 409
    assert Task.objects.get(pk=task.pk).done_at is None


def test_past_its_deadline_a_wish_is_on_the_list_of_the_whole_office(
    client: Client, meeting: Meeting, clock: Clock
) -> None:
    asks(meeting)
    jonas = actor(JONAS)
    assert "Kontorets liste" not in text(log_in(jonas, JONAS.name).get("/"))
    later = Task.objects.get(kind="OTHER_TIME").due_at + timedelta(minutes=1)
    clock.set(later)
    assert "Kontorets liste: venter på svar etter fristen" in text(log_in(jonas, JONAS.name, later).get("/"))
    elsewhere = actor(AMINA, "0301")
    assert "Kontorets liste" not in text(log_in(elsewhere, AMINA.name, later).get("/"))


def test_who_rings_is_found_by_number_and_their_meeting_shows_what_an_adviser_may_see(
    client: Client, meeting: Meeting
) -> None:
    adviser = log_in(actor(ADVISERS[0], "4100", ActorKind.ADVISER), ADVISERS[0].name)
    found = adviser.post("/advising/", {"citizen_number": KARI.number})
    assert found.status_code == 302
    assert KARI.number not in found["Location"]
    listed = text(adviser.get(found["Location"]))
    assert "Møtene til Kari Testdal" in listed
    invitation = Invitation.objects.get(participant=meeting.citizen())
    shown = text(adviser.get(f"/advising/{invitation.pk}/"))
    assert "Videomøte" in shown
    assert "Veien videre" not in shown
    assert Showing.objects.filter(what="advising.opened").count() == 1


def test_an_adviser_is_offered_to_send_again_only_while_there_is_something_to_send(
    client: Client, meeting: Meeting, clock: Clock
) -> None:
    adviser = log_in(actor(ADVISERS[0], "4100", ActorKind.ADVISER), ADVISERS[0].name)
    page = f"/advising/{Invitation.objects.get(participant=meeting.citizen()).pk}/"
    assert "Send varselet på nytt" in text(adviser.get(page))
    Meeting.objects.filter(pk=meeting.pk).update(status="PROPOSED")
    assert "Send varselet på nytt" not in text(adviser.get(page)), "what is not agreed is told to nobody"
    Meeting.objects.filter(pk=meeting.pk).update(status="SCHEDULED")
    clock.set(meeting.ends_at)
    adviser = log_in(actor(ADVISERS[0], "4100", ActorKind.ADVISER), ADVISERS[0].name, meeting.ends_at)
    assert "Send varselet på nytt" not in text(adviser.get(page))
    Message.objects.filter(meeting=meeting, occasion="INVITED").update(occasion="MINUTES_SHARED")
    assert "Send varselet på nytt" in text(adviser.get(page))


def test_what_was_planned_and_is_overtaken_is_folded_for_an_adviser_as_for_a_caseworker(
    client: Client, meeting: Meeting
) -> None:
    adviser = log_in(actor(ADVISERS[0], "4100", ActorKind.ADVISER), ADVISERS[0].name)
    page = f"/advising/{Invitation.objects.get(participant=meeting.citizen()).pk}/"
    fold = "Planlagt, men erstattet av noe nyere"
    before = text(adviser.get(page))
    assert (before.count("Påminnelse,"), fold in before) == (2, False)
    Message.objects.filter(meeting=meeting, occasion="REMINDER").update(state="VOID", why="MOVED")
    shown = adviser.get(page)
    in_the_open, folded = shown.content.decode().split("<details>", 1)
    assert "Påminnelse," not in in_the_open
    assert "Invitasjon" in in_the_open
    assert (f"{fold} (2)" in folded, folded.count("Påminnelse,")) == (True, 2)
    mine = client.get(f"/meetings/{meeting.pk}/").content.decode()
    assert f"{fold} (2)" in mine


def test_an_adviser_sees_the_suggested_times_beside_the_words(client: Client, meeting: Meeting) -> None:
    wish = asks(meeting)
    adviser = log_in(actor(ADVISERS[0], "4100", ActorKind.ADVISER), ADVISERS[0].name)
    shown = text(adviser.get(f"/advising/{wish.invitation_id}/"))
    after = shown.split("Helst tidlig.", 1)[1]
    assert after.count("torsdag 21. januar 2027 kl.") == 2
    asks(meeting, Answer.Kind.OTHER_FORMAT)
    assert "Vil møte på telefon" in text(adviser.get(f"/advising/{wish.invitation_id}/"))


def test_what_an_adviser_keeps_is_read_by_the_caseworker(client: Client, meeting: Meeting) -> None:
    adviser = log_in(actor(ADVISERS[0], "4100", ActorKind.ADVISER), ADVISERS[0].name)
    invitation = Invitation.objects.get(participant=meeting.citizen())
    address = f"/invitations/{invitation.pk}/answer/"
    assert "Les dette for innbyggeren" in text(adviser.get(address))
    assert adviser.post(address, {"kind": "COMING", "revision": "1"}).status_code == 400
    kept = adviser.post(address, {"kind": "NOT_COMING", "revision": "1", "how": "PHONE", "words": "Er bortreist."})
    assert kept["Location"] == f"/advising/{invitation.pk}/"
    read = text(client.get(f"/meetings/{meeting.pk}/"))
    assert "Er bortreist." in read
    assert "registrert på telefon" in read
    chosen = adviser.post(f"/invitations/{invitation.pk}/choice/", {"yes": "no", "heard": "PHONE"})
    assert chosen.status_code == 302


def test_an_adviser_is_shut_out_where_the_access_machine_says_no_or_nothing(
    client: Client, meeting: Meeting, registers: RunningRegisters
) -> None:
    adviser = log_in(actor(ADVISERS[0], "4100", ActorKind.ADVISER), ADVISERS[0].name)
    invitation = Invitation.objects.get(participant=meeting.citizen())
    registers.fail("access")
    for address in (f"/advising/{invitation.pk}/", f"/invitations/{invitation.pk}/answer/"):
        assert adviser.get(address).status_code == 503
    assert not Showing.objects.filter(what__startswith="advising").exists()


def test_a_caseworker_has_no_advisers_page_and_an_adviser_no_caseworkers(client: Client, meeting: Meeting) -> None:
    assert client.get("/advising/").status_code == 403
    adviser = log_in(actor(ADVISERS[0], "4100", ActorKind.ADVISER), ADVISERS[0].name)
    for address in (f"/meetings/{meeting.pk}/", f"/meetings/{meeting.pk}/move/", f"/meetings/{meeting.pk}/door/"):
        assert adviser.get(address).status_code == 404
    assert adviser.get("/meetings/new/").status_code == 403


def test_another_way_to_meet_is_given_in_one_click_with_the_words_beside(client: Client, meeting: Meeting) -> None:
    wish = asks(meeting, Answer.Kind.OTHER_FORMAT)
    assert "Bytt til telefon" in text(client.get(f"/meetings/{meeting.pk}/"))
    read = text(client.get(page_of(meeting, wish)))
    assert "Dette blir sagt" in read
    assert "Påminnelse: Du har telefonmøte med Nav torsdag 21. januar kl. 10.00." in read
    assert Meeting.objects.get(pk=meeting.pk).version == meeting.version
    assert client.post(page_of(meeting, wish), {"act": "accept"}).status_code == 302
    revision = current(Meeting.objects.get(pk=meeting.pk))
    assert (revision.format, revision.phone, revision.reason) == ("PHONE", KARI.phone, "CITIZEN_ASKED")
    assert Reply.objects.get(answer=wish).kind == "FORMAT_CHANGED"


def test_where_a_room_is_to_be_chosen_the_form_comes_with_the_way_and_the_reason(
    client: Client, meeting: Meeting
) -> None:
    make.room(office_number=meeting.office_id)
    wish = asks(meeting, Answer.Kind.OTHER_FORMAT, wants="IN_PERSON")
    read = client.get(page_of(meeting, wish))
    assert "Velg hvilket rom dere skal møtes i." in text(read)
    refused = client.post(page_of(meeting, wish), {"act": "accept"})
    assert (refused.status_code, Meeting.objects.get(pk=meeting.pk).format) == (400, "VIDEO")
    form = client.get(f"/meetings/{meeting.pk}/format/?wish={wish.pk}").context["form"]
    assert (form["format"].value(), form["reason"].value()) == ("IN_PERSON", "CITIZEN_ASKED")
    assert f"format/?wish={wish.pk}" in read.content.decode()


def test_a_form_opened_from_no_wish_of_this_meeting_begins_empty(client: Client, meeting: Meeting) -> None:
    other = make.meeting(user(INGRID), person(OLA.number), day=make.later(days=3).date())
    wish = asks(other, Answer.Kind.OTHER_FORMAT)
    for said in (str(wish.pk), "x", ""):
        form = client.get(f"/meetings/{meeting.pk}/format/?wish={said}").context["form"]
        assert (form["format"].value(), form["reason"].value()) == (None, None)


def test_a_partners_way_in_is_given_in_one_click_and_the_meeting_is_as_it_was(client: Client, meeting: Meeting) -> None:
    doctor = add(meeting, DOCTOR)
    wish = Answer.objects.create(
        invitation=doctor.invitation,
        revision_number=1,
        kind="OTHER_FORMAT",
        wants="PHONE",
        is_known=True,
        given_at=make.NOW,
    )
    assert "Bytt til telefon for legen" in text(client.get(page_of(meeting, wish)))
    assert client.post(page_of(meeting, wish), {"act": "accept"}).status_code == 302
    doctor.refresh_from_db()
    assert (doctor.way_in, Meeting.objects.get(pk=meeting.pk).format) == ("PHONE", "VIDEO")
    assert Reply.objects.get(answer=wish).kind == "FORMAT_CHANGED"
