"""Min side's own rules, as the stand-in for Min side applies them.

Written from contracts/ditt-nav.md alone, and on purpose not shared with `invitations.messages.min_side_rules`: the
one stands for us, the other for them, and a test compares the two. Titles are those of Min side's validation, and
three of its JSON reader (`felt_mangler`, `felt_er_null`, `felt_feil_format`).
"""

import re
import string
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

_HEX = set(string.hexdigits)
_CROCKFORD = set(string.digits + "ABCDEFGHJKMNPQRSTVWXYZ" + "abcdefghjkmnpqrstvwxyz")
_LETTERS = set(string.ascii_letters)
_LINKISH = r"[-a-zA-Z0-9@:%_\+.~#?&//=]"
_LOOKS_LIKE_LINK = re.compile(
    rf"(https?://{_LINKISH}+|{_LINKISH}{{2,256}}\.[a-z]{{2,4}}(?![a-zA-Z0-9_])(/{_LINKISH}*)?)"
)
_MIN_SIDE_LINK = re.compile(r"https://(?:[a-z0-9-]{0,61}\.)*nav\.no($(?!\n)|[/?])")
_OPPRETT_NEEDS = ("type", "varselId", "ident", "sensitivitet", "tekster", "produsent")
_TYPES = ("beskjed", "oppgave", "innboks")

Refusals = list[tuple[str, str]]


def refusals(event: Any) -> Refusals:
    """Why Min side would not take this event: (title, field) pairs; none when it is taken."""
    if not isinstance(event, dict):
        return [("felt_feil_format", "")]
    found: Refusals = []
    _walk(event, "", found)
    name = event.get("@event_name")
    if name == "opprett":
        _need(event, _OPPRETT_NEEDS, "", found)
        for check in (_basics, _texts, _link, _lifetime, _external, _producer):
            check(event, found)
    elif name == "inaktiver":
        _need(event, ("varselId", "produsent"), "", found)
        _identifier(event, found)
        _producer(event, found)
    else:
        found.append(("felt_feil_format", "@event_name"))
    return found


