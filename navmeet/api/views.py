"""What each API view starts from. One class an operation; one call into the domain."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from navmeet import clock
from navmeet.accounts.actor import Actor
from navmeet.api import etags, idempotency
from navmeet.api.idempotency import Answer
from navmeet.api.pagination import ALWAYS, ByCursor
from navmeet.api.parsers import Json
from navmeet.api.serializers import NOT_AN_OBJECT
from navmeet.exceptions import DomainError, Invalid
from navmeet.outbox.publish import Consequences

R = TypeVar("R")


class Endpoint(APIView):
    """Who asks (`by`), when (`at`), what was sent (`read`), and how it is answered."""

    parser_classes = [Json]
    # For lists: a subclass with its ordering. The description of the API is drawn from it too.
    pagination_class: type[ByCursor] | None = None
    # What may stand after the `?` of the address, apart from a list's own.
    filters: frozenset[str] = frozenset()
    # Where the domain's fields stand in what was sent, if not under their own names.
    fields_sent: Mapping[str, str] = {}

    def field_sent(self, field: str) -> str:
        """Where in what was sent a field of the domain stands: `place.caller`."""
        return self.fields_sent.get(field, field)

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, DomainError):
            each = exc.each()
            for one in each if exc in each else [exc, *each]:
                one.field = self.field_sent(one.field) if one.field else one.field
        return super().handle_exception(exc)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.at: datetime = clock.now()
        super().initial(request, *args, **kwargs)
        known = self.filters | ALWAYS if self.pagination_class else self.filters
        for name in request.query_params:
            if name not in known:
                told = (
                    f"Adressen kan bare ha med {', '.join(sorted(known))}."
                    if known
                    else "Adressen kan ikke ha med noe."
                )
                raise Invalid(f"Parameteren finnes ikke her. {told}", code="unknown_parameter", field=name[:40])

    @property
    def by(self) -> Actor:
        """The actor that authentication made; only behind a permission class."""
        actor = self.request.user
        if not isinstance(actor, Actor):
            raise TypeError("an endpoint without an actor: its permission class lets in nobody in particular")
        return actor

    def read(self, serializer: type[Serializer[Any]]) -> dict[str, Any]:
        """The validated body. Raises DRF's ValidationError, told as a problem."""
        if self.request.data is None:
            raise ValidationError(NOT_AN_OBJECT)
        given = serializer(data=self.request.data)
        given.is_valid(raise_exception=True)
        return dict(given.validated_data)

    @property
    def version(self) -> int:
        """From `If-Match`; see etags.demanded_version."""
        return etags.demanded_version(self.request)

    def page(self, rows: QuerySet[Any], output: type[Serializer[Any]]) -> Response:
        """One page of the rows; see ByCursor."""
        if self.pagination_class is None:
            raise TypeError("a list without pagination_class")
        pages = self.pagination_class()
        found = pages.paginate_queryset(rows, self.request, self)
        return pages.get_paginated_response(output(found, many=True).data)

    def once(self, do: Callable[[], R], answer: Callable[[R, Consequences], Answer]) -> Response:
        """Create something, once for an Idempotency-Key; see idempotency.once."""
        return idempotency.once(self.request, by=self.by, do=do, answer=answer)


__all__ = ["Answer", "Endpoint"]
