"""The receiver, in a process of its own: appends each event it reads to a file, with fsync, and nothing else does.

`python recorder.py BROKER TOPIC FILE`. Not part of navmeet: it imports nothing of it. Reads from the beginning.
"""

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from confluent_kafka import Consumer, Message, TopicPartition


def main(broker: str, topic: str, path: Path) -> None:
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    consumer = Consumer({"bootstrap.servers": broker, "group.id": "recorder", "enable.auto.commit": False})
    partitions = consumer.list_topics(topic, timeout=20).topics[topic].partitions
    consumer.assign([TopicPartition(topic, number, 0) for number in partitions])
    with path.open("ab") as file:
        while not ended.is_set():
            for message in consumer.consume(500, 0.2):
                if message.error() is None:
                    file.write(json.dumps(_line(message)).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
    consumer.close()


def _line(message: Message) -> dict[str, Any]:
    """What Min side would go by, the clock of the one who sent it (`at`), when it was handed to Kafka and when read."""
    event = json.loads(message.value() or b"")
    return {
        "key": event["varselId"],
        "event": event["@event_name"],
        "link": event.get("link", ""),
        "until": event.get("aktivFremTil"),
        "at": event["metadata"]["built_at"],
        "wire": message.timestamp()[1],
        "read": int(time.time() * 1000),
    }


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
