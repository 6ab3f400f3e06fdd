"""What closes when a person who has meetings becomes strictly protected.

Where it is learned (a page, a booking, the sender), the person's row says so at once, and from that moment no partner
comes in and nothing is told to one (`InvitationQuery.open`). Here it is written down, meeting by meeting: access is
closed for good, what was planned for partners is void, the office has a task. Called by every sweep of the sender,
which finds what is not seen to by a column: whoever learned it may die, and nothing is forgotten.

What the citizen themselves is told goes on, on Ditt NAV alone: it is neutral, and without SMS and e-mail. An SMS of
before that waits for the morning does not go, nor does Min side's own reminder of what was told before (held_back.py).
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from invitations.messages import held_back, letters, plan_partners, quiet
from invitations.models import Invitation, Why
from meetings.models import PARTNERS, Meeting, Participant, Role, Task
from navmeet.accounts.actor import Actor
from navmeet.audit.record import record
from navmeet.change import change
from navmeet.outbox.publish import Consequences, gather
from navmeet.people.models import STRICT


def catch_up(at: datetime) -> int:
    """See to every meeting of people who have become strictly protected; how many. Two queries when there is none."""
    found = Invitation.objects.filter(
        participant__role=Role.CITIZEN, participant__person__protection__in=STRICT, protected_at=None
    )
    people = set(found.values_list("participant__person_id", flat=True)) | held_back.people(at)
    return sum(protect(person_id=person_id, by=Actor.system("protection"), at=at) for person_id in sorted(people))


def catch_up_reminders(people: Collection[UUID], at: datetime) -> int:
    """As `catch_up`, of these people only: whom Min side would still remind by SMS, who was seen to before. One query
    when there is none.
    """
    found = held_back.to_be_reminded(people, at)
    return sum(protect(person_id=person_id, by=Actor.system("protection"), at=at) for person_id in sorted(found))


@change
def protect(*, person_id: UUID, by: Actor, at: datetime) -> int:
    """Close what must close in all meetings of this person; how many meetings. Doing it twice is doing it once."""
    theirs = Invitation.objects.filter(
        participant__role=Role.CITIZEN, participant__person_id=person_id, protected_at=None
    ).values_list("participant__meeting_id", flat=True)
    meetings = list(Meeting.objects.select_for_update(of=("self",)).filter(pk__in=theirs).order_by("pk"))
    consequences = Consequences()
    for meeting in meetings:
        consequences.add(_close(meeting, at))
        record("meeting.protected", by=by, at=at, subject=meeting, meeting_id=meeting.pk)
    held_back.hold_back(person_id, at)
    gather(consequences)
    return len(meetings)


def _close(meeting: Meeting, at: datetime) -> Consequences:
    Invitation.objects.filter(participant__meeting=meeting, participant__role=Role.CITIZEN).update(protected_at=at)
    consequences = Consequences()
    for partner in Participant.objects.filter(meeting=meeting, role__in=sorted(PARTNERS)).select_related("contact"):
        partner.meeting = meeting
        # Whether they are told anything is for those who may know of the meeting now.
        consequences.add(plan_partners.close(partner, Why.PROTECTED, at, tell=False))
    if at < meeting.ends_at:
        due_at = letters.before(meeting, quiet.next_working_day(at), at)
        Task.objects.get_or_create(
            meeting=meeting, kind=Task.Kind.PROTECTED, about="protection", defaults={"made_at": at, "due_at": due_at}
        )
    return consequences
