"""SMS to partners whom an e-mail did not get through to, in three languages: when, and that we have written.

Read over shoulders, and with no link: who the meeting is about stands behind the link in the e-mail. 160 UTF-16 units
with the longest time there is.
"""

from collections.abc import Mapping
from typing import Final

from invitations.messages.texts.render import Facts, NoWords, Rendered
from invitations.models import Occasion

_CHANGED: Final = "CHANGED"
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "nb": {
        Occasion.INVITED: "Nav inviterer deg til møte {when}. Har du ikke fått e-post fra oss om det, kan du ringe "
        "55 55 33 33.",
        Occasion.MOVED: "Møtet med Nav er flyttet til {when}. Har du ikke fått e-post fra oss om det, kan du ringe "
        "55 55 33 33.",
        _CHANGED: "Noe er endret ved møtet med Nav {when}. Har du ikke fått e-post fra oss om det, kan du ringe "
        "55 55 33 33.",
        Occasion.REINSTATED: "Møtet med Nav {when} er ikke avlyst likevel. Har du ikke fått e-post fra oss, kan du "
        "ringe 55 55 33 33.",
        Occasion.ANSWER_SETTLED: "Vi har svart på det du ba om. Møtet med Nav er {when}. Har du ikke fått e-post, kan "
        "du ringe 55 55 33 33.",
        Occasion.REMINDER: "Vi minner om møtet med Nav {when}. Har du ikke fått e-post fra oss om det, kan du ringe "
        "55 55 33 33.",
        Occasion.CANCELLED: "Møtet med Nav {when} er avlyst. Du trenger ikke å gjøre noe. Spørsmål? Ring 55 55 33 33.",
        Occasion.REMOVED: "Du skal ikke delta i møtet med Nav {when}. Du trenger ikke å gjøre noe. Spørsmål? Ring "
        "55 55 33 33.",
    },
    "nn": {
        Occasion.INVITED: "Nav inviterer deg til møte {when}. Har du ikkje fått e-post frå oss om det, kan du ringje "
        "55 55 33 33.",
        Occasion.MOVED: "Møtet med Nav er flytta til {when}. Har du ikkje fått e-post frå oss om det, kan du ringje "
        "55 55 33 33.",
        _CHANGED: "Noko er endra ved møtet med Nav {when}. Har du ikkje fått e-post frå oss om det, kan du ringje "
        "55 55 33 33.",
        Occasion.REINSTATED: "Møtet med Nav {when} er ikkje avlyst likevel. Har du ikkje fått e-post frå oss, kan du "
        "ringje 55 55 33 33.",
        Occasion.ANSWER_SETTLED: "Vi har svart på det du bad om. Møtet med Nav er {when}. Har du ikkje fått e-post, "
        "kan du ringje 55 55 33 33.",
        Occasion.REMINDER: "Vi minner om møtet med Nav {when}. Har du ikkje fått e-post frå oss om det, kan du ringje "
        "55 55 33 33.",
        Occasion.CANCELLED: "Møtet med Nav {when} er avlyst. Du treng ikkje å gjere noko. Spørsmål? Ring 55 55 33 33.",
        Occasion.REMOVED: "Du skal ikkje delta i møtet med Nav {when}. Du treng ikkje å gjere noko. Spørsmål? Ring "
        "55 55 33 33.",
    },
    "en": {
        Occasion.INVITED: "Nav invites you to a meeting on {when}. If you have not had our email about it, call "
        "55 55 33 33.",
        Occasion.MOVED: "The meeting with Nav has been moved to {when}. If you have not had our email about it, call "
        "55 55 33 33.",
        _CHANGED: "The meeting with Nav on {when} has been changed. If you have not had our email about it, call "
        "55 55 33 33.",
        Occasion.REINSTATED: "The meeting with Nav on {when} is not cancelled after all. If you have not had our "
        "email, call 55 55 33 33.",
        Occasion.ANSWER_SETTLED: "We have answered your request. The meeting with Nav is on {when}. If you have not "
        "had our email, call 55 55 33 33.",
        Occasion.REMINDER: "A reminder of the meeting with Nav on {when}. If you have not had our email about it, "
        "call 55 55 33 33.",
        Occasion.CANCELLED: "The meeting with Nav on {when} is cancelled. You need not do anything. Questions? Call "
        "55 55 33 33.",
        Occasion.REMOVED: "You are no longer to take part in the meeting with Nav on {when}. Questions? Call "
        "55 55 33 33.",
    },
}
_AS_CHANGED: Final = frozenset({Occasion.FORMAT_CHANGED})
OCCASIONS: Final = frozenset(Occasion(name) for name in _WORDS["nb"] if name != _CHANGED) | _AS_CHANGED


def render(occasion: str, language: str, facts: Facts) -> Rendered:
    """The words of one occasion, as SMS alone. Raises NoWords for a language, or an occasion, that has none."""
    is_change = occasion in _AS_CHANGED or (occasion == Occasion.MOVED and not facts.time_changed)
    said = _WORDS.get(language, {}).get(_CHANGED if is_change else occasion)
    if said is None:
        raise NoWords("no words in that language")
    return Rendered(ditt_nav="", sms=said.format(when=facts.when(language)), title="", body="")
