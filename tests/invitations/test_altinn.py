"""Our client against the stand-in of the platform and of the token sidecar: real HTTP, every way it can go wrong."""

import json
import logging
import socket
import threading
import time
from uuid import uuid4

import pytest
from pytest_django import Settings
from structlog.testing import capture_logs

from invitations.messages import altinn, altinn_feed, altinn_token, partner_channel
from invitations.messages.altinn import send_email, send_sms
from invitations.messages.altinn_feed import Delivery, NoFeed, feed
from invitations.messages.outcomes import Accepted, Forbidden, Refused, Sent, Throttled, Unavailable
from invitations.messages.partner_channel import Mail, send
from navmeet.dev.altinn import RunningAltinn
from navmeet.dev.registers import RunningRegisters
from tests.stand_ins import platform, registers, registers_server

__all__ = ["platform", "registers", "registers_server"]

PHONE = "+4749000000"
CODE = "Koden din er 918273."
ADDRESS = "lege@legekontor.example"
LINK = "https://navmeet.nav.no/i/hemmelig/"


def sms() -> Sent:
    return send_sms(uuid4(), "our-reference", PHONE, CODE, 600)


def tokens_asked(registers: RunningRegisters) -> int:
    return registers.state.asked.count("POST /api/v1/token")


def test_an_sms_leaves_as_it_was_given(platform: RunningAltinn) -> None:
    key = uuid4()
    outcome = send_sms(key, "our-reference", PHONE, CODE, 600)
    sent = platform.sent()[0]
    assert outcome == Accepted(sent["order_id"], sent["shipment_id"], is_repeat=False)
    assert (sent["key"], sent["reference"]) == (str(key), "our-reference")
    assert (sent["to"], sent["sender"], sent["body"], sent["time_to_live"]) == (PHONE, "Nav", CODE, 600)


def test_an_email_leaves_as_it_was_given(platform: RunningAltinn, settings: Settings) -> None:
    settings.ALTINN_EMAIL_SENDER = "ikke-svar@nav.no"
    body = f"Hei.\n\nÅpne lenken:\n{LINK}\n\nSpørsmål? Ring 55 55 33 33."
    assert isinstance(send_email(uuid4(), "our-reference", ADDRESS, "Et møte med Nav", body), Accepted)
    sent = platform.sent()[0]
    assert (sent["to"], sent["subject"], sent["body"]) == (ADDRESS, "Et møte med Nav", body)
    assert sent["sender"] == "ikke-svar@nav.no"


def test_the_same_key_again_sends_nothing(platform: RunningAltinn) -> None:
    key = uuid4()
    first = send_sms(key, "our-reference", PHONE, CODE, 600)
    again = send_sms(key, "our-reference", PHONE, CODE, 600)
    assert isinstance(first, Accepted)
    assert again == Accepted(first.order_id, first.shipment_id, is_repeat=True)
    assert [sent["repeats"] for sent in platform.sent()] == [1]


def test_cut_off_after_it_was_taken_the_second_try_sends_nothing_more(platform: RunningAltinn) -> None:
    platform.fail("cut_off_after", times=1)
    outcome = sms()
    assert isinstance(outcome, Accepted)
    assert outcome.is_repeat
    assert len(platform.sent()) == 1


def test_cut_off_all_the_time_nothing_is_known_and_the_same_key_finds_out_later(platform: RunningAltinn) -> None:
    key = uuid4()
    platform.fail("cut_off_after")
    assert send_sms(key, "r", PHONE, CODE, 600) == Unavailable("RemoteProtocolError")
    platform.behave()
    outcome = send_sms(key, "r", PHONE, CODE, 600)
    assert isinstance(outcome, Accepted)
    assert outcome.is_repeat
    assert len(platform.sent()) == 1


@pytest.mark.parametrize("status", [401, 403, 429])
def test_a_no_after_a_cut_does_not_claim_that_nothing_was_taken(platform: RunningAltinn, status: int) -> None:
    platform.fail("cut_off_after", times=1)
    platform.fail("status", status=status)
    assert sms() == Unavailable(f"status_{status}")
    assert len(platform.sent()) == 1


