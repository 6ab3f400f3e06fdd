"""SMS in quiet time, through Kafka to the stand-in for Min side and back: what the plan said is what is sent."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from invitations.messages import consume, ditt_nav, put_off, receipts, send
from invitations.messages.log import LogLine, message_log
from invitations.models import Message, MessageState, Occasion
from meetings.models import Meeting, Task
from navmeet.dev.personas import CITIZENS
from navmeet.dev.servers import kafka
from navmeet.outbox.kafka import Topic
from navmeet.people.models import Person
from tests import make
from tests.dev.ditt_nav_process import StandIn, eventually
from tests.invitations.messages.test_foretold import would
from tests.invitations.messages.test_put_off import EVENING, NINE
from tests.invitations.messages.test_telling import _answer, _move, cancel

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("kafka")]

MINUTE = timedelta(minutes=1)
NIGHT = EVENING + timedelta(hours=2)
WHOLE = ["opprettet", "venter", "bestilt", "sendt", "ferdigstilt"]


class MinSide:
    """The stand-in, and the time that it lives in."""

    def __init__(self, folder: Path, broker: str) -> None:
        self._clock = folder / "clock"
        self.set(EVENING)
        self.stand_in = StandIn(folder / "state", broker, self._clock)

    def set(self, at: datetime) -> None:
        """From now on it is then."""
        aside = self._clock.with_suffix(".new")
        aside.write_text(at.isoformat(), encoding="ascii")
        aside.replace(self._clock)

    def looks(self) -> None:
        """It has looked at all that waits: another's SMS went all the way."""
        key = another_is_told()
        eventually(lambda: self.told(key) == WHOLE)

    def told(self, key: UUID) -> list[str]:
        return self.stand_in.told(key)

    def sms(self, key: UUID) -> list[dict[str, Any]]:
        notice = self.stand_in.notice(key)
        return [one for one in notice["external"] if one["status"] == "sendt"] if notice else []

    def keep_receipts(self, at: datetime) -> None:
        receipts.keep(consume.read([json.dumps(one).encode() for one in self.stand_in.statuses()]), at)


def another_is_told() -> UUID:
    """Somebody's notification with an SMS at once, on the same topic."""
    shown = ditt_nav.Notification(
        key=uuid4(),
        kind="beskjed",
        ident=CITIZENS[0].number,
        sensitivity="substantial",
        link="https://navmeet.nav.no/i/x/",
        texts=(ditt_nav.Text("nb", "Hei", default=True),),
        external=ditt_nav.External("Hei!", email_title="Hei", email_text="Hei!"),
    )
    event = ditt_nav.opprett(shown, ditt_nav.Producer("dev-local", "other", "other"), EVENING)
    ditt_nav.notifications().send_batch([(str(shown.key), ditt_nav.encode(event))], 10)
    return shown.key


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    running = kafka.start(tmp_path_factory.mktemp("broker"))
    yield running.address
    running.stop()


@pytest.fixture(scope="module")
def stood_in(broker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MinSide]:
    min_side = MinSide(tmp_path_factory.mktemp("min_side"), broker)
    yield min_side
    min_side.stand_in.stop()


@pytest.fixture
def min_side(stood_in: MinSide, broker: str, registers: object, monkeypatch: pytest.MonkeyPatch) -> MinSide:
    topic = Topic("min-side.aapen-brukervarsel-v1", **{"bootstrap.servers": broker})
    monkeypatch.setattr(ditt_nav, "notifications", lambda: topic)
    stood_in.set(EVENING)
    return stood_in


@pytest.fixture
def told(min_side: MinSide, kari: Person) -> Message:
    """Invited in the evening; there at once."""
    meeting = make.meeting(person=kari, at=EVENING)
    send.sweep(EVENING)
    message = Message.objects.get(meeting=meeting, occasion=Occasion.INVITED)
    eventually(lambda: min_side.told(message.key) == ["opprettet", "venter"])
    return message


