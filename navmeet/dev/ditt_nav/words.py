"""Small pieces of HTML and Norwegian that every page of the stand-in uses."""

import json
import re
from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")
MONTHS = (
    *("januar", "februar", "mars", "april", "mai", "juni"),
    *("juli", "august", "september", "oktober", "november", "desember"),
)
STATUS = {
    "venter": "Venter på å bli sendt",
    "bestilt": "Er bestilt",
    "sendt": "Er sendt",
    "feilet": "Kunne ikke sendes",
    "kansellert": "Ble ikke sendt, varselet var borte",
    "ferdigstilt": "Er sendt",
}
ENDED = {"bruker": "du fjernet det", "produsent": "avsenderen trakk det tilbake", "frist": "fristen gikk ut"}


def moment(at: str) -> str:
    """ "22. november kl. 10.05", Norwegian time."""
    local = datetime.fromisoformat(at).astimezone(OSLO)
    return f"{local.day}. {MONTHS[local.month - 1]} kl. {local:%H.%M}"


def second(at: str) -> str:
    """ "22.11. 10.05.03", for the developer's view."""
    return f"{datetime.fromisoformat(at).astimezone(OSLO):%d.%m. %H.%M.%S}"


def on_this_machine(link: str, citizen_base: str) -> str:
    """The same path at the address where the demo really answers."""
    parts = urlsplit(link)
    rest = f"?{parts.query}" if parts.query else ""
    return f"{citizen_base.rstrip('/')}{parts.path}{rest}"


def masked(event: Any) -> str:
    """The event as JSON in which no identity number can be read but for its last two digits."""
    text = json.dumps(event, ensure_ascii=False, indent=2)
    return re.sub(r"(?<!\d)\d{9}(\d{2})(?!\d)", r"*********\1", text)


def document(title: str, body: str, *, bar: str = "", wide: bool = False) -> str:
    """A whole page."""
    return f"""<!doctype html>
<html lang="nb">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} – Min side (etterlikning)</title>
<link rel="stylesheet" href="/look.css">
<link rel="icon" href="data:,">
</head>
<body>
<a class="skip" href="#innhold">Hopp til innholdet</a>
<aside class="note" aria-label="Om etterlikningen">Etterlikning av Min side. Alle personer er oppdiktet.
<a href="/alt">Alt som er lest</a></aside>
<header class="top"><a class="mark" href="/">Min side</a><nav aria-label="Innlogging">{bar}</nav></header>
<main id="innhold" tabindex="-1"{' class="wide"' if wide else ""}>
{body}
</main>
</body>
</html>"""
