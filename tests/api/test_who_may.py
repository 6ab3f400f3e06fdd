"""Every endpoint × every role × own, another's, guessed. An endpoint without a row here fails."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from invitations import answers, lobby, releases
from invitations.messages.default_plan import DEFAULT, written
from invitations.models import Answer, Invitation, Message, MessageState, Occasion, Visit, Why
from meetings import changes, keeping
from meetings import staff as staff_verbs
from meetings.models import Absence, ClosingDay, Meeting, ParticipantOutcome, Room, Task
from meetings.times import slot
from minutes import sharing, writing
from minutes.sections import Section, SectionCode
from navmeet.accounts.actor import Actor, ActorKind, Level
from navmeet.accounts.models import User
from navmeet.api.etags import tag_of
from navmeet.dev import personas
from tests import make
from tests.api.conftest import World
from tests.architecture.test_doors import addresses
from tests.meetings.setting import changing, colleague

GUESSED = UUID("01890000-0000-7000-8000-00000000dead")
KEY = {"Idempotency-Key": "a-key-of-our-own"}
FIRST = {"If-Match": '"1"'}
SECOND = {"If-Match": '"2"'}
MOVED = {"day": "2027-01-22", "time": "12:00", "minutes": 30, "reason": "STAFF_UNAVAILABLE"}
TO_PHONE = {"format": "PHONE", "place": {"caller": "NAV", "phone": "99112233"}, "reason": "CITIZEN_ASKED"}
DOCTOR = {"role": "DOCTOR", "name": "Lise Legesen", "email": "lise@legesenter.example", "phone": "41000001"}
WHY = {"reason": "PRACTICAL"}
TEXTS = {"sections": [{"code": "AGREED", "text": "Vi er enige."}]}
WEEK = {"week": [{"weekday": 0, "opens": "08:00", "closes": "15:30"}]}
DATE = {"date": "2027-01-22"}
AWAY = {"starts_at": "2027-01-21T07:00:00+01:00", "ends_at": "2027-01-22T16:00:00+01:00", "kind": "LEAVE"}
ROOM = {"name": "Vidda", "capacity": 8, "is_step_free": True}
FREE = (
    "free-times/?minutes=45&format=VIDEO&type=FOLLOW_UP&n=3"
    "&from=2027-01-21T07:00:00%2B01:00&until=2027-01-28T07:00:00%2B01:00"
)
STAFF = ("host", "colleague", "stranger", "adviser")
CITIZENS = ("citizen", "citizen, substantial", "other citizen")


@dataclass(frozen=True)
class Row:
    """One operation: how it is called, what each role gets, and what the host or owner gets for a guessed id."""

    name: str
    method: str
    path: str
    expected: dict[str, int]
    body: Callable[[World], Any] = lambda _: None
    headers: dict[str, str] = field(default_factory=dict)
    before: Callable[[World], None] = lambda _: None
    guessed: int | None = 404


def staff(good: int, *, stranger: int = 404) -> dict[str, int]:
    """Caseworkers of the office; others do not learn that it exists, advisers may not."""
    return {"host": good, "colleague": good, "stranger": stranger, "adviser": 403}


def keepers(good: int) -> dict[str, int]:
    """Those from Nav on the meeting's list, and no colleague of theirs."""
    return {"host": good, "colleague": 403, "stranger": 404, "adviser": 403}


def advisers(good: int) -> dict[str, int]:
    """Those at the contact centre, and nobody else."""
    return {"host": 403, "colleague": 403, "stranger": 403, "adviser": good}


def _has_wish(world: World) -> None:
    """The citizen has asked for another time."""
    asked = {"revision_number": 1, "kind": Answer.Kind.OTHER_TIME, "words": "Alle mandager."}
    by = world.actors["citizen"]
    answers.answer(invitation_id=world.invitation.pk, **asked, by=by, at=make.NOW)  # type: ignore[arg-type]


def _was_told(world: World) -> None:
    """The invitation left an hour ago."""
    told = Message.objects.filter(meeting=world.meeting, occasion=Occasion.INVITED)
    told.update(state=MessageState.SENT, sent_at=make.NOW - timedelta(hours=1), attempts=1)