def length(text: str) -> int:
    """UTF-16 units, which is what Java counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _walk(value: Any, where: str, found: Refusals) -> None:
    """Nulls are to be left out, and text must be whole characters."""
    if value is None:
        found.append(("felt_er_null", where))
    elif isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            found.append(("felt_feil_format", where))
    elif isinstance(value, dict):
        for name, inner in value.items():
            _walk(inner, f"{where}.{name}" if where else str(name), found)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            _walk(inner, f"{where}.{place}" if where else str(place), found)


def _need(holder: dict[str, Any], names: tuple[str, ...], where: str, found: Refusals) -> None:
    found.extend(("felt_mangler", where + name) for name in names if name not in holder)


def _typed(holder: dict[str, Any], name: str, kind: type, where: str, found: Refusals) -> Any:
    value = holder.get(name)
    if value is None:
        return None
    if not isinstance(value, kind):
        found.append(("felt_feil_format", where + name))
        return None
    return value


def _rule(holds: bool, title: str, where: str, found: Refusals) -> None:
    if not holds:
        found.append((title, where))


def _basics(event: dict[str, Any], found: Refusals) -> None:
    for name, allowed in (("type", _TYPES), ("sensitivitet", ("substantial", "high"))):
        value = _typed(event, name, str, "", found)
        if value is not None:
            _rule(value in allowed, "felt_feil_format", name, found)
    _identifier(event, found)
    ident = _typed(event, "ident", str, "", found)
    if ident is not None:
        _rule(length(ident) == 11, "ident_feil_lengde", "ident", found)
    _typed(event, "metadata", dict, "", found)


def _identifier(event: dict[str, Any], found: Refusals) -> None:
    value = _typed(event, "varselId", str, "", found)
    if value is not None:
        _rule(_is_uuid(value) or _is_ulid(value), "varselid_feil_format", "varselId", found)


def _is_uuid(value: str) -> bool:
    groups = value.split("-")
    return [len(group) for group in groups] == [8, 4, 4, 4, 12] and all(set(group) <= _HEX for group in groups)


def _is_ulid(value: str) -> bool:
    return len(value) == 26 and value[0] in "01234567" and set(value) <= _CROCKFORD


def _texts(event: dict[str, Any], found: Refusals) -> None:
    texts = _typed(event, "tekster", list, "", found)
    if texts is None:
        return
    if any(not isinstance(text, dict) for text in texts):
        found.append(("felt_feil_format", "tekster"))
        return
    limit = 300 if event.get("type") == "beskjed" else 500
    languages: list[str] = []
    for place, text in enumerate(texts):
        where = f"tekster.{place}."
        _need(text, ("spraakkode", "tekst"), where, found)
        language = _typed(text, "spraakkode", str, where, found)
        if language is not None:
            languages.append(language)
            fits = set(language) <= _LETTERS and 2 <= len(language) <= 8
            _rule(fits, "minside_tekst_feil_format_spraakkode", f"{where}spraakkode", found)
        words = _typed(text, "tekst", str, where, found)
        if words is not None:
            _rule(length(words) <= limit, "minside_tekst_feil_lengde", f"{where}tekst", found)
        _typed(text, "default", bool, where, found)
    _rule(len(languages) == len(set(languages)), "minside_tekst_spraak_duplikat", "tekster", found)
    chosen = [text for text in texts if text.get("default") is True]
    _rule(len(texts) == 1 or len(chosen) == 1, "minside_tekst_default_spraak_mangler", "tekster", found)


def _link(event: dict[str, Any], found: Refusals) -> None:
    if event.get("link") is None:
        _rule(event.get("type") not in ("oppgave", "innboks"), "link_mangler", "link", found)
        return
    link = _typed(event, "link", str, "", found)
    if link is None:
        return
    if length(link) > 200 or not _is_address(link):
        found.append(("feil_format_link", "link"))
    else:
        # Searched for, not matched: Min side itself lets through what merely mentions its domain.
        _rule(_MIN_SIDE_LINK.search(link) is not None, "feil_domene_link", "link", found)


def _is_address(link: str) -> bool:
    """What both java.net.URL and java.net.URI take."""
    forbidden = set('<>"{}|\\^`\u2028\u2029')
    if any(sign in forbidden or sign.isspace() or ord(sign) < 33 or 127 <= ord(sign) <= 160 for sign in link):
        return False
    if any(len(octet) < 2 or not set(octet[:2]) <= _HEX for octet in link.split("%")[1:]):
        return False
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in ("https", "http", "ftp") and bool(parts.netloc)


def _lifetime(event: dict[str, Any], found: Refusals) -> None:
    _time(event, "aktivFremTil", "", found)
    _rule(not (event.get("type") == "innboks" and "aktivFremTil" in event), "innboks_aktiv_frem_til", "", found)


def _time(holder: dict[str, Any], name: str, where: str, found: Refusals) -> None:
    value = _typed(holder, name, str, where, found)
    if value is not None:
        _rule(parsed_time(value) is not None, "felt_feil_format", where + name, found)


def parsed_time(value: str) -> datetime | None:
    """An ISO date and time with a zone, as java.time.ZonedDateTime reads it; None if it is not one."""
    date, letter, rest = value.partition("T")
    clock = re.fullmatch(r"(\d\d:\d\d)(:\d\d)?(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", rest, re.ASCII)
    if not letter or not re.fullmatch(r"\d{4}-\d\d-\d\d", date, re.ASCII) or not clock:
        return None
    minutes, seconds, fraction, zone = clock.groups()
    if fraction and not seconds:
        return None
    try:
        at = datetime.strptime(f"{date}T{minutes}{seconds or ':00'}{zone}", "%Y-%m-%dT%H:%M:%S%z")
    except ValueError:
        return None
    offset = at.utcoffset()
    return at if offset is not None and abs(offset.total_seconds()) <= 18 * 3600 else None


def _external(event: dict[str, Any], found: Refusals) -> None:
    external = _typed(event, "eksternVarsling", dict, "", found)
    if external is None:
        return
    where = "eksternVarsling."
    channels = _typed(external, "prefererteKanaler", list, where, found) or []
    known = all(channel in ("SMS", "EPOST", "BETINGET_SMS") for channel in channels)
    _rule(known, "felt_feil_format", f"{where}prefererteKanaler", found)
    sms = _within(external, "smsVarslingstekst", 160, "sms_tekst_feil_lendge", found)
    _within(external, "epostVarslingstittel", 40, "epost_tittel_feil_lengde", found)
    mail = _within(external, "epostVarslingstekst", 4000, "epost_tekst_feil_lengde", found)
    for name, words in (("smsVarslingstekst", sms), ("epostVarslingstekst", mail)):
        _rule(_LOOKS_LIKE_LINK.search(words or "") is None, "link_i_ekstern_varsling", where + name, found)
    _typed(external, "kanBatches", bool, where, found)
    _time(external, "utsettSendingTil", where, found)


def _within(external: dict[str, Any], name: str, most: int, title: str, found: Refusals) -> str | None:
    words: str | None = _typed(external, name, str, "eksternVarsling.", found)
    if words is not None:
        _rule(not words.isspace() and 0 < length(words) <= most, title, f"eksternVarsling.{name}", found)
    return words


def _producer(event: dict[str, Any], found: Refusals) -> None:
    producer = _typed(event, "produsent", dict, "", found)
    if producer is not None:
        names = ("cluster", "namespace", "appnavn")
        _need(producer, names, "produsent.", found)
        for name in names:
            _typed(producer, name, str, "produsent.", found)
