"""Who acts, found once for each request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from navmeet import clock
from navmeet.accounts import sessions
from navmeet.accounts.actor import Actor


class Acting:
    """Sets `request.actor` (None when nobody is logged in) and `request.actor_name`, from the session alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        found = sessions.find(request.session, clock.now())
        actor: Actor | None = found.actor if found else None
        request.actor = actor  # type: ignore[attr-defined]
        request.actor_name = found.name if found else ""  # type: ignore[attr-defined]
        request.actor_office = actor.office if actor and actor.office else ""  # type: ignore[attr-defined]
        return self.get_response(request)
