"""The lobby: arriving, waiting, being let in or not, going on."""

from datetime import timedelta
from typing import Any

import pytest

from invitations import admission, entering, identity, lobby, visits, waiting
from invitations.door import DoorClosed
from invitations.models import IdentityCheck, Visit
from invitations.waiting import Situation
from meetings import changes, formats, outcome
from meetings.changes import Why
from meetings.models import Caller, Format, Reason, Role, Task
from meetings.places import Place
from meetings.states import WrongState
from navmeet.accounts.actor import Actor, ActorKind, Level
from navmeet.audit.models import AuditEvent
from navmeet.exceptions import Conflict, Invalid, NotFound, NotPermitted
from tests import make
from tests.invitations.door.conftest import World
from tests.meetings.test_changes import arguments, to

SECOND = timedelta(seconds=1)


def situation(world: World, visit: Visit, by: Actor | None = None, **later: float) -> Situation:
    at = world.at + timedelta(**later)
    return waiting.standing(visit.pk, by=by or world.holder(), at=at).situation


def test_who_comes_waits_and_is_seen_by_those_who_keep_the_door(world: World) -> None:
    visit = world.arrives("Kari")
    found = waiting.lobby_of(world.meeting, by=world.by, at=world.at)
    assert [(row.name, row.level, row.visit.arrived_at, row.is_here) for row in found.waiting] == [
        ("Kari", Level.NONE, world.at, True)
    ]
    assert found.expected == []
    assert situation(world, visit) == Situation.WAITING


@pytest.mark.parametrize(
    ("kind", "level", "seen"),
    [
        (ActorKind.LINK, Level.NONE, Level.NONE),
        (ActorKind.CITIZEN, Level.SUBSTANTIAL, Level.SUBSTANTIAL),
        (ActorKind.CITIZEN, Level.HIGH, Level.HIGH),
        (ActorKind.PARTNER, Level.CODE, Level.CODE),
    ],
)
def test_how_sure_it_is_who_they_are_is_how_they_came(world: World, kind: ActorKind, level: Level, seen: Level) -> None:
    invitation = world.partner() if kind == ActorKind.PARTNER else world.invitation
    ids = {ActorKind.CITIZEN: world.person.pk}
    by = Actor(kind=kind, id=ids.get(kind, invitation.pk), level=level)
    assert lobby.arrive(invitation_id=invitation.pk, name="K", by=by, at=world.at).assurance == seen


