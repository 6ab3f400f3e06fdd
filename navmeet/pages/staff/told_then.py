"""What would follow from a change, as a caseworker reads it before deciding."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from invitations.messages import untold
from invitations.messages.log import OCCASIONS, STEPS, WHY_NOT
from invitations.messages.log_words import of_moved
from invitations.messages.occasions import CHANGES
from meetings.models import Role
from meetings.partners import PartnerInput
from navmeet.look import dates
from navmeet.outbox.publish import Consequences, Overtaken, PlannedMessage
from navmeet.pages.staff import words


@dataclass(frozen=True)
class Line:
    """One message: what about, to whom, when and by what, and why not if not. `waits`: for the citizen's yes.

    `after` says what the time is counted from, where it waits for more changes; `moved`, why it goes out then;
    `at_cost_of`, what gives it its place.
    """

    what: str
    to: str
    by: str
    words: str
    is_now: bool
    due_at: datetime
    after: str = ""
    why_not: str = ""
    moved: str = ""
    at_cost_of: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    waits: bool = False
    was_at: datetime | None = None


@dataclass(frozen=True)
class OwnTexts:
    """What `who` reads beside the messages, after logging in or with a code."""

    who: str
    after: str
    lines: Sequence[str]


@dataclass(frozen=True)
class Reader:
    """All that one of them is told and reads."""

    who: str
    lines: list[Line]
    own: OwnTexts | None


@dataclass(frozen=True)
class Preview:
    """`voided` counts what will not go out at all: what is only moved in time stands among the lines."""

    lines: list[Line]
    lacks: list[str]
    voided: int
    people: list[Reader] = field(default_factory=list)
    lapses: list[str] = field(default_factory=list)
    fallen: list[str] = field(default_factory=list)

    def by_person(self, own_texts: Iterable[OwnTexts]) -> "Preview":
        """The same, each person's apart: where there are several, each is looked at whole."""
        own = {one.who: one for one in own_texts}
        told = dict.fromkeys([*own, *(line.to for line in self.lines)])
        people = [Reader(who, [line for line in self.lines if line.to == who], own.get(who)) for who in told]
        return replace(self, people=people)


def preview(follows: Consequences, at: datetime, added: Sequence[PartnerInput] = ()) -> Preview:
    """In the order in which it would be told. `added`: the partners of a booking, to be told apart by name."""
    names = _names([*follows.messages, *follows.waits], added)
    told = [(one, False) for one in follows.messages] + [(one, True) for one in follows.waits]
    before = {(one.participant_id, one.occasion, one.step): one for one in follows.overtaken}
    lines = [_line(one, at, names.get(one.participant_id, ""), before, waits=waits) for one, waits in told]
    lines += [_of_min_side(one) for one in follows.messages if one.reminded_at]
    lines.sort(key=lambda line: line.due_at)
    anew = {(one.participant_id, one.occasion, one.step) for one, _ in told}
    return Preview(
        lines,
        list(dict.fromkeys(follows.lacks)),
        max(0, follows.voided - sum(which in anew for which in before)),
        lapses=list(dict.fromkeys(follows.lapses)),
        fallen=[_fallen(one) for which, one in before.items() if which not in anew],
    )


def texts_of_partner(partner: PartnerInput, name: str = "") -> OwnTexts | None:
    """What the partner reads after a code, beside time and way in; None where nothing is written."""
    lines = [text for text in (partner.theme, partner.purpose, partner.preparations) if text]
    who = f"{words.ROLES[Role(partner.role)]} {name}".strip()
    return OwnTexts(who, "å ha skrevet koden fra SMS", lines) if lines else None


def _names(told: Iterable[PlannedMessage], added: Sequence[PartnerInput]) -> dict[UUID, str]:
    """Who is who among those added: within a role they are told in the order in which they were asked for."""
    names: dict[UUID, str] = {}
    for role in {one.role for one in added}:
        ids = dict.fromkeys(one.participant_id for one in told if one.role == role)
        names |= dict(zip(ids, (one.name for one in added if one.role == role), strict=False))
    return names


def _after(one: PlannedMessage, at: datetime) -> str:
    if one.occasion not in CHANGES or one.falls or one.due_at <= at:
        return ""
    if one.ahead_of:
        return f"før Min side sender SMS eller e-post om det som gjaldt, {dates.clock(one.ahead_of, 'nb')}"
    is_first = one.due_at == at + untold.WAITS
    return "ti minutter etter endringen" if is_first else "ti minutter etter den første endringen"


def _fallen(one: Overtaken) -> str:
    to = words.ROLES.get(one.role, "")  # type: ignore[call-overload]
    return f"{OCCASIONS[one.occasion]}{STEPS[one.step]} til {to}, planlagt {dates.when(one.due_at)}"


def _line(
    one: PlannedMessage,
    at: datetime,
    name: str,
    before: Mapping[tuple[UUID, str, str], Overtaken],
    *,
    waits: bool,
) -> Line:
    was = before.get((one.participant_id, one.occasion, one.step))
    role = words.ROLES.get(one.role, "")  # type: ignore[call-overload]
    return Line(
        what=OCCASIONS[one.occasion] + STEPS[one.step],
        to=f"{role} {name}".strip(),
        by=words.CHANNELS.get(one.channel, ""),
        words=one.words,
        is_now=one.due_at <= at,
        due_at=one.due_at,
        after=_after(one, at),
        why_not=WHY_NOT.get(one.falls, ""),
        moved=of_moved(one.moved, one.moved_from, one.due_at),
        at_cost_of=one.at_cost_of,
        texts={kind: text for kind, text in one.texts.items() if text},
        waits=waits,
        was_at=was.due_at if was and was.due_at != one.due_at else None,
    )


def _of_min_side(one: PlannedMessage) -> Line:
    """What Min side itself does with what we send."""
    when = dates.when(one.reminded_at)
    return Line(
        what="Påminnelse fra Min side",
        to=words.ROLES.get(one.role, ""),  # type: ignore[call-overload]
        by="",
        words=f"Min side minner selv om det {when}, hvis innbyggeren ikke har svart",
        is_now=False,
        due_at=one.reminded_at,
    )