def test_another_key_each_time_would_send_it_twice(platform: RunningAltinn) -> None:
    """The negative control of the two above."""
    platform.fail("cut_off_after")
    sms()
    platform.behave()
    sms()
    assert len(platform.sent()) == 2


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (400, Refused("status_400")),
        (413, Refused("status_413")),
        (422, Refused("status_422")),
        (401, Forbidden("status_401")),
        (403, Forbidden("status_403")),
        (404, Unavailable("status_404")),
        (499, Unavailable("status_499")),
        (500, Unavailable("status_500")),
        (502, Unavailable("status_502")),
        (503, Unavailable("status_503")),
        (504, Unavailable("status_504")),
    ],
)
def test_each_status_has_its_outcome(platform: RunningAltinn, status: int, outcome: Sent) -> None:
    platform.fail("status", status=status)
    assert sms() == outcome
    assert platform.sent() == []


@pytest.mark.parametrize(("said", "wait"), [(7, 7), (0, 1), (10_000_000, 3600), (None, 30)])
def test_too_much_at_once_says_how_long_to_wait(platform: RunningAltinn, said: int | None, wait: int) -> None:
    platform.fail("status", status=429, retry_after=said)
    assert sms() == Throttled("status_429", wait)


@pytest.mark.parametrize("said", ["Wed, 21 Oct 2026 07:28:00 GMT", "-1", "1e9", "٣", "9" * 400])
def test_an_odd_wish_for_patience_is_not_followed(said: str) -> None:
    assert altinn._wait(said) == altinn.USUAL_WAIT


def test_nobody_to_tell_is_refused_with_their_code(platform: RunningAltinn) -> None:
    assert send_sms(uuid4(), "r", "+4749000009", CODE, 600) == Refused("status_422:NOT-00001")


def test_a_provider_that_fails_is_tried_again_and_only_the_feed_knows_the_truth(platform: RunningAltinn) -> None:
    key = uuid4()
    platform.fail("fails_at_provider", times=1)
    assert send_sms(key, "r", PHONE, CODE, 600) == Unavailable("status_500")
    again = send_sms(key, "r", PHONE, CODE, 600)
    assert isinstance(again, Accepted)
    assert again.is_repeat
    platform.deliver()
    assert feed(0)[-1].status == "SMS_Failed"


def test_an_answer_that_makes_no_sense_is_no_yes(platform: RunningAltinn) -> None:
    platform.fail("garbage")
    assert sms() == Unavailable("odd_answer")


def test_silence_ends_in_time(platform: RunningAltinn) -> None:
    platform.fail("slow", seconds=5)
    began = time.monotonic()
    assert send_sms(uuid4(), "r", PHONE, CODE, 600, within=0.3) == Unavailable("too_slow")
    assert time.monotonic() - began < 1


def test_an_answer_that_drips_ends_in_time(platform: RunningAltinn, settings: Settings) -> None:
    altinn_token.bearer(deadline=time.monotonic() + 5)
    listener = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        talking, _ = listener.accept()
        with talking:
            talking.recv(65536)
            talking.sendall(b"HTTP/1.1 201 Created\r\nContent-Length: 1000\r\n\r\n")
            for _ in range(100):
                time.sleep(0.05)
                try:
                    talking.sendall(b" ")
                except OSError:
                    return

    dripping = threading.Thread(target=drip)
    dripping.start()
    settings.ALTINN_URL = f"http://127.0.0.1:{listener.getsockname()[1]}"
    began = time.monotonic()
    assert send_sms(uuid4(), "r", PHONE, CODE, 600, within=0.4) == Unavailable("too_slow")
    assert time.monotonic() - began < 1.5
    listener.close()
    dripping.join(10)


def test_nobody_there_is_an_outcome_too(platform: RunningAltinn, settings: Settings) -> None:
    settings.ALTINN_URL = "http://127.0.0.1:1"
    assert sms() == Unavailable("ConnectError")


def test_what_our_own_rules_refuse_does_not_leave(platform: RunningAltinn, registers: RunningRegisters) -> None:
    assert send_sms(uuid4(), "r", "22000000", CODE, 10) == Refused(
        "rules:phone_not_a_mobile_number,time_to_live_life_too_short_or_long"
    )
    outcome = send_email(uuid4(), "r", ADDRESS, "a\nBcc: b@c.example", "Se http://ondt.example/")
    assert isinstance(outcome, Refused)
    assert outcome.cause.startswith("rules:")
    assert tokens_asked(registers) == 0


