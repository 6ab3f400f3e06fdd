"""What is written to the citizen, their language, and whether they must show who they are: changed, and told or not."""

from dataclasses import replace
from typing import Any

import pytest

from invitations.models import Message, Occasion
from meetings import changes, details
from meetings.models import Meeting, Participant, Revision
from meetings.states import WrongState
from meetings.texts import CitizenTexts
from navmeet.change import rehearse
from navmeet.exceptions import Conflict, Invalid, InvalidFields, NotFound, Stale
from tests import make
from tests.meetings.setting import changing, given

pytestmark = pytest.mark.django_db


def to(meeting: Meeting, *, is_correction: bool = False, by: Any = None, **other: Any) -> dict[str, Any]:
    meeting.refresh_from_db()
    now = details.as_it_is(meeting)
    texts = {name: other.pop(name) for name in ("theme", "purpose", "preparations") if name in other}
    more = {name: other.pop(name) for name in ("at", "can_be_told") if name in other}
    wanted = replace(now, texts=replace(now.texts, **texts), **other)
    return given(meeting, by, details=wanted, is_correction=is_correction, **({"can_be_told": True} | more))


@pytest.fixture
def meeting() -> Meeting:
    """Its invitation has left."""
    meeting = make.meeting()
    Message.objects.filter(meeting=meeting, occasion=Occasion.INVITED).update(sent_at=make.NOW, state="SENT")
    return meeting


def news() -> int:
    return Message.objects.filter(occasion=Occasion.DETAILS_CHANGED).count()


def test_new_texts_hold_at_once_and_the_citizen_is_told(meeting: Meeting) -> None:
    changed = details.change_details(**to(meeting, preparations="Ta med vitnemålet."))
    assert (changed.version, changed.revision_number, changed.sequence) == (2, 1, 0)
    assert meeting.citizen().preparations == "Ta med vitnemålet."
    assert (news(), Revision.objects.count()) == (1, 1)


def test_a_corrected_spelling_tells_nobody(meeting: Meeting) -> None:
    told = Message.objects.count()
    details.change_details(**to(meeting, theme="Vegen videre", is_correction=True))
    assert (meeting.citizen().theme, Message.objects.count()) == ("Vegen videre", told)


def test_that_they_must_show_who_they_are_is_told_and_that_they_need_not_is_not(meeting: Meeting) -> None:
    details.change_details(**to(meeting, check_identity=True))
    assert news() == 1
    details.change_details(**to(meeting, check_identity=False))
    assert news() == 1


def test_a_correction_does_not_hide_that_they_must_show_who_they_are(meeting: Meeting) -> None:
    details.change_details(**to(meeting, theme="Vegen videre", check_identity=True, is_correction=True))
    assert news() == 1


def test_another_language_tells_nobody_and_what_is_planned_is_in_it(meeting: Meeting) -> None:
    details.change_details(**to(meeting, language="nn"))
    assert news() == 0
    planned = Message.objects.filter(meeting=meeting, state="PLANNED")
    assert set(planned.values_list("language", flat=True)) == {"nn"}


def test_before_the_invitation_has_left_nobody_is_told_apart_from_it() -> None:
    details.change_details(**to(make.meeting(), preparations="Ta med vitnemålet."))
    assert news() == 0


def test_who_cannot_be_told_digitally_gets_a_letter_once_the_first_is_sent() -> None:
    meeting = make.meeting(can_be_told=False)
    details.change_details(**to(meeting, purpose="Vi ser på kurset.", can_be_told=False))
    assert meeting.tasks.filter(kind="SEND_LETTER", done_at=None).count() == 1
    meeting.tasks.update(done_at=make.NOW)
    would = rehearse(details.change_details, **to(meeting, purpose="Vi ser på jobben.", can_be_told=False))
    assert any("brev" in one for one in would.lacks)
    details.change_details(**to(meeting, purpose="Vi ser på jobben.", can_be_told=False))
    assert meeting.tasks.filter(kind="SEND_LETTER", done_at=None).get().about.startswith("DETAILS_CHANGED:")


def test_partners_neither_read_nor_hear_of_it(meeting: Meeting) -> None:
    doctor = make.partner(meeting)
    details.change_details(**to(meeting, purpose="Vi ser på kurset."))
    assert not Message.objects.filter(participant=doctor, occasion=Occasion.DETAILS_CHANGED).exists()
    assert Participant.objects.get(pk=doctor.pk).purpose is None


def test_nothing_new_says_so(meeting: Meeting) -> None:
    with pytest.raises(Conflict) as refused:
        details.change_details(**to(meeting))
    assert refused.value.code == "nothing_changed"


@pytest.mark.parametrize(
    ("bad", "fields"),
    [
        ({"theme": ""}, ["theme"]),
        ({"theme": "x" * 101}, ["theme"]),
        ({"purpose": "x" * 5001, "preparations": "x" * 501}, ["purpose", "preparations"]),
        ({"theme": "en\x00to"}, ["theme"]),
    ],
)
def test_what_the_texts_may_not_hold_is_said_at_each_field(
    meeting: Meeting, bad: dict[str, Any], fields: list[str]
) -> None:
    with pytest.raises(InvalidFields) as refused:
        details.change_details(**to(meeting, **bad))
    assert [one.field for one in refused.value.errors] == fields
    meeting.refresh_from_db()
    assert meeting.version == 1


def test_a_language_without_texts_a_stranger_an_old_version_and_a_cancelled_meeting(meeting: Meeting) -> None:
    with pytest.raises(Invalid) as refused:
        details.change_details(**to(meeting, language="se"))
    assert refused.value.field == "language"
    with pytest.raises(NotFound):
        details.change_details(**to(meeting, theme="Nytt", by=make.actor(make.caseworker(office_number="0398"))))
    with pytest.raises(Stale):
        details.change_details(**(to(meeting, theme="Nytt") | {"version": 9}))
    changes.cancel(**changing(meeting))
    with pytest.raises(WrongState):
        details.change_details(**to(meeting, theme="Nytt"))


def test_texts_are_not_in_the_representation_of_what_was_asked_for() -> None:
    asked = details.Details(CitizenTexts(theme="Hemmelig"), "nb", check_identity=False)
    assert "Hemmelig" not in repr(asked)
