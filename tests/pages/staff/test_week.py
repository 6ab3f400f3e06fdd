"""The week: whose meetings, with which names, and how many questions it asks."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from invitations import answers
from invitations.models import Answer, Invitation
from meetings.models import Meeting, Task
from navmeet.accounts.actor import ActorKind
from navmeet.audit.models import Showing
from navmeet.dev.registers import RunningRegisters
from tests import make
from tests.pages.staff.setting import (
    AMINA,
    ANNE,
    BJORN,
    INGRID,
    JONAS,
    KARI,
    OLA,
    PER,
    TURID,
    Clock,
    actor,
    log_in,
    person,
    user,
)

pytestmark = pytest.mark.django_db(transaction=True)
TUESDAY = date(2027, 1, 12)


def html(client: Client, address: str = "/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def answered(meeting: Meeting, kind: Answer.Kind) -> None:
    invitation = Invitation.objects.get(participant__meeting=meeting)
    who = invitation.participant.person
    assert who is not None
    answers.answer(
        invitation_id=invitation.pk,
        revision_number=1,
        kind=kind,
        words="",
        by=make.citizen_actor(who),
        at=make.later(minutes=1),
    )


def test_nobody_logged_in_is_led_to_log_in_and_back(client: Client) -> None:
    answer = Client().get("/?who=office")
    assert (answer.status_code, answer["Location"]) == (302, "/login/?next=%2F%3Fwho%3Doffice")


def test_an_empty_week_says_so(client: Client) -> None:
    page = html(client)
    assert "Du har ingen møter denne uken." in page
    assert "Ingenting venter på deg nå." in page


def test_my_meetings_stand_on_their_day_with_name_and_answer(client: Client) -> None:
    meeting = make.meeting(user(INGRID), person(KARI.number), day=TUESDAY)
    answered(meeting, Answer.Kind.COMING)
    page = html(client)
    assert f'href="/meetings/{meeting.pk}/">Kari Testdal</a>' in page
    assert "10.00–10.45" in page
    assert ">Kommer<" in page
    assert KARI.number not in page


def test_a_colleagues_meeting_stands_only_in_the_offices_week(client: Client) -> None:
    make.meeting(user(JONAS), person(KARI.number), day=TUESDAY)
    assert "Kari Testdal" not in html(client)
    page = html(client, "/?who=office")
    assert "Kari Testdal" in page
    assert JONAS.name in page


def test_another_offices_meeting_stands_nowhere(client: Client) -> None:
    make.meeting(make.caseworker(office_number="0298"), person(KARI.number), day=TUESDAY)
    assert "Kari Testdal" not in html(client, "/?who=office")


def test_the_name_of_one_whom_i_may_not_open_is_hidden(client: Client, registers: RunningRegisters) -> None:
    make.meeting(user(INGRID), person(KARI.number), day=TUESDAY)
    registers.state.control({"persons": {KARI.number: {"shielded": True}}})
    page = html(client)
    assert ">Skjermet</a>" in page
    assert "Kari Testdal" not in page


def test_a_strictly_protected_citizens_meeting_is_seen_by_the_group_alone(client: Client) -> None:
    make.meeting(user(AMINA), person(TURID.number), day=TUESDAY)
    assert "10.00–10.45" not in html(client, "/?who=office")
    assert TURID.name in html(log_in(actor(AMINA), AMINA.name))


def test_when_nobody_answers_the_times_stand_without_names(client: Client, registers: RunningRegisters) -> None:
    make.meeting(user(INGRID), person(KARI.number), day=TUESDAY)
    registers.state.control({"down": ["access"]})
    page = html(client)
    assert "10.00–10.45" in page
    assert "navnene vises ikke" in page
    assert "Kari Testdal" not in page


@pytest.mark.parametrize(
    ("asked", "number"), [("2027-W03", 3), ("2027-W99", 2), ("0000-W01", 2), ("x" * 300, 2), ("2026-W53", 53)]
)
def test_a_week_is_asked_for_by_its_name_and_nonsense_gives_this_one(client: Client, asked: str, number: int) -> None:
    page = html(client, f"/?week={asked}")
    assert f"<h1>Uke {number}</h1>" in page
    assert ("Vi kjenner ikke uken" in page) == (number == 2)


def test_a_meeting_late_on_sunday_belongs_to_that_week_in_oslo(client: Client, clock: Clock) -> None:
    make.meeting(user(INGRID), person(KARI.number), day=date(2027, 1, 17), clock=time(23, 30))
    assert "23.30–00.15" in html(client, "/?week=2027-W02")
    assert "Du har ingen møter denne uken." in html(client, "/?week=2027-W03")


def test_what_waits_can_be_ticked_off_from_where_it_stands(client: Client) -> None:
    make.meeting(user(INGRID), person(OLA.number), day=TUESDAY, can_be_told=False)
    assert "Send brev til innbyggeren om møtet." in html(client)
    for task in Task.objects.all():
        answer = client.post(f"/tasks/{task.pk}/done/", {"next": "/?week=2027-W02"})
        assert (answer.status_code, answer["Location"]) == (302, "/?week=2027-W02")
    assert not Task.objects.filter(done_at=None).exists()
    page = html(client)
    assert "Oppgaven er merket som ferdig." in page
    assert "Ingenting venter på deg nå." in page


def test_ticking_off_leads_to_no_other_site(client: Client) -> None:
    make.meeting(user(INGRID), person(OLA.number), can_be_told=False)
    task = Task.objects.first()
    assert task is not None
    assert client.post(f"/tasks/{task.pk}/done/", {"next": "https://example.com/"})["Location"] == "/"


def test_a_strangers_task_is_not_found(client: Client) -> None:
    make.meeting(make.caseworker(office_number="0298"), person(OLA.number), can_be_told=False)
    task = Task.objects.first()
    assert task is not None
    assert client.post(f"/tasks/{task.pk}/done/").status_code == 404
    assert Task.objects.filter(done_at=None).count() == Task.objects.count()


def test_an_adviser_has_no_week_and_is_led_to_where_who_rings_is_found(client: Client) -> None:
    answer = log_in(actor(JONAS, kind=ActorKind.ADVISER), JONAS.name).get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/advising/")


def test_a_list_is_not_kept_as_an_opening(client: Client) -> None:
    make.meeting(user(INGRID), person(KARI.number), day=TUESDAY)
    html(client)
    assert not Showing.objects.exists()


def test_the_number_of_queries_and_calls_does_not_follow_the_number_of_meetings(
    client: Client, registers: RunningRegisters
) -> None:
    def cost() -> tuple[int, int]:
        asked = len(registers.state.asked)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            html(client, "/?who=office")
        return len(queries), len(registers.state.asked) - asked

    first: Any = make.meeting(user(INGRID), person(KARI.number), day=TUESDAY)
    answered(first, Answer.Kind.OTHER_TIME)
    html(client)
    before = cost()
    for hour, one in enumerate((OLA, PER, ANNE, BJORN), start=11):
        answered(make.meeting(user(INGRID), person(one.number), day=TUESDAY, clock=time(hour)), Answer.Kind.NOT_COMING)
    assert cost() == before
    assert before[0] <= 12
    assert before[1] == 1


def test_over_and_without_minutes_is_said(client: Client, clock: Clock) -> None:
    make.meeting(user(INGRID), person(KARI.number), day=date(2027, 1, 11), clock=time(12))
    clock.set(datetime(2027, 1, 11, 13, tzinfo=UTC))
    assert "Referat mangler" in html(client)
