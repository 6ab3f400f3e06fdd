"""What Min side demands of an event. It drops an invalid one without a word, so ours are checked before they leave.

Source: tms-varsel-authority, varsel-action `validation.kt` v2.2; titles are theirs, but for the three that begin with
`felt_`: there the receiver's JSON reader fails before its own rules are asked. Lengths count UTF-16 units, as in Java.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

UUID: Final = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
ULID: Final = re.compile(r"[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}")
LANGUAGE: Final = re.compile(r"[a-zA-Z]{2,8}")
# As Min side has it: searched for, so an address of somebody else that merely mentions nav.no passes …
LINK_SEARCHED: Final = re.compile(r"https://(?:[a-z0-9-]{0,61}\.)*nav\.no(?:\Z|[/?])")
# … which is why ours is anchored: the host itself must be nav.no or under it.
LINK_ANCHORED: Final = re.compile(r"https://(?:[a-z0-9-]{1,61}\.)*nav\.no(?:\Z|[/?])")
# What java.net.URI refuses: spaces and controls, a few signs, a percent sign that begins no octet.
NOT_IN_AN_ADDRESS: Final = re.compile(
    r"[\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000<>\"{}|\\^`]|%(?![0-9a-fA-F]{2})"
)
HALF: Final = re.compile("[\ud800-\udfff]")
ADDRESS: Final = re.compile(r"(?:https?|ftp)://[^/?#]+", re.IGNORECASE)
# In Java `\b` knows ASCII letters only (from version 19), and so must ours.
_C: Final = r"[-a-zA-Z0-9@:%_+.~#?&/=]"
LINK_LIKE: Final = re.compile(rf"https?://{_C}+|{_C}{{2,256}}\.[a-z]{{2,4}}\b(?:/{_C}*)?", re.ASCII)
INSTANT: Final = re.compile(
    r"(?P<until_minute>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2})(?::[0-9]{2}(?:\.[0-9]{1,9})?)?"
    r"(?:Z|[+-](?:0[0-9]|1[0-7]):[0-5][0-9]|[+-]18:00)"
)

LONGEST_TEXT: Final = {"beskjed": 300, "oppgave": 500, "innboks": 500}
LONGEST_LINK: Final = 200
LONGEST_SMS: Final = 160
LONGEST_EMAIL_TITLE: Final = 40
LONGEST_EMAIL_TEXT: Final = 4000
SENSITIVITIES: Final = ("substantial", "high")
CHANNELS: Final = ("SMS", "EPOST", "BETINGET_SMS")

MISSING: Final = "felt_mangler"
IS_NULL: Final = "felt_er_null"
WRONG_FORMAT: Final = "felt_feil_format"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why Min side would drop an event. `message` never repeats what stood in the field: it may be about a person."""

    title: str
    field: str
    message: str


def problems_with(event: Mapping[str, Any]) -> list[Problem]:
    """Everything that is wrong with an `opprett` or `inaktiver` event; empty when Min side would take it."""
    found = [] if _is_whole(event) else [*_nulls(event, ""), *_broken_text(event, "")]
    match event.get("@event_name"):
        case "opprett":
            found += _opprett(event)
        case "inaktiver":
            found += [*_required(event, ("varselId", "produsent")), *_key(event), *_producer(event)]
        case _:
            found.append(Problem(WRONG_FORMAT, "@event_name", "neither opprett nor inaktiver"))
    return found


