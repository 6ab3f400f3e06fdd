"""Several at once: one wins, the others are told, nothing is lost and nobody is told twice."""

import pytest

from invitations.models import Message, Occasion
from minutes.models import Draft, Reading, Version
from minutes.reading import Read, read_version
from navmeet.audit.models import AuditEvent
from navmeet.exceptions import Stale
from tests import make
from tests.at_once import at_once
from tests.minutes.setting import AFTER, a, held, join, stored

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("transactional")]


@pytest.mark.parametrize("begun", [False, True])
def test_of_two_who_save_at_once_one_wins_and_the_other_is_told(begun: bool) -> None:
    case = held()
    if begun:
        case.save(a("Begynnelsen"))
    colleague = join(case.meeting, make.caseworker("Jonas Prøvesen"))
    read = 1 if begun else 0

    results = at_once(
        lambda: case.save(a("Ingrids"), version=read), lambda: case.save(a("Jonas'"), version=read, by=colleague)
    )

    (won,) = [result for result in results if isinstance(result, Draft)]
    (lost,) = [result for result in results if isinstance(result, Stale)]
    assert won.version == read + 1
    assert lost.extra == {"newest_version": read + 1}
    assert stored(case)[0] == ("Ingrids" if results[0] is won else "Jonas'")
    # Nothing is lost: who lost still has the words, and may save them on top of the newest.
    words, by = ("Jonas'", colleague) if results[0] is won else ("Ingrids", case.by)
    assert case.save(a(words), version=read + 1, by=by).version == read + 2


def test_of_ten_who_share_at_once_all_get_the_one_version_and_the_citizen_is_told_once() -> None:
    case = held()
    case.save()

    results = at_once(*[case.share] * 10)

    version = Version.objects.get(meeting=case.meeting)
    assert results == [version] * 10
    assert Message.objects.filter(occasion=Occasion.MINUTES_SHARED).count() == 1
    assert AuditEvent.objects.filter(action="minutes.shared").count() == 1


def test_of_ten_openings_at_once_one_is_the_first_reading() -> None:
    case = held()
    case.save()
    case.share()
    invitation_id, reader = case.invitation_id, case.reader

    results = at_once(*[lambda: read_version(invitation_id=invitation_id, number=1, by=reader, at=AFTER)] * 10)

    assert all(isinstance(result, Read) for result in results)
    assert Reading.objects.count() == 1
    assert AuditEvent.objects.filter(action="minutes.read").count() == 1
