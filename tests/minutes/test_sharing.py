"""Sharing: who may, when, and that it happens once."""

import pytest
from django.db import connection

from meetings.models import Meeting, Status
from minutes.models import Version
from minutes.sections import from_json
from navmeet.audit.models import AuditEvent
from navmeet.exceptions import Conflict, NotFound, NotPermitted, Stale
from tests import make
from tests.minutes.setting import AFTER, AGREED, NEXT, TALKED, a, held, texts

pytestmark = pytest.mark.django_db


def test_the_draft_becomes_version_one() -> None:
    case = held()
    case.save()
    version = case.share()
    assert (version.number, version.shared_at, version.shared_by) == (1, AFTER, case.user.pk)
    assert texts(from_json(version.sections)) == [TALKED, AGREED, NEXT]
    event = AuditEvent.objects.get(action="minutes.shared")
    assert (event.subject_id, event.detail) == (version.pk, {"number": 1})


def test_sharing_again_gives_the_version_that_is_there() -> None:
    case = held()
    case.save()
    assert case.share() == case.share()
    assert Version.objects.count() == 1
    assert AuditEvent.objects.filter(action="minutes.shared").count() == 1


def test_nothing_is_shared_where_nothing_was_written() -> None:
    case = held()
    with pytest.raises(Conflict) as told:
        case.share(0)
    assert told.value.code == "minutes_empty"


def test_an_empty_draft_is_not_shared() -> None:
    case = held()
    case.save(a(" \n\t "))
    with pytest.raises(Conflict) as told:
        case.share()
    assert told.value.code == "minutes_empty"
    assert not Version.objects.exists()


def test_a_draft_that_changed_since_the_preview_is_not_shared() -> None:
    case = held()
    case.save()
    case.save(a("Endret"), version=1)
    with pytest.raises(Stale) as told:
        case.share(1)
    assert told.value.extra == {"newest_version": 2}
    assert not Version.objects.exists()


def test_a_cancelled_meeting_s_draft_is_not_shared() -> None:
    case = held()
    case.save()
    Meeting.objects.filter(pk=case.meeting.pk).update(status=Status.CANCELLED)
    with pytest.raises(Conflict) as told:
        case.share()
    assert told.value.code == "meeting_cancelled"


def test_another_office_does_not_know_of_it_and_the_citizen_may_not() -> None:
    case = held()
    case.save()
    with pytest.raises(NotFound):
        case.share(by=make.actor(make.caseworker(office_number="0301")))
    with pytest.raises(NotPermitted):
        case.share(by=case.reader)
    assert not Version.objects.exists()


def test_the_column_holds_no_plain_text_and_another_seal_than_the_draft() -> None:
    case = held()
    case.save()
    case.share()
    with connection.cursor() as cursor:
        cursor.execute("SELECT d.sections, v.sections FROM minutes_draft d, minutes_version v")
        draft, version = map(bytes, cursor.fetchone())
    assert b"fiskekaker" not in version
    assert b"DISCUSSED" not in version
    assert draft[-40:] != version[-40:]
