"""The developer's view: all that was read, in order, with the verdict; and the same as JSON for tests."""

from html import escape
from typing import Any

from navmeet.dev.ditt_nav.kept import Kept
from navmeet.dev.ditt_nav.ledger import Entry
from navmeet.dev.ditt_nav.words import document, masked, second

ON_A_PAGE = 100
VERDICT = {"accepted": "Tatt imot", "refused": "Avvist", "dropped": "Forkastet"}


def html(kept: Kept, before: int | None) -> str:
    """The newest first; `before` is the number under which the page begins."""
    with kept.locked():
        end = len(kept.read) if before is None else max(0, min(before - 1, len(kept.read)))
        entries = list(reversed(kept.read[max(0, end - ON_A_PAGE) : end]))
        rows = "".join(_row(entry, kept) for entry in entries)
        counts = {verdict: sum(entry["verdict"] == verdict for entry in kept.read) for verdict in VERDICT}
        waiting = len(kept.to_tell)
    summary = " · ".join(f"{words}: {counts[verdict]}" for verdict, words in VERDICT.items())
    older = f'<p><a href="/alt?before={entries[-1]["number"]}">Eldre</a></p>' if end > ON_A_PAGE else ""
    inside = (
        f'<ol class="log" reversed start="{end}">{rows}</ol>' if rows else '<p class="empty">Ingenting er lest.</p>'
    )
    return document(
        "Alt som er lest",
        f"""<h1>Alt som er lest</h1>
<p class="lead">Fra emnet min-side.aapen-brukervarsel-v1, det nyeste øverst. {summary}.</p>
<p class="small">Statushendelser som Kafka ikke har tatt imot ennå: {waiting}</p>
{inside}{older}""",
        wide=True,
    )


def as_json(kept: Kept, after: int) -> dict[str, Any]:
    """What was read after this number, with identity numbers, and how it stands with each notification."""
    with kept.locked():
        notices = [
            {
                "varselId": notice.key,
                "ident": notice.event["ident"],
                "type": notice.kind,
                "active": notice.ended is None,
                "ended": notice.ended,
                "external": notice.external,
                "number": notice.number,
            }
            for notice in kept.notices.values()
        ]
        return {"events": kept.read[after:], "notices": notices, "untold": len(kept.to_tell)}


def _row(entry: Entry, kept: Kept) -> str:
    event = entry.get("event")
    name = str(event.get("@event_name", "?")) if isinstance(event, dict) else "uleselig"
    reasons = "".join(f"<li><code>{escape(_reason(reason))}</code></li>" for reason in entry["reasons"])
    why = f'<ul class="reasons">{reasons}</ul>' if reasons else ""
    body = masked(event) if "event" in entry else masked(entry["raw"])
    return f"""<li class="{entry["verdict"]}">
<p><span class="tag {entry["verdict"]}">{VERDICT[entry["verdict"]]}</span> <strong>{escape(name)}</strong>
<code>{escape(masked(entry["key"]).strip('"'))}</code> <span class="small">{second(entry["at"])}</span></p>
{why}{_told(entry, kept)}
<details><summary>JSON</summary><pre tabindex="0">{escape(body)}</pre></details></li>"""


def _reason(reason: dict[str, str]) -> str:
    return f"{reason['title']} ({reason['field']})" if reason["field"] else reason["title"]


def _told(entry: Entry, kept: Kept) -> str:
    """The status events stand by the `opprett` that they speak of."""
    if entry["verdict"] != "accepted" or entry["event"]["@event_name"] != "opprett":
        return ""
    words = [
        " ".join(
            filter(None, (told["event"].get("status") or told["event"]["@event_name"], told["event"].get("kanal")))
        )
        for told in kept.told.get(entry["event"]["varselId"], [])
    ]
    return f'<p class="small">Sendt tilbake: {escape(" → ".join(words))}</p>' if words else ""
