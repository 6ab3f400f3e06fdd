"""Where a change cannot be said: what it takes the place of goes, and the citizen still finds their meeting."""

from collections.abc import Callable
from datetime import date, datetime, time

import pytest

from invitations import undelivered
from invitations.messages import plain
from invitations.messages.log import message_log
from invitations.messages.send import Swept
from invitations.messages.texts.words import Kind
from invitations.models import Message, Occasion, Step
from meetings import changes
from meetings.models import Meeting, Participant, Task
from meetings.times import slot
from navmeet.change import rehearse
from navmeet.dev.personas import CITIZENS
from navmeet.dev.registers import RunningRegisters
from navmeet.people.models import Person
from tests import make
from tests.invitations.messages.broker import FakeTopic
from tests.invitations.messages.sentences import say, standing
from tests.invitations.messages.test_bad_texts import _choose
from tests.invitations.messages.test_telling import _answer, _move, cancel
from tests.meetings.test_changes import arguments

pytestmark = pytest.mark.django_db
Sweep = Callable[[datetime], Swept]
Change = Callable[[Meeting, datetime], Meeting]
NOW, SOON, LATER = make.NOW, make.later(minutes=1), make.later(minutes=15)
LINK_LIKE = {"sms": "Les mer på nav.no"}
NEWS = "Det er nytt om møtet ditt med Nav. Les hva som gjelder nå."
OFF = "Møtet ditt med Nav er avlyst."
CASES = [(_move, Occasion.MOVED, Kind.MOVED, NEWS), (cancel, Occasion.CANCELLED, Kind.CANCELLED, OFF)]


@pytest.fixture
def meeting(kari: Person, sweep: Sweep) -> Meeting:
    """Its invitation is on Ditt NAV."""
    made = make.meeting(person=kari)
    sweep(NOW)
    return made


def asked(meeting: Meeting) -> int:
    return Task.objects.filter(meeting=meeting, kind=Task.Kind.NOT_REACHED, done_at=None).count()


@pytest.mark.parametrize(("change", "occasion", "kind", "said"), CASES)
@pytest.mark.parametrize("is_known_when_changed", [True, False])
def test_plain_words_take_its_place_and_somebody_is_asked(
    meeting: Meeting,
    sweep: Sweep,
    topic: FakeTopic,
    monkeypatch: pytest.MonkeyPatch,
    change: Change,
    occasion: str,
    kind: Kind,
    said: str,
    is_known_when_changed: bool,
) -> None:
    if is_known_when_changed:
        say(monkeypatch, kind, **LINK_LIKE)
    change(meeting, SOON)
    say(monkeypatch, kind, **LINK_LIKE)
    for at in (SOON, LATER, make.later(minutes=16)):
        sweep(at)
        assert standing(topic), "at no instant is there nothing"
    assert standing(topic) == [said]
    assert asked(meeting) == 1
    states = {one.step: (one.state, one.why) for one in Message.objects.filter(meeting=meeting, occasion=occasion)}
    assert states == {Step.ONCE: ("FAILED", "REFUSED_BY_RULES"), Step.PLAIN: ("SENT", "")}
    assert "eksternVarsling" not in topic.shown()[-1]


def test_in_a_language_without_words_too_and_the_words_follow_once_another_is_chosen(
    meeting: Meeting, sweep: Sweep, topic: FakeTopic
) -> None:
    Participant.objects.filter(pk=meeting.citizen().pk).update(language="se")
    _move(meeting, SOON)
    sweep(LATER)
    assert standing(topic) == [NEWS]
    _choose(meeting, "nn", at=LATER)
    sweep(make.later(minutes=16))
    (now,) = standing(topic)
    assert "flyttet til fredag 22. januar" in now
    assert asked(meeting) == 0


