"""Every verb of a meeting, rehearsed and then done: the same messages word for word, and nothing kept of a rehearsal.

A verb without a row here fails.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import models

from invitations import answers, consents, releases
from invitations.messages import standing
from invitations.messages.log import message_log
from invitations.messages.texts.render import STANDS
from invitations.models import Answer, Consent, Invitation, Message, Retraction
from meetings import (
    booking,
    changes,
    details,
    formats,
    handing_over,
    outcome,
    people,
    reinstating,
    staff,
)
from meetings.api.operations import OPERATIONS
from meetings.changes import Why
from meetings.contacts import CitizenContact
from meetings.models import (
    Format,
    Meeting,
    Occupancy,
    Outcome,
    Participant,
    Reason,
    Revision,
    Task,
    WhyCorrected,
)
from meetings.places import Place
from navmeet.audit.models import AuditEvent
from navmeet.change import before_commit, rehearse
from navmeet.outbox.models import OutboxEvent
from navmeet.outbox.publish import Consequences
from tests import make
from tests.architecture.code import verbs, where
from tests.meetings.setting import adding, changing, colleague, explained, given

pytestmark = pytest.mark.django_db
Arguments = dict[str, Any]
KEPT: tuple[type[models.Model], ...] = (
    *(AuditEvent, Answer, Consent, Invitation, Meeting, Message, Occupancy, OutboxEvent, Participant),
    *(Retraction, Revision, Task),
)
WHY = Why(Reason.PRACTICAL, "Rommet ble opptatt.")
ANOTHER = make.employer(email="ny@bedriften.example", phone="+4741000009")


@dataclass(frozen=True)
class Row:
    """`arguments` puts the meeting where the verb can be called. `tells`: somebody is told something."""

    verb: Callable[..., Any]
    arguments: Callable[[Meeting], Arguments]
    tells: bool = True


def _slot() -> Any:
    return make.wanted(make.citizen(), day=date(2027, 1, 25), clock=time(13, 0)).slot


def _is_on(meeting: Meeting) -> datetime:
    return meeting.starts_at + timedelta(minutes=20)


def _with_colleague(meeting: Meeting) -> Participant:
    """Whom the citizen has been told of."""
    jonas = make.caseworker("Jonas Prøvesen")
    added = staff.add_staff(**changing(meeting, colleague=colleague(meeting, jonas)))
    Message.objects.filter(occasion="PEOPLE_CHANGED").update(sent_at=make.NOW, attempts=1, state="SENT")
    return added


def _doctor(meeting: Meeting) -> Participant:
    return meeting.participants.get(role="DOCTOR")


def _concluded(meeting: Meeting) -> datetime:
    outcome.conclude(**given(meeting, held=True, at=_is_on(meeting)))
    return _is_on(meeting)


def _booking(_: Meeting) -> Arguments:
    person, by = make.citizen("Ola Testperson"), make.actor(make.caseworker())
    wanted = make.wanted(person)
    return {"wanted": wanted, "can_be_told": True, "by": by, "clearance": make.clearance(person, by), "at": make.NOW}


def _cancelled(meeting: Meeting) -> Arguments:
    changes.cancel(**changing(meeting))
    return changing(meeting, why=WHY, safety_measures=frozenset())


def _details(meeting: Meeting, **texts: str) -> Arguments:
    now = details.as_it_is(meeting)
    wanted = replace(now, texts=replace(now.texts, **texts), check_identity=True)
    return given(meeting, details=wanted, is_correction=False, can_be_told=True)


def _another_name(meeting: Meeting) -> Arguments:
    who = {"participant_id": _doctor(meeting).pk, "partner": make.doctor(name="Liv Legesen")}
    return explained(meeting, citizen_contact=CitizenContact(), **who)


def _to_phone(meeting: Meeting) -> Arguments:
    place = Place(caller="NAV", phone="99112233")
    return changing(meeting, to=Format.PHONE, place=place, why=WHY, safety_measures=frozenset())


ROWS = {
    "book": Row(booking.book, _booking),
    "move": Row(changes.move, lambda one: changing(one, to=_slot(), place=None, why=WHY)),
    "cancel": Row(changes.cancel, lambda one: changing(one, why=WHY)),
    "change_format": Row(formats.change_format, _to_phone),
    "change_way_in": Row(
        formats.change_way_in, lambda one: explained(one, participant_id=_doctor(one).pk, to=Format.PHONE)
    ),
    "add_partner": Row(people.add_partner, lambda one: adding(one, partner=ANOTHER)),
    "change_partner": Row(people.change_partner, _another_name),
    "remove_partner": Row(people.remove_partner, lambda one: explained(one, participant_id=_doctor(one).pk)),
    "change_details": Row(details.change_details, lambda one: _details(one, preparations="Ta med vitnemålet.")),
    "add_staff": Row(
        staff.add_staff, lambda one: changing(one, why=WHY, colleague=colleague(one, make.caseworker("Jonas Prøvesen")))
    ),
    "remove_staff": Row(
        staff.remove_staff, lambda one: changing(one, why=WHY, participant_id=_with_colleague(one).pk)
    ),
    "hand_over": Row(
        handing_over.hand_over,
        lambda one: changing(one, why=WHY, to=colleague(one, make.caseworker("Jonas Prøvesen")), stays=False),
    ),
    "reinstate": Row(reinstating.reinstate, _cancelled),
    "end_meeting": Row(outcome.end_meeting, lambda one: given(one, at=_is_on(one)), tells=False),
    "conclude": Row(outcome.conclude, lambda one: given(one, held=True, at=_is_on(one)), tells=False),
    "correct_conclusion": Row(
        outcome.correct_conclusion,
        lambda one: given(one, at=_concluded(one), held=False, why=WhyCorrected.MISTAKE),
        tells=False,
    ),
    "record_call": Row(
        outcome.record_call,
        lambda one: given(one, participant_id=one.citizen().pk, at=_is_on(one)),
        tells=False,
    ),
    "set_outcome": Row(
        outcome.set_outcome,
        lambda one: given(one, participant_id=one.citizen().pk, outcome=Outcome.MET, at=_is_on(one)),
        tells=False,
    ),
}  # fmt: skip


@pytest.fixture
def meeting() -> Meeting:
    """By video, with a doctor whom the citizen has said yes to; both have been told and have answered."""
    meeting = make.meeting()
    doctor = make.partner(meeting)
    releases.record_release(
        meeting_id=meeting.pk,
        recipient_id=doctor.pk,
        said_yes=True,
        how=Consent.Given.PHONE,
        by=make.actor(meeting.host),
        clearance=given(meeting)["clearance"],
        at=make.NOW,
    )
    Message.objects.filter(meeting=meeting, occasion="INVITED").update(sent_at=make.NOW, attempts=1, state="SENT")
    person = meeting.citizen().person
    assert person is not None
    by = make.citizen_actor(person)
    invitation = Invitation.objects.get(participant=meeting.citizen())
    consents.choose_video(
        invitation_id=invitation.pk,
        said_yes=True,
        text_version=consents.VIDEO_VERSION,
        language="nb",
        by=by,
        at=make.NOW,
    )
    answers.answer(
        invitation_id=invitation.pk, revision_number=1, kind=Answer.Kind.COMING, words="", by=by, at=make.NOW
    )
    meeting.refresh_from_db()
    return meeting


def without_new_ids(follows: Consequences) -> list[object]:
    """All of it. A participant who is made by the change has another id in the rehearsal."""
    unlike = {"participant_id": None}
    return [
        [replace(one, **unlike) for one in follows.messages],  # type: ignore[arg-type]
        [replace(one, **unlike) for one in follows.waits],  # type: ignore[arg-type]
        [replace(one, **unlike) for one in follows.overtaken],  # type: ignore[arg-type]
        *(follows.lacks, follows.lapses, follows.voided),
    ]


def counted() -> dict[str, object]:
    """What must be as it was: how many rows of each kind, and what they say."""
    return {kind.__name__: sorted(map(str, kind._default_manager.values_list())) for kind in KEPT}


@pytest.mark.parametrize("name", ROWS)
def test_a_rehearsal_and_the_change_tell_the_same_word_for_word(meeting: Meeting, name: str) -> None:
    row = ROWS[name]
    arguments = row.arguments(meeting)
    before = counted()

    would = rehearse(row.verb, **arguments)

    assert counted() == before, "a rehearsal keeps nothing"
    done: list[Consequences] = []
    with before_commit(lambda _, follows: done.append(follows)):
        row.verb(**arguments)
    assert without_new_ids(would) == without_new_ids(done[0])
    assert bool(would.messages) == row.tells
    assert counted() != before


@pytest.mark.parametrize("name", [name for name in ROWS if ROWS[name].tells])
def test_what_is_kept_is_what_was_rehearsed(meeting: Meeting, name: str) -> None:
    row = ROWS[name]
    arguments = row.arguments(meeting)
    known = set(Message.objects.values_list("pk", flat=True))
    would = rehearse(row.verb, **arguments)
    row.verb(**arguments)
    new = Message.objects.exclude(pk__in=known).values_list("occasion", "step", "channel", "due_at", "not_after", "why")
    rehearsed = [(one.occasion, one.step, one.channel, one.due_at, one.not_after, one.falls) for one in would.messages]
    assert sorted(new) == sorted(rehearsed)
    assert all(one.texts["ditt_nav"] or one.texts["body"] for one in would.messages)


def _asks(meeting: Meeting, kind: Answer.Kind) -> None:
    """All who are invited ask for it, in an answer that counts."""
    for invitation in Invitation.objects.filter(participant__meeting=meeting):
        Answer.objects.create(
            invitation=invitation, revision_number=1, kind=kind, is_known=True, given_at=make.NOW, given_by=None
        )


@pytest.mark.parametrize("kind", sorted(standing.WISHES))
@pytest.mark.parametrize("name", [name for name in ROWS if ROWS[name].tells and name != "book"])
def test_who_waits_for_an_answer_to_a_wish_is_told_what_was_rehearsed(
    meeting: Meeting, name: str, kind: Answer.Kind
) -> None:
    row = ROWS[name]
    arguments = row.arguments(meeting)
    _asks(meeting, kind)
    would = rehearse(row.verb, **arguments)
    row.verb(**arguments)
    meeting.refresh_from_db()
    planned = [line for line in message_log(meeting, make.NOW) if line.state in {"PLANNED", "SKIPPED"} and line.text]
    told = {(one.role, one.occasion, one.step, one.due_at): _words(one.texts) for one in would.messages}
    kept = {(one.role, one.occasion, one.step, one.due_at): _words(one.text) for one in planned}
    assert told == {which: words for which, words in kept.items() if which in told}


def _words(texts: Mapping[str, str]) -> dict[str, str]:
    return {part: words for part, words in texts.items() if words}


@pytest.mark.parametrize(("name", "kind"), [("change_format", "OTHER_TIME"), ("move", "OTHER_FORMAT")])
def test_a_change_that_does_not_meet_a_wish_says_that_the_wish_stands(
    meeting: Meeting, name: str, kind: Answer.Kind
) -> None:
    row = ROWS[name]
    _asks(meeting, kind)
    would = rehearse(row.verb, **row.arguments(meeting))
    (stands,) = [one for one in would.lapses if one.startswith("Innbyggeren") and "ønsk" in one.lower()]
    assert "ønsket står fortsatt" in stands.lower()
    assert "spørres på nytt" not in stands
    assert not [one for one in would.lapses if one.startswith("Legen") and "spørres på nytt" in one]
    reminders = [one for one in would.messages if one.occasion == "REMINDER"]
    assert {one.role for one in reminders} == {"CITIZEN", "DOCTOR"}
    assert all(STANDS["nb"] in (one.texts["ditt_nav"] or one.texts["body"]) for one in reminders)


@pytest.mark.parametrize(("name", "kind"), [("move", "OTHER_TIME"), ("change_format", "OTHER_FORMAT")])
def test_a_change_that_meets_a_wish_says_neither_that_it_stands_nor_that_they_are_to_wait(
    meeting: Meeting, name: str, kind: Answer.Kind
) -> None:
    row = ROWS[name]
    _asks(meeting, kind)
    would = rehearse(row.verb, **row.arguments(meeting))
    assert not [one for one in would.lapses if "står fortsatt" in one]
    assert not [one for one in would.messages if STANDS["nb"] in "".join(one.texts.values())]


def test_every_verb_of_a_meeting_has_a_row() -> None:
    ours = {
        verb.name
        for path, verb in verbs()
        if where(path).startswith("meetings/") and "meeting_id" in {one.arg for one in verb.args.kwonlyargs}
    }
    assert set(ROWS) == ours | {"book"}
    assert {operation.verb for operation in OPERATIONS.values()} == {
        row.verb for name, row in ROWS.items() if name != "book"
    }


def test_what_follows_is_compared_whole() -> None:
    """Negative control: another field of the consequences would have to be compared too, or named here."""
    assert {one.name for one in fields(Consequences)} == {
        *("messages", "lacks", "waits", "lapses", "voided", "overtaken")
    }


def test_a_move_says_which_reminders_move_and_whose_answer_no_longer_holds(meeting: Meeting) -> None:
    would = rehearse(changes.move, **changing(meeting, to=_slot(), place=None))
    before = {(one.role, one.step): one.due_at for one in would.overtaken if one.occasion == "REMINDER"}
    after = {(one.role, one.step): one.due_at for one in would.messages if one.occasion == "REMINDER"}
    assert len(before) >= 4
    assert before.keys() <= after.keys()
    of_the_hour = [which for which in before if which[1] == "1_HOUR"]
    assert len(of_the_hour) == 2
    assert all(after[which] - before[which] == timedelta(days=4, hours=3) for which in of_the_hour)
    assert len(would.lapses) == 1
    assert "«kommer»" in would.lapses[0]


def test_a_change_of_format_says_that_a_yes_to_video_no_longer_counts(meeting: Meeting) -> None:
    lapses = rehearse(formats.change_format, **_to_phone(meeting)).lapses
    assert any("ja til video" in one for one in lapses)


def test_another_name_says_that_the_citizens_yes_was_to_somebody_else(meeting: Meeting) -> None:
    row = ROWS["change_partner"]
    (lapse,) = rehearse(row.verb, **row.arguments(meeting)).lapses
    assert "legen" in lapse
