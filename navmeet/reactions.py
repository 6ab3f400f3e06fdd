"""The whole wiring: which functions answer which event, in the same transaction, in this order."""

from collections.abc import Mapping, Sequence

from invitations import attendance, format_wishes, holds, what_happened, wishes
from invitations.messages import plan, plan_again, plan_minutes, plan_partners, plan_people
from meetings.events import (
    DetailsChanged,
    HostChanged,
    MeetingBooked,
    MeetingCancelled,
    MeetingConcluded,
    MeetingReinstated,
    MeetingRevised,
    NoShowClaimed,
    OutcomeSet,
    PartnerAdded,
    PartnerChanged,
    PartnerRemoved,
    StaffChanged,
)
from minutes import held
from minutes.events import MinutesShared
from navmeet.outbox.publish import Consequences, Event, Reaction


def _tell_minutes_shared(event: MinutesShared) -> Consequences:
    return plan_minutes.plan_minutes_shared(
        meeting_id=event.meeting_id,
        version_id=event.version_id,
        number=event.number,
        can_be_told=event.can_be_told,
        at=event.at,
    )


REACTIONS: Mapping[type[Event], Sequence[Reaction]] = {
    MeetingBooked: [plan.on_booked],
    # Wishes first: a reminder says to who waits for an answer that the meeting stands meanwhile.
    MeetingRevised: [
        wishes.on_revised,
        plan.on_revised,
        plan_partners.on_revised,
        format_wishes.on_revised,
        holds.on_revised,
    ],
    MeetingCancelled: [plan.on_cancelled, plan_partners.on_cancelled],
    MeetingReinstated: [
        wishes.on_reinstated,
        plan_again.on_reinstated,
        format_wishes.on_reinstated,
        holds.on_reinstated,
    ],
    DetailsChanged: [plan_people.on_details_changed],
    StaffChanged: [plan_people.on_staff_changed],
    HostChanged: [plan_people.on_host_changed],
    PartnerAdded: [plan_partners.on_added],
    PartnerChanged: [wishes.on_partner_changed, plan_partners.on_changed, holds.on_partner_changed],
    PartnerRemoved: [plan_partners.on_removed],
    NoShowClaimed: [attendance.on_no_show_claimed],
    OutcomeSet: [what_happened.on_outcome_set],
    MeetingConcluded: [held.on_concluded],
    MinutesShared: [_tell_minutes_shared],
}
