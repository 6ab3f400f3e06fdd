"""One shape for every change: load, check, change, record, publish."""

import ast
from typing import Any

import pytest

from tests.architecture.code import called, imported, modules, verbs, where

VERBS = [pytest.param(path, node, id=f"{where(path)}:{node.name}") for path, node in verbs()]

# Why a verb tells nobody. Whoever adds one says so here.
TELLS_NOBODY = {
    "finish": "a task ticked off concerns nobody but the office, who sees it gone",
    "called": "who rang has told them; the task that asked for it is done",
    "record_call": "a try to ring stands in the meeting; who was not reached is not told of it",
    "choose_video": "the ledger row is what later checks read; the caseworker's task is made in the same verb",
    "ask_about_partner": "makes a task for the office, which the week shows",
    "withdraw": "the wish and its task are gone from what the caseworker sees; nothing was promised to anybody else",
    "record_choice": "as choose_video: the citizen said it, and reads it on their page",
    "begin_code": "a code is sent in the request itself, and never kept",
    "forget_code": "a code that could not be sent",
    "let_in": "the caseworker sees that the invitation was read",
    "give_account": "makes a task for the office, which the week shows",
    "ask_unknown": "makes a task for the host, which the week shows",
    "arrive": "the panel shows who waits; a visit is nothing that other systems are told",
    "join": "the panel shows it; the platform itself told it",
    "part": "the panel shows it; the platform itself told it",
    "want": "makes a task for the host; the panel shows it at once",
    "leave": "the panel shows it",
    "admit": "the waiting page shows it",
    "turn_away": "the waiting page shows it",
    "send_word": "the waiting page shows it",
    "check_identity": "a note for those who keep the door",
    "enter": "gives out an address; who came in is told by the video platform",
    "enter_as_host": "gives out an address; who came in is told by the video platform",
    **dict.fromkeys(
        ("set_week", "set_date", "clear_date", "add_absence", "remove_absence", "close_day", "open_day"),
        "what checks and free times read; meetings that are booked already are listed, and changed one by one",
    ),
    **dict.fromkeys(("add_room", "change_room", "set_rules"), "what later bookings read; those there are stay as told"),
    "set_plan": "what is planned after it follows it; what is planned already stays",
    "save_draft": "an unshared draft is nobody else's business",
    "read_version": "the caseworker sees the reading beside the minutes; nobody is told of it",
}
# Nothing of the web or of the queue in what the house can do.
EDGE = ("rest_framework", "celery", "django.http", "django.shortcuts", "django.views")
EDGE_MODULES = ("api", "views", "serializers", "forms", "tasks", "api_urls", "urls")
# Transactions other than a verb's: each claims or settles rows, or keeps one thing, and has nothing to publish.
OPENS_TRANSACTIONS = {
    "navmeet/change.py": "the verbs'",
    "navmeet/protect/roles.py": "all grants or none",
    "navmeet/people/meet.py": "a person and their numbers, before any meeting",
    "navmeet/audit/relay.py": "hands over and marks, row by row",
    "invitations/messages/claim.py": "a batch in one hand",
    "invitations/messages/settle.py": "what became of a message, and what follows from it",
    "invitations/messages/delivered.py": "a receipt of an e-mail is kept once, with what it changes",
    "invitations/messages/hanging.py": "a person is asked while a message is still tried",
    "invitations/messages/ladder.py": "what nobody spoke of in time, with what follows from it",
    "invitations/messages/receipts.py": "a receipt is kept once, with what it changes",
}


def test_there_are_verbs_to_look_at() -> None:
    assert len(VERBS) >= 8


@pytest.mark.parametrize(("path", "verb"), VERBS)
def test_a_verb_takes_its_arguments_by_name_and_knows_who_and_when(path: object, verb: ast.FunctionDef) -> None:
    assert not verb.args.args, "keyword-only"
    assert not verb.args.posonlyargs, "keyword-only"
    assert verb.args.vararg is None
    names = {argument.arg: argument for argument in verb.args.kwonlyargs}
    by = names.get("by")
    assert by is not None, "who acts"
    assert ast.unparse(by.annotation or ast.Constant("")) == "Actor"
    assert "at" in names, "when: the clock is asked at the edge"


@pytest.mark.parametrize(("path", "verb"), VERBS)
def test_a_verb_says_what_it_promises_and_records_what_it_did(path: object, verb: ast.FunctionDef) -> None:
    assert ast.get_docstring(verb)
    if verb.name not in {"save_draft"}:
        assert "record" in called(verb)


@pytest.mark.parametrize(("path", "verb"), VERBS)
def test_a_verb_publishes_or_it_is_written_down_why_not(path: object, verb: ast.FunctionDef) -> None:
    # What follows inside the verb's own app needs no event: it is gathered as consequences all the same.
    tells = bool({"publish", "gather"} & called(verb))
    assert tells != (verb.name in TELLS_NOBODY)


def test_no_excuse_outlives_its_verb() -> None:
    assert {verb.name for _, verb in verbs()} >= set(TELLS_NOBODY)


@pytest.mark.parametrize("path", sorted({path for path, _ in verbs()}), ids=where)
def test_a_module_with_verbs_knows_neither_web_nor_queue(path: object) -> None:
    tree = next(tree for where_, tree in modules() if where_ == path)
    names = imported(tree)
    assert not [name for name in names if name.startswith(EDGE)]
    own = where(path).split("/")[0]  # type: ignore[arg-type]
    assert not names & {f"{own}.{module}" for module in EDGE_MODULES}
    assert "timezone.now" not in ast.unparse(tree), "the time is given, as `at`"
    assert "clock" not in {name.split(".")[-1] for name in names}, "the time is given, as `at`"


def test_transactions_are_opened_where_it_is_known() -> None:
    found = {
        where(path)
        for path, tree in modules()
        if any(isinstance(node, ast.Attribute) and node.attr == "atomic" for node in ast.walk(tree))
    }
    assert {name for name in found if "/dev/" not in name and "/management/" not in name} == set(OPENS_TRANSACTIONS)


def test_only_celery_tasks_with_a_name_and_named_arguments() -> None:
    tasks = 0
    for path, tree in modules():
        for node in ast.walk(tree):
            if not isinstance(node, ast.FunctionDef):
                continue
            for decorator in node.decorator_list:
                text = ast.unparse(decorator)
                if not text.startswith(("shared_task", "app.task")):
                    continue
                tasks += 1
                here = f"{where(path)}:{node.name}"
                assert "name='" in text, f"{here} has no name of its own: moving it would lose what is queued"
                assert node.args.args == [], f"{here} takes arguments by position"
                assert node.args.vararg is None, f"{here} takes arguments by position"
                assert node.args.kwarg is not None, f"{here} would fail on an argument of the next release"
    assert tasks >= 3


def test_every_task_of_the_schedule_exists_and_ends_before_the_next() -> None:
    from django.conf import settings

    from navmeet.celery import app

    app.loader.import_default_modules()
    schedule: dict[str, Any] = settings.CELERY_BEAT_SCHEDULE
    for name, entry in schedule.items():
        assert entry["task"] in app.tasks, name
        assert entry["options"]["expires"] < entry["schedule"], name
