"""An answer holds while what it was given to holds, and nobody has been told otherwise since."""

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from invitations import attendance, still_true
from invitations.answers import answer, latest
from invitations.messages import look_again
from invitations.messages.send import Swept
from invitations.models import Answer, Message, Occasion, Step
from invitations.serializers import AnswerOutput
from meetings import changes, reinstating
from meetings.models import Format, Meeting, Participant, Reason
from meetings.places import Place
from navmeet.change import rehearse
from navmeet.pages.staff import words
from navmeet.pages.staff.week_rows import answer_tag
from navmeet.people.models import Person
from tests import make
from tests.invitations.messages.broker import FakeTopic
from tests.invitations.messages.test_untold import HOUR, PHONE, _as_host, _moving, cancel, hold, later, move

pytestmark = pytest.mark.django_db
Sweep = Callable[[datetime], Swept]
NOW = make.NOW


@pytest.fixture
def meeting(kari: Person, sweep: Sweep) -> Meeting:
    """Told at NOW, of Thursday 21 January at 10, and answered."""
    made = make.meeting(person=kari)
    sweep(NOW)
    say(made, NOW)
    sweep(NOW)
    return made


def say(meeting: Meeting, at: datetime, kind: Answer.Kind = Answer.Kind.COMING) -> Answer:
    meeting.refresh_from_db()
    participant = meeting.citizen()
    assert participant.person is not None
    return answer(
        invitation_id=participant.invitation.pk,
        revision_number=meeting.revision_number,
        kind=kind,
        words="",
        by=make.citizen_actor(participant.person),
        at=at,
    )


def said(meeting: Meeting) -> Answer:
    """As somebody reads it now, with nothing remembered."""
    participant = Participant.objects.get(pk=meeting.citizen().pk)
    given = latest(participant.invitation)
    assert given is not None
    return given


def reinstate(meeting: Meeting, at: datetime) -> dict[str, Any]:
    return {
        "why": changes.Why(Reason.MISTAKE),
        "can_be_told": True,
        "safety_measures": frozenset(),
        "overrule": make.ANYHOW,
        **_as_host(meeting, at),
    }


def test_an_answer_holds_after_a_move_that_was_taken_back_untold(meeting: Meeting) -> None:
    move(meeting, HOUR, 22)
    assert not still_true.holds(said(meeting))
    move(meeting, later(5), 21)
    assert still_true.holds(said(meeting))
    assert answer_tag(said(meeting)) == words.ANSWERS[Answer.Kind.COMING]
    assert AnswerOutput(said(meeting)).data["holds"] is True


def test_an_answer_to_a_time_that_was_left_is_shown_as_not_to_this_one(meeting: Meeting) -> None:
    move(meeting, HOUR, 22)
    assert answer_tag(said(meeting)) == words.NOT_ANSWERED_ANEW
    assert AnswerOutput(said(meeting)).data["holds"] is False


def test_a_move_taken_back_after_it_was_told_asks_anew(meeting: Meeting, sweep: Sweep) -> None:
    move(meeting, HOUR, 22)
    sweep(later(10))
    move(meeting, later(20), 21)
    assert not still_true.holds(said(meeting))


def test_another_way_of_meeting_taken_back_untold_takes_nothing_from_the_answer(meeting: Meeting) -> None:
    hold(meeting, HOUR, Format.PHONE, PHONE)
    assert not still_true.holds(said(meeting))
    hold(meeting, later(1), Format.VIDEO, Place())
    assert still_true.holds(said(meeting))


def test_the_rehearsal_of_taking_it_back_asks_nobody_anew(meeting: Meeting) -> None:
    away = rehearse(changes.move, **_moving(meeting, HOUR, 22))
    assert len(away.lapses) == 1
    move(meeting, HOUR, 22)
    back = rehearse(changes.move, **_moving(meeting, later(5), 21))
    assert back.lapses == []
    move(meeting, later(5), 21)
    again = rehearse(changes.move, **_moving(meeting, later(6), 22))
    assert again.lapses == away.lapses


