"""Reading: what staff and citizens are shown, and what is kept of it."""

from datetime import timedelta

import pytest

from minutes.models import Reading
from minutes.reading import minutes_of, read_version, shared_with
from navmeet.accounts.actor import Actor, ActorKind, Level
from navmeet.audit.models import AuditEvent, Showing
from navmeet.exceptions import NotFound, NotPermitted
from tests import make
from tests.minutes.setting import AFTER, AGREED, BEFORE, NEXT, TALKED, Held, held, texts

pytestmark = pytest.mark.django_db


def shared() -> Held:
    case = held()
    case.save()
    case.share()
    return case


def read(case: Held, by: Actor, number: int = 1) -> list[str]:
    return texts(read_version(invitation_id=case.invitation_id, number=number, by=by, at=AFTER).sections)


def test_the_citizen_reads_what_was_shared_and_it_is_kept_once() -> None:
    case = shared()
    assert read(case, case.reader) == [TALKED, AGREED, NEXT]
    read(case, case.reader)
    assert Reading.objects.get().read_at == AFTER
    event = AuditEvent.objects.get(action="minutes.read")
    assert (event.actor_id, event.meeting_id) == (case.person.pk, case.meeting.pk)


def test_a_login_below_level_high_is_not_enough() -> None:
    case = shared()
    for level in (Level.SUBSTANTIAL, Level.NONE):
        with pytest.raises(NotPermitted) as told:
            read(case, make.citizen_actor(case.person, level))
        assert told.value.code == "level_too_low"
        with pytest.raises(NotPermitted):
            shared_with(invitation_id=case.invitation_id, by=make.citizen_actor(case.person, level))
    assert not Reading.objects.exists()


def test_a_draft_is_not_found_by_the_citizen() -> None:
    case = held()
    case.save()
    with pytest.raises(NotFound):
        read(case, case.reader)
    assert shared_with(invitation_id=case.invitation_id, by=case.reader) == ()


def test_another_citizen_finds_nothing() -> None:
    case, other = shared(), held()
    for by in (other.reader, make.citizen_actor(other.person)):
        with pytest.raises(NotFound):
            read(case, by)
    assert not Reading.objects.exists()


@pytest.mark.parametrize("kind", [ActorKind.LINK, ActorKind.CASEWORKER, ActorKind.ADVISER, ActorKind.SYSTEM])
def test_nobody_but_the_citizen_reads_as_the_citizen(kind: ActorKind) -> None:
    case = shared()
    by = Actor(kind=kind, id=case.invitation_id, office=case.user.office, level=Level.HIGH)
    with pytest.raises((NotFound, NotPermitted)):
        read(case, by)
    assert not Reading.objects.exists()


def test_a_version_that_is_not_there_is_not_found() -> None:
    case = shared()
    with pytest.raises(NotFound):
        read(case, case.reader, number=2)


def test_the_list_says_what_was_read() -> None:
    case = shared()
    (before,) = shared_with(invitation_id=case.invitation_id, by=case.reader)
    read(case, case.reader)
    (after,) = shared_with(invitation_id=case.invitation_id, by=case.reader)
    assert (before.number, before.shared_at, before.read_at, after.read_at) == (1, AFTER, None, AFTER)


def test_staff_see_draft_versions_and_that_the_citizen_has_read() -> None:
    case = shared()
    read(case, case.reader)
    found = minutes_of(meeting_id=case.meeting.pk, by=case.by, clearance=case.clearance(), at=AFTER)
    assert texts(found.draft.sections) == [TALKED, AGREED, NEXT]
    assert (found.draft.version, found.draft.saved_by, found.citizen_name) == (1, case.user.name, case.person.name)
    assert found.latest is not None
    assert (found.latest.number, found.latest.shared_by, found.latest.read_at) == (1, case.user.name, AFTER)


def test_that_staff_opened_it_is_kept_for_the_audit_log() -> None:
    case = held()
    minutes_of(meeting_id=case.meeting.pk, by=case.by, clearance=case.clearance(), at=AFTER)
    showing = Showing.objects.get()
    assert (showing.nav_ident, showing.person_id, showing.what) == (
        case.user.nav_ident,
        case.person.pk,
        "minutes.opened",
    )


def test_staff_who_may_not_are_refused_and_no_showing_is_kept() -> None:
    case = shared()
    stranger = make.actor(make.caseworker(office_number="0301"))
    with pytest.raises(NotFound):
        minutes_of(meeting_id=case.meeting.pk, by=stranger, clearance=case.clearance(stranger), at=AFTER)
    with pytest.raises(NotPermitted):
        minutes_of(meeting_id=case.meeting.pk, by=case.reader, clearance=case.clearance(case.reader), at=AFTER)
    assert not Showing.objects.exists()


def test_before_the_meeting_staff_are_told_when_they_can_write() -> None:
    case = held()
    at = BEFORE - timedelta(days=1)
    found = minutes_of(meeting_id=case.meeting.pk, by=case.by, clearance=case.clearance(at=at), at=at)
    assert "har ikke startet" in found.why_not
    assert (found.draft.version, texts(found.draft.sections), found.latest) == (0, ["", "", ""], None)
