"""Every message of a meeting, as a caseworker reads it: when, about what, what became of it, and why not."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from invitations import bases
from invitations.messages import look_again, notification, standing, texts, told
from invitations.messages.receipts import DELIVERED, EXTERNAL
from invitations.models import Channel, Message, MessageState, Occasion, Retraction, Step, Why
from meetings.models import Meeting, Revision
from navmeet import clock

OCCASIONS: Mapping[str, str] = {
    Occasion.INVITED: "Invitasjon",
    Occasion.MOVED: "Endring av møtet",
    Occasion.FORMAT_CHANGED: "Endring av møteform",
    Occasion.PEOPLE_CHANGED: "Nytt om hvem som deltar",
    Occasion.DETAILS_CHANGED: "Nytt i det som er skrevet til innbyggeren",
    Occasion.REINSTATED: "Beskjed om at møtet likevel holdes",
    Occasion.REMOVED: "Beskjed om ikke å delta",
    Occasion.CANCELLED: "Avlysning",
    Occasion.REMINDER: "Påminnelse",
    Occasion.ANSWERED: "Kvittering for svar",
    Occasion.ANSWER_SETTLED: "Svar på ønske om endring",
    Occasion.MINUTES_SHARED: "Referat",
    Occasion.WHAT_HAPPENED: "Spørsmål om hva som skjedde",
}
STEPS: Mapping[str, str] = {
    Step.ONCE: "",
    Step.DAYS_7: ", 7 dager før",
    Step.DAY_1: ", 1 dag før",
    Step.HOUR_1: ", 1 time før",
}
WHY_NOT: Mapping[str, str] = {
    Why.NO_BASIS: "det er ikke grunnlag for å fortelle deltakeren om møtet",
    Why.PROTECTED: "personen har fått strengt fortrolig adresse",
    Why.QUIET_TIME: "tidspunktet var om natten eller på en helligdag",
    Why.TOO_CLOSE: "den ville kommet for tett på en annen påminnelse",
    Why.MOVED: "møtet ble endret",
    Why.CANCELLED: "møtet ble avlyst",
    Why.ANSWERED: "innbyggeren hadde allerede svart",
    Why.TOO_LATE: "det ble for sent",
    Why.CANNOT_BE_TOLD: "innbyggeren kan ikke varsles digitalt, for kontaktregisteret har verken e-post eller mobil",
    Why.RESERVED: "innbyggeren er reservert mot digital kontakt",
    Why.DECEASED: "personen er registrert død",
    Why.REFUSED_BY_RULES: "mottakssystemet tar ikke imot den",
    Why.NOT_DELIVERED: "varselet kom ikke fram",
    Why.BROKER: "vi fikk ikke kontakt med systemet som sender",
    Why.NOT_ASKED: "det var ikke bedt om",
    Why.MIN_SIDE_REMINDS: "Min side minner selv om invitasjonen som ikke er besvart",
    Why.REINSTATED: "møtet er ikke avlyst likevel",
    Why.AS_TOLD: "det er slik deltakeren har fått vite før",
    Why.TOGETHER: "det blir fortalt i et annet varsel",
    Why.CORRECTED: "det som var notert om møtet, ble rettet",
}
# Min side's own rule for an oppgave that is still active (contracts of tms-ekstern-varsling).
RENOTIFIED_AFTER = timedelta(days=7)
OVERTAKEN = frozenset({Why.MOVED, Why.TOGETHER, Why.AS_TOLD, Why.REINSTATED, Why.CORRECTED})
# A message is on its way in seconds. What has waited longer waits for a register, a broker or somebody else's system.
ON_ITS_WAY = timedelta(minutes=2)
VIA: Mapping[str, str] = {"SMS": "SMS", "EPOST": "e-post"}


@dataclass(frozen=True)
class LogLine:
    """`words` says what became of it. `name` is a partner's, while it is kept; the citizen is known by the page.

    `text` is as sent, else as it would be sent now; its parts are "ditt_nav", "sms", "title" and "body".
    """

    participant_id: UUID
    role: str
    name: str
    occasion: str
    step: str
    occasion_words: str
    channel: str
    state: str
    why: str
    words: str
    due_at: datetime
    sent_at: datetime | None
    taken_back_at: datetime | None
    text: Mapping[str, str]

    @property
    def is_overtaken(self) -> bool:
        """A later plan took its place before it left: nobody misses it."""
        return self.state == MessageState.VOID and self.sent_at is None and self.why in OVERTAKEN


def message_log(meeting: Meeting, at: datetime | None = None) -> list[LogLine]:
    """In order of their time, as it stands at `at`: now. Five queries, however many messages."""
    messages = list(
        Message.objects.filter(meeting=meeting)
        .select_related("meeting", "participant__contact", "participant__person", "retraction")
        .prefetch_related("receipts")
        .order_by("due_at", "id")
    )
    revisions = look_again.revisions_of(messages) if messages else {}
    before, asking = told.before(messages), standing.waiting(messages)
    now = at or clock.now()
    lines = [
        _line(message, revisions, before.get(message.pk), now, waits=message.participant_id in asking)
        for message in messages
    ]
    lines += [_renotification(message) for message in messages if _min_side_will_remind(message)]
    return sorted(lines, key=lambda line: line.due_at)


def _line(
    message: Message,
    revisions: Mapping[tuple[UUID, int], Revision],
    was: told.Picture | None,
    at: datetime,
    *,
    waits: bool,
) -> LogLine:
    retraction: Retraction | None = getattr(message, "retraction", None)
    return LogLine(
        participant_id=message.participant_id,
        role=message.participant.role,
        name=_name(message),
        occasion=message.occasion,
        step=message.step,
        occasion_words=OCCASIONS[message.occasion] + STEPS[message.step],
        channel=message.channel,
        state=message.state,
        why=message.why,
        words=_words(message, at),
        due_at=message.due_at,
        sent_at=message.sent_at,
        taken_back_at=retraction.sent_at if retraction else None,
        text=_text(message, revisions, was, waits=waits),
    )


def _min_side_will_remind(message: Message) -> bool:
    """Once, a week after an oppgave was shown, if it is still there: an answer or a change takes it back before."""
    if message.channel != Channel.DITT_NAV or message.occasion not in notification.TASKS:
        return False
    if message.sent_at is None or hasattr(message, "retraction"):
        return False
    if any(receipt.is_renotification for receipt in message.receipts.all()):
        return False
    return message.active_until is None or message.sent_at + RENOTIFIED_AFTER < message.active_until


def _renotification(message: Message) -> LogLine:
    sent_at = message.sent_at or message.due_at
    due_at = sent_at + RENOTIFIED_AFTER
    return LogLine(
        participant_id=message.participant_id,
        role=message.participant.role,
        name="",
        occasion=Occasion.REMINDER,
        step=Step.ONCE,
        occasion_words="Påminnelse fra Min side",
        channel=message.channel,
        state=MessageState.PLANNED,
        why=Why.NONE,
        words=f"Min side minner om invitasjonen {texts.when(due_at, 'nb')} hvis innbyggeren ikke har svart",
        due_at=due_at,
        sent_at=None,
        taken_back_at=None,
        text={},
    )


def _words(message: Message, at: datetime) -> str:
    because = WHY_NOT.get(message.why, "")
    if message.channel == Channel.EMAIL and message.sent_at is not None:
        return _email_words(message, because)
    if message.state in {MessageState.PLANNED, MessageState.CLAIMED} and at >= message.due_at + ON_ITS_WAY:
        when = texts.when(message.due_at, "nb")
        return f"Skulle vært sendt {when}, men vi får det ikke av gårde akkurat nå. Vi prøver igjen av oss selv"
    if message.state == MessageState.PLANNED:
        return f"Sendes {texts.when(message.due_at, 'nb')}"
    if message.state == MessageState.CLAIMED:
        return "Sendes nå"
    if message.state == MessageState.SENT:
        return f"Vist på Min side, men {because} i det samme" if because else "Vist på Min side"
    if message.state == MessageState.DELIVERED:
        return f"Sendt som {_via(message)}"
    if message.state == MessageState.FAILED and message.sent_at is not None:
        return "Vist på Min side, men SMS eller e-post kom ikke fram"
    if message.channel == Channel.EMAIL and message.attempts and message.state == MessageState.VOID:
        return f"Kan ha blitt sendt som e-post, men {because}"
    return f"Ikke sendt: {because}"


def _email_words(message: Message, because: str) -> str:
    """An e-mail that should not have left cannot be taken back: it says that it is out."""
    if message.state == MessageState.FAILED:
        return "Sendt som e-post, men kom ikke fram"
    said = "Kommet fram som e-post" if message.state == MessageState.DELIVERED else "Sendt som e-post"
    return f"{said}, men {because} i det samme" if because else said


def _name(message: Message) -> str:
    contact = bases.contact_of(message.participant) if message.participant.is_partner else None
    return contact.name if contact else ""


def _via(message: Message) -> str:
    """By what Min side said it was sent; both, if both were."""
    vias = {
        VIA.get(receipt.via, receipt.via)
        for receipt in message.receipts.all()
        if receipt.event == EXTERNAL and receipt.status in DELIVERED and receipt.via
    }
    return " og ".join(sorted(vias, reverse=True)) or "SMS eller e-post"


def _text(
    message: Message, revisions: Mapping[tuple[UUID, int], Revision], was: told.Picture | None, *, waits: bool
) -> dict[str, str]:
    if message.text_sent is not None:
        kept = json.loads(message.text_sent)
        return {name: kept[name] for name in ("ditt_nav", "sms", "title", "body") if kept.get(name)}
    if message.state not in {MessageState.PLANNED, MessageState.CLAIMED}:
        return {}
    facts = notification.facts_for(message, revisions, was, waits=waits)
    words = texts.render(message.occasion, message.step, message.language, facts)
    person = message.participant.person
    if person is not None and person.is_strictly_protected:
        words = words.on_the_page_only()
    return {name: text for name, text in words.as_dict().items() if text}