def _did_not_arrive(world: World) -> None:
    """The invitation was shown, and no SMS or e-mail arrived."""
    told = Message.objects.filter(meeting=world.meeting, occasion=Occasion.INVITED)
    told.update(state=MessageState.FAILED, why=Why.NOT_DELIVERED, sent_at=make.NOW - timedelta(hours=1), attempts=1)


def _partner_was_told(world: World) -> None:
    """A doctor who may take part was invited an hour ago."""
    doctor = make.partner(world.meeting)
    releases.answer_release(
        invitation_id=world.invitation.pk,
        recipient_id=doctor.pk,
        said_yes=True,
        text_version="partner-1",
        language="nb",
        by=make.citizen_actor(world.person, Level.HIGH),
        at=make.NOW - timedelta(hours=2),
    )
    _was_told(world)


def _waits_to_be_told(world: World) -> None:
    """The citizen knows of the meeting, and not yet that it was moved."""
    told = Message.objects.filter(meeting=world.meeting, occasion=Occasion.INVITED)
    told.update(state=MessageState.SENT, sent_at=make.NOW, attempts=1)
    to = slot(day=date(2027, 1, 22), clock=time(10), minutes=45, fold=None, at=make.NOW)
    changes.move(**changing(world.meeting, to=to, place=None))


def _waits(world: World) -> None:
    """Somebody with the link waits, and the door is open."""
    at = world.meeting.starts_at
    world.set_clock(at)
    by = Actor(kind=ActorKind.LINK, id=world.invitation.pk)
    lobby.arrive(invitation_id=world.invitation.pk, name="Kari", by=by, at=at)


def _visit_id(world: World) -> UUID:
    waiting = Visit.objects.filter(invitation=world.invitation).first()
    return waiting.pk if waiting else GUESSED


def citizens(good: int, *, needs_high: bool = False, other: int = 404) -> dict[str, int]:
    return {"citizen": good, "citizen, substantial": 403 if needs_high else good, "other citizen": other}


def _is_over(world: World) -> None:
    world.set_clock(world.meeting.ends_at + timedelta(hours=1))


def _has_draft(world: World) -> None:
    _is_over(world)
    at = world.meeting.ends_at + timedelta(hours=1)
    by = world.actors["host"]
    writing.save_draft(
        meeting_id=world.meeting.pk,
        sections=[Section(SectionCode.AGREED, "Vi er enige.")],
        version=0,
        by=by,
        clearance=make.clearance(world.person, by, at),
        at=at,
    )


def _is_shared(world: World) -> None:
    _has_draft(world)
    at = world.meeting.ends_at + timedelta(hours=1)
    by = world.actors["host"]
    sharing.share(
        meeting_id=world.meeting.pk,
        version=1,
        can_be_told=True,
        by=by,
        clearance=make.clearance(world.person, by, at),
        at=at,
    )


def _has_partner(world: World) -> None:
    make.partner(world.meeting)


def _to_jonas(_: World) -> dict[str, Any]:
    return {"nav_ident": personas.CASEWORKERS[1].nav_ident, "reason": "PRACTICAL"}


def _has_jonas(world: World) -> None:
    jonas = User.objects.get(nav_ident=personas.CASEWORKERS[1].nav_ident)
    staff_verbs.add_staff(**changing(world.meeting, colleague=colleague(world.meeting, jonas)))


def _is_cancelled(world: World) -> None:
    changes.cancel(**changing(world.meeting))


def _is_on(world: World) -> None:
    world.set_clock(world.meeting.starts_at + timedelta(minutes=20))


def _is_not_held(world: World) -> None:
    _is_on(world)
    Meeting.objects.filter(pk=world.meeting.pk).update(status="NOT_HELD", version=2)


def _did_not_meet(world: World) -> None:
    _is_on(world)
    ParticipantOutcome.objects.create(
        participant=world.meeting.citizen(), outcome="DID_NOT_MEET", set_at=make.NOW, set_by=world.meeting.host_id
    )


