"""Other sentences than ours, for one test."""

from dataclasses import replace

import pytest

from invitations.messages import notification, texts
from invitations.messages.texts import bokmal
from invitations.messages.texts.words import Kind


def say(patch: pytest.MonkeyPatch, kind: Kind, **words: str) -> None:
    """Somebody wrote this instead in bokmål. What was made of the sentences before is forgotten, now and afterwards."""
    patch.setitem(bokmal.WORDS, kind, replace(bokmal.WORDS[kind], **words))
    patch.setattr(notification, "_words", texts.render)
