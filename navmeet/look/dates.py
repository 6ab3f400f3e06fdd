"""Days and times as people read them, always by the clock in Oslo.

Own tables, not Django's: its Nynorsk month and day names follow the translators' choice, and a message sent at night
must read the same as the page. House style: "kl. 10.00" in Norwegian, "10:00" in English.
"""

from datetime import date, datetime
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
UNTIL: Final = {"nb": "til", "nn": "til", "en": "to"}


def day(moment: date, language: str | None = None) -> str:
    """ "tirsdag 24. november 2026". Takes an aware datetime or a date. Raises ValueError for a naive datetime."""
    chosen, on = _language(language), _date(moment)
    stop = "" if chosen == "en" else "."
    return f"{WEEKDAYS[chosen][on.weekday()]} {on.day}{stop} {MONTHS[chosen][on.month - 1]} {on.year}"


def short_day(moment: date, language: str | None = None) -> str:
    """ "24. november": where the year and the day of the week are plain from what stands around."""
    chosen, on = _language(language), _date(moment)
    return f"{on.day}{'' if chosen == 'en' else '.'} {MONTHS[chosen][on.month - 1]}"


def weekday(moment: date, language: str | None = None) -> str:
    """ "tirsdag"."""
    return WEEKDAYS[_language(language)][_date(moment).weekday()]


def clock(moment: datetime, language: str | None = None) -> str:
    """ "kl. 10.00"; "at 10:00" in English. Raises ValueError for a naive datetime."""
    chosen = _language(language)
    return f"{_at(chosen)} {_time(moment, chosen)}"


def hours(start: datetime, end: datetime, language: str | None = None) -> str:
    """ "10.00–10.45", for lists where a "kl." on each line is noise."""
    chosen = _language(language)
    return f"{_time(start, chosen)}–{_time(end, chosen)}"


def span(start: datetime, end: datetime, language: str | None = None) -> str:
    """ "kl. 10.00–10.45", where the day stands above."""
    chosen = _language(language)
    return f"{clock(start, chosen)}–{_time(end, chosen)}"


def when(start: datetime, end: datetime | None = None, language: str | None = None) -> str:
    """ "tirsdag 24. november 2026 kl. 10.00–10.45". Raises ValueError for naive datetimes."""
    chosen = _language(language)
    begins = f"{day(start, chosen)} {clock(start, chosen)}"
    if end is None:
        return begins
    if _date(start) == _date(end):
        return f"{begins}–{_time(end, chosen)}"
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
    if local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset():
        return text
    return f"{text} ({FOLDS[language][local.fold]})"


def _at(language: str) -> str:
    return "at" if language == "en" else "kl."
