"""The demo's own promises that can be seen without starting all of it."""

import stat
from pathlib import Path

import pytest

from navmeet.dev.demo.__main__ import sole_use
from navmeet.dev.servers.environment import Addresses, Ports, environment
from navmeet.dev.servers.errors import CannotStart
from navmeet.dev.servers.secrets import Secrets

ADDRESSES = Addresses(database_url="app", database_owner_url="owner", redis_url="redis", kafka_brokers="kafka")


def test_secrets_are_made_once_and_only_their_owner_can_read_them(tmp_path: Path) -> None:
    first = Secrets.kept_in(tmp_path / "secrets.json")

    assert Secrets.kept_in(tmp_path / "secrets.json") == first
    assert Secrets.new() != first
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600
    assert first.SECRET_KEY not in repr(first)


def test_secrets_that_cannot_be_read_are_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text("{", encoding="utf-8")

    with pytest.raises(CannotStart, match="RESET=1"):
        Secrets.kept_in(tmp_path / "secrets.json")

    assert (tmp_path / "secrets.json").read_text(encoding="utf-8") == "{"


def test_a_second_demo_in_the_same_folder_is_told_who_runs(tmp_path: Path) -> None:
    with sole_use(tmp_path), pytest.raises(CannotStart, match="runs already"), sole_use(tmp_path):
        pass
    with sole_use(tmp_path):
        pass


def test_ports_can_be_chosen_by_name() -> None:
    assert Ports.read("staff=9000, redis=9040") == Ports(staff=9000, redis=9040)
    for wrong in ("staff", "staff=x", "nobody=1"):
        with pytest.raises(CannotStart, match="PORTS is written like"):
            Ports.read(wrong)


def test_a_process_gets_what_it_needs_and_nothing_else_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOMEBODYS_TOKEN", "not for our processes")
    ports = Ports(staff=9000, registers=9020)

    given = environment(ports=ports, addresses=ADDRESSES, secrets=Secrets.new(), clock=Path("clock"))

    assert "SOMEBODYS_TOKEN" not in given
    assert given["KRR_URL"] == "http://127.0.0.1:9020/krr"
    assert given["STAFF_URL"] == "http://localhost:9000"
    assert (given["DATABASE_URL"], given["DATABASE_OWNER_URL"]) == ("app", "owner")
    assert given["NAVMEET_CLOCK"] == "clock"
