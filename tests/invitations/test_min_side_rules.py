"""Every rule of Min side, refused and accepted, by our check and by the stand-in's; and that the two agree."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from invitations.messages.min_side_rules import link_like, problems_with
from navmeet.dev.ditt_nav_rules import refusals

Titles = Callable[[Any], set[str]]
EMOJI = "😀"


def our_titles(event: Mapping[str, Any]) -> set[str]:
    return {problem.title for problem in problems_with(event)}


def their_titles(event: Any) -> set[str]:
    return {title for title, _ in refusals(event)}


BOTH = pytest.mark.parametrize("titles", [our_titles, their_titles], ids=["ours", "theirs"])


def text(language: str = "nb", words: str = "Du har et møte med Nav", default: bool = True) -> dict[str, Any]:
    return {"spraakkode": language, "tekst": words, "default": default}


def event(**changed: Any) -> dict[str, Any]:
    """A valid oppgave; `external__x` changes x in eksternVarsling; ... leaves a field out."""
    whole: dict[str, Any] = {
        "@event_name": "opprett",
        "type": "oppgave",
        "varselId": "d7f5a8d0-1b1c-4c5e-9f00-0123456789ab",
        "ident": "12838410047",
        "sensitivitet": "substantial",
        "link": "https://navmeet.nav.no/i/abc",
        "tekster": [text()],
        "eksternVarsling": {
            "prefererteKanaler": ["SMS"],
            "smsVarslingstekst": "Hei! Du har et møte med Nav. Logg inn på Nav for å lese mer. Vennlig hilsen Nav",
            "epostVarslingstittel": "Møte med Nav",
            "epostVarslingstekst": "Hei! Du har et møte med Nav.",
            "kanBatches": False,
        },
        "aktivFremTil": "2026-10-01T12:00:00+02:00",
        "produsent": {"cluster": "prod-gcp", "namespace": "team", "appnavn": "app"},
        "metadata": {"version": "v2.2", "built_at": "2026-08-01T10:00:00Z", "builder_lang": "python"},
    }
    for name, value in changed.items():
        holder, key = whole, name.replace("event_name", "@event_name")
        if "__" in name:
            outer, _, key = name.partition("__")
            holder = whole[{"external": "eksternVarsling", "producer": "produsent"}[outer]]
        holder[key] = value
        if value is ...:
            del holder[key]
    return whole


def link_of(length: int) -> str:
    beginning = "https://nav.no/"
    return beginning + "a" * (length - len(beginning))


# title, what is refused, what is accepted just beside it
RULES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("ident_feil_lengde", {"ident": "1283841004"}, {"ident": "12838410047"}),
    ("ident_feil_lengde", {"ident": "128384100470"}, {"ident": "42838410047"}),
    ("varselid_feil_format", {"varselId": "not-an-id"}, {"varselId": "D7F5A8D0-1B1C-4C5E-9F00-0123456789AB"}),
    ("varselid_feil_format", {"varselId": "d7f5a8d01b1c4c5e9f000123456789ab"}, {}),
    ("varselid_feil_format", {"varselId": "81ARZ3NDEKTSV4RRFFQ69G5FAV"}, {"varselId": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}),
    ("varselid_feil_format", {"varselId": "01ARZ3NDEKTSV4RRFFQ69G5FAU"}, {"varselId": "01arz3ndektsv4rrffq69g5fav"}),
    ("varselid_feil_format", {"varselId": "d7f5a8d0-1b1c-4c5e-9f00-0123456789ab\n"}, {}),
    ("minside_tekst_feil_format_spraakkode", {"tekster": [text("n")]}, {"tekster": [text("nb")]}),
    ("minside_tekst_feil_format_spraakkode", {"tekster": [text("nb-NO")]}, {"tekster": [text("sesesese")]}),
    ("minside_tekst_feil_format_spraakkode", {"tekster": [text("nø")]}, {"tekster": [text("SE")]}),
    ("minside_tekst_feil_lengde", {"tekster": [text(words="a" * 501)]}, {"tekster": [text(words="ø" * 500)]}),
    (
        "minside_tekst_feil_lengde",
        {"type": "beskjed", "tekster": [text(words="a" * 301)]},
        {"type": "beskjed", "tekster": [text(words="a" * 300)]},
    ),
    (
        "minside_tekst_feil_lengde",
        {"type": "innboks", "aktivFremTil": ..., "tekster": [text(words="a" * 501)]},
        {"type": "innboks", "aktivFremTil": ..., "tekster": [text(words="a" * 500)]},
    ),
    ("minside_tekst_feil_lengde", {"tekster": [text(words=EMOJI * 251)]}, {"tekster": [text(words=EMOJI * 250)]}),
    (
        "minside_tekst_spraak_duplikat",
        {"tekster": [text("nb"), text("nb", default=False)]},
        {"tekster": [text("nb"), text("nn", default=False)]},
    ),
    (
        "minside_tekst_default_spraak_mangler",
        {"tekster": [text("nb", default=False), text("nn", default=False)]},
        {"tekster": [text("nb", default=False)]},
    ),
    (
        "minside_tekst_default_spraak_mangler",
        {"tekster": [text("nb"), text("nn")]},
        {"tekster": [text("nb", default=False), text("nn"), text("en", default=False)]},
    ),
    ("minside_tekst_default_spraak_mangler", {"tekster": []}, {}),
    ("link_mangler", {"link": ...}, {"type": "beskjed", "link": ...}),
    ("link_mangler", {"type": "innboks", "aktivFremTil": ..., "link": ...}, {"type": "innboks", "aktivFremTil": ...}),
    ("feil_format_link", {"link": link_of(201)}, {"link": link_of(200)}),
    ("feil_format_link", {"link": "navmeet.nav.no/i/abc"}, {"link": "https://nav.no"}),
    ("feil_format_link", {"link": "https://nav.no/a b"}, {"link": "https://nav.no/a%20b"}),
    ("feil_format_link", {"link": "https://nav.no/%zz"}, {"link": "https://nav.no/å"}),
    ("feil_format_link", {"link": ""}, {}),
    ("feil_domene_link", {"link": "http://nav.no/"}, {"link": "https://nav.no/"}),
    ("feil_domene_link", {"link": "https://nav.no.evil.example/"}, {"link": "https://a.b.nav.no?x=1"}),
    ("feil_domene_link", {"link": "https://notnav.no/"}, {"link": "https://not-nav.nav.no/"}),
    ("feil_domene_link", {"link": "https://nav.no:8443/"}, {}),
    ("innboks_aktiv_frem_til", {"type": "innboks"}, {"type": "innboks", "aktivFremTil": ...}),
    ("sms_tekst_feil_lendge", {"external__smsVarslingstekst": "a" * 161}, {"external__smsVarslingstekst": "å" * 160}),
    ("sms_tekst_feil_lendge", {"external__smsVarslingstekst": " \n"}, {"external__smsVarslingstekst": ...}),
    (
        "sms_tekst_feil_lendge",
        {"external__smsVarslingstekst": EMOJI * 81},
        {"external__smsVarslingstekst": EMOJI * 80},
    ),
    (
        "epost_tittel_feil_lengde",
        {"external__epostVarslingstittel": "a" * 41},
        {"external__epostVarslingstittel": "a" * 40},
    ),
    (
        "epost_tittel_feil_lengde",
        {"external__epostVarslingstittel": ""},
        {"external__epostVarslingstittel": "nav.no"},  # the title is not asked for links
    ),
    (
        "epost_tekst_feil_lengde",
        {"external__epostVarslingstekst": "a " * 2001},
        {"external__epostVarslingstekst": "a " * 2000},
    ),
    ("epost_tekst_feil_lengde", {"external__epostVarslingstekst": "\t"}, {}),
    (
        "link_i_ekstern_varsling",
        {"external__smsVarslingstekst": "Se nav.no for mer"},
        {"external__smsVarslingstekst": "Se Nav sine sider for mer"},
    ),
    (
        "link_i_ekstern_varsling",
        {"external__smsVarslingstekst": "Du får ikke SMS om møtet.vi ringer"},
        {"external__smsVarslingstekst": "Du får ikke SMS om møtet. Vi ringer kl. 10.00"},
    ),
    (
        "link_i_ekstern_varsling",
        {"external__epostVarslingstekst": "http://x"},
        {"external__epostVarslingstekst": "http:// x"},
    ),
    ("felt_feil_format", {"event_name": "endre"}, {}),
    ("felt_feil_format", {"event_name": ...}, {}),
    ("felt_feil_format", {"type": "OPPGAVE"}, {"type": "oppgave"}),
    ("felt_feil_format", {"sensitivitet": "low"}, {"sensitivitet": "high"}),
    ("felt_feil_format", {"aktivFremTil": "2026-10-01T12:00:00"}, {"aktivFremTil": "2026-10-01T12:00Z"}),
    ("felt_feil_format", {"aktivFremTil": "2026-02-30T12:00:00Z"}, {"aktivFremTil": "2028-02-29T12:00:00.123456789Z"}),
    ("felt_feil_format", {"aktivFremTil": "2026-10-01 12:00:00Z"}, {"aktivFremTil": "2026-10-01T12:00:00-11:30"}),
    ("felt_feil_format", {"aktivFremTil": "2026-10-01T24:00:00Z"}, {"aktivFremTil": ...}),
    ("felt_feil_format", {"aktivFremTil": 1790848800}, {}),
    (
        "felt_feil_format",
        {"external__utsettSendingTil": "i morgen"},
        {"external__utsettSendingTil": "2026-09-01T09:00Z"},
    ),
    ("felt_feil_format", {"external__prefererteKanaler": ["TELEFON"]}, {"external__prefererteKanaler": []}),
    (
        "felt_feil_format",
        {"external__prefererteKanaler": "SMS"},
        {"external__prefererteKanaler": ["SMS", "EPOST", "BETINGET_SMS"]},
    ),
    ("felt_feil_format", {"external__kanBatches": "nei"}, {"external__kanBatches": ...}),
    ("felt_feil_format", {"ident": 12838410047}, {}),
    ("felt_feil_format", {"tekster": "Hei"}, {}),
    ("felt_feil_format", {"tekster": ["Hei"]}, {}),
    ("felt_feil_format", {"tekster": [text(words="\ud800")]}, {}),
    ("felt_feil_format", {"produsent": "navmeet"}, {}),
    ("felt_feil_format", {"metadata": "v2.2"}, {"metadata": ...}),
    ("felt_feil_format", {"eksternVarsling": True}, {"eksternVarsling": ...}),
    ("felt_mangler", {"producer__cluster": ...}, {"producer__cluster": "dev-gcp"}),
    ("felt_mangler", {"producer__namespace": ...}, {}),
    ("felt_mangler", {"producer__appnavn": ...}, {}),
    ("felt_mangler", {"tekster": [{"spraakkode": "nb"}]}, {"tekster": [{"spraakkode": "nb", "tekst": "Hei"}]}),
    *[
        ("felt_mangler", {name: ...}, {})
        for name in ("type", "varselId", "ident", "sensitivitet", "tekster", "produsent")
    ],
    *[("felt_er_null", {name: None}, {}) for name in ("aktivFremTil", "eksternVarsling", "metadata", "ident", "type")],
    ("felt_er_null", {"external__utsettSendingTil": None}, {}),
]


@BOTH
@pytest.mark.parametrize(("title", "refused", "accepted"), RULES)
def test_each_rule_refuses_what_breaks_it_and_nothing_beside(
    titles: Titles, title: str, refused: dict[str, Any], accepted: dict[str, Any]
) -> None:
    assert title in titles(event(**refused))
    assert titles(event(**accepted)) == set()


@BOTH
def test_a_retraction_needs_its_key_and_its_producer(titles: Titles) -> None:
    whole = {"@event_name": "inaktiver", "varselId": event()["varselId"], "produsent": event()["produsent"]}
    assert titles(whole) == set()
    assert titles(whole | {"varselId": "x"}) == {"varselid_feil_format"}
    assert titles({"@event_name": "inaktiver"}) == {"felt_mangler"}
    assert titles(whole | {"produsent": {"cluster": "x"}}) == {"felt_mangler"}


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/?to=https://nav.no/",
        "https://evil.example/https://www.nav.no",
        "https://evil.example#https://nav.no?x",
        "ftp://nav.no/https://nav.no/",
        "https://.nav.no/",
    ],
)
def test_a_link_that_only_mentions_nav_passes_min_side_and_not_us(link: str) -> None:
    assert their_titles(event(link=link)) == set()
    assert our_titles(event(link=link)) == {"feil_domene_link"}


def test_no_problem_repeats_what_stood_in_the_field() -> None:
    secret = "12838410047"
    wrong = event(ident=secret + secret, link=f"https://{secret}.example/", external__smsVarslingstekst=f"{secret}.no ")
    assert problems_with(wrong)
    assert secret not in repr(problems_with(wrong))


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("Se nav.no", "nav.no"),
        ("møtet.vi ringer", "tet.vi"),
        ("Les https://a", "https://a"),
        ("NAV.no/side", "NAV.no/side"),
        ("a.no", None),
        ("Nav.NO", None),
        ("kl. 10.00 på tlf. 55 55 33 33.", None),
        ("Møtet flyttes.Nytt tidspunkt", None),
        ("bl.a. f.eks. osv.", None),
        ("Ta med pass.både", None),
        # In Java a boundary stands between an ASCII letter and "å".
        ("pass.noå", "pass.no"),
        ("pass.norsk", None),
        ("post@nav.no.", "post@nav.no"),
    ],
)
def test_what_looks_like_a_link_is_named(words: str, part: str | None) -> None:
    assert link_like(words) == part


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.lists(st.text(max_size=3), max_size=2),
    st.dictionaries(st.sampled_from(["spraakkode", "tekst", "default", "cluster"]), st.text(max_size=9), max_size=2),
    st.text(max_size=20),
    st.text(alphabet="nav.o/:htps åA1_-@", max_size=30),
    st.integers(150, 510).map(lambda length: "a " * (length // 2) + "b" * (length % 2)),
    st.integers(75, 260).map(lambda length: EMOJI * length),
    st.sampled_from(
        [
            *("oppgave", "beskjed", "innboks", "substantial", "high", "SMS", "opprett", "inaktiver"),
            *("https://nav.no/", "https://a.nav.no", "https://nav.no\n", "https://a_b.nav.no/", "HTTPS://nav.no/"),
            *("2026-10-01T12:00Z", "2026-10-01T12:00:00+18:00", "2026-10-01T12:00:00+18:01", "2026-10-01T12:00"),
            *("2026-13-01T12:00Z", "20261001T120000Z", "2026-10-01T12:00:60Z", "2026-10-01T12:00.5Z", " \u00a0"),
            link_of(200),
            link_of(201),
        ]
    ),
)
TOP = [*event()]
EXTERNAL = [*event()["eksternVarsling"], "utsettSendingTil"]
PLACES = st.sampled_from(
    [
        *[(name,) for name in TOP],
        *[("eksternVarsling", name) for name in EXTERNAL],
        *[("produsent", name) for name in ("cluster", "namespace", "appnavn")],
        *[("tekster", number, name) for number in (0, 1) for name in ("spraakkode", "tekst", "default")],
        *[("eksternVarsling", "prefererteKanaler", 0)],
    ]
)


@st.composite
def spoiled(draw: st.DrawFn) -> dict[str, Any]:
    """A valid event with up to four things changed or left out."""
    whole = deepcopy(event(tekster=[text("nb"), text("nn", default=False)]))
    for place in draw(st.lists(PLACES, max_size=4)):
        holder: Any = whole
        for step in place[:-1]:
            holder = holder.get(step) if isinstance(holder, dict) else None
            if place[0] == "tekster" and isinstance(holder, list) and len(holder) == 2:
                holder = holder[int(str(place[1]))]
                break
        if isinstance(holder, dict):
            holder.pop(place[-1], None)
            if draw(st.integers(0, 4)):
                holder[place[-1]] = draw(VALUES)
        elif isinstance(holder, list) and holder:
            holder[0] = draw(VALUES)
    return whole


@settings(max_examples=400, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(spoiled())
def test_our_check_and_the_stand_in_agree_on_any_event(whole: dict[str, Any]) -> None:
    assert our_titles(whole) == their_titles(whole)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.text(alphabet="abNno.:/htps åé1_-@%~#?&=+ \n", max_size=60))
def test_our_check_and_the_stand_in_agree_on_what_looks_like_a_link(words: str) -> None:
    seen_by_theirs = "link_i_ekstern_varsling" in their_titles(event(external__smsVarslingstekst=f"x {words}"))
    assert bool(link_like(f"x {words}")) == seen_by_theirs
