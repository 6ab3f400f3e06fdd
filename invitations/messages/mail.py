"""E-mail by SMTP, for where Altinn Notifications is not to be had: the same outcomes, and one weakness.

SMTP knows no key: what a crash leaves unwritten goes out twice. The Message-ID is made of the message's key, so both
carry the same, most mailboxes show one, and doubles are counted and listed (perhaps_twice.py). An accepted mail is not
known to have arrived: there is no feed.
"""

import smtplib
import socket
import ssl
import time
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from django.conf import settings

from invitations.messages import altinn_rules
from invitations.messages.outcomes import Accepted, Forbidden, Refused, Sent, Unavailable
from navmeet import clock

WITHIN_SECONDS = 10.0
# Ours is the name that servers are greeted with; the machine's own is nobody's business.
_GREETING = "navmeet"

_log = structlog.get_logger(__name__)


def send_email(
    key: UUID, reference: str, address: str, subject: str, body: str, *, within: float = WITHIN_SECONDS
) -> Sent:
    """Hand an e-mail in plain text to our mail server. Never raises for what the server does.

    Shaped as `altinn.send_email`; `shipment_id` is the Message-ID.
    """
    problems = altinn_rules.problems_with_email(address, subject, body)
    if problems:
        outcome: Sent = Refused("rules:" + ",".join(sorted(f"{one.field}_{one.code}" for one in problems)))
    else:
        outcome = _delivered(_message(key, reference, address, subject, body), time.monotonic() + within)
    if not isinstance(outcome, Accepted):
        kind = type(outcome).__name__.lower()
        _log.warning("mail_server_did_not_take", key=str(key), outcome=kind, cause=outcome.cause)
    return outcome


def message_id(key: UUID) -> str:
    """The Message-ID of the message with this key: the same however often it is sent."""
    return f"<{key}@{urlsplit(settings.PUBLIC_BASE_URL).hostname}>"


def _message(key: UUID, reference: str, address: str, subject: str, body: str) -> EmailMessage:
    """Headers are set through the policy, which refuses line breaks, and were checked before that."""
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = message_id(key)
    message["Date"] = format_datetime(clock.now())
    message["From"] = Address(settings.EMAIL_FROM_NAME, addr_spec=settings.EMAIL_FROM)
    message["To"] = Address(addr_spec=address)
    message["Subject"] = subject
    # So that nobody's out-of-office answers it.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Reference"] = reference
    message.set_content(body, charset="utf-8", cte="quoted-printable")
    return message


class _Server(smtplib.SMTP):
    """Remembers whether the mail itself was begun: what broke off before that was surely not taken."""

    has_begun = False

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.has_begun = True
        return super().data(msg)


def _delivered(message: EmailMessage, deadline: float) -> Sent:
    server = _Server(local_hostname=_GREETING)
    try:
        _hand_over(server, message, deadline)
        return Accepted(order_id="", shipment_id=str(message["Message-ID"]))
    except smtplib.SMTPRecipientsRefused as refused:
        code = next(iter(refused.recipients.values()))[0]
        return Refused(f"smtp_{code}") if code >= 500 else Unavailable(f"smtp_{code}", may_be_taken=False)
    except (smtplib.SMTPSenderRefused, smtplib.SMTPAuthenticationError, smtplib.SMTPHeloError) as refused:
        code = refused.smtp_code
        return Forbidden(f"smtp_{code}") if code >= 500 else Unavailable(f"smtp_{code}", may_be_taken=False)
    except smtplib.SMTPResponseException as refused:
        code = refused.smtp_code
        return Refused(f"smtp_{code}") if 550 <= code < 560 else Unavailable(f"smtp_{code}", may_be_taken=False)
    except TimeoutError:
        return Unavailable("too_slow", may_be_taken=server.has_begun)
    except (smtplib.SMTPException, ssl.SSLError, OSError) as broken:
        return Unavailable(type(broken).__name__, may_be_taken=server.has_begun)


def _hand_over(server: _Server, message: EmailMessage, deadline: float) -> None:
    """Once this returns, the server has it. What happens at the goodbye changes nothing any more."""
    try:
        server.timeout = _left(deadline)
        code, _ = server.connect(settings.EMAIL_HOST, settings.EMAIL_PORT)
        if code != 220:
            raise smtplib.SMTPServerDisconnected("not ready")
        if settings.EMAIL_USE_TLS:
            server.starttls(context=ssl.create_default_context())
        _within(server, deadline)
        if settings.EMAIL_HOST_USER:
            server.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
        _within(server, deadline)
        server.send_message(message)
    finally:
        server.close()


def _within(server: smtplib.SMTP, deadline: float) -> None:
    assert isinstance(server.sock, socket.socket)  # noqa: S101 (connected above)
    server.sock.settimeout(_left(deadline))


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
