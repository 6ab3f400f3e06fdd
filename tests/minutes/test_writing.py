"""Writing minutes: who may, when, what is kept, and that nothing written is lost."""

from datetime import timedelta

import pytest
from django.db import connection

from meetings.models import Meeting, Status
from minutes.models import Draft
from minutes.sections import LONGEST, SectionCode
from minutes.writing import save_draft
from navmeet.accounts.actor import Actor, ActorKind
from navmeet.audit.models import AuditEvent
from navmeet.exceptions import Conflict, Invalid, InvalidFields, NotFound, NotPermitted, Stale, Unavailable
from tests import make
from tests.minutes.setting import AFTER, AGREED, BEFORE, NEXT, STARTED, TALKED, TEXTS, a, held, join, stored

pytestmark = pytest.mark.django_db


def test_the_first_save_makes_the_draft() -> None:
    case = held()
    draft = case.save(at=STARTED)
    assert draft.version == 1
    assert stored(case) == [TALKED, AGREED, NEXT]
    assert (draft.saved_at, draft.saved_by) == (STARTED, case.user.pk)


def test_each_save_is_recorded_without_its_words() -> None:
    case = held()
    case.save()
    event = AuditEvent.objects.get(action="minutes.draft_saved")
    assert (event.actor_id, event.meeting_id, event.detail) == (case.user.pk, case.meeting.pk, {"version": 1})


def test_the_next_save_goes_on_from_the_version_that_was_read() -> None:
    case = held()
    case.save(a("Første"))
    assert case.save(a("Andre"), version=1).version == 2
    assert stored(case) == ["Andre", "", ""]


def test_an_empty_draft_may_be_saved() -> None:
    case = held()
    case.save(a(""))
    assert stored(case) == ["", "", ""]


def test_a_wrong_version_is_refused_and_what_stood_there_stands() -> None:
    case = held()
    case.save(a("Min"))
    with pytest.raises(Stale) as told:
        case.save(a("En annens"))
    assert told.value.extra == {"newest_version": 1}
    assert stored(case) == ["Min", "", ""]


def test_saving_on_a_version_that_never_was_is_refused() -> None:
    case = held()
    with pytest.raises(Stale):
        case.save(version=3)
    assert not Draft.objects.exists()


def test_saving_what_already_stands_there_again_is_no_conflict_and_no_change() -> None:
    case = held()
    case.save()
    assert case.save(version=0).version == 1
    assert AuditEvent.objects.filter(action="minutes.draft_saved").count() == 1


def test_nothing_is_written_before_the_meeting_starts() -> None:
    case = held()
    with pytest.raises(Conflict) as told:
        case.save(at=BEFORE)
    assert told.value.code == "meeting_not_started"


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (Status.CANCELLED, "meeting_cancelled"),
        (Status.NOT_HELD, "meeting_not_held"),
        (Status.PROPOSED, "meeting_not_agreed"),
    ],
)
def test_a_meeting_that_is_not_held_gets_no_minutes(status: Status, code: str) -> None:
    case = held()
    Meeting.objects.filter(pk=case.meeting.pk).update(status=status)
    with pytest.raises(Conflict) as told:
        case.save()
    assert told.value.code == code
    assert not Draft.objects.exists()


def test_a_meeting_recorded_as_held_gets_minutes() -> None:
    case = held()
    Meeting.objects.filter(pk=case.meeting.pk).update(status=Status.HELD)
    assert case.save().version == 1


def test_a_draft_that_was_shared_is_no_longer_written() -> None:
    case = held()
    case.save()
    case.share()
    with pytest.raises(Conflict) as told:
        case.save(a("Noe annet"), version=1)
    assert told.value.code == "minutes_shared"
    assert stored(case) == [TALKED, AGREED, NEXT]


def test_a_colleague_who_was_in_the_meeting_may_go_on_writing() -> None:
    case = held()
    case.save(a("Min"))
    colleague = join(case.meeting, make.caseworker("Jonas Prøvesen"))
    assert case.save(a("Vår"), version=1, by=colleague).saved_by == colleague.id


