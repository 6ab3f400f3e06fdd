"""No text is refused by its receiver, whatever people, places and titles are called; and none says what that is."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from invitations.messages import ditt_nav, emails, min_side_rules, notification, texts
from invitations.messages.texts import bokmal
from invitations.messages.texts.words import Kind
from invitations.models import Message, Occasion
from meetings.models import Role
from tests.faults.figures import TEXTS, tell
from tests.faults.said import Case, at_random, look_at
from tests.invitations.messages.sentences import say


@pytest.fixture(autouse=True)
def _last_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """The only thing that building asks of a database: where the last e-mail to a partner went."""
    monkeypatch.setattr(emails, "last_address", lambda partner: partner.contact.email)


def test_no_text_is_refused_by_its_receiver_or_leaks() -> None:
    found = look_at(at_random(TEXTS))
    assert found.n == TEXTS
    assert found.counts == {}, found.first
    assert found.put_off > TEXTS / 20
    tell(
        f"Texts: n = {found.n} messages, {found.put_off} of them with an SMS that waits, of people, places and titles "
        "called anything: refused by our rules 0, by the receiver's own 0, with an identity number 0, with anybody's "
        "or anything's name 0"
    )


def test_negative_control_a_text_with_a_name_in_it_is_refused_by_both_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    say(monkeypatch, Kind.INVITED, sms=bokmal.WORDS[Kind.INVITED].sms + " Bo.no")
    ours = look_at(_invitations(200))
    assert ours.counts["refused by ours"] > 0
    monkeypatch.setattr(min_side_rules, "problems_with", lambda _: [])
    theirs = look_at(_invitations(200))
    assert theirs.counts == {"refused by theirs": ours.counts["refused by ours"]}


def test_negative_control_a_sentence_made_with_a_name_or_a_number_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    _naming(monkeypatch, lambda message: message.participant.theme)
    named = look_at(_invitations(200))
    assert named.counts["says what somebody or something is called"] > 100
    _naming(monkeypatch, lambda _: "12838410047")
    numbered = look_at(_invitations(200))
    assert numbered.counts["has a number"] > 100


def test_negative_control_a_time_without_a_zone_is_refused_by_both_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ditt_nav, "_instant", lambda at: at.strftime("%Y-%m-%dT%H:%M:%S"))
    ours = look_at(_invitations(200))
    assert ours.counts == {"refused by ours": 200}
    monkeypatch.setattr(min_side_rules, "problems_with", lambda _: [])
    assert look_at(_invitations(200)).counts == {"refused by theirs": 200}


def _invitations(n: int) -> Iterator[Case]:
    for case in at_random(n):
        invited = replace(case, role=Role.CITIZEN, occasion=Occasion.INVITED, step="ONCE")
        yield replace(invited, language="nb", is_strictly_protected=False)


def _naming(patch: pytest.MonkeyPatch, what: Callable[[Message], Any]) -> None:
    """Somebody puts more than the sentence into what stands on Ditt NAV."""
    build = notification.build

    def naming(message: Message, facts: texts.Facts, *more: Any) -> notification.Ready:
        ready = build(message, facts, *more)
        shown = [one | {"tekst": f"{one['tekst']} {what(message)}"[:300]} for one in ready.event["tekster"]]
        return replace(ready, event={**ready.event, "tekster": shown})

    patch.setattr(notification, "build", naming)
