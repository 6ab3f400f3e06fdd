"""It stays small and plain: sizes, names, and what may not be in the repository."""

import ast
import re

import pytest

from tests.architecture.code import ROOT, modules, tracked, where

LONGEST_MODULE = 400
LONGEST_FUNCTION = 60
# Tables that belong together, each with the classes of its columns: rows of names, nothing to split by subject.
LONGER = {"meetings/models.py": 480, "invitations/models.py": 480}
FORBIDDEN_NAMES = {"utils.py", "util.py", "helpers.py", "helper.py", "services.py", "common.py", "core.py", "misc.py"}
FORBIDDEN_CLASSES = re.compile(r"(Manager|Handler|Processor|Util|Utils|Helper)$|^Base|Base$")
# Nothing of ours in the name: Django's and the standard library's own.
ALLOWED_CLASSES = {"BaseUserManager"}
TEXT = {".py", ".md", ".toml", ".txt", ".yaml", ".yml", ".json", ".html", ".css", ".js", ".mjs", ".cfg", ".sh", ""}
# Written in parts, so that this file is not a find of its own.
REGISTRIES = [
    *("py" + "pi.org", "python" + "hosted.org", "npm" + "js.org"),
    *("npm" + "js.com", "deb.deb" + "ian.org", "yarn" + "pkg.com"),
]
MACHINE = ["/wo" + "rk/", "/fa" + "rm/", "/ro" + "ot/"]
UNFINISHED = ["TO" + "DO", "FIX" + "ME", "for n" + "ow", "placeholder f" + "or", "XX" + "X"]
# Neither works on rows: keys are read anew when a test changes a setting, logging is set up when a worker starts.
LISTENS = {"navmeet/protect/keys.py", "navmeet/celery.py"}
# A git lock, pictures and generated trees hold no text of ours.
NOT_OURS = {"package-lock.json"}


def _texts() -> list[tuple[str, str]]:
    found = []
    for path in tracked():
        if path.suffix in TEXT and path.name not in NOT_OURS:
            try:
                found.append((where(path), path.read_text(encoding="utf-8")))
            except UnicodeDecodeError:
                continue
    return found


TEXTS = _texts()


def test_no_module_is_longer_than_the_alarm() -> None:
    lengths = {where(path): len(path.read_text(encoding="utf-8").splitlines()) for path, _ in modules()}
    assert {name: lines for name, lines in lengths.items() if lines > LONGER.get(name, LONGEST_MODULE)} == {}


def test_no_function_is_longer_than_the_alarm() -> None:
    long = {
        f"{where(path)}:{node.name}": node.end_lineno - node.lineno + 1
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    }
    assert long == {}


def test_every_room_has_a_name_that_says_what_is_in_it() -> None:
    assert [where(path) for path in tracked() if path.name in FORBIDDEN_NAMES] == []


def test_no_class_is_named_for_doing_things_in_general() -> None:
    named = [
        f"{where(path)}:{node.name}"
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and FORBIDDEN_CLASSES.search(node.name) and node.name not in ALLOWED_CLASSES
    ]
    assert named == []


def test_no_save_and_no_signal_does_work_of_its_own() -> None:
    found = [
        f"{where(path)}:{node.name}"
        for path, tree in modules()
        for node in ast.walk(tree)
        if path.name == "models.py" and isinstance(node, ast.FunctionDef) and node.name in {"save", "delete"}
    ]
    assert found == []
    signals = re.compile(r"signals import|@receiver|\b(post_save|pre_delete|post_delete|m2m_changed)\b")
    found = [where(path) for path, _ in modules() if signals.search(path.read_text(encoding="utf-8"))]
    assert set(found) <= LISTENS


@pytest.mark.parametrize("text", REGISTRIES + MACHINE)
def test_no_file_names_a_registry_or_a_path_of_a_machine(text: str) -> None:
    assert [name for name, content in TEXTS if text in content] == []


def test_the_lock_files_name_no_address() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        content = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in content
        assert "--index-url" not in content
    assert "resolved" not in (ROOT / "package-lock.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", UNFINISHED)
def test_nothing_is_left_for_later(text: str) -> None:
    mine = "tests/architecture/test_rooms.py"
    found = [name for name, content in TEXTS if re.search(rf"\b{text}\b", content) and name != mine]
    assert [name for name in found if not name.startswith("docs/adr/")] == []


def test_no_template_has_style_or_script_of_its_own() -> None:
    inline = re.compile(r"""\sstyle\s*=|<style\b|\son[a-z]+\s*=\s*["']|javascript:|hx-on|<script(?![^>]*\bsrc=)""")
    found = [name for name, content in TEXTS if name.endswith(".html") and inline.search(content)]
    assert found == []


def test_the_negative_control_of_inline_style_finds_it() -> None:
    inline = re.compile(r"""\sstyle\s*=|\son[a-z]+\s*=\s*["']""")
    assert inline.search('<p style="color:red">')
    assert inline.search("<button onclick='x()'>")
    assert not inline.search('<p class="on" data-style="x">')
