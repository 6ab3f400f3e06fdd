"""The API's addresses for invitations, by surface."""

from django.urls import path

from invitations import (
    account_api,
    advising_api,
    api,
    door_api,
    plan_api,
    preview_api,
    release_api,
    repair_api,
    wish_api,
)

STAFF = [
    path("meetings/<uuid:meeting_id>/messages/", api.Messages.as_view(), name="api-messages"),
    path("meetings/<uuid:meeting_id>/texts/", preview_api.Texts.as_view(), name="api-texts"),
    path("meetings/<uuid:meeting_id>/calendar/", api.StaffCalendarEntry.as_view(), name="api-staff-calendar"),
    path("meetings/<uuid:meeting_id>/tell-now/", api.TellNow.as_view(), name="api-tell-now"),
    path("meetings/<uuid:meeting_id>/wishes/", wish_api.Wishes.as_view(), name="api-wishes"),
    path("wishes/<uuid:wish_id>/stands/", wish_api.WishStands.as_view(), name="api-wish-stands"),
    path("invitations/<uuid:invitation_id>/answers/", wish_api.RecordedAnswer.as_view(), name="api-record-answer"),
    path(
        "invitations/<uuid:invitation_id>/format-choice/", wish_api.RecordedChoice.as_view(), name="api-record-choice"
    ),
    path("invitations/<uuid:invitation_id>/send-again/", repair_api.SentAgain.as_view(), name="api-send-again"),
    path(
        "invitations/<uuid:invitation_id>/correct-contact/",
        repair_api.CorrectedContact.as_view(),
        name="api-correct-contact",
    ),
    path("undelivered/", repair_api.Undelivered.as_view(), name="api-undelivered"),
    path("messages/<uuid:message_id>/called/", repair_api.Called.as_view(), name="api-called"),
    path("advising/find/", advising_api.FindCitizen.as_view(), name="api-advising-find"),
    path("advising/<uuid:invitation_id>/", advising_api.Advised.as_view(), name="api-advised"),
    path("meetings/<uuid:meeting_id>/messages/full-days/", plan_api.FullDays.as_view(), name="api-full-days"),
    path("office/reminders/", plan_api.Reminders.as_view(), name="api-office-reminders"),
    path("meetings/<uuid:meeting_id>/accounts/", account_api.Accounts.as_view(), name="api-accounts"),
    path("meetings/<uuid:meeting_id>/lobby/", door_api.Lobby.as_view(), name="api-lobby"),
    path("meetings/<uuid:meeting_id>/identity/", door_api.Identity.as_view(), name="api-identity"),
    path("visits/<uuid:visit_id>/admit/", door_api.Admit.as_view(), name="api-admit"),
    path("visits/<uuid:visit_id>/turn-away/", door_api.TurnAway.as_view(), name="api-turn-away"),
    path("visits/<uuid:visit_id>/word/", door_api.Word.as_view(), name="api-word"),
    path("meetings/<uuid:meeting_id>/releases/", release_api.Releases.as_view(), name="api-releases"),
    path(
        "meetings/<uuid:meeting_id>/partners/<uuid:participant_id>/release/",
        release_api.RecordedRelease.as_view(),
        name="api-record-release",
    ),
]

CITIZEN = [
    path("my/invitations/", api.OwnInvitations.as_view(), name="api-own-invitations"),
    path("my/invitations/<uuid:invitation_id>/", api.OwnInvitation.as_view(), name="api-own-invitation"),
    path("my/invitations/<uuid:invitation_id>/answers/", api.Answers.as_view(), name="api-answers"),
    path(
        "my/invitations/<uuid:invitation_id>/offered-times/",
        wish_api.OwnOfferedTimes.as_view(),
        name="api-own-offered-times",
    ),
    path(
        "my/invitations/<uuid:invitation_id>/withdrawal/", wish_api.OwnWithdrawal.as_view(), name="api-own-withdrawal"
    ),
    path("my/invitations/<uuid:invitation_id>/format-choice/", api.VideoChoice.as_view(), name="api-format-choice"),
    path("my/invitations/<uuid:invitation_id>/calendar/", api.CalendarEntry.as_view(), name="api-calendar"),
    path("my/invitations/<uuid:invitation_id>/door/", door_api.OwnDoor.as_view(), name="api-own-door"),
    path("my/invitations/<uuid:invitation_id>/accounts/", account_api.OwnAccounts.as_view(), name="api-own-accounts"),
    path("my/invitations/<uuid:invitation_id>/partners/", release_api.OwnPartners.as_view(), name="api-own-partners"),
    path(
        "my/invitations/<uuid:invitation_id>/partners/<uuid:participant_id>/release/",
        release_api.OwnRelease.as_view(),
        name="api-own-release",
    ),
    path(
        "my/invitations/<uuid:invitation_id>/partners/<uuid:participant_id>/ask/",
        release_api.OwnQuestion.as_view(),
        name="api-ask-about-partner",
    ),
]
