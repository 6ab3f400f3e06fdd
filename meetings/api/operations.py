"""Each change of a meeting as the API knows it: which verb, and its arguments out of what was sent.

The endpoint that does it and the one that rehearses it read the same table, so that they cannot differ.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from meetings import asking, changes, details, formats, handing_over, outcome, partners, people, reinstating, staff
from meetings.api.given import partner_of, place_of, slot_of
from meetings.models import Format, Outcome, Reason, WhyCorrected, WhyOverruled
from meetings.overruling import Overrule
from meetings.staff import Colleague
from navmeet.api.views import Endpoint

Given = dict[str, Any]
Arguments = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """One request to change a meeting; `named` where the change is of one participant."""

    meeting_id: UUID
    view: Endpoint
    answers: asking.Answers
    named: UUID | None = None

    @property
    def participant_id(self) -> UUID:
        """Whom the change is of. Raises TypeError where nobody was named."""
        if self.named is None:
            raise TypeError("a change of one participant, and none was named")
        return self.named

    @property
    def common(self) -> Arguments:
        """What every verb takes, apart from the version."""
        return {
            "meeting_id": self.meeting_id,
            "by": self.view.by,
            "clearance": self.answers.clearance,
            "at": self.view.at,
        }

    @property
    def of_participant(self) -> Arguments:
        return {**self.common, "participant_id": self.participant_id}

    @property
    def can_be_told(self) -> Arguments:
        return {"can_be_told": self.answers.can_be_told}

    @property
    def of_contact(self) -> Arguments:
        """What is done also while the contact register is away takes that too."""
        return {**self.can_be_told, "is_contact_known": self.answers.is_contact_known}


@dataclass(frozen=True)
class Operation:
    verb: Callable[..., Any]
    arguments: Callable[[Given, Call], Arguments]
    asks: Callable[..., asking.Answers] = asking.about_meeting


def arguments_of(operation: Operation, given: Given, meeting_id: UUID, view: Endpoint) -> Arguments:
    """What the verb takes apart from the version. A participant is named by the address, or in what was sent."""
    named = view.kwargs.get("participant_id") or given.get("participant_id")
    call = Call(meeting_id, view, operation.asks(meeting_id, by=view.by, at=view.at), named)
    return operation.arguments({name: value for name, value in given.items() if name != "participant_id"}, call)


# What is said of why stands beside what is changed.
_OF_WHY: Final = frozenset({"reason", "sentence", "sentences"})


def _why(given: Given) -> changes.Why:
    others = {one["participant_id"]: one["sentence"] for one in given.get("sentences", [])}
    return changes.Why(reason=Reason(given["reason"]), sentence=given["sentence"], sentences=others)


def _overrule(given: Given) -> Overrule | None:
    asked = given.get("overrule")
    return Overrule(codes=frozenset(asked["codes"]), why=WhyOverruled(asked["why"])) if asked else None


def _told(given: Given, call: Call) -> Arguments:
    """What a change takes that is told with a reason."""
    return {**call.common, **call.can_be_told, "why": _why(given), "safety_measures": call.answers.safety_measures}


def _move(given: Given, call: Call) -> Arguments:
    place = place_of(given) if "place" in given else None
    to = slot_of(given, call.view.at)
    return {**_told(given, call), **call.of_contact, "to": to, "place": place, "overrule": _overrule(given)}


def _cancel(given: Given, call: Call) -> Arguments:
    return {**call.common, **call.of_contact, "why": _why(given)}


def _change_format(given: Given, call: Call) -> Arguments:
    return {
        **_told(given, call),
        **call.of_contact,
        "to": Format(given["format"]),
        "place": place_of(given),
        "overrule": _overrule(given),
    }


def _reinstate(given: Given, call: Call) -> Arguments:
    return {**_told(given, call), "overrule": _overrule(given)}


def _colleague(given: Given, call: Call) -> Colleague:
    person_id = call.answers.clearance.person_id
    return asking.colleague(given["nav_ident"], person_id=person_id, at=call.view.at)


def _add_staff(given: Given, call: Call) -> Arguments:
    return {**_reinstate(given, call), "colleague": _colleague(given, call)}


def _remove_staff(given: Given, call: Call) -> Arguments:
    return {**_told(given, call), "participant_id": call.participant_id}


def _hand_over(given: Given, call: Call) -> Arguments:
    return {**_reinstate(given, call), "to": _colleague(given, call), "stays": given["stays"]}


def _change_details(given: Given, call: Call) -> Arguments:
    # What is not sent stays, as for a partner.
    now = details.as_it_is(asking.known(call.meeting_id, by=call.view.by))
    texts = {name: given[name] for name in ("theme", "purpose", "preparations") if name in given}
    rest = {name: given[name] for name in ("language", "check_identity") if name in given}
    wanted = replace(now, texts=replace(now.texts, **texts), **rest)
    return {**call.common, **call.can_be_told, "details": wanted, "is_correction": given["is_correction"]}


def _add_partner(given: Given, call: Call) -> Arguments:
    return {
        **call.common,
        **call.can_be_told,
        "partner": partner_of(_without_why(given)),
        "citizen_contact": call.answers.contact,
        "why": _why(given),
    }


def _change_partner(given: Given, call: Call) -> Arguments:
    # What is not sent stays. That it is read here and written later is what `version` is for.
    meeting = asking.known(call.meeting_id, by=call.view.by)
    now = partners.as_it_is(people.partner_of(meeting, call.participant_id))
    return {
        **call.of_participant,
        "partner": replace(now, **_without_why(given)),
        "citizen_contact": call.answers.contact,
        "why": _why(given),
    }


def _without_why(given: Given) -> Given:
    return {name: value for name, value in given.items() if name not in _OF_WHY}


def _remove_partner(given: Given, call: Call) -> Arguments:
    return {**call.of_participant, "why": _why(given)}


def _of_participant(_: Given, call: Call) -> Arguments:
    return call.of_participant


def _change_way_in(given: Given, call: Call) -> Arguments:
    return {**call.of_participant, "to": given["way_in"], "why": _why(given)}


def _end(_: Given, call: Call) -> Arguments:
    return call.common


def _conclude(given: Given, call: Call) -> Arguments:
    return {**call.common, "held": given["held"]}


def _correct_conclusion(given: Given, call: Call) -> Arguments:
    return {**_conclude(given, call), "why": WhyCorrected(given["why"])}


def _set_outcome(given: Given, call: Call) -> Arguments:
    why = WhyCorrected(given["why"]) if "why" in given else None
    return {**call.of_participant, "outcome": Outcome(given["outcome"]), "why": why}


# Named as in a rehearsal.
OPERATIONS: Final[Mapping[str, Operation]] = {
    "move": Operation(changes.move, _move, asking.about_change),
    "cancel": Operation(changes.cancel, _cancel, asking.about_change),
    "change_format": Operation(formats.change_format, _change_format, asking.about_change),
    "add_partner": Operation(people.add_partner, _add_partner),
    "change_partner": Operation(people.change_partner, _change_partner),
    "remove_partner": Operation(people.remove_partner, _remove_partner),
    "change_way_in": Operation(formats.change_way_in, _change_way_in),
    "change_details": Operation(details.change_details, _change_details),
    "add_staff": Operation(staff.add_staff, _add_staff),
    "remove_staff": Operation(staff.remove_staff, _remove_staff),
    "hand_over": Operation(handing_over.hand_over, _hand_over),
    "reinstate": Operation(reinstating.reinstate, _reinstate),
    "end": Operation(outcome.end_meeting, _end),
    "conclude": Operation(outcome.conclude, _conclude),
    "correct_conclusion": Operation(outcome.correct_conclusion, _correct_conclusion),
    "outcome": Operation(outcome.set_outcome, _set_outcome),
    "call": Operation(outcome.record_call, _of_participant),
}
