"""The one page of the stand-in: who it knows, what it says of them now, and which registers misbehave."""

import json
from html import escape

from navmeet.dev.registers.state import Known, State

_HEADINGS = ("Nummer", "Navn", "Språk", "Reservert", "Kan varsles", "Adresse", "Kontor", "Død", "Sikkerhetstiltak")


def html(state: State) -> str:
    """The whole page, in plain HTML."""
    heads = "".join(f'<th scope="col">{heading}</th>' for heading in _HEADINGS)
    rows = "".join(_row(known) for known in state.everybody())
    now = escape(json.dumps(state.described(), ensure_ascii=False, indent=2))
    return f"""<!doctype html>
<html lang="nb"><head><meta charset="utf-8"><title>Registrene (etterlikning)</title></head><body>
<h1>Registrene (etterlikning)</h1>
<p>Står i stedet for kontakt- og reservasjonsregisteret, folkeregisteret, oversikten over Nav-kontor,
tilgangskontrollen og utstederen av maskintokener. Alle personer er oppdiktet.</p>
<table border="1"><caption>Personer</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>
<h2>Slik er de stilt nå</h2>
<pre>{now}</pre>
<p>Endre med <code>PUT /control/state</code>, tilbake med <code>DELETE /control/state</code>.</p>
</body></html>"""


def _row(known: Known) -> str:
    citizen = known.citizen
    cells = (
        citizen.number,
        citizen.name,
        citizen.language,
        "ja" if citizen.reserved else "nei",
        "ja" if known.kan_varsles else "nei",
        citizen.protection,
        citizen.office,
        citizen.facts.deceased_on or "",
        ", ".join(citizen.facts.safety_measures),
    )
    return "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in cells) + "</tr>"
