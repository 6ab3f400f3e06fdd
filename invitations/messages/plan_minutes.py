"""What the citizen is told of minutes: that they can be read, that they are another now, that they are taken back.

A version shared is told (navmeet/reactions.py). Nothing takes minutes back yet: its words and its plan are here.
"""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from invitations.messages import no_longer, overtake, plan, rows, wake
from invitations.messages.occasions import OF_MINUTES
from invitations.messages.rows import About
from invitations.models import Message, MessageState, Occasion, Why
from meetings.models import Meeting
from navmeet.outbox.publish import Consequences


def plan_minutes_shared(
    meeting_id: UUID, version_id: UUID, number: int, can_be_told: bool, at: datetime
) -> Consequences:
    """The citizen is told that minutes can be read; of a later version that they are another, if they know of one.

    Readable on Ditt NAV at login level high only. What was told of an earlier version goes when this is there.
    """
    about = About(version_id, number)
    return _tell(meeting_id, about, Occasion.MINUTES_AMENDED, Why.TOGETHER, can_be_told=can_be_told, at=at)


def plan_minutes_recalled(
    meeting_id: UUID, version_id: UUID, number: int, can_be_told: bool, at: datetime
) -> Consequences:
    """The citizen is told that the minutes are taken back, also where nothing of them left: they may have been read.

    That they can be read is told no more, by letter neither, and goes from Ditt NAV when this is there. `number` is
    the last version's.
    """
    about = About(version_id, number)
    return _tell(meeting_id, about, Occasion.MINUTES_RECALLED, Why.CORRECTED, can_be_told=can_be_told, at=at)


def _tell(
    meeting_id: UUID, about: About, occasion: Occasion, why: Why, *, can_be_told: bool, at: datetime
) -> Consequences:
    meeting = Meeting.objects.get(pk=meeting_id)
    consequences = Consequences()
    for told in plan.citizens_told(meeting, can_be_told=can_be_told, at=at):
        before = Message.objects.filter(participant=told.participant, occasion__in=OF_MINUTES)
        if occasion == Occasion.MINUTES_AMENDED:
            before = before.exclude(about_id=about.id)
        consequences.voided += overtake.void_minutes(before, why, at)
        is_news = occasion == Occasion.MINUTES_AMENDED and not _may_be_known(before)
        message, planned = rows.plan(told, Occasion.MINUTES_SHARED if is_news else occasion, about, rows.minutes(at))
        overtake.replace_minutes(meeting, message, at)
        consequences.messages.append(planned)
        if not can_be_told:
            consequences.lacks.append(plan.CANNOT_BE_TOLD)
    _settle_letters(meeting, about, occasion, at)
    wake.on_commit()
    return consequences


def _may_be_known(messages: QuerySet[Message]) -> bool:
    """Did one leave, or may it have, or was a letter asked for in its place?"""
    return messages.exclude(state=MessageState.VOID, attempts=0).exists()


def _settle_letters(meeting: Meeting, about: About, occasion: Occasion, at: datetime) -> None:
    """Nobody posts what holds no more."""
    now = [f"{one}:{about.number}" for one in OF_MINUTES] if occasion == Occasion.MINUTES_AMENDED else []
    no_longer.end_about(meeting.pk, {Occasion.MINUTES_SHARED, Occasion.MINUTES_AMENDED}, at, but=now)
