"""What is said of SMS and e-mail that wait for the morning, while they do and after: beside "Vist på Min side"."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from invitations.messages import by_min_side, foretold, texts
from invitations.messages.occasions import CALLS_OFF, NOT_SENT, TASKS
from invitations.messages.told import Picture
from invitations.models import Message, Occasion, Retraction

_BY_THEN: Final[Mapping[str, str]] = {
    Occasion.ANSWERED: "innbyggeren svarte først",
    **dict.fromkeys(CALLS_OFF, "møtet ble avlyst først"),
}


def of(message: Message, at: datetime) -> str:
    """Of one that was shown, and of whose SMS or e-mail Min side has said neither that it was sent nor that it failed.

    "" where they went with it.
    """
    if message.sms_at is None:
        return ""
    if is_called_off(message):
        return f". SMS og e-post ble ikke sendt: {_why_not(message)}"
    when = texts.when(message.sms_at, "nb")
    return f". SMS eller e-post {'sendes' if at < message.sms_at else 'skulle sendes'} {when}"


def sms_at(message: Message, at: datetime, *, by_sms: bool, was: Picture | None) -> datetime | None:
    """When they go, or were to, of one that left or is to come; None where they do not wait."""
    if message.sent_at is not None:
        return message.sms_at
    return foretold.sms_at(message, at, by_sms=by_sms, was=was) if message.state in NOT_SENT else None


def is_called_off(message: Message) -> bool:
    """Was it taken back in time, by Min side's own word or by the time that we did so?"""
    retraction = _retraction(message)
    taken_back_at = retraction.sent_at if retraction is not None else None
    if message.sms_at is not None and taken_back_at is not None and taken_back_at < message.sms_at:
        return True
    return by_min_side.became(message.receipts.all()).is_called_off


def _why_not(message: Message) -> str:
    retraction = _retraction(message)
    if retraction is None or retraction.sent_at is None:
        # An oppgave cannot be put away by the citizen.
        return "varselet var borte først" if message.occasion in TASKS else "innbyggeren fjernet varselet først"
    by = retraction.after
    if by is None:
        return "varselet ble tatt tilbake først"
    return _BY_THEN.get(by.occasion, "et nyere varsel tok plassen først")


def _retraction(message: Message) -> Retraction | None:
    retraction: Retraction | None = getattr(message, "retraction", None)
    return retraction
