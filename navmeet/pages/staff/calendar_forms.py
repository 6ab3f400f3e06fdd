"""What employees fill in of their own hours and absence, and of their office's closing days."""

import re
from datetime import datetime, time
from typing import Any, Final

from django import forms

from meetings.days import Hours
from meetings.keeping import WeekdayHours, check_week
from meetings.models import Absence
from meetings.times import OSLO
from navmeet.exceptions import InvalidFields
from navmeet.look import dates
from navmeet.look.renderer import AkselField

WEEKDAYS: Final = ("Mandag", "Tirsdag", "Onsdag", "Torsdag", "Fredag", "Lørdag", "Søndag")
KINDS: Final = {
    Absence.Kind.LEAVE: "Ferie eller permisjon",
    Absence.Kind.OTHER_WORK: "Kurs, reise eller annet arbeid",
    Absence.Kind.AWAY: "Annet fravær",
}
_DATES: Final = ["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"]
_CLOCKS: Final = ["%H:%M", "%H.%M"]
_PERIOD: Final = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?\s*[-–]\s*(\d{1,2})(?:[.:](\d{2}))?", re.ASCII)
_LONGEST: Final = 60
_ALL_DAY: Final = (time(0), time(23, 59))
NO_CLOCK: Final = "Skriv klokkeslettet som 08.00. Klokka går fra 00.00 til 23.59."
HOW: Final = "Skriv for eksempel 08.00–15.30, eller 08.00–11.00, 12.00–15.30 hvis du har en pause."


class EmptyAnswers(AkselField):
    """No hours are an answer: the label does not say that the field is optional."""

    is_optional = False


class HoursField(forms.CharField):
    """ "08.00–11.00, 12.00–15.30": one or several periods of a day; empty for none."""

    bound_field_class = EmptyAnswers

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=_LONGEST, **kwargs)

    def clean(self, value: Any) -> tuple[Hours, ...]:
        """Raises ValidationError for what is no time of day; the domain says what overlaps or closes first."""
        try:
            text = super().clean(value)
        except forms.ValidationError:
            # Too long, or with a character that no time of day has.
            raise forms.ValidationError(HOW) from None
        return tuple(_period(one) for one in text.split(",")) if text else ()


class WeekForm(forms.Form):
    """One's own week, a field a weekday."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, name in enumerate(WEEKDAYS):
            self.fields[f"day_{number}"] = HoursField(label=name)

    def add_error(self, field: str | None, error: Any) -> None:
        """The week has one and the same error for many a day: each says which."""
        said = error if isinstance(error, forms.ValidationError) else forms.ValidationError(error)
        day = self.fields[field].label if field in self.fields else None
        super().add_error(field, [f"{day}: {text}" for text in said.messages] if day else said)

    def clean(self) -> dict[str, Any]:
        """What the domain says of the days that can be read is told together with those that cannot."""
        given = super().clean() or self.cleaned_data
        week = self.week()
        try:
            check_week(week)
        except InvalidFields as error:
            for one in error.errors:
                number = int((one.field or "week.0").split(".")[1])
                self.add_error(f"day_{week[number].weekday}", one.message)
        return given

    def week(self) -> tuple[WeekdayHours, ...]:
        """As the domain takes it."""
        days = [(number, self.cleaned_data.get(f"day_{number}", ())) for number in range(7)]
        return tuple(WeekdayHours(number, hours) for number, periods in days for hours in periods)


class DateForm(forms.Form):
    """The hours of one date; empty: not to be met that day."""

    date = forms.DateField(
        label="Dato",
        input_formats=_DATES,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "Velg en dato.", "invalid": "Skriv datoen som 21.01.2027."},
    )
    hours = HoursField(label="Arbeidstid", help_text="La feltet stå tomt hvis ingen kan møte deg den dagen.")

    def clean_hours(self) -> Hours | None:
        """Raises ValidationError for several periods."""
        periods: tuple[Hours, ...] = self.cleaned_data["hours"]
        if len(periods) > 1:
            raise forms.ValidationError("Skriv én periode, for eksempel 10.00–14.00.")
        return periods[0] if periods else None


class AbsenceForm(forms.Form):
    """From–to, whole days where no time of day is given. Why is a class and no more."""

    from_day = forms.DateField(
        label="Fra og med",
        input_formats=_DATES,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "Velg en dato.", "invalid": "Skriv datoen som 21.01.2027."},
    )
    from_time = forms.TimeField(
        label="Fra klokka", input_formats=_CLOCKS, required=False, error_messages={"invalid": NO_CLOCK}
    )
    to_day = forms.DateField(
        label="Til og med",
        input_formats=_DATES,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "Velg en dato.", "invalid": "Skriv datoen som 21.01.2027."},
    )
    to_time = forms.TimeField(
        label="Til klokka", input_formats=_CLOCKS, required=False, error_messages={"invalid": NO_CLOCK}
    )
    kind = forms.ChoiceField(
        label="Hva slags fravær",
        choices=[(kind.value, label) for kind, label in KINDS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "Velg hva slags fravær det er.", "invalid_choice": "Velg hva slags fravær det er."},
    )

    def span(self) -> tuple[datetime, datetime]:
        """The instants; a day without a time of day is a whole day. OverflowError is told as a date too far off."""
        given = self.cleaned_data
        begins = datetime.combine(given["from_day"], given["from_time"] or _ALL_DAY[0], OSLO)
        ends = datetime.combine(given["to_day"], given["to_time"] or _ALL_DAY[1], OSLO)
        return begins, ends

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError for a year that no calendar here goes to."""
        given = super().clean() or self.cleaned_data
        for name in ("from_day", "to_day"):
            if given.get(name) and not 1970 < given[name].year < 2100:
                self.add_error(name, "Velg en dato innen to år fra i dag.")
        return given


class ClosingForm(forms.Form):
    date = forms.DateField(
        label="Dag kontoret er stengt for møter",
        input_formats=_DATES,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "Velg en dato.", "invalid": "Skriv datoen som 21.01.2027."},
    )


def away(absence: Absence) -> str:
    """ "fra og med torsdag 21. januar 2027 til og med …"; with times of day where it is not of whole days."""
    begins, ends = absence.starts_at.astimezone(OSLO), absence.ends_at.astimezone(OSLO)
    if (begins.time(), ends.time()) != _ALL_DAY:
        return dates.when(begins, ends) if begins.date() == ends.date() else _from_to(begins, ends)
    if begins.date() == ends.date():
        return f"hele {dates.day(begins)}"
    return f"fra og med {dates.day(begins)} til og med {dates.day(ends)}"


def _from_to(begins: datetime, ends: datetime) -> str:
    return f"fra {dates.when(begins)} til {dates.when(ends)}"


def written(periods: list[Hours]) -> str:
    """As the field reads it."""
    return ", ".join(f"{one.opens:%H.%M}–{one.closes:%H.%M}" for one in periods)


def _period(text: str) -> Hours:
    match = _PERIOD.fullmatch(text.strip())
    if match is None:
        raise forms.ValidationError(HOW)
    try:
        opens, closes = (time(int(match[at]), int(match[at + 1] or 0)) for at in (1, 3))
    except ValueError:
        raise forms.ValidationError("Klokka går fra 00.00 til 23.59. " + HOW) from None
    return Hours(opens, closes)
