"""Sending again: the last thing somebody should know of their meeting, under a new key; or it says why not."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from invitations import bases, still_true
from invitations.messages import letters, log_words, nothing_left, overtake, rows, texts, wake
from invitations.messages.occasions import ABOUT_WHAT_WAS, CHANGES, NOT_SENT, OF_MINUTES, TASKS
from invitations.messages.plan import CANNOT_BE_TOLD
from invitations.messages.rows import About, Timing, Told
from invitations.models import (
    NOT_DIGITALLY,
    Answer,
    Because,
    Channel,
    Invitation,
    Message,
    MessageState,
    Occasion,
    Retraction,
    Step,
    Why,
)
from meetings.models import Meeting, Participant, Status, Task
from meetings.states import WrongState
from navmeet.exceptions import Conflict
from navmeet.outbox.publish import Consequences, PlannedMessage

# Who has not seen what was shown a moment ago has not looked yet.
JUST_NOW: Final = timedelta(minutes=10)
# Pressed twice by the same hand, it is asked for once.
ONE_PRESS: Final = timedelta(minutes=1)
NEWS: Final = TASKS | CHANGES | {Occasion.ANSWERED, Occasion.ANSWER_SETTLED}
# Planned, and found to be no news: not what they were told last.
_NO_NEWS: Final = frozenset({Why.AS_TOLD, Why.TOGETHER, Why.CORRECTED, Why.REINSTATED, Why.ANSWERED})
_CANNOT_BE_SAID: Final = {
    Why.NO_WORDS: "Vi har ingen tekst på skriftspråket som er valgt. Velg et annet skriftspråk, og prøv igjen.",
    Why.REFUSED_BY_RULES: "Mottakssystemet tar ikke imot teksten. Ta kontakt på en annen måte.",
}
_OUT: Final = frozenset({MessageState.SENT, MessageState.DELIVERED})


@dataclass(frozen=True)
class Again:
    """What is asked for: to whom, by whom, and why. `can_be_told` is the contact register's word on a citizen."""

    invitation: Invitation
    meeting: Meeting
    can_be_told: bool
    by: UUID
    because: Because
    at: datetime

    @property
    def participant(self) -> Participant:
        return self.invitation.participant


@dataclass(frozen=True)
class SentAgain:
    """The row; `is_repeat`: it was asked for a moment ago, and stands."""

    message: Message
    planned: PlannedMessage
    is_repeat: bool = False

    @property
    def by_letter(self) -> bool:
        """Nothing is sent: a letter is asked for."""
        return self.message.why in NOT_DIGITALLY

    def consequences(self) -> Consequences:
        """What follows, for a change to gather."""
        return Consequences(messages=[self.planned], lacks=[CANNOT_BE_TOLD] if self.by_letter else [])


@dataclass(frozen=True)
class _Word:
    """The last thing they should know. `told`: what they were told, or are to be, of the same."""

    occasion: Occasion
    about: About
    timing: Timing
    told: QuerySet[Message]


def send_again(asked: Again, last_answer: Answer | None) -> SentAgain:
    """Plan it, due now, in place of what is on Ditt NAV. Inside a change, with invitation and meeting locked.

    To a citizen who has answered: the notice with their meeting, which sends no SMS. To one who cannot be told
    digitally: a letter is asked for. Raises Conflict, with a code and a sentence for each reason why not.
    """
    _check_may_be_told(asked)
    word = _word(asked, last_answer)
    told = Told(
        asked.meeting,
        asked.participant,
        asked.can_be_told or asked.participant.is_partner,
        asked.at,
        again_by=asked.by,
        again_because=asked.because,
    )
    last = word.told.order_by("-planned_at", "-pk").first()
    if last is not None and last.again_by == asked.by and asked.at - last.planned_at < ONE_PRESS:
        return SentAgain(last, rows.as_planned(last, told), is_repeat=True)
    _check_is_not_told_now(asked, word)
    _check_no_letter_waits(asked, word)
    if asked.participant.is_partner:
        overtake.void_emails(asked.participant, Why.TOGETHER, asked.at, {word.occasion})
    message, planned = rows.plan(told, word.occasion, word.about, word.timing, again=True)
    if message.state == MessageState.FAILED:
        raise Conflict(_CANNOT_BE_SAID[Why(message.why)], code="cannot_be_said")
    _ask_anew(asked, message)
    if not message.why:
        _replace(asked.meeting, message, asked.at)
    wake.on_commit()
    return SentAgain(message, planned)


