"""A caseworker's week and what waits for them, as rows; the same number of queries however many meetings."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from invitations import still_true, told_apart
from invitations.models import Answer, Reply
from meetings import todo
from meetings.models import Format, Meeting, Participant, Role, Status, Task
from minutes.models import Version
from navmeet.accounts.actor import Actor
from navmeet.look.dates import OSLO
from navmeet.pages.staff import names, troubles, words
from navmeet.pages.staff.names import Names
from navmeet.pages.staff.troubles import Contact

MOST_TASKS, AT_ONCE = 50, 4
Tag = tuple[str, str]


@dataclass(frozen=True)
class Waiting:
    """An open task as it is read. `contact`: of the partner it is about, for who may open the citizen."""

    task: Task
    sentence: str
    who: str
    is_late: bool
    contact: Contact | None = None


@dataclass(frozen=True)
class Week:
    days: list[dict[str, Any]]
    waiting: list[Waiting]
    are_more_waiting: bool
    has_meetings: bool
    has_names: bool
    late: list[Waiting]

    @property
    def first_waiting(self) -> list[Waiting]:
        """The most urgent, which the page shows at once."""
        return self.waiting[:AT_ONCE]

    @property
    def later_waiting(self) -> list[Waiting]:
        return self.waiting[AT_ONCE:]


def week(first: date, *, many: int = 7, whole_office: bool, by: Actor, at: datetime) -> Week:
    """So many days from `first`, with the meetings one leads or takes part in, and every open task of those one leads;
    or of the whole office's meetings.
    """
    seen = Meeting.objects.visible_to(by)
    meetings = _between(seen, first, many, None if whole_office else by.known_id)
    if not whole_office:
        seen = seen.filter(host_id=by.known_id)
    tasks = list(
        Task.objects.filter(done_at=None, meeting__in=seen)
        .select_related("meeting__type")
        .order_by("due_at", "id")[: MOST_TASKS + 1]
    )
    late = _late_of_others(tasks, by, at)
    asked = [*(one.pk for one in meetings), *(one.meeting_id for one in [*tasks, *late])]
    named = names.of_meetings(asked, by=by, at=at)
    read = _reading([one for one in [*tasks, *late] if named.may_open(one.meeting_id)], named, at)
    rows = _rows(meetings, named, mine=None if whole_office else by.known_id, at=at)
    return Week(
        days=[_day(first + timedelta(days=number), rows, at) for number in range(many)],
        waiting=[read(one) for one in tasks[:MOST_TASKS]],
        are_more_waiting=len(tasks) > MOST_TASKS,
        has_meetings=bool(meetings),
        has_names=named.answered,
        late=[read(one) for one in late],
    )


def _late_of_others(shown: list[Task], by: Actor, at: datetime) -> list[Task]:
    """What the whole office is to see, beside what is shown anyway."""
    late = todo.late_wishes(by, at=at).exclude(pk__in=[one.pk for one in shown])
    return list(late.select_related("meeting__type").order_by("due_at", "id")[:MOST_TASKS])


def _between(seen: QuerySet[Meeting], first: date, many: int, whose: UUID | None) -> list[Meeting]:
    """Those that start on these days, in order; `whose`: only where that employee leads or takes part."""
    begins = datetime.combine(first, time(), OSLO)
    ends = datetime.combine(first + timedelta(days=many), time(), OSLO)
    found = seen.filter(starts_at__gte=begins, starts_at__lt=ends)
    if whose is not None:
        led = Meeting.objects.filter(host_id=whose, starts_at__gte=begins, starts_at__lt=ends)
        joined = Participant.objects.filter(
            user_id=whose, role=Role.STAFF, removed_at=None, meeting__starts_at__gte=begins, meeting__starts_at__lt=ends
        )
        # Each by its own index; an OR of the two would read all meetings of the week.
        found = found.filter(pk__in=led.values("pk").union(joined.values("meeting_id")))
    is_shared = Exists(Version.objects.filter(meeting_id=OuterRef("pk")))
    return list(found.annotate(is_shared=is_shared).select_related("type", "host").order_by("starts_at", "id"))


def _day(on: date, rows: list[dict[str, Any]], at: datetime) -> dict[str, Any]:
    theirs = [row for row in rows if row["start"].astimezone(OSLO).date() == on]
    return {"date": on, "is_today": at.astimezone(OSLO).date() == on, "meetings": theirs}


def _reading(may_open: list[Task], named: Names, at: datetime) -> Callable[[Task], Waiting]:
    """How each task is read. Of partners, whom it is about and where they are reached, in those of `may_open`."""
    partners = told_apart.whose(may_open)
    which = told_apart.of_tasks(may_open, partners)
    contacts = troubles.contacts(set(partners.values()))

    def read(one: Task) -> Waiting:
        contact = contacts.get(partners[one.pk]) if one.pk in partners else None
        return Waiting(
            task=one,
            sentence=words.task(one, which.get(one.pk, "")),
            who=named.of(one.meeting_id),
            is_late=one.due_at < at,
            contact=Contact.of(contact) if contact else None,
        )

    return read


def _rows(meetings: list[Meeting], named: Names, *, mine: UUID | None, at: datetime) -> list[dict[str, Any]]:
    """`mine`: of one's own meetings only those led by another say by whom."""
    ids = [meeting.pk for meeting in meetings]
    answers = _answers(ids)
    holding = still_true.of_now(answers.values())
    tasks = _task_tags(ids)
    return [
        {
            "start": meeting.starts_at,
            "end": meeting.ends_at,
            "url": f"/meetings/{meeting.pk}/",
            "title": named.of(meeting.pk) or meeting.type.name_in("nb"),
            "icon": words.FORMAT_ICONS[Format(meeting.format)],
            "how": words.how(meeting),
            "with": meeting.host.name if meeting.host_id != mine else "",
            "tags": _tags(meeting, _said(answers.get(meeting.pk), holding), tasks.get(meeting.pk, []), at),
            "is_over": meeting.ends_at <= at or meeting.status == Status.CANCELLED,
        }
        for meeting in meetings
    ]


