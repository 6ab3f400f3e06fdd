"""An employee's own hours and absence, and their office's hours."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from meetings import keeping, overlaid
from meetings.days import Hours
from meetings.keeping import Owner, WeekdayHours
from meetings.models import Absence, HoursOnDate, WorkingHours
from meetings.serializers import calendars as shapes
from meetings.times import OSLO
from navmeet.accounts.permissions import Caseworker
from navmeet.api.pagination import ByCursor
from navmeet.api.views import Endpoint


class _OfAnOwner(Endpoint):
    """Hours of who asks; of their office in the subclasses."""

    permission_classes = [Caseworker]

    @property
    def owner(self) -> Owner:
        return keeping.mine(self.by)

    def shown(self) -> dict[str, Any]:
        """The week, and the dates from today on. Two queries."""
        today = self.at.astimezone(OSLO).date()
        week = WorkingHours.objects.filter(**self.owner.columns).order_by("weekday", "opens")
        dates = HoursOnDate.objects.filter(**self.owner.columns, date__gte=today).order_by("date")
        return dict(shapes.HoursOutput({"week": week, "dates": dates}).data)


class OwnHours(_OfAnOwner):
    @extend_schema(operation_id="my_hours", responses={200: shapes.HoursOutput})
    def get(self, request: Request) -> Response:
        """My weekly hours, and dates with hours of their own."""
        return Response(self.shown())

    @extend_schema(operation_id="set_my_week", request=shapes.WeekInput, responses={200: shapes.HoursOutput})
    def put(self, request: Request) -> Response:
        """These are my weekly hours from now on. Meetings that are booked stay."""
        return self.put_week()

    def put_week(self) -> Response:
        given = self.read(shapes.WeekInput)["week"]
        week = tuple(WeekdayHours(one["weekday"], Hours(one["opens"], one["closes"])) for one in given)
        keeping.set_week(owner=self.owner, week=week, by=self.by, at=self.at)
        return Response(self.shown())


class OwnDate(_OfAnOwner):
    @extend_schema(operation_id="set_my_date", request=shapes.DateHoursInput, responses={200: shapes.HoursOutput})
    def post(self, request: Request) -> Response:
        """The hours of one date, instead of the weekday's."""
        return self.set_date()

    def set_date(self) -> Response:
        given = self.read(shapes.DateHoursInput)
        hours = Hours(given["opens"], given["closes"]) if "opens" in given else None
        keeping.set_date(owner=self.owner, day=given["date"], hours=hours, by=self.by, at=self.at)
        return Response(self.shown())


class OwnDateCleared(_OfAnOwner):
    @extend_schema(operation_id="clear_my_date", request=shapes.DateInput, responses={200: shapes.HoursOutput})
    def post(self, request: Request) -> Response:
        """The date has the weekday's hours again."""
        return self.clear_date()

    def clear_date(self) -> Response:
        keeping.clear_date(owner=self.owner, day=self.read(shapes.DateInput)["date"], by=self.by, at=self.at)
        return Response(self.shown())


class OfficeHours(OwnHours):
    @property
    def owner(self) -> Owner:
        return keeping.my_offices(self.by)

    @extend_schema(operation_id="office_hours", responses={200: shapes.HoursOutput})
    def get(self, request: Request) -> Response:
        """When my office can be visited; and when its employees work who set no hours of their own."""
        return Response(self.shown())

    @extend_schema(operation_id="set_office_week", request=shapes.WeekInput, responses={200: shapes.HoursOutput})
    def put(self, request: Request) -> Response:
        """These are my office's weekly hours from now on."""
        return self.put_week()


class OfficeDate(OwnDate):
    @property
    def owner(self) -> Owner:
        return keeping.my_offices(self.by)

    @extend_schema(operation_id="set_office_date", request=shapes.DateHoursInput, responses={200: shapes.HoursOutput})
    def post(self, request: Request) -> Response:
        """My office's hours of one date, instead of the weekday's."""
        return self.set_date()


class OfficeDateCleared(OwnDateCleared):
    @property
    def owner(self) -> Owner:
        return keeping.my_offices(self.by)

    @extend_schema(operation_id="clear_office_date", request=shapes.DateInput, responses={200: shapes.HoursOutput})
    def post(self, request: Request) -> Response:
        """The date has my office's weekly hours again."""
        return self.clear_date()


class ByEnd(ByCursor):
    ordering = ["ends_at", "id"]


class Absences(Endpoint):
    permission_classes = [Caseworker]
    pagination_class = ByEnd
    fields_sent = {"from": "starts_at", "until": "ends_at"}

    @extend_schema(operation_id="list_absences", responses={200: shapes.AbsenceOutput(many=True)})
    def get(self, request: Request) -> Response:
        """Absence at my office that is not over."""
        return self.page(
            Absence.objects.filter(user__office=self.by.known_office, ends_at__gt=self.at), shapes.AbsenceOutput
        )

    @extend_schema(operation_id="add_absence", request=shapes.AbsenceInput, responses={201: shapes.AddedAbsenceOutput})
    def post(self, request: Request) -> Response:
        """I am, or a colleague is, away. Answers with the meetings that are booked there already."""
        given = self.read(shapes.AbsenceInput)
        who = given.pop("user_id", self.by.known_id)
        absence = keeping.add_absence(user_id=who, **given, by=self.by, at=self.at)
        found = overlaid.by_absence(absence, by=self.by, at=self.at)
        shown = shapes.AbsenceOutput(absence).data | {"overlaid": shapes.OverlaidOutput(found).data}
        return Response(shown, status=201)


class AbsenceRemoved(Endpoint):
    permission_classes = [Caseworker]

    @extend_schema(operation_id="remove_absence", request=None, responses={204: None})
    def post(self, request: Request, absence_id: UUID) -> Response:
        """Not away after all."""
        keeping.remove_absence(absence_id=absence_id, by=self.by, at=self.at)
        return Response(status=204)


class AbsenceOverlaid(Endpoint):
    permission_classes = [Caseworker]

    @extend_schema(operation_id="meetings_in_absence", responses={200: shapes.OverlaidOutput})
    def get(self, request: Request, absence_id: UUID) -> Response:
        """The meetings that somebody must take, move or hold by phone while the employee is away."""
        absence = keeping.known_absence(absence_id, self.by)
        return Response(shapes.OverlaidOutput(overlaid.by_absence(absence, by=self.by, at=self.at)).data)