def utf16_length(text: str) -> int:
    """The length as Min side counts it: an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def link_like(text: str) -> str | None:
    """The first part of an SMS or e-mail text that Min side takes for a link, if any: "nav.no", "møtet.vi"."""
    found = LINK_LIKE.search(text)
    return found.group() if found else None


def _opprett(event: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _required(event, ("type", "varselId", "ident", "sensitivitet", "tekster", "produsent"))
    yield from _one_of(event, "type", tuple(LONGEST_TEXT))
    yield from _one_of(event, "sensitivitet", SENSITIVITIES)
    yield from _key(event)
    yield from _ident(event)
    yield from _texts(event)
    yield from _link(event)
    yield from _active_until(event)
    yield from _external(event)
    yield from _producer(event)
    if not isinstance(event.get("metadata"), Mapping | None):
        yield Problem(WRONG_FORMAT, "metadata", "not an object")


def _is_whole(event: Mapping[str, Any]) -> bool:
    """Surely no null and no half a character in it: seen at a glance, where looking at each part takes long."""
    try:
        return b"null" not in json.dumps(event, ensure_ascii=False).encode()
    except (TypeError, ValueError, RecursionError):
        return False


def _nulls(value: object, field: str) -> Iterator[Problem]:
    if value is None:
        yield Problem(IS_NULL, field, "is null; it must be left out")
    for name, part in _parts(value):
        yield from _nulls(part, f"{field}.{name}".lstrip("."))


def _broken_text(value: object, field: str) -> Iterator[Problem]:
    if isinstance(value, str) and HALF.search(value):
        yield Problem(WRONG_FORMAT, field, "has half a character, which UTF-8 cannot carry")
    for name, part in _parts(value):
        yield from _broken_text(part, f"{field}.{name}".lstrip("."))


def _parts(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping):
        yield from ((str(name), part) for name, part in value.items())
    elif isinstance(value, list | tuple):
        yield from ((str(number), part) for number, part in enumerate(value))


def _required(event: Mapping[str, Any], names: tuple[str, ...]) -> Iterator[Problem]:
    return (Problem(MISSING, name, "is required") for name in names if name not in event)


def _one_of(event: Mapping[str, Any], name: str, allowed: tuple[str, ...]) -> Iterator[Problem]:
    value = event.get(name)
    if value is not None and not (isinstance(value, str) and value in allowed):
        yield Problem(WRONG_FORMAT, name, f"not one of {', '.join(allowed)}")


def _string(of: Mapping[str, Any], name: str, field: str) -> tuple[str | None, list[Problem]]:
    """The string if there is one; a problem if something else is there. What is absent is not this one's business."""
    value = of.get(name)
    if value is None or isinstance(value, str):
        return value, []
    return None, [Problem(WRONG_FORMAT, field, "not a string")]


def _key(event: Mapping[str, Any]) -> Iterator[Problem]:
    key, wrong = _string(event, "varselId", "varselId")
    yield from wrong
    if key is not None and not (UUID.fullmatch(key) or ULID.fullmatch(key)):
        yield Problem("varselid_feil_format", "varselId", "neither a UUID nor a ULID")


def _ident(event: Mapping[str, Any]) -> Iterator[Problem]:
    ident, wrong = _string(event, "ident", "ident")
    yield from wrong
    if ident is not None and utf16_length(ident) != 11:
        yield Problem("ident_feil_lengde", "ident", "not 11 characters")


def _texts(event: Mapping[str, Any]) -> Iterator[Problem]:
    texts = event.get("tekster")
    if texts is None:
        return
    if not isinstance(texts, list | tuple) or not all(isinstance(text, Mapping) for text in texts):
        yield Problem(WRONG_FORMAT, "tekster", "not a list of objects")
        return
    longest = LONGEST_TEXT.get(str(event.get("type")), max(LONGEST_TEXT.values()))
    for number, text in enumerate(texts):
        yield from _text(text, f"tekster.{number}", longest)
    languages = [text["spraakkode"] for text in texts if isinstance(text.get("spraakkode"), str)]
    if len(set(languages)) < len(languages):
        yield Problem("minside_tekst_spraak_duplikat", "tekster", "two texts in one language")
    if len(texts) != 1 and sum(text.get("default") is True for text in texts) != 1:
        yield Problem("minside_tekst_default_spraak_mangler", "tekster", "not exactly one of several is the default")


def _text(text: Mapping[str, Any], field: str, longest: int) -> Iterator[Problem]:
    yield from (
        Problem(MISSING, f"{field}.{name}", "is required") for name in ("spraakkode", "tekst") if name not in text
    )
    language, wrong_language = _string(text, "spraakkode", f"{field}.spraakkode")
    words, wrong_words = _string(text, "tekst", f"{field}.tekst")
    yield from [*wrong_language, *wrong_words]
    if language is not None and not LANGUAGE.fullmatch(language):
        yield Problem("minside_tekst_feil_format_spraakkode", f"{field}.spraakkode", "not 2 to 8 letters")
    if words is not None and utf16_length(words) > longest:
        yield Problem("minside_tekst_feil_lengde", f"{field}.tekst", f"longer than {longest}")
    if not isinstance(text.get("default", False), bool | None):
        yield Problem(WRONG_FORMAT, f"{field}.default", "neither true nor false")


