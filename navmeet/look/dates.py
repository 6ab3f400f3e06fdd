"""Days and times as people read them, always by the clock in Oslo, and never a day without its weekday.

Own tables, not Django's: its Nynorsk month and day names follow the translators' choice, and a message sent at night
must read the same as the page. House style: "kl. 10.00" in Norwegian, "10:00" in English.
"""

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

OSLO: Final = ZoneInfo("Europe/Oslo")
DEFAULT: Final = "nb"

WEEKDAYS: Final = {
    "nb": ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"),
    "nn": ("måndag", "tysdag", "onsdag", "torsdag", "fredag", "laurdag", "sundag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_NORWEGIAN_MONTHS: Final = (
    *("januar", "februar", "mars", "april", "mai", "juni"),
    *("juli", "august", "september", "oktober", "november", "desember"),
)
MONTHS: Final = {
    "nb": _NORWEGIAN_MONTHS,
    "nn": _NORWEGIAN_MONTHS,
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
# The hour that exists twice, the night the clocks go back: which of the two.
FOLDS: Final = {
    "nb": ("sommertid", "normaltid"),
    "nn": ("sommartid", "normaltid"),
    "en": ("summer time", "standard time"),
}
# Said where the reader may be elsewhere: the clock is not theirs then.
ZONE: Final = {"nb": "norsk tid", "nn": "norsk tid", "en": "Norwegian time"}
# Between start and end the clock is changed, and neither of them says so.
FORWARD: Final = {"nb": "klokka stilles fram", "nn": "klokka blir stilt fram", "en": "the clocks go forward"}
BACK: Final = {"nb": "klokka stilles tilbake", "nn": "klokka blir stilt tilbake", "en": "the clocks go back"}
UNTIL: Final = {"nb": "til", "nn": "til", "en": "to"}


def day(moment: date, language: str | None = None) -> str:
    """ "tirsdag 24. november 2026". Takes an aware datetime or a date. Raises ValueError for a naive datetime."""
    return f"{short_day(moment, language)} {_date(moment).year}"


def short_day(moment: date, language: str | None = None) -> str:
    """ "tirsdag 24. november": where the year is plain from what stands around."""
    return f"{weekday(moment, language)} {after_weekday(moment, language)}"


def after_weekday(moment: date, language: str | None = None) -> str:
    """ "24. november", to stand directly behind the weekday and nowhere else."""
    chosen, on = _language(language), _date(moment)
    return f"{on.day}{'' if chosen == 'en' else '.'} {MONTHS[chosen][on.month - 1]}"


def born(on: date) -> str:
    """ "24.11.1976". A date of birth tells who somebody is, not when to be somewhere: no weekday."""
    return f"{on:%d.%m.%Y}"


def weekday(moment: date, language: str | None = None) -> str:
    """ "tirsdag"."""
    return WEEKDAYS[_language(language)][_date(moment).weekday()]


def clock(moment: datetime, language: str | None = None) -> str:
    """ "kl. 10.00"; "at 10:00" in English. Raises ValueError for a naive datetime."""
    chosen = _language(language)
    return f"{_at(chosen)} {_time(moment, chosen)}"


def hours(start: datetime, end: datetime, language: str | None = None) -> str:
    """ "10.00–10.45", for lists where a "kl." on each line is noise; "23.30–00.30 (onsdag)" into the next day."""
    chosen = _language(language)
    next_day = "" if _date(start) == _date(end) else f" ({weekday(end, chosen)})"
    return f"{_time(start, chosen)}–{_time(end, chosen)}{next_day}"


def span(start: datetime, end: datetime, language: str | None = None) -> str:
    """ "kl. 10.00–10.45", where the day stands above; the end's own day too where it is another."""
    chosen = _language(language)
    if _date(start) == _date(end):
        return f"{clock(start, chosen)}–{_time(end, chosen)}{_changed(start, end, chosen)}"
    return f"{clock(start, chosen)} {UNTIL[chosen]} {short_day(end, chosen)} {clock(end, chosen)}"


def zone(language: str | None = None) -> str:
    """ "norsk tid": whose clock it is."""
    return ZONE[_language(language)]


def instant(moment: datetime) -> str:
    """ "2026-11-24T10:00:00+01:00", for machines: the datetime attribute of a time element."""
    return in_oslo(moment).isoformat(timespec="seconds")


def week(moment: date) -> str:
    """ "2026-W48", for machines: a week in an address (ISO 8601)."""
    return f"{_date(moment):%G-W%V}"


def when(start: datetime, end: datetime | None = None, language: str | None = None) -> str:
    """ "tirsdag 24. november 2026 kl. 10.00–10.45". Raises ValueError for naive datetimes."""
    chosen = _language(language)
    begins = f"{day(start, chosen)} {clock(start, chosen)}"
    if end is None:
        return begins
    if _date(start) == _date(end):
        return f"{begins}–{_time(end, chosen)}{_changed(start, end, chosen)}"
    return f"{begins} {UNTIL[chosen]} {day(end, chosen)} {clock(end, chosen)}"


def _language(language: str | None) -> str:
    """The language asked for, else the active one, else bokmål for those that have no words here."""
    code = (language or get_language() or DEFAULT).split("-")[0]
    return code if code in WEEKDAYS else DEFAULT


def _date(moment: date) -> date:
    return in_oslo(moment).date() if isinstance(moment, datetime) else moment


def in_oslo(moment: datetime) -> datetime:
    """The same instant on the clock in Oslo. Raises ValueError for a naive datetime: it names no instant."""
    if moment.tzinfo is None:
        raise ValueError("a datetime without a time zone names no instant")
    return moment.astimezone(OSLO)


def _time(moment: datetime, language: str) -> str:
    local = in_oslo(moment)
    text = f"{local:%H:%M}" if language == "en" else f"{local:%H.%M}"
    if not _is_twice(local):
        return text
    return f"{text} ({FOLDS[language][local.fold]})"


def _changed(start: datetime, end: datetime, language: str) -> str:
    """Why the two on the clock are further apart, or closer, than the meeting is long."""
    before, after = in_oslo(start), in_oslo(end)
    shift = (after.utcoffset() or timedelta(0)) - (before.utcoffset() or timedelta(0))
    if not shift or _is_twice(before) or _is_twice(after):
        return ""
    return f" ({(FORWARD if shift > timedelta(0) else BACK)[language]})"


def _is_twice(local: datetime) -> bool:
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def _at(language: str) -> str:
    return "at" if language == "en" else "kl."
