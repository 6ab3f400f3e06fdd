"""Altinn at its worst, over real HTTP, from the ledger and back: nothing lost, nothing twice, each visible."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from invitations import undelivered
from invitations.messages import altinn, altinn_http, delivered, ladder, send
from invitations.messages.log import message_log
from invitations.models import FeedPosition, Message, Receipt
from meetings.models import Meeting, Task
from navmeet.dev.altinn import RunningAltinn
from navmeet.pages.staff import words
from navmeet.people.models import Person
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("topic")]


Invite = Callable[..., Meeting]


@pytest.fixture
def invite(kari: Person, platform: RunningAltinn) -> Invite:
    """A meeting that a doctor is invited to; `email` and `phone` decide how the stand-in fares with them."""

    def invited(day: int = 21, **contact: str) -> Meeting:
        meeting = make.meeting(person=kari, type_code="DIALOGUE", day=date(2027, 1, day))
        make.partner(meeting, make.doctor(**({"phone": "+4749000000"} | contact)))
        Message.objects.filter(meeting=meeting).exclude(occasion="INVITED").delete()
        Message.objects.filter(meeting=meeting, channel="DITT_NAV").delete()
        return meeting

    return invited


def sweep(minutes: float = 0) -> send.Swept:
    return send.sweep(make.later(minutes=minutes))


def follow(platform: RunningAltinn, minutes: float = 1) -> None:
    """All deliveries to their end, and what became of them read."""
    platform.deliver()
    delivered.follow(make.later(minutes=minutes))


def row(meeting: Meeting, channel: str = "EMAIL") -> Message:
    return Message.objects.get(meeting=meeting, channel=channel)


def said(meeting: Meeting) -> list[str]:
    """What the caseworker reads of each message, in order."""
    return [one.words for one in message_log(meeting, make.NOW) if one.channel]


def tasks(meeting: Meeting) -> list[str]:
    open_ones = Task.objects.filter(meeting=meeting, kind=Task.Kind.NOT_REACHED, done_at=None)
    return [words.task(one) for one in open_ones]


def kinds(platform: RunningAltinn) -> Counter[str]:
    return Counter(one["what"] for one in platform.sent())


@pytest.mark.parametrize("status", [400, 413, 422])
def test_refused_for_good_it_goes_on_by_sms_and_the_address_is_asked_about(
    platform: RunningAltinn, invite: Invite, status: int
) -> None:
    meeting = invite()
    platform.fail("status", status=status, times=1)
    sweep()
    assert (row(meeting).state, row(meeting).why, row(meeting).attempts) == ("FAILED", "REFUSED_BY_RULES", 0)
    assert Receipt.objects.get(event="refused").status == f"status_{status}"
    assert [line.attempts for line in message_log(meeting) if line.channel == "EMAIL"] == [1]
    sweep(1)
    follow(platform)
    assert kinds(platform) == {"sms": 1}
    assert said(meeting) == ["Ikke sendt: mottakssystemet tok den ikke imot", "Kommet fram som SMS"]
    (task,) = tasks(meeting)
    assert task.startswith("Rett e-postadressen til legen, og send på nytt. E-posten ble ikke tatt imot.")


def test_nobody_to_tell_by_either_way_is_a_task(platform: RunningAltinn, invite: Invite) -> None:
    meeting = invite(email="lege009@kontor.example", phone="+4749000009")
    sweep()
    sweep(1)
    assert kinds(platform) == {}
    assert Receipt.objects.filter(status="status_422:NOT-00001").count() == 2
    assert [line.attempts for line in message_log(meeting) if line.channel] == [1, 1]
    listed = undelivered.of_meeting(meeting, make.later(minutes=2))
    assert [one.attempts for one in listed.values()] == [1]
    assert tasks(meeting) == [
        "Ring legen og fortell om møtet. E-posten ble ikke tatt imot, og SMS-en ble ikke tatt imot."
    ]


def test_an_old_token_is_replaced_and_nobody_notices(platform: RunningAltinn, invite: Invite) -> None:
    meeting = invite()
    sweep()
    platform.revoke_tokens()
    again = invite(day=22, email="en.annen@kontor.example")
    assert sweep(1).sent == 1
    assert kinds(platform) == {"email": 2}
    assert (row(meeting).state, row(again).state) == ("SENT", "SENT")


def test_not_let_in_it_waits_says_so_and_goes_once_when_we_are(platform: RunningAltinn, invite: Invite) -> None:
    meeting = invite()
    platform.fail("status", status=401)
    sweep()
    assert (row(meeting).state, row(meeting).attempts, row(meeting).hangs_on) == ("PLANNED", 0, "FORBIDDEN")
    (line,) = message_log(meeting, make.later(minutes=5))
    assert "slipper oss ikke inn" in line.words
    assert tasks(meeting) == [], "the alarm of those who run this, and nobody's task"
    platform.behave()
    sweep(10)
    assert kinds(platform) == {"email": 1}


def test_not_let_in_until_it_is_too_late_a_person_is_asked_while_it_helps(
    platform: RunningAltinn, invite: Invite
) -> None:
    meeting = invite()
    platform.fail("status", status=403)
    sweep()
    send.sweep(meeting.starts_at - timedelta(hours=2))
    assert [one.partition(" E-posten")[0] for one in tasks(meeting)] == ["Ring legen og fortell om møtet."]
    platform.behave()
    send.sweep(meeting.ends_at + timedelta(minutes=1))
    assert kinds(platform) == {}
    assert (row(meeting).state, row(meeting).why) == ("FAILED", "BROKER")


def test_throttled_nothing_is_tried_before_they_said(platform: RunningAltinn, invite: Invite) -> None:
    meeting = invite()
    platform.fail("status", status=429, retry_after=120, times=1)
    sweep()
    assert (row(meeting).state, row(meeting).attempts, row(meeting).hangs_on) == ("PLANNED", 0, "THROTTLED")
    assert sweep(1.9).claimed == 0
    sweep(5)
    assert kinds(platform) == {"email": 1}


@pytest.mark.parametrize(
    ("how", "given"),
    [
        ("status", {"status": 500}),
        ("status", {"status": 499}),
        ("garbage", {}),
        ("slow", {"seconds": 1.0}),
        ("cut_off_before", {}),
        ("cut_off_after", {}),
    ],
)
def test_no_clear_answer_it_goes_again_with_its_key_and_is_one_email(
    platform: RunningAltinn, invite: Invite, monkeypatch: pytest.MonkeyPatch, how: str, given: dict[str, Any]
) -> None:
    monkeypatch.setattr(altinn, "WITHIN_SECONDS", 0.5)
    meeting = invite()
    platform.fail(how, **given)
    sweep()
    assert (row(meeting).state, row(meeting).attempts, row(meeting).hangs_on) == ("PLANNED", 1, "RECEIVER")
    (line,) = message_log(meeting, make.later(minutes=5))
    assert "svarer ikke" in line.words
    platform.behave()
    sweep(10)
    follow(platform, 11)
    assert kinds(platform) == {"email": 1}
    assert platform.sent()[0]["key"] == str(row(meeting).key)
    assert said(meeting) == ["Kommet fram som e-post"]
    assert tasks(meeting) == []


def test_cut_off_once_after_it_was_taken_the_second_is_recognised_at_once(
    platform: RunningAltinn, invite: Invite
) -> None:
    meeting = invite()
    platform.fail("cut_off_after", times=1)
    assert sweep().sent == 1
    assert kinds(platform) == {"email": 1}
    assert row(meeting).state == "SENT"


def test_taken_and_never_sent_by_them_the_feed_tells_and_an_sms_follows(
    platform: RunningAltinn, invite: Invite
) -> None:
    meeting = invite()
    platform.fail("fails_at_provider", times=1)
    sweep()
    sweep(5)
    assert row(meeting).state == "SENT", "their yes to a known key says nothing of the first"
    follow(platform, 6)
    assert row(meeting).state == "FAILED"
    sweep(7)
    follow(platform, 8)
    assert kinds(platform) == {"email": 1, "sms": 1}
    assert said(meeting) == ["Sendt som e-post, men kom ikke fram", "Kommet fram som SMS"]


@pytest.mark.parametrize(
    ("digits", "became"),
    [
        ("001", "E-posten kom i retur, og mobilnummeret er ikke i bruk"),
        ("002", "E-postadressen finnes ikke, og SMS-en er sperret hos mottakeren"),
        ("003", "E-posten ble stoppet som søppelpost, og SMS-en ble ikke levert i tide"),
        ("004", "E-posten ble stoppet som søppelpost, og SMS-en kunne ikke leveres"),
        ("006", "E-posten er sperret hos mottakeren, og SMS-en kunne ikke leveres"),
        ("007", "E-posten ble ikke levert i tide, og SMS-en ble ikke levert i tide"),
    ],
)
def test_an_address_that_bounces_and_a_number_that_fails_are_a_task_that_says_both(
    platform: RunningAltinn, invite: Invite, digits: str, became: str
) -> None:
    meeting = invite(email=f"lege{digits}@kontor.example", phone=f"+4749000{digits}")
    sweep()
    follow(platform)
    sweep(2)
    follow(platform, 3)
    assert kinds(platform) == {"email": 1, "sms": 1}
    assert [one.partition(": ")[0] for one in said(meeting)] == [
        "Sendt som e-post, men kom ikke fram",
        "Sendt som SMS, men kom ikke fram",
    ]
    specific = [words for words in became.split(", og ") if not words.endswith("kunne ikke leveres")]
    because = [one.partition(": ")[2] for one in said(meeting) if ": " in one]
    assert because == [words[:1].lower() + words[1:] if words.startswith("E-") else words for words in specific]
    assert tasks(meeting) == [f"Ring legen og fortell om møtet. {became}."]
    # Read again from the beginning: nothing more is kept, nobody is asked again.
    receipts, asked = Receipt.objects.count(), Task.objects.count()
    FeedPosition.objects.update(sequence=0)
    follow(platform, 4)
    assert (Receipt.objects.count(), Task.objects.count()) == (receipts, asked)


def test_an_address_that_fails_each_time_just_then_is_tried_four_times_then_the_number_then_a_person(
    platform: RunningAltinn, invite: Invite
) -> None:
    meeting = invite(email="lege005@kontor.example", phone="+4749000005")
    for minutes in (0, 10, 50, 180):
        sweep(minutes)
        follow(platform, minutes + 1)
        assert tasks(meeting) == []
    assert kinds(platform) == {"email": 4}
    sweep(182)
    follow(platform, 183)
    assert kinds(platform) == {"email": 4, "sms": 1}
    assert tasks(meeting) == [
        "Ring legen og fortell om møtet. E-posten kunne ikke leveres, selv om vi prøvde, og SMS-en kunne ikke leveres."
    ]


def test_a_number_that_is_no_mobile_is_taken_by_them_and_found_out_by_the_feed(
    platform: RunningAltinn, invite: Invite
) -> None:
    meeting = invite(email="lege001@kontor.example", phone="+15550100001")
    sweep()
    follow(platform)
    sweep(2)
    follow(platform, 3)
    assert tasks(meeting) == ["Ring legen og fortell om møtet. E-posten kom i retur, og mobilnummeret er ikke i bruk."]


def test_never_confirmed_by_either_way_it_is_a_task_in_the_end(platform: RunningAltinn, invite: Invite) -> None:
    meeting = invite(email="lege008@kontor.example", phone="+4749000008")
    for minutes in (0, 250, 500):
        sweep(minutes)
        follow(platform, minutes)
        ladder.catch_up(make.later(minutes=minutes))
        sweep(minutes)
    assert kinds(platform) == {"email": 1, "sms": 1}
    assert tasks(meeting) == ["Ring legen og fortell om møtet. Vi vet ikke om e-posten eller SMS-en kom fram."]


def test_with_the_feed_away_nothing_is_given_up_before_twice_the_time(platform: RunningAltinn, invite: Invite) -> None:
    meeting = invite()
    sweep()
    platform.fail("status", part="feed", status=503)
    for minutes in (1, 250):
        delivered.follow(make.later(minutes=minutes))
        ladder.catch_up(make.later(minutes=minutes))
    assert row(meeting).state == "SENT"
    platform.behave()
    follow(platform, 260)
    assert row(meeting).state == "DELIVERED"


# --- what the feed may say


def tell(platform: RunningAltinn, **entry: Any) -> None:
    """One more entry of the feed, whatever it says."""
    feed = platform.server.kept.feed
    feed.append({"sequenceNumber": len(feed) + 1, **entry})


def of_email(meeting: Meeting, state: str, **more: Any) -> dict[str, Any]:
    recipient = {"type": "Email", "destination": "x", "status": state, "lastUpdate": "2027-01-11T10:00:00Z"}
    return {"shipmentId": "s", "sendersReference": str(row(meeting).pk), "recipients": [recipient | more]}


def test_receipts_doubled_and_out_of_order_end_as_delivered(platform: RunningAltinn, invite: Invite) -> None:
    meeting = invite()
    sweep()
    for status in ("Email_Failed_Bounced", "Email_Delivered", "Email_New", "Email_Delivered", "Email_Failed_Bounced"):
        tell(platform, **of_email(meeting, status))
    delivered.follow(make.later(minutes=1))
    assert row(meeting).state == "DELIVERED"
    assert tasks(meeting) == []


@pytest.mark.parametrize(
    "odd",
    [
        {"sendersReference": str(uuid4()), "recipients": [{"type": "Email", "status": "Email_Delivered"}]},
        {"sendersReference": "code", "status": "Order_Completed"},
        {"sendersReference": None, "shipmentId": None, "recipients": None, "status": None, "lastUpdate": None},
        {"sendersReference": 7, "recipients": [None, 7, "x", {"status": None, "type": None, "lastUpdate": None}]},
        {"sendersReference": "x" * 1_000_000, "recipients": [], "helt": {"nytt": ["felt"]}},
    ],
    ids=["of another", "a code", "null everywhere", "noise", "1 MB"],
)
def test_what_is_nobodys_or_odd_is_passed_by_and_the_next_is_read(
    platform: RunningAltinn, invite: Invite, odd: dict[str, Any]
) -> None:
    meeting = invite()
    sweep()
    tell(platform, **odd)
    platform.deliver()
    tell(platform, **of_email(meeting, "Email_Delivered"))
    delivered.follow(make.later(minutes=1))
    assert row(meeting).state == "DELIVERED"
    assert FeedPosition.objects.get().sequence == len(platform.server.kept.feed)


@pytest.mark.parametrize("field", ["type", "destination", "status", "lastUpdate"])
@pytest.mark.parametrize(
    "value",
    [None, 7, [], {"a": 1}, "", "\ud800", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00", "x" * 1_000_000],
    ids=["null", "number", "list", "object", "empty", "half", "late", "early", "1 MB"],
)
def test_any_field_of_ours_may_be_odd(platform: RunningAltinn, invite: Invite, field: str, value: Any) -> None:
    meeting = invite()
    sweep()
    tell(platform, **of_email(meeting, "Email_Delivered", **{field: value}))
    tell(platform, **of_email(meeting, "Email_Delivered"))
    delivered.follow(make.later(minutes=1))
    assert row(meeting).state == "DELIVERED"
    assert FeedPosition.objects.get().sequence == len(platform.server.kept.feed)


def test_a_page_too_long_to_be_read_is_read_in_smaller_ones(
    platform: RunningAltinn, invite: Invite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(altinn_http, "_MOST_BYTES", 500_000)
    meeting = invite()
    sweep()
    for _ in range(30):
        tell(platform, sendersReference="of another", noise="x" * 100_000)
    tell(platform, **of_email(meeting, "Email_Delivered"))
    for _ in range(3):
        delivered.follow(make.later(minutes=1))
    assert row(meeting).state == "DELIVERED"


def test_by_the_time_the_meeting_is_over_nobody_is_asked_to_ring(platform: RunningAltinn, invite: Invite) -> None:
    meeting = invite(email="lege001@kontor.example")
    sweep()
    platform.deliver()
    delivered.follow(_after(meeting))
    assert row(meeting).state == "FAILED"
    assert tasks(meeting) == []
    assert kinds(platform) == {"email": 1}


def _after(meeting: Meeting) -> datetime:
    return meeting.ends_at + timedelta(minutes=1)
