"""PostgreSQL, Redis, Kafka and our own processes on one machine, with nothing installed: for the demo and the tests."""
