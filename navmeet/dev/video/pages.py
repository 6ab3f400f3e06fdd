"""The page of a plain video client, before one has joined and after."""

from html import escape

_JOINED = """<p class="state" role="status">Du er med i møtet</p>
<p>I det virkelige møtet ville du nå sett og hørt de andre.</p>
<p><a class="button away" href="{away}">Forlat møtet</a></p>"""


_WAITS = '<p class="state" role="status">Venter på verten</p>'


def join(alias: str, name: str, role: str, here: str, pin: str, leg: str) -> str:
    """What one meets: the name filled in, a picture of oneself that is not there, and a button."""
    return _document(
        "Bli med i videomøtet",
        f"""<h1>Bli med i videomøtet</h1>
{_room(alias, role)}
<form method="get" action="{escape(here)}">
<input type="hidden" name="role" value="{escape(role)}">
<input type="hidden" name="join" value="1">
{_hidden("leg", leg)}{_hidden("pin", pin)}<label for="name">Navnet ditt</label>
<input id="name" name="name" value="{escape(name)}" maxlength="100" autocomplete="off">
<button class="button">Bli med</button>
</form>""",
    )


def joined(alias: str, name: str, role: str, away: str, *, leaves: str, waits: bool = False) -> str:
    """After the button: in the meeting, or held at its lock. `leaves` is where the browser tells that it is gone."""
    who = f"<p>Du vises som <strong>{escape(name)}</strong>.</p>" if name else ""
    told = _WAITS if waits else _JOINED.format(away=escape(away))
    return _document("I møtet", f"<h1>Videomøte</h1>{_room(alias, role)}{who}{told}", leaves)


def refused(reason: str) -> str:
    """Whoever owns the meeting said no."""
    return _document("Du kom ikke inn", f'<h1>Du kom ikke inn</h1><p role="alert">{escape(reason)}</p>')


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{escape(value)}">\n' if value else ""


def test_call(here: str) -> str:
    """The platform's own test call."""
    return _document(
        "Testsamtale",
        f"""<h1>Testsamtale</h1>
<p>I den virkelige testsamtalen hører og ser du deg selv, slik de andre vil høre og se deg.</p>
{_room("test", "")}<p><a class="button" href="{escape(here)}">Prøv igjen</a></p>""",
    )


def front(joins: int) -> str:
    """Where one comes without a room."""
    return _document("Videoplattformen", f"<h1>Videoplattformen</h1><p>{joins} besøk siden starten.</p>")


def missing() -> str:
    """An address that is no room."""
    return _document("Fant ikke møterommet", "<h1>Fant ikke møterommet</h1><p>Adressen er ikke et møterom.</p>")


def _room(alias: str, role: str) -> str:
    shown = {"guest": "deltaker", "host": "vert"}.get(role, role)
    part = f"<dt>Rolle</dt><dd>{escape(shown)}</dd>" if shown else ""
    return f"""<div class="picture" aria-hidden="true"><span></span></div>
<dl><dt>Møterom</dt><dd><code>{escape(alias)}</code></dd>{part}</dl>"""


def _document(title: str, body: str, leaves: str = "") -> str:
    script = f'<script src="/leave.js" data-leaves="{escape(leaves)}"></script>' if leaves else ""
    return f"""<!doctype html>
<html lang="nb"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} – videoplattformen (stand-in)</title>
<link rel="stylesheet" href="/look.css"><link rel="icon" href="data:,"></head>
<body><aside class="note" aria-label="Om siden">
Dette er en stand-in for videoplattformen. Det er ikke lyd eller bilde her.</aside>
<main>{body}</main>{script}</body></html>"""