def _has_task(world: World) -> None:
    Task.objects.create(
        id=GUESSED_TASK,
        meeting=world.meeting,
        kind=Task.Kind.values[0],
        about="test",
        made_at=make.NOW,
        due_at=make.NOW,
    )


GUESSED_TASK = UUID("01890000-0000-7000-8000-00000000ffff")


def _has_calendars(world: World) -> None:
    """The host is away for a day, on which the office is closed; and the office has a room."""
    by, at, day = world.actors["host"], make.NOW, date(2027, 1, 25)
    away: dict[str, Any] = {"starts_at": make.later(days=1), "ends_at": make.later(days=2), "kind": "LEAVE"}
    keeping.add_absence(user_id=by.known_id, **away, by=by, at=at)
    keeping.close_day(day=day, by=by, at=at)
    make.room()


def _one(model: Any) -> UUID:
    """The only one there is, as `_has_calendars` made it."""
    found = model.objects.values_list("pk", flat=True).first()
    return found or GUESSED


def _booking(world: World) -> dict[str, Any]:
    return {
        "person_id": str(world.person.pk),
        "type": "FOLLOW_UP",
        "format": "VIDEO",
        "day": date(2027, 1, 25).isoformat(),
        "time": time(9, 0).isoformat("minutes"),
        "minutes": 30,
        "theme": "Veien videre",
    }