@pytest.mark.parametrize(("change", "occasion", "kind", "said"), CASES)
@pytest.mark.parametrize("is_known_when_changed", [True, False])
def test_who_cannot_be_told_digitally_since_finds_it_there_gets_no_sms_and_a_letter_is_asked_for(
    meeting: Meeting,
    sweep: Sweep,
    topic: FakeTopic,
    registers: RunningRegisters,
    change: Callable[..., Meeting],
    occasion: str,
    kind: Kind,
    said: str,
    is_known_when_changed: bool,
) -> None:
    registers.set_person(CITIZENS[0].number, reserved=True)
    change(meeting, SOON, can_be_told=not is_known_when_changed)
    for at in (SOON, LATER, make.later(minutes=16)):
        sweep(at)
        assert standing(topic), "at no instant is there nothing"
    assert standing(topic) == [said]
    assert "eksternVarsling" not in topic.shown()[-1]
    assert Task.objects.filter(meeting=meeting, kind=Task.Kind.SEND_LETTER, about__startswith=occasion).count() == 1
    (trouble,) = undelivered.of_meeting(meeting, LATER).values()
    assert trouble.letter is not None
    due = [one.words for one in message_log(meeting, LATER) if one.step == Step.DAY_1 and not one.is_overtaken]
    assert all("hvis innbyggeren kan varsles digitalt da" in words for words in due if words.startswith("Sendes"))


def test_a_later_change_that_can_be_said_takes_the_place_of_plain_words(
    meeting: Meeting, sweep: Sweep, topic: FakeTopic, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        say(patch, Kind.MOVED, **LINK_LIKE)
        _move(meeting, SOON)
        sweep(LATER)
    meeting.refresh_from_db()
    cancel(meeting, LATER)
    sweep(make.later(minutes=16))
    (now,) = standing(topic)
    assert (
        now == "Møtet ditt med Nav torsdag 21. januar kl. 10.00 er avlyst. Du trenger ikke å gjøre noe." or "22." in now
    )


def test_what_plain_words_did_not_say_is_told_by_the_next_change(
    meeting: Meeting, sweep: Sweep, topic: FakeTopic, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        say(patch, Kind.MOVED, **LINK_LIKE)
        _move(meeting, SOON)
        sweep(LATER)
    meeting.refresh_from_db()
    _move(meeting, LATER, day=25)
    sweep(make.later(minutes=26))
    assert standing(topic) == [
        "Møtet ditt med Nav er flyttet til mandag 25. januar kl. 10.00. Les hva som gjelder nå, og svar om du kommer."
    ]


def test_an_answer_whose_notice_cannot_be_said_leaves_the_task_where_it_is(
    meeting: Meeting, sweep: Sweep, topic: FakeTopic
) -> None:
    Participant.objects.filter(pk=meeting.citizen().pk).update(language="se")
    before = standing(topic)
    _answer(meeting, SOON)
    sweep(LATER)
    assert standing(topic) == before


def test_who_rehearses_reads_that_plain_words_are_all(
    kari: Person, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(monkeypatch, Kind.CANCELLED, **LINK_LIKE)
    say(monkeypatch, Kind.MOVED, **LINK_LIKE)
    to = {"to": slot(day=date(2027, 1, 22), clock=time(10), minutes=45, fold=None, at=NOW), "place": None}
    for found in (
        rehearse(changes.cancel, **arguments(meeting)),
        rehearse(changes.move, **arguments(meeting), **to, overrule=make.ANYHOW),
    ):
        assert found.lacks.count(plain.PLAIN_ONLY) == 1


def test_the_log_says_what_each_was(
    meeting: Meeting, sweep: Sweep, topic: FakeTopic, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(monkeypatch, Kind.CANCELLED, **LINK_LIKE)
    cancel(meeting, SOON)
    sweep(LATER)
    said = {one.occasion_words: one.words for one in message_log(meeting) if one.occasion == Occasion.CANCELLED}
    assert said["Avlysning"].endswith("mottakssystemet tar ikke imot teksten")
    assert said["Avlysning, kort beskjed"] == "Vist på Min side"
