from datetime import datetime
from typing import Any

import pytest

from invitations import answers, consents, links, promised
from invitations.models import Answer, Consent, Invitation
from meetings import changes
from meetings.models import Format, Meeting, Task
from meetings.places import Place
from meetings.states import WrongState
from navmeet.accounts.actor import Actor, ActorKind
from navmeet.exceptions import Invalid, NotFound, NotPermitted, Stale
from tests import make
from tests.meetings.test_changes import arguments, to

pytestmark = pytest.mark.django_db


def own(meeting: Meeting) -> tuple[Invitation, Actor]:
    participant = meeting.citizen()
    assert participant.person is not None
    return Invitation.objects.get(participant=participant), make.citizen_actor(participant.person)


def give(meeting: Meeting, kind: str = "COMING", **given: Any) -> Answer:
    invitation, by = own(meeting)
    values: dict[str, Any] = {
        "invitation_id": invitation.pk,
        "revision_number": meeting.revision_number,
        "kind": kind,
        "words": "",
        "by": by,
        "at": make.NOW,
    }
    return answers.answer(**(values | given))


def test_the_last_answer_counts_and_the_earlier_are_kept() -> None:
    meeting = make.meeting()
    give(meeting, "NOT_COMING", words="Jeg er bortreist.")
    give(meeting, "COMING")
    invitation, _ = own(meeting)
    latest = answers.latest(invitation)
    assert latest is not None
    assert latest.kind == "COMING"
    assert invitation.answers.count() == 2


def test_who_cannot_come_makes_a_task_and_who_comes_after_all_takes_it_back() -> None:
    meeting = make.meeting()
    give(meeting, "OTHER_TIME")
    assert Task.objects.get(meeting=meeting, kind="OTHER_TIME").done_at is None
    give(meeting, "COMING")
    assert Task.objects.get(meeting=meeting, kind="OTHER_TIME").done_at == make.NOW
    give(meeting, "OTHER_TIME")
    assert Task.objects.get(meeting=meeting, kind="OTHER_TIME").done_at is None


def test_an_answer_to_a_meeting_moved_meanwhile_is_refused() -> None:
    meeting = make.meeting()
    changes.move(**arguments(meeting, to=to(), place=None))
    with pytest.raises(Stale):
        give(meeting, revision_number=1)


def test_another_citizen_does_not_find_the_invitation() -> None:
    meeting = make.meeting()
    with pytest.raises(NotFound):
        give(meeting, by=make.citizen_actor(make.citizen()))


def test_a_caseworker_may_know_the_invitation_and_may_not_answer_it_as_the_citizen() -> None:
    meeting = make.meeting()
    with pytest.raises(NotPermitted):
        give(meeting, by=make.actor(meeting.host))


def test_nobody_answers_a_meeting_that_has_started_or_is_cancelled() -> None:
    meeting = make.meeting()
    with pytest.raises(WrongState):
        give(meeting, at=meeting.starts_at)
    changes.cancel(**arguments(meeting))
    with pytest.raises(WrongState):
        give(meeting)


@pytest.mark.parametrize(
    ("words", "kind", "field"), [("a" * 301, "COMING", "words"), ("", "PERHAPS", "kind"), ("a\x00", "COMING", "words")]
)
def test_a_wrong_answer_names_its_field(words: str, kind: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        give(make.meeting(), kind, words=words)
    assert refused.value.field == field


def test_the_holder_of_a_bare_link_asks_once_and_changes_nothing() -> None:
    meeting = make.meeting()
    invitation, _ = own(meeting)
    holder = Actor(kind=ActorKind.LINK, id=invitation.pk)
    for _ in range(3):
        answers.ask_unknown(invitation_id=invitation.pk, kind=Answer.Kind.OTHER_TIME, by=holder, at=make.NOW)
    assert Task.objects.filter(meeting=meeting, kind="OTHER_TIME").count() == 1
    assert invitation.answers.get().is_known is False
    assert answers.latest(invitation) is None
    with pytest.raises(Invalid):
        answers.ask_unknown(invitation_id=invitation.pk, kind=Answer.Kind.COMING, by=holder, at=make.NOW)


def test_the_holder_of_a_bare_link_cannot_answer() -> None:
    meeting = make.meeting()
    invitation, _ = own(meeting)
    with pytest.raises(NotPermitted):
        give(meeting, by=Actor(kind=ActorKind.LINK, id=invitation.pk))


@pytest.mark.parametrize(
    ("asked", "heard"),
    [
        # Thursday 21 January at 10.00 is the meeting: two working days, at the latest the day before.
        ("2027-01-11T10:00:00+01:00", "2027-01-13T15:30:00+01:00"),
        ("2027-01-15T10:00:00+01:00", "2027-01-19T15:30:00+01:00"),
        ("2027-01-20T10:00:00+01:00", "2027-01-20T15:30:00+01:00"),
        ("2027-01-21T08:00:00+01:00", "2027-01-21T08:00:00+01:00"),
    ],
)
def test_who_asks_hears_within_two_working_days_and_the_day_before_at_the_latest(asked: str, heard: str) -> None:
    meeting = make.meeting()
    assert promised.heard_by(meeting, datetime.fromisoformat(asked)) == datetime.fromisoformat(heard)


def test_there_is_nothing_to_choose_about_video_in_a_meeting_by_phone() -> None:
    with pytest.raises(WrongState):
        choose(make.meeting(format=Format.PHONE, place=Place(caller="NAV", phone="40000000")), said_yes=False)


def choose(meeting: Meeting, said_yes: bool, **given: Any) -> Consent:
    invitation, by = own(meeting)
    values: dict[str, Any] = {
        "invitation_id": invitation.pk,
        "said_yes": said_yes,
        "text_version": consents.VIDEO_VERSION,
        "language": "nn",
        "by": by,
        "at": make.NOW,
    }
    return consents.choose_video(**(values | given))


def test_a_no_to_video_is_kept_with_the_words_that_were_shown_and_makes_a_task() -> None:
    meeting = make.meeting()
    kept = choose(meeting, said_yes=False)
    assert (kept.text_version, kept.text_shown) == (consents.VIDEO_VERSION, consents.VIDEO_TEXTS["nn"])
    assert Task.objects.get(meeting=meeting, kind="NO_TO_VIDEO").done_at is None
    choose(meeting, said_yes=True)
    assert Task.objects.get(meeting=meeting, kind="NO_TO_VIDEO").done_at == make.NOW
    assert Consent.objects.filter(meeting=meeting).count() == 2


def test_a_choice_about_words_that_have_changed_is_refused() -> None:
    with pytest.raises(Stale):
        choose(make.meeting(), said_yes=True, text_version="video-0")


def test_the_link_is_short_signed_and_opens_only_what_it_names() -> None:
    invitation, _ = own(make.meeting())
    token = links.sign(invitation.pk)
    assert links.read(token) == invitation.pk
    assert links.address(invitation.pk).startswith("https://navmeet.nav.no/i/")
    assert len(links.address(invitation.pk)) <= 120


@pytest.mark.parametrize(
    "alter",
    [
        lambda token: token[:-1],
        lambda token: token + "A",
        lambda token: "A" + token[1:] if token[0] != "A" else "B" + token[1:],
        lambda token: token.replace(".", ":"),
        lambda token: token.split(".")[0],
        lambda _: "",
        lambda _: "." * 50,
        lambda _: "\x00",
        lambda _: "æøå" * 100,
    ],
)
def test_an_altered_link_names_nothing(alter: Any) -> None:
    invitation, _ = own(make.meeting())
    with pytest.raises(NotFound):
        links.read(alter(links.sign(invitation.pk)))