ROWS = [
    Row("api-find-person", "POST", "people/find/", staff(200, stranger=200), guessed=None,
        body=lambda _: {"number": personas.CITIZENS[0].number}),
    Row("api-meetings", "GET", "meetings/", staff(200, stranger=200), guessed=None),
    Row("api-meetings", "POST", "meetings/", staff(201, stranger=201), guessed=None, body=_booking, headers=KEY),
    Row("api-meeting", "GET", "meetings/{meeting}/", staff(200)),
    Row("api-move", "POST", "meetings/{meeting}/move/", staff(200), body=lambda _: MOVED, headers=FIRST),
    Row("api-cancel", "POST", "meetings/{meeting}/cancel/", staff(200), body=lambda _: {"reason": "PRACTICAL"},
        headers=FIRST),
    Row("api-rehearsal", "POST", "meetings/{meeting}/rehearsal/", staff(200), body=lambda _: {"move": MOVED},
        headers=FIRST),
    Row("api-booking-rehearsal", "POST", "meetings/rehearsal/", staff(200, stranger=200), guessed=None, body=_booking),
    Row("api-change-format", "POST", "meetings/{meeting}/change-format/", staff(200), body=lambda _: TO_PHONE,
        headers=FIRST),
    Row("api-partners", "POST", "meetings/{meeting}/partners/", staff(201), body=lambda _: DOCTOR | WHY, headers=FIRST),
    Row("api-change-partner", "POST", "meetings/{meeting}/partners/{partner}/change/", staff(200),
        body=lambda _: WHY | {"name": "Liv Legesen", "part_offset": 0, "part_minutes": 10}, headers=SECOND,
        before=_has_partner),
    Row("api-remove-partner", "POST", "meetings/{meeting}/partners/{partner}/remove/", staff(200), body=lambda _: WHY,
        headers=SECOND, before=_has_partner),
    Row("api-change-way-in", "POST", "meetings/{meeting}/participants/{partner}/change-way-in/", staff(200),
        body=lambda _: WHY | {"way_in": "PHONE"}, headers=SECOND, before=_has_partner),
    Row("api-change-details", "POST", "meetings/{meeting}/details/", staff(200),
        body=lambda _: {"preparations": "Ta med vitnemålet."}, headers=FIRST),
    Row("api-reinstate", "POST", "meetings/{meeting}/reinstate/", staff(200), body=lambda _: {"reason": "MISTAKE"},
        headers=SECOND, before=_is_cancelled),
    Row("api-hand-over", "POST", "meetings/{meeting}/hand-over/", staff(200), body=_to_jonas, headers=FIRST),
    Row("api-staff", "POST", "meetings/{meeting}/staff/", staff(201), body=_to_jonas, headers=FIRST),
    Row("api-remove-staff", "POST", "meetings/{meeting}/staff/{employee}/remove/", staff(200),
        body=lambda _: {"reason": "PRACTICAL"}, headers=SECOND, before=_has_jonas),
    Row("api-calls", "POST", "meetings/{meeting}/participants/{participant}/calls/", staff(200), headers=FIRST,
        before=_is_on),
    Row("api-outcome", "POST", "meetings/{meeting}/participants/{participant}/outcome/", staff(200),
        body=lambda _: {"outcome": "MET"}, headers=FIRST, before=_is_on),
    Row("api-end", "POST", "meetings/{meeting}/end/", staff(200) | {"colleague": 403}, headers=FIRST, before=_is_on),
    Row("api-conclude", "POST", "meetings/{meeting}/conclude/", staff(200), body=lambda _: {"held": True},
        headers=FIRST, before=_is_on),
    Row("api-correct-conclusion", "POST", "meetings/{meeting}/correct-conclusion/", staff(200),
        body=lambda _: {"held": True, "why": "MISTAKE"}, headers=SECOND, before=_is_not_held),
    Row("api-accounts", "GET", "meetings/{meeting}/accounts/", staff(200), before=_did_not_meet),
    Row("api-own-accounts", "GET", "my/invitations/{invitation}/accounts/", citizens(200), before=_did_not_meet),
    Row("api-own-accounts", "POST", "my/invitations/{invitation}/accounts/", citizens(201), headers=KEY,
        body=lambda _: {"words": "Toget sto."}, before=_did_not_meet),
    Row("api-tell-now", "POST", "meetings/{meeting}/tell-now/", staff(200), before=_waits_to_be_told),
    Row("api-late-wishes", "GET", "tasks/late-wishes/", staff(200, stranger=200), guessed=None),
    Row("api-wishes", "GET", "meetings/{meeting}/wishes/", staff(200), before=_has_wish),
    Row("api-wish-stands", "POST", "wishes/{wish}/stands/", staff(201), headers=KEY, before=_has_wish,
        body=lambda _: {"sentence": "Legen kan bare da."}),
    Row("api-record-answer", "POST", "invitations/{invitation}/answers/", staff(201) | {"adviser": 201}, headers=KEY,
        body=lambda _: {"revision": 1, "kind": "COMING", "how": "PHONE"}),
    Row("api-record-choice", "POST", "invitations/{invitation}/format-choice/", staff(201) | {"adviser": 201},
        headers=KEY, body=lambda _: {"yes": False, "how": "PHONE"}),
    Row("api-send-again", "POST", "invitations/{invitation}/send-again/", staff(201) | {"adviser": 201}, headers=KEY,
        before=_was_told),
    Row("api-correct-contact", "POST", "invitations/{partner_invitation}/correct-contact/", staff(201), headers=KEY,
        before=_partner_was_told, body=lambda _: {"email": "lise@riktig.example", "phone": "41 00 00 01"}),
    Row("api-undelivered", "GET", "undelivered/", staff(200, stranger=200), guessed=None, before=_did_not_arrive),
    Row("api-called", "POST", "messages/{message}/called/", staff(200), before=_did_not_arrive),
    Row("api-advising-find", "POST", "advising/find/", advisers(200), guessed=None,
        body=lambda _: {"citizen_number": personas.CITIZENS[0].number}),
    Row("api-advised", "GET", "advising/{invitation}/", advisers(200), guessed=403),
    Row("api-own-offered-times", "GET", "my/invitations/{invitation}/offered-times/", citizens(200)),
    Row("api-own-withdrawal", "POST", "my/invitations/{invitation}/withdrawal/", citizens(204), before=_has_wish),
    Row("api-messages", "GET", "meetings/{meeting}/messages/", staff(200)),
    Row("api-texts", "GET", "meetings/{meeting}/texts/", staff(200)),
    Row("api-full-days", "GET", "meetings/{meeting}/messages/full-days/", staff(200)),
    Row("api-lobby", "GET", "meetings/{meeting}/lobby/", keepers(200), before=_waits),
    Row("api-identity", "POST", "meetings/{meeting}/identity/", keepers(200), before=_waits,
        body=lambda world: {"participant_id": str(world.meeting.citizen().pk), "how": "KNOWN"}),
    Row("api-admit", "POST", "visits/{visit}/admit/", keepers(200), before=_waits),
    Row("api-turn-away", "POST", "visits/{visit}/turn-away/", keepers(200), before=_waits),
    Row("api-word", "POST", "visits/{visit}/word/", keepers(200), before=_waits, body=lambda _: {"words": "Straks!"}),
    Row("api-own-door", "GET", "my/invitations/{invitation}/door/", citizens(200)),
    Row("api-releases", "GET", "meetings/{meeting}/releases/", staff(200), before=_has_partner),
    Row("api-record-release", "POST", "meetings/{meeting}/partners/{partner}/release/", staff(201), headers=KEY,
        body=lambda _: {"yes": True, "how": "PHONE"}, before=_has_partner),
    Row("api-free-times", "GET", FREE, staff(200, stranger=200), guessed=None),
    Row("api-hours", "GET", "hours/", staff(200, stranger=200), guessed=None),
    Row("api-hours", "PUT", "hours/", staff(200, stranger=200), guessed=None, body=lambda _: WEEK),
    Row("api-hours-date", "POST", "hours/dates/", staff(200, stranger=200), guessed=None, body=lambda _: DATE),
    Row("api-hours-date-clear", "POST", "hours/dates/clear/", staff(200, stranger=200), guessed=None,
        body=lambda _: DATE),
    Row("api-absences", "GET", "absences/", staff(200, stranger=200), guessed=None),
    Row("api-absences", "POST", "absences/", staff(201, stranger=201), guessed=None, body=lambda _: AWAY),
    Row("api-absence-remove", "POST", "absences/{absence}/remove/", staff(204), before=_has_calendars),
    Row("api-absence-meetings", "GET", "absences/{absence}/meetings/", staff(200), before=_has_calendars),
    Row("api-office-hours", "GET", "office/hours/", staff(200, stranger=200), guessed=None),
    Row("api-office-hours", "PUT", "office/hours/", staff(200, stranger=200), guessed=None, body=lambda _: WEEK),
    Row("api-office-date", "POST", "office/hours/dates/", staff(200, stranger=200), guessed=None, body=lambda _: DATE),
    Row("api-office-date-clear", "POST", "office/hours/dates/clear/", staff(200, stranger=200), guessed=None,
        body=lambda _: DATE),
    Row("api-closing-days", "GET", "office/closing-days/", staff(200, stranger=200), guessed=None),
    Row("api-closing-days", "POST", "office/closing-days/", staff(201, stranger=201), guessed=None,
        body=lambda _: DATE),
    Row("api-closing-day-remove", "POST", "office/closing-days/{closing}/remove/", staff(204), before=_has_calendars),
    Row("api-office-rules", "GET", "office/rules/", staff(200, stranger=200), guessed=None),
    Row("api-office-rules", "PUT", "office/rules/", staff(200, stranger=200), guessed=None,
        body=lambda _: {"least_notice_days": 3, "buffers": {"IN_PERSON": 10}}),
    Row("api-office-reminders", "GET", "office/reminders/", staff(200, stranger=200), guessed=None),
    Row("api-office-reminders", "PUT", "office/reminders/", staff(200, stranger=200), guessed=None,
        body=lambda _: {"plan": {"IN_PERSON": ["1_DAY"]}}, headers={"If-Match": tag_of(written(DEFAULT))}),
    Row("api-colleagues", "GET", "office/colleagues/", staff(200, stranger=200), guessed=None),
    Row("api-rooms", "GET", "rooms/", staff(200, stranger=200), guessed=None),
    Row("api-rooms", "POST", "rooms/", staff(201, stranger=201), guessed=None, body=lambda _: ROOM),
    Row("api-room-change", "POST", "rooms/{room}/change/", staff(200), body=lambda _: ROOM, before=_has_calendars),
    Row("api-tasks", "GET", "tasks/", staff(200, stranger=200), guessed=None),
    Row("api-task-done", "POST", "tasks/{task}/done/", staff(200), before=_has_task),
    Row("api-minutes", "GET", "meetings/{meeting}/minutes/", keepers(200), before=_has_draft),
    Row("api-minutes-draft", "GET", "meetings/{meeting}/minutes/draft/", keepers(200), before=_has_draft),
    Row("api-minutes-draft", "PUT", "meetings/{meeting}/minutes/draft/", keepers(200), body=lambda _: TEXTS,
        headers={"If-Match": '"0"'}, before=_is_over),
    Row("api-minutes-share", "POST", "meetings/{meeting}/minutes/share/", keepers(201), body=lambda _: {"version": 1},
        headers=KEY, before=_has_draft),
    Row("api-own-invitations", "GET", "my/invitations/", citizens(200, other=200), guessed=None),
    Row("api-own-invitation", "GET", "my/invitations/{invitation}/", citizens(200)),
    Row("api-answers", "POST", "my/invitations/{invitation}/answers/", citizens(201),
        body=lambda _: {"revision": 1, "kind": "COMING"}, headers=KEY),
    Row("api-format-choice", "POST", "my/invitations/{invitation}/format-choice/", citizens(201),
        body=lambda _: {"yes": False, "text_version": "video-1", "language": "nb"}, headers=KEY),
    Row("api-staff-calendar", "GET", "meetings/{meeting}/calendar/", staff(200) | {"colleague": 404}),
    Row("api-calendar", "GET", "my/invitations/{invitation}/calendar/", citizens(200)),
    Row("api-own-partners", "GET", "my/invitations/{invitation}/partners/", citizens(200), before=_has_partner),
    Row("api-own-release", "POST", "my/invitations/{invitation}/partners/{partner}/release/",
        citizens(201, needs_high=True), headers=KEY,
        body=lambda _: {"yes": True, "text_version": "partner-1", "language": "nb"}, before=_has_partner),
    Row("api-ask-about-partner", "POST", "my/invitations/{invitation}/partners/{partner}/ask/", citizens(201),
        headers=KEY, before=_has_partner),
    Row("api-own-minutes", "GET", "my/invitations/{invitation}/minutes/", citizens(200, needs_high=True),
        before=_is_shared),
    Row("api-own-minutes-version", "GET", "my/invitations/{invitation}/minutes/1/", citizens(200, needs_high=True),
        before=_is_shared),
]  # fmt: skip
CASES = [pytest.param(row, who, id=f"{row.method} {row.path} as {who}") for row in ROWS for who in (*STAFF, *CITIZENS)]


