"""What meetings ought to be, as simply as can be: no database, no clock, and of messages one question.

An operation gives "" and is done, or the code it is refused with. `told` is the picture the citizen was told last:
they must be told whatever differs from how it is, and that it is on `again`.
"""

from dataclasses import dataclass, field, replace

Picture = tuple[int, str, frozenset[tuple[str, int]]]


@dataclass
class Meet:
    """`when` names a slot, people are numbers; three numbers count the changes."""

    when: int
    held: str
    host: int
    citizen: int
    staff: frozenset[int] = frozenset()
    is_cancelled: bool = False
    version: int = 1
    revision: int = 1
    sequence: int = 0
    told: Picture | str | None = None
    again: bool = False

    @property
    def takes(self) -> frozenset[tuple[str, int]]:
        people = {("staff", one) for one in self.staff | {self.host}} | {("citizen", self.citizen)}
        return frozenset(people | ({("room", 0)} if self.held == "IN_PERSON" else set()))

    @property
    def picture(self) -> Picture | str:
        people = {("HOST", self.host)} | {("STAFF", one) for one in self.staff}
        return "cancelled" if self.is_cancelled else (self.when, self.held, frozenset(people))


@dataclass
class Model:
    overlapping: frozenset[frozenset[int]]
    meetings: dict[int, Meet] = field(default_factory=dict)

    def book(self, number: int, wanted: Meet) -> str:
        return self._if_free(number, wanted)

    def move(self, number: int, when: int) -> str:
        meet = self.meetings[number]
        refused = (meet.is_cancelled and "wrong_state") or (meet.when == when and "nothing_changed")
        return refused or self._if_free(number, _revised(meet, when=when))

    def change_format(self, number: int, held: str) -> str:
        meet = self.meetings[number]
        refused = (meet.is_cancelled and "wrong_state") or (meet.held == held and "nothing_changed")
        return refused or self._if_free(number, _revised(meet, held=held))

    def cancel(self, number: int) -> str:
        meet = self.meetings[number]
        if not meet.is_cancelled:
            version, sequence = meet.version + 1, meet.sequence + 1
            self.meetings[number] = replace(meet, is_cancelled=True, version=version, sequence=sequence)
        return "wrong_state" if meet.is_cancelled else ""

    def reinstate(self, number: int) -> str:
        meet = self.meetings[number]
        return (
            self._if_free(number, _revised(meet, is_cancelled=False, again=True))
            if meet.is_cancelled
            else "wrong_state"
        )

    def hand_over(self, number: int, to: int, *, stays: bool) -> str:
        meet = self.meetings[number]
        refused = (meet.is_cancelled and "wrong_state") or (meet.host == to and "nothing_changed")
        staff = (meet.staff | ({meet.host} if stays else set())) - {to}
        return refused or self._if_free(number, replace(meet, host=to, staff=staff, version=meet.version + 1))

    def add_staff(self, number: int, who: int) -> str:
        meet = self.meetings[number]
        refused = (meet.is_cancelled and "wrong_state") or (who in meet.staff | {meet.host} and "staff_already")
        return refused or self._if_free(number, replace(meet, staff=meet.staff | {who}, version=meet.version + 1))

    def remove_staff(self, number: int, who: int) -> str:
        meet = self.meetings[number]
        refused = (meet.is_cancelled and "wrong_state") or (who == meet.host and "is_host")
        absent = who not in meet.staff and "participant_not_found"
        fewer = replace(meet, staff=meet.staff - {who}, version=meet.version + 1)
        return refused or absent or self._if_free(number, fewer)

    def _if_free(self, number: int, wanted: Meet) -> str:
        others = (one for key, one in self.meetings.items() if key != number and not one.is_cancelled)
        if any(one.takes & wanted.takes and {one.when, wanted.when} in self.overlapping for one in others):
            return "occupied"
        self.meetings[number] = wanted
        return ""


def _revised(meet: Meet, **changes: object) -> Meet:
    numbers = {"version": meet.version + 1, "revision": meet.revision + 1, "sequence": meet.sequence + 1}
    return replace(meet, **({"again": False} | numbers | changes))  # type: ignore[arg-type]
