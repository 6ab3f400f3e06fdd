"""Coming in: the first name, the waiting room, and on to the video platform.

A visit belongs to the browser that began it: its id is in the session and in no address.
"""

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from invitations import door, entering, links, lobby, partners, reading, visits, waiting
from invitations.door import Decision
from invitations.models import Invitation, Visit
from invitations.video import health
from invitations.waiting import Situation, Standing
from navmeet import clock
from navmeet.accounts import addresses
from navmeet.accounts.actor import Actor, ActorKind
from navmeet.accounts.pages import CitizenRequest, citizen_page, open_page
from navmeet.api.problems import status_of
from navmeet.exceptions import DomainError, NotFound
from navmeet.look.phones import spaced
from navmeet.pages.errors_in_forms import put
from navmeet.pages.partner.closed import closed

KEPT = "visits"
HELPED = frozenset({Situation.WAITING, Situation.ADMITTED, Situation.ENTERED})
WANTS = {"cannot": Visit.Wants.CANNOT_GET_IN, "call": Visit.Wants.CALL_INSTEAD}


class NameForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Fornavnet ditt"),
        help_text=gettext_lazy("Den du skal møte, ser navnet."),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={
            "null_characters_not_allowed": gettext_lazy(
                "Teksten har tegn som ikke kan brukes, for eksempel usynlige styretegn. Skriv den på nytt uten dem."
            )
        },
    )


def name_form(request: HttpRequest) -> NameForm:
    """Filled in with the first name of who is logged in."""
    known = str(getattr(request, "actor_name", "") or "")
    return NameForm(initial={"name": known.split(" ")[0]})


@open_page
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Say one's name and go to the waiting room. Opening the page does nothing, whoever opens it."""
    try:
        return _enter(request, *_who(request, token))
    except NotFound:
        return _no_way(request, token)


@citizen_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_enter(request: CitizenRequest, invitation_id: UUID) -> HttpResponse:
    """The same for one who is logged in, with the name filled in."""
    return _enter(request, invitation_id, request.actor)


@open_page
@require_http_methods(["GET", "HEAD", "POST"])
def wait(request: HttpRequest, token: str) -> HttpResponse:
    """The waiting room. What is pressed there is done to this browser's own visit."""
    try:
        invitation_id, by = _who(request, token)
        visit_id = _kept(request, invitation_id)
        if visit_id is None:
            return redirect(links.path(invitation_id))
        if request.method == "POST":
            return _press(request, invitation_id, visit_id, by)
        standing = _standing(visit_id, by)
        return render(request, "pages/citizen/waiting.html", _shown(standing, invitation_id, by))
    except NotFound:
        return _no_way(request, token)


@open_page
@require_safe
def wait_part(request: HttpRequest, token: str) -> HttpResponse:
    """What has become of the visit, if it is another than the page knows: asked for each two seconds."""
    try:
        invitation_id, by = _who(request, token)
        visit_id = _kept(request, invitation_id)
        if visit_id is None:
            raise NotFound("Vi finner ikke besøket.", code="visit_not_found")
        standing = _standing(visit_id, by)
    except NotFound:
        return HttpResponse(status=404)
    if request.headers.get("If-None-Match") == standing.mark:
        return HttpResponseNotModified()
    return render(request, "pages/citizen/waiting_part.html", _shown(standing, invitation_id, by))


def helpless(request: HttpRequest) -> HttpResponse:
    """The same page for a link that is altered, unknown, or another person's: it tells nothing, and helps."""
    return render(request, "pages/citizen/link_unknown.html", status=404)


def _no_way(request: HttpRequest, token: str) -> HttpResponse:
    """A partner whose access has ended is told that, here as at their link; everybody else is helped."""
    try:
        invitation_id = links.read(token)
    except NotFound:
        return helpless(request)
    holder = Actor(kind=ActorKind.LINK, id=invitation_id)
    has_ended = partners.is_partners(invitation_id) and not Invitation.objects.visible_to(holder).exists()
    return closed(request) if has_ended else helpless(request)


def _who(request: HttpRequest, token: str) -> tuple[UUID, Actor]:
    """Whom the link is for, and who holds it: the owner logged in, or whoever has the link. Raises NotFound."""
    invitation_id = links.read(token)
    actor: Actor | None = getattr(request, "actor", None)
    # A partner's session is of their own link alone: with another one they are whoever has it. So is a citizen who is
    # logged in to meetings of their own, and comes to another's as a partner.
    is_merely_holder = actor is None or (actor.kind == ActorKind.PARTNER and actor.id != invitation_id)
    if actor is None or is_merely_holder or (actor.kind == ActorKind.CITIZEN and partners.is_partners(invitation_id)):
        return invitation_id, Actor(kind=ActorKind.LINK, id=invitation_id)
    if not reading.mine(actor).filter(pk=invitation_id).exists():
        raise NotFound("Lenken virker ikke.", code="link_unknown")
    return invitation_id, actor


