"""One JSON line for each thing worth knowing, on stdout; and what must never stand in one.

What is about a person is not logged: not an address (it may hold a link), a query, a form, a name or a number. The
rules here are the last resort for what slips through: keys that may hold such things are dropped, eleven digits and
anything like a token are masked, and an exception is told by its type and where it arose, never by its message.
"""

import logging
import re
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from traceback import extract_tb
from typing import Any

import structlog
from django.conf import settings
from structlog.types import EventDict, Processor, WrappedLogger

DROPPED = frozenset(
    (
        *("path", "url", "uri", "query", "query_string", "referer", "referrer", "address", "link"),
        *("body", "data", "form", "headers", "cookies", "cookie", "args", "kwargs", "exc_text"),
        *("token", "id_token", "access_token", "nonce", "verifier", "authorization", "password", "secret"),
        *("pid", "ident", "nav_ident", "identity_number", "number", "name", "given_name", "family_name"),
        *("phone", "email", "text", "message", "subject", "theme", "purpose"),
    )
)
# Loggers of others that write addresses, or everything.
SILENT = ("django.request", "django.server", "django.security", "django.security.csrf", "granian.access")
QUIET = ("httpx", "httpcore", "authlib", "celery.redirected", "kombu", "asyncio", "urllib3", "psycopg.pool")
DEPTH = 8

# Digits may be set apart with spaces, as people write them; part of a longer run (an instant, a UUID) is none.
_ELEVEN_DIGITS = re.compile(r"(?<![0-9A-Za-z-])[0-9]{6}[ ]?[0-9]{5}(?![0-9A-Za-z-])")
# Long, of small and capital letters and digits: a signature, a key, a JWT. UUIDs and names of modules are not.
_TOKEN = re.compile(r"(?=[\w.-]*[a-z])(?=[\w.-]*[A-Z])(?=[\w.-]*[0-9])[A-Za-z0-9_-]{20,}(?:\.[A-Za-z0-9_-]+)*")
_LINK = re.compile(r"/i/[^\s/\"']+")


class _ToStdout(logging.Handler):
    """Asks for stdout at each line: whoever replaces it, as test runners do, is followed."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stdout.write(self.format(record) + "\n")
            sys.stdout.flush()
        except Exception:  # noqa: BLE001 (logging must not stop the work)
            # Not handleError: it prints the line's arguments.
            sys.stderr.write(f"a log line of {record.name} could not be written\n")


def configure(_: Mapping[str, Any] | None = None) -> None:
    """Send everything, ours and others', through the same processors to stdout. May be called again."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        exceptions_without_words,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        # A cached logger cannot be listened to by a test.
        cache_logger_on_first_use=not settings.IS_TEST,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name, foreign, *shared[3:]],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            scrub,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=_kind_of),
        ],
        pass_foreign_args=True,
    )
    output = _ToStdout()
    output.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [output]
    root.setLevel(logging.INFO)
    _tame_others()


def foreign(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """A line of somebody else's: with an error, only its template is kept, for its arguments may quote anything."""
    record: logging.LogRecord = event["_record"]
    told = event.pop("positional_args", None)
    if event.get("exc_info"):
        event["event"] = str(record.msg)
        if isinstance(told, Mapping):  # Celery says which task in the arguments of its template
            event.update(task=str(told.get("name", "")), task_id=str(told.get("id", "")))
    return event


def exceptions_without_words(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """`exc_info` becomes `error` (types, outermost first) and `where` (file, line, function), innermost last."""
    info = event.pop("exc_info", None)
    event.pop("stack_info", None)
    if info is True:
        info = sys.exc_info()
    error = info if isinstance(info, BaseException) else info[1] if isinstance(info, tuple) else None
    if error is not None:
        event.update(described(error))
    return event


def described(error: BaseException) -> dict[str, Any]:
    """What may be told of an exception: its types and where it arose."""
    kinds = [f"{type(one).__module__}.{type(one).__qualname__}" for one in _chain(error)]
    frames = extract_tb(error.__traceback__)[-DEPTH:]
    return {"error": kinds, "where": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]}


def scrub(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Drop the keys that may hold personal data, and mask what looks like it in the rest."""
    return {key: _clean(value) for key, value in event.items() if key.lower() not in DROPPED}


def masked(text: str) -> str:
    """The text without identity numbers, links and tokens."""
    text = _LINK.sub("/i/[link]", text)
    return _TOKEN.sub("[token]", _ELEVEN_DIGITS.sub("[number]", text))


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, bool) or value is None or isinstance(value, float):
        return value
    if isinstance(value, int):
        return "[number]" if 10**9 <= abs(value) < 10**11 else value
    if isinstance(value, Mapping):
        return {str(key): _clean(inner) for key, inner in value.items() if str(key).lower() not in DROPPED}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_clean(inner) for inner in value]
    return masked(str(value)) if type(value).__module__ in {"uuid", "datetime", "enum"} else _kind_of(value)


def _kind_of(value: object) -> str:
    return f"<{type(value).__qualname__}>"


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen and len(seen) < DEPTH:
        seen.add(id(current))
        yield current
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)


def _tame_others() -> None:
    known: MutableMapping[str, Any] = logging.Logger.manager.loggerDict
    for name in list(known):
        logger = known[name]
        if isinstance(logger, logging.Logger) and name.split(".")[0] in {"django", "celery", "granian", "_granian"}:
            logger.handlers, logger.propagate = [], True
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in SILENT:
        silent = logging.getLogger(name)
        silent.handlers, silent.propagate = [logging.NullHandler()], False
    logging.captureWarnings(True)
