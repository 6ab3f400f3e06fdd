"""Which reminders meetings get: the house's plan, and what an office has decided instead."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from invitations.messages import default_plan
from invitations.messages.default_plan import DEFAULT, of_office, set_plan, written
from invitations.models import Message, Occasion, ReminderPlan
from meetings.models import Format, Meeting
from meetings.places import Place
from navmeet.accounts.actor import ActorKind
from navmeet.accounts.models import User
from navmeet.audit.models import AuditEvent
from navmeet.change import rehearse
from navmeet.exceptions import Invalid, NotPermitted
from tests import make
from tests.invitations.messages.test_telling import _move

pytestmark = pytest.mark.django_db

FAR_OFF = date(2027, 2, 11)


@pytest.fixture
def user() -> User:
    return make.caseworker()


def decide(user: User, **plan: list[str]) -> None:
    set_plan(plan=plan, seen=written(of_office(user.office)), by=make.actor(user), at=make.NOW)


def booked(user: User, held: Format = Format.VIDEO, **changes: Any) -> Meeting:
    place = Place(address="Prøvegata 1") if held == Format.IN_PERSON else Place()
    if held == Format.PHONE:
        place = Place(caller="NAV", phone="")
    return make.meeting(user, day=FAR_OFF, format=held, place=place, **changes)


def steps(meeting: Meeting, role: str = "CITIZEN") -> set[str]:
    """Of the reminders that are planned."""
    planned = Message.objects.filter(meeting=meeting, participant__role=role, occasion=Occasion.REMINDER)
    return set(planned.filter(state="PLANNED").values_list("step", flat=True))


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (Format.VIDEO, {"7_DAYS", "1_DAY", "1_HOUR"}),
        (Format.IN_PERSON, {"7_DAYS", "1_DAY"}),
    ],
)
def test_without_a_decision_the_default_plan_holds(user: User, held: Format, expected: set[str]) -> None:
    assert steps(booked(user, held)) == expected
    assert default_plan.of_office(make.OFFICE) == DEFAULT


def test_what_the_office_decided_holds_for_that_format_alone(user: User) -> None:
    decide(user, VIDEO=["1_DAY"], IN_PERSON=["1_HOUR", "1_DAY"])
    assert steps(booked(user)) == {"1_DAY"}
    assert steps(booked(make.caseworker(), Format.IN_PERSON)) == {"1_DAY", "1_HOUR"}
    assert default_plan.of_office(make.OFFICE)[Format.PHONE] == DEFAULT[Format.PHONE]


def test_an_office_may_decide_on_none(user: User) -> None:
    decide(user, VIDEO=[])
    assert steps(booked(user)) == set()


def test_another_office_is_left_alone(user: User) -> None:
    decide(user, VIDEO=[])
    assert steps(booked(make.caseworker(office_number="0398"))) == {"7_DAYS", "1_DAY", "1_HOUR"}


def test_partners_follow_it_but_are_never_reminded_a_week_before(user: User) -> None:
    meeting = booked(user, type_code="DIALOGUE")
    make.partner(meeting, make.employer())
    assert steps(meeting, "EMPLOYER") == {"1_DAY", "1_HOUR"}
    decide(user, VIDEO=["7_DAYS", "1_HOUR"])
    later = booked(make.caseworker(), type_code="DIALOGUE")
    make.partner(later, make.employer())
    assert steps(later, "EMPLOYER") == {"1_HOUR"}


def test_a_partner_who_comes_another_way_has_the_plan_of_that_way(user: User) -> None:
    decide(user, VIDEO=["1_DAY"], PHONE=["1_HOUR"])
    meeting = booked(user, type_code="DIALOGUE")
    make.partner(meeting, make.employer(way_in=Format.PHONE))
    assert steps(meeting) == {"1_DAY"}
    assert steps(meeting, "EMPLOYER") == {"1_HOUR"}


def test_a_changed_plan_leaves_what_is_planned_and_holds_once_the_meeting_is_changed(user: User) -> None:
    meeting = booked(user)
    planned = list(Message.objects.filter(meeting=meeting).order_by("pk").values())
    decide(user, VIDEO=["1_DAY"])
    assert list(Message.objects.filter(meeting=meeting).order_by("pk").values()) == planned
    _move(meeting, make.NOW)
    assert steps(meeting) == {"1_DAY"}


def test_decided_again_it_is_as_was_said_last_and_nothing_said_is_the_default(user: User) -> None:
    decide(user, VIDEO=["1_DAY"], PHONE=[])
    decide(user, PHONE=["1_HOUR"])
    assert default_plan.decided_by(make.OFFICE) == {Format.PHONE: {"1_HOUR"}}
    decide(user)
    assert default_plan.of_office(make.OFFICE) == DEFAULT


def test_it_is_written_down_who_decided_what(user: User) -> None:
    decide(user, VIDEO=["1_HOUR", "1_DAY"], PHONE=[])
    event = AuditEvent.objects.get(action="office.reminders_set")
    assert (event.actor_id, event.detail) == (user.pk, {"office": make.OFFICE, "plan": "PHONE: ; VIDEO: 1_DAY 1_HOUR"})


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        ({"FAX": []}, "plan"),
        ({"VIDEO": ["ONCE"]}, "plan.VIDEO"),
        ({"VIDEO": ["2_DAYS"]}, "plan.VIDEO"),
        ({"PHONE": ["1_DAY", "1_DAY"]}, "plan.PHONE"),
    ],
)
def test_what_is_no_reminder_is_refused(user: User, plan: dict[str, list[str]], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        set_plan(plan=plan, seen=written(of_office(user.office)), by=make.actor(user), at=make.NOW)
    assert refused.value.field == field
    assert not ReminderPlan.objects.exists()


def test_only_caseworkers_of_an_office_decide(user: User) -> None:
    adviser = replace(make.actor(user), kind=ActorKind.ADVISER)
    with pytest.raises(NotPermitted):
        set_plan(plan={}, seen="", by=adviser, at=make.NOW)


def test_a_rehearsal_decides_nothing(user: User) -> None:
    rehearse(set_plan, plan={"VIDEO": []}, seen=written(DEFAULT), by=make.actor(user), at=make.NOW)
    assert not ReminderPlan.objects.exists()


def test_the_database_knows_the_steps_too(user: User) -> None:
    make.office()
    for wrong in ({"format": "FAX", "steps": []}, {"format": "VIDEO", "steps": ["ONCE"]}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReminderPlan.objects.create(office_id=make.OFFICE, **wrong)
