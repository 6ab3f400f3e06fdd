"""Where and how a meeting is held: what each format needs."""

import re
from dataclasses import dataclass
from uuid import UUID

from meetings.models import Caller, Format
from navmeet.exceptions import Invalid, InvalidFields

_PHONE = re.compile(r"\+?[0-9]{8,15}")


@dataclass(frozen=True)
class Place:
    """In person: `address`, `room`, `directions`. By phone: who rings, and on which number. By video: nothing.

    `room_id` is a room of the office that is booked with the meeting (see meetings.rooms); `room` is then its name.
    """

    address: str = ""
    room: str = ""
    directions: str = ""
    caller: str = ""
    phone: str = ""
    room_id: UUID | None = None

    def for_format(self, held: Format) -> "Place":
        """Only what this format uses, checked. Raises InvalidFields naming what is missing."""
        if held == Format.IN_PERSON:
            if not self.address:
                raise InvalidFields([Invalid("Skriv hvor møtet skal være.", code="address_missing", field="address")])
            return Place(address=self.address, room=self.room, directions=self.directions, room_id=self.room_id)
        if held == Format.PHONE:
            return self._by_phone()
        return Place()

    def _by_phone(self) -> "Place":
        errors = []
        if self.caller not in Caller.values:
            errors.append(Invalid("Velg hvem som skal ringe.", code="caller_missing", field="caller"))
        phone = re.sub(r"[\s.\-()]", "", self.phone)
        if not _PHONE.fullmatch(phone):
            text = "Skriv telefonnummeret med 8 siffer, eller med landkode, for eksempel +46 70 123 45 67."
            errors.append(Invalid(text, code="phone_invalid", field="phone"))
        if errors:
            raise InvalidFields(errors)
        return Place(caller=self.caller, phone=phone)
