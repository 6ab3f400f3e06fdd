"""The pages of the citizen surface."""

from django.urls import include, path

from navmeet.pages.citizen import door, invitation, link, partners

urlpatterns = [
    path("", link.home, name="home"),
    path("guidance/", link.guidance, name="guidance"),
    path("i/<str:token>/", link.link, name="link"),
    path("i/<str:token>/enter/", door.enter, name="link-enter"),
    path("i/<str:token>/wait/", door.wait, name="link-wait"),
    path("i/<str:token>/wait/part/", door.wait_part, name="link-wait-part"),
    path("my/", invitation.meetings, name="my-meetings"),
    path("my/<uuid:invitation_id>/", invitation.invitation, name="my-invitation"),
    path("my/<uuid:invitation_id>/answer/", invitation.answer, name="my-answer"),
    path("my/<uuid:invitation_id>/choice/", invitation.choice, name="my-choice"),
    path("my/<uuid:invitation_id>/partners/<uuid:participant_id>/", partners.release, name="my-partner"),
    path("my/<uuid:invitation_id>/partners/<uuid:participant_id>/ask/", partners.ask, name="my-partner-ask"),
    path("my/<uuid:invitation_id>/calendar/", invitation.calendar, name="my-calendar"),
    path("my/<uuid:invitation_id>/enter/", door.my_enter, name="my-enter"),
    path("", include("minutes.urls_citizen")),
]
