"""Every message of a meeting, as a caseworker reads it: when, about what, what became of it, and why not.

In one list with what somebody at Nav has to do where a message is not enough: letters, calls.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from invitations import bases
from invitations.messages import foretold, log_words, look_again, notification, overtake, sayable, standing, texts, told
from invitations.messages.causes import attempts
from invitations.messages.log_words import OCCASIONS, STEPS, WHY_NOT
from invitations.messages.occasions import NOT_SENT
from invitations.messages.of_readers import not_reached_last, whom_min_side_does_not_remind
from invitations.messages.sms_words import sms_at
from invitations.models import Invitation, Message, MessageState, Occasion, Retraction, Step, Why
from meetings.models import Meeting, Participant, Revision, Role, Task
from navmeet import clock
from navmeet.accounts.models import User

__all__ = ["OCCASIONS", "STEPS", "WHY_NOT", "Kind", "LogLine", "Reader", "by_reader", "message_log"]

OPEN, DONE = "OPEN", "DONE"
_SOMEBODY = "en ansatt i Nav"


class Kind(StrEnum):
    """What a line is of: a row of the ledger, Min side's own reminder, or what somebody has to do instead."""

    MESSAGE = "MESSAGE"
    RENOTIFICATION = "RENOTIFICATION"
    SEND_LETTER = "SEND_LETTER"
    CALL = "CALL"
    NOT_REACHED = "NOT_REACHED"


@dataclass(frozen=True)
class LogLine:
    """`words` says what became of it. `name` is a partner's, while it is kept; the citizen is known by the page.

    `id` is the message's or the task's; Min side's own reminder has none. `text` is as sent, else as it would be sent
    now; its parts are "ditt_nav", "sms", "title" and "body". `text_version` is of the sentences it was sent in. `state`
    of a task is OPEN or DONE. `sms_at`: when SMS and e-mail go, or were to, where they wait.
    `is_overtaken`: a later plan took its place before it left, and nobody misses it.
    """

    kind: Kind
    participant_id: UUID
    role: str
    name: str
    occasion: str
    step: str
    occasion_words: str
    channel: str
    state: str
    why: str
    words: str
    due_at: datetime
    moved_from: datetime | None = None
    id: UUID | None = None
    invitation_id: UUID | None = None
    sent_at: datetime | None = None
    sms_at: datetime | None = None
    settled_at: datetime | None = None
    retraction: str = ""
    retraction_words: str = ""
    taken_back_at: datetime | None = None
    attempts: int = 0
    hangs_on: str = ""
    repeat: int = 0
    again_by: UUID | None = None
    again_because: str = ""
    again_words: str = ""
    text: Mapping[str, str] = field(default_factory=dict)
    text_version: str = ""
    is_overtaken: bool = False


@dataclass(frozen=True)
class Reader:
    """One participant and all that they were told, or are to be."""

    participant_id: UUID
    role: str
    name: str
    lines: list[LogLine]
    overtaken: list[LogLine]


def message_log(meeting: Meeting, at: datetime | None = None) -> list[LogLine]:
    """In order of their time, as it stands at `at`: now. At most seven queries, however many messages."""
    messages = list(
        Message.objects.filter(meeting=meeting)
        .select_related(
            "meeting", "participant__contact", "participant__person", "participant__invitation", "retraction__after"
        )
        .prefetch_related("receipts")
        .order_by("due_at", "id")
    )
    tasks = _tasks(meeting)
    names = _names({one.again_by for one in messages} | {one.done_by for one in tasks})
    revisions = look_again.revisions_of(messages) if messages else {}
    before, asking = told.before(messages), standing.waiting(messages)
    now, doubtful = at or clock.now(), not_reached_last(messages)
    not_reminded = whom_min_side_does_not_remind(messages)
    lines = [
        _line(
            message,
            now,
            again_by=names.get(message.again_by, _SOMEBODY),
            text=_text(message, revisions, before.get(message.pk), waits=message.participant_id in asking),
            was=before.get(message.pk),
            is_doubtful=message.participant_id in doubtful,
            goes_anyway=message.participant_id in not_reminded,
        )
        for message in messages
    ]
    by_sms = {line.id for line in lines if "sms" in line.text}
    for message in messages:
        reminds_at = _min_side_reminds_at(message, before.get(message.pk), by_sms=message.pk in by_sms)
        if reminds_at is not None:
            lines.append(_renotification(message, reminds_at))
    lines += _of_tasks(tasks, messages, names)
    return sorted(lines, key=lambda line: line.due_at)


def by_reader(log: Iterable[LogLine]) -> list[Reader]:
    """The same, each participant's apart: the citizen first, then whoever was told first."""
    theirs: dict[UUID, list[LogLine]] = {}
    for line in log:
        theirs.setdefault(line.participant_id, []).append(line)
    readers = [
        Reader(
            participant_id=participant_id,
            role=lines[0].role,
            name=lines[0].name,
            lines=[line for line in lines if not line.is_overtaken],
            overtaken=[line for line in lines if line.is_overtaken],
        )
        for participant_id, lines in theirs.items()
    ]
    return sorted(readers, key=lambda reader: reader.role != Role.CITIZEN)


