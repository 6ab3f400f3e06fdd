"""The calendar entry, read back by another library: what calendars follow, and nothing of what the meeting is about."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject

from invitations import calendar_entry, links, reading
from invitations.models import Invitation
from meetings import changes, ical
from meetings.models import Format, Meeting
from meetings.places import Place
from tests import make
from tests.meetings.test_changes import arguments, to

pytestmark = pytest.mark.django_db
OSLO = ZoneInfo("Europe/Oslo")


def file_of(meeting: Meeting, language: str = "nb") -> bytes:
    invitation = Invitation.objects.get(participant__meeting=meeting)
    person = invitation.participant.person
    assert person is not None
    return calendar_entry.entry_of(reading.read(invitation.pk, by=make.citizen_actor(person)), language=language)


def read(entry: bytes) -> Any:
    return vobject.readOne(entry.decode("utf-8"))


def test_a_calendar_reads_when_where_to_go_and_whose_it_is() -> None:
    meeting = make.meeting()
    calendar = read(file_of(meeting))
    event = calendar.vevent
    assert calendar.method.value == "REQUEST"
    assert event.dtstart.value.astimezone(UTC) == datetime(2027, 1, 21, 9, 0, tzinfo=UTC)
    assert event.dtend.value.astimezone(UTC) == datetime(2027, 1, 21, 9, 45, tzinfo=UTC)
    assert event.summary.value == "Møte med Nav"
    address = links.address(Invitation.objects.get().pk)
    assert event.url.value == address
    assert event.description.value.startswith(address + "\n")
    assert "55 55 33 33" in event.description.value
    assert (event.status.value, event.sequence.value) == ("CONFIRMED", "0")
    assert event.dtstamp.value == make.NOW


def test_the_time_is_written_by_the_clock_in_oslo_with_the_zones_own_rules() -> None:
    entry = file_of(make.meeting())
    assert b"DTSTART;TZID=Europe/Oslo:20270121T100000\r\n" in entry
    zone = entry.split(b"BEGIN:VTIMEZONE\r\n")[1].split(b"END:VTIMEZONE")[0]
    assert b"TZID:Europe/Oslo\r\n" in zone
    for rule in (b"RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", b"RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10"):
        assert rule + b"\r\n" in zone


@pytest.mark.parametrize("year", [2026, 2027, 2030, 2037])
def test_the_rules_in_the_file_are_those_of_the_zone_hour_for_hour(year: int) -> None:
    zone = read(file_of(make.meeting())).vevent.dtstart.value.tzinfo
    for month, day in ((3, 31), (10, 31)):
        sunday = datetime(year, month, day) - timedelta(days=(datetime(year, month, day).weekday() + 1) % 7)  # noqa: DTZ001
        for hour in (0, 1, 4, 12, 23):
            here = sunday.replace(hour=hour)
            assert here.replace(tzinfo=zone).utcoffset() == here.replace(tzinfo=OSLO).utcoffset()


@pytest.mark.parametrize(
    ("day", "clock", "expected"),
    [
        (date(2027, 3, 26), time(10, 0), datetime(2027, 3, 26, 9, 0, tzinfo=UTC)),
        (date(2027, 3, 29), time(10, 0), datetime(2027, 3, 29, 8, 0, tzinfo=UTC)),
        (date(2027, 3, 28), time(10, 0), datetime(2027, 3, 28, 8, 0, tzinfo=UTC)),
        (date(2027, 10, 29), time(10, 0), datetime(2027, 10, 29, 8, 0, tzinfo=UTC)),
        (date(2027, 10, 31), time(10, 0), datetime(2027, 10, 31, 9, 0, tzinfo=UTC)),
        (date(2027, 11, 1), time(10, 0), datetime(2027, 11, 1, 9, 0, tzinfo=UTC)),
    ],
)
def test_around_both_nights_when_the_clocks_change_another_library_finds_the_same_instant(
    day: date, clock: time, expected: datetime
) -> None:
    meeting = make.meeting(day=day, clock=clock)
    assert meeting.starts_at == expected
    entry = file_of(meeting)
    event = read(entry).vevent
    assert event.dtstart.value.astimezone(UTC) == expected
    assert event.dtend.value - event.dtstart.value == timedelta(minutes=45)
    assert f"DTSTART;TZID=Europe/Oslo:{day:%Y%m%d}T100000\r\n".encode() in entry


def test_a_move_keeps_the_uid_raises_the_sequence_and_is_stamped_with_the_change() -> None:
    meeting = make.meeting()
    before = read(file_of(meeting)).vevent
    moved = changes.move(**arguments(meeting, to=to(), place=None, at=make.later(hours=1)))
    after = read(file_of(moved)).vevent
    assert after.uid.value == before.uid.value
    assert (int(before.sequence.value), int(after.sequence.value)) == (0, 1)
    assert after.dtstart.value.astimezone(UTC) == datetime(2027, 1, 25, 12, 0, tzinfo=UTC)
    assert after.url.value == before.url.value
    assert after.dtstamp.value == make.later(hours=1)


def test_a_cancellation_is_one_to_the_calendar_too() -> None:
    meeting = make.meeting()
    uid = read(file_of(meeting)).vevent.uid.value
    cancelled = read(file_of(changes.cancel(**arguments(meeting, at=make.later(hours=2)))))
    assert cancelled.method.value == "CANCEL"
    assert cancelled.vevent.status.value == "CANCELLED"
    assert int(cancelled.vevent.sequence.value) == 1
    assert cancelled.vevent.uid.value == uid
    assert cancelled.vevent.dtstamp.value == make.later(hours=2)


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_lines_are_folded_at_75_octets_and_end_as_the_standard_says(language: str) -> None:
    entry = file_of(make.meeting(), language)
    assert entry.endswith(b"\r\n")
    assert b"\n" not in entry.replace(b"\r\n", b"")
    assert max(len(line) for line in entry.split(b"\r\n")) <= 75
    for line in entry.split(b"\r\n"):
        line.decode("utf-8")  # no character is cut in two
    assert max(len(line) for line in entry.replace(b"\r\n ", b"").split(b"\r\n")) > 75  # there was something to fold


@pytest.mark.parametrize("held", list(Format))
def test_nothing_of_the_matter_the_people_or_the_place_is_in_the_file(held: Format) -> None:
    places = {
        Format.VIDEO: Place(),
        Format.PHONE: Place(caller="NAV", phone="99112233"),
        Format.IN_PERSON: Place(address="Møteveien 5", room="Bjørka", directions="Ring på."),
    }
    meeting = make.meeting(format=held, place=places[held])
    meeting = changes.move(**arguments(meeting, to=to(), place=None))
    text = file_of(meeting).replace(b"\r\n ", b"").decode("utf-8")
    secret = ["Veien", "planen", "Kari", "Ingrid", "Prøve", "99112233", "Bjørka", "Ring på", "opptatt", "Oppfølging"]
    assert [one for one in secret if one in text] == []
    assert "LOCATION" not in text
    assert "mailto:" not in text


def test_what_is_to_one_participant_names_their_own_id_and_nobody_who_could_be_written_to() -> None:
    """REQUEST and CANCEL have an organizer and an attendee (RFC 5546); a calendar can send neither of them anything."""
    meeting = make.meeting()
    participant = meeting.citizen()
    for entry in (file_of(meeting), file_of(changes.cancel(**arguments(meeting)))):
        event = read(entry).vevent
        assert event.organizer.value == "invalid:nomail"
        [attendee] = event.attendee_list
        assert attendee.value == f"urn:uuid:{participant.pk}"
        assert attendee.params == {"CUTYPE": ["INDIVIDUAL"], "ROLE": ["REQ-PARTICIPANT"], "RSVP": ["FALSE"]}
        assert event.uid.value == f"{participant.pk}@navmeet.nav.no"


NASTY = 'https://mote.example/i/a\r\nATTENDEE:mailto:ond@example.org\r\nX-B;C=1:\\n, "d";e\u2028f\x0bg/'


def test_nothing_that_is_written_into_an_entry_becomes_a_line_of_its_own() -> None:
    entry = ical.render(
        ical.Entry(
            participant_id=make.meeting().citizen().pk,
            starts_at=make.NOW,
            ends_at=make.NOW + timedelta(minutes=45),
            zone="Europe/Oslo",
            sequence=0,
            is_cancelled=False,
            link=NASTY,
            language="xx\r\nX-EVIL:1",
            stamped_at=make.NOW,
        )
    )
    event = read(entry).vevent
    known = {"uid", "dtstamp", "dtstart", "dtend", "summary", "description", "url", "sequence", "status", "class"}
    assert set(event.contents) == known | {"organizer", "attendee"}
    assert len(event.attendee_list) == 1
    assert "%0D%0AATTENDEE" in event.url.value
    assert event.description.value.splitlines()[0] == event.url.value
    assert b"EVIL" not in entry


def test_the_same_entry_is_the_same_file() -> None:
    meeting = make.meeting()
    assert file_of(meeting) == file_of(meeting)