def _check_may_be_told(asked: Again) -> None:
    """Raises Conflict where nothing may reach them, whatever it is."""
    person = asked.participant.person
    if person is not None and person.deceased_known_at is not None:
        raise WrongState("Innbyggeren er registrert død. Ingenting sendes.", code="deceased")
    if not asked.participant.is_partner:
        return
    if bases.contact_of(asked.participant) is None:
        raise Conflict("Adressen til deltakeren er slettet. Det er ikke noe sted å sende varselet.", code="no_address")
    if _is_closed(asked.invitation):
        return
    if not Invitation.objects.open().filter(pk=asked.invitation.pk).exists():
        raise Conflict(
            "Innbyggeren har fått strengt fortrolig adresse. De andre deltakerne får ikke vite noe mer før de som kan "
            "åpne møtet, har sett på det.",
            code="protected",
        )
    if not bases.has_basis(asked.participant):
        raise _no_basis()


def _word(asked: Again, last_answer: Answer | None) -> _Word:
    """What it is, by how the meeting stands now. Raises Conflict where there is nothing to tell."""
    meeting, at = asked.meeting, asked.at
    if asked.participant.is_partner and _is_closed(asked.invitation):
        return _removed(asked)
    if meeting.status == Status.CANCELLED:
        return _cancelled(asked)
    told = Told(meeting, asked.participant, asked.can_be_told, at)
    timing = rows.email(told) if asked.participant.is_partner else rows.until_end(meeting, at)
    if meeting.status != Status.SCHEDULED or at >= timing.not_after:
        return _afterwards(asked)
    if not _told(asked, NEWS).exists():
        raise Conflict("Mottakeren har ikke fått noe varsel om møtet ennå.", code="nothing_told")
    answered = last_answer is not None and not asked.participant.is_partner and still_true.holds(last_answer)
    occasion = Occasion.ANSWERED if answered and asked.can_be_told else _asking(asked)
    revision = meeting.revisions.get(number=meeting.revision_number)
    return _Word(occasion, About(revision.pk, revision.number), timing, _told(asked, NEWS))


def _cancelled(asked: Again) -> _Word:
    meeting, at = asked.meeting, asked.at
    told = Told(meeting, asked.participant, asked.can_be_told, at)
    timing = rows.email(told) if asked.participant.is_partner else rows.cancellation(meeting, at)
    if at >= timing.not_after:
        raise WrongState(
            "Møtet er avlyst, og tiden det skulle vært på, er over. Det er ingenting å sende på nytt.", code="over"
        )
    called_off = _told(asked, {Occasion.CANCELLED})
    if not called_off.exists():
        raise Conflict(
            "Møtet er avlyst, og mottakeren fikk aldri vite om det. Det er ingenting å sende.", code="nothing_told"
        )
    return _Word(Occasion.CANCELLED, About(meeting.pk, meeting.sequence), timing, called_off)


def _removed(asked: Again) -> _Word:
    removed = _told(asked, {Occasion.REMOVED})
    last = removed.order_by("-planned_at", "-pk").first()
    if last is None:
        raise _no_basis()
    timing = rows.email(Told(asked.meeting, asked.participant, True, asked.at))
    if asked.meeting.status == Status.CANCELLED or asked.at >= timing.not_after:
        raise WrongState("Møtet er avlyst eller over. Det er ingenting å sende på nytt.", code="over")
    return _Word(Occasion.REMOVED, About(last.about_id, last.about_number), timing, removed)


def _afterwards(asked: Again) -> _Word:
    """Of minutes, or the question what happened: whichever came last and was not taken back."""
    told = _told(asked, ABOUT_WHAT_WAS)
    last = told.order_by("-planned_at", "-pk").first()
    if last is None:
        raise nothing_left.why(asked.meeting, asked.at)
    if Retraction.objects.filter(message=last).exclude(state=Retraction.State.NOT_NEEDED).exists():
        raise Conflict("Det som sist ble fortalt, er tatt tilbake. Det er ingenting å sende på nytt.", code="over")
    about = About(last.about_id, last.about_number)
    return _Word(Occasion(last.occasion), about, rows.minutes(asked.at), told)


def _asking(asked: Again) -> Occasion:
    """What asked for the answer that is still not there."""
    last = _told(asked, TASKS).order_by("-planned_at", "-pk").first()
    return Occasion(last.occasion) if last is not None else Occasion.INVITED


