"""Free times of employees, a citizen and a room, for a meeting of a length, a format and a type."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from meetings import asking, colleagues, free_times
from meetings.free_times import Wish
from meetings.models import LONGEST, SHORTEST, Format, MeetingType, Office, Room
from meetings.serializers import calendars as shapes
from meetings.times import FURTHEST
from navmeet.accounts.permissions import Caseworker
from navmeet.api.views import Endpoint
from navmeet.exceptions import Invalid
from navmeet.people import clearance

N: Final = 10
MOST: Final = 50
LONGEST_SEARCH: Final = timedelta(days=92)
_MINUTE: Final = timedelta(minutes=1)


class FreeTimes(Endpoint):
    permission_classes = [Caseworker]
    filters = frozenset(
        {"staff", "person_id", "room_id", "meeting_id", "minutes", "format", "type", "from", "until", "n", "wished"}
    )

    @extend_schema(
        operation_id="free_times",
        parameters=[
            OpenApiParameter("staff", UUID, many=True, description="Employees; oneself where none is named."),
            OpenApiParameter("person_id", UUID, description="The citizen, whom one must be allowed to open."),
            OpenApiParameter("room_id", UUID, description="A room of one's own office."),
            OpenApiParameter("meeting_id", UUID, description="A meeting to be moved: its own time is not in its way."),
            OpenApiParameter("minutes", int, required=True),
            OpenApiParameter("format", str, required=True, enum=Format.values),
            OpenApiParameter("type", str, required=True),
            OpenApiParameter("from", datetime, required=True),
            OpenApiParameter("until", datetime, required=True, description="At most 92 days after `from`."),
            OpenApiParameter("n", int, description="How many, at most 50; 10 where it is not sent."),
            OpenApiParameter("wished", datetime, description="A time of which it is to be said why it does not suit."),
        ],
        responses={200: shapes.FreeTimesOutput},
    )
    def get(self, request: Request) -> Response:
        """The first times that suit all, and why a wished one does not. Whose time is taken is not told."""
        from_, until = self._window()
        found = free_times.look(
            self._wish(), from_=from_, until=until, n=self._number("n", 1, MOST, N), at=self.at, wished=self._wished()
        )
        against = found.against if "wished" in request.query_params else None
        return Response(shapes.FreeTimesOutput({"free_times": found.times, "against": against}).data)

    def _wish(self) -> Wish:
        sent = self.request.query_params
        office = Office.objects.get(pk=self.by.known_office)
        held = sent.get("format")
        if held not in Format.values:
            raise Invalid("Velg video, telefon eller oppmøte.", code="format_unknown", field="format")
        code = sent.get("type", "")
        meeting_type = MeetingType.objects.filter(pk=code, is_active=True).first() if code.isprintable() else None
        if meeting_type is None:
            raise Invalid("Velg en møtetype.", code="type_unknown", field="type")
        shortest, longest = SHORTEST // _MINUTE, LONGEST // _MINUTE
        ignoring = self._id("meeting_id")
        return Wish(
            staff=self._staff(),
            person_id=self._person(),
            room_id=self._room(office),
            length=self._number("minutes", shortest, longest) * _MINUTE,
            held=Format(held),
            meeting_type=meeting_type,
            office=office,
            ignoring=asking.known(ignoring, by=self.by).pk if ignoring else None,
        )

    def _staff(self) -> tuple[UUID, ...]:
        sent = self.request.query_params.getlist("staff")
        if len(sent) > colleagues.MOST + 1:
            raise Invalid(f"Velg høyst {colleagues.MOST + 1} fra Nav.", code="too_many_staff", field="staff")
        staff = tuple(dict.fromkeys(_id_of("staff", one) for one in sent))
        if staff and colleagues.employees(staff).count() != len(staff):
            raise Invalid("Velg kolleger som er veiledere i denne tjenesten nå.", code="staff_unknown", field="staff")
        return staff or (self.by.known_id,)

    def _person(self) -> UUID | None:
        person_id = self._id("person_id")
        if person_id is not None:
            # When somebody is met elsewhere is theirs: only whoever may open them may ask.
            clearance.ask(person_id=person_id, by=self.by, at=self.at)
        return person_id

    def _room(self, office: Office) -> UUID | None:
        room_id = self._id("room_id")
        if room_id is not None and not Room.objects.filter(pk=room_id, office=office, is_active=True).exists():
            raise Invalid("Velg et av rommene til enheten din.", code="room_unknown", field="room_id")
        return room_id

    def _window(self) -> tuple[datetime, datetime]:
        from_, until = self._moment("from"), self._moment("until")
        if from_ is None or until is None:
            raise Invalid("Skriv fra når og til når.", code="required", field="until" if from_ else "from")
        if not self.at - FURTHEST <= from_ <= self.at + FURTHEST:
            raise Invalid("Velg et tidspunkt innen de neste to årene.", code="too_far", field="from")
        if not from_ <= until <= from_ + LONGEST_SEARCH:
            text = f"until må være etter from, og høyst {LONGEST_SEARCH.days} dager etter."
            raise Invalid(text, code="too_long", field="until")
        return from_, until

    def _wished(self) -> datetime | None:
        wished = self._moment("wished")
        if wished is not None and not self.at - FURTHEST <= wished <= self.at + FURTHEST:
            raise Invalid("Velg et tidspunkt innen de neste to årene.", code="too_far", field="wished")
        return wished

    def _moment(self, name: str) -> datetime | None:
        return moment(self.request.query_params, name)

    def _id(self, name: str) -> UUID | None:
        sent = self.request.query_params.get(name)
        return _id_of(name, sent) if sent is not None else None

    def _number(self, name: str, least: int, most: int, default: int | None = None) -> int:
        sent = self.request.query_params.get(name, "" if default is None else str(default))
        if not (sent.isascii() and sent.isdecimal() and len(sent) <= 4 and least <= int(sent) <= most):
            raise Invalid(f"{name} må være et tall fra {least} til {most}.", code="number", field=name)
        return int(sent)


def moment(sent: Any, name: str) -> datetime | None:
    """An instant with its offset, or None where none was sent. Raises Invalid."""
    given = sent.get(name)
    if given is None:
        return None
    try:
        found = parse_datetime(given)
        # Around the ends of the calendar there are instants that no other zone can write.
        if found is not None and found.tzinfo is not None and 1 < found.year < 9999:
            return found
    except (ValueError, OverflowError):
        pass
    example = "2027-01-21T10:00:00+01:00"
    text = f"{name} må være et tidspunkt med forskyvning fra UTC, for eksempel {example}."
    raise Invalid(text, code="moment", field=name)


def _id_of(name: str, sent: str) -> UUID:
    try:
        return UUID(sent)
    except ValueError:
        raise Invalid(f"{name} er ikke en gyldig id.", code="id", field=name) from None
