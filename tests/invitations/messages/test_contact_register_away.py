"""A change is made also while the contact register is away: the sender asks it before anything leaves."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import pytest

from invitations.messages.send import Swept
from invitations.models import Message
from meetings import asking, changes, formats
from meetings.changes import Why
from meetings.models import Caller, Format, Meeting, Reason, Status, Task
from meetings.places import Place
from meetings.times import slot
from navmeet.dev.registers import RunningRegisters
from navmeet.exceptions import Unavailable
from navmeet.people.models import Person
from tests import make
from tests.invitations.messages.broker import FakeTopic
from tests.pages.staff.setting import INGRID, actor, user

pytestmark = pytest.mark.django_db

Sweep = Callable[[datetime], Swept]
HOUR = make.later(hours=1)


@pytest.fixture
def meeting(kari: Person, sweep: Sweep) -> Meeting:
    """Booked and told of."""
    made = make.meeting(user(INGRID), kari)
    sweep(make.NOW)
    return made


def change(meeting: Meeting, what: str) -> None:
    """As page and API do it: the registers are asked at the edge."""
    by = actor(INGRID)
    answers = asking.about_change(meeting.pk, by=by, at=HOUR)
    common: dict[str, Any] = {
        "meeting_id": meeting.pk,
        "version": 1,
        "why": Why(Reason.STAFF_UNAVAILABLE),
        "can_be_told": answers.can_be_told,
        "is_contact_known": answers.is_contact_known,
        "by": by,
        "clearance": answers.clearance,
        "at": HOUR,
    }
    measures: dict[str, Any] = {"safety_measures": answers.safety_measures}
    if what == "CANCELLED":
        changes.cancel(**common)
    elif what == "MOVED":
        to = slot(day=date(2027, 1, 22), clock=time(13), minutes=45, fold=None, at=HOUR)
        changes.move(**common, **measures, to=to, place=None, overrule=make.ANYHOW)
    else:
        place = Place(caller=Caller.NAV, phone="00000001")
        formats.change_format(**common, **measures, to=Format.PHONE, place=place, overrule=make.ANYHOW)


@pytest.mark.parametrize("how", ["down", "odd", "garbage"])
@pytest.mark.parametrize("what", ["CANCELLED", "MOVED", "FORMAT_CHANGED"])
def test_it_is_done_and_told_when_the_register_answers_again(
    meeting: Meeting, registers: RunningRegisters, sweep: Sweep, topic: FakeTopic, what: str, how: str
) -> None:
    registers.fail("krr", how)
    change(meeting, what)
    meeting.refresh_from_db()
    assert (meeting.status == Status.CANCELLED) is (what == "CANCELLED")
    sweep(make.later(hours=1, minutes=11))
    told = Message.objects.get(meeting=meeting, occasion=what)
    assert (told.state, told.hangs_on) == ("PLANNED", "REGISTERS"), "nothing leaves blindly"
    registers.reset()
    sweep(make.later(hours=2))
    told.refresh_from_db()
    assert told.state == "SENT"


@pytest.mark.parametrize("what", ["CANCELLED", "MOVED", "FORMAT_CHANGED"])
def test_who_proves_to_be_reserved_gets_a_letter_and_no_message(
    meeting: Meeting, kari: Person, registers: RunningRegisters, sweep: Sweep, what: str
) -> None:
    registers.fail("krr")
    change(meeting, what)
    assert not Task.objects.filter(meeting=meeting, kind="SEND_LETTER").exists()
    registers.reset()
    registers.set_person(kari.identities.get().number, reserved=True)
    sweep(make.later(hours=2))
    told = Message.objects.exclude(step="PLAIN").get(meeting=meeting, occasion=what)
    assert (told.state, told.why) == ("SKIPPED", "RESERVED")
    assert [one.about.partition(":")[0] for one in Task.objects.filter(meeting=meeting, kind="SEND_LETTER")] == [what]


@pytest.mark.parametrize("register", ["pdl", "access"])
def test_who_may_be_opened_and_how_it_may_be_held_is_asked_all_the_same(
    meeting: Meeting, registers: RunningRegisters, register: str
) -> None:
    registers.fail(register)
    with pytest.raises(Unavailable):
        change(meeting, "CANCELLED")
    meeting.refresh_from_db()
    assert meeting.status == Status.SCHEDULED


def test_a_register_that_answers_decides_at_once(meeting: Meeting, kari: Person, registers: RunningRegisters) -> None:
    registers.set_person(kari.identities.get().number, reserved=True)
    answers = asking.about_change(meeting.pk, by=actor(INGRID), at=HOUR)
    assert (answers.can_be_told, answers.is_contact_known) == (False, True)
