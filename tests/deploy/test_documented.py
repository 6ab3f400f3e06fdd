"""docs/operations.md and docs/security.md against the code: no variable is missing, nothing that is named is gone."""

import re
from pathlib import Path

import pytest

from navmeet.dev.servers.running import ROOT

OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
SECURITY = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
APPS = ("navmeet", "meetings", "invitations", "minutes")
# Django's own, and set by our programs for themselves.
NOT_OURS = {"DJANGO_SETTINGS_MODULE"}


def _sources() -> list[Path]:
    return [path for app in APPS for path in (ROOT / app).rglob("*.py") if "dev" not in path.relative_to(ROOT).parts]


def read_by_the_code() -> set[str]:
    """Every variable that the settings ask for, and those few that others read."""
    settings = (ROOT / "navmeet" / "settings.py").read_text(encoding="utf-8")
    found = set(re.findall(r"\benv\(\s*\"([A-Z0-9_]+)\"", settings))
    for path in _sources():
        found |= set(
            re.findall(r"environ(?:\.get\(|\.setdefault\(|\[)\s*\"([A-Z0-9_]+)\"", path.read_text(encoding="utf-8"))
        )
    return found - NOT_OURS


def test_every_variable_is_described_and_none_that_is_not_read() -> None:
    table = OPERATIONS.split("## Variables")[1]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    described = {name for row in rows for name in re.findall(r"`([A-Z0-9_]+)`", row)}
    assert described == read_by_the_code()
    assert "PROTECT_KEYS" in described, "the control: there is something to compare"


def test_every_figure_with_an_alarm_is_given() -> None:
    files = (ROOT / "navmeet" / "internal").glob("*measures.py")
    given = "".join(file.read_text(encoding="utf-8") for file in files)
    named = set(re.findall(r"`(navmeet_\w+)", OPERATIONS)) - {"navmeet_owner", "navmeet_app"}
    assert named
    assert {name for name in named if f'"{name}"' not in given} == set()


@pytest.mark.parametrize("text", [OPERATIONS, SECURITY], ids=["operations", "security"])
def test_every_file_that_is_pointed_to_is_there(text: str) -> None:
    named = set(re.findall(r"`((?:navmeet|invitations|meetings|minutes|tests|deploy|benchmarks)/[\w./-]*)`", text))
    assert named
    assert {name for name in named if not (ROOT / name).exists()} == set()


def test_every_command_that_is_named_exists() -> None:
    named = set(
        re.findall(r"`(?:manage\.py )?((?:check_pulse|consume_ditt_nav|prepare_database|send_due)\b)", OPERATIONS)
    )
    there = {path.stem for path in _sources() if path.parent.name == "commands"}
    assert len(named) == 4
    assert named <= there
