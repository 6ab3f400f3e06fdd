"""docker-compose.yml says what reliability and the programs of the demo say."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from navmeet.dev.servers import postgres, programs
from navmeet.dev.servers.environment import Ports
from navmeet.dev.servers.running import ROOT
from tests.deploy import compose

SERVICES = compose.services()


def _same_on_any_machine(words: list[str] | tuple[str, ...]) -> list[str]:
    _, *rest = words
    joined = " ".join(map(str, rest)).replace("127.0.0.1", "0.0.0.0")  # noqa: S104 (compared, not opened)
    return re.sub(
        r"--port \d+", "--port 8080", re.sub(r"--schedule \S+", "--schedule /tmp/beat-schedule", joined)
    ).split()


def test_each_process_is_started_as_the_demo_starts_it() -> None:
    here: dict[str, tuple[str, ...]] = {
        "web-staff": programs.web("staff", Ports(), {}).command,
        "web-citizen": programs.web("citizen", Ports(), {}).command,
        "web-policy": programs.web("policy", Ports(), {}).command,
        "worker": programs.worker({}).command,
        "beat": programs.beat({}, Path("somewhere")).command,
        "consumer": programs.consumer({}).command,
    }
    for service, command in here.items():
        assert _same_on_any_machine(SERVICES[service]["command"]) == _same_on_any_machine(command), service


@pytest.mark.parametrize("service", [*compose.OURS, "prepare"])
def test_none_of_ours_can_write_gain_rights_or_stay_unseen(service: str) -> None:
    one: dict[str, Any] = SERVICES[service]
    assert one["read_only"] is True
    assert one["tmpfs"] == ["/tmp"]  # noqa: S108 (the container's)
    assert one["cap_drop"] == ["ALL"]
    assert one["security_opt"] == ["no-new-privileges:true"]
    assert "healthcheck" in one or service == "prepare"


@pytest.mark.parametrize("service", compose.OURS)
def test_nothing_of_ours_starts_before_the_tables_are_as_the_code_wants_them(service: str) -> None:
    assert SERVICES[service]["depends_on"]["prepare"] == {"condition": "service_completed_successfully"}


def test_what_is_underneath_is_reached_from_inside_only() -> None:
    for name in ("postgres", "redis", "kafka"):
        assert "ports" not in SERVICES[name], name
        assert SERVICES[name]["networks"] == ["inside"], name
    for name in ("web-staff", "web-citizen", "web-policy"):
        assert all(port.startswith("127.0.0.1:") for port in SERVICES[name]["ports"]), name


def test_redis_throws_nothing_away_and_keeps_what_it_has() -> None:
    command = SERVICES["redis"]["command"][-1]
    for setting in ("--appendonly yes", "--appendfsync everysec", "--maxmemory-policy noeviction"):
        assert setting in command


def test_the_roles_are_made_with_the_limits_that_the_embedded_server_gives() -> None:
    script = (ROOT / "deploy" / "compose" / "10-roles.sql").read_text(encoding="utf-8")
    said = dict(re.findall(r"ALTER ROLE navmeet_app SET (\w+) = '(\w+)'", script))
    assert said == postgres.APPLICATION_SETTINGS


def test_every_topic_of_the_settings_is_made() -> None:
    made = SERVICES["topics"]["command"][-1]
    for name in dir(settings):
        if name.startswith("TOPIC_"):
            assert getattr(settings, name) in made, name


def test_the_example_names_every_variable_that_is_demanded_and_no_secret() -> None:
    examples = compose.examples()
    assert {name for name, demanded in compose.variables().items() if demanded} == set(examples)
    secret = [name for name in examples if name.endswith(("_PASSWORD", "_SECRET", "_KEY", "_KEYS"))]
    assert len(secret) == 10
    assert {examples[name] for name in secret} == {""}