def test_the_sms_goes_at_nine_and_not_before_as_the_plan_said(min_side: MinSide, told: Message, kari: Person) -> None:
    (planned, *_) = would(kari, EVENING, clock=time(14)).messages
    assert planned.sms_at == NINE
    min_side.set(NINE - timedelta(seconds=1))
    min_side.looks()
    assert (min_side.told(told.key), min_side.sms(told.key)) == (["opprettet", "venter"], [])
    min_side.keep_receipts(NINE - MINUTE)
    assert _line(told, NINE - MINUTE).words == "Vist på Min side. SMS eller e-post sendes tirsdag 12. januar kl. 09.00"
    min_side.set(NINE)
    eventually(lambda: min_side.told(told.key) == WHOLE)
    (sms,) = min_side.sms(told.key)
    assert (sms["to"], datetime.fromisoformat(sms["at"])) == (CITIZENS[0].phone, NINE)
    min_side.keep_receipts(NINE + MINUTE)
    assert _line(told, NINE + MINUTE).words == "Sendt som SMS"


@pytest.mark.parametrize(
    ("happens", "words"),
    [
        (_answer, "innbyggeren svarte først"),
        (cancel, "møtet ble avlyst først"),
        (_move, "et nyere varsel tok plassen først"),
    ],
)
def test_answered_cancelled_or_moved_overnight_it_never_goes(
    min_side: MinSide, told: Message, happens: Callable[[Meeting, datetime], object], words: str
) -> None:
    min_side.set(NIGHT)
    happens(told.meeting, NIGHT)
    for at in (NIGHT, NIGHT + 10 * MINUTE, NIGHT + 11 * MINUTE):
        send.sweep(at)
    eventually(lambda: "kansellert" in min_side.told(told.key))
    min_side.set(NINE + MINUTE)
    min_side.looks()
    assert (sorted(min_side.told(told.key)), min_side.sms(told.key)) == (
        ["inaktivert", "kansellert", "opprettet", "venter"],
        [],
    )
    min_side.keep_receipts(NINE + MINUTE)
    assert _line(told, NINE + MINUTE).words == f"Vist på Min side. SMS og e-post ble ikke sendt: {words}"
    told.refresh_from_db()
    assert (told.state, told.known_by) == (MessageState.SENT, None)
    assert not Task.objects.filter(kind=Task.Kind.NOT_REACHED).exists()


def test_moved_overnight_they_get_one_sms_and_it_tells_of_the_move(min_side: MinSide, told: Message) -> None:
    _move(told.meeting, NIGHT)
    for at in (NIGHT, NIGHT + 10 * MINUTE, NIGHT + 11 * MINUTE):
        send.sweep(at)
    moved = Message.objects.get(meeting=told.meeting, occasion=Occasion.MOVED)
    assert moved.sms_at == NINE
    eventually(lambda: "kansellert" in min_side.told(told.key))
    min_side.set(NINE)
    eventually(lambda: min_side.told(moved.key) == WHOLE)
    assert (len(min_side.sms(told.key)), len(min_side.sms(moved.key))) == (0, 1)


def test_negative_control_without_it_the_sms_goes_in_the_night(
    min_side: MinSide, kari: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(put_off, "until", lambda *_: None)
    meeting = make.meeting(person=kari, at=EVENING)
    send.sweep(EVENING)
    message = Message.objects.get(meeting=meeting, occasion=Occasion.INVITED)
    eventually(lambda: min_side.told(message.key) == WHOLE)
    assert datetime.fromisoformat(min_side.sms(message.key)[0]["at"]) == EVENING


def test_its_page_says_that_the_sms_waits(min_side: MinSide, told: Message) -> None:
    log = httpx.get(f"{min_side.stand_in.url}/alt", trust_env=False).text
    assert "utsettSendingTil" in log


def _line(message: Message, at: datetime) -> LogLine:
    return next(one for one in message_log(message.meeting, at) if one.id == message.pk)