def test_a_colleague_who_was_not_in_the_meeting_does_not_write() -> None:
    case = held()
    case.save(a("Min"))
    with pytest.raises(NotPermitted):
        case.save(a("Vår"), version=1, by=make.actor(make.caseworker("Jonas Prøvesen")))
    assert stored(case)[0] == "Min"


def test_one_who_was_taken_out_of_the_meeting_does_not_write() -> None:
    case = held()
    case.save(a("Min"))
    colleague = join(case.meeting, make.caseworker("Jonas Prøvesen"))
    case.meeting.participants.filter(user_id=colleague.known_id).update(removed_at=AFTER)
    with pytest.raises(NotPermitted):
        case.save(a("Vår"), version=1, by=colleague)


def test_another_office_does_not_know_of_the_meeting() -> None:
    case = held()
    other = make.actor(make.caseworker(office_number="0301"))
    with pytest.raises(NotFound):
        case.save(by=other)


def test_the_citizen_may_know_the_meeting_and_not_write() -> None:
    case = held()
    with pytest.raises(NotPermitted):
        case.save(by=case.reader)


@pytest.mark.parametrize("kind", [ActorKind.ADVISER, ActorKind.LINK])
def test_other_kinds_of_actors_do_not_know_of_it(kind: ActorKind) -> None:
    case = held()
    with pytest.raises(NotFound):
        case.save(by=Actor(kind=kind, id=case.user.pk, office=case.user.office))


def test_without_access_to_the_person_nothing_is_written() -> None:
    case, somebody = held(), held()
    with pytest.raises(NotPermitted):
        save_draft(
            meeting_id=case.meeting.pk,
            sections=TEXTS,
            version=0,
            by=case.by,
            clearance=somebody.clearance(case.by),
            at=AFTER,
        )


def test_an_old_clearance_is_asked_for_anew() -> None:
    case = held()
    with pytest.raises(Unavailable):
        save_draft(
            meeting_id=case.meeting.pk,
            sections=TEXTS,
            version=0,
            by=case.by,
            clearance=case.clearance(at=AFTER - timedelta(seconds=61)),
            at=AFTER,
        )


@pytest.mark.parametrize("bad", ["\x00", "\x07", "\x1b[0m", "\ud800", "\u202e"])
def test_control_characters_are_refused_and_the_section_is_named(bad: str) -> None:
    case = held()
    with pytest.raises(InvalidFields) as told:
        case.save(a("Greit"), a(f"ikke{bad}greit", SectionCode.AGREED))
    (error,) = told.value.errors
    assert error.field == "sections.1.text"
    assert "«Dette ble vi enige om»" in error.message
    assert not Draft.objects.exists()


def test_line_breaks_and_tabs_are_kept_and_windows_line_ends_are_plain() -> None:
    case = held()
    case.save(a("En\r\nTo\n\tTre"))
    assert stored(case)[0] == "En\nTo\n\tTre"


def test_ten_thousand_characters_fit_and_one_more_does_not() -> None:
    case = held()
    case.save(a("ø" * LONGEST))
    with pytest.raises(InvalidFields) as told:
        case.save(a("ø" * (LONGEST + 1)), version=1)
    assert told.value.errors[0].field == "sections.0.text"


def test_more_than_five_sections_and_doubled_ones_are_refused() -> None:
    case = held()
    with pytest.raises(Invalid, match="høyst 5"):
        case.save(*[a("x")] * 6)
    with pytest.raises(Invalid, match="én gang"):
        case.save(a("x"), a("y"))


def test_the_column_holds_no_plain_text() -> None:
    case = held()
    case.save()
    with connection.cursor() as cursor:
        cursor.execute("SELECT sections FROM minutes_draft")
        raw = bytes(cursor.fetchone()[0])
    for word in (TALKED, "fiskekaker", "DISCUSSED", "søknaden"):
        assert word.encode() not in raw
