"""The API for what a citizen says happened, once it is noted that they did not meet."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from invitations import reading, what_happened
from invitations.models import Account
from meetings import asking
from navmeet.accounts.permissions import Caseworker, Citizen
from navmeet.api.serializers import Strict, Text
from navmeet.api.views import Answer, Endpoint
from navmeet.audit.record import shown

_KEY = OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=True)


class AccountInput(Strict):
    words = Text(max_length=what_happened.LONGEST, lines=True)


class AccountOutput(serializers.Serializer[Any]):
    words = serializers.CharField()
    given_at = serializers.DateTimeField()


class AccountsOutput(serializers.Serializer[Any]):
    """`is_asked`: it stands that the citizen did not meet. The accounts come the newest first."""

    is_asked = serializers.BooleanField()
    accounts = AccountOutput(many=True)


class OwnAccounts(Endpoint):
    permission_classes = [Citizen]

    @extend_schema(operation_id="list_own_accounts", responses={200: AccountsOutput})
    def get(self, request: Request, invitation_id: UUID) -> Response:
        """Am I asked what happened, and what have I said?"""
        found = reading.read(invitation_id, by=self.by).invitation
        told = {"is_asked": what_happened.is_asked(found), "accounts": what_happened.accounts_of(found)}
        return Response(AccountsOutput(told).data)

    @extend_schema(operation_id="give_account", request=AccountInput, parameters=[_KEY], responses={201: AccountOutput})
    def post(self, request: Request, invitation_id: UUID) -> Response:
        """Say what happened. The last account counts."""
        given = self.read(AccountInput)

        def do() -> Account:
            return what_happened.give_account(invitation_id=invitation_id, words=given["words"], by=self.by, at=self.at)

        return self.once(do, lambda kept, _: Answer(body=dict(AccountOutput(kept).data), status=201))


class Accounts(Endpoint):
    permission_classes = [Caseworker]

    @extend_schema(operation_id="list_accounts", responses={200: AccountsOutput})
    def get(self, request: Request, meeting_id: UUID) -> Response:
        """Is the citizen asked what happened, and what have they said?"""
        meeting = asking.meeting_to_open(meeting_id, by=self.by, at=self.at)
        shown("accounts.opened", to=self.by, person_id=meeting.citizen_id(), at=self.at)
        found = meeting.citizen().invitation
        told = {"is_asked": what_happened.is_asked(found), "accounts": what_happened.accounts_of(found)}
        return Response(AccountsOutput(told).data)
