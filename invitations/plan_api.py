"""The API for the plan of messages: which reminders my office's meetings get, and the days that have no room for it."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from invitations.messages import cap, default_plan, log_words
from invitations.messages.cap import FullDay
from invitations.messages.default_plan import Plan
from invitations.models import REMINDER_STEPS
from meetings import asking
from meetings.models import Format
from navmeet.accounts.permissions import Caseworker
from navmeet.api.etags import demanded_tag, tag_of
from navmeet.api.serializers import Choice, Several, Strict
from navmeet.api.views import Endpoint
from navmeet.audit.record import shown

# In the schema by one name.
STEPS = [(step.value, step.label) for step in REMINDER_STEPS]


def _steps() -> Several:
    return Several(child=Choice(choices=STEPS), max_length=len(STEPS), required=False)


class StepsInput(Strict):
    """The reminders of each format; what is not sent is as everywhere, an empty list is none."""

    VIDEO = _steps()
    PHONE = _steps()
    IN_PERSON = _steps()


class ReminderPlanInput(Strict):
    plan = StepsInput()


class ReminderPlanOutput(serializers.Serializer[Any]):
    """`plan` is what holds, `decided` the formats that my office has decided on, `default` what holds elsewhere."""

    plan = serializers.DictField(child=serializers.ListField(child=serializers.ChoiceField(choices=STEPS)))
    decided = serializers.ListField(child=serializers.ChoiceField(choices=Format.choices))
    default = serializers.DictField(child=serializers.ListField(child=serializers.ChoiceField(choices=STEPS)))


class FullDayOutput(serializers.Serializer[Any]):
    """`counting`: reminders and news, as many as are told on one day. `exempt`: invitations, changes, cancellations."""

    day = serializers.DateField()
    counting = serializers.IntegerField()
    exempt = serializers.IntegerField()
    words = serializers.SerializerMethodField()

    def get_words(self, full: FullDay) -> str:
        return log_words.of_full_day(full)


class FullDays(Endpoint):
    permission_classes = [Caseworker]

    @extend_schema(operation_id="list_full_days", responses={200: FullDayOutput(many=True)})
    def get(self, request: Request, meeting_id: UUID) -> Response:
        """From today on: the days of this meeting's messages on which its citizen is told nothing more that counts."""
        meeting = asking.meeting_to_open(meeting_id, by=self.by, at=self.at)
        shown("messages.opened", to=self.by, person_id=meeting.citizen_id(), at=self.at)
        return Response(FullDayOutput(cap.full_days(meeting, meeting.citizen_id(), self.at), many=True).data)


class Reminders(Endpoint):
    permission_classes = [Caseworker]

    @extend_schema(operation_id="office_reminders", responses={200: ReminderPlanOutput})
    def get(self, request: Request) -> Response:
        """Which reminders my office's meetings get, by format."""
        return self._shown()

    @extend_schema(
        operation_id="set_office_reminders",
        request=ReminderPlanInput,
        parameters=[OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True)],
        responses={200: ReminderPlanOutput},
    )
    def put(self, request: Request) -> Response:
        """Which reminders they get from now on. What is planned already stays until its meeting is changed."""
        plan, tag = self.read(ReminderPlanInput)["plan"], demanded_tag(request)
        holds = default_plan.written(default_plan.of_office(self.by.known_office))
        # Asked again under the office's lock, where somebody may have been quicker.
        seen = holds if tag == tag_of(holds) else ""
        default_plan.set_plan(plan=plan, seen=seen, by=self.by, at=self.at)
        return self._shown()

    def _shown(self) -> Response:
        decided = default_plan.decided_by(self.by.known_office)
        holds = default_plan.DEFAULT | decided
        shown = {
            "plan": _in_order(holds),
            "decided": sorted(decided),
            "default": _in_order(default_plan.DEFAULT),
        }
        return Response(ReminderPlanOutput(shown).data, headers={"ETag": tag_of(default_plan.written(holds))})


def _in_order(plan: Plan) -> dict[str, list[str]]:
    """The earliest first."""
    return {held.value: [step.value for step in REMINDER_STEPS if step in steps] for held, steps in plan.items()}
