"""The ledger of releases and choices: what was asked, in which words and version, and what was said. Only added to."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from invitations import permissions
from invitations.answers import check_open, load_for_change
from invitations.models import Consent, Invitation
from invitations.promised import due_by
from meetings.models import Format, Meeting, Task
from meetings.states import WrongState
from navmeet.accounts.actor import Actor
from navmeet.audit.record import record
from navmeet.change import change
from navmeet.exceptions import Stale

# The words a person says yes or no to. A new wording is a new version; what was shown is kept with each answer.
VIDEO_VERSION = "video-1"
VIDEO_TEXTS = {
    "nb": "Nav foreslår å møte deg på video. Vil du møte på video? Sier du nei, avtaler vi telefon eller oppmøte i "
    "stedet. Du trenger ikke å si hvorfor, og det får ingen følger for saken din.",
    "nn": "Nav foreslår å møte deg på video. Vil du møtast på video? Seier du nei, avtaler vi telefon eller oppmøte i "
    "staden. Du treng ikkje å seie kvifor, og det får ingen følgjer for saka di.",
    "en": "Nav suggests meeting you by video. Do you want to meet by video? If you say no, we will arrange a phone "
    "call or a meeting in person instead. You do not have to say why, and it will not affect your case.",
}


def video_text(language: str) -> str:
    """The question in the person's language, in bokmål where there is none."""
    return VIDEO_TEXTS.get(language, VIDEO_TEXTS["nb"])


@change
def choose_video(
    *, invitation_id: UUID, said_yes: bool, text_version: str, language: str, by: Actor, at: datetime
) -> Consent:
    """Keep the choice with the text as shown. A no becomes a task; a later yes takes the task back.

    Raises NotFound, NotPermitted, WrongState, and Stale when the text has changed since it was shown.
    """
    invitation, meeting = load_for_change(invitation_id, by=by)
    permissions.check_can_choose(by, invitation)
    if text_version != VIDEO_VERSION:
        raise Stale("Teksten er endret siden du åpnet siden. Les den på nytt og velg igjen.")
    kept = keep(invitation, meeting, said_yes=said_yes, language=language, how={}, by=by, at=at)

    record("choice.video", by=by, at=at, subject=kept, meeting_id=meeting.pk, said_yes=said_yes, version=text_version)
    return kept


def keep(
    invitation: Invitation,
    meeting: Meeting,
    *,
    said_yes: bool,
    language: str,
    how: Mapping[str, str],
    by: Actor,
    at: datetime,
) -> Consent:
    """The choice, and what follows from it; `how` is empty for one's own on a page. Inside a change.

    Raises WrongState.
    """
    check_open(meeting, at)
    if meeting.format != Format.VIDEO:
        raise WrongState("Møtet er ikke på video, så det er ikke noe å velge nå.", code="not_by_video")
    kept = Consent.objects.create(
        person_id=meeting.citizen_id(),
        meeting=meeting,
        purpose=Consent.Purpose.MEET_BY_VIDEO,
        said_yes=said_yes,
        text_version=VIDEO_VERSION,
        text_language=language,
        text_shown=video_text(language),
        given_by=by.known_id,
        given_at=at,
        **({"given": Consent.Given.PAGE} | dict(how)),
    )
    _settle_task(meeting, invitation, said_yes=said_yes, by=by, at=at)
    return kept


def _settle_task(meeting: Meeting, invitation: Invitation, *, said_yes: bool, by: Actor, at: datetime) -> None:
    about = f"choice:{invitation.pk.hex}"
    if said_yes:
        Task.objects.filter(meeting=meeting, kind=Task.Kind.NO_TO_VIDEO, about=about, done_at=None).update(
            done_at=at, done_by=by.id
        )
        return
    Task.objects.update_or_create(
        meeting=meeting,
        kind=Task.Kind.NO_TO_VIDEO,
        about=about,
        defaults={"done_at": None, "done_by": None, "made_at": at, "due_at": due_by(meeting, at)},
    )


def video_choice(meeting: Meeting) -> Consent | None:
    """The last choice about video for this meeting, if one was made."""
    return (
        Consent.objects.filter(meeting=meeting, purpose=Consent.Purpose.MEET_BY_VIDEO)
        .order_by("-given_at", "-id")
        .first()
    )
