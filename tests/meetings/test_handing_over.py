"""A meeting gets another host: rights, calendar and notices in one step, to one who may open its citizen."""

from datetime import timedelta
from typing import Any

import pytest

from invitations import door
from invitations.models import Invitation, Message, Occasion
from meetings import changes, fitting, handing_over, outcome, people, permissions, staff
from meetings.calendars import Occupied
from meetings.changes import Why
from meetings.events import HostChanged
from meetings.models import Meeting, Occupancy, Participant, Reason, Role, Task
from meetings.states import WrongState
from navmeet.accounts.models import User
from navmeet.audit.models import AuditEvent
from navmeet.change import rehearse
from navmeet.exceptions import Conflict, Invalid, NotFound, Stale
from tests import make
from tests.meetings.setting import changing, colleague, given

pytestmark = pytest.mark.django_db


def to(meeting: Meeting, user: User, **more: Any) -> dict[str, Any]:
    at = more.get("at", make.NOW)
    return changing(meeting, **({"to": colleague(meeting, user, at), "stays": False} | more))


def whose_time(meeting: Meeting) -> set[Any]:
    return set(Occupancy.objects.filter(meeting=meeting).values_list("resource__of", flat=True))


def test_rights_calendar_and_notices_follow_in_one_step() -> None:
    meeting, jonas = make.meeting(), make.caseworker("Jonas Prøvesen")
    ingrid, link = meeting.host, Invitation.objects.get(participant=meeting.citizen()).pk
    Message.objects.filter(meeting=meeting, occasion=Occasion.INVITED).update(sent_at=make.NOW, state="SENT")
    why = Why(Reason.STAFF_UNAVAILABLE, "Jonas tar over for meg.")

    now = handing_over.hand_over(**to(meeting, jonas, why=why))

    assert (now.host_id, now.version, now.sequence, now.revision_number) == (jonas.pk, 2, 0, 1)
    assert permissions.is_host(make.actor(jonas), now)
    assert not permissions.is_host(make.actor(ingrid), now)
    assert door.can_keep_door(make.actor(jonas), now)
    assert not door.can_keep_door(make.actor(ingrid), now)
    assert whose_time(meeting) == {jonas.pk, meeting.citizen_id()}
    assert Participant.objects.get(meeting=meeting, role=Role.HOST, removed_at=None).user_id == jonas.pk
    assert Message.objects.filter(occasion=Occasion.PEOPLE_CHANGED).count() == 1
    assert Task.objects.filter(meeting=meeting, kind=Task.Kind.HANDED_OVER, done_at=None).count() == 1
    assert Invitation.objects.get(participant=meeting.citizen()).pk == link
    assert AuditEvent.objects.get(action="meeting.handed_over").reason == "STAFF_UNAVAILABLE"
    # Free for another meeting, and the new host is not.
    make.meeting(ingrid)
    with pytest.raises(Occupied):
        make.meeting(jonas)


def test_the_host_until_now_can_stay_as_a_colleague_and_get_it_back() -> None:
    meeting, jonas = make.meeting(), make.caseworker()
    ingrid = meeting.host
    handing_over.hand_over(**to(meeting, jonas, stays=True))
    assert whose_time(meeting) == {ingrid.pk, jonas.pk, meeting.citizen_id()}
    handing_over.hand_over(**to(meeting, ingrid, by=make.actor(jonas)))
    assert whose_time(meeting) == {ingrid.pk, meeting.citizen_id()}
    assert meeting.participants.filter(user__isnull=False).count() == 2
    # One notice at a time: that of who leads it now.
    assert Task.objects.filter(meeting=meeting, kind=Task.Kind.HANDED_OVER, done_at=None).count() == 1


def test_a_colleague_in_the_meeting_can_lead_it() -> None:
    meeting, jonas = make.meeting(), make.caseworker()
    staff.add_staff(**changing(meeting, colleague=colleague(meeting, jonas)))
    handing_over.hand_over(**to(meeting, jonas))
    assert whose_time(meeting) == {jonas.pk, meeting.citizen_id()}


