"""What stands on Ditt NAV where a message cannot be said: that there is news, in words that can always be said.

A sentence that Min side would drop, or a language without words, fails, and a person is asked; to whom nothing may be
sent digitally a letter goes (rows.py, settle.py). What it was to take the place of is not true any more, and is to go
all the same: this takes its place, with the link, and nothing by SMS or e-mail. A reservation says how we may send, and
not what they may see. For an invitation that cannot be said it stands where nothing stood: they are rung, and find
their meeting meanwhile. Where the words can be said after all (languages.py), they take the place of this.
"""

from datetime import datetime
from typing import Any, Final

from invitations.messages import wake
from invitations.messages.occasions import OF_MINUTES, TASKS, TELL_OF_MEETING
from invitations.models import NOT_DIGITALLY, Channel, Message, MessageState, Occasion, Retraction, Step, Why

OCCASIONS: Final = TELL_OF_MEETING | OF_MINUTES | {Occasion.CANCELLED}
UNSAYABLE: Final = frozenset({Why.REFUSED_BY_RULES, Why.NO_WORDS})
PLAIN_ONLY: Final = (
    "Varselet kan ikke sendes slik det er. Innbyggeren ser bare en kort beskjed på Min side, og du får en oppgave om å "
    "ta kontakt."
)


def is_wanted(why: str) -> bool:
    """Does a message that does not leave for this reason leave a gap on Ditt NAV?"""
    return why in UNSAYABLE | NOT_DIGITALLY


def leaves_gap(message: Message) -> bool:
    """Did it end before it left, and for such a reason?"""
    is_ended = message.state in {MessageState.FAILED, MessageState.SKIPPED}
    return is_ended and message.sent_at is None and is_wanted(message.why)


def stands_alone(message: Message, why: str) -> bool:
    """Is it wanted also where nothing is replaced: for what asks whether they come, and cannot be said?

    Else they would find nothing, and nothing says that there is a meeting. Who is not to be told digitally is written
    to.
    """
    return message.occasion in TASKS and message.channel == Channel.DITT_NAV and why in UNSAYABLE


def instead_of(message: Message, at: datetime) -> Message | None:
    """Plan it, once, due now; None where it cannot stand for this."""
    if message.occasion not in OCCASIONS or message.step == Step.PLAIN or message.channel != Channel.DITT_NAV:
        return None
    same: dict[str, Any] = {
        "participant_id": message.participant_id,
        "occasion": message.occasion,
        "step": Step.PLAIN,
        "about_id": message.about_id,
        "about_number": message.about_number,
        "channel": message.channel,
        "repeat": message.repeat,
    }
    plain = Message(
        **same,
        meeting_id=message.meeting_id,
        language=message.language,
        due_at=at,
        not_after=message.not_after,
        active_until=message.active_until,
        planned_at=at,
    )
    Message.objects.bulk_create([plain], ignore_conflicts=True)
    wake.on_commit()
    return Message.objects.get(**same)


def take_over(message: Message, why: str, at: datetime) -> None:
    """It turned out as it was to leave that it leaves a gap, and why: what waits for it waits for this, or stays."""
    waiting = Retraction.objects.filter(after=message, state=Retraction.State.PLANNED)
    if not waiting.exists() and not stands_alone(message, why):
        return
    plain = instead_of(message, at)
    if plain is None:
        waiting.update(state=Retraction.State.NOT_NEEDED)
    else:
        waiting.update(after=plain)
