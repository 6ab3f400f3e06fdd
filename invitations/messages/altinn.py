"""Altinn Notifications: one SMS or e-mail at a time to somebody who is not logged in, and what became of them all.

Source: Altinn's documentation and validation of Notifications, `future/orders/instant` and `future/shipment/feed`
(contracts/altinn-notifications.md). The message's key is the `idempotencyId`: the second with the same sends nothing.
"""

import time
from dataclasses import replace
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings

from invitations.messages import altinn_http, altinn_rules, altinn_token
from invitations.messages.altinn_http import Answer, NoAnswer
from invitations.messages.altinn_rules import Problem
from invitations.messages.outcomes import Accepted, Forbidden, Refused, Sent, Throttled, Unavailable
from navmeet.registers.tokens import NoToken

# In all, tokens and second tries counted in: a person waits for the code.
WITHIN_SECONDS = 5.0
# What to wait when they do not say, and the most that we let them say.
USUAL_WAIT, LONGEST_WAIT = 30, 3600

_log = structlog.get_logger(__name__)


def send_sms(
    key: UUID, reference: str, phone: str, body: str, time_to_live: int, *, within: float = WITHIN_SECONDS
) -> Sent:
    """Send an SMS now; the operator gives up after `time_to_live` seconds. Never raises for what the platform does.

    `phone` is as `contacts.mobile_number` gives it. `reference` comes back in the feed: nothing about a person.
    """
    problems = altinn_rules.problems_with_sms(phone, body, time_to_live)
    order = {
        "idempotencyId": str(key),
        "sendersReference": reference,
        "recipientSms": {
            "phoneNumber": phone,
            "timeToLiveInSeconds": time_to_live,
            "smsSettings": {"sender": settings.ALTINN_SMS_SENDER, "body": body},
        },
    }
    return _send("sms", key, order, problems, within)


def send_email(
    key: UUID, reference: str, address: str, subject: str, body: str, *, within: float = WITHIN_SECONDS
) -> Sent:
    """Send an e-mail in plain text now. Never raises for what the platform does.

    `address` is as `contacts.email_address` gives it. `reference` comes back in the feed: nothing about a person.
    """
    problems = altinn_rules.problems_with_email(address, subject, body)
    words = {"subject": subject, "body": body, "contentType": "Plain"}
    if settings.ALTINN_EMAIL_SENDER:
        words["senderEmailAddress"] = settings.ALTINN_EMAIL_SENDER
    order = {
        "idempotencyId": str(key),
        "sendersReference": reference,
        "recipientEmail": {"emailAddress": address, "emailSettings": words},
    }
    return _send("email", key, order, problems, within)


def ask(method: str, path: str, *, deadline: float, body: Any = None) -> Answer:
    """The platform's answer, with our token; refused, once more with a fresh one. Raises NoToken or NoAnswer."""
    url = f"{settings.ALTINN_URL}/{path}"
    answer = _ask(method, url, altinn_token.bearer(deadline=deadline), deadline, body)
    if answer.status in (401, 403):
        again = _ask(method, url, altinn_token.bearer(deadline=deadline, fresh=True), deadline, body)
        return replace(again, is_second=again.is_second or answer.is_second)
    return answer


def _ask(method: str, url: str, token: str, deadline: float, body: Any) -> Answer:
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    return altinn_http.call(method, url, deadline=deadline, headers=headers, body=body)


def _send(what: str, key: UUID, order: dict[str, Any], problems: list[Problem], within: float) -> Sent:
    outcome = _order(what, order, within) if not problems else Refused(_said(problems))
    if not isinstance(outcome, Accepted):
        kind = type(outcome).__name__.lower()
        _log.warning("altinn_did_not_take", what=what, key=str(key), outcome=kind, cause=outcome.cause)
    return outcome


def _order(what: str, order: dict[str, Any], within: float) -> Sent:
    try:
        deadline = time.monotonic() + within
        return _outcome(ask("POST", f"future/orders/instant/{what}", deadline=deadline, body=order))
    except NoAnswer as failed:
        cause = str(failed)
    except NoToken as refused:
        cause = f"no_token:{refused}"
    return Unavailable(cause)


def _said(problems: list[Problem]) -> str:
    return "rules:" + ",".join(sorted(f"{problem.field}_{problem.code}" for problem in problems))


def _outcome(answer: Answer) -> Sent:
    match answer.status:
        case 200 | 201:
            return _accepted(answer)
        case 400 | 413 | 422:
            return Refused(_cause(answer))
        case 401 | 403 if not answer.is_second:
            return Forbidden(_cause(answer))
        case 429 if not answer.is_second:
            return Throttled(_cause(answer), _wait(answer.retry_after))
    # Also what they should never answer, such as 404: that is our address for them, and no message's fault.
    return Unavailable(_cause(answer))


def _accepted(answer: Answer) -> Sent:
    try:
        taken = answer.json()
        order, shipment = taken["notificationOrderId"], taken["notification"]["shipmentId"]
    except (ValueError, KeyError, TypeError):
        order = shipment = None
    if not (isinstance(order, str) and isinstance(shipment, str)):
        return Unavailable("odd_answer")
    return Accepted(order, shipment, is_repeat=answer.status == 200)


def _cause(answer: Answer) -> str:
    """The status, and their code where it has the form of one: the rest of a problem may quote what we sent."""
    cause = f"status_{answer.status}"
    try:
        code = answer.json()["code"]
    except (ValueError, KeyError, TypeError):
        return cause
    if isinstance(code, str) and len(code) <= 12 and code.isascii() and code.replace("-", "").isalnum():
        cause += f":{code}"
    return cause


def _wait(retry_after: str) -> int:
    """Retry-After in seconds; as a date, or odd, it is not worth reading."""
    if retry_after.isascii() and retry_after.isdecimal() and len(retry_after) < 9:
        return max(1, min(int(retry_after), LONGEST_WAIT))
    return USUAL_WAIT
