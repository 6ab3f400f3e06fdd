"""The API for advisers at the contact centre: the meetings of who rings, and no more of them than product allows."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from invitations import advising
from invitations import wish_serializers as shapes
from navmeet.accounts.permissions import Adviser
from navmeet.api.views import Endpoint
from navmeet.audit.record import shown
from navmeet.people import clearance, meet


class FindCitizen(Endpoint):
    permission_classes = [Adviser]

    @extend_schema(
        operation_id="find_citizen_who_rings",
        request=shapes.FindCitizenInput,
        responses={200: shapes.FoundCitizenOutput},
    )
    def post(self, request: Request) -> Response:
        """The meetings of the citizen with this identity number. The number is in the body, never in an address."""
        given = self.read(shapes.FindCitizenInput)
        person = meet.meet(given["citizen_number"], by=self.by, at=self.at).person
        shown("advising.found", to=self.by, person_id=person.pk, at=self.at)
        theirs = advising.of_person(person.pk, by=self.by, at=self.at)
        return Response(shapes.found(person.pk, person.name, theirs))


class Advised(Endpoint):
    permission_classes = [Adviser]

    @extend_schema(operation_id="read_advised_meeting", responses={200: shapes.AdvisedOutput})
    def get(self, request: Request, invitation_id: UUID) -> Response:
        """One meeting: when, how, where, what was told and what became of it, and what the citizen answered."""
        person_id = advising.person_of(invitation_id, by=self.by)
        clearance.ask(person_id=person_id, by=self.by, at=self.at)
        shown("advising.opened", to=self.by, person_id=person_id, at=self.at)
        return Response(shapes.advised(advising.seen(invitation_id, by=self.by, at=self.at)))
