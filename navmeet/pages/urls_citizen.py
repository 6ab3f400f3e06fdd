"""The pages of the citizen surface."""

from django.urls import include, path

from navmeet.pages.citizen import door, invitation, link, partners, wishes
from navmeet.pages.partner import invitation as partner_invitation
from navmeet.pages.partner import link as partner_link
from navmeet.pages.partner import wishes as partner_wishes

urlpatterns = [
    path("", link.home, name="home"),
    path("guidance/", link.guidance, name="guidance"),
    path("i/<str:token>/", link.link, name="link"),
    path("i/<str:token>/enter/", door.enter, name="link-enter"),
    path("i/<str:token>/wait/", door.wait, name="link-wait"),
    path("i/<str:token>/wait/part/", door.wait_part, name="link-wait-part"),
    path("i/<str:token>/code/", partner_link.code, name="partner-code"),
    path("i/<str:token>/code/check/", partner_link.check, name="partner-code-check"),
    path("i/<str:token>/read/", partner_invitation.invitation, name="partner-invitation"),
    path("i/<str:token>/read/answer/", partner_invitation.answer, name="partner-answer"),
    path("i/<str:token>/read/calendar/", partner_invitation.calendar, name="partner-calendar"),
    path("i/<str:token>/read/wish/time/", partner_wishes.another_time, name="partner-another-time"),
    path("i/<str:token>/read/wish/way/", partner_wishes.another_way, name="partner-another-way"),
    path("i/<str:token>/read/wish/withdraw/", partner_wishes.withdraw, name="partner-withdraw"),
    path("my/", invitation.meetings, name="my-meetings"),
    path("my/<uuid:invitation_id>/", invitation.invitation, name="my-invitation"),
    path("my/<uuid:invitation_id>/answer/", invitation.answer, name="my-answer"),
    path("my/<uuid:invitation_id>/wish/time/", wishes.another_time, name="my-another-time"),
    path("my/<uuid:invitation_id>/wish/way/", wishes.another_way, name="my-another-way"),
    path("my/<uuid:invitation_id>/wish/withdraw/", wishes.withdraw, name="my-withdraw"),
    path("my/<uuid:invitation_id>/choice/", invitation.choice, name="my-choice"),
    path("my/<uuid:invitation_id>/account/", invitation.account, name="my-account"),
    path("my/<uuid:invitation_id>/partners/<uuid:participant_id>/", partners.release, name="my-partner"),
    path("my/<uuid:invitation_id>/partners/<uuid:participant_id>/ask/", partners.ask, name="my-partner-ask"),
    path("my/<uuid:invitation_id>/calendar/", invitation.calendar, name="my-calendar"),
    path("my/<uuid:invitation_id>/enter/", door.my_enter, name="my-enter"),
    path("", include("minutes.urls_citizen")),
]
