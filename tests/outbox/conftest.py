"""A topic that remembers."""

import pytest

from tests.outbox.topic import FakeTopic


@pytest.fixture
def topic(monkeypatch: pytest.MonkeyPatch) -> FakeTopic:
    fake = FakeTopic()
    fake.install(monkeypatch)
    return fake
