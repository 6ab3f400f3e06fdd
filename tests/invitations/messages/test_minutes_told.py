"""Minutes shared, shared anew, taken back: told neutrally, one at a time on Ditt NAV, and by letter where need be."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest

from invitations.messages.plan_minutes import plan_minutes_recalled
from invitations.messages.send import Swept
from invitations.models import Message, Occasion
from meetings.models import Meeting, Task
from minutes.events import MinutesShared
from navmeet.outbox.publish import Consequences, gathering
from navmeet.people.models import Person
from navmeet.reactions import REACTIONS
from tests import make
from tests.invitations.messages.broker import FakeTopic

pytestmark = pytest.mark.django_db
Sweep = Callable[[datetime], Swept]
FIRST, SECOND = UUID(int=1), UUID(int=2)
DAY, LATER = make.later(days=20), make.later(days=21)


@pytest.fixture
def meeting(kari: Person, sweep: Sweep) -> Meeting:
    made = make.meeting(person=kari)
    sweep(make.NOW)
    return made


def share(meeting: Meeting, version: UUID, number: int, at: datetime, *, can_be_told: bool = True) -> Consequences:
    """As when the verb publishes it."""
    event = MinutesShared(meeting_id=meeting.pk, version_id=version, number=number, can_be_told=can_be_told, at=at)
    with gathering() as found:
        for reaction in REACTIONS[MinutesShared]:
            found.add(reaction(event) or Consequences())
    return found


def recall(meeting: Meeting, version: UUID, number: int, at: datetime, *, can_be_told: bool = True) -> None:
    with gathering():
        plan_minutes_recalled(meeting.pk, version, number, can_be_told, at)


def told(meeting: Meeting) -> list[tuple[str, str]]:
    found = Message.objects.filter(meeting=meeting, occasion__startswith="MINUTES").order_by("planned_at", "pk")
    return [(one.occasion, one.state) for one in found]


def texts_now(topic: FakeTopic) -> list[str]:
    """What stands on Ditt NAV of minutes, in bokmål."""
    found = [event["tekster"][0]["tekst"] for event in topic.active()]
    return [text for text in found if "eferat" in text]


def test_a_later_version_is_told_as_changed_and_takes_the_place_of_the_first(
    meeting: Meeting, sweep: Sweep, topic: FakeTopic
) -> None:
    share(meeting, FIRST, 1, DAY)
    sweep(DAY)
    share(meeting, SECOND, 2, LATER)
    sweep(LATER)
    assert told(meeting) == [("MINUTES_SHARED", "SENT"), ("MINUTES_AMENDED", "SENT")]
    assert texts_now(topic) == ["Referatet fra møtet ditt med Nav er endret. Les den nye versjonen."]
    event = topic.shown()[-1]
    assert event["sensitivitet"] == "high"
    assert "referat" not in str(event["eksternVarsling"]).lower()


def test_a_later_version_before_the_first_was_told_is_the_first_they_hear_of(
    meeting: Meeting, sweep: Sweep, topic: FakeTopic
) -> None:
    share(meeting, FIRST, 1, DAY)
    found = share(meeting, SECOND, 2, DAY)
    assert found.voided == 1
    sweep(DAY)
    assert told(meeting) == [("MINUTES_SHARED", "VOID"), ("MINUTES_SHARED", "SENT")]
    assert texts_now(topic) == ["Du har fått et referat fra møtet ditt med Nav."]


def test_the_same_version_told_of_twice_is_told_once(meeting: Meeting, sweep: Sweep) -> None:
    for version, number in ((FIRST, 1), (FIRST, 1), (SECOND, 2), (SECOND, 2)):
        share(meeting, version, number, DAY)
        sweep(DAY)
    assert told(meeting) == [("MINUTES_SHARED", "SENT"), ("MINUTES_AMENDED", "SENT")]


def test_minutes_taken_back_are_told_so_and_nothing_says_that_they_can_be_read(
    meeting: Meeting, sweep: Sweep, topic: FakeTopic
) -> None:
    share(meeting, FIRST, 1, DAY)
    sweep(DAY)
    share(meeting, SECOND, 2, LATER)
    recall(meeting, SECOND, 2, LATER)
    sweep(LATER)
    assert told(meeting) == [("MINUTES_SHARED", "SENT"), ("MINUTES_AMENDED", "VOID"), ("MINUTES_RECALLED", "SENT")]
    [text] = texts_now(topic)
    assert text.startswith("Referatet fra møtet ditt med Nav er trukket tilbake.")
    assert topic.shown()[-1]["sensitivitet"] == "high"


def test_minutes_taken_back_before_they_were_told_are_told_of_all_the_same(meeting: Meeting, sweep: Sweep) -> None:
    share(meeting, FIRST, 1, DAY)
    recall(meeting, FIRST, 1, DAY)
    sweep(DAY)
    assert told(meeting) == [("MINUTES_SHARED", "VOID"), ("MINUTES_RECALLED", "SENT")]


def test_no_letter_with_minutes_that_hold_no_more_is_asked_for(meeting: Meeting) -> None:
    def asked() -> list[str]:
        found = Task.objects.filter(meeting=meeting, kind=Task.Kind.SEND_LETTER, done_at=None)
        return list(found.values_list("about", flat=True))

    share(meeting, FIRST, 1, DAY, can_be_told=False)
    assert asked() == ["MINUTES_SHARED:1"]
    share(meeting, SECOND, 2, LATER, can_be_told=False)
    assert asked() == ["MINUTES_AMENDED:2"]
    recall(meeting, SECOND, 2, LATER, can_be_told=False)
    assert asked() == ["MINUTES_RECALLED:2"]
    assert Occasion.MINUTES_RECALLED in {one for one, _ in told(meeting)}
