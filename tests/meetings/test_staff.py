"""Colleagues on the meeting's list: added, taken out, told of, and let in or not."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from invitations import door, reading
from invitations.models import Invitation, Message, Occasion
from meetings import changes, fitting, handing_over, staff
from meetings.calendars import Occupied
from meetings.changes import Why
from meetings.models import Meeting, Occupancy, Participant, Reason, ReasonToRecipient, Role
from meetings.people import remove_partner
from meetings.states import WrongState
from navmeet.accounts.models import User
from navmeet.audit.models import AuditEvent
from navmeet.change import rehearse
from navmeet.exceptions import Conflict, Invalid, NotFound, NotPermitted, Stale, Unavailable
from tests import make
from tests.meetings.setting import changing, colleague, explained

pytestmark = pytest.mark.django_db


def adding(meeting: Meeting, user: User, **more: Any) -> dict[str, Any]:
    return changing(meeting, colleague=colleague(meeting, user), **more)


def told_of(meeting: Meeting) -> None:
    """The invitation has left."""
    Message.objects.filter(meeting=meeting, occasion=Occasion.INVITED).update(sent_at=make.NOW, state="SENT")


def from_nav(meeting: Meeting) -> list[str]:
    invitation = Invitation.objects.get(participant=meeting.citizen())
    person = meeting.citizen().person
    assert person is not None
    return sorted(reading.read(invitation.pk, by=make.citizen_actor(person)).from_nav)


def test_a_colleague_takes_part_their_time_is_taken_and_the_citizen_sees_them() -> None:
    meeting, jonas = make.meeting(), make.caseworker("Jonas Prøvesen")
    told_of(meeting)
    added = staff.add_staff(**adding(meeting, jonas, why=Why(Reason.PRACTICAL, "Jonas kjenner bedriften.")))
    meeting.refresh_from_db()
    assert (added.role, added.user_id, meeting.version, meeting.sequence) == (Role.STAFF, jonas.pk, 2, 0)
    assert from_nav(meeting) == ["Ingrid Prøvesen", "Jonas Prøvesen"]
    assert Occupancy.objects.filter(meeting=meeting, resource__of=jonas.pk).count() == 1
    assert Message.objects.filter(occasion=Occasion.PEOPLE_CHANGED, participant=meeting.citizen()).count() == 1
    assert ReasonToRecipient.objects.get().sentence == "Jonas kjenner bedriften."
    assert AuditEvent.objects.get(action="staff.added").reason == "PRACTICAL"
    with pytest.raises(Occupied):
        make.meeting(jonas)


def test_nobody_is_told_of_a_colleague_before_the_invitation_has_left() -> None:
    meeting = make.meeting()
    staff.add_staff(**adding(meeting, make.caseworker("Jonas Prøvesen")))
    assert not Message.objects.filter(occasion=Occasion.PEOPLE_CHANGED).exists()


def test_a_colleague_keeps_the_door_until_they_are_taken_out() -> None:
    meeting, jonas = make.meeting(), make.caseworker(office_number="0398")
    assert not door.can_keep_door(make.actor(jonas), meeting)
    added = staff.add_staff(**adding(meeting, jonas))
    assert door.can_keep_door(make.actor(jonas), meeting)
    assert Meeting.objects.visible_to(make.actor(jonas)).filter(pk=meeting.pk).exists()
    staff.remove_staff(**changing(meeting, participant_id=added.pk))
    assert not door.can_keep_door(make.actor(jonas), meeting)
    assert not Meeting.objects.visible_to(make.actor(jonas)).filter(pk=meeting.pk).exists()
    # The constraint has let go of their time too.
    assert not Occupancy.objects.filter(meeting=meeting, resource__of=jonas.pk).exists()


def test_a_colleague_comes_back_as_the_same_participant() -> None:
    meeting, jonas = make.meeting(), make.caseworker()
    added = staff.add_staff(**adding(meeting, jonas))
    staff.remove_staff(**changing(meeting, participant_id=added.pk))
    assert staff.add_staff(**adding(meeting, jonas)).pk == added.pk
    assert Occupancy.objects.filter(meeting=meeting).count() == 3


def test_a_moved_meeting_takes_the_colleagues_time_with_it() -> None:
    meeting, jonas = make.meeting(), make.caseworker()
    staff.add_staff(**adding(meeting, jonas))
    make.meeting(jonas, day=date(2027, 1, 25), clock=time(13, 0))
    slot = make.wanted(make.citizen(), day=date(2027, 1, 25), clock=time(13, 0)).slot
    with pytest.raises(Occupied):
        changes.move(**changing(meeting, to=slot, place=None))


def test_a_colleague_who_is_taken_then_is_said_to_be_and_named_to_who_may_know() -> None:
    meeting, jonas = make.meeting(), make.caseworker()
    other = make.meeting(jonas)
    elsewhere = make.caseworker(office_number="0398")
    theirs = make.meeting(elsewhere)
    with pytest.raises(Occupied) as refused:
        staff.add_staff(**adding(meeting, jonas))
    assert (refused.value.field, refused.value.extra) == ("colleague", {"meeting": str(other.pk)})
    with pytest.raises(Occupied) as unnamed:
        staff.add_staff(**adding(meeting, elsewhere))
    assert unnamed.value.extra == {}
    assert str(theirs.pk) not in unnamed.value.message
    meeting.refresh_from_db()
    assert meeting.version == 1


@pytest.mark.parametrize("who", ["host", "colleague"])
def test_nobody_takes_part_twice(who: str) -> None:
    meeting, jonas = make.meeting(), make.caseworker()
    staff.add_staff(**adding(meeting, jonas))
    with pytest.raises(Conflict) as refused:
        staff.add_staff(**adding(meeting, meeting.host if who == "host" else jonas))
    assert (refused.value.code, refused.value.field) == ("staff_already", "colleague")


def test_who_has_left_nav_who_may_not_open_the_citizen_and_nobody_are_refused() -> None:
    meeting, jonas, other = make.meeting(), make.caseworker(), make.citizen()
    User.objects.filter(pk=jonas.pk).update(is_active=False)
    with pytest.raises(Invalid) as left:
        staff.add_staff(**adding(meeting, jonas))
    assert (left.value.code, left.value.field) == ("has_left", "colleague")
    User.objects.filter(pk=jonas.pk).update(is_active=True)
    wrong = staff.Colleague(user_id=jonas.pk, clearance=make.clearance(other, make.actor(jonas)))
    borrowed = staff.Colleague(user_id=jonas.pk, clearance=colleague(meeting, meeting.host).clearance)
    for one in (wrong, borrowed):
        with pytest.raises(Conflict) as closed:
            staff.add_staff(**(adding(meeting, jonas) | {"colleague": one}))
        assert closed.value.code == "colleague_no_access"
    old = colleague(meeting, jonas, make.NOW - timedelta(seconds=61))
    with pytest.raises(Unavailable):
        staff.add_staff(**(adding(meeting, jonas) | {"colleague": old}))
    nobody = staff.Colleague(user_id=other.pk, clearance=make.clearance(other, make.actor(jonas)))
    with pytest.raises(Invalid) as unknown:
        staff.add_staff(**(adding(meeting, jonas) | {"colleague": nobody}))
    assert unknown.value.code == "colleague_unknown"
    assert Participant.objects.filter(meeting=meeting, user=jonas).count() == 0


def test_only_caseworkers_of_the_service_take_part_or_lead() -> None:
    """An adviser at the contact centre may open the citizen, and is still no caseworker."""
    meeting, adviser = make.meeting(), make.caseworker("Rådgiver Prøvesen")
    User.objects.filter(pk=adviser.pk).update(is_caseworker=False)
    refused = []
    for verb, argument in ((staff.add_staff, "colleague"), (handing_over.hand_over, "to")):
        more = {"stays": False} if argument == "to" else {}
        with pytest.raises(Invalid, match="logge inn her én gang") as error:
            verb(**changing(meeting, **{argument: colleague(meeting, adviser)}, **more))
        refused.append((error.value.code, error.value.field))
    assert refused == [("not_a_caseworker", "colleague")] * 2
    with pytest.raises(Invalid, match="veiledere"):
        make.meeting(staff=(adviser.pk,))
    assert not Participant.objects.filter(user=adviser).exists()


def test_at_most_ten_from_nav() -> None:
    meeting = make.meeting()
    for _ in range(staff.MOST - 1):
        staff.add_staff(**adding(meeting, make.caseworker()))
    with pytest.raises(Conflict) as refused:
        staff.add_staff(**adding(meeting, make.caseworker()))
    assert refused.value.code == "too_many_staff"


def test_the_host_is_not_taken_out_and_partners_and_strangers_are_no_colleagues() -> None:
    meeting = make.meeting()
    doctor = make.partner(meeting)
    host = Participant.objects.get(meeting=meeting, role=Role.HOST)
    with pytest.raises(Conflict) as refused:
        staff.remove_staff(**changing(meeting, participant_id=host.pk))
    assert refused.value.code == "is_host"
    for who in (doctor, meeting.citizen(), Participant.objects.get(meeting=make.meeting(), role=Role.HOST)):
        with pytest.raises(NotFound):
            staff.remove_staff(**changing(meeting, participant_id=who.pk))


def test_a_cancelled_meeting_an_old_version_a_stranger_and_a_guest_change_nobody() -> None:
    meeting, jonas = make.meeting(), make.caseworker()
    guest = make.caseworker(office_number="0398")
    with pytest.raises(Stale):
        staff.add_staff(**(adding(meeting, jonas) | {"version": 9}))
    with pytest.raises(NotFound):
        staff.add_staff(**adding(meeting, jonas, by=make.actor(guest)))
    staff.add_staff(**adding(meeting, guest))
    with pytest.raises(NotPermitted):
        staff.add_staff(**adding(meeting, jonas, by=make.actor(guest)))
    changes.cancel(**changing(meeting))
    with pytest.raises(WrongState):
        staff.add_staff(**adding(meeting, jonas))


def test_where_two_must_be_there_the_rehearsal_says_so_without_saying_why() -> None:
    meeting, jonas = make.meeting(), make.caseworker()
    two = {"safety_measures": frozenset({"TOAN"})}
    added = staff.add_staff(**adding(meeting, jonas, **two))
    would = rehearse(staff.remove_staff, **changing(meeting, participant_id=added.pk, **two))
    assert would.lacks == [fitting.TWO_FROM_NAV]
    assert fitting.TWO_FROM_NAV not in rehearse(staff.remove_staff, **changing(meeting, participant_id=added.pk)).lacks


def test_each_recipients_sentence_is_theirs_alone() -> None:
    meeting = make.meeting()
    doctor, employer = make.partner(meeting), make.partner(meeting, make.employer())
    why = Why(Reason.PRACTICAL, "Til Kari.", {doctor.pk: "Til legen."})
    changes.cancel(**changing(meeting, why=why))
    kept = {one.participant_id: one.sentence for one in ReasonToRecipient.objects.all()}
    assert kept == {meeting.citizen().pk: "Til Kari.", doctor.pk: "Til legen."}
    assert employer.pk not in kept
    assert "Til" not in str(list(AuditEvent.objects.values()))


def test_a_sentence_to_one_who_takes_no_part_is_refused_and_one_too_long_too() -> None:
    meeting = make.meeting()
    doctor = make.partner(meeting)
    host = Participant.objects.get(meeting=meeting, role=Role.HOST)
    remove_partner(**explained(meeting, participant_id=doctor.pk))
    for who in (doctor, host):
        with pytest.raises(Invalid) as refused:
            changes.cancel(**changing(meeting, why=Why(Reason.PRACTICAL, "", {who.pk: "Hei."})))
        assert refused.value.field == f"sentences.{who.pk}"
    with pytest.raises(Invalid):
        changes.cancel(**changing(meeting, why=Why(Reason.PRACTICAL, "", {meeting.citizen().pk: "x" * 301})))
