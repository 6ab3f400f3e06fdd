"""Notifications on Ditt NAV (Min side): the events as JSON, and the topic they are sent to.

The shapes are those of tms-varsel-authority, varsel-action v2.2. What Min side demands of them is `min_side_rules`.
"""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Self
from uuid import UUID

from django.conf import settings

from navmeet.outbox.kafka import Topic

VERSION = "v2.2"


@dataclass(frozen=True, slots=True)
class Producer:
    """Who sends: what `produsent` says, and what status events are recognised by."""

    cluster: str
    namespace: str
    app: str

    @classmethod
    def from_settings(cls) -> Self:
        """This deployment, as its platform names it."""
        return cls(settings.NAIS_CLUSTER_NAME, settings.NAIS_NAMESPACE, settings.NAIS_APP_NAME)


@dataclass(frozen=True, slots=True)
class Text:
    """What is shown on Ditt NAV in one language; of several, exactly one is the default."""

    language: str
    text: str = field(repr=False)
    default: bool = False


@dataclass(frozen=True, slots=True)
class External:
    """What is sent as SMS or e-mail, not before `not_before`. All three texts are ours: who sets one must set all."""

    sms: str = field(repr=False)
    email_title: str = field(repr=False)
    email_text: str = field(repr=False)
    channels: tuple[str, ...] = ("SMS",)
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One notification. `key` is the varselId: chosen once, the same at every attempt; Min side drops the second.

    `active_until` must be aware. Without `external` nothing is sent but what stands on Ditt NAV.
    """

    key: UUID
    kind: Literal["oppgave", "beskjed"]
    ident: str = field(repr=False)
    sensitivity: Literal["substantial", "high"]
    link: str = field(repr=False)
    texts: tuple[Text, ...]
    external: External | None = None
    active_until: datetime | None = None


def opprett(notification: Notification, producer: Producer, built_at: datetime) -> dict[str, Any]:
    """The event that shows a notification. Raises ValueError when a time has no zone."""
    event: dict[str, Any] = {
        "@event_name": "opprett",
        "type": notification.kind,
        "varselId": str(notification.key),
        "ident": notification.ident,
        "sensitivitet": notification.sensitivity,
        "link": notification.link,
        "tekster": [
            {"spraakkode": text.language, "tekst": text.text, "default": text.default} for text in notification.texts
        ],
    }
    if notification.external is not None:
        event["eksternVarsling"] = {
            "prefererteKanaler": list(notification.external.channels),
            "smsVarslingstekst": notification.external.sms,
            "epostVarslingstittel": notification.external.email_title,
            "epostVarslingstekst": notification.external.email_text,
            "kanBatches": False,
        }
        if notification.external.not_before is not None:
            event["eksternVarsling"]["utsettSendingTil"] = _instant(notification.external.not_before)
    if notification.active_until is not None:
        event["aktivFremTil"] = _instant(notification.active_until)
    return event | _signature(producer, built_at)


def inaktiver(key: UUID, producer: Producer, built_at: datetime) -> dict[str, Any]:
    """The event that takes a notification away. Raises ValueError when the time has no zone."""
    return {"@event_name": "inaktiver", "varselId": str(key)} | _signature(producer, built_at)


def encode(event: Mapping[str, Any]) -> bytes:
    """The event as it goes on the topic: JSON in UTF-8, without what is None."""
    return json.dumps(_without_none(event), ensure_ascii=False, separators=(",", ":")).encode()


@functools.cache
def notifications() -> Topic:
    """The topic that Min side reads."""
    return Topic(settings.TOPIC_NOTIFICATIONS)


def _signature(producer: Producer, built_at: datetime) -> dict[str, Any]:
    return {
        "produsent": {"cluster": producer.cluster, "namespace": producer.namespace, "appnavn": producer.app},
        "metadata": {"version": VERSION, "built_at": _instant(built_at), "builder_lang": "python"},
    }


def _instant(at: datetime) -> str:
    if at.utcoffset() is None:
        raise ValueError("a time without a zone")
    return at.isoformat(timespec="seconds")


def _without_none(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _without_none(part) for name, part in value.items() if part is not None}
    if isinstance(value, list | tuple):
        return [_without_none(part) for part in value]
    return value
