"""A meeting with what its verbs are called with."""

from typing import Any

from meetings.contacts import CitizenContact
from meetings.models import Meeting
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
    return given(meeting, by, **(values | more))
