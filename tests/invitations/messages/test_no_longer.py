"""Letters and calls that nobody has to see to any more end by themselves, and say why; what still holds stays."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from invitations import tasks as worker
from invitations.messages import consume, ladder, letters, no_longer, receipts, rows
from invitations.messages.log import Kind, message_log
from invitations.messages.rows import About, Told
from invitations.messages.send import Swept
from invitations.models import Message, Occasion
from meetings import reinstating
from meetings.models import Meeting, Task
from navmeet import clock
from navmeet.pages.staff import words
from navmeet.people.models import Person
from tests import make
from tests.invitations.messages.test_again import again
from tests.invitations.messages.test_receipts import event
from tests.invitations.messages.test_still_true import reinstate
from tests.invitations.messages.test_telling import _answer, _move, cancel

pytestmark = pytest.mark.django_db

Sweep = Callable[[datetime], Swept]
NOW, HOUR, TWO = make.NOW, make.later(hours=1), make.later(hours=2)
OPEN = ""


@pytest.fixture
def unreachable(kari: Person) -> Meeting:
    """Booked for one who cannot be told digitally, near enough that somebody is to ring too."""
    return make.meeting(person=kari, can_be_told=False, day=make.later(days=7).date())


def tasks(meeting: Meeting) -> dict[str, str]:
    """By kind and occasion: why it ended, "" while it is open."""
    return {
        f"{one.kind} {one.about.partition(':')[0]}": one.ended
        for one in Task.objects.filter(meeting=meeting)
        if (one.ended == OPEN) is (one.done_at is None)
    }


def said(meeting: Meeting, kind: Kind) -> list[str]:
    return [line.words for line in message_log(meeting) if line.kind == kind]


def test_sent_again_and_delivered_nobody_posts_or_rings_and_each_says_why(unreachable: Meeting, sweep: Sweep) -> None:
    row = again(unreachable).message
    sweep(HOUR)
    assert tasks(unreachable) == {"SEND_LETTER INVITED": OPEN, "CALL INVITED": OPEN}, "it may still fail"
    row.refresh_from_db()
    receipts.keep(consume.read([event(row, "sendt")]), TWO)
    assert tasks(unreachable) == {"SEND_LETTER INVITED": "ARRIVED", "CALL INVITED": "ARRIVED"}
    why = "Ikke nødvendig lenger: varselet kom fram som SMS mandag 11. januar kl. 12.00"
    assert said(unreachable, Kind.SEND_LETTER) == said(unreachable, Kind.CALL) == [why]


def test_moved_what_the_letter_was_to_say_holds_no_more_and_a_new_one_says_it(unreachable: Meeting) -> None:
    _move(unreachable, HOUR, can_be_told=False)
    assert tasks(unreachable) == {
        "SEND_LETTER INVITED": "OVERTAKEN",
        "CALL INVITED": "OVERTAKEN",
        "SEND_LETTER MOVED": OPEN,
    }
    assert said(unreachable, Kind.SEND_LETTER)[0] == (
        "Ikke nødvendig lenger: noe nyere er planlagt eller fortalt, mandag 11. januar kl. 11.00"
    )


def test_what_only_adds_to_it_leaves_the_letter_of_the_invitation(unreachable: Meeting, sweep: Sweep) -> None:
    row = again(unreachable).message
    sweep(HOUR)
    Task.objects.filter(meeting=unreachable).update(made_at=HOUR)
    Message.objects.filter(pk=row.pk).update(occasion=Occasion.PEOPLE_CHANGED)
    row.refresh_from_db()
    receipts.keep(consume.read([event(row, "sendt")]), TWO)
    assert tasks(unreachable) == {"SEND_LETTER INVITED": OPEN, "CALL INVITED": OPEN}


def test_a_receipt_that_comes_late_ends_nothing_that_was_asked_since(kari: Person, sweep: Sweep) -> None:
    meeting = make.meeting(person=kari)
    sweep(NOW)
    row = Message.objects.get(meeting=meeting, occasion="INVITED")
    _move(meeting, HOUR, can_be_told=False)
    receipts.keep(consume.read([event(row, "sendt")]), TWO)
    assert tasks(meeting) == {"SEND_LETTER MOVED": OPEN}


def test_who_has_answered_is_not_rung_to_and_gets_their_letter(unreachable: Meeting) -> None:
    _answer(unreachable, HOUR)
    assert tasks(unreachable) == {"SEND_LETTER INVITED": OPEN, "CALL INVITED": "ANSWERED"}
    assert said(unreachable, Kind.CALL) == ["Ikke nødvendig lenger: deltakeren svarte mandag 11. januar kl. 11.00"]


def test_cancelled_nobody_posts_the_invitation_and_the_letter_that_was_not_posted_told_nothing(
    unreachable: Meeting,
) -> None:
    cancel(unreachable, HOUR, can_be_told=False)
    assert tasks(unreachable)["SEND_LETTER INVITED"] == "OVERTAKEN"
    assert tasks(unreachable)["SEND_LETTER CANCELLED"] == OPEN
    reinstating.reinstate(**(reinstate(unreachable, TWO) | {"can_be_told": False}))
    assert tasks(unreachable)["SEND_LETTER CANCELLED"] == "OVERTAKEN"
    # Nobody ever wrote to them: what they get is an invitation.
    assert Message.objects.filter(meeting=unreachable).latest("planned_at").occasion == Occasion.INVITED


def test_of_two_letters_about_who_comes_only_the_last_is_posted_and_the_invitation_still_is(
    unreachable: Meeting,
) -> None:
    told = Told(unreachable, unreachable.citizen(), can_be_told=False, at=HOUR)
    for number in (2, 3):
        about = About(unreachable.pk, number)
        rows.plan(told, Occasion.PEOPLE_CHANGED, about, rows.until_end(unreachable, HOUR))
    ended = Task.objects.filter(meeting=unreachable, kind="SEND_LETTER").values_list("about", "ended")
    assert dict(ended) == {"INVITED:1": OPEN, "PEOPLE_CHANGED:2": "OVERTAKEN", "PEOPLE_CHANGED:3": OPEN}


# --- a meeting that has begun, or is over


@pytest.mark.parametrize(
    ("occasion", "asked_until"),
    [("PEOPLE_CHANGED", "starts_at"), ("CANCELLED", "ends_at"), ("MINUTES_SHARED", None)],
)
def test_nobody_is_asked_to_ring_when_it_is_too_late_to_help(
    kari: Person, sweep: Sweep, occasion: str, asked_until: str | None
) -> None:
    meeting = make.meeting(person=kari)
    sweep(NOW)
    row = Message.objects.get(meeting=meeting, occasion="INVITED")
    row.occasion = occasion
    until = getattr(meeting, asked_until) if asked_until else make.later(days=30)
    ladder.ask_a_person(row, until)
    assert Task.objects.filter(meeting=meeting).exists() is (asked_until is None)
    Task.objects.all().delete()
    ladder.ask_a_person(row, until - timedelta(seconds=1))
    assert Task.objects.filter(meeting=meeting, kind=Task.Kind.NOT_REACHED).exists()


@pytest.mark.parametrize("occasion", ["INVITED", "MOVED"])
def test_who_was_never_told_when_to_come_is_contacted_about_another_meeting_until_it_is_concluded(
    kari: Person, sweep: Sweep, occasion: str
) -> None:
    meeting = make.meeting(person=kari)
    sweep(NOW)
    row = Message.objects.get(meeting=meeting, occasion="INVITED")
    row.occasion = occasion
    ladder.ask_a_person(row, meeting.ends_at)
    asked = Task.objects.get(meeting=meeting)
    assert words.task(asked).startswith("Innbyggeren fikk ikke vite ")
    assert words.task(asked).endswith(" i tide. Ta kontakt, og avtal et nytt møte.")
    assert asked.due_at > meeting.ends_at
    assert no_longer.end_over(meeting.ends_at + timedelta(days=1)) == 0
    Meeting.objects.filter(pk=meeting.pk).update(status="NOT_HELD")
    assert no_longer.end_over(meeting.ends_at + timedelta(days=1)) == 1


def test_one_who_cannot_be_told_digitally_is_not_rung_to_once_it_has_begun(kari: Person) -> None:
    meeting = make.meeting(person=kari)
    asked = letters.ask_for_letter(meeting, Occasion.FORMAT_CHANGED, 1, meeting.starts_at)
    assert [one.kind for one in asked] == ["SEND_LETTER"]
    assert letters.ask_to_ring(meeting, Occasion.FORMAT_CHANGED, 1, meeting.starts_at) == []


def test_once_it_is_over_nobody_rings_or_invites_by_letter_but_what_came_after_stays(kari: Person) -> None:
    meeting = make.meeting(person=kari, can_be_told=False, day=make.later(days=7).date())
    row = Message.objects.get(meeting=meeting, occasion="INVITED")
    ladder.ask_a_person(row, HOUR)
    Message.objects.filter(pk=row.pk).update(occasion=Occasion.WHAT_HAPPENED)
    for occasion in (Occasion.CANCELLED, Occasion.MINUTES_SHARED):
        letters.ask_for_letter(meeting, occasion, 1, HOUR)
    assert no_longer.end_over(meeting.ends_at - timedelta(seconds=1)) == 0
    assert no_longer.end_over(meeting.ends_at) == 4
    ended = {f"{one.kind} {one.about[:9]}" for one in Task.objects.filter(ended="OVER")}
    assert ended == {"CALL CANCELLED", "CALL INVITED:1", "SEND_LETTER INVITED:1", "NOT_REACHED message:0"}
    left = Task.objects.filter(done_at=None).values_list("kind", "about")
    assert sorted(left) == [("SEND_LETTER", "CANCELLED:1"), ("SEND_LETTER", "MINUTES_SHARED:1")]
    assert said(meeting, Kind.NOT_REACHED) == [
        "Ikke nødvendig lenger: møtet er over. Grunn: varselet på Min side kunne ikke leveres"
    ]


def test_what_did_not_tell_of_minutes_is_rung_about_also_after_the_meeting(kari: Person, sweep: Sweep) -> None:
    meeting = make.meeting(person=kari)
    sweep(NOW)
    row = Message.objects.get(meeting=meeting, occasion="INVITED")
    row.occasion = Occasion.MINUTES_SHARED
    ladder.ask_a_person(row, make.later(days=20))
    assert no_longer.end_over(make.later(days=21)) == 0


def test_concluded_before_its_time_it_is_over(kari: Person) -> None:
    meeting = make.meeting(person=kari, can_be_told=False, day=make.later(days=7).date())
    Meeting.objects.filter(pk=meeting.pk).update(status="HELD")
    assert no_longer.end_over(meeting.starts_at + timedelta(minutes=20)) == 2


def test_the_worker_that_follows_what_became_of_it_ends_what_is_over(
    kari: Person, registers: object, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PARTNER_CHANNEL = "SMTP"
    meeting = make.meeting(person=kari, can_be_told=False, day=make.later(days=7).date())
    monkeypatch.setattr(clock, "now", lambda: meeting.ends_at)
    worker.feed()
    assert set(tasks(meeting).values()) == {"OVER"}
