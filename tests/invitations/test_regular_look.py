"""A protection or a death is learned of those, too, whom nobody opens for days: bounded, by one worker, harmlessly."""

from datetime import datetime, timedelta

import pytest
from django.db import connection

from invitations import regular_look, tasks
from invitations.models import Invitation, Message, MessageState, Pulse
from invitations.regular_look import BATCH, look_again
from meetings.models import Meeting, Status, Task
from navmeet.dev.personas import CITIZENS
from navmeet.dev.registers import RunningRegisters
from navmeet.people.models import Person
from navmeet.registers import pdl
from tests import make
from tests.invitations.messages.test_partners import by_law
from tests.stand_ins import registers, registers_server

__all__ = ["registers", "registers_server"]

pytestmark = pytest.mark.django_db

KARI, OLA = CITIZENS[0], CITIZENS[1]
HOURS = timedelta(hours=1)
DUE = make.NOW + 6 * HOURS


@pytest.fixture
def meeting(registers: RunningRegisters) -> Meeting:
    return by_law(make.citizen(KARI.name, number=KARI.number))


def calls(registers: RunningRegisters) -> int:
    return registers.state.asked.count("POST /pdl/graphql")


def asked_at(meeting: Meeting) -> datetime:
    return Person.objects.get(pk=meeting.citizen_id()).registers_asked_at


def test_protection_closes_what_must_close_though_nobody_opens_anything(
    meeting: Meeting, registers: RunningRegisters
) -> None:
    registers.set_person(KARI.number, protection="STRENGT_FORTROLIG")
    assert look_again(DUE) == 1
    assert Invitation.objects.get(participant__role="DOCTOR").closed_at == DUE
    to_partner = Message.objects.filter(participant__role="DOCTOR").values_list("state", flat=True)
    assert set(to_partner) == {MessageState.VOID}
    assert Task.objects.filter(meeting=meeting, kind=Task.Kind.PROTECTED).count() == 1


def test_a_death_calls_the_meeting_off(meeting: Meeting, registers: RunningRegisters) -> None:
    registers.set_person(KARI.number, deceased="2027-01-12")
    assert look_again(DUE) == 1
    meeting.refresh_from_db()
    assert meeting.status == Status.CANCELLED
    assert Task.objects.filter(meeting=meeting, kind=Task.Kind.DECEASED).count() == 1


def test_only_those_unasked_for_hours_with_a_meeting_to_come_are_asked_about(
    meeting: Meeting, registers: RunningRegisters
) -> None:
    assert look_again(DUE - timedelta(seconds=1)) == 0
    make.citizen(OLA.name, number=OLA.number)
    assert look_again(DUE + timedelta(minutes=1)) == 1
    assert asked_at(meeting) == DUE + timedelta(minutes=1)
    assert look_again(DUE + timedelta(minutes=2)) == 0
    assert calls(registers) == 1
    Meeting.objects.update(status=Status.CANCELLED)
    assert look_again(DUE + 24 * HOURS) == 0
    Meeting.objects.update(status=Status.SCHEDULED)
    assert look_again(meeting.ends_at) == 0


def test_the_hours_are_a_setting(meeting: Meeting, registers: RunningRegisters, settings: object) -> None:
    settings.REGISTER_LOOK_AFTER = HOURS  # type: ignore[attr-defined]
    assert look_again(make.NOW + HOURS) == 1


@pytest.mark.parametrize("how", ["down", "odd", "garbage"])
def test_a_register_that_fails_does_no_harm_and_is_asked_anew(
    meeting: Meeting, registers: RunningRegisters, how: str
) -> None:
    registers.fail("pdl", how)
    assert look_again(DUE) == 0
    assert asked_at(meeting) == make.NOW
    registers.reset()
    assert look_again(DUE + timedelta(seconds=30)) == 1


def test_woken_twice_is_looking_once(meeting: Meeting, registers: RunningRegisters) -> None:
    assert look_again(DUE) == 1
    Person.objects.update(registers_asked_at=make.NOW)
    assert look_again(DUE + timedelta(seconds=19)) == 0
    assert look_again(DUE + timedelta(seconds=20)) == 1


def test_a_hundred_at_a_time_and_no_more_than_a_batch_those_longest_unasked_first(
    meeting: Meeting, registers: RunningRegisters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(regular_look, "BATCH", 2)
    others = [by_law(make.citizen(one.name, number=one.number)) for one in (CITIZENS[2], CITIZENS[5])]
    Person.objects.filter(pk=others[1].citizen_id()).update(registers_asked_at=make.NOW - HOURS)
    Person.objects.filter(pk=others[0].citizen_id()).update(registers_asked_at=make.NOW - HOURS / 2)
    assert look_again(DUE) == 2
    assert [asked_at(one) == DUE for one in (meeting, *others)] == [False, True, True]
    assert calls(registers) == 1
    assert BATCH <= 2 * pdl.MOST_AT_ONCE


def test_one_person_who_cannot_be_asked_about_holds_up_nobody(meeting: Meeting, registers: RunningRegisters) -> None:
    unknown = by_law(make.citizen("Ukjent Fiktivsen"))
    lost = by_law(make.citizen("Lukket Fiktivsen"))
    sealed_elsewhere = "UPDATE people_identity SET number = number || 'x' WHERE person_id = %s"
    with connection.cursor() as cursor:
        cursor.execute(sealed_elsewhere, [lost.citizen_id()])
    registers.set_person(KARI.number, protection="STRENGT_FORTROLIG")
    assert look_again(DUE) == 3
    assert {asked_at(one) for one in (unknown, lost, meeting)} == {DUE}
    assert Person.objects.get(pk=meeting.citizen_id()).protection == "STRENGT_FORTROLIG"


def test_the_worker_looks_and_its_pulse_is_seen(meeting: Meeting, registers: RunningRegisters) -> None:
    tasks.look()
    assert Pulse.objects.filter(name=regular_look.PULSE).exists()
