"""A stand-in for Ditt NAV (Min side): reads notifications from Kafka as Min side does, shows them, says what became.

It is somebody else's system: it shares no code with ours, knows identity numbers, and keeps what it read in a file of
its own. `python -m navmeet.dev.ditt_nav --port 8030 --brokers host:port --state DIR`.
"""
