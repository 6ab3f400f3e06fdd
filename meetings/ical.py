"""The calendar entry a participant downloads: neutral, with the lasting link, true to the revision that holds.

Why it is an invitation (REQUEST, CANCEL) to nobody by name: docs/adr/0013-the-calendar-entry.md.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import quote
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vText

_SUMMARY = {"nb": "Møte med Nav", "nn": "Møte med Nav", "en": "Meeting with Nav"}
_HELP = {
    "nb": "Lenken viser alltid det som gjelder nå. Trenger du hjelp, ring 55 55 33 33.",
    "nn": "Lenkja viser alltid det som gjeld no. Treng du hjelp, ring 55 55 33 33.",
    "en": "The link always shows what applies now. If you need help, call +47 55 55 33 33.",
}


_IN_ADDRESSES: Final = ":/?#[]@!$&'()*+,;=%"


@dataclass(frozen=True)
class Entry:
    """What a calendar needs to know, and no more: no names, no theme, no place. Times are the participant's own part.

    An employee's (`of_staff`) does not say whom to ring for help. `sequence` never falls for one participant, and rises
    with each change of time, format or state.
    """

    participant_id: UUID
    starts_at: datetime
    ends_at: datetime
    zone: str
    sequence: int
    is_cancelled: bool
    link: str
    language: str
    stamped_at: datetime
    of_staff: bool = False


def render(entry: Entry) -> bytes:
    """One VCALENDAR, METHOD REQUEST or CANCEL, with the zone's own rules; UID the participant's, for life."""
    zone = ZoneInfo(entry.zone)
    link = quote(entry.link, safe=_IN_ADDRESSES)
    calendar = Calendar()
    calendar.add("prodid", "-//Nav//navmeet//NO")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if entry.is_cancelled else "REQUEST")
    calendar.add_component(_rules_of(zone))
    event = Event()
    event.add("uid", f"{entry.participant_id}@navmeet.nav.no")
    event.add("dtstamp", entry.stamped_at)
    starts_at, ends_at = _as_written(entry, zone)
    event.add("dtstart", starts_at)
    event.add("dtend", ends_at)
    event.add("summary", _SUMMARY.get(entry.language, _SUMMARY["nb"]))
    event.add("description", link if entry.of_staff else f"{link}\n\n{_HELP.get(entry.language, _HELP['nb'])}")
    event.add("url", link)
    event.add("sequence", entry.sequence)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    event["organizer"] = _organizer()
    event.add("attendee", _attendee(entry.participant_id), encode=False)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _as_written(entry: Entry, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Start and end by the clock of the zone; in UTC where that would be read as another instant.

    A local time that comes twice means the first of the two (RFC 5545, 3.3.5): the second cannot be written.
    """
    local = entry.starts_at.astimezone(zone), entry.ends_at.astimezone(zone)
    if any(one.fold for one in local):
        return entry.starts_at.astimezone(UTC), entry.ends_at.astimezone(UTC)
    return local


def _organizer() -> vCalAddress:
    """Nav, at no address: nobody reads what a calendar program might send back."""
    organizer = vCalAddress("invalid:nomail")
    organizer.params["CN"] = vText("Nav")
    return organizer


def _attendee(participant_id: UUID) -> vCalAddress:
    """A request and a cancellation must say to whom (RFC 5546, 3.2.2 and 3.2.5): by our own id, at no address."""
    attendee = vCalAddress(f"urn:uuid:{participant_id}")
    for name, value in (("CUTYPE", "INDIVIDUAL"), ("ROLE", "REQ-PARTICIPANT"), ("RSVP", "FALSE")):
        attendee.params[name] = vText(value)
    return attendee


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
