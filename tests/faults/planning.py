"""Messages that are due, by the hundred.

`python -m tests.faults.planning COUNT TAKEN_BACK [FROM SECONDS]` plans them in a house of its own.
"""

import sys
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from navmeet.dev.personas import Citizen
from tests.faults.figures import PEOPLE

if TYPE_CHECKING:
    from navmeet.people.models import Person

# Whose meetings all of it is about, and the day of the first.
HOST, FIRST = "Z999999", date(2027, 1, 21)
DUE_WITHIN = timedelta(minutes=50)


def plan(count: int, taken_back: int = 0, first: datetime | None = None, within: timedelta = DUE_WITHIN) -> None:
    """So many invitations, due, to those of the made-up people who can be told; nothing else is left to send.

    They are due one after the other `within` that time from `first` on, else from the tests' own day.
    """
    from invitations.models import Channel, Message, MessageState, Occasion, Retraction
    from meetings.models import Meeting
    from navmeet.accounts.models import User
    from tests import make

    meetings = list(Meeting.objects.filter(type__code="FOLLOW_UP", host__nav_ident=HOST).order_by("pk"))
    if not meetings:
        host = make.caseworker()
        User.objects.filter(pk=host.pk).update(nav_ident=HOST)
        meetings = [make.meeting(host, known(one), day=FIRST + timedelta(number)) for number, one in enumerate(PEOPLE)]
    Message.objects.filter(state=MessageState.PLANNED).delete()
    citizens = [meeting.citizen() for meeting in meetings]
    Message.objects.bulk_create(
        Message(
            meeting=meetings[number % len(meetings)],
            participant=citizens[number % len(meetings)],
            occasion=Occasion.INVITED,
            about_id=uuid4(),
            about_number=1,
            channel=Channel.DITT_NAV,
            language="nb",
            due_at=(first or make.NOW) + within * number / count,
            not_after=meetings[0].ends_at,
            active_until=meetings[0].ends_at,
            planned_at=make.NOW,
        )
        for number in range(count)
    )
    ended = Message.objects.filter(state=MessageState.PLANNED).order_by("due_at")[:taken_back]
    Retraction.objects.bulk_create(Retraction(message=message, due_at=make.NOW) for message in ended)


def plan_emails(count: int) -> None:
    """So many e-mails to doctors who take part by law, due."""
    from invitations.models import Channel, Message, Occasion
    from tests import make

    meeting = make.meeting(person=known(PEOPLE[0]), type_code="DIALOGUE", day=date(2027, 2, 18))
    doctor = make.partner(meeting)
    Message.objects.all().delete()
    Message.objects.bulk_create(
        Message(
            meeting=meeting,
            participant=doctor,
            occasion=Occasion.INVITED,
            about_id=uuid4(),
            about_number=meeting.revision_number,
            channel=Channel.EMAIL,
            language="nb",
            due_at=make.NOW + DUE_WITHIN * number / count,
            not_after=meeting.ends_at,
            active_until=meeting.ends_at,
            planned_at=make.NOW,
        )
        for number in range(count)
    )


def known(one: Citizen) -> "Person":
    """The row of this made-up person, made the first time."""
    from navmeet.people.models import Person
    from navmeet.protect.columns import blind_index
    from tests import make

    found = Person.objects.filter(identities__number_index=blind_index(one.number)).first()
    return found or make.citizen(one.name, number=one.number)


if __name__ == "__main__":
    import django

    django.setup()
    count, taken_back, *when = sys.argv[1:]
    timing = (datetime.fromisoformat(when[0]), timedelta(seconds=float(when[1]))) if when else ()
    plan(int(count), int(taken_back), *timing)
