"""Several at once: one wins, the others are told, and nothing is half done."""

from datetime import date, time
from typing import Any

import pytest

from invitations.models import Invitation, Message
from meetings import changes, formats, outcome, people, starting_types
from meetings.changes import Why
from meetings.models import Format, Meeting, Participant, PartnerContact, Reason, Revision
from meetings.places import Place
from meetings.times import slot
from navmeet.audit.models import AuditEvent
from navmeet.exceptions import Stale
from tests import make
from tests.at_once import at_once
from tests.meetings.setting import adding, given

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("transactional")]


@pytest.fixture
def meeting() -> Meeting:
    starting_types.load()
    return make.meeting()


def test_of_ten_who_add_the_same_partner_at_once_one_does(meeting: Meeting) -> None:
    arguments = adding(meeting)

    results = at_once(*[lambda: people.add_partner(**arguments)] * 10)

    (won,) = [result for result in results if isinstance(result, Participant)]
    assert sum(isinstance(result, Stale) for result in results) == 9
    assert PartnerContact.objects.get().participant_id == won.pk
    assert AuditEvent.objects.filter(action="partner.added").count() == 1
    assert Invitation.objects.filter(participant__role="DOCTOR").count() <= 1
    meeting.refresh_from_db()
    assert meeting.version == 2


@pytest.mark.parametrize("round_", range(3))
def test_of_a_change_of_format_and_a_move_at_once_one_wins_and_the_other_is_stale(
    meeting: Meeting, round_: int
) -> None:
    make.told(meeting)
    why: dict[str, Any] = {"why": Why(Reason.PRACTICAL, f"Runde {round_}"), "can_be_told": True}
    phone = Place(caller="NAV", phone="99112233")
    to = slot(day=date(2027, 1, 25), clock=time(13, 0), minutes=45, fold=None, at=make.NOW)
    formatting = given(meeting, to=Format.PHONE, place=phone, safety_measures=frozenset(), **why)
    moving = given(meeting, to=to, place=None, **why)

    results = at_once(lambda: formats.change_format(**formatting), lambda: changes.move(**moving))

    (won,) = [result for result in results if isinstance(result, Meeting)]
    (lost,) = [result for result in results if isinstance(result, Exception)]
    assert isinstance(lost, Stale)
    meeting.refresh_from_db()
    now = Revision.objects.get(meeting=meeting, number=2)
    assert (meeting.version, meeting.revision_number, Revision.objects.count()) == (2, 2, 2)
    assert (meeting.format, meeting.starts_at) == (now.format, now.starts_at) == (won.format, won.starts_at)
    told = Message.objects.filter(meeting=meeting, about_number=2).values_list("occasion", flat=True)
    assert ("FORMAT_CHANGED" in told) == (meeting.format == "PHONE")
    assert ("MOVED" in told) == (meeting.format == "VIDEO")


def test_of_ten_who_end_it_at_once_all_see_it_ended_once(meeting: Meeting) -> None:
    arguments = given(meeting, at=meeting.starts_at)

    results = at_once(*[lambda: outcome.end_meeting(**arguments)] * 10)

    assert [getattr(result, "ended_at", result) for result in results] == [meeting.starts_at] * 10
    assert AuditEvent.objects.filter(action="meeting.ended").count() == 1