def _is_shared(meeting: Meeting) -> bool:
    return bool(getattr(meeting, "is_shared", False))


def _answers(meeting_ids: list[UUID]) -> dict[UUID, Answer]:
    """The answer that counts for each meeting: the last one whose giver was known."""
    given = Answer.objects.filter(invitation__participant__meeting_id__in=meeting_ids, is_known=True)
    given = given.exclude(reply__kind=Reply.Kind.WITHDRAWN)
    return {
        one.invitation.participant.meeting_id: one
        for one in given.select_related("invitation__participant__meeting", "reply").order_by("id")
    }


def _task_tags(meeting_ids: list[UUID]) -> dict[UUID, list[Tag]]:
    tags: dict[UUID, list[Tag]] = {}
    for one in Task.objects.filter(meeting_id__in=meeting_ids, done_at=None).order_by("due_at", "id"):
        tag = words.TASK_TAGS.get(Task.Kind(one.kind))
        if tag and tag not in tags.setdefault(one.meeting_id, []):
            tags[one.meeting_id].append(tag)
    return tags


def _tags(meeting: Meeting, said: Tag, tasks: list[Tag], at: datetime) -> list[Tag]:
    if _is_shared(meeting):
        return [("success", "Referat delt"), *tasks]
    if meeting.status != Status.SCHEDULED:
        return [words.STATUSES[Status(meeting.status)], *tasks]
    if meeting.ends_at <= at:
        return [("warning", "Referat mangler"), *tasks]
    return [said, *tasks]


def answer_tag(answer: Answer | None) -> Tag:
    """What the citizen has said to the meeting as it is now."""
    return _said(answer, still_true.of_now([answer] if answer else []))


def _said(answer: Answer | None, holding: frozenset[UUID]) -> Tag:
    if answer is None:
        return words.NOT_ANSWERED
    if answer.pk not in holding:
        return words.NOT_ANSWERED_ANEW
    if hasattr(answer, "reply"):
        return words.WISH_ANSWERED
    return words.ANSWERS[Answer.Kind(answer.kind)]