def _told(asked: Again, occasions: frozenset[Occasion] | set[Occasion]) -> QuerySet[Message]:
    theirs = Message.objects.filter(participant=asked.participant, occasion__in=occasions)
    # An SMS only follows what did not arrive; plain words only stand for what could not be said.
    theirs = theirs.exclude(channel=Channel.SMS).exclude(step=Step.PLAIN)
    return theirs.exclude(state=MessageState.VOID).exclude(state=MessageState.SKIPPED, why__in=_NO_NEWS)


def _check_is_not_told_now(asked: Again, word: _Word) -> None:
    """Raises Conflict where something of the same is on its way, waits for its time, hangs, or has just left."""
    waits = word.told.filter(state__in=NOT_SENT).order_by("due_at", "pk").first()
    if waits is not None and waits.due_at > asked.at and _is_ordered_anew(waits):
        return
    if waits is not None and waits.due_at > asked.at:
        when = texts.when(waits.due_at, "nb")
        raise Conflict(
            f"En endring fortelles {when}. Trykk «Si fra nå» på møtet hvis den skal fortelles med en gang.",
            code="waits",
        )
    if waits is not None and log_words.hangs(waits, asked.at):
        cause = log_words.HANGS[waits.hangs_on]
        raise Conflict(f"Et varsel er allerede på vei, men {cause}. Vi prøver igjen av oss selv.", code="hangs")
    if waits is not None:
        raise Conflict("Et varsel er allerede på vei. Vent noen minutter, og se om det kom fram.", code="on_its_way")
    last = word.told.order_by("-planned_at", "-pk").first()
    # What did not leave is not told by what left before it.
    if last is None or last.state not in _OUT or asked.because == Because.CORRECTED:
        return
    if last.sent_at is not None and asked.at - last.sent_at < JUST_NOW:
        raise Conflict("Et varsel ble sendt for mindre enn ti minutter siden. Vent litt.", code="just_sent")


def _is_ordered_anew(waits: Message) -> bool:
    """An e-mail that failed just then, and goes again by itself: this goes in its place."""
    return waits.channel == Channel.EMAIL and waits.occasion not in CHANGES and waits.due_at > waits.planned_at


def _check_no_letter_waits(asked: Again, word: _Word) -> None:
    if asked.can_be_told or asked.participant.is_partner:
        return
    if _is_asked(asked, Task.Kind.SEND_LETTER, word.occasion):
        is_reserved = asked.participant.person is not None and asked.participant.person.is_reserved
        because = "er reservert mot digital kontakt" if is_reserved else "kan ikke varsles digitalt"
        raise Conflict(
            f"Innbyggeren {because}. Oppgaven om å sende brev er ikke gjort ennå: send brevet, og merk den som ferdig.",
            code="letter_waits",
        )


def _ask_anew(asked: Again, message: Message) -> None:
    """What was asked of a person the last time may be done: then it is asked again."""
    cause = (asked.meeting, message.occasion, message.about_number, asked.at)
    person = asked.participant.person
    if message.why in NOT_DIGITALLY and not _is_asked(asked, Task.Kind.SEND_LETTER, message.occasion):
        letters.ask_for_letter(*cause, repeat=message.repeat)
    is_protected = not message.why and person is not None and person.is_strictly_protected
    if is_protected and not _is_asked(asked, Task.Kind.CALL, message.occasion):
        letters.ask_to_ring(*cause, repeat=message.repeat)


def _is_asked(asked: Again, kind: Task.Kind, occasion: str) -> bool:
    """Is somebody to do it already?"""
    waits = Task.objects.filter(meeting=asked.meeting, kind=kind, done_at=None, about__startswith=f"{occasion}:")
    return waits.exists()


def _replace(meeting: Meeting, message: Message, at: datetime) -> None:
    """What was shown of the same goes from Ditt NAV once this is there."""
    if message.occasion in NEWS:
        overtake.replace(meeting, message, at)
    elif message.occasion in OF_MINUTES:
        overtake.replace_minutes(meeting, message, at)
    else:
        overtake.replace_same(meeting, message, at)


def _is_closed(invitation: Invitation) -> bool:
    return invitation.closed_at is not None or invitation.participant.removed_at is not None


def _no_basis() -> Conflict:
    return Conflict("Det er ikke grunnlag for å fortelle deltakeren om møtet. Ingenting sendes.", code="no_basis")
