"""Which reminders a meeting gets by itself: the default plan of the house, and what an office has decided instead.

A changed plan holds for what is planned after it: for meetings booked, moved, reinstated or held in another format from
then on. What is planned already stays: it was shown to the caseworker when they booked.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from invitations.models import REMINDER_STEPS, ReminderPlan, Step
from meetings.keeping import check_can_keep, my_offices
from meetings.models import Format, Office
from navmeet.accounts.actor import Actor
from navmeet.accounts.models import User
from navmeet.audit.record import record
from navmeet.change import change
from navmeet.exceptions import Invalid, Stale

Plan = dict[Format, frozenset[Step]]

_ALWAYS = frozenset({Step.DAYS_7, Step.DAY_1})
DEFAULT: Plan = {
    Format.VIDEO: _ALWAYS | {Step.HOUR_1},
    Format.PHONE: _ALWAYS | {Step.HOUR_1},
    # Who has to travel is on the way by then.
    Format.IN_PERSON: _ALWAYS,
}


def of_office(office_id: str) -> Plan:
    """The plan that holds at the office, format by format. One query."""
    return DEFAULT | decided_by(office_id)


def written(plan: Plan) -> str:
    """The plan on one line, the same for the same plan."""
    return "; ".join(f"{held}: {' '.join(sorted(steps))}" for held, steps in sorted(plan.items()))


def decided_by(office_id: str) -> Plan:
    """What the office has decided itself. One query."""
    decided = ReminderPlan.objects.filter(office_id=office_id)
    return {Format(one.format): frozenset(Step(step) for step in one.steps) for one in decided}


@change
def set_plan(*, plan: Mapping[str, Collection[str]], seen: str, by: Actor, at: datetime) -> Plan:
    """Which reminders the meetings of the office of `by` get from now on; a format that is not there, the default's.

    `seen` is `written` of the plan that the choice was made from. Raises NotPermitted, Invalid at `plan` or
    `plan.<format>`, Stale where another plan holds by now.
    """
    check_can_keep(my_offices(by), by)
    wanted = _checked(plan)
    # Two who decide at once do it one after the other: the later sees what the first decided.
    office = Office.objects.select_for_update(no_key=True).get(pk=by.known_office)
    _check_seen(seen, of_office(office.pk), DEFAULT | wanted)
    ReminderPlan.objects.filter(office=office).delete()
    ReminderPlan.objects.bulk_create(
        ReminderPlan(office=office, format=held, steps=sorted(steps)) for held, steps in wanted.items()
    )
    record(
        "office.reminders_set",
        by=by,
        at=at,
        subject=User.objects.get(pk=by.known_id),
        office=office.pk,
        plan=written(wanted),
    )
    return of_office(office.pk)


def _check_seen(seen: str, holds: Plan, wanted: Plan) -> None:
    """What is wanted and holds already is no conflict, whoever decided it. Raises Stale."""
    if seen != written(holds) and wanted != holds:
        raise Stale("Påminnelsene er endret av noen andre siden du åpnet siden. Ingenting av det du valgte, er lagret.")


def _checked(plan: Mapping[str, Collection[str]]) -> Plan:
    wanted: Plan = {}
    for held, steps in plan.items():
        if held not in Format.values:
            raise Invalid("Velg blant møteformene som finnes.", code="format", field="plan")
        unknown = set(steps) - set(REMINDER_STEPS)
        if unknown or len(set(steps)) != len(steps):
            text = "Velg blant påminnelsene som finnes, hver av dem én gang."
            raise Invalid(text, code="step", field=f"plan.{held}")
        wanted[Format(held)] = frozenset(Step(step) for step in steps)
    return wanted
