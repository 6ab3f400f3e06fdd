"""The shape of a text in one language."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Which text: finer than the occasion where the words differ."""

    INVITED = "INVITED"
    MOVED = "MOVED"
    CHANGED = "CHANGED"
    CANCELLED = "CANCELLED"
    ANSWERED = "ANSWERED"
    IN_A_WEEK = "IN_A_WEEK"
    TOMORROW = "TOMORROW"
    IN_AN_HOUR = "IN_AN_HOUR"
    MINUTES_SHARED = "MINUTES_SHARED"


@dataclass(frozen=True)
class Words:
    """`{when}` is "tirsdag 24. november kl. 10.00", `{meeting}` "videomøte". SMS, title and body go together or not."""

    ditt_nav: str
    sms: str = ""
    title: str = ""
    body: str = ""
