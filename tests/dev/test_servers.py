"""PostgreSQL, Redis and Kafka without installing anything: really there, and shared by processes."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis as redis_client
from confluent_kafka import Producer

from navmeet.dev.servers import kafka, postgres, redis
from navmeet.dev.servers.probes import free_ports

CONSUME = """
import sys
from confluent_kafka import Consumer
consumer = Consumer({"bootstrap.servers": sys.argv[1], "group.id": "tests", "auto.offset.reset": "earliest"})
consumer.subscribe([sys.argv[2]])
message = consumer.poll(20)
print(message.key().decode(), message.value().decode())
consumer.close()
"""


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Started by root, PostgreSQL runs as another user; any pytest that starts shuts that user out of `tmp_path`."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def test_postgresql_is_found_again_and_has_the_two_roles(open_folder: Path) -> None:
    first = postgres.start(open_folder / "postgres", careless=True)
    try:
        first.create("office")
        assert postgres.start(open_folder / "postgres").pid == first.pid
        with psycopg.connect(first.url(postgres.APPLICATION, "office")) as connection:
            assert connection.execute("SHOW statement_timeout").fetchone() == ("15s",)
            assert connection.execute("SHOW timezone").fetchone() == ("UTC",)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("CREATE TABLE mine (id int)")
        with psycopg.connect(first.url(postgres.OWNER, "office")) as connection:
            connection.execute("CREATE TABLE ours (id int)")
    finally:
        first.stop()
    assert not first.is_running()


def test_redis_keeps_what_it_was_given_and_throws_nothing_away(tmp_path: Path) -> None:
    port = free_ports(1)[0]
    for run in (1, 2):
        server = redis.start(tmp_path, port)
        try:
            with redis_client.Redis.from_url(server.url) as client:
                assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
                assert client.incr("runs") == run
        finally:
            server.stop()


def test_one_process_reads_from_kafka_what_another_wrote(tmp_path: Path) -> None:
    broker = kafka.start(tmp_path)
    try:
        producer = Producer({"bootstrap.servers": broker.address})
        assert {len(producer.list_topics(topic, 5).topics[topic].partitions) for topic in kafka.TOPICS} == {4}
        producer.produce(kafka.TOPICS[0], key=b"a-key", value=b"a-value")
        assert producer.flush(10) == 0
        command = [sys.executable, "-c", CONSUME, broker.address, kafka.TOPICS[0]]
        assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "a-key a-value\n"
    finally:
        broker.stop()