def test_one_token_serves_many_and_is_asked_for_as_maskinportens(
    platform: RunningAltinn, registers: RunningRegisters
) -> None:
    for _ in range(3):
        assert isinstance(sms(), Accepted)
    assert tokens_asked(registers) == 1
    asked = json.loads(registers.state.bodies[-1])
    assert asked["identity_provider"] == "maskinporten"
    assert asked["target"] == "altinn:serviceowner/notifications.create"


def test_a_revoked_token_is_replaced_once_and_unseen_by_the_caller(
    platform: RunningAltinn, registers: RunningRegisters
) -> None:
    assert isinstance(sms(), Accepted)
    platform.revoke_tokens()
    assert isinstance(sms(), Accepted)
    assert tokens_asked(registers) == 2
    assert json.loads(registers.state.bodies[-1])["skip_cache"] is True


def test_a_token_near_its_end_is_not_used(
    platform: RunningAltinn, registers: RunningRegisters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(altinn_token, "MARGIN_SECONDS", 1801.0)
    assert isinstance(sms(), Accepted)
    before = len(registers.state.asked)
    assert isinstance(sms(), Accepted)
    assert altinn_token._lasts("no.jwt") == altinn_token._lasts("a") == altinn_token.USUAL_SECONDS
    assert len(registers.state.asked) == before  # Maskinporten's own lasts longer


def test_the_wrong_scope_is_forbidden_and_said_to_be(platform: RunningAltinn, settings: Settings) -> None:
    settings.ALTINN_SCOPE = "altinn:something/else"
    assert sms() == Forbidden("status_403")


def test_without_a_token_nothing_is_sent_and_the_cause_is_told(
    platform: RunningAltinn, registers: RunningRegisters
) -> None:
    registers.fail("token", "down")
    assert sms() == Unavailable("no_token:status_503")
    registers.reset()
    platform.fail("status", status=403, part="exchange")
    assert sms() == Unavailable("no_token:exchange_status_403")
    platform.behave()
    platform.fail("garbage", part="exchange")
    assert sms() == Unavailable("no_token:odd_answer")
    platform.behave()
    platform.fail("status", status=401, part="exchange", times=1)
    assert isinstance(sms(), Accepted)


def test_nothing_about_anybody_is_logged_or_shown(platform: RunningAltinn, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    platform.fail("status", status=400, times=2)
    platform.fail("cut_off_after", times=4)
    mail = Mail(uuid4(), "our-reference", ADDRESS, "Emne", f"Se {LINK}")
    with capture_logs() as lines:
        outcomes = [sms(), send([mail], 5)[mail.key], sms(), sms(), sms()]
        refused = send_email(uuid4(), "r", "lege", "Emne", LINK)
    shown = f"{lines} {caplog.text} {outcomes} {refused} {mail}"
    for private in (PHONE, "918273", ADDRESS, "hemmelig", "Emne", "Bearer"):
        assert private not in shown
    assert len(lines) == 5
    assert {line["event"] for line in lines} == {"altinn_did_not_take"}


def test_the_feed_tells_how_each_delivery_went(platform: RunningAltinn) -> None:
    sent = send_sms(uuid4(), "reference-1", PHONE, CODE, 600)
    send_email(uuid4(), "reference-2", "lege001@legekontor.example", "Emne", "Hei.")
    assert isinstance(sent, Accepted)
    platform.deliver()
    told = {(one.reference, one.status): one for one in feed(0)}
    delivered = told["reference-1", "SMS_Delivered"]
    assert (delivered.channel, delivered.shipment_id) == ("SMS", sent.shipment_id)
    assert (delivered.is_final, delivered.is_delivered) == (True, True)
    assert delivered.at is not None
    bounced = told["reference-2", "Email_Failed_Bounced"]
    assert (bounced.channel, bounced.is_final, bounced.is_delivered) == ("EMAIL", True, False)
    waiting = told["reference-2", "Email_Succeeded"]
    assert (waiting.is_final, waiting.is_delivered) == (False, False)


def test_the_feed_is_read_page_by_page_to_its_end(platform: RunningAltinn) -> None:
    for _ in range(5):
        sms()
    platform.deliver()
    seen: list[int] = []
    while page := feed(seen[-1] if seen else 0, page_size=7):
        assert len(page) <= 7
        seen += [delivery.sequence for delivery in page]
    assert seen == list(range(1, 21))


def test_words_and_fields_of_tomorrow_are_no_error() -> None:
    entries = [
        {"sequenceNumber": 3, "shipmentId": 7, "recipients": None, "status": "Order_Cancelled", "new": {"a": []}},
        {
            "sequenceNumber": 2,
            "shipmentId": "s" * 500,
            "recipients": [
                {"type": "Pigeon", "status": "Pigeon_Landed", "lastUpdate": "yesterday"},
                {"type": "Email", "status": "Email_Failed_Tomorrow", "lastUpdate": "2026-02-04T11:33:09.64992Z"},
                "noise",
            ],
        },
        {"sequenceNumber": 1, "recipients": []},
    ]
    told = list(altinn_feed._deliveries(entries, 1))
    assert [(one.sequence, one.channel, one.status, one.is_final) for one in told] == [
        (3, "", "Order_Cancelled", True),
        (2, "", "Pigeon_Landed", False),
        (2, "EMAIL", "Email_Failed_Tomorrow", True),
    ]
    assert told[1].at is None
    assert told[2].at is not None
    assert not any(one.is_delivered for one in told)
    assert isinstance(told[0], Delivery)


@pytest.mark.parametrize("entries", [{}, None, "x", [{}], [7], [{"sequenceNumber": "3"}], [{"sequenceNumber": True}]])
def test_a_feed_that_cannot_be_followed_is_not_taken_for_an_empty_one(entries: object) -> None:
    with pytest.raises(ValueError, match=r"list|number"):
        list(altinn_feed._deliveries(entries, 0))


def test_a_feed_that_is_away_is_said_to_be(platform: RunningAltinn, registers: RunningRegisters) -> None:
    platform.fail("status", part="feed", status=503, times=1)
    with pytest.raises(NoFeed, match="status_503"):
        feed(0)
    platform.fail("garbage", part="feed", times=1)
    with pytest.raises(NoFeed, match="odd_answer"):
        feed(0)
    platform.fail("cut_off_before", part="feed", times=2)
    with pytest.raises(NoFeed, match="RemoteProtocolError"):
        feed(0)
    assert feed(0) == []


def mails(count: int) -> list[Mail]:
    return [Mail(uuid4(), str(number), f"lege{number}@kontor.example", "Emne", "Hei.") for number in range(count)]


def test_many_go_together_and_each_has_its_own_outcome(platform: RunningAltinn) -> None:
    given = mails(20)
    given[7] = Mail(given[7].key, "7", "lege009@kontor.example", "Emne", "Hei.")
    outcomes = send(given, 20)
    assert list(outcomes) == [mail.key for mail in given]
    assert outcomes[given[7].key] == Refused("status_422:NOT-00001")
    assert sum(isinstance(outcome, Accepted) for outcome in outcomes.values()) == len(platform.sent()) == 19


def test_behind_one_that_was_throttled_nothing_more_is_tried(platform: RunningAltinn) -> None:
    platform.fail("status", status=429, retry_after=9)
    outcomes = send(mails(50), 20)
    assert set(outcomes.values()) == {Throttled("status_429", 9)}
    platform.behave()
    assert platform.sent() == []


def test_what_was_not_begun_in_time_was_not_sent(platform: RunningAltinn) -> None:
    platform.fail("slow", seconds=0.4)
    began = time.monotonic()
    outcomes = send(mails(20), 0.6)
    assert time.monotonic() - began < 2
    assert Unavailable("not_begun") in outcomes.values()
    assert not any(isinstance(outcome, Refused | Forbidden) for outcome in outcomes.values())


def test_a_code_goes_by_sms_whatever_the_channel_of_mail(platform: RunningAltinn, settings: Settings) -> None:
    settings.PARTNER_CHANNEL = "SMTP"
    assert isinstance(partner_channel.send_code(uuid4(), PHONE, CODE, 600), Accepted)
    assert [sent["what"] for sent in platform.sent()] == ["sms"]
