"""What one who takes part may come to be told of a meeting, word by word. Nothing is stored by looking.

Written from the meeting as it is now, by the same functions and rules that plan and send: what stands here is what
would leave, with the link as a placeholder.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from invitations.messages import log_words, sayable, standing, texts
from invitations.messages.own import own
from invitations.messages.texts import sms_size, sms_to_partners
from invitations.messages.texts.words import TO_CITIZENS, TO_PARTNERS
from invitations.models import Channel, Message, Occasion, Step
from meetings.models import PARTNERS, Format, Meeting, Participant, Role
from navmeet import clock
from navmeet.exceptions import NotFound


@dataclass(frozen=True)
class Wanted:
    """Of what; "" is all."""

    occasion: str = ""
    step: str = ""
    language: str = ""


@dataclass(frozen=True)
class Preview:
    """One text. `what` is the occasion in words; `refused` says why it cannot be sent as it is: then it is empty."""

    occasion: str
    step: str
    what: str
    language: str
    channel: str
    ditt_nav: str
    sms: str
    title: str
    body: str
    refused: str
    version: str = texts.VERSION

    @property
    def sms_length(self) -> int:
        return sms_size.length(self.sms)

    @property
    def sms_parts(self) -> int:
        return sms_size.parts(self.sms)


@dataclass(frozen=True)
class _Case:
    """What may come to be told. `what` says it where the words of the occasion say too little."""

    occasion: Occasion
    step: Step = Step.ONCE
    what: str = ""
    time_changed: bool = True
    format_changed: bool = False
    place_changed: bool = False

    @property
    def words(self) -> str:
        return self.what or log_words.what(self.occasion, self.step)


_PLACES = {Format.IN_PERSON: "Nytt møtested", Format.PHONE: "Nytt om hvem som ringer, eller på hvilket nummer"}
_PLAIN = (
    (Occasion.INVITED, log_words.OCCASIONS[Occasion.INVITED]),
    (Occasion.MOVED, "Nytt om møtet"),
    (Occasion.CANCELLED, log_words.OCCASIONS[Occasion.CANCELLED]),
    (Occasion.MINUTES_AMENDED, "Nytt om referatet"),
)
_STEPS = {Occasion.REMINDER: (Step.DAYS_7, Step.DAY_1, Step.HOUR_1)}


def of_participant(meeting: Meeting, participant: Participant, wanted: Wanted) -> list[Preview]:
    """In the order of a meeting's life. One query, or none."""
    found: list[Preview] = []
    waits = bool(standing.waiting([Message(participant=participant, occasion=Occasion.REMINDER)]))
    for case in _cases(participant, own(participant, meeting).held):
        if wanted.occasion not in ("", case.occasion) or wanted.step not in ("", case.step):
            continue
        for language in texts.LANGUAGES:
            if wanted.language in ("", language):
                found += _written(meeting, participant, case, language, waits=waits)
    return found


def participant_of(meeting: Meeting, participant_id: UUID | None) -> Participant:
    """Who is told, and takes part: the citizen where nobody is named. Raises NotFound."""
    found = readers(meeting)
    theirs = [one for one in found if one.pk == participant_id] if participant_id else found
    if not theirs:
        raise NotFound("Vi finner ikke deltakeren i møtet.", code="participant_not_found", field="participant")
    return theirs[0]


def readers(meeting: Meeting) -> list[Participant]:
    """Those who are told of the meeting, the citizen first. One query."""
    told = meeting.participants.filter(removed_at=None, role__in=[Role.CITIZEN, *sorted(PARTNERS)])
    found = told.select_related("person", "contact").order_by("pk")
    return sorted(found, key=lambda one: one.role != Role.CITIZEN)


def _cases(participant: Participant, held: Format) -> Iterator[_Case]:
    kinds = TO_PARTNERS if participant.is_partner else TO_CITIZENS
    known = {kind.value for kind in kinds}
    for occasion in Occasion:
        if occasion == Occasion.MOVED:
            yield _Case(occasion, what="Nytt tidspunkt")
            yield _Case(occasion, what="Nytt tidspunkt og ny møteform", format_changed=True)
            if held in _PLACES:
                yield _Case(occasion, what=_PLACES[held], time_changed=False, place_changed=True)
            yield _Case(occasion, what="Noe annet er endret", time_changed=False)
        elif occasion == Occasion.REMINDER:
            yield from (_Case(occasion, step) for step in _STEPS[occasion] if _is_told(step, participant))
        elif occasion in known:
            yield _Case(occasion)
    if not participant.is_partner:
        yield from (
            _Case(occasion, Step.PLAIN, what=f"{what}, når varselet ikke kan sendes") for occasion, what in _PLAIN
        )


def _is_told(step: Step, participant: Participant) -> bool:
    """A partner's week is not ours to keep."""
    return not participant.is_partner or step != Step.DAYS_7


def _written(
    meeting: Meeting, participant: Participant, case: _Case, language: str, *, waits: bool
) -> Iterator[Preview]:
    theirs = own(participant, meeting)
    facts = texts.Facts(
        starts_at=theirs.starts_at,
        held=theirs.held,
        time_changed=case.time_changed,
        format_changed=case.format_changed,
        place_changed=case.place_changed,
        to_partner=participant.is_partner,
        waits=waits,
        with_year=case.occasion != Occasion.REMINDER and texts.needs_year(theirs.starts_at, clock.now()),
    )
    for channel in _channels(participant, case.occasion):
        message = Message(
            meeting=meeting,
            participant=participant,
            occasion=case.occasion,
            step=case.step,
            language=language,
            channel=channel,
        )
        yield _preview(message, case, facts)


def _channels(participant: Participant, occasion: Occasion) -> tuple[Channel, ...]:
    """The SMS to a partner follows an e-mail that does not get through."""
    if not participant.is_partner:
        return (Channel.DITT_NAV,)
    return (Channel.EMAIL, Channel.SMS) if occasion in sms_to_partners.OCCASIONS else (Channel.EMAIL,)


def _preview(message: Message, case: _Case, facts: texts.Facts) -> Preview:
    said, refused = {"ditt_nav": "", "sms": "", "title": "", "body": ""}, ""
    try:
        said = sayable.words_of(message, facts).as_dict()
    except texts.CannotBeSaid as error:
        refused = log_words.WHY_NOT[error.why]
    return Preview(
        occasion=message.occasion,
        step=message.step,
        what=case.words,
        language=message.language,
        channel=message.channel,
        refused=refused,
        **said,
    )
