"""What was sent, as those who got it see it: an inbox for each e-mail address, a phone for each number."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from navmeet.dev.altinn.kept import Kept, Shipment
from navmeet.dev.ditt_nav.words import moment, on_this_machine

_LINK = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)]")
_STATUS = {
    "Delivered": "Levert",
    "Succeeded": "Sendt, ikke bekreftet levert",
    "Accepted": "Sendt, ikke bekreftet levert",
    "New": "I kø",
    "Sending": "Under sending",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One e-mail or SMS as it is shown. `told` is how its delivery stands."""

    to: str
    is_sms: bool
    at: str
    sender: str
    subject: str
    body: str
    told: str
    failed: bool = False


def everybody(kept: Kept, mailbox: Path) -> str:
    """Those who were sent something, whoever got something last first."""
    latest: dict[str, list[Item]] = {}
    for item in _items(kept, mailbox):
        latest.setdefault(item.to, []).append(item)
    people = sorted(latest.items(), key=lambda pair: pair[1][-1].at, reverse=True)
    rows = "".join(_recipient(to, items) for to, items in people)
    empty = '<p class="empty">Ingenting er sendt ennå.</p>'
    body = f'<ul class="people">{rows}</ul>' if rows else empty
    return _document("Innbokser og telefoner", f"<h1>Innbokser og telefoner</h1>{body}")


def inbox(kept: Kept, mailbox: Path, key: str, citizen_base: str) -> str | None:
    """All that one recipient was sent, the newest first; None where nothing was. Links lead to this machine."""
    items = [item for item in _items(kept, mailbox) if _key(item.to) == key]
    if not items:
        return None
    to = escape(items[0].to)
    shown = "".join((_sms if item.is_sms else _email)(item, citizen_base) for item in reversed(items))
    kind = "phone" if items[0].is_sms else "mail"
    body = f'<p><a href="/">Alle innbokser og telefoner</a></p><h1>{to}</h1><ol class="{kind}">{shown}</ol>'
    return _document(items[0].to, body)


def missing() -> str:
    """When there is no such page."""
    return _document("Fant ikke siden", '<h1>Fant ikke siden</h1><p><a href="/">Alle innbokser og telefoner</a></p>')


def as_json(kept: Kept) -> list[dict[str, Any]]:
    """All that was taken, the oldest first. `repeats`: how often its order came again, which sent nothing."""
    names = ("what", "key", "reference", "order_id", "shipment_id", "to", "sender", "subject", "body", "at")
    with kept.lock:
        return [
            {name: one.entry[name] for name in (*names, "time_to_live")}
            | {"status": one.status, "repeats": one.repeats}
            for one in kept.shipments.values()
        ]


def _items(kept: Kept, mailbox: Path) -> list[Item]:
    with kept.lock:
        items = [_of_shipment(shipment) for shipment in kept.shipments.values()]
    return sorted([*items, *_of_mailbox(mailbox)], key=lambda item: item.at)


def _of_shipment(shipment: Shipment) -> Item:
    entry, word = shipment.entry, shipment.status.partition("_")[2]
    failed = word.startswith("Failed")
    return Item(
        to=entry["to"],
        is_sms=entry["what"] == "sms",
        at=entry["at"],
        sender=entry["sender"],
        subject=entry["subject"],
        body=entry["body"],
        told=f"Ikke levert: {shipment.status}" if failed else _STATUS.get(word, word),
        failed=failed,
    )


def _of_mailbox(mailbox: Path) -> Iterable[Item]:
    """The mails that the mail server's stand-in got: the same Message-ID twice is one, seen twice."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    lines = mailbox.read_text(encoding="utf-8").splitlines() if mailbox.exists() else []
    for line in lines:
        mail = json.loads(line)
        found.setdefault((mail["to"], mail["message_id"]), []).append(mail)
    for (to, _), mails in found.items():
        first = mails[0]
        doubles = f", kom {len(mails)} ganger" if len(mails) > 1 else ""
        yield Item(
            to=to,
            is_sms=False,
            at=first["at"],
            sender=first["from"],
            subject=first["subject"],
            body=first["body"],
            told=f"Levert over SMTP{doubles}",
        )


def _recipient(to: str, items: list[Item]) -> str:
    last = items[-1]
    kind, words = ("SMS", last.body) if last.is_sms else ("E-post", last.subject)
    return f"""<li><a href="/inbox?of={_key(to)}"><strong>{escape(to)}</strong></a>
<span class="count">{len(items)}</span>
<p class="small">{kind} {moment(last.at)}: {escape(words)}</p></li>"""


def _email(item: Item, citizen_base: str) -> str:
    return f"""<li class="letter{" failed" if item.failed else ""}">
<header><h2>{escape(item.subject)}</h2>
<p class="small">Fra {escape(item.sender)} · {moment(item.at)}</p>
<p class="told">{escape(item.told)}</p></header>
<div class="body">{_with_links(item.body, citizen_base)}</div></li>"""


def _sms(item: Item, citizen_base: str) -> str:
    return f"""<li class="text{" failed" if item.failed else ""}">
<p class="small">{escape(item.sender)} · {moment(item.at)}</p>
<p class="bubble">{_with_links(item.body, citizen_base)}</p>
<p class="told">{escape(item.told)}</p></li>"""


def _with_links(body: str, citizen_base: str) -> str:
    """The text as it was sent; what is a link in it opens where the demo really answers."""
    shown, end = [], 0
    for found in _LINK.finditer(body):
        here = escape(on_this_machine(found.group(), citizen_base))
        shown += [escape(body[end : found.start()]), f'<a href="{here}">{escape(found.group())}</a>']
        end = found.end()
    return "".join([*shown, escape(body[end:])])


def _key(to: str) -> str:
    """For the address of a page: nobody's e-mail address or number stands in one."""
    return hashlib.sha256(to.encode()).hexdigest()[:16]


def _document(title: str, body: str) -> str:
    return f"""<!doctype html>
<html lang="nb">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} – Altinn Varslinger (etterlikning)</title>
<link rel="stylesheet" href="/look.css">
<link rel="icon" href="data:,">
</head>
<body>
<a class="skip" href="#innhold">Hopp til innholdet</a>
<aside class="note" aria-label="Om etterlikningen">Etterlikning av Altinn Varslinger. Alle personer er oppdiktet.
<a href="/api/sent">Alt som er sendt</a></aside>
<main id="innhold" tabindex="-1">
{body}
</main>
</body>
</html>"""
