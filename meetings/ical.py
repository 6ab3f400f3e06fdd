"""The calendar entry a participant downloads: neutral, with the lasting link, true to the revision that holds."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vText

_SUMMARY = {"nb": "Møte med Nav", "nn": "Møte med Nav", "en": "Meeting with Nav"}
_HELP = {
    "nb": "Lenken viser alltid det som gjelder nå. Trenger du hjelp, ring 55 55 33 33.",
    "nn": "Lenkja viser alltid det som gjeld no. Treng du hjelp, ring 55 55 33 33.",
    "en": "The link always shows what applies now. If you need help, call +47 55 55 33 33.",
}


@dataclass(frozen=True)
class Entry:
    """What a calendar needs to know, and no more: no names, no theme, no place."""

    meeting_id: UUID
    starts_at: datetime
    ends_at: datetime
    zone: str
    sequence: int
    is_cancelled: bool
    link: str
    language: str
    stamped_at: datetime


def render(entry: Entry) -> bytes:
    """One VCALENDAR, METHOD REQUEST or CANCEL, with the zone's own rules; UID for life, SEQUENCE the meeting's."""
    zone = ZoneInfo(entry.zone)
    calendar = Calendar()
    calendar.add("prodid", "-//Nav//navmeet//NO")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if entry.is_cancelled else "REQUEST")
    calendar.add_component(_rules_of(zone))
    event = Event()
    event.add("uid", f"{entry.meeting_id}@navmeet.nav.no")
    event.add("dtstamp", entry.stamped_at)
    event.add("dtstart", entry.starts_at.astimezone(zone))
    event.add("dtend", entry.ends_at.astimezone(zone))
    event.add("summary", _SUMMARY.get(entry.language, _SUMMARY["nb"]))
    event.add("description", f"{entry.link}\n\n{_HELP.get(entry.language, _HELP['nb'])}")
    event.add("url", entry.link)
    event.add("sequence", entry.sequence)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    organizer = vCalAddress("invalid:nomail")
    organizer.params["CN"] = vText("Nav")
    event["organizer"] = organizer
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _rules_of(zone: ZoneInfo) -> Timezone:
    """The zone as a VTIMEZONE. Oslo's as the two rules it has had since 1996 (directive 2000/84/EC).

    The library's own listing of each change by date is read by few calendars, and an hour late in spring.
    """
    if zone.key != "Europe/Oslo":
        return Timezone.from_tzinfo(zone)
    rules = Timezone()
    rules.add("tzid", zone.key)
    winter, summer = timedelta(hours=1), timedelta(hours=2)
    for part, name, month, hour, before, after in (
        (TimezoneDaylight(), "CEST", 3, 2, winter, summer),
        (TimezoneStandard(), "CET", 10, 3, summer, winter),
    ):
        part.add("dtstart", datetime(1996, month, 31 if month == 3 else 27, hour))  # noqa: DTZ001 (local, by RFC 5545)
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        part.add("tzname", name)
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        rules.add_component(part)
    return rules
