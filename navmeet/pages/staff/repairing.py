"""Repairs beside what did not arrive: send again, correct the address, say that one rang."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST

from invitations import bases, repairing, wrong_addresses
from invitations.messages.again import SentAgain
from invitations.models import Because, Invitation
from meetings import asking
from meetings.models import Role
from navmeet import clock
from navmeet.accounts import addresses
from navmeet.accounts.actor import ActorKind
from navmeet.accounts.pages import StaffRequest, staff_page
from navmeet.api.problems import status_of
from navmeet.audit.record import shown
from navmeet.exceptions import Conflict, DomainError, NotFound, NotPermitted
from navmeet.look import dates
from navmeet.pages.errors_in_forms import put
from navmeet.pages.staff import words
from navmeet.pages.staff.partner_forms import ContactForm
from navmeet.people import clearance


@staff_page
@require_POST
def send_again(request: StaffRequest, invitation_id: UUID) -> HttpResponse:
    """Tell them the last they should know once more; or the page says why not. `because` and `next` come with it."""
    at = clock.now()
    whom = repairing.whom(invitation_id, by=request.actor)
    if whom.is_partner:
        allowed, can_be_told = clearance.ask(person_id=whom.person_id, by=request.actor, at=at), True
    else:
        answers = asking.about_person(whom.person_id, by=request.actor, at=at)
        allowed, can_be_told = answers.clearance, answers.can_be_told
    did_not_arrive = request.POST.get("because") == Because.NOT_DELIVERED
    try:
        sent = repairing.send_again(
            invitation_id=invitation_id,
            because=Because.NOT_DELIVERED if did_not_arrive else Because.ASKED,
            can_be_told=can_be_told,
            by=request.actor,
            clearance=allowed,
            at=at,
        )
    except Conflict as error:
        messages.warning(request, error.message)
    else:
        _say(request, sent)
    return _back(request, invitation_id, whom.meeting_id)


@staff_page(form=ContactForm)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: StaffRequest, invitation_id: UUID) -> HttpResponse:
    """Where a partner is reached, corrected, and what they should know sent there: one step."""
    at = clock.now()
    whom = repairing.whom(invitation_id, by=request.actor)
    asking.meeting_to_open(whom.meeting_id, by=request.actor, at=at)
    shown("meeting.change_opened", to=request.actor, person_id=whom.person_id, at=at)
    if not whom.is_partner:
        return redirect("meeting", meeting_id=whom.meeting_id)
    invitation = _invitation(invitation_id)
    if request.method != "POST":
        contact = bases.contact_of(invitation.participant)
        initial = {"email": contact.email, "phone": contact.phone} if contact else {}
        return _form_page(request, invitation, ContactForm(initial=initial))
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _form_page(request, invitation, form, status=400)
    try:
        sent = _correct(request, invitation_id, whom.meeting_id, form, at)
    except (NotFound, NotPermitted):
        raise
    except DomainError as error:
        put(error, form)
        return _form_page(request, invitation, form, status=status_of(error))
    _say(request, sent)
    return _back(request, invitation_id, whom.meeting_id)


@staff_page
@require_POST
def called(request: StaffRequest, message_id: UUID) -> HttpResponse:
    """They were rung and told."""
    at = clock.now()
    meeting = repairing.meeting_of(message_id, by=request.actor)
    allowed = clearance.ask(person_id=meeting.citizen_id(), by=request.actor, at=at)
    try:
        repairing.called(message_id=message_id, by=request.actor, clearance=allowed, at=at)
    except Conflict as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, "Det er lagret at du har ringt og fortalt det.")
        _say_what_is_left(request, message_id)
    return redirect(addresses.local(request.POST.get("next") or f"/meetings/{meeting.pk}/"))


def _say_what_is_left(request: StaffRequest, message_id: UUID) -> None:
    """Ringing puts no address right."""
    told = Invitation.objects.filter(participant__messages=message_id, participant__removed_at=None)
    invitation = told.select_related("participant").first()
    if invitation is None or not wrong_addresses.of([invitation.participant_id]):
        return
    messages.warning(
        request,
        format_html(
            "E-posten til {} ble avvist, og det blir den neste også, til adressen er rettet. "
            '<a class="aksel-link" href="{}">Rett e-post eller mobilnummer</a>',
            words.ROLES[Role(invitation.participant.role)],
            reverse("correct-contact", args=[invitation.pk]),
        ),
    )


def _correct(
    request: StaffRequest, invitation_id: UUID, meeting_id: UUID, form: ContactForm, at: datetime
) -> SentAgain:
    answers = asking.about_meeting(meeting_id, by=request.actor, at=at)
    return repairing.correct_and_send_again(
        invitation_id=invitation_id,
        email=form.cleaned_data["email"],
        phone=form.cleaned_data["phone"],
        citizen_contact=answers.contact,
        by=request.actor,
        clearance=answers.clearance,
        at=at,
    )


def _form_page(request: StaffRequest, invitation: Invitation, form: ContactForm, *, status: int = 200) -> HttpResponse:
    partner = invitation.participant
    context = {
        "form": form,
        "invitation": invitation,
        "meeting": partner.meeting,
        "role": words.ROLES[Role(partner.role)],
        "who": bases.who(bases.contact_of(partner)),
        "next": request.POST.get("next") or request.GET.get("next", ""),
    }
    return render(request, "pages/staff/correct_contact.html", context, status=status)


def _invitation(invitation_id: UUID) -> Invitation:
    return Invitation.objects.select_related("participant__meeting", "participant__contact").get(pk=invitation_id)


def _say(request: StaffRequest, sent: SentAgain) -> None:
    if sent.is_repeat:
        messages.success(request, "Du har allerede bedt om dette. Varselet sendes én gang.")
    elif sent.by_letter:
        messages.success(request, "Innbyggeren kan ikke varsles digitalt. Du har fått en oppgave om å sende brev.")
    elif sent.message.due_at > clock.now():
        messages.success(request, f"Varselet sendes {dates.when(sent.message.due_at)}.")
    elif sms_at := sent.planned.sms_at:
        messages.success(request, f"Varselet vises på Min side nå. SMS eller e-post sendes {dates.when(sms_at)}.")
    else:
        messages.success(request, "Varselet sendes nå.")


def _back(request: StaffRequest, invitation_id: UUID, meeting_id: UUID) -> HttpResponse:
    """Where one was; an adviser has a page of their own for the meeting."""
    own = f"/advising/{invitation_id}/" if request.actor.kind == ActorKind.ADVISER else f"/meetings/{meeting_id}/"
    return redirect(addresses.local(request.POST.get("next") or own))
