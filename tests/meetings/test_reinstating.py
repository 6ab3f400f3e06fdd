"""A cancelled meeting is to be held after all: a new revision, told truthfully, if the time is free."""

from datetime import timedelta
from typing import Any

import pytest

from invitations import answers, door
from invitations.models import Answer, Consent, Invitation, Message, Occasion, Retraction
from invitations.models import Why as WhyNot
from meetings import calendars, changes, formats, handing_over, reinstating
from meetings.calendars import Occupied
from meetings.changes import Why
from meetings.models import Format, Meeting, Occupancy, Reason, Revision, Status, Task
from meetings.places import Place
from meetings.safety import Excluded
from meetings.states import WrongState
from navmeet.change import rehearse
from navmeet.exceptions import Conflict, NotFound, Stale
from navmeet.people.models import Person
from tests import make
from tests.meetings.setting import changing, colleague

pytestmark = pytest.mark.django_db


def to(meeting: Meeting, **more: Any) -> dict[str, Any]:
    return changing(meeting, **({"safety_measures": frozenset()} | more))


def sent(meeting: Meeting, occasion: Occasion) -> None:
    Message.objects.filter(meeting=meeting, occasion=occasion).update(sent_at=make.NOW, attempts=1, state="SENT")


@pytest.fixture
def cancelled() -> Meeting:
    """The citizen was invited, and has been told that it is cancelled."""
    meeting = make.meeting()
    sent(meeting, Occasion.INVITED)
    changes.cancel(**changing(meeting))
    sent(meeting, Occasion.CANCELLED)
    meeting.refresh_from_db()
    return meeting


def test_it_is_to_be_held_at_the_time_it_had_with_a_new_revision(cancelled: Meeting) -> None:
    assert not Occupancy.objects.exists()
    meeting = reinstating.reinstate(**to(cancelled))
    assert (meeting.status, meeting.cancelled_at, meeting.cancelled_by) == (Status.SCHEDULED, None, None)
    assert (meeting.version, meeting.sequence, meeting.revision_number) == (3, 2, 2)
    first, second = Revision.objects.filter(meeting=meeting).order_by("number")
    assert (first.starts_at, first.meant, first.format) == (second.starts_at, second.meant, second.format)
    assert Occupancy.objects.filter(meeting=meeting).count() == 2
    with pytest.raises(Occupied):
        make.meeting(meeting.host)


def test_the_citizen_hears_that_it_is_not_cancelled_and_the_cancellation_is_taken_back(cancelled: Meeting) -> None:
    cancellation = Message.objects.get(occasion=Occasion.CANCELLED)
    would = rehearse(reinstating.reinstate, **to(cancelled))
    assert "er ikke avlyst likevel" in would.messages[0].texts["ditt_nav"]
    reinstating.reinstate(**to(cancelled))
    told = Message.objects.get(occasion=Occasion.REINSTATED)
    assert (told.state, told.about_number) == ("PLANNED", 2)
    retraction = Retraction.objects.get(message=cancellation)
    assert (retraction.after_id, retraction.state) == (told.pk, "PLANNED")
    reminders = Message.objects.filter(occasion=Occasion.REMINDER, state="PLANNED")
    assert set(reminders.values_list("about_number", flat=True)) == {2}
    assert reminders.count() >= 1


def test_a_cancellation_that_had_not_left_never_does() -> None:
    meeting = make.meeting()
    sent(meeting, Occasion.INVITED)
    changes.cancel(**changing(meeting))
    would = rehearse(reinstating.reinstate, **to(meeting))
    assert [one.occasion for one in would.overtaken] == ["CANCELLED"]
    reinstating.reinstate(**to(meeting))
    cancellation = Message.objects.get(occasion=Occasion.CANCELLED)
    assert (cancellation.state, cancellation.why) == ("VOID", WhyNot.REINSTATED)
    # What the invitation's own taking back waited for waits for the new word: never a moment without the link.
    invited = Retraction.objects.get(message__occasion=Occasion.INVITED)
    assert invited.after is not None
    assert invited.after.occasion == Occasion.REINSTATED


def test_one_who_was_never_told_of_it_is_invited() -> None:
    meeting = make.meeting()
    changes.cancel(**changing(meeting))
    reinstating.reinstate(**to(meeting))
    assert not Message.objects.filter(occasion=Occasion.REINSTATED).exists()
    assert Message.objects.get(occasion=Occasion.INVITED, state="PLANNED").about_number == 2
    assert not Message.objects.filter(occasion=Occasion.CANCELLED, state="PLANNED").exists()


def test_a_letter_that_says_that_it_is_cancelled_is_nobodys_task_any_more() -> None:
    meeting = make.meeting(can_be_told=False)
    Task.objects.filter(meeting=meeting).update(done_at=make.NOW, done_by=meeting.host_id)
    changes.cancel(**changing(meeting, can_be_told=False))
    assert Task.objects.filter(meeting=meeting, done_at=None, about__startswith="CANCELLED").exists()
    reinstating.reinstate(**to(meeting, can_be_told=False))
    open_ones = Task.objects.filter(meeting=meeting, done_at=None)
    assert set(open_ones.values_list("about", flat=True)) == {"REINSTATED:2"}


