"""A meeting with what its verbs are called with."""

from typing import Any

from meetings.changes import Why
from meetings.contacts import CitizenContact
from meetings.models import Meeting, Reason
from meetings.staff import Colleague
from navmeet.accounts.models import User
from tests import make


def given(meeting: Meeting, by: Any = None, **more: Any) -> dict[str, Any]:
    """What every change takes, for the meeting as it now stands in the database."""
    meeting.refresh_from_db()
    by = by or make.actor(meeting.host)
    person = meeting.citizen().person
    assert person is not None
    at = more.pop("at", make.NOW)
    values = {"meeting_id": meeting.pk, "version": meeting.version, "by": by, "at": at}
    return values | {"clearance": make.clearance(person, by, at)} | more


def adding(meeting: Meeting, by: Any = None, **more: Any) -> dict[str, Any]:
    """What adding a partner takes; a doctor unless told otherwise."""
    values: dict[str, Any] = {"partner": make.doctor(), "citizen_contact": CitizenContact(), "can_be_told": True}
    return explained(meeting, by, **(values | more))


def explained(meeting: Meeting, by: Any = None, **more: Any) -> dict[str, Any]:
    """What a change with a reason takes."""
    return given(meeting, by, **({"why": Why(Reason.PRACTICAL)} | more))


def colleague(meeting: Meeting, user: User, at: Any = make.NOW) -> Colleague:
    """The employee, with a yes from the access machine to this meeting's citizen."""
    person = meeting.citizen().person
    assert person is not None
    return Colleague(user_id=user.pk, clearance=make.clearance(person, make.actor(user), at))


def changing(meeting: Meeting, by: Any = None, **more: Any) -> dict[str, Any]:
    """What a change that is told with a reason takes."""
    values: dict[str, Any] = {"why": Why(Reason.PRACTICAL), "can_be_told": True}
    return given(meeting, by, **(values | more))
