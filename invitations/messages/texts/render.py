"""From an occasion and the facts to the words."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from invitations.messages.texts import bokmal, english, nynorsk, to_partners
from invitations.messages.texts.words import Kind, Words
from invitations.models import Occasion, Step, Why
from meetings.models import Format
from navmeet.look import dates

# Raised with every change of a sentence, and stored with what was sent.
VERSION = "11"
# The link lets its holder find the invitation: what is shown or kept of a text says only that it stood there.
LINK_PLACEHOLDER = "{lenke}"
# A day less than ten months off is the next of its name in everybody's head.
PLAIN_FOR = timedelta(days=300)
SOON = timedelta(hours=2)

WORDS: Mapping[str, Mapping[Kind, Words]] = {"nb": bokmal.WORDS, "nn": nynorsk.WORDS, "en": english.WORDS}
MEETING: Mapping[str, Mapping[Format, str]] = {"nb": bokmal.MEETING, "nn": nynorsk.MEETING, "en": english.MEETING}
HOW: Mapping[str, Mapping[Format, str]] = {"nb": bokmal.HOW, "nn": nynorsk.HOW, "en": english.HOW}
STANDS: Mapping[str, str] = {"nb": bokmal.STANDS, "nn": nynorsk.STANDS, "en": english.STANDS}
PARTNER_WORDS: Mapping[str, Mapping[Kind, Words]] = {
    "nb": to_partners.BOKMAL,
    "nn": to_partners.NYNORSK,
    "en": to_partners.ENGLISH,
}
LANGUAGES = tuple(WORDS)

# What of a place is another depends on how one takes part. On video there is none.
_PLACES = {Format.IN_PERSON: Kind.PLACE_CHANGED, Format.PHONE: Kind.PHONE_CHANGED}
_PLAIN = {
    Occasion.INVITED: Kind.PLAIN_INVITED,
    Occasion.CANCELLED: Kind.PLAIN_CANCELLED,
    Occasion.MINUTES_SHARED: Kind.PLAIN_MINUTES,
    Occasion.MINUTES_AMENDED: Kind.PLAIN_MINUTES,
    Occasion.MINUTES_RECALLED: Kind.PLAIN_MINUTES,
}
_REMINDERS = {Step.DAYS_7: Kind.IN_A_WEEK, Step.DAY_1: Kind.TOMORROW, Step.HOUR_1: Kind.IN_AN_HOUR}


class CannotBeSaid(ValueError):
    """Nothing may go out in these words. Says which rule, and nothing of what stood there."""

    why = Why.REFUSED_BY_RULES


class NoWords(CannotBeSaid):
    """There are none for this in that language."""

    why = Why.NO_WORDS


@dataclass(frozen=True)
class Facts:
    """What the words need to know of the meeting, as it is for the one who is told.

    `time_changed` is for a change: is there a new time? `format_changed`: and another way in? `place_changed`: where,
    or on which telephone? `to_partner`: an e-mail to somebody from outside. `waits` for an answer to a wish of theirs:
    a reminder says that the meeting stands. `with_year`: the day is so far off that another of its name comes before.
    `is_soon`: it starts within two hours; a reminder of an hour before that quiet time has moved does not say so.
    """

    starts_at: datetime
    held: str
    time_changed: bool = True
    format_changed: bool = False
    place_changed: bool = False
    to_partner: bool = False
    waits: bool = False
    with_year: bool = False
    is_soon: bool = True

    def when(self, language: str) -> str:
        """The day and hour as the words say them."""
        return when(self.starts_at, language, with_year=self.with_year)


@dataclass(frozen=True)
class Rendered:
    """Finished words. `sms`, `title` and `body` are all there, or all empty: then nothing is sent by SMS or e-mail.

    For a partner `title` and `body` alone, with LINK_PLACEHOLDER where their link is to stand.
    """

    ditt_nav: str
    sms: str
    title: str
    body: str

    def as_dict(self) -> dict[str, str]:
        return asdict(self)

    def on_the_page_only(self) -> "Rendered":
        """The same, with nothing for SMS and e-mail."""
        return Rendered(self.ditt_nav, sms="", title="", body="")

    @property
    def is_quiet(self) -> bool:
        return not self.sms


def render(occasion: str, step: str, language: str, facts: Facts) -> Rendered:
    """The words for one occasion. Raises NoWords for a language that has none: nothing goes out in it silently.

    Raises CannotBeSaid for a sentence that asks for what nobody knows.
    """
    of_language = (PARTNER_WORDS if facts.to_partner else WORDS).get(language, {})
    words = of_language.get(_kind(occasion, step, facts))
    if words is None:
        raise NoWords("no words in that language")
    filled = {
        "when": facts.when(language),
        "meeting": MEETING[language][Format(facts.held)],
        "how": HOW[language][Format(facts.held)],
        "link": LINK_PLACEHOLDER,
    }
    try:
        said = {name: text.format(**filled) for name, text in asdict(words).items()}
    except (LookupError, ValueError):
        raise CannotBeSaid("a placeholder without a value") from None
    if facts.waits and occasion == Occasion.REMINDER:
        # Behind the sentence with the time: the meeting stands until they hear from us.
        told, stands = f"{filled['when']}.", STANDS[language]
        said = {name: text.replace(told, f"{told} {stands}", 1) for name, text in said.items()}
    return Rendered(**said)


def needs_year(moment: datetime, told_at: datetime) -> bool:
    """Would who is told of it then take it for a day of the same name that is nearer?"""
    return moment - told_at > PLAIN_FOR


def when(moment: datetime, language: str, *, with_year: bool = False) -> str:
    """ "tirsdag 24. november kl. 10.00": the year where it is not plain."""
    day = dates.day if with_year else dates.short_day
    return f"{day(moment, language)} {dates.clock(moment, language)}"


def is_soon(moment: datetime, told_at: datetime) -> bool:
    """May who is told then read that it starts soon?"""
    return moment - told_at <= SOON


def _kind(occasion: str, step: str, facts: Facts) -> Kind:
    if step == Step.PLAIN:
        return _PLAIN.get(Occasion(occasion), Kind.PLAIN_NEWS)
    if occasion == Occasion.REMINDER:
        return Kind.TOMORROW if step == Step.HOUR_1 and not facts.is_soon else _REMINDERS[Step(step)]
    if occasion == Occasion.MOVED and not facts.time_changed:
        if facts.format_changed:
            return Kind.FORMAT_CHANGED
        return _PLACES.get(Format(facts.held), Kind.CHANGED) if facts.place_changed else Kind.CHANGED
    if occasion == Occasion.REINSTATED and facts.time_changed:
        return Kind.REINSTATED_MOVED
    if occasion == Occasion.MOVED and facts.format_changed:
        return Kind.MOVED_OTHERWISE
    return Kind(occasion)
