"""What happens to the meetings of a person who has died: quietly, and without telling anybody why.

Where it is learned (a page, a booking, the sender), the person's row says so at once, and from that moment nothing is
planned for them. Here it is written down, meeting by meeting, as for those who become protected (protection.py): what
was for them is void and taken back, a meeting to come is called off, which tells partners what any cancellation tells
them, and the office has a task. Called by every sweep of the sender, which finds what is not seen to by a column.
"""

from datetime import datetime
from uuid import UUID

from invitations.messages import overtake, quiet
from invitations.models import Invitation
from meetings import changes
from meetings.models import Meeting, Outcome, ParticipantOutcome, Role, Status, Task
from navmeet.accounts.actor import Actor
from navmeet.audit.record import record
from navmeet.change import change
from navmeet.outbox.publish import Consequences, gather


def catch_up(at: datetime) -> int:
    """See to every meeting of people who have died; how many. One query when there is none."""
    found = Invitation.objects.filter(
        participant__role=Role.CITIZEN, participant__person__deceased_known_at__isnull=False, deceased_at=None
    )
    people = set(found.values_list("participant__person_id", flat=True))
    return sum(see_to(person_id=person_id, by=Actor.system("death"), at=at) for person_id in sorted(people))


@change
def see_to(*, person_id: UUID, by: Actor, at: datetime) -> int:
    """Call off, void and close, in all meetings of this person; how many meetings. Doing it twice is doing it once."""
    theirs = Invitation.objects.filter(
        participant__role=Role.CITIZEN, participant__person_id=person_id, deceased_at=None
    ).values_list("participant__meeting_id", flat=True)
    meetings = list(Meeting.objects.select_for_update(of=("self",)).filter(pk__in=theirs).order_by("pk"))
    for meeting in meetings:
        gather(Consequences(voided=_close(meeting, by, at)))
        record("meeting.citizen_died", by=by, at=at, subject=meeting, meeting_id=meeting.pk)
    return len(meetings)


def _close(meeting: Meeting, by: Actor, at: datetime) -> int:
    """How many messages do not leave any more."""
    citizen = meeting.citizen()
    Invitation.objects.filter(participant=citizen).update(deceased_at=at)
    voided = overtake.void_of_deceased(citizen, at)
    is_to_come = meeting.status in {Status.PROPOSED, Status.SCHEDULED} and at < meeting.ends_at
    if is_to_come and meeting.ended_at is None:
        changes.call_off(meeting, by=by, at=at)
        _ask_to_look(meeting, "called_off", at)
    elif ParticipantOutcome.objects.filter(participant=citizen, outcome=Outcome.DID_NOT_MEET).exists():
        # Whether they were alive then is for a person to see: nothing may stand as absence because of a death.
        _ask_to_look(meeting, "did_not_meet", at)
    return voided


def _ask_to_look(meeting: Meeting, about: str, at: datetime) -> None:
    due_at = quiet.next_working_day(at)
    Task.objects.get_or_create(
        meeting=meeting, kind=Task.Kind.DECEASED, about=about, defaults={"made_at": at, "due_at": due_at}
    )
