"""Redis dies while a worker holds a message: our transport lets go of it. kombu's own (the controls) does not."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from kombu import Connection, Consumer, Exchange, Message, Producer, Queue

from navmeet.dev.servers import probes, redis
from navmeet.dev.servers.processes import Stack
from tests.faults.figures import wait

pytestmark = pytest.mark.xdist_group("faults")

OURS, KOMBUS = settings.CELERY_BROKER_TRANSPORT, "redis"
PLACES = 1


@dataclass
class Held:
    """A connection as a worker has it: one channel with messages taken and asked for, and one that hears orders."""

    connection: Connection
    channel: Any
    stack: Stack
    message: Message

    def strike_redis(self) -> None:
        self.stack["redis"].kill()

    def can_take_more(self) -> bool:
        return bool(self.channel.qos.can_consume())


@pytest.fixture(params=[OURS, KOMBUS])
def held(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Held]:
    port = probes.free_ports(1)[0]
    stack = Stack.of_one(tmp_path, redis.program(tmp_path / "redis", port))
    connection = Connection(
        redis.url(port), transport=request.param, transport_options=settings.CELERY_BROKER_TRANSPORT_OPTIONS
    )
    channel: Any = connection.default_channel
    try:
        yield Held(connection, channel, stack, _taken(connection, channel))
    finally:
        stack.stop()
        # kombu would try once more when this process ends.
        channel.qos.restore_at_shutdown = False


def _taken(connection: Connection, channel: Any) -> Message:
    taken: list[Message] = []
    wishes = Queue("wishes")
    channel.basic_qos(0, PLACES + 1, False)
    Producer(channel).publish({}, routing_key="wishes", serializer="json", declare=[wishes])
    Consumer(channel, [wishes], callbacks=[lambda _, message: taken.append(message)]).consume()
    orders = Queue("orders", exchange=Exchange("orders", type="fanout"), auto_delete=True)
    Consumer(connection.channel(), [orders], callbacks=[lambda *_: None]).consume()
    assert wait(lambda: _nothing_comes(connection) and bool(taken), 10)
    # Now the next is asked for, and has not come.
    channel.basic_qos(0, PLACES, False)
    return taken[0]


def _nothing_comes(connection: Connection) -> bool:
    try:
        connection.drain_events(timeout=0.2)
    except TimeoutError:
        return True
    return False


def _is_ours(held: Held) -> bool:
    return type(held.connection.transport).__module__ == OURS.split(":")[0]


def test_a_lost_connection_is_let_go_of_where_kombus_own_would_end_the_worker(held: Held) -> None:
    held.strike_redis()
    # What Celery's worker does when it has lost its connection; an AttributeError is not among what it expects.
    held.connection.collect(socket_timeout=1)
    if _is_ours(held):
        held.connection.close()
    else:
        with pytest.raises(AttributeError):
            held.connection.close()


def test_done_while_redis_is_away_it_leaves_a_place_for_the_next_where_kombus_own_would_not(held: Held) -> None:
    assert not held.can_take_more()
    held.strike_redis()
    held.message.ack_log_error(_Quiet(), held.connection.connection_errors)
    assert held.can_take_more() == _is_ours(held)


class _Quiet:
    def critical(self, *_: object, **__: object) -> None:
        """What cannot be crossed out is only told of."""
