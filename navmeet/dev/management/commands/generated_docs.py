"""manage.py generated_docs: the documents that are drawn from the code, so that they cannot say anything else."""

import dataclasses
import difflib
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_type_hints

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.validation import validate_schema

from invitations import who_sees
from meetings.models import Status
from meetings.states import TRANSITIONS
from navmeet.api.schema import with_problems
from navmeet.dev import asyncapi
from navmeet.outbox.publish import Event

GENERATED = "Drawn from the code by `manage.py generated_docs`; `make check` compares."
COLOURS = {
    Status.PROPOSED: "fill:#ffeccc,stroke:#c77300",
    Status.SCHEDULED: "fill:#cce1ff,stroke:#0067c5",
    Status.HELD: "fill:#ccf1d6,stroke:#06893a",
    Status.NOT_HELD: "fill:#ffd9d9,stroke:#c30000",
    Status.CANCELLED: "fill:#e6e6e6,stroke:#525962",
}


class Command(BaseCommand):
    """Writes the documents of `documents()` into docs/; `--check` writes nothing and shows what differs."""

    help = "Writes the generated documents, or with --check compares them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing, print a diff, fail on any")

    def handle(self, *_: object, check: bool, **__: object) -> None:
        folder = Path(settings.ROOT) / "docs"
        differing = [name for name, text in documents() if not self._settle(folder / name, text, check=check)]
        if differing:
            raise CommandError(f"Not as the code has it: {', '.join(differing)}. Run `make fix`.")

    def _settle(self, path: Path, text: str, *, check: bool) -> bool:
        now = path.read_text(encoding="utf-8") if path.exists() else ""
        if now == text:
            return True
        if not check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
            self.stdout.write(f"wrote docs/{path.name}")
            return True
        lines = difflib.unified_diff(
            now.splitlines(), text.splitlines(), f"docs/{path.name}", "as the code has it", lineterm="", n=2
        )
        self.stdout.write("\n".join(lines))
        return False


def documents() -> Iterator[tuple[str, str]]:
    """Each document's name and its text."""
    drawn: dict[str, Callable[[], str]] = {
        "states.md": states,
        "openapi.yaml": openapi,
        "events.md": events,
        "events.asyncapi.yaml": events_outside,
        "who-sees-what.md": who_sees_what,
    }
    for name, draw in drawn.items():
        yield name, draw()


def states() -> str:
    """The states of a meeting, from `meetings.states.TRANSITIONS`."""
    first = [Status.PROPOSED, Status.SCHEDULED]
    ways = [f"    [*] --> {state.value}" for state in first]
    ways += [f"    {here.value} --> {there.value}" for here in Status for there in Status if there in TRANSITIONS[here]]
    ways += [f"    {state.value} --> [*]" for state in Status if not TRANSITIONS[state]]
    colours = [f"    classDef {state.value.lower()} {COLOURS[state]}" for state in Status]
    colours += [f"    class {state.value} {state.value.lower()}" for state in Status]
    rows = [
        f"| `{here.value}` | {', '.join(f'`{there.value}`' for there in Status if there in TRANSITIONS[here]) or '–'} |"
        for here in Status
    ]
    return "\n".join(
        [
            "# The states of a meeting",
            "",
            GENERATED,
            "",
            "```mermaid",
            "stateDiagram-v2",
            *ways,
            *colours,
            "```",
            "",
            "| from | to |",
            "|---|---|",
            *rows,
            "",
        ]
    )


def openapi() -> str:
    """The API of both surfaces, OpenAPI 3.1. Raises CommandError where an operation is not fully described."""
    GENERATOR_STATS.reset()
    # Called without types: drf-spectacular has none.
    make: Any = SchemaGenerator
    generator = make(urlconf="navmeet.urls.everything", api_version="1")
    schema = with_problems(generator.get_schema(request=None, public=True))
    lacking = [*GENERATOR_STATS._error_cache, *GENERATOR_STATS._warn_cache]
    if lacking:
        raise CommandError("Not fully described:\n" + "\n".join(str(line) for line in lacking))
    check: Any = validate_schema
    check(schema)
    renderer: Any = OpenApiYamlRenderer()
    return f"# {GENERATED}\n{renderer.render(schema, renderer_context={}).decode()}"


def events() -> str:
    """What the apps tell each other and other systems, and what else we write to and read from Kafka."""
    lines = [
        "# Events",
        "",
        GENERATED,
        "",
        "## Inside the house",
        "",
        "Published by a verb and answered in its own transaction by the reactions of `navmeet/reactions.py`.",
        "Ids, times and enum values; never a person's name, number or words.",
        "",
    ]
    for kind in asyncapi.published():
        lines += [f"### {kind.__name__}", "", inspect.cleandoc(kind.__doc__ or ""), "", "| field | type |"]
        lines += ["|---|---|", *(f"| `{name}` | `{text}` |" for name, text in _fields(kind)), ""]
    lines += ["## Outside the house", "", asyncapi.PROMISES]
    lines += ["As AsyncAPI 3, with the schema of each: [events.asyncapi.yaml](events.asyncapi.yaml).", ""]
    lines += ["| event | as | fields beside those of every event |", "|---|---|---|"]
    for kind, outside in asyncapi.told_outside().items():
        fields = ", ".join(f"`{name}`" for name in outside.fields)
        lines += [f"| {kind.__name__} | `{outside.name}` {outside.version} | {fields or '–'} |"]
    lines += ["", f"In every event: {', '.join(f'`{name}`' for name in asyncapi.ENVELOPE)}.", ""]
    lines += [
        "## Kafka",
        "",
        "| topic | we | what |",
        "|---|---|---|",
        f"| `{settings.TOPIC_MEETING_EVENTS}` | write | events for other systems, keyed by `meeting_id` |",
        f"| `{settings.TOPIC_NOTIFICATIONS}` | write | `opprett` and `inaktiver`, keyed by `varselId` |",
        f"| `{settings.TOPIC_NOTIFICATION_EVENTS}` | read | what became of ours; others' are passed over |",
        "",
    ]
    return "\n".join(lines)


def events_outside() -> str:
    """The same for machines, AsyncAPI 3."""
    return f"# {GENERATED}\n{asyncapi.as_yaml()}"


def who_sees_what() -> str:
    """Who reads which field, from `invitations.who_sees.FIELDS`."""
    lines = [
        "# Who sees what",
        "",
        GENERATED,
        "`tests/pages/test_who_sees.py` opens the pages as each reader and looks for each field.",
        "",
        who_sees.table(),
        "",
        "A partner sees nothing at all without a basis: the law, or the citizen's release. Of a citizen with a",
        "protected address no partner is told a place; of a strictly protected one no bare link either, and partners",
        "no name from Nav. What arrives by SMS, e-mail and on Ditt NAV holds day, time and format, and of an e-mail to",
        "a partner their own link.",
        "",
    ]
    return "\n".join(lines)


def _fields(kind: type[Event]) -> Iterator[tuple[str, str]]:
    hints = get_type_hints(kind)
    for field in dataclasses.fields(kind):
        hint = hints[field.name]
        yield field.name, hint.__name__ if isinstance(hint, type) and not hasattr(hint, "__args__") else str(hint)
