"""What was planned is void, and what holds now is planned, in the transaction of the change: both, or neither."""

import threading
from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from invitations.messages import overtake, rows
from invitations.models import Message
from meetings.models import Meeting
from navmeet.people.models import Person
from tests import make
from tests.invitations.messages.test_telling import _move

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("senders")]

Planned = list[tuple[str, str, datetime]]


def planned(meeting: Meeting) -> Planned:
    found = Message.objects.filter(meeting=meeting, state="PLANNED").order_by("due_at", "pk")
    return list(found.values_list("occasion", "step", "due_at"))


def seen_by_others(meeting: Meeting) -> Planned:
    """What a sender would find at this moment, on a connection of its own."""
    found: list[Planned] = []

    def look() -> None:
        found.append(planned(meeting))
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join(30)
    return found[0]


def test_a_sender_sees_the_plan_of_before_whole_or_the_plan_of_now_whole(
    kari: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = make.meeting(person=kari)
    make.told(meeting)
    before, plan_all, meanwhile = planned(meeting), rows.plan_all, []

    def looked_at(*args: Any, **kwargs: Any) -> Any:
        meanwhile.append((planned(meeting), seen_by_others(meeting)))
        return plan_all(*args, **kwargs)

    monkeypatch.setattr(rows, "plan_all", looked_at)
    _move(meeting, make.later(hours=1))
    # Inside, the reminders of before are void already, and the new ones are not written yet.
    ((inside, outside),) = meanwhile
    assert [step for _, step, _ in inside] == ["ONCE"]
    assert outside == before
    after = seen_by_others(meeting)
    assert [step for _, step, _ in after] == ["ONCE", "1_DAY", "1_HOUR"]
    assert not set(after) & set(before)


@pytest.mark.parametrize("where", [(rows, "plan"), (rows, "plan_all"), (overtake, "replace")])
def test_where_anything_of_it_fails_nothing_is_void_and_nothing_new_is_planned(
    kari: Person, monkeypatch: pytest.MonkeyPatch, where: tuple[Any, str]
) -> None:
    meeting = make.meeting(person=kari)
    make.told(meeting)
    before = list(Message.objects.order_by("pk").values_list())

    def fails(*_: Any, **__: Any) -> None:
        raise RuntimeError("struck")

    monkeypatch.setattr(*where, fails)
    with pytest.raises(RuntimeError, match="struck"):
        _move(meeting, make.later(hours=1))
    assert list(Message.objects.order_by("pk").values_list()) == before
    meeting.refresh_from_db()
    assert meeting.revision_number == 1