def _line(
    message: Message,
    at: datetime,
    *,
    again_by: str,
    text: Mapping[str, str],
    was: told.Picture | None,
    is_doubtful: bool,
    goes_anyway: bool,
) -> LogLine:
    retraction: Retraction | None = getattr(message, "retraction", None)
    return LogLine(
        kind=Kind.MESSAGE,
        id=message.pk,
        invitation_id=_invitation(message.participant),
        participant_id=message.participant_id,
        role=message.participant.role,
        name=_name(message.participant),
        occasion=message.occasion,
        step=message.step,
        occasion_words=log_words.what(message.occasion, message.step),
        channel=message.channel,
        state=message.state,
        why=message.why,
        words=log_words.of_message(
            message, at, by_sms="sms" in text, is_doubtful=is_doubtful, goes_anyway=goes_anyway, was=was
        ),
        due_at=message.due_at,
        moved_from=log_words.moved_from(message),
        sent_at=message.sent_at,
        sms_at=sms_at(message, at, by_sms="sms" in text, was=was),
        settled_at=message.settled_at,
        retraction=retraction.state if retraction else "",
        retraction_words=log_words.of_retraction(retraction),
        taken_back_at=retraction.sent_at if retraction else None,
        attempts=attempts(message),
        hangs_on=message.hangs_on if log_words.hangs(message, at) else "",
        repeat=message.repeat,
        again_by=message.again_by,
        again_because=message.again_because,
        again_words=log_words.of_again(message, again_by),
        text=text,
        text_version=_version(message),
        is_overtaken=overtake.is_overtaken(message),
    )


def _min_side_reminds_at(message: Message, was: told.Picture | None, *, by_sms: bool) -> datetime | None:
    """None where an answer or a change takes its oppgave back before, or where it has reminded already."""
    if message.sent_at is None and message.state not in NOT_SENT:
        return None
    retraction: Retraction | None = getattr(message, "retraction", None)
    if retraction is not None and retraction.state != Retraction.State.NOT_NEEDED:
        return None
    if any(receipt.is_renotification for receipt in message.receipts.all()):
        return None
    return foretold.min_side_reminds_at(message, by_sms=by_sms, was=was)


def _renotification(message: Message, reminds_at: datetime) -> LogLine:
    return LogLine(
        kind=Kind.RENOTIFICATION,
        participant_id=message.participant_id,
        role=message.participant.role,
        name="",
        occasion=Occasion.REMINDER,
        step=Step.ONCE,
        occasion_words="Påminnelse fra Min side",
        channel=message.channel,
        state=MessageState.PLANNED,
        why=Why.NONE,
        words=f"Min side minner om invitasjonen {texts.when(reminds_at, 'nb')} hvis innbyggeren ikke har svart",
        due_at=reminds_at,
    )


def _tasks(meeting: Meeting) -> list[Task]:
    """What somebody has to do because a message was not enough: its cause names an occasion, or a message."""
    found = Task.objects.filter(meeting=meeting, kind__in=list(log_words.TASKS)).order_by("made_at", "id")
    return [one for one in found if one.about.partition(":")[0] in {"message", *Occasion.values}]


def _of_tasks(tasks: list[Task], messages: list[Message], names: Mapping[UUID | None, str]) -> list[LogLine]:
    of_message = {f"message:{message.pk.hex}": message for message in messages}
    citizen = next((one for one in messages if one.participant.role == Role.CITIZEN), None)
    arrived = {(one.participant_id, one.settled_at): one for one in messages if one.state == MessageState.DELIVERED}
    lines = []
    for task in tasks:
        about = of_message.get(task.about, citizen)
        if about is not None:
            by = arrived.get((about.participant_id, task.done_at))
            lines.append(_of_task(task, about, log_words.of_task(task, names.get(task.done_by, ""), by)))
    return lines


def _of_task(task: Task, about: Message, words: str) -> LogLine:
    cause = task.about.partition(":")[0]
    occasion, step = (cause, Step.ONCE) if cause in Occasion.values else (about.occasion, about.step)
    called = log_words.TASKS[task.kind][0]
    return LogLine(
        kind=Kind(task.kind),
        id=task.pk,
        invitation_id=_invitation(about.participant),
        participant_id=about.participant_id,
        role=about.participant.role,
        name=_name(about.participant),
        occasion=occasion,
        step=step,
        occasion_words=f"{called}: {log_words.what(occasion, step).lower()}",
        channel="",
        state=OPEN if task.done_at is None else DONE,
        why="",
        words=words,
        due_at=task.made_at,
        settled_at=task.done_at,
        is_overtaken=task.ended == Task.Ended.OVERTAKEN,
    )


def _invitation(participant: Participant) -> UUID | None:
    invitation: Invitation | None = getattr(participant, "invitation", None)
    return invitation.pk if invitation else None


def _names(ids: set[UUID | None]) -> dict[UUID | None, str]:
    known = {one for one in ids if one is not None}
    return {one.pk: one.name or _SOMEBODY for one in User.objects.filter(pk__in=known)} if known else {}


def _name(participant: Participant) -> str:
    contact = bases.contact_of(participant) if participant.is_partner else None
    return contact.name if contact else ""


def _version(message: Message) -> str:
    return str(json.loads(message.text_sent).get("version", "")) if message.text_sent is not None else ""


def _text(
    message: Message, revisions: Mapping[tuple[UUID, int], Revision], was: told.Picture | None, *, waits: bool
) -> dict[str, str]:
    if message.text_sent is not None:
        kept = json.loads(message.text_sent)
        return {name: kept[name] for name in ("ditt_nav", "sms", "title", "body") if kept.get(name)}
    if message.state not in {MessageState.PLANNED, MessageState.CLAIMED}:
        return {}
    facts = notification.facts_for(message, revisions, was, waits=waits)
    try:
        words = sayable.words_of(message, facts)
    except texts.CannotBeSaid:
        return {}
    return {name: text for name, text in words.as_dict().items() if text}
