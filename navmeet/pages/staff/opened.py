"""What the pages of all changes have in common: the meeting as it was opened, and the way back where it is too late."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.db.models import Min, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render

from invitations import told_apart
from invitations.messages import foretold
from invitations.messages import told as what_was_told
from invitations.messages.occasions import NOT_SENT
from invitations.models import Channel, Message, MessageState, Occasion, Why
from meetings import asking, permissions, revisions, states
from meetings.models import PARTNERS, Meeting, Revision, Role
from meetings.states import WrongState
from navmeet import clock
from navmeet.accounts.pages import StaffRequest
from navmeet.audit.record import shown
from navmeet.look import dates
from navmeet.outbox.publish import Consequences
from navmeet.pages.staff import not_reached, read_then, told_then, words

TOLD_NOBODY: Final = (MessageState.SKIPPED, MessageState.VOID, MessageState.FAILED)
CONTACT_AWAY: Final = (
    "Kontaktregisteret svarer ikke nå. Innbyggeren får beskjed når det svarer: på Min side, eller i et brev som du får "
    "en oppgave om å sende."
)
KNOWN: Final = "Innbyggeren vet dette fra før, og får ingen beskjed."


@dataclass
class Opened:
    """The meeting as the page of a change is opened, and its revision that holds."""

    meeting: Meeting
    revision: Revision
    at: datetime


def open_for_change(request: StaffRequest, meeting_id: UUID) -> Opened:
    """Every page of a change shows whom it is about: access is asked, and the showing kept, each time."""
    at = clock.now()
    meeting = asking.meeting_to_open(meeting_id, by=request.actor, at=at)
    permissions.check_can_change(request.actor, meeting)
    shown("meeting.change_opened", to=request.actor, person_id=meeting.citizen_id(), at=at)
    return Opened(meeting, revisions.current(meeting), at)


def anew(request: StaffRequest, opened: Opened) -> Opened:
    """As it is after all: somebody was quicker between the opening and the change."""
    meeting = asking.known(opened.meeting.pk, by=request.actor)
    return Opened(meeting, revisions.current(meeting), opened.at)


def closed(request: StaffRequest, opened: Opened) -> HttpResponse | None:
    """Back to the meeting, with the reason, where there is nothing to change any more."""
    try:
        states.check_is_scheduled(opened.meeting)
        if opened.at >= opened.meeting.ends_at:
            raise WrongState("Tiden for møtet er passert. Du kan ikke flytte eller avlyse det nå.")
    except WrongState as error:
        messages.warning(request, error.message)
        return redirect("meeting", meeting_id=opened.meeting.pk)
    return None


def told_of(arguments: Mapping[str, Any], opened: Opened) -> str:
    """As `told`, by what the change was done with."""
    return told(arguments["can_be_told"], opened, is_contact_known=arguments["is_contact_known"])


def told(can_be_told: bool, opened: Opened, *, is_contact_known: bool = True) -> str:
    """How and when each of them hears of what was done just now: the citizen, then those outside Nav who do."""
    planned = Message.objects.filter(participant__meeting=opened.meeting)
    planned = planned.exclude(occasion=Occasion.REMINDER).exclude(sent_at__lte=opened.at)
    of_now = planned.filter(Q(planned_at=opened.at) | Q(state__in=NOT_SENT)).exclude(state__in=TOLD_NOBODY)
    said = [_citizen(can_be_told, planned, of_now, opened.at)]
    if not is_contact_known and said != [KNOWN]:
        said = [CONTACT_AWAY]
    others = of_now.filter(participant__role__in=sorted(PARTNERS)).exclude(channel=Channel.SMS)
    return " ".join(said + _others(others, opened))


def _citizen(can_be_told: bool, planned: QuerySet[Message], of_now: QuerySet[Message], at: datetime) -> str:
    if not can_be_told:
        return "Innbyggeren får brev: du har fått en oppgave om å sende det."
    theirs = of_now.filter(participant__role=Role.CITIZEN).select_related("meeting", "participant__person")
    first = theirs.order_by("due_at", "pk").first()
    if first is None:
        is_known = planned.filter(participant__role=Role.CITIZEN, planned_at=at, why=Why.AS_TOLD).exists()
        return KNOWN if is_known else "Innbyggeren får ikke beskjed digitalt. Se hvorfor under varslene."
    return f"Innbyggeren får beskjed på Min side {_when(first.due_at, at)}.{_sms(first, at)}"


def _sms(message: Message, at: datetime) -> str:
    """Where it waits until quiet time is over."""
    person = message.participant.person
    by_sms = person is None or not person.is_strictly_protected
    sms_at = foretold.sms_at(message, at, by_sms=by_sms, was=what_was_told.before([message]).get(message.pk))
    return f" SMS eller e-post sendes {dates.when(sms_at)}." if sms_at else ""


def _others(messages: QuerySet[Message], opened: Opened) -> list[str]:
    """ "Legen og arbeidsgiveren får beskjed på e-post kl. 10.10." One sentence for each time."""
    first = messages.values("participant_id", "participant__role").annotate(first=Min("due_at"))
    heard = list(first.order_by("first", "participant__added_at", "participant_id"))
    which = told_apart.names({opened.meeting.pk}) if len(heard) > 1 else {}
    said = []
    for when, group in groupby(heard, key=lambda one: _when(one["first"], opened.at)):
        who = [not_reached.who_of(one["participant__role"], which.get(one["participant_id"], "")) for one in group]
        together = " og ".join(filter(None, [", ".join(who[:-1]), who[-1]]))
        said.append(f"{not_reached.upper(together)} får beskjed på e-post {when}.")
    return said


def _when(due_at: datetime, at: datetime) -> str:
    if due_at <= at:
        return "med en gang"
    is_today = dates.in_oslo(due_at).date() == dates.in_oslo(at).date()
    return dates.clock(due_at) if is_today else dates.when(due_at)


def change_page(
    request: StaffRequest,
    template: str,
    opened: Opened,
    form: Any,
    *,
    status: int = 200,
    follows: Consequences | None = None,
    is_stale: bool = False,
    clash: str = "",
    **more: Any,
) -> HttpResponse:
    """The page of a change, with whom it is about, the form, and what would follow where that was asked for."""
    citizen = opened.meeting.participants.select_related("person").get(role=Role.CITIZEN)
    context = {
        "meeting": opened.meeting,
        "how": words.how(opened.meeting),
        "who": citizen.person.name if citizen.person else "",
        "form": form,
        "follows": told_then.preview(follows, opened.at) if follows else None,
        "is_stale": is_stale,
        "read": read_then.seal(opened.meeting),
        "compared": read_then.side_by_side(request.POST.get("read", ""), opened.meeting) if is_stale else [],
        "clash": clash,
        **more,
    }
    return render(request, template, context, status=status)
