"""How the API is described (OpenAPI 3.1): who comes in by what, and that every error is a problem."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `code` is stable; `errors` has one entry a field; `extra` is public facts to act on.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "examples": ["urn:navmeet:problem:wrong_state"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A Norwegian sentence for a person."},
        "code": {"type": "string"},
        "field": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "detail"],
                "properties": {
                    "field": {"type": ["string", "null"], "examples": ["place.address"]},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
        "request_id": {"type": "string"},
        "extra": {"type": "object", "additionalProperties": True},
    },
}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The cookie of the surface; requests that change something carry `X-CSRFToken` too."""

    target_class = "navmeet.accounts.authentication.SessionActor"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "__Host-staff",
            "description": "`__Host-staff` for employees, `__Host-citizen` for citizens, from logging in. "
            "Requests that change something also carry `X-CSRFToken`.",
        }


def with_problems(schema: dict[str, Any]) -> dict[str, Any]:
    """Name the one error shape, once, in every operation."""
    schema.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    shape = {"$ref": "#/components/schemas/Problem"}
    told = {"description": "Any error.", "content": {"application/problem+json": {"schema": shape}}}
    for operations in schema["paths"].values():
        for operation in operations.values():
            operation["responses"]["default"] = told
    return schema