@pytest.mark.parametrize("name", ["Kari", "Åse-Marie", "🙂", "👩‍👩‍👧‍👦 👍🏽", "ق" * 60, "E" + "\u0301" * 60, "𝓚" * 60])
def test_a_name_is_what_people_call_themselves(world: World, name: str) -> None:
    assert world.reload(world.arrives(name).pk).name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "name_missing"),
        ("   ", "name_missing"),
        ("\u200d\u200b", "name_missing"),
        ("\u0301\u0301", "name_missing"),
        ("K" * 61, "max_length"),
        ("K" * 10_000, "max_length"),
        ("K" + "\u0301" * 10_000, "max_length"),
        ("Ka\nri", "forbidden_characters"),
        ("Ka\x07ri", "forbidden_characters"),
        ("Ka\u202eri", "forbidden_characters"),
        ("\ud800", "forbidden_characters"),
    ],
)
def test_a_name_that_cannot_be_used_is_refused_at_its_field(world: World, name: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        world.arrives(name)
    assert (refused.value.field, refused.value.code) == ("name", code)
    assert not Visit.objects.exists()


def test_the_name_is_sealed_and_stands_neither_in_alias_nor_in_the_record(world: World) -> None:
    visit = world.admitted("Synnøve")
    entering.enter(visit_id=visit.pk, by=world.holder(), at=world.at)
    assert b"Synn" not in bytes(visit.__dict__["name"])
    told = repr(list(AuditEvent.objects.values("detail", "reason", "subject_type"))) + visit.alias
    assert "Synn" not in told
    assert visit.alias.startswith("d-")


def test_a_second_tab_is_the_same_visit_and_a_second_browser_is_another(world: World) -> None:
    first = world.arrives("Kari")
    holder, invitation = world.holder(), world.invitation
    again = lobby.arrive(invitation_id=invitation.pk, name="Kari N", by=holder, at=world.at, visit_id=first.pk)
    other = lobby.arrive(invitation_id=invitation.pk, name="Ola", by=holder, at=world.at)
    assert again.pk == first.pk
    assert other.pk != first.pk
    rows = waiting.lobby_of(world.meeting, by=world.by, at=world.at).waiting
    assert [(row.name, row.same_link) for row in rows] == [("Kari N", 2), ("Ola", 2)]


def test_a_visit_of_another_invitation_is_not_taken_over(world: World) -> None:
    mine, doctor = world.arrives(), world.partner()
    theirs = lobby.arrive(invitation_id=doctor.pk, name="Lise", by=world.holder(doctor), at=world.at, visit_id=mine.pk)
    assert theirs.pk != mine.pk


def test_one_link_cannot_fill_the_lobby(world: World) -> None:
    for _ in range(lobby.MOST_WAITING):
        world.arrives()
    with pytest.raises(Conflict) as refused:
        world.arrives()
    assert refused.value.code == "lobby_full"
    # Those who went without a word make room.
    assert world.arrives(at=world.at + lobby.GONE_AFTER + SECOND)


def test_nobody_arrives_at_a_closed_door(world: World) -> None:
    with pytest.raises(DoorClosed):
        world.arrives(at=world.meeting.starts_at - timedelta(minutes=16))
    with pytest.raises(DoorClosed):
        world.arrives(at=world.meeting.ends_at + timedelta(minutes=60))
    assert not Visit.objects.exists()


def test_another_s_link_another_s_login_and_an_employee_arrive_nowhere(world: World) -> None:
    strangers = [
        Actor(kind=ActorKind.LINK, id=world.meeting.pk),
        make.citizen_actor(make.citizen("Ola Annen")),
        world.by,
        Actor(kind=ActorKind.ADVISER, id=world.host.pk),
    ]
    for by in strangers:
        with pytest.raises(NotFound):
            lobby.arrive(invitation_id=world.invitation.pk, name="Kari", by=by, at=world.at)


def test_who_is_let_in_goes_on_once_with_an_address_that_tells_nothing(world: World) -> None:
    visit = world.admitted("Kari")
    assert situation(world, visit) == Situation.ADMITTED
    gone = entering.enter(visit_id=visit.pk, by=world.holder(), at=world.at)
    assert gone.is_first
    assert f"/m/{visit.alias}@" in gone.address
    assert "Kari" not in gone.address
    assert "pin" not in gone.address
    assert situation(world, visit) == Situation.ENTERED


def test_the_way_back_in_is_the_same_visit_s_and_is_no_second_coming(world: World) -> None:
    visit = world.admitted()
    first = entering.enter(visit_id=visit.pk, by=world.holder(), at=world.at)
    again = entering.enter(visit_id=visit.pk, by=world.holder(), at=world.at + timedelta(minutes=5))
    assert (again.is_first, again.address) == (False, first.address)
    assert world.reload(visit.pk).entered_at == world.at
    outcome.end_meeting(
        meeting_id=world.meeting.pk,
        version=world.meeting.version,
        by=world.by,
        clearance=make.clearance(world.person, world.by, world.meeting.starts_at),
        at=world.meeting.starts_at,
    )
    with pytest.raises(DoorClosed):
        entering.enter(visit_id=visit.pk, by=world.holder(), at=world.meeting.starts_at)


@pytest.mark.parametrize("do", [None, "turn_away", "leave"])
def test_nobody_goes_on_who_is_not_let_in(world: World, do: str | None) -> None:
    visit = world.arrives()
    if do == "turn_away":
        admission.turn_away(visit_id=visit.pk, by=world.by, at=world.at)
    if do == "leave":
        lobby.leave(visit_id=visit.pk, by=world.holder(), at=world.at)
    with pytest.raises(WrongState):
        entering.enter(visit_id=visit.pk, by=world.holder(), at=world.at)
    assert world.reload(visit.pk).entered_at is None


def test_another_s_visit_is_not_there(world: World) -> None:
    visit, doctor = world.admitted(), world.partner()
    for by in (world.holder(doctor), make.citizen_actor(make.citizen("Ola Annen")), world.by):
        with pytest.raises(NotFound):
            entering.enter(visit_id=visit.pk, by=by, at=world.at)
        with pytest.raises(NotFound):
            waiting.standing(visit.pk, by=by, at=world.at)
        with pytest.raises(NotFound):
            lobby.leave(visit_id=visit.pk, by=by, at=world.at)


def test_only_those_on_the_list_let_in_turn_away_and_send_word(world: World) -> None:
    visit = world.arrives()
    colleague, stranger = make.actor(make.caseworker()), make.actor(make.caseworker(office_number="0298"))
    keepers: list[Any] = [
        admission.admit,
        admission.turn_away,
        lambda **given: admission.send_word(words="Hei", **given),
    ]
    for do in keepers:
        with pytest.raises(NotPermitted):
            do(visit_id=visit.pk, by=colleague, at=world.at)
        for by in (stranger, world.holder(), world.citizen()):
            with pytest.raises(NotFound):
                do(visit_id=visit.pk, by=by, at=world.at)
    with pytest.raises(NotPermitted):
        waiting.lobby_of(world.meeting, by=colleague, at=world.at)
    assert world.reload(visit.pk).state == Visit.State.WAITING


def test_letting_in_and_turning_away_twice_is_doing_it_once(world: World) -> None:
    visit = world.admitted()
    assert admission.admit(visit_id=visit.pk, by=world.by, at=world.at + SECOND).decided_at == world.at
    for _ in range(2):
        admission.turn_away(visit_id=visit.pk, by=world.by, at=world.at)
    assert situation(world, visit) == Situation.TURNED_AWAY
    with pytest.raises(WrongState):
        admission.admit(visit_id=visit.pk, by=world.by, at=world.at)
    actions = AuditEvent.objects.filter(subject_id=visit.pk).order_by("id").values_list("action", flat=True)
    assert sorted(actions) == ["door.admitted", "door.arrived", "door.turned_away"]


def test_a_word_from_the_host_is_shown_to_the_one_who_waits(world: World) -> None:
    visit, before = world.arrives(), waiting.standing(world.arrives().pk, by=world.holder(), at=world.at)
    admission.send_word(visit_id=visit.pk, words="Jeg er fem minutter forsinket.", by=world.by, at=world.at)
    standing = waiting.standing(visit.pk, by=world.holder(), at=world.at)
    assert standing.word == "Jeg er fem minutter forsinket."
    assert standing.mark != before.mark
    for words in ("", " \n", "x" * 301, "a\x00b"):
        with pytest.raises(Invalid) as refused:
            admission.send_word(visit_id=visit.pk, words=words, by=world.by, at=world.at)
        assert refused.value.field == "words"


def test_help_asked_for_is_a_task_and_a_mark_on_the_visit_once(world: World) -> None:
    visit = world.arrives()
    for wants in (Visit.Wants.CANNOT_GET_IN, Visit.Wants.CALL_INSTEAD, Visit.Wants.CALL_INSTEAD):
        lobby.want(visit_id=visit.pk, wants=wants, by=world.holder(), at=world.at)
    assert Task.objects.filter(meeting=world.meeting, kind=Task.Kind.CALL_INSTEAD, done_at=None).count() == 1
    row = waiting.lobby_of(world.meeting, by=world.by, at=world.at).waiting[0]
    assert row.visit.wants == Visit.Wants.CALL_INSTEAD
    with pytest.raises(Invalid):
        lobby.want(visit_id=visit.pk, wants=Visit.Wants.NOTHING, by=world.holder(), at=world.at)


def test_the_waiting_page_tells_of_a_move_a_cancellation_and_a_call(world: World) -> None:
    visit = world.arrives()
    changes.move(**arguments(world.meeting, world.by, to=to(), place=None, at=world.at))
    assert situation(world, visit) == Situation.MOVED
    world.meeting.refresh_from_db()
    formats.change_format(
        meeting_id=world.meeting.pk,
        version=world.meeting.version,
        to=Format.PHONE,
        place=Place(caller=Caller.NAV, phone="90000000"),
        why=Why(Reason.TECHNICAL_PROBLEM),
        can_be_told=True,
        safety_measures=frozenset(),
        by=world.by,
        clearance=make.clearance(world.person, world.by, make.NOW),
        at=make.NOW,
    )
    standing = waiting.standing(visit.pk, by=world.holder(), at=world.at)
    assert (standing.situation, standing.nav_rings) == (Situation.PHONE, True)
    world.meeting.refresh_from_db()
    changes.cancel(**arguments(world.meeting, world.by))
    assert situation(world, visit) == Situation.CANCELLED


def test_one_who_waits_is_told_that_it_is_late_and_when_it_is_over(world: World) -> None:
    visit = world.arrives()
    at = world.meeting.starts_at
    assert not waiting.standing(visit.pk, by=world.holder(), at=at + timedelta(seconds=119)).is_late
    assert waiting.standing(visit.pk, by=world.holder(), at=at + timedelta(seconds=120)).is_late
    end = world.meeting.ends_at + timedelta(minutes=60)
    assert waiting.standing(visit.pk, by=world.holder(), at=end).situation == Situation.OVER


def test_who_closes_the_page_is_shown_as_away_and_then_not_at_all(world: World) -> None:
    visit = world.arrives()
    later = world.at + timedelta(seconds=31)
    assert not waiting.lobby_of(world.meeting, by=world.by, at=later).waiting[0].is_here
    lobby.seen(world.reload(visit.pk), later)
    assert waiting.lobby_of(world.meeting, by=world.by, at=later).waiting[0].is_here
    gone = later + lobby.GONE_AFTER + SECOND
    assert waiting.lobby_of(world.meeting, by=world.by, at=gone).waiting == []


def test_leaving_ends_the_visit(world: World) -> None:
    visit = world.arrives()
    for _ in range(2):
        lobby.leave(visit_id=visit.pk, by=world.holder(), at=world.at)
    assert situation(world, visit) == Situation.LEFT
    assert world.arrives().pk != visit.pk


def test_every_state_of_a_visit_has_its_ways() -> None:
    assert set(visits.TRANSITIONS) == set(Visit.State)


# --- identity -----------------------------------------------------------------------------------------------


def check(world: World, how: str, document: str = "", words: str = "", by: Actor | None = None) -> IdentityCheck:
    return identity.check_identity(
        participant_id=world.meeting.citizen().pk,
        how=how,
        document=document,
        words=words,
        by=by or world.by,
        at=world.at,
    )


@pytest.mark.parametrize(
    ("how", "document", "words"),
    [("ID_SHOWN", "PASSPORT", ""), ("KNOWN", "", ""), ("OTHERWISE", "", "Kontrollspørsmål")],
)
def test_the_host_notes_how_identity_was_made_sure(world: World, how: str, document: str, words: str) -> None:
    noted = check(world, how, document, words)
    assert (noted.how, noted.document, noted.words or "") == (how, document, words)
    assert check(world, how, document, words).pk == noted.pk, "the same again is the same"


@pytest.mark.parametrize(
    ("how", "document", "words", "field"),
    [
        ("", "", "", "how"),
        ("GUESSED", "", "", "how"),
        ("ID_SHOWN", "", "", "document"),
        ("ID_SHOWN", "LIBRARY_CARD", "", "document"),
        ("OTHERWISE", "", "", "words"),
        ("OTHERWISE", "", "x" * 301, "words"),
    ],
)
def test_a_note_that_says_too_little_is_refused(world: World, how: str, document: str, words: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        check(world, how, document, words)
    assert refused.value.field == field
    assert not IdentityCheck.objects.exists()


def test_of_a_document_no_more_than_its_kind_is_noted(world: World) -> None:
    assert check(world, "ID_SHOWN", "PASSPORT", "nummer 123").words is None
    assert check(world, "KNOWN", "PASSPORT", "nummer 123").document == ""


def test_only_those_on_the_list_note_identity(world: World) -> None:
    for by in (make.actor(make.caseworker()), world.citizen()):
        with pytest.raises(NotPermitted):
            check(world, "KNOWN", by=by)
    for by in (world.holder(), make.actor(make.caseworker(office_number="0298"))):
        with pytest.raises(NotFound):
            check(world, "KNOWN", by=by)


@pytest.mark.parametrize(
    ("asks", "level", "demanded"),
    [(True, Level.NONE, True), (True, Level.SUBSTANTIAL, True), (True, Level.HIGH, False), (False, Level.NONE, False)],
)
def test_identity_is_demanded_where_the_meeting_asks_and_the_login_has_not_said_it(
    world: World, asks: bool, level: Level, demanded: bool
) -> None:
    world.update(check_identity=asks)
    visit = world.arrives(by=world.holder() if level == Level.NONE else world.citizen(level))
    row = waiting.lobby_of(world.meeting, by=world.by, at=world.at).waiting[0]
    assert row.must_show_identity == demanded
    assert row.visit.pk == visit.pk


def test_others_are_to_wait_until_the_citizen_s_identity_is_noted(world: World) -> None:
    world.update(check_identity=True)
    doctor = world.partner(Role.DOCTOR)
    world.admitted()
    lobby.arrive(invitation_id=doctor.pk, name="Lise", by=world.holder(doctor), at=world.at)
    assert waiting.lobby_of(world.meeting, by=world.by, at=world.at).must_wait_for_identity
    check(world, "KNOWN")
    assert not waiting.lobby_of(world.meeting, by=world.by, at=world.at).must_wait_for_identity
