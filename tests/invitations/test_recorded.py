"""What a citizen says by phone, at the counter or in a letter counts as theirs, and is theirs to change."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from invitations import advising, answers, consents, recorded
from invitations.answers import Said
from invitations.models import Given, Invitation
from invitations.suggesting import Wish, offered
from meetings.models import Meeting, Task
from navmeet.accounts.actor import Actor, ActorKind
from navmeet.audit.models import AuditEvent
from navmeet.exceptions import Invalid, NotFound, NotPermitted, Stale, Unavailable
from navmeet.people.models import Protection
from tests import make
from tests.invitations.test_answers import give, own

pytestmark = pytest.mark.django_db


def adviser(*groups: str) -> Actor:
    user = make.caseworker("Liv Rådgiver", office_number="4100")
    held = frozenset({settings.GROUP_ADVISER, *groups})
    return Actor(kind=ActorKind.ADVISER, id=user.pk, office="4100", groups=held, nav_ident=user.nav_ident)


def recording(meeting: Meeting, by: Actor, **given: Any) -> dict[str, Any]:
    citizen = meeting.citizen()
    assert citizen.person is not None
    values: dict[str, Any] = {
        "invitation_id": citizen.invitation.pk,
        "how": Given.PHONE,
        "by": by,
        "clearance": make.clearance(citizen.person, by),
        "at": make.NOW,
    }
    return values | given


def said(meeting: Meeting, kind: str = "COMING", **given: Any) -> Said:
    return Said(revision_number=meeting.revision_number, kind=kind, **given)


@pytest.mark.parametrize("how", sorted(recorded.HOW))
def test_an_adviser_keeps_an_answer_and_it_says_by_whom_where_and_how(how: Given) -> None:
    meeting, by = make.meeting(), adviser()
    kept = recorded.record_answer(**recording(meeting, by, how=how), said=said(meeting))
    assert (kept.given, kept.given_by, kept.given_office, kept.is_known) == (how, by.id, "4100", True)
    assert answers.latest(own(meeting)[0]) == kept
    assert AuditEvent.objects.get(action="invitation.answer_recorded").actor_id == by.id


def test_a_recorded_wish_makes_the_same_task_and_the_citizens_own_word_takes_its_place() -> None:
    meeting, by = make.meeting(), adviser()
    wish = Wish(suggests=offered(meeting, at=make.NOW)[:1])
    recorded.record_answer(**recording(meeting, by), said=said(meeting, "OTHER_TIME", wish=wish, words="Helst tidlig."))
    assert Task.objects.get(meeting=meeting, kind="OTHER_TIME").done_at is None
    mine = give(meeting, "COMING")
    assert answers.latest(own(meeting)[0]) == mine
    assert Task.objects.get(meeting=meeting, kind="OTHER_TIME").done_at == make.NOW


def test_a_recorded_choice_about_video_is_the_citizens_and_they_can_change_it() -> None:
    meeting, by = make.meeting(), adviser()
    kept = recorded.record_choice(**recording(meeting, by), said_yes=False)
    assert (kept.given, kept.given_by, kept.given_office, kept.person_id) == (
        "PHONE",
        by.id,
        "4100",
        meeting.citizen().person_id,
    )
    assert kept.text_shown == consents.VIDEO_TEXTS["nb"]
    assert Task.objects.get(meeting=meeting, kind="NO_TO_VIDEO").done_at is None
    invitation, citizen = own(meeting)
    values: dict[str, Any] = {
        "invitation_id": invitation.pk,
        "text_version": "video-1",
        "language": "nb",
        "by": citizen,
    }
    mine = consents.choose_video(**values, said_yes=True, at=make.NOW + timedelta(minutes=1))
    assert consents.video_choice(meeting) == mine


def test_a_caseworker_of_the_meeting_records_and_one_of_another_office_finds_nothing() -> None:
    meeting = make.meeting()
    recorded.record_answer(**recording(meeting, make.actor(meeting.host)), said=said(meeting))
    stranger = make.actor(make.caseworker(office_number="0301"))
    with pytest.raises(NotFound):
        recorded.record_answer(**recording(meeting, stranger), said=said(meeting))


def test_no_answer_is_recorded_as_the_citizens_own_press_nor_to_a_meeting_moved_meanwhile() -> None:
    meeting, by = make.meeting(), adviser()
    with pytest.raises(Invalid) as refused:
        recorded.record_answer(**recording(meeting, by, how=Given.PAGE), said=said(meeting))
    assert refused.value.field == "how"
    with pytest.raises(Stale):
        recorded.record_answer(**recording(meeting, by), said=Said(revision_number=7, kind="COMING"))


def test_without_the_access_machines_word_of_this_minute_on_this_person_nothing_is_recorded() -> None:
    meeting, by = make.meeting(), adviser()
    with pytest.raises(NotPermitted):
        recorded.record_answer(
            **recording(meeting, by, clearance=make.clearance(make.citizen(), by)), said=said(meeting)
        )
    old = recording(meeting, by, at=make.NOW + timedelta(minutes=2))
    with pytest.raises(Unavailable):
        recorded.record_answer(**old, said=said(meeting))


def test_the_meeting_of_a_strictly_protected_citizen_is_not_there_for_advisers_without_the_group() -> None:
    meeting = make.meeting(person=make.citizen(protection=Protection.STRICTLY_CONFIDENTIAL))
    with pytest.raises(NotFound):
        recorded.record_answer(**recording(meeting, adviser()), said=said(meeting))
    person_id = meeting.citizen_id()
    assert advising.of_person(person_id, by=adviser(), at=make.NOW) == []
    trusted = adviser(settings.GROUP_STRICTLY_CONFIDENTIAL)
    assert len(advising.of_person(person_id, by=trusted, at=make.NOW)) == 1


def test_an_adviser_sees_no_meeting_anywhere_else() -> None:
    make.meeting()
    by = adviser()
    assert not Meeting.objects.visible_to(by).exists()
    assert not Invitation.objects.visible_to(by).exists()
    with pytest.raises(NotPermitted):
        advising.invitations(make.actor(make.caseworker()))
