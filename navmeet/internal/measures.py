"""The figures that Prometheus fetches: what this process has served, and what the database says of the work."""

from collections.abc import Iterator
from datetime import datetime

from django.db import Error
from django.db.models import Count, Min
from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from invitations import regular_look
from meetings.models import Task
from navmeet import clock
from navmeet.audit.models import Showing
from navmeet.internal import ledger_measures
from navmeet.outbox.models import OutboxEvent

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
            figures = [*ledger_measures.figures(at), *_looks(at), *_tasks(), *_showings(at), *_events(at)]
        except Error:
            figures = []
        up.add_metric([], 1.0 if figures else 0.0)
        yield up
        yield from figures


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