def test_of_what_lapsed_before_the_rehearsal_says_nothing_again(meeting: Meeting) -> None:
    move(meeting, HOUR, 22)
    assert rehearse(changes.move, **_moving(meeting, later(5), 25)).lapses == []


def test_a_cancellation_nobody_heard_of_takes_nothing_from_the_answer(meeting: Meeting, sweep: Sweep) -> None:
    cancel(meeting, HOUR)
    assert rehearse(reinstating.reinstate, **reinstate(meeting, later(1))).lapses == []
    reinstating.reinstate(**reinstate(meeting, later(1)))
    assert still_true.holds(said(meeting))
    cancel(meeting, later(2))
    sweep(later(2))
    (lapse,) = rehearse(reinstating.reinstate, **reinstate(meeting, later(3))).lapses
    assert "«kommer»" in lapse
    reinstating.reinstate(**reinstate(meeting, later(3)))
    assert not still_true.holds(said(meeting))


def test_who_has_answered_is_not_reminded_of_an_open_task_after_a_move_taken_back(meeting: Meeting) -> None:
    """The retraction of the task is what a broken Min side may not have done: the answer says it too."""
    Message.objects.filter(meeting=meeting, occasion=Occasion.INVITED).get().retraction.delete()
    move(meeting, HOUR, 22)
    move(meeting, later(5), 21)
    reminder = Message(meeting=meeting, participant=meeting.citizen(), step=Step.DAYS_7)
    assert look_again.unanswered([reminder]) == set()
    Answer.objects.all().update(revision_number=2)
    assert look_again.unanswered([reminder]) == {meeting.citizen().pk}


def test_a_partner_who_comes_another_way_is_not_asked_anew_by_another_format(meeting: Meeting) -> None:
    """Only what is theirs counts: see own.py."""
    own, other = (make.partner(meeting, one) for one in (make.doctor(), make.employer()))
    Participant.objects.filter(pk=own.pk).update(way_in=Format.VIDEO)
    given = [
        Answer.objects.create(
            invitation=one.invitation, revision_number=1, kind=Answer.Kind.COMING, is_known=True, given_at=NOW
        )
        for one in (own, other)
    ]
    hold(meeting, HOUR, Format.PHONE, PHONE)
    fresh = Answer.objects.filter(pk__in=[one.pk for one in given])
    assert still_true.of_now(fresh) == {given[0].pk}


def test_who_was_told_of_the_time_that_holds_can_be_noted_as_not_there(meeting: Meeting) -> None:
    move(meeting, HOUR, 22)
    move(meeting, later(5), 21)
    meeting.refresh_from_db()
    participant = meeting.citizen()
    Answer.objects.all().delete()
    Message.objects.filter(meeting=meeting, occasion=Occasion.INVITED).update(state="DELIVERED")
    assert attendance._was_told(participant, meeting, None)
    move(meeting, later(6), 22)
    meeting.refresh_from_db()
    assert not attendance._was_told(participant, meeting, None)


def test_it_is_asked_in_as_many_queries_for_one_as_for_many(meeting: Meeting, topic: FakeTopic) -> None:
    move(meeting, HOUR, 22, time(10))
    move(meeting, later(1), 21, time(10))
    given = list(Answer.objects.select_related("invitation__participant__meeting"))
    with CaptureQueriesContext(connection) as few:
        assert still_true.of_now(given) == {one.pk for one in given}
    for minute in (2, 3):
        say(meeting, later(minute))
        move(meeting, later(minute), 22)
        move(meeting, later(minute), 21)
    given = list(Answer.objects.select_related("invitation__participant__meeting"))
    assert len(given) == 3
    with CaptureQueriesContext(connection) as many:
        assert len(still_true.of_now(given)) == 3
    assert len(few) == len(many) == 2
