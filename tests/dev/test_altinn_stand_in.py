"""The stand-in for Altinn Notifications, spoken to as anybody would, without our client."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from navmeet.dev import altinn, mailbox, maskinporten, registers
from navmeet.dev.altinn import RunningAltinn
from navmeet.dev.altinn.server import EXCHANGE, NOTIFICATIONS, SCOPE
from navmeet.dev.servers import probes

ROOT = Path(__file__).resolve().parents[2]
SMS = f"{NOTIFICATIONS}/future/orders/instant/sms"
EMAIL = f"{NOTIFICATIONS}/future/orders/instant/email"
FEED = f"{NOTIFICATIONS}/future/shipment/feed"


def sms(key: str = "one", phone: str = "+4749000000", **changed: Any) -> dict[str, Any]:
    words = {"sender": "Nav", "body": "Koden din er 123456."}
    recipient = {"phoneNumber": phone, "timeToLiveInSeconds": 300, "smsSettings": words, **changed}
    return {"idempotencyId": key, "sendersReference": "our-reference", "recipientSms": recipient}


def email(key: str = "one", to: str = "lege@legekontor.example", **changed: Any) -> dict[str, Any]:
    words = {"subject": "Et møte", "body": "Se https://navmeet.nav.no/i/abc/ her.", "contentType": "Plain", **changed}
    return {"idempotencyId": key, "recipientEmail": {"emailAddress": to, "emailSettings": words}}


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[RunningAltinn]:
    running = altinn.serve(tmp_path)
    yield running
    running.stop()


@pytest.fixture
def client(platform: RunningAltinn) -> Iterator[httpx.Client]:
    with logged_in(platform.url) as client:
        yield client


def logged_in(url: str, scope: str = SCOPE) -> httpx.Client:
    theirs = {"Authorization": f"Bearer {maskinporten.issue(scope)}"}
    token = httpx.get(url + EXCHANGE, headers=theirs, trust_env=False)
    assert token.status_code == 200
    return httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token.text}"}, trust_env=False)


def test_an_order_is_taken_once_whatever_the_second_says(client: httpx.Client, platform: RunningAltinn) -> None:
    first = client.post(SMS, json=sms())
    again = client.post(SMS, json=sms(phone="+4749000011"))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert set(first.json()) == {"notificationOrderId", "notification"}
    assert first.json()["notification"]["sendersReference"] == "our-reference"
    assert [(sent["to"], sent["repeats"]) for sent in platform.sent()] == [("+4749000000", 1)]


def test_twenty_at_once_with_one_key_are_one(client: httpx.Client, platform: RunningAltinn) -> None:
    with ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(lambda _: client.post(EMAIL, json=email()).status_code, range(20)))
    assert sorted(statuses) == [200] * 19 + [201]
    assert len(platform.sent()) == 1


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer nothing", "Bearer a.b.c", "Basic abc"])
def test_nothing_without_a_token_that_it_gave(platform: RunningAltinn, authorization: str) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    for method, path in (("POST", SMS), ("POST", EMAIL), ("GET", FEED), ("GET", EXCHANGE)):
        answer = httpx.request(method, platform.url + path, headers=headers, json=sms(), trust_env=False)
        assert answer.status_code == 401
    assert platform.sent() == []


def test_maskinportens_token_itself_is_not_altinns(platform: RunningAltinn) -> None:
    headers = {"Authorization": f"Bearer {maskinporten.issue(SCOPE)}"}
    assert httpx.post(platform.url + SMS, headers=headers, json=sms(), trust_env=False).status_code == 401


def test_the_token_sidecars_token_is_taken_for_maskinportens(platform: RunningAltinn) -> None:
    sidecar = registers.serve(0)
    asked = {"identity_provider": "maskinporten", "target": SCOPE}
    given = httpx.post(f"{sidecar.url}/api/v1/token", json=asked, trust_env=False).json()
    headers = {"Authorization": f"Bearer {given['access_token']}"}
    assert httpx.get(platform.url + EXCHANGE, headers=headers, trust_env=False).status_code == 200
    sidecar.stop()


def test_a_token_that_has_ended_is_none(platform: RunningAltinn) -> None:
    headers = {"Authorization": f"Bearer {maskinporten.issue(SCOPE, seconds=0)}"}
    assert httpx.get(platform.url + EXCHANGE, headers=headers, trust_env=False).status_code == 401


def test_another_scope_is_forbidden(platform: RunningAltinn) -> None:
    with logged_in(platform.url, "altinn:serviceowner/notifications") as client:
        assert client.post(SMS, json=sms()).status_code == 403


@pytest.mark.parametrize(
    ("order", "field"),
    [
        (sms(key=""), "idempotencyId"),
        (sms() | {"idempotencyId": 7}, "idempotencyId"),
        (sms() | {"sendersReference": 7}, "sendersReference"),
        ({"idempotencyId": "one"}, "recipientSms"),
        (sms(phone="49000000"), "recipientSms.phoneNumber"),
        (sms(phone="+4712345678"), "recipientSms.phoneNumber"),
        (sms(phone="+47490000000"), "recipientSms.phoneNumber"),
        (sms(phone="+47 noe"), "recipientSms.phoneNumber"),
        (sms(timeToLiveInSeconds=59), "recipientSms.timeToLiveInSeconds"),
        (sms(timeToLiveInSeconds=172_801), "recipientSms.timeToLiveInSeconds"),
        (sms(timeToLiveInSeconds=None), "recipientSms.timeToLiveInSeconds"),
        (sms(timeToLiveInSeconds="300"), "recipientSms.timeToLiveInSeconds"),
        (sms(smsSettings=None), "recipientSms.smsSettings"),
        (sms(smsSettings={"body": "  "}), "recipientSms.smsSettings.body"),
        (sms(smsSettings={"body": "x", "sender": 1}), "recipientSms.smsSettings.sender"),
        ([], "$"),
    ],
)
def test_an_sms_with_a_field_wrong_is_refused_by_its_name(client: httpx.Client, order: Any, field: str) -> None:
    answer = client.post(SMS, json=order)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "STD-00000"
    assert list(answer.json()["errors"]) == [field]


@pytest.mark.parametrize(
    ("order", "field"),
    [
        ({"idempotencyId": "one"}, "recipientEmail"),
        (email(to="lege"), "recipientEmail.emailAddress"),
        (email(to="@legekontor.example"), "recipientEmail.emailAddress"),
        (email(to=""), "recipientEmail.emailAddress"),
        (email(subject=""), "recipientEmail.emailSettings.subject"),
        (email(body=None), "recipientEmail.emailSettings.body"),
        (email(contentType="Markdown"), "recipientEmail.emailSettings.contentType"),
        (email(senderEmailAddress="nav"), "recipientEmail.emailSettings.senderEmailAddress"),
    ],
)
def test_an_email_with_a_field_wrong_is_refused_by_its_name(client: httpx.Client, order: Any, field: str) -> None:
    answer = client.post(EMAIL, json=order)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]


def test_what_is_not_json_or_too_much_is_refused(client: httpx.Client) -> None:
    headers = {"Content-Type": "application/json"}
    assert client.post(SMS, content=b"{", headers=headers).status_code == 400
    assert client.post(SMS, content=b"[" * 100_000, headers=headers).status_code == 400
    assert client.post(SMS, content=b"{}", headers={"Content-Type": "text/plain"}).status_code == 415
    assert client.post(SMS, content=b" " * 1_000_001, headers=headers).status_code == 413
    assert client.post(f"{NOTIFICATIONS}/future/orders/instant/letter", json=sms()).status_code == 404


def test_nobody_to_tell_is_said_at_once(client: httpx.Client, platform: RunningAltinn) -> None:
    answer = client.post(SMS, json=sms(phone="+4749000009"))
    assert (answer.status_code, answer.json()["code"]) == (422, "NOT-00001")
    assert platform.sent() == []


@pytest.mark.parametrize(
    ("path", "order", "statuses"),
    [
        (SMS, sms(), ["SMS_New", "SMS_Sending", "SMS_Accepted", "SMS_Delivered"]),
        (SMS, sms(phone="+4749000001"), ["SMS_New", "SMS_Sending", "SMS_Accepted", "SMS_Failed_InvalidRecipient"]),
        (SMS, sms(phone="+4722000000"), ["SMS_New", "SMS_Sending", "SMS_Accepted", "SMS_Failed_InvalidRecipient"]),
        (SMS, sms(phone="+4749000008"), ["SMS_New", "SMS_Sending", "SMS_Accepted"]),
        (EMAIL, email(), ["Email_New", "Email_Sending", "Email_Succeeded", "Email_Delivered"]),
        (EMAIL, email(to="a001@b.example"), ["Email_New", "Email_Sending", "Email_Succeeded", "Email_Failed_Bounced"]),
    ],
)
def test_the_address_decides_how_the_delivery_goes(
    client: httpx.Client, platform: RunningAltinn, path: str, order: Any, statuses: list[str]
) -> None:
    shipment = client.post(path, json=order).json()["notification"]["shipmentId"]
    platform.deliver()
    feed = client.get(FEED, params={"seq": 0}).json()
    assert [entry["recipients"][0]["status"] for entry in feed] == statuses
    assert {entry["shipmentId"] for entry in feed} == {shipment}
    assert client.get(f"{NOTIFICATIONS}/future/shipment/{shipment}").json() == feed[-1]


def test_the_feed_goes_on_after_the_number_that_was_seen(client: httpx.Client, platform: RunningAltinn) -> None:
    for number in range(3):
        client.post(SMS, json=sms(key=str(number)))
    platform.deliver()
    pages, seen = [], 0
    while page := client.get(FEED, params={"seq": seen, "pageSize": 5}).json():
        pages.append(len(page))
        seen = page[-1]["sequenceNumber"]
    assert (pages, seen) == ([5, 5, 2], 12)
    for wrong in ({"seq": -1}, {"seq": "x"}, {"pageSize": 501}, {"pageSize": 0}):
        assert client.get(FEED, params=wrong).status_code == 400


def test_what_was_taken_is_there_after_a_restart_and_its_key_still_known(tmp_path: Path) -> None:
    before = altinn.serve(tmp_path)
    with logged_in(before.url) as client:
        first = client.post(SMS, json=sms()).json()
    before.server.kept.step()
    old = before.sent()
    before.stop()
    after = altinn.serve(tmp_path)
    assert after.sent() == old
    with logged_in(after.url) as client:
        assert client.post(SMS, json=sms()).json() == first
        after.deliver()
        assert [entry["sequenceNumber"] for entry in client.get(FEED).json()] == [1, 2, 3, 4]
    after.stop()


def test_tokens_can_be_revoked(client: httpx.Client, platform: RunningAltinn) -> None:
    platform.revoke_tokens()
    assert client.post(SMS, json=sms()).status_code == 401


def test_faults_are_set_over_http_counted_down_and_taken_back(client: httpx.Client, platform: RunningAltinn) -> None:
    wanted = [{"how": "status", "status": 429, "retry_after": 7, "times": 2}, {"how": "garbage", "part": "feed"}]
    assert client.put("/control/faults", json=wanted).status_code == 200
    answers = [client.post(SMS, json=sms()) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [429, 429, 201]
    assert answers[0].headers["Retry-After"] == "7"
    assert b"html" in client.get(FEED).content
    assert [fault["how"] for fault in client.get("/control/faults").json()] == ["garbage"]
    client.delete("/control/faults")
    assert client.get(FEED).json()
    for wrong in ([{"how": "nothing"}], [{"status": 500}], [{"how": "status", "status": 99}], 7, [7]):
        assert client.put("/control/faults", json=wrong).status_code == 400


def test_cut_off_before_nothing_was_taken_and_after_it_was(client: httpx.Client, platform: RunningAltinn) -> None:
    for how, taken in (("cut_off_before", 0), ("cut_off_after", 1)):
        platform.fail(how, times=1)
        with pytest.raises(httpx.RemoteProtocolError):
            client.post(SMS, json=sms())
        assert len(platform.sent()) == taken


def test_the_page_shows_each_recipient_what_came_and_opens_links_on_this_machine(
    client: httpx.Client, platform: RunningAltinn
) -> None:
    client.post(EMAIL, json=email(subject="<b>Et møte</b>"))
    client.post(SMS, json=sms(key="two"))
    front = client.get("/").text
    assert "lege@legekontor.example" in front
    assert "+4749000000" in front
    links = [part.split('"')[0] for part in front.split('href="')[1:] if part.startswith("/inbox")]
    shown = [client.get(link).text for link in links]
    mail = next(page for page in shown if "Et møte" in page)
    assert "&lt;b&gt;Et møte" in mail
    assert '<a href="http://localhost:8001/i/abc/">https://navmeet.nav.no/i/abc/</a> her.' in mail
    assert any("Koden din er 123456." in page for page in shown)
    assert all("@" not in link and "4749" not in link for link in links)
    assert client.get("/inbox?of=nobody").status_code == 404
    assert client.get("/api/sent").json() == {"sent": platform.sent()}


def test_mail_that_went_by_smtp_stands_on_the_same_page_and_doubles_are_told(
    client: httpx.Client, platform: RunningAltinn
) -> None:
    mail = {"to": "sjef@bedrift.example", "from": "Nav", "message_id": "<1@x>", "subject": "Hei", "body": "Tekst"}
    line = json.dumps({**mail, "at": "2026-11-23T09:00:00.000000Z"}) + "\n"
    platform.server.mailbox.write_text(line * 2, encoding="utf-8")
    link = client.get("/").text.split('href="/inbox')[1].split('"')[0]
    assert "Levert over SMTP, kom 2 ganger" in client.get(f"/inbox{link}").text


@pytest.mark.parametrize(
    ("module", "options"),
    [("navmeet.dev.altinn", ("--pace", "0.05", "--state")), ("navmeet.dev.mailbox", ("--file",))],
)
def test_it_runs_as_a_process_and_ends_when_told(tmp_path: Path, module: str, options: tuple[str, ...]) -> None:
    port = probes.free_ports(1)[0]
    command = (sys.executable, "-m", module, "--port", str(port), *options, str(tmp_path / "kept"))
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert "ready" in process.stdout.readline()
    second = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True, timeout=20)
    assert second.returncode == 1
    assert f"port {port}" in second.stderr
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    process.stdout.close()


def test_what_it_said_yes_to_outlives_a_kill(tmp_path: Path) -> None:
    port = probes.free_ports(1)[0]
    command = (sys.executable, "-m", "navmeet.dev.altinn", "--port", str(port), "--state", str(tmp_path))
    taken = []
    for _ in range(2):
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert "ready" in process.stdout.readline()
        with logged_in(f"http://127.0.0.1:{port}") as client:
            taken.append(client.post(SMS, json=sms()))
        process.kill()
        process.wait(10)
        process.stdout.close()
    assert [answer.status_code for answer in taken] == [201, 200]
    assert taken[0].json() == taken[1].json()


def test_deliveries_go_on_by_themselves_at_their_pace(tmp_path: Path) -> None:
    running = altinn.serve(tmp_path, pace=0.01)
    with logged_in(running.url) as client:
        client.post(SMS, json=sms())
        end = time.monotonic() + 10
        while running.sent()[0]["status"] != "SMS_Delivered":
            assert time.monotonic() < end
            threading.Event().wait(0.02)
    running.stop()


def test_the_mailbox_says_no_to_a_taken_port(tmp_path: Path) -> None:
    first = mailbox.serve(0, tmp_path / "a.jsonl")
    with pytest.raises(OSError, match="in use"):
        mailbox.serve(first.port, tmp_path / "b.jsonl")
    first.stop()
