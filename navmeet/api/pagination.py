"""Long lists, a page at a time, by cursor: nothing is skipped or shown twice while rows come and go."""

from typing import Any

from django.core import signing
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request

from navmeet.exceptions import Invalid

MOST = 100
# What every list may be asked with.
ALWAYS = frozenset({"limit", "cursor"})


class ByCursor(CursorPagination):
    """Name a subclass with its `ordering` (a unique last column), or set it in the view.

    `?limit=` 1-100 (else 400), `?cursor=` as given by us (else 400). The answer: `results`, and `next` and `previous`,
    which are cursors, not addresses.
    """

    page_size = 50
    max_page_size = MOST
    page_size_query_param = "limit"
    ordering: str | list[str] = "-id"

    def get_page_size(self, request: Request) -> int:
        given = request.query_params.get("limit")
        if given is None:
            return self.page_size
        if not (given.isascii() and given.isdecimal() and len(given) <= 3 and 1 <= int(given) <= MOST):
            raise Invalid(f"limit må være et tall fra 1 til {MOST}.", code="limit", field="limit")
        return int(given)

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        # Signed for the list it came from, so that a position is always one of ours.
        self._salt = f"navmeet.api.cursor:{request.path}"
        return super().paginate_queryset(queryset, request, view)

    def decode_cursor(self, request: Request) -> Cursor | None:
        given = request.query_params.get(self.cursor_query_param)
        if given is None:
            return None
        try:
            offset, reverse, position = signing.loads(given, salt=self._salt)
        except (signing.BadSignature, ValueError):
            raise Invalid(
                "cursor er ikke en vi har gitt. Begynn listen på nytt.", code="cursor", field="cursor"
            ) from None
        return Cursor(offset=offset, reverse=reverse, position=position)

    def encode_cursor(self, cursor: Cursor) -> str:
        return signing.dumps([cursor.offset, cursor.reverse, cursor.position], salt=self._salt)

    def _get_position_from_instance(self, instance: Any, ordering: Any) -> str:
        """Where a row stands, also where the order is that of a related row (DRF reads plain attributes only)."""
        value = instance
        for name in ordering[0].lstrip("-").split("__"):
            value = getattr(value, name)
        return str(value)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        cursor = {"type": ["string", "null"], "description": "A cursor for `?cursor=`."}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": cursor, "previous": cursor, "results": schema},
        }
