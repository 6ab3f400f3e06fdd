"""Which reminders the meetings of my office get, by format; decided here, or as everywhere."""

from typing import Final

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from invitations.messages import default_plan
from invitations.messages.default_plan import DEFAULT
from invitations.models import REMINDER_STEPS, Step
from meetings import keeping
from meetings.models import Format
from navmeet import clock
from navmeet.accounts.pages import StaffRequest, staff_page
from navmeet.api.problems import status_of
from navmeet.exceptions import Stale
from navmeet.pages.staff import words
from navmeet.pages.staff.calendar_forms import EmptyAnswers

STEPS: Final = {Step.DAYS_7: "7 dager før", Step.DAY_1: "1 dag før", Step.HOUR_1: "1 time før"}
NONE: Final = "ingen"
NOT_WHOLE: Final = "Vi fikk ikke hele skjemaet. Åpne siden på nytt, og prøv igjen."


class StepsField(forms.MultipleChoiceField):
    """Which of them; none is an answer."""

    bound_field_class = EmptyAnswers


class PlanForm(forms.Form):
    """A group of boxes a format; none ticked: no reminders. `seen`: the plan that held when the form was shown."""

    # Not stripped: it ends with a space where the last format has no reminders.
    seen = forms.CharField(widget=forms.HiddenInput, strip=False, error_messages={"required": NOT_WHOLE})

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for held, called in words.FORMATS.items():
            self.fields[held.value] = StepsField(
                label=called,
                help_text=f"Ellers i Nav: {_as_everywhere(held)}.",
                choices=[(step.value, STEPS[Step(step)]) for step in REMINDER_STEPS],
                required=False,
                widget=forms.CheckboxSelectMultiple,
                error_messages={"invalid_choice": "Velg blant påminnelsene som finnes."},
            )

    def decided(self) -> dict[str, list[str]]:
        """Where the office wants another plan than holds elsewhere."""
        chosen = {held: set(self.cleaned_data[held.value]) for held in DEFAULT}
        return {held.value: sorted(steps) for held, steps in chosen.items() if steps != DEFAULT[held]}


@staff_page(form=PlanForm)
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: StaffRequest) -> HttpResponse:
    """What is saved holds for meetings booked or changed from then on."""
    keeping.check_can_keep(keeping.my_offices(request.actor), request.actor)
    if request.method != "POST":
        return _page(request, _of_what_holds(request))
    form = PlanForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    try:
        default_plan.set_plan(plan=form.decided(), seen=form.cleaned_data["seen"], by=request.actor, at=clock.now())
    except Stale as error:
        return _page(request, _of_what_holds(request), status=status_of(error), stale=error.message)
    messages.success(request, "Påminnelsene er lagret. Det som er planlagt, blir stående til møtet endres.")
    return redirect("office-reminders")


def _of_what_holds(request: StaffRequest) -> PlanForm:
    holds = default_plan.of_office(request.actor.known_office)
    ticked = {held.value: sorted(steps) for held, steps in holds.items()}
    return PlanForm(initial=ticked | {"seen": default_plan.written(holds)})


def _page(request: StaffRequest, form: PlanForm, *, status: int = 200, stale: str = "") -> HttpResponse:
    return render(request, "pages/staff/reminder_plan.html", {"form": form, "stale": stale}, status=status)


def _as_everywhere(held: Format) -> str:
    ticked = [STEPS[Step(step)] for step in REMINDER_STEPS if step in DEFAULT[held]]
    return " og ".join(filter(None, [", ".join(ticked[:-1]), *ticked[-1:]])) or NONE
