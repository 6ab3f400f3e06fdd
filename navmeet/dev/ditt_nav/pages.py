"""What a person sees: the front page, their notifications, and what was sent to them."""

from html import escape

from navmeet.dev.ditt_nav.kept import Kept, Notice
from navmeet.dev.ditt_nav.login import Person
from navmeet.dev.ditt_nav.words import ENDED, STATUS, document, moment, on_this_machine

_OUT = '<a class="quiet" href="/logout">Logg ut</a>'
_IN = '<a class="button" href="/login">Logg inn</a>'


def front() -> str:
    """For somebody who is not logged in."""
    return document(
        "Logg inn",
        """<h1>Velkommen til Min side</h1>
<p class="lead">Logg inn for å se oppgaver og beskjeder fra Nav.</p>
<p><a class="button" href="/login">Logg inn med ID-porten</a></p>""",
        bar=_IN,
    )


def failure(why: str) -> str:
    """When something could not be done."""
    return document(
        "Noe gikk galt", f'<h1>Noe gikk galt</h1><p>{escape(why)}</p><p><a href="/">Til forsiden</a></p>', bar=_IN
    )


def mine(kept: Kept, person: Person, citizen_base: str) -> str:
    """Active notifications first, then what was sent, then what is over."""
    with kept.locked():
        notices = [notice for notice in kept.notices.values() if notice.event["ident"] == person.ident]
        active = [notice for notice in reversed(notices) if notice.ended is None]
        parts = [
            "<h1>Varsler</h1>",
            _section("Oppgaver", [_card(one, person, citizen_base) for one in active if one.kind != "beskjed"]),
            _section("Beskjeder", [_card(one, person, citizen_base) for one in active if one.kind == "beskjed"]),
            _sent(notices),
            _over([notice for notice in reversed(notices) if notice.ended]),
        ]
    level = "høyt nivå" if person.level == "high" else "betydelig nivå"
    return document("Varsler", "\n".join(parts), bar=f'<span class="level">Logget inn på {level}</span>{_OUT}')


def _section(heading: str, cards: list[str]) -> str:
    empty = f'<p class="empty">Du har ingen {heading.lower()}.</p>'
    inside = f'<ul class="cards">{"".join(cards)}</ul>' if cards else empty
    return f'<section><h2>{heading} <span class="count">{len(cards)}</span></h2>{inside}</section>'


def _card(notice: Notice, person: Person, citizen_base: str) -> str:
    if notice.is_high and person.level != "high":
        words = "Du har en oppgave" if notice.kind == "oppgave" else "Du har en beskjed"
        return f"""<li class="card {notice.kind}" data-varsel="{escape(notice.key)}">
<p class="text">{words}</p>
<p>Du må logge inn på et høyere sikkerhetsnivå for å se hva det gjelder.</p>
<p><a class="button small" href="/login?level=high">Logg inn på høyt nivå</a></p>{_when(notice)}</li>"""
    text = notice.text(person.language)
    words, lang = escape(text["tekst"]), escape(text["spraakkode"])
    link = notice.event.get("link")
    shown = f'<p class="text" lang="{lang}">{words}</p>'
    if link:
        here = escape(on_this_machine(link, citizen_base))
        shown = f'<p class="text" lang="{lang}"><a href="{here}">{words}</a></p><p class="link">{escape(link)}</p>'
    return f"""<li class="card {notice.kind}" data-varsel="{escape(notice.key)}">
{shown}{_when(notice)}{_dismiss(notice, person)}</li>"""


def _when(notice: Notice) -> str:
    told = [row for row in notice.external if row["status"] == "sendt"]
    ways = " og ".join({"SMS": "SMS", "EPOST": "e-post"}[row["kanal"]] for row in told)
    way = f" · Varslet på {ways}" if told else ""
    until = notice.event.get("aktivFremTil")
    lasts = f" · Vises til {moment(until)}" if until else ""
    return f'<p class="small">{moment(notice.read_at)}{way}{lasts}</p>'


def _dismiss(notice: Notice, person: Person) -> str:
    """Only a beskjed can be taken away by the person."""
    if notice.kind != "beskjed":
        return ""
    return f"""<form method="post" action="/beskjed/inaktiver">
<input type="hidden" name="form_key" value="{escape(person.form_key)}">
<button class="quiet" name="varselId" value="{escape(notice.key)}">Fjern beskjeden</button></form>"""


def _sent(notices: list[Notice]) -> str:
    rows = [(notice, row) for notice in notices for row in notice.external if row["status"] in ("sendt", "feilet")]
    rows.sort(key=lambda pair: str(pair[1]["at"]), reverse=True)
    waiting = [notice for notice in notices if notice.is_being_told and notice.external[-1]["status"] != "sendt"]
    shown = [f'<li class="way"><p class="small">{_waiting(one)}</p></li>' for one in waiting] + [
        _one_sent(row) for _, row in rows
    ]
    empty = '<p class="empty">Ingen SMS eller e-post er sendt til deg.</p>'
    inside = f'<ul class="sent">{"".join(shown)}</ul>' if shown else empty
    return f"<section><h2>SMS og e-post sendt</h2>{inside}</section>"


def _waiting(notice: Notice) -> str:
    status = str(notice.external[-1]["status"])
    if status != "venter" or notice.sms_at is None:
        return STATUS[status]
    return f"Utsatt: SMS eller e-post sendes {moment(notice.sms_at.isoformat())}, om varselet er her da"


def _one_sent(row: dict[str, str]) -> str:
    when = moment(row["at"])
    if row["status"] == "feilet":
        return f"""<li class="way failed"><p class="small">{when} · {STATUS["feilet"]}</p>
<p>Du er reservert mot digital kontakt, eller vi har verken mobilnummer eller e-postadresse.</p></li>"""
    title = f'<p class="title">{escape(row["title"])}</p>' if "title" in row else ""
    kind = "E-post" if row["kanal"] == "EPOST" else "SMS"
    return f"""<li class="way"><p class="small">{kind} til {escape(row["to"])} · {when}</p>{title}
<p class="bubble">{escape(row["text"])}</p></li>"""


def _over(notices: list[Notice]) -> str:
    if not notices:
        return ""
    rows = "".join(f"<li>{_over_line(notice)}</li>" for notice in notices)
    return f"<details><summary>Tidligere varsler ({len(notices)})</summary><ul>{rows}</ul></details>"


def _over_line(notice: Notice) -> str:
    assert notice.ended is not None  # noqa: S101 (chosen so by the caller)
    what = "Oppgave" if notice.kind == "oppgave" else "Beskjed"
    words = "" if notice.is_high else f": {escape(notice.text('nb')['tekst'])}"
    return f"{what}{words} ({ENDED[notice.ended['by']]}, {moment(notice.ended['at'])})"
