"""Every case that a text is written for: occasion and step, language, format, what is another, and who is told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product

from invitations.messages import plain, texts
from invitations.models import Occasion, Step
from meetings.models import Format

# An ordinary day, the longest name of a day and a month, and both of the hours that exist twice.
MOMENTS = (
    datetime(2026, 11, 24, 9, tzinfo=UTC),
    datetime(2026, 9, 24, 12, 45, tzinfo=UTC),
    datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
    datetime(2027, 10, 31, 1, 30, tzinfo=UTC),
)
REMINDERS = (Step.DAYS_7, Step.DAY_1, Step.HOUR_1)
# A partner reads who takes part and what was written to them on their page, and has no minutes yet.
NOT_TO_PARTNERS = frozenset(
    {
        Occasion.PEOPLE_CHANGED,
        Occasion.DETAILS_CHANGED,
        Occasion.ANSWERED,
        Occasion.MINUTES_SHARED,
        Occasion.MINUTES_AMENDED,
        Occasion.MINUTES_RECALLED,
        Occasion.WHAT_HAPPENED,
    }
)


@dataclass(frozen=True)
class Case:
    occasion: Occasion
    step: Step
    language: str
    facts: texts.Facts

    def rendered(self, language: str | None = None) -> texts.Rendered:
        return texts.render(self.occasion, self.step, language or self.language, self.facts)


def told_of(*, to_partner: bool) -> list[tuple[Occasion, Step]]:
    """What a citizen, or a partner, may be told of at all. A new occasion is in here until somebody takes it out."""
    left_out = NOT_TO_PARTNERS if to_partner else {Occasion.REMOVED}
    steps = REMINDERS[1:] if to_partner else REMINDERS
    once = [(occasion, Step.ONCE) for occasion in Occasion if occasion not in {Occasion.REMINDER, *left_out}]
    plain_words = [] if to_partner else [(occasion, Step.PLAIN) for occasion in plain.OCCASIONS]
    return [*once, *((Occasion.REMINDER, step) for step in steps), *plain_words]


def cases(*, to_partner: bool) -> Iterator[Case]:
    """All of them."""
    another = product((True, False), repeat=5)
    for what, language, held, moment, (time, form, place, waits, far) in product(
        told_of(to_partner=to_partner), texts.LANGUAGES, Format, MOMENTS, list(another)
    ):
        facts = texts.Facts(
            starts_at=moment,
            held=held,
            time_changed=time,
            format_changed=form,
            place_changed=place,
            to_partner=to_partner,
            waits=waits,
            # A reminder comes days before, never a year.
            with_year=far and what[0] != Occasion.REMINDER,
        )
        yield Case(*what, language, facts)