def test_a_host_who_has_left_nav_hands_over_by_a_colleague_and_never_receives() -> None:
    meeting, jonas = make.meeting(), make.caseworker()
    ingrid = meeting.host
    User.objects.filter(pk=ingrid.pk).update(is_active=False)
    would = rehearse(changes.move, **changing(meeting, by=make.actor(jonas), to=later(meeting), place=None))
    assert fitting.HOST_HAS_LEFT in would.lacks
    handing_over.hand_over(**to(meeting, jonas, by=make.actor(jonas)))
    with pytest.raises(Invalid) as refused:
        handing_over.hand_over(**to(meeting, ingrid, by=make.actor(jonas)))
    assert (refused.value.code, refused.value.field) == ("has_left", "colleague")
    would = rehearse(changes.move, **changing(meeting, by=make.actor(jonas), to=later(meeting), place=None))
    assert fitting.HOST_HAS_LEFT not in would.lacks


def later(meeting: Meeting) -> Any:
    return make.wanted(make.citizen(), day=(meeting.starts_at + timedelta(days=1)).date()).slot


def test_only_to_one_who_may_open_the_citizen_and_whose_time_is_free() -> None:
    meeting, jonas = make.meeting(), make.caseworker()
    other = make.citizen()
    wrong = staff.Colleague(user_id=jonas.pk, clearance=make.clearance(other, make.actor(jonas)))
    with pytest.raises(Conflict) as refused:
        handing_over.hand_over(**to(meeting, jonas, to=wrong))
    assert refused.value.code == "colleague_no_access"
    make.meeting(jonas)
    with pytest.raises(Occupied) as taken:
        handing_over.hand_over(**to(meeting, jonas))
    assert taken.value.field == "colleague"
    meeting.refresh_from_db()
    assert (meeting.version, meeting.participants.filter(user=jonas).count()) == (1, 0)


def test_to_who_leads_it_already_on_an_old_version_by_a_stranger_or_cancelled() -> None:
    meeting, jonas = make.meeting(), make.caseworker()
    with pytest.raises(Conflict) as refused:
        handing_over.hand_over(**to(meeting, meeting.host))
    assert refused.value.code == "nothing_changed"
    with pytest.raises(Stale):
        handing_over.hand_over(**(to(meeting, jonas) | {"version": 9}))
    with pytest.raises(NotFound):
        handing_over.hand_over(**to(meeting, jonas, by=make.actor(make.caseworker(office_number="0398"))))
    changes.cancel(**changing(meeting))
    with pytest.raises(WrongState):
        handing_over.hand_over(**to(meeting, jonas))


def test_after_the_meeting_its_minutes_get_somebody_and_nobodys_time_is_taken() -> None:
    meeting, jonas = make.meeting(), make.caseworker()
    make.meeting(jonas)
    at = meeting.ends_at + timedelta(hours=1)
    outcome.conclude(**given(meeting, held=True, at=at))
    told = Message.objects.count()
    assert handing_over.hand_over(**to(meeting, jonas, at=at)).host_id == jonas.pk
    assert permissions.takes_part(make.actor(jonas), meeting)
    assert Message.objects.count() == told
    assert Task.objects.filter(kind=Task.Kind.HANDED_OVER).count() == 1


def test_partners_hear_nothing_of_it_and_keep_their_link() -> None:
    meeting, jonas = make.meeting(), make.caseworker()
    doctor = make.partner(meeting)
    before = Invitation.objects.get(participant=doctor).pk
    handing_over.hand_over(**to(meeting, jonas))
    assert not Message.objects.filter(participant=doctor).exists()
    assert Invitation.objects.get(participant=doctor).pk == before
    assert people.partner_of(meeting, doctor.pk) == doctor


def test_other_systems_learn_that_and_not_to_whom() -> None:
    assert HostChanged.outside is not None
    assert HostChanged.outside.fields == ()
