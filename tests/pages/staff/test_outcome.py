"""What became of a meeting, said on its page: kept once, refused in plain words, and nothing typed is lost."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from invitations import bases, entering, what_happened
from invitations.models import Consent, Message, MessageState, Why
from meetings import changes
from meetings.models import CallAttempt, Format, Meeting, Outcome, Participant, ParticipantOutcome, Reason
from navmeet.audit.models import AuditEvent, Showing
from navmeet.dev.registers import RunningRegisters
from navmeet.people.clearance import Clearance
from tests import make
from tests.pages.staff.setting import AMINA, INGRID, JONAS, KARI, Clock, actor, log_in, person, user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def meeting(client: Client) -> Meeting:
    """With Kari, on Tuesday at 10.00; she was told."""
    booked = make.meeting(user(INGRID), person(KARI.number), day=date(2027, 1, 12))
    Message.objects.filter(meeting=booked, occasion="INVITED").update(state=MessageState.DELIVERED)
    return booked


def at(meeting: Meeting, minutes: float) -> datetime:
    return meeting.starts_at + timedelta(minutes=minutes)


@pytest.fixture
def begun(meeting: Meeting, clock: Clock) -> Meeting:
    """20 minutes ago, and the host was there."""
    by = actor(INGRID)
    entering.enter_as_host(meeting_id=meeting.pk, by=by, at=at(meeting, 1))
    clock.set(at(meeting, 20))
    meeting.refresh_from_db()
    return meeting


@pytest.fixture
def ingrid(begun: Meeting) -> Client:
    return log_in(actor(INGRID), INGRID.name, at(begun, 20))


def url(meeting: Meeting) -> str:
    return f"/meetings/{meeting.pk}/outcome/"


def send(client: Client, meeting: Meeting, act: str, participant: Participant | None = None, **more: Any) -> Any:
    meeting_now = Meeting.objects.get(pk=meeting.pk)
    body = {"act": act, "version": str(meeting_now.version)} | more
    if act != "conclude":
        body["participant"] = str((participant or meeting.citizen()).pk)
    return client.post(url(meeting), body)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def followed(client: Client, answer: Any) -> str:
    assert answer.status_code == 302, text(answer)
    return text(client.get(answer["Location"]))


def test_a_citizen_who_did_not_come_is_rung_and_then_noted_and_the_meeting_concluded(
    ingrid: Client, begun: Meeting
) -> None:
    page = text(ingrid.get(url(begun)))
    assert "Ingen forsøk er notert" in page
    assert "Prøv å ringe før du velger «Møtte ikke»." in page
    after_call = followed(ingrid, send(ingrid, begun, "call"))
    assert "Notert: Du prøvde å ringe innbyggeren kl. 10.20." in after_call
    assert "tirsdag 12. januar 2027 kl. 10.20" in after_call
    assert INGRID.name in after_call
    assert "innbyggeren møtte ikke" in followed(ingrid, send(ingrid, begun, "outcome", outcome="DID_NOT_MEET"))
    assert ParticipantOutcome.objects.get().outcome == Outcome.DID_NOT_MEET
    concluded = followed(ingrid, send(ingrid, begun, "conclude", held="no"))
    assert "Møtet ble ikke holdt. Det er lagret." in concluded
    assert "Jeg prøvde å ringe" in concluded, "there may be a reason to ring again"
    begun.refresh_from_db()
    assert begun.status == "NOT_HELD"


@pytest.mark.parametrize(
    ("kind", "word"), [("MET", "møtte"), ("EXCUSED", "meldte fra"), ("TECHNICAL_PROBLEM", "hadde tekniske problemer")]
)
def test_each_participant_has_an_outcome_of_their_own_which_can_be_corrected_after_the_meeting(
    ingrid: Client, begun: Meeting, kind: str, word: str
) -> None:
    doctor = make.partner(begun, at=at(begun, 2))
    followed(ingrid, send(ingrid, begun, "conclude", held="yes"))
    assert f"legen {word}." in followed(ingrid, send(ingrid, begun, "outcome", doctor, outcome=kind))
    page = text(ingrid.get(url(begun)))
    assert page.index(KARI.name) < page.index("Lise Legesen")
    if kind != "EXCUSED":
        assert "Velg hvorfor det rettes." in text(send(ingrid, begun, "outcome", doctor, outcome="EXCUSED"))
        assert ParticipantOutcome.objects.get().outcome == kind
    followed(ingrid, send(ingrid, begun, "outcome", doctor, outcome="EXCUSED", why="PARTICIPANT_TOLD"))
    assert ParticipantOutcome.objects.get().participant == doctor
    assert ParticipantOutcome.objects.get().outcome == "EXCUSED"


def test_the_domains_refusals_stand_at_the_field_with_what_was_chosen(
    ingrid: Client, begun: Meeting, clock: Clock
) -> None:
    not_called = send(ingrid, begun, "outcome", outcome="DID_NOT_MEET")
    clock.set(at(begun, 5))
    too_early = send(ingrid, begun, "outcome", outcome="DID_NOT_MEET")
    clock.set(at(begun, 20))
    send(ingrid, begun, "call")
    Message.objects.filter(meeting=begun).update(state=MessageState.FAILED, why=Why.NOT_DELIVERED)
    not_told = send(ingrid, begun, "outcome", outcome="DID_NOT_MEET")
    for answer, sentence in (
        (not_called, "Prøv å ringe deltakeren først, og noter at du har prøvd."),
        (too_early, "Vent til 15 minutter etter at deltakeren skulle komme"),
        (not_told, "Vi kan ikke vise at deltakeren fikk vite om møtet."),
    ):
        page = text(answer)
        assert answer.status_code == 409
        # In the summary, and beside the field.
        assert page.count(sentence) == 2
        assert f'href="#{begun.citizen().pk.hex}-outcome' in page
        chosen = next(line for line in page.split("<input") if 'value="DID_NOT_MEET"' in line)
        assert "checked" in chosen.partition(">")[0]
    assert not ParticipantOutcome.objects.exists()


def test_a_host_who_never_came_cannot_blame_the_citizen(client: Client, meeting: Meeting, clock: Clock) -> None:
    clock.set(at(meeting, 20))
    ingrid = log_in(actor(INGRID), INGRID.name, at(meeting, 20))
    send(ingrid, meeting, "call")
    answer = send(ingrid, meeting, "outcome", outcome="DID_NOT_MEET")
    assert answer.status_code == 409
    assert "Ingen fra Nav var i videomøtet" in text(answer)


def says(doctor: Participant, said_yes: bool, when: datetime) -> None:
    """The citizen, about the doctor; as the ledger keeps it."""
    Consent.objects.create(
        person_id=doctor.meeting.citizen_id(),
        meeting=doctor.meeting,
        purpose=Consent.Purpose.PARTNER_TAKES_PART,
        recipient=doctor,
        said_yes=said_yes,
        text_version="partner-1",
        text_language="nb",
        text_shown=bases.who(bases.contact_of(doctor)),
        given=Consent.Given.PAGE,
        given_by=doctor.meeting.citizen_id(),
        given_at=when,
    )


def test_nobody_concludes_that_it_was_not_held_before_anything_is_noted(ingrid: Client, begun: Meeting) -> None:
    answer = send(ingrid, begun, "conclude", held="no")
    assert answer.status_code == 409
    assert "Noter først hva som skjedde med innbyggeren, eller at du har prøvd å ringe." in text(answer)
    begun.refresh_from_db()
    assert begun.status == "SCHEDULED"


def test_whom_the_citizen_said_no_to_is_neither_rung_nor_has_a_number_here(ingrid: Client, begun: Meeting) -> None:
    doctor = make.partner(begun, at=at(begun, 2))
    page = text(ingrid.get(url(begun)))
    assert "Innbyggeren har ikke sagt ja til at legen deltar. Legen skal ikke ringes." in page
    says(doctor, True, at(begun, 3))
    page = text(ingrid.get(url(begun)))
    assert doctor.contact.phone in page
    assert page.count("Jeg prøvde å ringe") == 2
    says(doctor, False, at(begun, 4))
    page = text(ingrid.get(url(begun)))
    assert "Innbyggeren har sagt nei til at legen deltar. Legen skal ikke ringes." in page
    assert doctor.contact.phone not in page
    assert page.count("Jeg prøvde å ringe") == 1


def test_a_meeting_in_which_the_citizen_met_was_held(ingrid: Client, begun: Meeting) -> None:
    send(ingrid, begun, "outcome", outcome="MET")
    answer = send(ingrid, begun, "conclude", held="no")
    assert answer.status_code == 409
    assert text(answer).count("Du har notert at innbyggeren møtte. Rett det først.") == 2
    send(ingrid, begun, "outcome", outcome="EXCUSED")
    send(ingrid, begun, "conclude", held="no")
    assert send(ingrid, begun, "outcome", outcome="MET").status_code == 409


def test_a_call_is_noted_also_after_it_is_concluded_the_same_day(ingrid: Client, begun: Meeting, clock: Clock) -> None:
    send(ingrid, begun, "conclude", held="yes")
    assert "Prøv å ringe før du velger «Møtte ikke»." in text(send(ingrid, begun, "outcome", outcome="DID_NOT_MEET"))
    followed(ingrid, send(ingrid, begun, "call"))
    assert CallAttempt.objects.count() == 1
    Message.objects.filter(meeting=begun).update(state=MessageState.SENT)
    followed(ingrid, send(ingrid, begun, "outcome", outcome="DID_NOT_MEET"))
    clock.set(at(begun, 24 * 60))
    page = text(ingrid.get(url(begun)))
    assert "Jeg prøvde å ringe" not in page


def test_whether_it_was_held_is_corrected_with_a_reason_that_stays_in_the_history(
    ingrid: Client, begun: Meeting
) -> None:
    send(ingrid, begun, "conclude", held="yes")
    without = send(ingrid, begun, "correct", held="no")
    assert without.status_code == 400
    assert "Velg hvorfor det rettes." in text(without)
    done = followed(ingrid, send(ingrid, begun, "correct", held="no", why="MISTAKE"))
    assert "Møtet ble ikke holdt. Det er rettet." in done
    begun.refresh_from_db()
    assert begun.status == "NOT_HELD"
    history = text(ingrid.get(f"/meetings/{begun.pk}/"))
    assert history.index("Notert som holdt") < history.index("Rettet til ikke holdt")
    assert "Grunn: Det ble notert ved en feil" in history


def test_who_did_not_meet_is_asked_and_their_account_stands_beside_the_note(ingrid: Client, begun: Meeting) -> None:
    Message.objects.filter(meeting=begun).update(state=MessageState.SENT)
    send(ingrid, begun, "call")
    send(ingrid, begun, "outcome", outcome="DID_NOT_MEET")
    assert "har ikke fått svar ennå" in text(ingrid.get(url(begun)))
    person = begun.citizen().person
    assert person is not None
    what_happened.give_account(
        invitation_id=begun.citizen().invitation.pk,
        words="Toget <b>sto</b>.",
        by=make.citizen_actor(person),
        at=at(begun, 30),
    )
    page = ingrid.get(url(begun)).content.decode()
    assert "Toget &lt;b&gt;sto&lt;/b&gt;." in page
    assert "har ikke fått svar ennå" not in page
    week = text(ingrid.get(f"/meetings/{begun.pk}/"))
    assert "Innbyggeren har fortalt hva som skjedde." in week


@pytest.mark.parametrize(
    ("act", "more"),
    [("conclude", {"held": "yes"}), ("outcome", {"outcome": "MET"}), ("call", {})],
)
def test_a_double_click_is_one_and_says_that_it_is_kept(
    ingrid: Client, begun: Meeting, act: str, more: dict[str, Any]
) -> None:
    first = send(ingrid, begun, act, version="1", **more)
    second = send(ingrid, begun, act, version="1", **more)
    assert first.status_code == 302
    assert "Det er allerede lagret." in followed(ingrid, second)
    begun.refresh_from_db()
    assert begun.version == 2
    done = ("meeting.concluded", "participant.outcome_set", "participant.called")
    assert AuditEvent.objects.filter(action__in=done).count() == 1
    assert CallAttempt.objects.count() == (1 if act == "call" else 0)


def test_somebody_who_was_quicker_is_told_of_with_the_choice_kept_and_pressing_again_means_it(
    ingrid: Client, begun: Meeting
) -> None:
    send(ingrid, begun, "call")
    stale = send(ingrid, begun, "outcome", version="1", outcome="EXCUSED")
    page = text(stale)
    assert stale.status_code == 412
    assert "Møtet er endret siden du åpnet siden" in page
    assert not ParticipantOutcome.objects.exists()
    assert 'name="version" value="2"' in page
    chosen = next(line for line in page.split("<input") if 'value="EXCUSED"' in line)
    assert "checked" in chosen.partition(">")[0]
    assert send(ingrid, begun, "outcome", version="2", outcome="EXCUSED").status_code == 302


def test_a_call_of_a_minute_ago_is_another_call(ingrid: Client, begun: Meeting, clock: Clock) -> None:
    send(ingrid, begun, "call")
    clock.set(at(begun, 21))
    assert send(ingrid, begun, "call", version="1").status_code == 412
    assert send(ingrid, begun, "call").status_code == 302
    assert CallAttempt.objects.count() == 2


@pytest.mark.parametrize(
    ("act", "more", "said"),
    [
        ("conclude", {}, "Velg om møtet ble holdt eller ikke."),
        ("outcome", {}, "Velg hva som skjedde."),
        ("outcome", {"outcome": "ILL"}, "Velg hva som skjedde."),
        ("outcome", {"outcome": "MET", "version": ""}, "Siden var ikke hel"),
        ("conclude", {"held": "yes", "version": "9" * 40}, "Siden var ikke hel"),
        ("nonsense", {"held": "maybe\x00"}, "Velg om møtet"),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_is_kept(
    ingrid: Client, begun: Meeting, act: str, more: dict[str, Any], said: str
) -> None:
    answer = send(ingrid, begun, act, **more)
    assert answer.status_code == 400
    assert said in text(answer)
    begun.refresh_from_db()
    assert begun.version == 1


def test_a_participant_that_is_no_id_or_of_another_meeting_is_not_found(ingrid: Client, begun: Meeting) -> None:
    broken = ingrid.post(url(begun), {"act": "call", "version": "1", "participant": '"><b>\x00'})
    assert broken.status_code == 400
    assert "<b>" not in text(broken)
    other = make.meeting().citizen()
    for act in ("call", "outcome"):
        assert send(ingrid, begun, act, other, outcome="MET").status_code == 404


def test_strangers_do_not_know_the_meeting_and_a_colleague_may_say_what_became_of_it(begun: Meeting) -> None:
    elsewhere = log_in(actor(AMINA, office="0398"), AMINA.name, at(begun, 20))
    assert elsewhere.get(url(begun)).status_code == 404
    assert send(elsewhere, begun, "conclude", held="yes").status_code == 404
    assert Client().get(url(begun)).status_code == 302
    assert send(Client(), begun, "outcome", outcome="MET").status_code == 401
    colleague = log_in(actor(JONAS), JONAS.name, at(begun, 20))
    assert send(colleague, begun, "conclude", held="yes").status_code == 302


@pytest.mark.parametrize(
    ("act", "more", "said"),
    [("conclude", {"held": "yes"}, "Møtet ble holdt"), ("outcome", {"outcome": "EXCUSED"}, "Meldte fra")],
)
def test_when_nobody_answers_for_access_nothing_is_shown_kept_or_lost(
    ingrid: Client, begun: Meeting, registers: RunningRegisters, act: str, more: dict[str, Any], said: str
) -> None:
    registers.state.control({"down": ["access"]})
    answer = send(ingrid, begun, act, **more)
    page = text(answer)
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert "Ingenting er lagret ennå." in page
    assert f"Du valgte «{said}»" in page
    assert KARI.name not in page
    for name, value in ({"act": act, "version": "1"} | more).items():
        assert f'name="{name}" value="{value}"' in page
    assert not Showing.objects.filter(what="meeting.change_opened").exists()
    registers.state.control({"down": []})
    assert send(ingrid, begun, act, **more).status_code == 302


def test_before_the_start_and_after_a_cancellation_there_is_nothing_to_say(
    client: Client, meeting: Meeting, clock: Clock
) -> None:
    assert "Møtet har ikke begynt ennå" in followed(client, client.get(url(meeting)))
    early = send(client, meeting, "conclude", held="yes")
    assert early.status_code == 409
    assert text(early).count("Møtet har ikke begynt ennå.") == 2
    assert "Møtet har ikke begynt ennå." in text(send(client, meeting, "call"))
    by = actor(INGRID)
    changes.cancel(
        meeting_id=meeting.pk,
        version=1,
        why=changes.Why(Reason.PRACTICAL),
        can_be_told=True,
        by=by,
        clearance=Clearance(person_id=meeting.citizen_id(), by=by.known_id, at=make.NOW),
        at=make.NOW,
    )
    clock.set(at(meeting, 20))
    later = log_in(by, INGRID.name, at(meeting, 20))
    assert "Møtet er avlyst. Det er ingenting å notere." in followed(later, later.get(url(meeting)))


def test_the_page_of_the_meeting_leads_to_the_outcome_once_begun_and_to_the_door_while_it_is_open(
    client: Client, meeting: Meeting, clock: Clock
) -> None:
    here = f"/meetings/{meeting.pk}/"

    def links(minutes: float, who: Any = INGRID) -> tuple[bool, bool]:
        clock.set(at(meeting, minutes))
        page = text(log_in(actor(who), who.name, at(meeting, minutes)).get(here))
        return 'href="outcome/"' in page, 'href="door/"' in page

    assert links(-16) == (False, False)
    assert links(-15) == (False, True)
    assert links(0) == (True, True)
    assert links(0, JONAS) == (True, False)
    assert links(45 + 60) == (True, False)
    Meeting.objects.filter(pk=meeting.pk).update(format=Format.PHONE)
    assert links(0) == (True, False)


def test_the_number_of_queries_does_not_follow_how_often_somebody_rang(
    ingrid: Client, begun: Meeting, django_assert_max_num_queries: Any
) -> None:
    doctor = make.partner(begun, at=at(begun, 2))
    for one in (begun.citizen(), doctor):
        for minute in range(10):
            CallAttempt.objects.create(participant=one, at=at(begun, minute), by=begun.host_id)
        ParticipantOutcome.objects.create(
            participant=one, outcome=Outcome.MET, set_at=at(begun, 9), set_by=begun.host_id
        )
    with django_assert_max_num_queries(24):
        assert text(ingrid.get(url(begun))).count("kl. 10.09") == 4
