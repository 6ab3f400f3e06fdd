"""When the house itself goes on with what did not reach somebody, and by what: nobody needs to do anything before that.

An e-mail that failed just then is ordered anew (ordered_anew.py), an SMS waits for the morning (partner_sms.py), a
change waits for its ten minutes.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import BooleanField, Case, OuterRef, Q, QuerySet, Subquery, Value, When

from invitations.messages import log_words, texts
from invitations.messages.occasions import NOT_SENT, TELL_OF_MEETING
from invitations.models import Channel, Message, Step
from navmeet.look import dates

_OF_THE_SAME: Final = ("occasion", "step", "about_id", "about_number")


@dataclass(frozen=True)
class NextTry:
    """`is_same`: of what did not arrive; else something newer is told then."""

    due_at: datetime
    channel: Channel
    is_same: bool

    @property
    def is_to_the_same_address(self) -> bool:
        """Is it held to be right? An SMS follows also where it is not."""
        return self.is_same and self.channel == Channel.EMAIL

    def words(self, at: datetime) -> str:
        """ "Vi prøver igjen kl. 21.34 på e-post", read at `at`."""
        is_same_day = dates.in_oslo(self.due_at).date() == dates.in_oslo(at).date()
        is_far = texts.needs_year(self.due_at, at)
        when = dates.clock(self.due_at, "nb") if is_same_day else texts.when(self.due_at, "nb", with_year=is_far)
        does = "Vi prøver igjen" if self.is_same else "En endring fortelles"
        return f"{does} {when} på {log_words.CHANNELS[self.channel]}"


def annotate(messages: QuerySet[Message], at: datetime) -> QuerySet[Message]:
    """With what `of` reads of each. No query more."""
    same = Q(**{name: OuterRef(name) for name in _OF_THE_SAME})
    tries = Message.objects.filter(participant=OuterRef("participant"), state__in=NOT_SENT, due_at__gt=at)
    tries = tries.filter(same | Q(occasion__in=TELL_OF_MEETING), due_at__gt=OuterRef("due_at")).exclude(step=Step.PLAIN)
    is_same = Case(When(same, then=Value(True)), default=Value(False), output_field=BooleanField())
    first = tries.annotate(is_same=is_same).order_by("due_at", "pk")
    return messages.annotate(
        next_at=Subquery(first.values("due_at")[:1]),
        next_channel=Subquery(first.values("channel")[:1]),
        next_is_same=Subquery(first.values("is_same")[:1]),
    )


def of(message: Any) -> NextTry | None:
    """Of one of `annotate`; None where nothing more is planned."""
    if message.next_at is None:
        return None
    return NextTry(message.next_at, Channel(message.next_channel), message.next_is_same)
