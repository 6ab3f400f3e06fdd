"""Partners of one meeting who have the same role, told apart: by their organisation, or by name where it does not help.

For pages of who may open the citizen. Where there is only one doctor, "legen" says enough, and nothing is looked up of
what they are called.
"""

from collections.abc import Collection, Mapping
from itertools import groupby
from typing import Final
from uuid import UUID

from invitations import bases
from invitations.models import Invitation, Message
from meetings.models import PARTNERS, Participant, PartnerContact, Task

# What the cause of a task that is about a partner begins with.
_OF_MESSAGE, _OF_PARTNER = "message", "partner"
_OF_ANSWER: Final = frozenset({"partner-answer", "partner-link"})
_NAMING: Final = _OF_ANSWER | {_OF_MESSAGE, _OF_PARTNER}


def names(meetings: Collection[UUID]) -> dict[UUID, str]:
    """By participant, of those who share their role with another, also with one who was taken out. One query."""
    if not meetings:
        return {}
    found = Participant.objects.filter(meeting__in=meetings, role__in=sorted(PARTNERS)).select_related("contact")
    named: dict[UUID, str] = {}
    for _, group in groupby(found.order_by("meeting_id", "role", "pk"), key=lambda one: (one.meeting_id, one.role)):
        same = list(group)
        if len(same) > 1:
            named |= _apart(same)
    return named


def of_tasks(tasks: Collection[Task], partners: Mapping[UUID, UUID] | None = None) -> dict[UUID, str]:
    """By task: what tells the partner it is about from others of the meeting. One query, or none.

    `partners`: as `whose` gives them, where that was asked already.
    """
    partners = whose(tasks) if partners is None else partners
    named = names({task.meeting_id for task in tasks if task.pk in partners})
    found = {task_id: named.get(participant_id, "") for task_id, participant_id in partners.items()}
    return {task_id: name for task_id, name in found.items() if name}


def whose(tasks: Collection[Task]) -> dict[UUID, UUID]:
    """By task: the partner it is about, of those that are about one. At most two queries; mostly none."""
    causes = {task.pk: one for task in tasks if (one := _cause(task)) is not None}
    found: dict[UUID, UUID] = {pk: pk for kind, pk in causes.values() if kind == _OF_PARTNER}
    messages = [pk for kind, pk in causes.values() if kind == _OF_MESSAGE]
    if messages:
        told = Message.objects.filter(pk__in=messages, participant__role__in=sorted(PARTNERS))
        found |= dict(told.values_list("pk", "participant_id"))
    invitations = [pk for kind, pk in causes.values() if kind in _OF_ANSWER]
    if invitations:
        asked = Invitation.objects.filter(pk__in=invitations)
        found |= dict(asked.values_list("pk", "participant_id"))
    return {task_id: found[pk] for task_id, (_, pk) in causes.items() if pk in found}


def _apart(same: list[Participant]) -> dict[UUID, str]:
    contacts = {one.pk: contact for one in same if (contact := bases.contact_of(one)) is not None}
    organisations = [one.organisation for one in contacts.values()]
    return {pk: _name(contact, organisations) for pk, contact in contacts.items()}


def _name(contact: PartnerContact, organisations: list[str | None]) -> str:
    is_enough = contact.organisation and organisations.count(contact.organisation) == 1
    return str((contact.organisation if is_enough else contact.name) or "")


def _cause(task: Task) -> tuple[str, UUID] | None:
    """What kind of thing its cause names, and which."""
    kind, _, rest = task.about.partition(":")
    named = rest.rpartition(":")[2]
    return (kind, UUID(named)) if kind in _NAMING and len(named) == 32 else None