def test_partners_hear_it_too_by_the_same_link() -> None:
    meeting = make.meeting()
    doctor = make.partner(meeting)
    Consent.objects.create(
        person_id=meeting.citizen_id(),
        meeting=meeting,
        purpose=Consent.Purpose.PARTNER_TAKES_PART,
        recipient=doctor,
        said_yes=True,
        text_version="partner-1",
        text_language="nb",
        text_shown="Lise Legesen (Prøveby legesenter)",
        given=Consent.Given.PAGE,
        given_by=meeting.citizen_id(),
        given_at=make.NOW,
    )
    Invitation.objects.filter(participant=doctor).update(closed_at=None)
    Message.objects.create(
        meeting=meeting,
        participant=doctor,
        occasion=Occasion.INVITED,
        about_id=meeting.pk,
        about_number=1,
        channel="EMAIL",
        language="nb",
        due_at=make.NOW,
        not_after=meeting.ends_at,
        state="SENT",
        attempts=1,
        sent_at=make.NOW,
        planned_at=make.NOW,
    )
    changes.cancel(**changing(meeting))
    reinstating.reinstate(**to(meeting))
    told = Message.objects.filter(participant=doctor, state="PLANNED")
    assert "REINSTATED" in set(told.values_list("occasion", flat=True))
    assert "CANCELLED" not in set(told.values_list("occasion", flat=True))


def test_the_door_opens_again_and_the_link_is_the_same(cancelled: Meeting) -> None:
    invitation = Invitation.objects.select_related("participant__meeting").get()
    assert door.may_come_in(invitation, cancelled.starts_at) == door.Decision.CANCELLED
    reinstating.reinstate(**to(cancelled))
    invitation = Invitation.objects.select_related("participant__meeting").get(pk=invitation.pk)
    assert door.may_come_in(invitation, cancelled.starts_at) == door.Decision.OPEN


def test_a_time_that_is_taken_is_not_taken_back(cancelled: Meeting) -> None:
    other = make.meeting(cancelled.host)
    with pytest.raises(Occupied) as refused:
        reinstating.reinstate(**to(cancelled))
    assert (refused.value.field, refused.value.extra) == ("time", {"meeting": str(other.pk)})
    cancelled.refresh_from_db()
    assert (cancelled.status, cancelled.version, Revision.objects.filter(meeting=cancelled).count()) == (
        *("CANCELLED", 2),
        1,
    )


def test_the_database_refuses_too(cancelled: Meeting, monkeypatch: pytest.MonkeyPatch) -> None:
    make.meeting(cancelled.host)
    monkeypatch.setattr(calendars, "check_free", lambda *_, **__: None)
    with pytest.raises(Conflict) as refused:
        reinstating.reinstate(**to(cancelled))
    assert refused.value.code == "taken"


def test_a_time_that_is_past_is_said_to_be(cancelled: Meeting) -> None:
    with pytest.raises(WrongState) as refused:
        reinstating.reinstate(**to(cancelled, at=cancelled.ends_at))
    assert "passert" in refused.value.message
    during = cancelled.starts_at + timedelta(minutes=5)
    assert reinstating.reinstate(**to(cancelled, at=during)).status == Status.SCHEDULED


def test_what_is_not_cancelled_a_stranger_an_old_version_and_twice(cancelled: Meeting) -> None:
    with pytest.raises(WrongState):
        reinstating.reinstate(**to(make.meeting()))
    with pytest.raises(NotFound):
        reinstating.reinstate(**to(cancelled, by=make.actor(make.caseworker(office_number="0398"))))
    with pytest.raises(Stale):
        reinstating.reinstate(**(to(cancelled) | {"version": 1}))
    reinstating.reinstate(**to(cancelled))
    with pytest.raises(WrongState):
        reinstating.reinstate(**to(cancelled))


def test_a_safety_measure_that_came_since_and_a_death(cancelled: Meeting) -> None:
    with pytest.raises(Excluded):
        reinstating.reinstate(**to(cancelled, safety_measures=frozenset({"DIUS"})))
    Person.objects.filter(pk=cancelled.citizen_id()).update(deceased_known_at=make.NOW)
    with pytest.raises(Conflict) as refused:
        reinstating.reinstate(**to(cancelled))
    assert refused.value.code == "deceased"


def test_an_answer_from_before_no_longer_holds_and_the_rehearsal_says_so() -> None:
    meeting = make.meeting()
    person = meeting.citizen().person
    assert person is not None
    answers.answer(
        invitation_id=Invitation.objects.get().pk,
        revision_number=1,
        kind=Answer.Kind.COMING,
        words="",
        by=make.citizen_actor(person),
        at=make.NOW,
    )
    changes.cancel(**changing(meeting))
    sent(meeting, Occasion.CANCELLED)
    would = rehearse(reinstating.reinstate, **to(meeting))
    (lapse,) = would.lapses
    assert lapse.startswith("Innbyggeren har svart: «kommer». Svaret gjelder ikke lenger")


def test_it_can_be_cancelled_moved_and_reinstated_again(cancelled: Meeting) -> None:
    meeting = reinstating.reinstate(**to(cancelled, why=Why(Reason.MISTAKE, "Det var en feil.")))
    formats.change_format(
        **changing(meeting, to=Format.PHONE, place=Place(caller="NAV", phone="99112233"), safety_measures=frozenset())
    )
    changes.cancel(**changing(meeting))
    again = reinstating.reinstate(**to(meeting))
    assert (again.format, again.revision_number, again.sequence, again.version) == ("PHONE", 4, 5, 6)
    assert Revision.objects.get(meeting=meeting, number=4).phone == "99112233"


def test_a_meeting_that_was_only_proposed_was_never_cancelled_and_says_so() -> None:
    meeting = make.meeting()
    Meeting.objects.filter(pk=meeting.pk).update(status=Status.PROPOSED)
    with pytest.raises(WrongState, match="foreslått"):
        reinstating.reinstate(**to(meeting))
    host = colleague(meeting, make.caseworker("Jonas Prøvesen"))
    with pytest.raises(WrongState, match="foreslått"):
        handing_over.hand_over(**changing(meeting, to=host, stays=False))
