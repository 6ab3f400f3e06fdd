"""E-mail by SMTP against a real mail server of this machine."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from pytest_django import Settings
from structlog.testing import capture_logs

from invitations.messages import mail, partner_channel
from invitations.messages.mail import message_id, send_email
from invitations.messages.outcomes import Accepted, Forbidden, Refused, Unavailable
from invitations.messages.partner_channel import Mail
from navmeet.dev import mailbox
from navmeet.dev.mailbox import RunningMailbox

ADDRESS = "sjef@bedrift.example"
BODY = "Hei.\n\nÅpne lenken:\nhttps://navmeet.nav.no/i/hemmelig/\n\nRing oss på 55 55 33 33.\n.\nHilsen Nav\n"


@pytest.fixture
def server(tmp_path: Path, settings: Settings) -> Iterator[RunningMailbox]:
    running = mailbox.serve(0, tmp_path / "mailbox.jsonl")
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", running.port, False
    yield running
    running.stop()


def send(to: str = ADDRESS, key: UUID | None = None) -> object:
    return send_email(key or uuid4(), "our-reference", to, "Møte 😀 med Nav", BODY)


def test_a_mail_arrives_as_it_was_given(server: RunningMailbox, settings: Settings) -> None:
    settings.EMAIL_FROM_NAME, settings.EMAIL_FROM = "Nav", "ikke-svar@nav.no"
    key = uuid4()
    assert send(key=key) == Accepted("", f"<{key}@navmeet.nav.no>", is_repeat=False)
    arrived = server.mails()[0]
    assert (arrived["to"], arrived["subject"], arrived["body"]) == (ADDRESS, "Møte 😀 med Nav", BODY)
    assert arrived["from"] == "Nav <ikke-svar@nav.no>"
    headers = dict(arrived["headers"])
    assert headers["Content-Type"] == 'text/plain; charset="utf-8"'
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["X-Reference"] == "our-reference"
    assert headers["Date"]


def test_the_same_key_again_is_a_double_that_can_be_listed(server: RunningMailbox) -> None:
    key = uuid4()
    for _ in range(2):
        send(key=key)
    send()
    assert server.doubles() == {message_id(key): 2}


@pytest.mark.parametrize(
    ("to", "outcome"),
    [
        ("sjef001@bedrift.example", Refused("smtp_550")),
        ("sjef002@bedrift.example", Unavailable("smtp_451")),
        ("sjef003@bedrift.example", Refused("smtp_554")),
    ],
)
def test_what_the_server_refuses_has_its_outcome(server: RunningMailbox, to: str, outcome: object) -> None:
    assert send(to) == outcome
    assert server.mails() == []


def test_no_header_can_be_slipped_in(server: RunningMailbox) -> None:
    for to, subject in (
        (ADDRESS, "Emne\r\nBcc: andre@bedrift.example"),
        (ADDRESS, "Emne\nX: y"),
        (f"{ADDRESS}\r\nRCPT TO:<andre@bedrift.example>", "Emne"),
        (f"{ADDRESS}, andre@bedrift.example", "Emne"),
    ):
        assert isinstance(send_email(uuid4(), "r", to, subject, "Hei."), Refused)
    with pytest.raises(ValueError, match=r"newline|linefeed"):
        mail._message(uuid4(), "a\nBcc: andre@bedrift.example", ADDRESS, "Emne", "Hei.")
    assert server.mails() == []


def test_a_body_cannot_end_the_mail_and_begin_another(server: RunningMailbox) -> None:
    body = "Hei.\n.\nMAIL FROM:<ond@bedrift.example>\nRCPT TO:<andre@bedrift.example>\nDATA\n"
    assert isinstance(send_email(uuid4(), "r", ADDRESS, "Emne", body), Accepted)
    assert [(arrived["to"], arrived["body"]) for arrived in server.mails()] == [(ADDRESS, body)]


def test_nobody_there_is_an_outcome(settings: Settings) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert send() == Unavailable("ConnectionRefusedError")


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (b"", Unavailable("SMTPServerDisconnected")),
        (b"421 too busy\r\n", Unavailable("SMTPServerDisconnected")),
        (b"220 ready\r\n", Unavailable("SMTPServerDisconnected")),
        (b"220 ready\r\n530 5.7.0 log in first\r\n530 log in first\r\n", Forbidden("smtp_530")),
    ],
)
def test_a_server_that_is_silent_or_says_no_is_not_waited_for(settings: Settings, said: bytes, outcome: object) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", listener.getsockname()[1]
    done = threading.Event()

    def talk() -> None:
        talking, _ = listener.accept()
        with talking:
            talking.sendall(said)
            done.wait(5)

    thread = threading.Thread(target=talk)
    thread.start()
    began = time.monotonic()
    sent = send_email(uuid4(), "r", ADDRESS, "Emne", "Hei.", within=0.4)
    assert sent == outcome
    assert not (isinstance(sent, Unavailable) and sent.may_be_taken), "the mail was never begun"
    assert time.monotonic() - began < 2
    done.set()
    thread.join(5)
    listener.close()


def test_login_that_fails_is_ours_to_mend(server: RunningMailbox, settings: Settings) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "navmeet", "a-secret"
    assert send() == Unavailable("SMTPNotSupportedError")


def test_encryption_that_is_asked_for_is_not_done_without(server: RunningMailbox, settings: Settings) -> None:
    settings.EMAIL_USE_TLS = True
    assert send() == Unavailable("SMTPNotSupportedError")
    assert server.mails() == []


def test_the_setting_sends_the_mail_this_way(server: RunningMailbox, settings: Settings) -> None:
    settings.PARTNER_CHANNEL = "SMTP"
    given = Mail(uuid4(), "our-reference", ADDRESS, "Emne", "Hei.")
    assert partner_channel.send([given], 10) == {given.key: Accepted("", message_id(given.key))}
    assert len(server.mails()) == 1


def test_nothing_about_anybody_is_logged(server: RunningMailbox) -> None:
    with capture_logs() as lines:
        outcomes = [send("sjef001@bedrift.example"), send("sjef002@bedrift.example"), send("feil")]
    for private in ("sjef", "bedrift", "hemmelig", "Møte", "feil"):
        assert private not in f"{lines} {outcomes}"
    assert [line["outcome"] for line in lines] == ["refused", "unavailable", "refused"]


@pytest.mark.parametrize(("at_the_end", "may_be_taken"), [(b"", True), (b"451 4.3.0 try again\r\n", False)])
def test_cut_off_once_the_mail_was_begun_it_may_have_been_taken_and_refused_it_was_not(
    settings: Settings, at_the_end: bytes, may_be_taken: bool
) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", listener.getsockname()[1], False

    def talk() -> None:
        talking, _ = listener.accept()
        with talking, talking.makefile("rb") as lines:
            talking.sendall(b"220 ready\r\n")
            for line in lines:
                if line[:4].upper() == b"DATA":
                    talking.sendall(b"354 go on\r\n")
                    while lines.readline() != b".\r\n":
                        pass
                    talking.sendall(at_the_end)
                    return
                talking.sendall(b"250 OK\r\n")

    thread = threading.Thread(target=talk)
    thread.start()
    sent = send_email(uuid4(), "r", ADDRESS, "Emne", "Hei.", within=2)
    thread.join(5)
    listener.close()
    assert isinstance(sent, Unavailable)
    assert sent.may_be_taken is may_be_taken
