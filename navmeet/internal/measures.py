"""The figures that Prometheus fetches: what this process has served, and what the database says of the work."""

from collections.abc import Iterator
from datetime import datetime

from django.db import Error
from django.db.models import Count, Min, Q
from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from invitations import regular_look
from invitations.messages import perhaps_twice
from invitations.models import Message, MessageState, Pulse, Retraction
from meetings.models import Task
from navmeet import clock
from navmeet.audit.models import Showing
from navmeet.outbox.models import OutboxEvent

WAITING = Q(state__in=[MessageState.PLANNED, MessageState.CLAIMED])
registry = CollectorRegistry()

request_seconds = Histogram(
    "navmeet_request_seconds",
    "Time to answer a request",
    ["route", "method", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=registry,
)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def served(route: str, method: str, status: int, seconds: float) -> None:
    """Count one request. `route` is the pattern, never the address."""
    known = method if method in METHODS else "OTHER"
    request_seconds.labels(route=route, method=known, status=f"{status // 100}xx").observe(seconds)


class Ledger(Collector):
    """Asked at each scrape; a database that is away gives one figure that says so."""

    def describe(self) -> list[Metric]:
        """Nothing is asked when the collector is registered."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The figures as they are now."""
        at = clock.now()
        up = GaugeMetricFamily("navmeet_database_up", "1 when the database answers")
        try:
            figures = [*_messages(at), *_worker(at), *_looks(at), *_tasks(), *_showings(at), *_events(at)]
        except Error:
            figures = []
        up.add_metric([], 1.0 if figures else 0.0)
        yield up
        yield from figures


def _messages(at: datetime) -> list[Metric]:
    states = GaugeMetricFamily("navmeet_messages", "Messages in the ledger, by state", labels=["state"])
    counted = dict(Message.objects.values_list("state").annotate(Count("id")))
    for state in MessageState.values:
        states.add_metric([state], counted.get(state, 0))
    oldest = Message.objects.filter(WAITING, due_at__lte=at).aggregate(due=Min("due_at"))["due"]
    overdue = GaugeMetricFamily("navmeet_oldest_due_seconds", "How long the oldest due message has waited")
    overdue.add_metric([], _age(oldest, at))
    retractions = GaugeMetricFamily("navmeet_retractions_open", "Retractions not yet sent")
    opened = Q(state__in=[Retraction.State.PLANNED, Retraction.State.CLAIMED])
    retractions.add_metric([], Retraction.objects.filter(opened).count())
    twice = GaugeMetricFamily("navmeet_emails_perhaps_twice", "E-mails that may have gone out more than once, by SMTP")
    twice.add_metric([], perhaps_twice.sent().count())
    return [states, overdue, retractions, twice]


def _worker(at: datetime) -> list[Metric]:
    pulse = GaugeMetricFamily("navmeet_pulse_age_seconds", "Since a part of the worker last worked", labels=["of"])
    for name, last in Pulse.objects.values_list("name", "at"):
        pulse.add_metric([name], _age(last, at))
    return [pulse]


def _looks(at: datetime) -> list[Metric]:
    oldest = GaugeMetricFamily(
        "navmeet_oldest_register_look_seconds",
        "Since the population register was asked about that citizen with a meeting to come who has waited longest",
    )
    asked = regular_look.people_with_meetings_to_come(at).aggregate(oldest=Min("registers_asked_at"))["oldest"]
    oldest.add_metric([], _age(asked, at))
    return [oldest]


def _tasks() -> list[Metric]:
    tasks = GaugeMetricFamily("navmeet_tasks_open", "Tasks for caseworkers, by kind", labels=["kind"])
    counted = dict(Task.objects.filter(done_at=None).values_list("kind").annotate(Count("id")))
    for kind in Task.Kind.values:
        tasks.add_metric([kind], counted.get(kind, 0))
    return [tasks]


def _showings(at: datetime) -> list[Metric]:
    waiting = Showing.objects.filter(relayed_at=None).aggregate(number=Count("id"), oldest=Min("at"))
    number = GaugeMetricFamily("navmeet_showings_waiting", "Audit lines not yet handed on")
    number.add_metric([], waiting["number"])
    oldest = GaugeMetricFamily("navmeet_oldest_showing_seconds", "How long the oldest audit line has waited")
    oldest.add_metric([], _age(waiting["oldest"], at))
    return [number, oldest]


def _events(at: datetime) -> list[Metric]:
    waiting = OutboxEvent.objects.filter(relayed_at=None).aggregate(number=Count("position"), oldest=Min("at"))
    number = GaugeMetricFamily("navmeet_events_unrelayed", "Events not yet on the topic for other systems")
    number.add_metric([], waiting["number"])
    oldest = GaugeMetricFamily("navmeet_oldest_event_seconds", "How long the oldest of them has waited")
    oldest.add_metric([], _age(waiting["oldest"], at))
    return [number, oldest]


def _age(moment: datetime | None, at: datetime) -> float:
    return max(0.0, (at - moment).total_seconds()) if moment else 0.0


registry.register(Ledger())
