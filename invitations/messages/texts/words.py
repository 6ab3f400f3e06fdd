"""The shape of a text in one language."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Which text: finer than the occasion where the words differ."""

    INVITED = "INVITED"
    MOVED = "MOVED"
    MOVED_OTHERWISE = "MOVED_OTHERWISE"
    CHANGED = "CHANGED"
    PLACE_CHANGED = "PLACE_CHANGED"
    PHONE_CHANGED = "PHONE_CHANGED"
    CANCELLED = "CANCELLED"
    ANSWERED = "ANSWERED"
    ANSWER_SETTLED = "ANSWER_SETTLED"
    IN_A_WEEK = "IN_A_WEEK"
    TOMORROW = "TOMORROW"
    IN_AN_HOUR = "IN_AN_HOUR"
    MINUTES_SHARED = "MINUTES_SHARED"
    MINUTES_AMENDED = "MINUTES_AMENDED"
    MINUTES_RECALLED = "MINUTES_RECALLED"
    WHAT_HAPPENED = "WHAT_HAPPENED"
    FORMAT_CHANGED = "FORMAT_CHANGED"
    PEOPLE_CHANGED = "PEOPLE_CHANGED"
    DETAILS_CHANGED = "DETAILS_CHANGED"
    REINSTATED = "REINSTATED"
    REINSTATED_MOVED = "REINSTATED_MOVED"
    REMOVED = "REMOVED"
    PLAIN_INVITED = "PLAIN_INVITED"
    PLAIN_NEWS = "PLAIN_NEWS"
    PLAIN_CANCELLED = "PLAIN_CANCELLED"
    PLAIN_MINUTES = "PLAIN_MINUTES"


# What a citizen and what a partner may be told of at all.
TO_CITIZENS = frozenset(Kind) - {Kind.REMOVED}
TO_PARTNERS = frozenset(
    {
        Kind.INVITED,
        Kind.MOVED,
        Kind.MOVED_OTHERWISE,
        Kind.CHANGED,
        Kind.PLACE_CHANGED,
        Kind.PHONE_CHANGED,
        Kind.FORMAT_CHANGED,
        Kind.CANCELLED,
        Kind.REINSTATED,
        Kind.REINSTATED_MOVED,
        Kind.ANSWER_SETTLED,
        Kind.REMOVED,
        Kind.TOMORROW,
        Kind.IN_AN_HOUR,
    }
)
# In the place of what cannot be said: on the page alone, with nothing to be filled in.
PLAIN = frozenset({Kind.PLAIN_INVITED, Kind.PLAIN_NEWS, Kind.PLAIN_CANCELLED, Kind.PLAIN_MINUTES})


@dataclass(frozen=True)
class Words:
    """`{when}` is "tirsdag 24. november kl. 10.00", `{meeting}` "videomøte", `{how}` "på video".

    To a citizen: SMS, title and body go together or not. To a partner: title and body of an e-mail, with `{link}` in
    the body of all that leads to the meeting.
    """

    ditt_nav: str = ""
    sms: str = ""
    title: str = ""
    body: str = ""
