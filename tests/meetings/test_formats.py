"""Meeting another way: the whole meeting, or one partner's way in."""

from typing import Any

import pytest

from invitations import consents, format_wishes
from invitations.models import Invitation
from meetings import changes, formats, safety
from meetings.changes import Why
from meetings.events import Aspect, Changed, MeetingRevised, PartnerChanged
from meetings.models import Caller, Format, Meeting, Occupancy, Participant, Reason, ReasonToRecipient, Revision, Task
from meetings.places import Place
from meetings.states import WrongState
from navmeet.change import before_commit, rehearse
from navmeet.exceptions import Conflict, Invalid, InvalidFields, NotFound, Stale
from navmeet.outbox import publish as publishing
from navmeet.outbox.publish import Consequences, Event
from tests import make
from tests.meetings.setting import explained, given

pytestmark = pytest.mark.django_db

PHONE = Place(caller=Caller.NAV, phone="991 12 233")
ROOM = Place(address="Prøvegata 1", room="Bjørka")


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    events: list[Event] = []

    def listen(event: Event) -> Any:
        events.append(event)
        return publishing.publish(event)

    monkeypatch.setattr(formats, "publish", listen)
    return events


def to(meeting: Meeting, held: Format | str, place: Place | None = None, **more: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "to": held,
        "place": place or Place(),
        "why": Why(Reason.CITIZEN_ASKED, "Som du ba om."),
        "can_be_told": True,
        "safety_measures": frozenset(),
    }
    return given(meeting, **(values | more))


def test_a_meeting_by_video_becomes_one_by_phone_at_the_same_time(heard: list[Event]) -> None:
    meeting = make.meeting()
    starts_at = meeting.starts_at
    changed = formats.change_format(**to(meeting, Format.PHONE, PHONE))
    assert (changed.format, changed.starts_at) == ("PHONE", starts_at)
    assert (changed.revision_number, changed.sequence, changed.version) == (2, 1, 2)
    revision = Revision.objects.get(meeting=meeting, number=2)
    assert (revision.format, revision.caller, revision.phone, revision.reason) == (
        *("PHONE", "NAV", "99112233"),
        "CITIZEN_ASKED",
    )
    assert (revision.meant, revision.fold, revision.zone) == ("2027-01-21T10:00", 0, "Europe/Oslo")
    assert Occupancy.objects.filter(meeting=meeting).count() == 2
    (event,) = heard
    assert isinstance(event, MeetingRevised)
    assert (event.what, event.number) == (frozenset({Aspect.FORMAT, Aspect.PLACE}), 2)
    sentence = ReasonToRecipient.objects.get(participant__meeting=meeting)
    assert (sentence.sentence, sentence.sequence) == ("Som du ba om.", 1)


def test_and_back_to_video_with_the_same_address_of_the_meeting(heard: list[Event]) -> None:
    meeting = make.meeting()
    link = Invitation.objects.get(participant=meeting.citizen()).pk
    formats.change_format(**to(meeting, Format.PHONE, PHONE))
    back = formats.change_format(**to(meeting, Format.VIDEO))
    assert (back.format, back.revision_number, back.sequence, back.version) == ("VIDEO", 3, 2, 3)
    revision = Revision.objects.get(meeting=meeting, number=3)
    assert (revision.caller, revision.phone) == ("", None)
    assert Invitation.objects.get(participant=meeting.citizen()).pk == link
    assert len(heard) == 2


@pytest.mark.parametrize(
    ("held", "place", "fields"),
    [
        (Format.PHONE, Place(), ["caller", "phone"]),
        (Format.PHONE, Place(caller="NAV"), ["phone"]),
        (Format.PHONE, Place(caller="NAV", phone="ring meg"), ["phone"]),
        (Format.PHONE, ROOM, ["caller", "phone"]),
        (Format.IN_PERSON, Place(), ["address"]),
        (Format.IN_PERSON, PHONE, ["address"]),
    ],
)
def test_what_the_new_format_lacks_is_named_and_nothing_changes(held: Format, place: Place, fields: list[str]) -> None:
    meeting = make.meeting()
    with pytest.raises(InvalidFields) as refused:
        formats.change_format(**to(meeting, held, place))
    assert [one.field for one in refused.value.errors] == fields
    meeting.refresh_from_db()
    assert (meeting.format, meeting.version, Revision.objects.count()) == ("VIDEO", 1, 1)