def _partner_id(world: World) -> UUID:
    found = world.meeting.participants.filter(role="DOCTOR").first()
    return found.pk if found else GUESSED


def _partner_invitation_id(world: World) -> UUID:
    found = Invitation.objects.filter(participant__meeting=world.meeting, participant__role="DOCTOR").first()
    return found.pk if found else GUESSED


def _message_id(world: World) -> UUID:
    """The invitation to the citizen."""
    return Message.objects.filter(meeting=world.meeting, occasion=Occasion.INVITED).values_list("pk", flat=True)[0]


def _employee_id(world: World) -> UUID:
    found = world.meeting.participants.filter(role="STAFF").first()
    return found.pk if found else GUESSED


def path_of(row: Row, world: World, *, guessed: bool = False) -> str:
    ids = {
        "meeting": GUESSED if guessed else world.meeting.pk,
        "participant": GUESSED if guessed else world.meeting.citizen().pk,
        "partner": GUESSED if guessed else _partner_id(world),
        "employee": GUESSED if guessed else _employee_id(world),
        "invitation": GUESSED if guessed else world.invitation.pk,
        "partner_invitation": GUESSED if guessed else _partner_invitation_id(world),
        "message": GUESSED if guessed else _message_id(world),
        "task": GUESSED if guessed else GUESSED_TASK,
        "visit": GUESSED if guessed else _visit_id(world),
        "wish": GUESSED if guessed else _one(Answer),
        "absence": GUESSED if guessed else _one(Absence),
        "closing": GUESSED if guessed else _one(ClosingDay),
        "room": GUESSED if guessed else _one(Room),
    }
    return "/api/v1/" + row.path.format(**ids)


