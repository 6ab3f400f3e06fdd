"""Plain values of the domain out of validated input."""

from dataclasses import fields
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from meetings.booking import Booking
from meetings.models import Format, WhyOverruled
from meetings.overruling import Overrule
from meetings.partners import PartnerInput
from meetings.places import Place
from meetings.texts import CitizenTexts
from meetings.times import Slot, slot

# The fields of a place as they stand in what is sent.
PLACE_SENT: Final = {one.name: f"place.{one.name}" for one in fields(Place)}


def slot_of(given: dict[str, Any], at: datetime) -> Slot:
    """The time that was meant. Raises Invalid."""
    return slot(day=given["day"], clock=given["time"], minutes=given["minutes"], fold=given.get("fold"), at=at)


def place_of(given: dict[str, Any]) -> Place:
    """Where, or who rings whom; empty where nothing was sent."""
    return Place(**given.get("place", {}))


def partner_of(given: dict[str, Any]) -> PartnerInput:
    """A partner; what was not sent is empty."""
    return PartnerInput(**given)


def overrule_of(given: dict[str, Any]) -> Overrule | None:
    """What is taken although something speaks against it; None where nothing was sent."""
    asked = given.get("overrule")
    return Overrule(codes=frozenset(asked["codes"]), why=WhyOverruled(asked["why"])) if asked else None


def wanted(
    given: dict[str, Any], *, language: str, no_texts_in: str, at: datetime, staff: tuple[UUID, ...] = ()
) -> Booking:
    """A booking. `language`: where none was sent."""
    return Booking(
        person_id=given["person_id"],
        type_code=given["type"],
        format=Format(given["format"]),
        slot=slot_of(given, at),
        place=place_of(given),
        texts=CitizenTexts(theme=given["theme"], purpose=given["purpose"], preparations=given["preparations"]),
        check_identity=given["check_identity"],
        language=given.get("language", language),
        no_texts_in=no_texts_in,
        partners=tuple(partner_of(one) for one in given.get("partners", [])),
        staff=staff,
    )
