"""What speaks against a time or a room, and how somebody takes it all the same: named, with a reason that is kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import TextChoices

from meetings.models import Revision, WhyOverruled
from navmeet.change import refuse
from navmeet.exceptions import Conflict, Invalid


class Code(TextChoices):
    """What can be overruled. A clash is not among them: nobody is in two places."""

    OUTSIDE_HOURS = "OUTSIDE_HOURS"
    ABSENT = "ABSENT"
    HOLIDAY = "HOLIDAY"
    CLOSED = "CLOSED"
    OFFICE_HOURS = "OFFICE_HOURS"
    NOTICE = "NOTICE"
    BUFFER = "BUFFER"
    ROOM_TOO_SMALL = "ROOM_TOO_SMALL"


@dataclass(frozen=True)
class Objection:
    """One thing that speaks against it. The sentence names nobody and no other meeting."""

    code: str
    message: str
    field: str = "time"

    @property
    def can_be_overruled(self) -> bool:
        return self.code in Code.values


@dataclass(frozen=True)
class Overrule:
    """What whoever books or changes has seen and takes all the same."""

    codes: frozenset[str]
    why: WhyOverruled | str

    def checked(self) -> "Overrule":
        """Raises Invalid at `overrule` for what nobody can overrule, or without a reason of the list."""
        if not self.codes <= set(Code.values):
            raise Invalid("Dette kan ikke overstyres.", code="cannot_be_overruled", field="overrule")
        if self.why not in WhyOverruled.values:
            raise Invalid("Velg hvorfor du vil gjøre det likevel.", code="overrule_why", field="overrule_why")
        return self


@dataclass(frozen=True)
class Overruled:
    """What was overruled, as the revision keeps it."""

    codes: tuple[str, ...] = ()
    why: str = ""

    @staticmethod
    def of(revision: Revision) -> "Overruled":
        """What an earlier revision kept."""
        return Overruled(codes=tuple(revision.overruled), why=revision.overruled_why)


NOTHING: Final = Overruled()


class NotSuitable(Conflict):
    """Something speaks against it. `extra["objections"]` names each, `extra["can_be_overruled"]` their codes."""

    code = "not_suitable"

    def __init__(self, objections: Iterable[Objection]) -> None:
        self.objections = tuple(objections)
        super().__init__(
            " ".join(dict.fromkeys(one.message for one in self.objections)),
            field=self.objections[0].field,
            extra={
                "objections": [{"code": one.code, "message": one.message} for one in self.objections],
                "can_be_overruled": [one.code for one in self.objections if one.can_be_overruled],
            },
        )


def settle(objections: Iterable[Objection], overrule: Overrule | None) -> Overruled:
    """What is overruled by it. Raises NotSuitable with what is left, Invalid at `overrule` or `overrule_why`."""
    found = tuple(objections)
    codes = overrule.checked().codes if overrule is not None else frozenset()
    left = [one for one in found if one.code not in codes]
    if left:
        refuse(NotSuitable(left))
        return NOTHING
    if not found or overrule is None:
        return NOTHING
    return Overruled(codes=tuple(dict.fromkeys(one.code for one in found)), why=str(overrule.why))