def call(world: World, row: Row, who: str, *, guessed: bool = False) -> Any:
    row.before(world)
    return again(world, row, who, guessed=guessed)


def again(world: World, row: Row, who: str, *, guessed: bool = False) -> Any:
    return world.call(who, row.method, path_of(row, world, guessed=guessed), row.body(world), **row.headers)


@pytest.mark.parametrize(("row", "who"), CASES)
def test_each_role_gets_what_is_theirs_and_nothing_else(world: World, row: Row, who: str) -> None:
    response = call(world, row, who)
    # The other surface does not have the address at all.
    assert response.status_code == row.expected.get(who, 404), response.content
    if response.status_code >= 400:
        assert response["Content-Type"] == "application/problem+json"
        assert "Kari" not in response.content.decode()


@pytest.mark.parametrize("row", [row for row in ROWS if row.guessed], ids=lambda row: f"{row.method} {row.path}")
def test_a_guessed_id_is_not_there(world: World, row: Row) -> None:
    who = "host" if "host" in row.expected else "citizen"
    response = call(world, row, who, guessed=True)
    assert response.status_code == row.guessed, response.content


@pytest.mark.parametrize("row", [row for row in ROWS if row.guessed], ids=lambda row: f"{row.method} {row.path}")
def test_anothers_and_a_guessed_one_cannot_be_told_apart(world: World, row: Row) -> None:
    who = "stranger" if "stranger" in row.expected else "other citizen"
    anothers, guessed = call(world, row, who).json(), again(world, row, who, guessed=True).json()
    for answer in (anothers, guessed):
        answer.pop("request_id", None)
    assert anothers == guessed


