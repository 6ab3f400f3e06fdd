"""The doctors and employers on the booking form: one form each, added and taken out, and nothing typed is lost."""

from collections.abc import Iterator, Sequence
from typing import Any, Self

from django.http import QueryDict

from meetings.models import Format, MeetingType
from meetings.partners import MOST, PartnerInput
from navmeet.exceptions import DomainError, InvalidFields
from navmeet.pages.errors_in_forms import put
from navmeet.pages.staff.partner_forms import PartnerForm

# The field that says how many there are, and what the names of theirs begin with: "partners-1-name".
PARTNERS = "partners"


class PartnerForms:
    """As many as were asked for, numbered from 1 in the order they stand on the page."""

    def __init__(self, forms: Sequence[PartnerForm]) -> None:
        self._forms = list(forms)
        for number, form in enumerate(self._forms, 1):
            form.called = f"Deltaker {number}"

    @classmethod
    def sent(cls, data: QueryDict) -> Self:
        """Those of a form that is to be acted on."""
        return cls([PartnerForm(data, prefix=_prefix(number)) for number in _numbers(data)])

    @classmethod
    def to_go_on(cls, data: QueryDict, *, without: str = "", one_more: bool = False) -> Self:
        """Those typed so far, numbered anew: `without` that number, and with one more, empty, while there may be."""
        filled: list[dict[str, Any]] = [_typed(data, number) for number in _numbers(data) if str(number) != without]
        if one_more and len(filled) < MOST:
            filled.append({"language": "nb", "way_in": ""})
        return cls([PartnerForm(initial=one, prefix=_prefix(number)) for number, one in enumerate(filled, 1)])

    def __iter__(self) -> Iterator[PartnerForm]:
        return iter(self._forms)

    def __len__(self) -> int:
        return len(self._forms)

    @property
    def may_be_more(self) -> bool:
        """Whether one more can be added."""
        return len(self) < MOST

    def are_valid(self) -> bool:
        """Whether each can be asked for as it stands."""
        return all(form.is_valid() for form in self)

    def asked_for(self) -> tuple[PartnerInput, ...]:
        """Of valid forms."""
        return tuple(form.partner() for form in self)

    def check(self, meeting_type: MeetingType, held: Format, minutes: int) -> None:
        """Say at its field what the domain would refuse, of those whose form is whole."""
        for form in self:
            if form.is_valid():
                try:
                    form.partner().checked(meeting_type=meeting_type, held=held, minutes=minutes)
                except InvalidFields as error:
                    put(error, form)

    def refuse(self, error: DomainError) -> bool:
        """Put an error about a partner, "partners.0.phone", at its field. False for one about something else."""
        about, _, rest = (error.field or "").partition(".")
        number, _, name = rest.partition(".")
        if about != PARTNERS or not number.isdecimal() or int(number) >= len(self):
            return False
        put(error, self._forms[int(number)], names={error.field or "": name})
        return True


def typed(data: QueryDict) -> dict[str, str]:
    """What was filled in about partners, as it was sent, to be carried along unseen."""
    names = [_name(number, field) for number in _numbers(data) for field in PartnerForm.base_fields]
    return {name: str(data[name]) for name in [PARTNERS, *names] if name in data}


def _numbers(data: QueryDict) -> range:
    """Of those that were sent. One more than there may be is kept, so that it is refused in words."""
    count = data.get(PARTNERS, "")
    return range(1, min(int(count), MOST + 1) + 1) if count.isdecimal() and len(count) < 4 else range(0)


def _typed(data: QueryDict, number: int) -> dict[str, str]:
    names = {field: _name(number, field) for field in PartnerForm.base_fields}
    return {field: str(data[name]) for field, name in names.items() if name in data}


def _prefix(number: int) -> str:
    return f"{PARTNERS}-{number}"


def _name(number: int, field: str) -> str:
    return f"{_prefix(number)}-{field}"
