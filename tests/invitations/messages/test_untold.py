"""Changes within ten minutes are told as one sum, held against what each was told last; nothing is told for nothing."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from invitations.answers import answer
from invitations.messages import told, untold
from invitations.messages.send import Swept
from invitations.messages.tell_now import tell_now
from invitations.models import Answer, Message, Occasion, Retraction
from invitations.reasons import reasons_to
from meetings import changes, details, formats, reinstating, staff
from meetings.models import Format, Meeting, Reason
from meetings.places import Place
from meetings.staff import Colleague
from meetings.texts import CitizenTexts
from meetings.times import slot
from navmeet.change import rehearse
from navmeet.exceptions import Conflict, NotFound
from navmeet.people.clearance import Clearance
from navmeet.people.models import Person
from tests import make
from tests.invitations.messages.broker import FakeTopic

pytestmark = pytest.mark.django_db
Sweep = Callable[[datetime], Swept]
NOW, HOUR = make.NOW, make.later(hours=1)
START = datetime(2027, 1, 21, 9, 0, tzinfo=UTC)
PHONE = Place(caller="NAV", phone="+4755553333")


def later(minutes: float) -> datetime:
    return HOUR + timedelta(minutes=minutes)


@pytest.fixture
def meeting(kari: Person, sweep: Sweep) -> Meeting:
    """Told at NOW, of Thursday 21 January at 10."""
    made = make.meeting(person=kari)
    sweep(NOW)
    return made


def _as_host(meeting: Meeting, at: datetime) -> dict[str, Any]:
    meeting.refresh_from_db()
    by = make.actor(meeting.host)
    person_id = meeting.citizen_id()
    assert by.id is not None
    cleared = Clearance(person_id=person_id, by=by.id, at=at)
    return {"meeting_id": meeting.pk, "version": meeting.version, "by": by, "clearance": cleared, "at": at}


def _moving(meeting: Meeting, at: datetime, day: int, clock: time = time(10), sentence: str = "") -> dict[str, Any]:
    to = slot(day=date(2027, 1, day), clock=clock, minutes=45, fold=None, at=at)
    why = changes.Why(Reason.PRACTICAL, sentence)
    return {
        "to": to,
        "place": None,
        "why": why,
        "can_be_told": True,
        "overrule": make.ANYHOW,
        **_as_host(meeting, at),
    }


def move(meeting: Meeting, at: datetime, day: int, clock: time = time(10), sentence: str = "") -> None:
    changes.move(**_moving(meeting, at, day, clock, sentence))


def hold(meeting: Meeting, at: datetime, to: Format, place: Place) -> None:
    formats.change_format(
        to=to,
        place=place,
        why=changes.Why(Reason.PRACTICAL),
        can_be_told=True,
        safety_measures=frozenset(),
        overrule=make.ANYHOW,
        **_as_host(meeting, at),
    )


def add_colleague(meeting: Meeting, at: datetime) -> UUID:
    user = make.caseworker("Kollega Kollegasen")
    by = make.actor(user)
    assert by.id is not None
    theirs = Clearance(person_id=meeting.citizen_id(), by=by.id, at=at)
    added = staff.add_staff(
        colleague=Colleague(user_id=user.pk, clearance=theirs),
        why=changes.Why(Reason.PRACTICAL),
        can_be_told=True,
        **_as_host(meeting, at),
    )
    return added.pk


def remove_colleague(meeting: Meeting, participant_id: UUID, at: datetime) -> None:
    staff.remove_staff(
        participant_id=participant_id,
        why=changes.Why(Reason.PRACTICAL),
        can_be_told=True,
        **_as_host(meeting, at),
    )


def write(meeting: Meeting, at: datetime, theme: str, *, is_correction: bool = False) -> None:
    meeting.refresh_from_db()
    now = details.as_it_is(meeting)
    texts = CitizenTexts(theme=theme, purpose=now.texts.purpose, preparations=now.texts.preparations)
    details.change_details(
        details=details.Details(texts=texts, language=now.language, check_identity=now.check_identity),
        is_correction=is_correction,
        can_be_told=True,
        **_as_host(meeting, at),
    )


def cancel(meeting: Meeting, at: datetime) -> None:
    changes.cancel(why=changes.Why(Reason.PRACTICAL), can_be_told=True, **_as_host(meeting, at))


def rows(meeting: Meeting) -> list[tuple[str, str, str]]:
    """What there is in the ledger beside reminders, in order of planning."""
    found = Message.objects.filter(meeting=meeting).exclude(occasion=Occasion.REMINDER).order_by("pk")
    return [(one.occasion, one.state, one.why) for one in found]


def said(topic: FakeTopic) -> list[str]:
    return [event["tekster"][0]["tekst"] for event in topic.shown()]


def test_a_move_is_told_after_ten_minutes_and_until_then_the_old_notice_stands(
    meeting: Meeting, sweep: Sweep, topic: FakeTopic
) -> None:
    move(meeting, HOUR, 22)
    assert sweep(later(9)).is_idle
    assert len(topic.active()) == 1
    assert sweep(later(10)).sent == 1
    assert len(topic.active()) == 1
    assert "flyttet til fredag 22. januar" in said(topic)[-1]


def test_several_changes_are_one_message_ten_minutes_after_the_first(
    meeting: Meeting, sweep: Sweep, topic: FakeTopic
) -> None:
    move(meeting, HOUR, 22)
    move(meeting, later(4), 25)
    add_colleague(meeting, later(6))
    hold(meeting, later(8), Format.PHONE, PHONE)
    assert sweep(later(9)).is_idle
    sweep(later(10))
    assert sweep(later(30)).is_idle
    assert len(said(topic)) == 2
    assert "flyttet til mandag 25. januar kl. 10.00 og blir på telefon" in said(topic)[-1]
    assert len(topic.active()) == 1


def test_moved_and_moved_back_tells_nobody_and_says_why(meeting: Meeting, sweep: Sweep, topic: FakeTopic) -> None:
    move(meeting, HOUR, 22)
    move(meeting, later(5), 21)
    for minutes in (5, 10, 60):
        sweep(later(minutes))
    assert len(topic.shown()) == len(topic.active()) == 1
    assert topic.taken_back() == []
    assert rows(meeting) == [("INVITED", "SENT", ""), ("MOVED", "VOID", "MOVED"), ("MOVED", "SKIPPED", "AS_TOLD")]
    reminders = Message.objects.filter(meeting=meeting, occasion=Occasion.REMINDER, state="PLANNED")
    assert sorted(reminders.values_list("due_at", flat=True)) == [START - timedelta(days=1), START - timedelta(hours=1)]


def test_without_the_comparing_it_would_be_told(
    meeting: Meeting, sweep: Sweep, topic: FakeTopic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(told, "differs", lambda before, now: frozenset(told.Part))
    move(meeting, HOUR, 22)
    move(meeting, later(5), 21)
    sweep(later(10))
    assert len(topic.shown()) == 2


def test_moved_back_after_it_was_told_is_told(meeting: Meeting, sweep: Sweep, topic: FakeTopic) -> None:
    move(meeting, HOUR, 22)
    sweep(later(10))
    move(meeting, later(11), 21)
    sweep(later(21))
    assert "flyttet til torsdag 21. januar" in said(topic)[-1]


def test_moved_back_with_a_colleague_added_tells_of_the_colleague_only(
    meeting: Meeting, sweep: Sweep, topic: FakeTopic
) -> None:
    add_colleague(meeting, HOUR)
    move(meeting, later(2), 22)
    move(meeting, later(4), 21)
    sweep(later(10))
    assert "hvem som deltar" in said(topic)[-1]
    assert len(topic.active()) == 2


def test_a_colleague_added_and_removed_tells_nobody(meeting: Meeting, sweep: Sweep, topic: FakeTopic) -> None:
    added = add_colleague(meeting, HOUR)
    remove_colleague(meeting, added, later(3))
    sweep(later(20))
    assert len(topic.shown()) == 1
    assert rows(meeting)[1:] == [("PEOPLE_CHANGED", "VOID", "AS_TOLD"), ("PEOPLE_CHANGED", "SKIPPED", "AS_TOLD")]


def test_a_colleague_added_before_it_is_told_that_the_meeting_is_on_again_is_not_told_apart(
    meeting: Meeting, sweep: Sweep
) -> None:
    cancel(meeting, HOUR)
    sweep(HOUR)
    at = later(5)
    again: dict[str, Any] = {"why": changes.Why(Reason.MISTAKE), "can_be_told": True, "safety_measures": frozenset()}
    reinstating.reinstate(**again, overrule=make.ANYHOW, **_as_host(meeting, at))
    add_colleague(meeting, at)
    sweep(at)
    sweep(later(20))
    assert [one for one in rows(meeting) if one[1] == "SENT"] == [
        ("INVITED", "SENT", ""),
        ("CANCELLED", "SENT", ""),
        ("REINSTATED", "SENT", ""),
    ]


def test_two_colleagues_are_one_message(meeting: Meeting, sweep: Sweep, topic: FakeTopic) -> None:
    add_colleague(meeting, HOUR)
    add_colleague(meeting, later(5))
    sweep(later(10))
    sweep(later(20))
    assert len(topic.shown()) == 2


def test_a_corrected_spelling_tells_nobody_whatever_is_moved_about_it(
    meeting: Meeting, sweep: Sweep, topic: FakeTopic
) -> None:
    write(meeting, HOUR, "Veien vidare", is_correction=True)
    move(meeting, later(1), 22)
    move(meeting, later(2), 21)
    sweep(later(20))
    assert len(topic.shown()) == 1


def test_new_texts_are_told_also_when_the_move_they_came_with_is_taken_back(
    meeting: Meeting, sweep: Sweep, topic: FakeTopic
) -> None:
    move(meeting, HOUR, 22)
    write(meeting, later(2), "Noe helt annet")
    move(meeting, later(4), 21)
    sweep(later(14))
    assert "det vi har skrevet til deg" in said(topic)[-1]
    assert len(topic.shown()) == 2


def test_cancelled_after_an_untold_move_only_the_cancellation_is_told_and_of_the_time_they_knew(
    meeting: Meeting, sweep: Sweep, topic: FakeTopic
) -> None:
    move(meeting, HOUR, 22)
    cancel(meeting, later(5))
    sweep(later(5))
    sweep(later(20))
    assert len(topic.shown()) == 2
    assert "torsdag 21. januar kl. 10.00 er avlyst" in said(topic)[-1]
    assert len(topic.active()) == 1


@pytest.mark.parametrize(("clock", "is_at_once"), [(time(13, 0), True), (time(13, 1), False)])
def test_a_change_to_a_meeting_within_three_hours_is_told_at_once(
    meeting: Meeting, sweep: Sweep, topic: FakeTopic, clock: time, is_at_once: bool
) -> None:
    at = datetime(2027, 1, 20, 9, 0, tzinfo=UTC)
    assert at + untold.SOON == datetime(2027, 1, 20, 12, tzinfo=UTC)
    move(meeting, at, 20, clock)
    assert (sweep(at).sent == 1) is is_at_once


def test_moved_away_from_a_time_within_three_hours_is_told_at_once(
    meeting: Meeting, sweep: Sweep, topic: FakeTopic
) -> None:
    move(meeting, START - timedelta(hours=2), 28)
    sweep(START - timedelta(hours=2))
    assert "flyttet til torsdag 28. januar" in said(topic)[-1]


def test_an_unsent_invitation_carries_the_new_truth(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    meeting = make.meeting(person=kari)
    move(meeting, make.later(seconds=2), 22)
    sweep(make.later(seconds=3))
    assert "Du har fått et videomøte med Nav fredag 22. januar" in said(topic)[-1]
    assert len(topic.shown()) == 1


def test_who_answers_the_new_time_before_it_is_told_is_not_told_it_by_sms(
    meeting: Meeting, sweep: Sweep, topic: FakeTopic
) -> None:
    move(meeting, HOUR, 22)
    meeting.refresh_from_db()
    participant = meeting.citizen()
    assert participant.person is not None
    answer(
        invitation_id=participant.invitation.pk,
        revision_number=2,
        kind=Answer.Kind.COMING,
        words="",
        by=make.citizen_actor(participant.person),
        at=later(3),
    )
    sweep(later(3))
    sweep(later(20))
    assert ["eksternVarsling" in event for event in topic.shown()] == [True, False]
    assert len(topic.active()) == 1
    # Moved back now, they know of the other time: they are told.
    move(meeting, later(21), 21)
    sweep(later(31))
    assert "flyttet til torsdag 21. januar" in said(topic)[-1]


def test_who_answers_after_it_was_moved_and_moved_back_has_no_open_task(
    meeting: Meeting, sweep: Sweep, topic: FakeTopic
) -> None:
    move(meeting, HOUR, 22)
    move(meeting, later(1), 21)
    participant = meeting.citizen()
    assert participant.person is not None
    by = make.citizen_actor(participant.person)
    answer(
        invitation_id=participant.invitation.pk,
        revision_number=3,
        kind=Answer.Kind.COMING,
        words="",
        by=by,
        at=later(3),
    )
    sweep(later(3))
    assert [event["type"] for event in topic.active()] == ["beskjed"]


def test_no_reminder_of_the_new_time_comes_before_the_move_was_told(
    meeting: Meeting, sweep: Sweep, topic: FakeTopic
) -> None:
    at = datetime(2027, 1, 21, 8, 55, tzinfo=UTC) - timedelta(days=1)
    move(meeting, at, 21, time(10, 1))
    reminders = Message.objects.filter(meeting=meeting, occasion=Occasion.REMINDER, about_number=2)
    assert [one.step for one in reminders] == ["1_HOUR"]


def test_the_link_is_on_ditt_nav_at_every_instant_of_a_restless_day(
    meeting: Meeting, sweep: Sweep, topic: FakeTopic
) -> None:
    what: list[Callable[[datetime], object]] = [
        lambda at: move(meeting, at, 22),
        lambda at: move(meeting, at, 21),
        lambda at: add_colleague(meeting, at),
        lambda at: hold(meeting, at, Format.PHONE, PHONE),
        lambda at: hold(meeting, at, Format.VIDEO, Place()),
        lambda at: move(meeting, at, 25),
        lambda at: write(meeting, at, "Noe annet"),
        lambda at: move(meeting, at, 26),
    ]
    for number in range(60):
        if number % 4 == 0 and number // 4 < len(what):
            what[number // 4](later(number))
        sweep(later(number))
        assert any(event["@event_name"] == "opprett" for event in topic.active()), number
    sweep(later(120))
    assert Retraction.objects.filter(state="PLANNED").count() == 0
    assert "tirsdag 26. januar" in [event["tekster"][0]["tekst"] for event in topic.active()][-1]


def test_rehearsed_and_done_are_the_same_words_at_the_same_time(meeting: Meeting, sweep: Sweep) -> None:
    move(meeting, HOUR, 22)
    rehearsed = rehearse(changes.move, **_moving(meeting, later(3), 25)).messages
    move(meeting, later(3), 25)
    planned = Message.objects.filter(meeting=meeting, state="PLANNED").order_by("due_at")
    assert sorted(one.due_at for one in rehearsed) == [one.due_at for one in planned]
    assert rehearsed[0].due_at == later(10)
    sweep(later(10))
    sent = Message.objects.get(meeting=meeting, occasion=Occasion.MOVED, state="SENT")
    assert rehearsed[0].texts["sms"] in str(sent.text_sent)


def test_nothing_personal_stands_open_in_what_is_kept(meeting: Meeting) -> None:
    sent = Message.objects.get(meeting=meeting, occasion=Occasion.INVITED)
    assert '"told"' in str(sent.text_sent)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM invitations_message WHERE id = %s", [sent.pk])
        columns = [column.name for column in cursor.description or ()]
        row = dict(zip(columns, cursor.fetchone() or (), strict=True))
    assert b"told" not in bytes(row["text_sent"])
    assert not [name for name in columns if "told" in name]


def _tell_now(meeting: Meeting, at: datetime) -> None:
    given = _as_host(meeting, at)
    del given["version"]
    tell_now(**given)


def test_told_now_it_leaves_now_and_once(meeting: Meeting, sweep: Sweep, topic: FakeTopic) -> None:
    move(meeting, HOUR, 22)
    add_colleague(meeting, later(1))
    _tell_now(meeting, later(2))
    assert sweep(later(2)).sent == 1
    for minutes in (3, 10, 11):
        assert sweep(later(minutes)).sent == 0
    assert len(topic.shown()) == 2
    with pytest.raises(Conflict) as refused:
        _tell_now(meeting, later(12))
    assert refused.value.code == "nothing_waits"


def test_told_now_is_rehearsed_in_the_words_that_leave(meeting: Meeting, sweep: Sweep, topic: FakeTopic) -> None:
    move(meeting, HOUR, 22)
    given = _as_host(meeting, later(1))
    del given["version"]
    planned = rehearse(tell_now, **given).messages
    assert [(one.occasion, one.due_at) for one in planned] == [("MOVED", later(1))]
    assert sweep(later(1)).is_idle
    _tell_now(meeting, later(1))
    sweep(later(1))
    assert said(topic)[-1] == planned[0].texts["ditt_nav"]


def test_another_office_does_not_learn_that_anything_waits(meeting: Meeting) -> None:
    move(meeting, HOUR, 22)
    stranger = make.actor(make.caseworker(office_number="0300"))
    assert stranger.id is not None
    cleared = Clearance(person_id=meeting.citizen_id(), by=stranger.id, at=HOUR)
    with pytest.raises(NotFound):
        tell_now(meeting_id=meeting.pk, by=stranger, clearance=cleared, at=HOUR)


def test_the_sentences_of_all_that_is_told_together_are_read_and_none_of_before(meeting: Meeting, sweep: Sweep) -> None:
    citizen = meeting.citizen()
    assert reasons_to(citizen) == ""
    move(meeting, HOUR, 22, sentence="Jeg er på kurs torsdag.")
    move(meeting, later(2), 25, sentence="Rommet var opptatt fredag.")
    move(meeting, later(3), 26)
    both = "Jeg er på kurs torsdag.\nRommet var opptatt fredag."
    assert reasons_to(citizen) == both
    sweep(later(10))
    assert reasons_to(citizen) == both
    move(meeting, later(20), 27, sentence="Jeg er syk.")
    assert reasons_to(citizen) == "Jeg er syk."
    sweep(later(30))
    move(meeting, later(40), 28)
    assert reasons_to(citizen) == ""


def test_what_was_changed_and_changed_back_untold_is_not_explained(meeting: Meeting, sweep: Sweep) -> None:
    move(meeting, HOUR, 22, sentence="Jeg er på kurs torsdag.")
    move(meeting, later(2), 21, sentence="Det var feil.")
    assert reasons_to(meeting.citizen()) == ""


def test_one_who_answered_before_they_were_told_still_reads_why(meeting: Meeting, sweep: Sweep) -> None:
    move(meeting, HOUR, 22, sentence="Jeg er på kurs torsdag.")
    participant = meeting.citizen()
    assert participant.person is not None
    answer(
        invitation_id=participant.invitation.pk,
        revision_number=2,
        kind=Answer.Kind.COMING,
        words="",
        by=make.citizen_actor(participant.person),
        at=later(3),
    )
    sweep(later(3))
    assert reasons_to(participant) == "Jeg er på kurs torsdag."


def test_moved_and_moved_back_the_open_task_is_still_what_min_side_reminds_of(
    kari: Person, sweep: Sweep, topic: FakeTopic
) -> None:
    meeting = make.meeting(person=kari, day=date(2027, 2, 11))
    sweep(NOW)
    move(meeting, HOUR, 22)
    changes.move(**_moving(meeting, later(1), 22) | {"to": make.wanted(kari, day=date(2027, 2, 11)).slot})
    sweep(later(20))
    week_before = datetime(2027, 2, 4, 9, tzinfo=UTC)
    sweep(week_before)
    reminder = Message.objects.get(meeting=meeting, step="7_DAYS", about_number=3)
    assert (reminder.state, reminder.why) == ("SKIPPED", "MIN_SIDE_REMINDS")


def test_another_place_alone_is_told_as_another_place_in_the_rehearsal_too(
    kari: Person, sweep: Sweep, topic: FakeTopic
) -> None:
    meeting = make.meeting(person=kari, format=Format.IN_PERSON, place=Place(address="Prøvegata 1, Bo.no"))
    sweep(NOW)
    moving = {**_moving(meeting, HOUR, 21), "place": Place(address="Prøvegata 2, Bo.no")}
    rehearsed = rehearse(changes.move, **moving).messages[0].texts
    changes.move(**moving)
    sweep(later(10))
    said = topic.shown()[-1]
    assert said["tekster"][0]["tekst"] == rehearsed["ditt_nav"]
    assert said["eksternVarsling"]["smsVarslingstekst"] == rehearsed["sms"]
    assert rehearsed["ditt_nav"] == (
        "Møtestedet for møtet ditt med Nav torsdag 21. januar kl. 10.00 er endret. "
        "Se hvor du skal møte, og svar om du kommer."
    )
    assert "Bo.no" not in str(said)
