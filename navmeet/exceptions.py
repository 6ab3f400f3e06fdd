"""The one family of errors. Each becomes a problem (RFC 9457) at the API and a page elsewhere, once, at the edge."""

from collections.abc import Mapping
from typing import Any


class DomainError(Exception):
    """Something a person can be told. `message` is a Norwegian sentence that says what is wrong and what to do.

    `code` is stable and for machines; `field` names the input it belongs to; `extra` is further public facts
    (nothing about persons) that a client can act on, such as free times. `also` is what else stands in the way, where
    a rehearsal looked on behind the first.
    """

    code = "error"
    also: "tuple[DomainError, ...]" = ()

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        field: str | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.field = field
        self.extra = dict(extra or {})

    def each(self) -> "list[DomainError]":
        """All that is wrong, one by one, this first."""
        return [self, *(one for other in self.also for one in other.each())]


class NotFound(DomainError):
    """It does not exist, or the caller may not know that it does."""

    code = "not_found"


class NotPermitted(DomainError):
    """The caller may know it, and may not do this."""

    code = "not_permitted"


class Conflict(DomainError):
    """The state of things does not allow it now."""

    code = "conflict"


class Invalid(DomainError):
    """What was sent cannot be used; `field` says which part."""

    code = "invalid"


class InvalidFields(Invalid):
    """Several fields at once; `errors` holds one `Invalid` a field, in the order of the form."""

    def __init__(self, errors: list[Invalid]) -> None:
        super().__init__("Noe i skjemaet må rettes.", code="invalid", field=errors[0].field if errors else None)
        self.errors = errors

    def each(self) -> list[DomainError]:
        """The fields, in the order of the form, and what else stands in the way."""
        return [*self.errors, *super().each()[1:]]


class Unavailable(DomainError):
    """Somebody we must ask did not answer. Nothing was done; trying again is safe."""

    code = "unavailable"


class Stale(Conflict):
    """Somebody else changed it since it was read (412)."""

    code = "stale"


class PreconditionMissing(Invalid):
    """`If-Match` is demanded and was not sent (428)."""

    code = "precondition_required"
