"""Finding whom a meeting is to be with."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from meetings import serializers as shapes
from navmeet.accounts.permissions import Caseworker
from navmeet.api.views import Endpoint
from navmeet.audit.record import shown
from navmeet.people import meet


class FindPerson(Endpoint):
    permission_classes = [Caseworker]
    fields_sent = {"citizen_number": "number"}

    @extend_schema(
        operation_id="find_person", request=shapes.FindPersonInput, responses={200: shapes.FoundPersonOutput}
    )
    def post(self, request: Request) -> Response:
        """Find a citizen by identity number. The number is in the body, never in an address."""
        given = self.read(shapes.FindPersonInput)
        found = meet.meet(given["number"], by=self.by, at=self.at)
        shown("person.found", to=self.by, person_id=found.person.pk, at=self.at)
        return Response(
            {
                "person_id": found.person.pk,
                "name": found.person.name,
                "language": found.chosen,
                "has_texts": None if found.chosen is None else not found.no_texts_in,
                "written_language": found.language,
                "protection": found.person.protection,
                "can_be_told_digitally": found.contact.can_be_told,
                "is_reserved": found.contact.reserved,
                "safety_measures": list(found.facts.safety_measures),
            }
        )
