"""One CEF line for one showing, by the rules of `contracts/audit-log.md`: what Nav's audit archive takes in."""

from datetime import datetime

from django.conf import settings

# Shown to citizens in the archive's reports, and never changed without those who run it.
VENDOR = "Møter i Nav"
PRODUCT = "navmeet"
VERSION = "1.0"
EVENT_CLASS = "audit:access"
NAME = "Sporingslogg"
# Sentences that the person themselves may read.
WORDS = {
    "meeting": "En ansatt i Nav har sett på et møte med deg",
    "minutes": "En ansatt i Nav har lest referatet fra et møte med deg",
    "person": "En ansatt i Nav har slått deg opp for å bestille et møte",
    "messages": "En ansatt i Nav har sett hvilke meldinger du har fått om et møte",
}
OTHERWISE = "En ansatt i Nav har sett opplysninger om deg"


def line(
    *, nav_ident: str, number: str, at: datetime, what: str, call_id: str, is_unusual: bool = False, msg: str = ""
) -> str:
    """The line, without the newline that ends it. `at` is told as milliseconds since 1970: thirteen digits."""
    header = (VENDOR, PRODUCT, VERSION, EVENT_CLASS, NAME, "WARN" if is_unusual else "INFO")
    said = {
        "suid": nav_ident,
        "duid": number,
        "end": f"{int(at.timestamp() * 1000):013d}",
        "sproc": call_id,
        "msg": msg or WORDS.get(what.split(".")[0], OTHERWISE),
        "flexString1Label": "Decision",
        "flexString1": "Permit",
    }
    extension = " ".join(f"{key}={_value(value)}" for key, value in said.items() if value)
    return "|".join(("CEF:0", *map(_header, header), extension))


def frame(text: str, *, at: datetime, host: str, is_unusual: bool = False) -> bytes:
    """The line as syslog over TCP takes it: priority (user.info or user.warning), time, host, our name, newline."""
    priority = 8 + (4 if is_unusual else 6)
    day = f"{at:%b} {at.day:2d} {at:%H:%M:%S}"
    return f"<{priority}>{day} {host} {settings.NAIS_APP_NAME}: {text}\n".encode()


def _header(text: str) -> str:
    return _one_line(text.replace("\\", "\\\\").replace("|", "\\|"), " ")


def _value(text: str) -> str:
    return _one_line(text.replace("\\", "\\\\").replace("=", "\\="), "\\n")


def _one_line(text: str, newline: str) -> str:
    return text.replace("\r", "").replace("\n", newline)
