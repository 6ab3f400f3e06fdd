"""Letters and calls that nobody has to see to any more end by themselves, and say why; what still holds stays."""

from collections.abc import Callable
from datetime import datetime

import pytest

from invitations.messages import consume, receipts, rows
from invitations.messages.log import Kind, message_log
from invitations.messages.rows import About, Told
from invitations.messages.send import Swept
from invitations.models import Message, Occasion
from meetings import reinstating
from meetings.models import Meeting, Task
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
    why = "Ikke nødvendig lenger: varselet kom fram på Min side mandag 11. januar kl. 12.00"
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
