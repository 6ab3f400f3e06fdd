"""How the telling stands: what is due and not sent, what hangs and on what, and whether a finished day adds up.

Asked at each scrape, so it counts what few rows there are of each through the ledger's own indexes. Counting all rows,
and adding up a day, reads the whole table: it is not done again before a hundred times as long as it took.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from time import monotonic
from typing import Final

from django.db.models import Count, Min, Q, QuerySet
from prometheus_client.core import GaugeMetricFamily, Metric

from invitations.messages import perhaps_twice
from invitations.messages.occasions import NOT_SENT
from invitations.models import Hang, Message, MessageState, Pulse, Retraction
from meetings.times import OSLO

OFTEN: Final = 5
# A healthy sender has had it by then.
IN_HAND: Final = timedelta(minutes=1)
KEPT_TIMES: Final = 100
# What a healthy house has; one that has never worked is older than any.
PARTS: Final = ("sweep", "probe", "consumer")
NOT_SENT_AND_SETTLED: Final = (MessageState.SKIPPED, MessageState.VOID, MessageState.FAILED)


class _Kept:
    """What takes long to count, as it was counted last."""

    def __init__(self, count: Callable[[datetime], list[Metric]]) -> None:
        self._count = count
        self._until = 0.0
        self._figures: list[Metric] = []

    def of(self, at: datetime) -> list[Metric]:
        began = monotonic()
        if began >= self._until:
            self._figures = self._count(at)
            self._until = began + KEPT_TIMES * (monotonic() - began)
        return self._figures

    def forget(self) -> None:
        self._until = 0.0


def figures(at: datetime) -> list[Metric]:
    """All of them."""
    return [*_due(at), *_parts(at), *_whole.of(at)]


def forget() -> None:
    """Count anew the next time."""
    _whole.forget()


def _due(at: datetime) -> list[Metric]:
    due = Message.objects.filter(state=MessageState.PLANNED, due_at__lte=at)
    in_hand = Message.objects.filter(state=MessageState.CLAIMED)
    oldest = [one.aggregate(due=Min("due_at"))["due"] for one in (due, in_hand)]
    waited = GaugeMetricFamily("navmeet_oldest_due_seconds", "How long the oldest due message has waited")
    waited.add_metric([], max((_age(one, at) for one in oldest if one), default=0.0))
    often = GaugeMetricFamily("navmeet_messages_tried_often", f"Messages not sent after {OFTEN} attempts or more")
    often.add_metric([], sum(one.filter(attempts__gte=OFTEN).count() for one in (due, in_hand)))
    hanging = GaugeMetricFamily("navmeet_messages_hanging", "Messages that are due and hang, by on what", labels=["on"])
    counted = dict(due.exclude(hangs_on=Hang.NOTHING).values_list("hangs_on").annotate(Count("id")))
    for on in Hang.values:
        if on:
            hanging.add_metric([on], counted.get(on, 0))
    retractions = GaugeMetricFamily("navmeet_retractions_open", "Retractions that should have been sent, and are not")
    retractions.add_metric([], _should_have_gone(at).count())
    twice = GaugeMetricFamily("navmeet_emails_perhaps_twice", "E-mails that may have gone out more than once, by SMTP")
    twice.add_metric([], perhaps_twice.sent().count())
    return [waited, often, hanging, retractions, twice]


def _should_have_gone(at: datetime) -> QuerySet[Retraction]:
    """What stands on Ditt NAV and should not any more: nothing in its place is waited for, or that itself is late.

    What was tried and came to nothing is due anew later, and should have gone all the same.
    """
    late = at - IN_HAND
    opened = Retraction.objects.filter(state__in=[Retraction.State.PLANNED, Retraction.State.CLAIMED])
    tried = Q(state=Retraction.State.PLANNED, attempts__gt=0) | Q(attempts__gt=1)
    is_there = ~Q(after__state__in=NOT_SENT) & (Q(after__settled_at=None) | Q(after__settled_at__lte=late))
    is_late = Q(after__state__in=NOT_SENT, after__due_at__lte=late)
    waits_for_nothing = Q(after=None) | is_there | is_late
    return opened.filter(tried | Q(due_at__lte=late), waits_for_nothing).exclude(message__state__in=NOT_SENT)


def _parts(at: datetime) -> list[Metric]:
    pulse = GaugeMetricFamily("navmeet_pulse_age_seconds", "Since a part of the worker last worked", labels=["of"])
    last = dict(Pulse.objects.values_list("name", "at"))
    for name in sorted({*PARTS, *last}):
        pulse.add_metric([name], _age(last[name], at) if name in last else float("inf"))
    return [pulse]


def _count(at: datetime) -> list[Metric]:
    states = GaugeMetricFamily("navmeet_messages", "Messages in the ledger, by state", labels=["state"])
    counted = dict(Message.objects.values_list("state").annotate(Count("id")))
    for state in MessageState.values:
        states.add_metric([state], counted.get(state, 0))
    return [states, *_day(at.astimezone(OSLO).date() - timedelta(days=1))]


def _day(day: date) -> Iterable[Metric]:
    """The last finished day in Oslo: of what was due then, how much was sent, or surely was not to be."""
    begins, ends = (datetime.combine(day + timedelta(days=more), time(), tzinfo=OSLO) for more in (0, 1))
    added = Message.objects.filter(due_at__gte=begins, due_at__lt=ends).aggregate(
        planned=Count("id"),
        sent=Count("id", filter=Q(sent_at__isnull=False)),
        not_sent=Count("id", filter=Q(sent_at__isnull=True, state__in=NOT_SENT_AND_SETTLED)),
    )
    of_day = GaugeMetricFamily("navmeet_day_messages", "Messages due on the last finished day", labels=["of"])
    for name, number in added.items():
        of_day.add_metric([name], number)
    balance = GaugeMetricFamily("navmeet_day_balance", "Planned minus sent minus not to be sent, of that day")
    balance.add_metric([], added["planned"] - added["sent"] - added["not_sent"])
    return [of_day, balance]


def _age(moment: datetime, at: datetime) -> float:
    return max(0.0, (at - moment).total_seconds())


_whole = _Kept(_count)
