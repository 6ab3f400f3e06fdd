"""What a caseworker has to do, where the machine cannot reach somebody."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from invitations.messages import quiet
from invitations.messages.occasions import ABOUT_WHAT_WAS, CALLS_OFF, TASKS, TELL_OF_MEETING
from invitations.messages.own import own
from invitations.models import Message, Occasion
from meetings.models import Meeting, Task

# A letter takes about a week: with fewer working days left than this, somebody rings as well.
LETTER_WORKING_DAYS = 7
WORTH_A_LETTER = TELL_OF_MEETING | ABOUT_WHAT_WAS | {Occasion.ANSWER_SETTLED, Occasion.CANCELLED}

# It had left, or come through, as far as was known then.
ENDED_TOO_SOON = frozenset({Task.Ended.LEFT, Task.Ended.ARRIVED})


def ask_for_letter(meeting: Meeting, occasion: str, number: int, at: datetime, *, repeat: int = 0) -> list[Task]:
    """Tasks for one who cannot be told digitally: a letter, and a call where the letter may come too late.

    Once for each occasion and number, and each time somebody has it sent again (`repeat`). Nothing for reminders and
    the quiet notice after an answer.
    """
    if occasion not in WORTH_A_LETTER:
        return []
    due_at = quiet.next_working_day(at)
    about = _cause(occasion, number, repeat)
    tasks = [_task(meeting, Task.Kind.SEND_LETTER, about, at, due_at)]
    if may_come_too_late(meeting, occasion, at):
        tasks.append(_task(meeting, Task.Kind.CALL, about, at, before(meeting, due_at, at)))
    return tasks


def may_come_too_late(meeting: Meeting, occasion: str, at: datetime) -> bool:
    """Would a letter sent now be too slow for what it says of a meeting to come?"""
    if occasion in ABOUT_WHAT_WAS or not is_worth_a_call(occasion, meeting.starts_at, meeting.ends_at, at):
        return False
    return quiet.working_days_between(at, meeting.starts_at) < LETTER_WORKING_DAYS


def is_worth_a_call(occasion: str, starts_at: datetime, ends_at: datetime, at: datetime) -> bool:
    """Would it help to ring about it? Who leads a meeting that has begun sees for themselves who is not there.

    That it is called off is told to one who may be waiting, until it would have ended; of what was, at any time.
    """
    if occasion in ABOUT_WHAT_WAS:
        return True
    return at < (ends_at if occasion in CALLS_OFF else starts_at)


def ask_to_ring(meeting: Meeting, occasion: str, number: int, at: datetime, *, repeat: int = 0) -> list[Task]:
    """For one whom no SMS or e-mail may reach (a strictly confidential address): they see it only if they look."""
    is_worth_it = is_worth_a_call(occasion, meeting.starts_at, meeting.ends_at, at)
    if occasion not in WORTH_A_LETTER - ABOUT_WHAT_WAS or not is_worth_it:
        return []
    due_at = before(meeting, quiet.next_working_day(at), at)
    return [_task(meeting, Task.Kind.CALL, _cause(occasion, number, repeat), at, due_at)]


def not_reached(message: Message, at: datetime, tried: Collection[tuple[str, str]] = ()) -> Task | None:
    """The message did not reach its participant, and no other way is left to the machine. Once for each message; anew
    where it was held to have left or arrived meanwhile, and nobody has rung.

    Too late to ring, who was never told when to come is contacted all the same (`tried["is_late"]`); of all else
    nobody is, and None is returned.
    `tried` is through what, and what became of it there: what is learned later is said by the same task while it waits.
    """
    theirs = own(message.participant, message.meeting)
    is_late = not is_worth_a_call(message.occasion, theirs.starts_at, theirs.ends_at, at)
    if is_late and message.occasion not in TASKS:
        return None
    due_at = quiet.next_working_day(at)
    if not is_late:
        due_at = before(message.meeting, due_at, at)
    task = _task(message.meeting, Task.Kind.NOT_REACHED, about(message.pk), at, due_at)
    if task.ended in ENDED_TOO_SOON:
        task.due_at, task.done_at, task.ended = due_at, None, Task.Ended.NOTHING
        task.save(update_fields=["due_at", "done_at", "ended"])
    said = {
        "role": message.participant.role,
        "occasion": message.occasion,
        "ways": [{"via": str(via), "cause": str(cause)} for via, cause in tried],
        "is_late": is_late,
    }
    if task.done_at is None and task.tried != said:
        task.tried = said
        task.save(update_fields=["tried"])
    return task


def was_rung(message: Message) -> bool:
    """Did somebody ring about this very message, and say so?"""
    calls = Task.objects.filter(meeting=message.meeting_id, kind=Task.Kind.CALL, about=about(message.pk))
    return calls.filter(done_at__isnull=False).exists()


def about(message_id: UUID) -> str:
    """What a task about this message is about."""
    return f"message:{message_id.hex}"


def before(meeting: Meeting, due_at: datetime, at: datetime) -> datetime:
    """An hour before the start where that is sooner, but never in the past."""
    return max(at, min(due_at, meeting.starts_at - timedelta(hours=1)))


def _cause(occasion: str, number: int, repeat: int) -> str:
    return f"{occasion}:{number}:{repeat}" if repeat else f"{occasion}:{number}"


def _task(meeting: Meeting, kind: Task.Kind, about: str, at: datetime, due_at: datetime) -> Task:
    task, _ = Task.objects.get_or_create(
        meeting=meeting, kind=kind, about=about, defaults={"made_at": at, "due_at": due_at}
    )
    return task