def _enter(request: HttpRequest, invitation_id: UUID, by: Actor) -> HttpResponse:
    invitation = Invitation.objects.visible_to(by).select_related("participant__meeting").filter(pk=invitation_id)
    found = invitation.first()
    if found is None:
        raise NotFound(_("Vi finner ikke møtet."), code="invitation_not_found")
    form, status = name_form(request), 200
    if request.method == "POST":
        form = NameForm(request.POST)
        try:
            if form.is_valid():
                return _arrive(request, invitation_id, form.cleaned_data["name"], by)
            status = 400
        except NotFound:
            raise
        except DomainError as error:
            status = status_of(error)
            put(error, form)
    elif door.may_come_in(found, clock.now()) != Decision.OPEN:
        return redirect(links.path(invitation_id))
    context = {"form": form, "back": links.path(invitation_id), "meeting": found.participant.meeting}
    return render(request, "pages/citizen/enter_name.html", context, status=status)


def _arrive(request: HttpRequest, invitation_id: UUID, name: str, by: Actor) -> HttpResponse:
    before = _kept(request, invitation_id)
    visit = lobby.arrive(invitation_id=invitation_id, name=name, by=by, at=clock.now(), visit_id=before)
    kept = request.session.get(KEPT, {})
    request.session[KEPT] = {**kept, invitation_id.hex: visit.pk.hex}
    return redirect(f"{links.path(invitation_id)}wait/")


def _kept(request: HttpRequest, invitation_id: UUID) -> UUID | None:
    kept = request.session.get(KEPT, {}).get(invitation_id.hex)
    return UUID(kept) if kept else None


def _standing(visit_id: UUID, by: Actor) -> Standing:
    at = clock.now()
    standing = waiting.standing(visit_id, by=by, at=at)
    lobby.seen(standing.visit, at)
    return standing


def _press(request: HttpRequest, invitation_id: UUID, visit_id: UUID, by: Actor) -> HttpResponse:
    """What cannot be done any more is told by the page itself, which says how things are now."""
    act, at = request.POST.get("act", ""), clock.now()
    # Before anything is done: who is not sent on has not gone on. They may try all the same.
    if act == "go" and not health.is_answering():
        return _not_answering(request, invitation_id, visit_id, by)
    try:
        if act in {"go", "go-anyway"}:
            return redirect(entering.enter(visit_id=visit_id, by=by, at=at).address)
        if act == "leave":
            lobby.leave(visit_id=visit_id, by=by, at=at)
        if act in WANTS:
            lobby.want(visit_id=visit_id, wants=WANTS[act], by=by, at=at)
    except NotFound:
        raise
    except DomainError as error:
        if error.code == "busy":
            raise
    return redirect(f"{links.path(invitation_id)}wait/")


def _not_answering(request: HttpRequest, invitation_id: UUID, visit_id: UUID, by: Actor) -> HttpResponse:
    """The waiting room, with what can be done instead. What is true of the visit itself still comes first."""
    standing = _standing(visit_id, by)
    if standing.situation not in {Situation.ADMITTED, Situation.ENTERED}:
        return redirect(f"{links.path(invitation_id)}wait/")
    context = _shown(standing, invitation_id, by) | {"is_down": True, "helps": False}
    response = render(request, "pages/citizen/waiting.html", context, status=503)
    response["Retry-After"] = str(round(health.KEPT_SECONDS))
    return response


def _shown(standing: Standing, invitation_id: UUID, by: Actor) -> dict[str, object]:
    path = links.path(invitation_id)
    said = _says(standing)
    is_partner = standing.visit.invitation.participant.is_partner
    is_here = standing.visit.state in visits.OPEN_STATES
    word = standing.word if is_here and not standing.is_final else ""
    return {
        "standing": standing,
        "situation": str(standing.situation),
        "heading": said,
        "word": word,
        "helps": is_here and standing.situation in HELPED,
        "phone": spaced(standing.phone),
        "is_partner": is_partner,
        "says": f"{said}. {word}" if word else said,
        "part": f"{path}wait/part/",
        "wait": f"{path}wait/",
        "enter": f"{path}enter/",
        "link": path,
        "login": addresses.login(path) if by.kind == ActorKind.LINK and not is_partner else "",
    }


def _says(standing: Standing) -> str:
    return {
        Situation.WAITING: _("Du er i venterommet"),
        Situation.ADMITTED: _("Du er sluppet inn"),
        Situation.ENTERED: _("Du er sluppet inn"),
        Situation.TURNED_AWAY: _("Du ble ikke sluppet inn"),
        Situation.LEFT: _("Du har forlatt venterommet"),
        Situation.MOVED: _("Møtet er flyttet"),
        Situation.PHONE: _("Møtet er blitt et telefonmøte"),
        Situation.IN_PERSON: _("Møtet er ikke på video lenger"),
        Situation.CANCELLED: _("Møtet er avlyst"),
        Situation.OVER: _("Møtet er avsluttet"),
        Situation.CLOSED: _("Du kan ikke være med i møtet"),
    }[standing.situation]
