"""Other sentences than ours, for one test; and what is read of them."""

from dataclasses import replace

import pytest

from invitations.messages import notification, texts
from invitations.messages.texts import bokmal
from invitations.messages.texts.words import Kind
from navmeet.dev.ditt_nav_rules import refusals
from tests.invitations.messages.broker import FakeTopic


def say(patch: pytest.MonkeyPatch, kind: Kind, **words: str) -> None:
    """Somebody wrote this instead in bokmål. What was made of the sentences before is forgotten, now and afterwards."""
    patch.setitem(bokmal.WORDS, kind, replace(bokmal.WORDS[kind], **words))
    patch.setattr(notification, "_words", texts.render)


def standing(topic: FakeTopic) -> list[str]:
    """What the citizen finds on Ditt NAV, in bokmål."""
    there = topic.active()
    assert all(refusals(event) == [] and event["link"] for event in there)
    return [next(one["tekst"] for one in event["tekster"] if one["spraakkode"] == "nb") for event in there]
