"""Where a partner's access has ended."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from navmeet.accounts.actor import Actor, ActorKind


def closed(request: HttpRequest) -> HttpResponse:
    """The same page for a link that is closed, over, altered or was never there. Whoever was in is out."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is not None and actor.kind == ActorKind.PARTNER:
        request.session.flush()
        request.actor, request.actor_name = None, ""  # type: ignore[attr-defined]
    return render(request, "pages/partner/closed.html", status=404)
