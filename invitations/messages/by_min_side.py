"""What Min side's words on the SMS and e-mail of one notification come to, in whatever order they come, however often.

`sendt` is of one channel, handed on, and may be followed by `feilet` of the same: then it did not come through. The
other channel is not touched by that. A word without a channel is of all of them. `ferdigstilt` says that Min side is
done: it is good news only where no other word has come. Min side's own reminder of an oppgave (`renotifikasjon`) is a
sending of its own: one that fails takes nothing away from what came through a week before, one that comes through is
enough. `kansellert`: the notification was gone before they were sent. That is no failure where it was answered, taken
back, or read and put away; else see taken_away.py. By their own times; of two in the same instant the good one counts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from invitations.messages.receipts_format import EXTERNAL, INACTIVATED
from invitations.models import Receipt

SENT: Final = "sendt"
FAILED: Final = "feilet"
FINISHED: Final = "ferdigstilt"
CALLED_OFF: Final = "kansellert"


@dataclass(frozen=True)
class Became:
    """`by`: through what it came, as Min side names it ("" where it did not say). `failed`: through what it did not."""

    by: frozenset[str] = frozenset()
    failed: frozenset[str] = frozenset()
    is_reminder_lost: bool = False
    was_called_off: bool = False

    @property
    def is_arrived(self) -> bool:
        return bool(self.by)

    @property
    def is_failed(self) -> bool:
        return bool(self.failed) and not self.by

    @property
    def is_called_off(self) -> bool:
        """Nothing was sent, and nothing will be."""
        return self.was_called_off and not self.by and not self.failed


def became(receipts: Iterable[Receipt]) -> Became:
    """Of all that was said of one notification; of other events nothing is asked."""
    external = [one for one in receipts if one.event == EXTERNAL]
    first = _of_one_sending([one for one in external if not one.is_renotification])
    reminder = _of_one_sending([one for one in external if one.is_renotification])
    return Became(first.by | reminder.by, first.failed, reminder.is_failed, first.was_called_off)


def gone_at(receipts: Iterable[Receipt]) -> datetime | None:
    """Since when it stands on Ditt NAV no more, by their own times; None where nothing says so."""
    gone = (one for one in receipts if one.event == INACTIVATED or (one.event, one.status) == (EXTERNAL, CALLED_OFF))
    return min((one.happened_at for one in gone), default=None)


def _of_one_sending(receipts: list[Receipt]) -> Became:
    good, bad = _last(receipts, SENT), _last(receipts, FAILED)
    called_off = any(one.status == CALLED_OFF for one in receipts)
    if not good and not bad:
        is_finished = not called_off and any(one.status == FINISHED for one in receipts)
        return Became(frozenset({""} if is_finished else ()), was_called_off=called_off)
    by = {
        via
        for via, at in good.items()
        if not any(failed_at > at for failed, failed_at in bad.items() if failed == via or "" in (failed, via))
    }
    return Became(frozenset(by), frozenset(bad), was_called_off=called_off)


def _last(receipts: list[Receipt], status: str) -> dict[str, datetime]:
    last: dict[str, datetime] = {}
    for one in receipts:
        if one.status == status:
            last[one.via] = max(one.happened_at, last.get(one.via, one.happened_at))
    return last