@pytest.mark.parametrize(("held", "code"), [("LETTER", "format_unknown"), ("", "format_unknown")])
def test_what_is_no_format_is_refused(held: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        formats.change_format(**to(make.meeting(), held))
    assert (refused.value.field, refused.value.code) == ("format", code)


def test_the_format_it_has_already_is_said_to_be_so() -> None:
    with pytest.raises(Conflict) as refused:
        formats.change_format(**to(make.meeting(), Format.VIDEO))
    assert refused.value.code == "nothing_changed"


EXCLUDED = [
    ("FYUS", Format.IN_PERSON),
    ("TFUS", Format.PHONE),
    ("FTUS", Format.IN_PERSON),
    ("FTUS", Format.PHONE),
    ("DIUS", Format.VIDEO),
]
PLACES = {Format.PHONE: PHONE, Format.IN_PERSON: ROOM, Format.VIDEO: Place()}


@pytest.mark.parametrize("measure", ["FYUS", "TFUS", "FTUS", "DIUS", "TOAN", "NEW1"])
@pytest.mark.parametrize("held", list(Format))
def test_a_safety_measure_excludes_its_formats_and_no_other(measure: str, held: Format) -> None:
    before = Format.PHONE if held == Format.VIDEO else Format.VIDEO
    meeting = make.meeting(format=before, place=PLACES[before])
    arguments = to(meeting, held, PLACES[held], safety_measures=frozenset({measure, "TOAN"}))
    if (measure, held) not in EXCLUDED:
        assert formats.change_format(**arguments).format == held
        return
    with pytest.raises(safety.Excluded) as refused:
        formats.change_format(**arguments)
    assert (refused.value.code, refused.value.field, refused.value.extra) == ("safety_measure", "format", {})
    assert not [word for word in (measure, "tiltak", "trussel", "vold", "sikkerhet") if word in refused.value.message]
    meeting.refresh_from_db()
    assert meeting.format == before


def _task(meeting: Meeting, kind: Task.Kind) -> Task:
    return Task.objects.create(meeting=meeting, kind=kind, about="test", made_at=make.NOW, due_at=make.NOW)


@pytest.mark.parametrize("kind", [Task.Kind.OTHER_FORMAT, Task.Kind.NO_TO_VIDEO, Task.Kind.CALL_INSTEAD])
def test_what_asked_for_another_way_is_settled_by_it(kind: Task.Kind) -> None:
    meeting, other = make.meeting(), make.meeting()
    task, theirs, unlike = _task(meeting, kind), _task(other, kind), _task(meeting, Task.Kind.OTHER_TIME)
    rehearse(formats.change_format, **to(meeting, Format.PHONE, PHONE))
    assert Task.objects.get(pk=task.pk).done_at is None
    formats.change_format(**to(meeting, Format.PHONE, PHONE))
    for one in (task, theirs, unlike):
        one.refresh_from_db()
    assert (task.done_at, task.done_by) == (make.NOW, meeting.host_id)
    assert (theirs.done_at, unlike.done_at) == (None, None)


def test_a_change_to_video_does_not_settle_a_no_to_video() -> None:
    meeting = make.meeting(format=Format.PHONE, place=PHONE)
    task = _task(meeting, Task.Kind.NO_TO_VIDEO)
    formats.change_format(**to(meeting, Format.VIDEO))
    task.refresh_from_db()
    assert task.done_at is None


def test_a_change_to_video_says_that_the_citizen_has_said_no_to_it() -> None:
    meeting = make.meeting()
    invitation = Invitation.objects.get(participant=meeting.citizen())
    person = meeting.citizen().person
    assert person is not None
    choice: dict[str, Any] = {
        "invitation_id": invitation.pk,
        "text_version": consents.VIDEO_VERSION,
        "language": "nb",
        "by": make.citizen_actor(person),
        "at": make.NOW,
    }
    consents.choose_video(**choice, said_yes=False)
    to_phone = rehearse(formats.change_format, **to(meeting, Format.PHONE, PHONE))
    assert format_wishes.NO_TO_VIDEO not in to_phone.lacks
    formats.change_format(**to(meeting, Format.PHONE, PHONE))
    assert format_wishes.NO_TO_VIDEO in rehearse(formats.change_format, **to(meeting, Format.VIDEO)).lacks
    formats.change_format(**to(meeting, Format.VIDEO))
    consents.choose_video(**choice, said_yes=True)
    formats.change_format(**to(meeting, Format.PHONE, PHONE))
    assert format_wishes.NO_TO_VIDEO not in rehearse(formats.change_format, **to(meeting, Format.VIDEO)).lacks


def test_the_format_can_change_while_the_meeting_is_on_but_not_after_it() -> None:
    meeting = make.meeting()
    during = meeting.starts_at.replace(minute=20)
    assert formats.change_format(**to(meeting, Format.PHONE, PHONE, at=during)).format == "PHONE"
    with pytest.raises(WrongState):
        formats.change_format(**to(meeting, Format.VIDEO, at=meeting.ends_at))


def test_a_cancelled_meeting_an_old_version_and_anothers_office_change_nothing() -> None:
    meeting = make.meeting()
    with pytest.raises(Stale):
        formats.change_format(**(to(meeting, Format.PHONE, PHONE) | {"version": 9}))
    stranger = make.actor(make.caseworker(office_number="0398"))
    with pytest.raises(NotFound):
        formats.change_format(**to(meeting, Format.PHONE, PHONE, by=stranger))
    changes.cancel(**given(meeting, why=Why(Reason.PRACTICAL), can_be_told=True))
    with pytest.raises(WrongState):
        formats.change_format(**to(meeting, Format.PHONE, PHONE))


@pytest.mark.parametrize("reason", ["BOOKED", "", "ILLNESS"])
def test_the_reason_is_one_of_the_list(reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        formats.change_format(**to(make.meeting(), Format.PHONE, PHONE, why=Why(reason)))  # type: ignore[arg-type]
    assert refused.value.field == "reason"


def gather(arguments: dict[str, Any], verb: Any) -> Consequences:
    kept: list[Consequences] = []
    with before_commit(lambda _, consequences: kept.append(consequences)):
        verb(**arguments)
    return kept[0]


@pytest.mark.parametrize("held", [Format.PHONE, Format.IN_PERSON])
def test_rehearsal_and_change_of_format_tell_the_same_words(held: Format) -> None:
    meeting = make.meeting(type_code="DIALOGUE")
    make.partner(meeting)
    make.partner(meeting, make.employer(way_in="PHONE"))
    arguments = to(meeting, held, PLACES[held])
    would = rehearse(formats.change_format, **arguments)
    meeting.refresh_from_db()
    assert meeting.format == "VIDEO"
    assert would.messages
    assert gather(arguments, formats.change_format) == would


def test_one_partner_comes_by_phone_and_then_as_the_meeting_again(heard: list[Event]) -> None:
    meeting = make.meeting(type_code="DIALOGUE")
    doctor = make.partner(meeting)
    arguments = explained(meeting, participant_id=doctor.pk, to=Format.PHONE)
    would = rehearse(formats.change_way_in, **arguments)
    heard.clear()
    assert gather(arguments, formats.change_way_in) == would
    assert Participant.objects.get(pk=doctor.pk).way_in == "PHONE"
    what = frozenset({Changed.WAY_IN})
    assert heard == [PartnerChanged(meeting_id=meeting.pk, participant_id=doctor.pk, what=what, at=make.NOW)]
    meeting.refresh_from_db()
    assert (meeting.format, meeting.version, meeting.revision_number) == ("VIDEO", 3, 1)
    formats.change_way_in(**explained(meeting, participant_id=doctor.pk, to=""))
    assert Participant.objects.get(pk=doctor.pk).way_in == ""


def test_a_way_in_of_their_own_stays_when_the_meeting_changes() -> None:
    meeting = make.meeting()
    by_phone = make.partner(meeting, make.doctor(way_in="PHONE"))
    as_meeting = make.partner(meeting, make.employer())
    formats.change_format(**to(meeting, Format.PHONE, PHONE))
    formats.change_format(**to(meeting, Format.IN_PERSON, ROOM))
    assert Participant.objects.get(pk=by_phone.pk).way_in == "PHONE"
    assert Participant.objects.get(pk=as_meeting.pk).way_in == ""


@pytest.mark.parametrize(
    ("way_in", "code"),
    [("IN_PERSON", "way_in_needs_place"), ("LETTER", "way_in_unknown"), ("VIDEO", "nothing_changed")],
)
def test_a_way_in_that_cannot_be_is_refused_at_its_field(way_in: str, code: str) -> None:
    meeting = make.meeting()
    doctor = make.partner(meeting)
    with pytest.raises((Invalid, Conflict)) as refused:
        formats.change_way_in(**explained(meeting, participant_id=doctor.pk, to=way_in))
    error = refused.value
    assert isinstance(error, Invalid | Conflict)
    assert (error.field, error.code) == ("way_in", code)


def test_the_citizens_way_in_is_the_meetings_and_a_removed_partners_is_nobodys() -> None:
    meeting = make.meeting()
    with pytest.raises(NotFound):
        formats.change_way_in(**explained(meeting, participant_id=meeting.citizen().pk, to=Format.PHONE))


def test_leaving_a_booked_room_says_that_it_is_let_go() -> None:
    room = make.room("Fjellet")
    meeting = make.meeting(format=Format.IN_PERSON, place=Place(room_id=room.pk))
    assert (
        "Fjellet holdes ikke lenger av til møtet."
        in rehearse(formats.change_format, **to(meeting, Format.PHONE, PHONE)).lapses
    )
    elsewhere = make.meeting(format=Format.IN_PERSON, place=ROOM, day=make.later(days=3).date())
    assert rehearse(formats.change_format, **to(elsewhere, Format.PHONE, PHONE)).lapses == []