def test_every_operation_has_a_row() -> None:
    have = {(row.name, row.method) for row in ROWS}
    assert have == {
        (pattern.name, method.upper())
        for surface in ("staff", "citizen")
        for path, pattern in addresses(surface)
        if path.startswith("/api/")
        for method in ("get", "post", "put", "patch", "delete")
        if hasattr(pattern.callback.cls, method)  # type: ignore[attr-defined]
    }


@pytest.mark.parametrize("row", [row for row in ROWS if row.headers], ids=lambda row: f"{row.method} {row.path}")
def test_a_change_without_its_header_is_refused_and_nothing_is_done(world: World, row: Row) -> None:
    row.before(world)
    who = "host" if "host" in row.expected else "citizen"
    before = Meeting.objects.values_list("version", "status").order_by("id")
    known = list(before)
    response = world.call(who, row.method, path_of(row, world), row.body(world))
    assert response.status_code == (400 if "Idempotency-Key" in row.headers else 428), response.content
    assert response.json()["field"] == next(iter(row.headers))
    assert list(before.all()) == known


@pytest.mark.parametrize(
    "row", [row for row in ROWS if "If-Match" in row.headers], ids=lambda row: f"{row.method} {row.path}"
)
def test_a_change_on_a_version_that_is_not_the_newest_is_a_412(world: World, row: Row) -> None:
    row.before(world)
    response = world.call("host", row.method, path_of(row, world), row.body(world), **{"If-Match": '"7"'})
    assert (response.status_code, response["Content-Type"]) == (412, "application/problem+json")


@pytest.mark.parametrize(
    "row", [row for row in ROWS if "Idempotency-Key" in row.headers], ids=lambda row: f"{row.method} {row.path}"
)
def test_each_post_that_creates_answers_twice_and_acts_once(world: World, row: Row) -> None:
    who = "host" if "host" in row.expected else "citizen"
    first = call(world, row, who)
    second = again(world, row, who)
    assert (first.status_code, second.status_code) == (201, 201), second.content
    assert second["Idempotent-Replayed"] == "true"
    assert first.json() == second.json()