def _link(event: Mapping[str, Any]) -> Iterator[Problem]:
    link, wrong = _string(event, "link", "link")
    yield from wrong
    if link is None:
        if not wrong and event.get("type") in ("oppgave", "innboks"):
            yield Problem("link_mangler", "link", "is required for oppgave and innboks")
    elif utf16_length(link) > LONGEST_LINK or NOT_IN_AN_ADDRESS.search(link) or not ADDRESS.match(link):
        yield Problem("feil_format_link", "link", f"not an address, or longer than {LONGEST_LINK}")
    elif not LINK_SEARCHED.search(link):
        yield Problem("feil_domene_link", "link", "not https on nav.no")
    elif not LINK_ANCHORED.match(link):
        yield Problem("feil_domene_link", "link", "mentions nav.no, but does not lead there")


def _active_until(event: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _instant(event, "aktivFremTil", "aktivFremTil")
    if event.get("type") == "innboks" and "aktivFremTil" in event:
        yield Problem("innboks_aktiv_frem_til", "aktivFremTil", "not allowed for innboks")


def _instant(of: Mapping[str, Any], name: str, field: str) -> Iterator[Problem]:
    value, wrong = _string(of, name, field)
    yield from wrong
    if value is not None and not _is_instant(value):
        yield Problem(WRONG_FORMAT, field, "not a date and time with a zone, in ISO-8601")


def _is_instant(value: str) -> bool:
    written = INSTANT.fullmatch(value)
    if not written:
        return False
    seconds = value[len(written["until_minute"]) :][1:3] if value[16:17] == ":" else "00"
    try:
        datetime.fromisoformat(f"{written['until_minute']}:{seconds}+00:00")
    except ValueError:
        return False
    return True


def _external(event: Mapping[str, Any]) -> Iterator[Problem]:
    external = event.get("eksternVarsling")
    if external is None:
        return
    if not isinstance(external, Mapping):
        yield Problem(WRONG_FORMAT, "eksternVarsling", "not an object")
        return
    yield from _channels(external)
    yield from _told(external, "smsVarslingstekst", LONGEST_SMS, "sms_tekst_feil_lendge")
    yield from _told(external, "epostVarslingstittel", LONGEST_EMAIL_TITLE, "epost_tittel_feil_lengde")
    yield from _told(external, "epostVarslingstekst", LONGEST_EMAIL_TEXT, "epost_tekst_feil_lengde")
    # The title of an e-mail is not asked for links.
    for name in ("smsVarslingstekst", "epostVarslingstekst"):
        if isinstance(text := external.get(name), str) and link_like(text):
            yield Problem("link_i_ekstern_varsling", f"eksternVarsling.{name}", "has something that looks like a link")
    if not isinstance(external.get("kanBatches", False), bool | None):
        yield Problem(WRONG_FORMAT, "eksternVarsling.kanBatches", "neither true nor false")
    yield from _instant(external, "utsettSendingTil", "eksternVarsling.utsettSendingTil")


def _told(external: Mapping[str, Any], name: str, longest: int, title: str) -> Iterator[Problem]:
    field = f"eksternVarsling.{name}"
    text, wrong = _string(external, name, field)
    yield from wrong
    if text is not None and (not text.strip() or utf16_length(text) > longest):
        yield Problem(title, field, f"blank, or longer than {longest}")


def _channels(external: Mapping[str, Any]) -> Iterator[Problem]:
    channels = external.get("prefererteKanaler", [])
    if channels is None:
        return
    if not isinstance(channels, list | tuple) or not all(isinstance(one, str) and one in CHANNELS for one in channels):
        yield Problem(WRONG_FORMAT, "eksternVarsling.prefererteKanaler", f"not a list of {', '.join(CHANNELS)}")


def _producer(event: Mapping[str, Any]) -> Iterator[Problem]:
    producer = event.get("produsent")
    if producer is None:
        return
    if not isinstance(producer, Mapping):
        yield Problem(WRONG_FORMAT, "produsent", "not an object")
        return
    for name in ("cluster", "namespace", "appnavn"):
        if name not in producer:
            yield Problem(MISSING, f"produsent.{name}", "is required")
        yield from _string(producer, name, f"produsent.{name}")[1]
