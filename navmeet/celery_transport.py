"""Redis as Celery's broker, with nothing to be handed back: what is taken out of it is gone.

kombu keeps a copy of each message in Redis until it is done with, and where Redis dies under a worker that does not
hold (5.7.0, both seen; tests/faults/test_redis.py). Handing copies back over a connection that is closed ends the
worker ("Unrecoverable error", an AttributeError out of `restore_unacked_once`). And each copy that cannot be crossed
out for want of Redis takes one of the worker's few places for good: with none left it takes nothing more, while its
process lives. A wish to be woken is worth no copy: what is to be done stands in the database, and beat asks again
within seconds.
"""

from kombu.transport import redis


class Channel(redis.Channel):
    ack_emulation = False
    do_restore = False


class Transport(redis.Transport):
    Channel = Channel
