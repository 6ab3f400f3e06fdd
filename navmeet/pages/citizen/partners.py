"""Who from outside Nav takes part: what the citizen is told, asks about, and says yes or no to."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from invitations import reading, releases
from invitations.release_texts import LANGUAGES
from invitations.releases import PartnerSeen
from meetings.models import Basis
from navmeet import clock
from navmeet.accounts.actor import Level
from navmeet.accounts.pages import CitizenRequest, citizen_page
from navmeet.api.problems import status_of
from navmeet.exceptions import DomainError, NotFound
from navmeet.pages.errors_in_forms import put

form_of_a_page = require_http_methods(["GET", "HEAD", "POST"])


class ReleaseForm(forms.Form):
    """Nothing is ticked before the citizen ticks it, unless they have said it before."""

    yes = forms.ChoiceField(
        label=gettext_lazy("Ditt svar"),
        choices=[("yes", gettext_lazy("Ja, de kan delta")), ("no", gettext_lazy("Nei, de skal ikke delta"))],
        widget=forms.RadioSelect,
    )
    text_version = forms.CharField(widget=forms.HiddenInput, max_length=16)
    language = forms.ChoiceField(choices=[(one, one) for one in LANGUAGES], widget=forms.HiddenInput)


@citizen_page(level=Level.HIGH)
@form_of_a_page
def release(request: CitizenRequest, invitation_id: UUID, participant_id: UUID) -> HttpResponse:
    """Say whether a partner may take part, or take it back."""
    read = reading.read(invitation_id, by=request.actor)
    partner = _one(read, participant_id)
    if partner.basis != Basis.RELEASE:
        return redirect("my-invitation", invitation_id=invitation_id)
    form, status = ReleaseForm(initial=_values(partner)), 200
    if request.method == "POST":
        form, status = ReleaseForm(request.POST), 400
        if form.is_valid():
            try:
                releases.answer_release(
                    invitation_id=invitation_id,
                    recipient_id=participant_id,
                    said_yes=form.cleaned_data["yes"] == "yes",
                    text_version=form.cleaned_data["text_version"],
                    language=form.cleaned_data["language"],
                    by=request.actor,
                    at=clock.now(),
                )
            except DomainError as error:
                status = status_of(error)
                put(error, form)
                form.data = {name: form.data.get(name) for name in form.data} | _hidden(partner)
            else:
                messages.success(request, _("Takk, vi har lagret svaret ditt."))
                return redirect("my-invitation", invitation_id=invitation_id)
    context = {"read": read, "partner": partner, "form": form}
    return render(request, "pages/citizen/partner.html", context, status=status)


@citizen_page
@form_of_a_page
def ask(request: CitizenRequest, invitation_id: UUID, participant_id: UUID) -> HttpResponse:
    """Ask the caseworker to make contact about a partner."""
    if request.method == "POST":
        try:
            releases.ask_about_partner(
                invitation_id=invitation_id, recipient_id=participant_id, by=request.actor, at=clock.now()
            )
        except NotFound:
            raise
        except DomainError as error:
            messages.error(request, _(error.message))
        else:
            messages.success(request, _("Vi har gitt beskjed til veilederen din, som tar kontakt med deg."))
    return redirect("my-invitation", invitation_id=invitation_id)


def _one(read: reading.Read, participant_id: UUID) -> PartnerSeen:
    for partner in releases.partners_of(read.invitation, get_language() or "nb"):
        if partner.participant_id == participant_id:
            return partner
    raise NotFound("Vi finner ikke deltakeren i møtet.", code="participant_not_found")


def _hidden(partner: PartnerSeen) -> dict[str, str]:
    """What belongs to the question as it is shown now."""
    return {"text_version": partner.text_version, "language": partner.language}


def _values(partner: PartnerSeen) -> dict[str, str]:
    said = {"YES": {"yes": "yes"}, "NO": {"yes": "no"}}
    return _hidden(partner) | said.get(partner.release, {})
