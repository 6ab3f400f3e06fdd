"""What a message, a retraction or a letter is called and what became of it, in a caseworker's words."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from invitations.messages import by_min_side, causes, foretold, letters, sms_words, texts, what_was_tried
from invitations.messages.cap import FullDay
from invitations.messages.causes import Cause
from invitations.messages.occasions import NOT_SENT
from invitations.messages.overtake import LATER_PLAN
from invitations.messages.told import Picture
from invitations.models import Because, Channel, Hang, Message, MessageState, Occasion, Retraction, Step, Why
from meetings.models import Status, Task
from navmeet.look import dates

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
    Occasion.MINUTES_AMENDED: "Endret referat",
    Occasion.MINUTES_RECALLED: "Beskjed om at referatet er trukket tilbake",
    Occasion.WHAT_HAPPENED: "Spørsmål om hva som skjedde",
}
STEPS: Mapping[str, str] = {
    Step.ONCE: "",
    Step.PLAIN: ", kort beskjed",
    Step.DAYS_7: ", 7 dager før",
    Step.DAY_1: ", 1 dag før",
    Step.HOUR_1: ", 1 time før",
}
WHY_NOT: Mapping[str, str] = {
    Why.NO_BASIS: "det er ikke grunnlag for å fortelle deltakeren om møtet",
    Why.PROTECTED: "personen har fått strengt fortrolig adresse",
    Why.QUIET_TIME: "tidspunktet er i stille tid, om natten eller på en helligdag",
    Why.TOO_CLOSE: "den ville kommet for tett på en annen påminnelse",
    Why.DAY_IS_FULL: (
        "det ville blitt for mange varsler til samme person den dagen, og de andre haster mer eller kom først"
    ),
    Why.MOVED: "møtet ble endret",
    Why.CANCELLED: "møtet ble avlyst",
    Why.NOT_AGREED: "møtet er foreslått, men ikke avtalt ennå",
    Why.ANSWERED: "innbyggeren hadde allerede svart",
    Why.TOO_LATE: "det ble for sent",
    Why.CANNOT_BE_TOLD: "innbyggeren kan ikke varsles digitalt, for kontaktregisteret har verken e-post eller mobil",
    Why.RESERVED: "innbyggeren er reservert mot digital kontakt",
    Why.DECEASED: "personen er registrert død",
    Why.REFUSED_BY_RULES: "mottakssystemet tar ikke imot teksten",
    Why.NO_WORDS: "vi har ingen tekst på skriftspråket som er valgt",
    Why.NOT_DELIVERED: "varselet kom ikke fram",
    Why.NOT_CONFIRMED: "ingen har sagt om den kom fram",
    Why.TAKEN_AWAY: "varselet ble fjernet fra Min side av andre enn oss",
    Why.BROKER: "vi fikk ikke kontakt med systemet som sender",
    Why.NOT_ASKED: "det var ikke bedt om",
    Why.MIN_SIDE_REMINDS: "Min side minner selv om invitasjonen som ikke er besvart",
    Why.REINSTATED: "møtet er ikke avlyst likevel",
    Why.AS_TOLD: "det er slik deltakeren har fått vite før",
    Why.TOGETHER: "det blir fortalt i et annet varsel",
    Why.RUNG: "noen ringte og fortalte det i stedet",
    Why.NEW_ADDRESS: "adressen ble rettet, og det sendes dit i stedet",
    Why.CORRECTED: "det som var notert om møtet, ble rettet",
}
# Handed over, and refused by an answer: mostly because of the address or the number.
REFUSED: Final = "mottakssystemet tok den ikke imot"
CHANNELS: Mapping[str, str] = {"DITT_NAV": "Min side", "EMAIL": "e-post", "SMS": "SMS"}
VIA: Mapping[str, str] = {"SMS": "SMS", "EPOST": "e-post"}
HANGS: Mapping[str, str] = {
    Hang.NOTHING: "vi får det ikke av gårde akkurat nå",
    Hang.BROKER: "Min side tar ikke imot varsler akkurat nå",
    Hang.REGISTERS: "folkeregisteret eller kontaktregisteret svarer ikke",
    Hang.RECEIVER: "systemet som sender e-post og SMS, svarer ikke",
    Hang.THROTTLED: "systemet som sender e-post og SMS, tar ikke imot flere akkurat nå",
    Hang.FORBIDDEN: "systemet som sender e-post og SMS, slipper oss ikke inn",
}
BECAUSE: Mapping[str, str] = {
    Because.ASKED: "mottakeren ba om det",
    Because.NOT_DELIVERED: "det kom ikke fram",
    Because.CORRECTED: "adressen eller nummeret er rettet",
}
# What a task of these kinds is in the list, while it waits and once it is done.
TASKS: Mapping[str, tuple[str, str, str]] = {
    Task.Kind.SEND_LETTER: ("Brev", "Skal sendes i posten senest {due}", "Sendt i posten, {done}"),
    Task.Kind.CALL: ("Telefon", "Skal ringes senest {due}", "Ringt, {done}"),
    Task.Kind.NOT_REACHED: ("Kontakt", "Varselet kom ikke fram. Ta kontakt senest {due}", "Tatt kontakt, {done}"),
}
# Why nobody has to do it any more.
ENDED: Mapping[str, str] = {
    Task.Ended.NOTHING: "deltakeren er nådd, eller det er sendt noe nyere, {when}",
    Task.Ended.ARRIVED: "varselet kom fram{how} {when}",
    Task.Ended.LEFT: "varselet ble sendt {when}",
    Task.Ended.ANSWERED: "deltakeren svarte {when}",
    Task.Ended.OVERTAKEN: "noe nyere er planlagt eller fortalt, {when}",
    Task.Ended.OVER: "møtet er over",
}
# A sender has it in hand in seconds, and may keep it for its lease. What has waited longer waits for a sender, a
# register, a broker or somebody else's system.
IN_HAND: Final = timedelta(seconds=30)
ON_ITS_WAY: Final = timedelta(minutes=2)
_IF_DIGITAL: Final = ", hvis innbyggeren kan varsles digitalt da"
_IF_AGREED: Final = ", hvis møtet er avtalt da"


def what(occasion: str, step: str) -> str:
    """ "Påminnelse, 1 dag før"."""
    return OCCASIONS[occasion] + STEPS[step]


def hangs(message: Message, at: datetime) -> bool:
    """Should it have left by now? What was tried and came to nothing should; else what nobody takes in hand."""
    since = max(message.due_at, message.planned_at)
    if message.state == MessageState.PLANNED:
        return at >= since + (timedelta(0) if message.hangs_on else IN_HAND)
    return message.state == MessageState.CLAIMED and at >= since + ON_ITS_WAY


def of_message(
    message: Message,
    at: datetime,
    *,
    by_sms: bool = True,
    is_doubtful: bool = False,
    goes_anyway: bool = False,
    was: Picture | None = None,
) -> str:
    """What became of it, and why not; of what is to come, when and how. `by_sms`: Min side is asked for that too.

    `was`: as they know the meeting, where that is another. `is_doubtful`: they could not be told digitally the last
    time; it is looked at again when this is to leave. `goes_anyway`: Min side does not remind in its place.
    """
    because = REFUSED if _was_refused(message) else WHY_NOT.get(message.why, "")
    if message.channel != Channel.DITT_NAV and message.sent_at is not None:
        return _to_partner(message, because)
    if hangs(message, at):
        return _hanging(message)
    if message.state == MessageState.PLANNED:
        how = foretold.when_and_how(message, at, by_sms=by_sms, was=was, at_once=foretold.NOW, goes_anyway=goes_anyway)
        doubt = _IF_AGREED if message.meeting.status == Status.PROPOSED else _IF_DIGITAL if is_doubtful else ""
        moved = of_moved(message.why, moved_from(message), message.due_at)
        return f"Sendes {how}{doubt}" + (f". {moved}" if moved else "")
    if message.state == MessageState.CLAIMED:
        return "Sendes nå"
    if message.state == MessageState.SENT:
        said = f", men {because} i det samme" if because else sms_words.of(message, at)
        return f"Vist på Min side{said}"
    if message.state == MessageState.DELIVERED:
        return f"Sendt som {_via(message)}"
    if message.why == Why.TAKEN_AWAY:
        return _taken_away(message, because)
    if message.state == MessageState.FAILED and message.why == Why.NOT_CONFIRMED:
        return "Vist på Min side, men vi vet ikke om SMS eller e-post kom fram"
    if message.state == MessageState.FAILED and message.sent_at is not None:
        return "Vist på Min side, men SMS eller e-post kom ikke fram"
    return _not_sent(message, at, because)


def _taken_away(message: Message, because: str) -> str:
    """And what is known of its SMS and e-mail."""
    became = by_min_side.became(message.receipts.all())
    if became.is_arrived:
        return f"Sendt som {_via(message)}, men {because}"
    said = f"Vist på Min side, men {because}"
    if became.is_failed:
        return f"{said}. SMS eller e-post kom ikke fram"
    return f"{said}. SMS og e-post ble ikke sendt" if became.is_called_off else said


def moved_from(message: Message) -> datetime | None:
    """When it would have gone by itself, of what is still to come at another time."""
    return foretold.moved_from(message) if message.state in NOT_SENT else None


def of_moved(why: str, by_itself: datetime | None, due_at: datetime) -> str:
    """Why it goes when it does, and not when it would by itself; "" for what does."""
    if by_itself is None:
        return f"Tidligere går ikke, for {WHY_NOT[why]}" if why else ""
    is_same_day = dates.in_oslo(by_itself).date() == dates.in_oslo(due_at).date()
    when = dates.clock(by_itself, "nb") if is_same_day else texts.when(by_itself, "nb")
    return f"Flyttet fra {when} på grunn av stille tid"


def _not_sent(message: Message, at: datetime, because: str) -> str:
    # What surely did not leave by an attempt is not counted: to Min side the rest were handed over, and not confirmed.
    to_min_side = message.channel == Channel.DITT_NAV
    if message.unsure_attempts or (message.attempts and (to_min_side or message.state == MessageState.VOID)):
        return f"Kan ha blitt sendt {'til' if to_min_side else 'som'} {CHANNELS[message.channel]}, men {because}"
    if message.state != MessageState.VOID and message.why not in LATER_PLAN and at < message.due_at:
        return f"Skulle vært sendt {texts.when(message.due_at, 'nb')}, men sendes ikke: {because}"
    return f"Ikke sendt: {because}{_when(message)}"


def _when(message: Message) -> str:
    """What a change took before it was to leave."""
    was_to_come = message.settled_at is not None and message.settled_at < message.due_at
    return " før det var tid" if was_to_come and message.why in {Why.MOVED, Why.CANCELLED} else ""


def of_retraction(retraction: Retraction | None) -> str:
    """What became of taking it back; "" where nobody does."""
    if retraction is None or retraction.state == Retraction.State.NOT_NEEDED:
        return ""
    if retraction.sent_at is not None:
        return f"Fjernet fra Min side {texts.when(retraction.sent_at, 'nb')}"
    return "Fjernes fra Min side når et nytt varsel har tatt plassen" if retraction.after_id else "Fjernes fra Min side"


def of_full_day(full: FullDay) -> str:
    """That nothing more is told on a day, and what is told besides."""
    day = dates.short_day(full.day, "nb").capitalize()
    told = f"{day} får innbyggeren {full.counting} varsler. Flere sender vi ikke på én dag."
    if not full.exempt:
        return told
    others = f"{full.exempt} invitasjoner, endringer eller avlysninger"
    if full.exempt == 1:
        others = "én invitasjon, endring eller avlysning"
    return f"{told} I tillegg kommer {others}, som alltid sendes."


def of_again(message: Message, by: str) -> str:
    """Who had it sent again, and why; "" for what the house planned by itself."""
    if message.again_by is None:
        return ""
    return f"Sendt på nytt av {by} fordi {BECAUSE[message.again_because]}"


def of_task(task: Task, by: str, arrived: Message | None) -> str:
    """What somebody has to do instead, or has done. `arrived`: what did so as it ended, and made it needless."""
    said = _of_task(task, by, arrived)
    became = what_was_tried.became(task.tried["ways"]) if task.tried else []
    # It left or arrived after all: what stood in its way is not so any more.
    if not became or task.ended in letters.ENDED_TOO_SOON:
        return said
    return f"{said}. Grunn: {', og '.join(became)}"


def _of_task(task: Task, by: str, arrived: Message | None) -> str:
    _, waits, is_done = TASKS[task.kind]
    if task.done_at is None:
        return waits.format(due=texts.when(task.due_at, "nb"))
    when = texts.when(task.done_at, "nb")
    if task.done_by is None and (task.ended or task.kind == Task.Kind.NOT_REACHED):
        ended = ENDED[task.ended].format(when=when, how=f" som {_way(arrived)}" if arrived else "")
        return f"Ikke nødvendig lenger: {ended}"
    return is_done.format(done=f"merket som ferdig {when} av {by}" if by else f"merket som ferdig {when}")


def _hanging(message: Message) -> str:
    tried = f" Vi har prøvd {message.attempts} ganger." if message.attempts > 1 else ""
    when = texts.when(message.due_at, "nb")
    return f"Skulle vært sendt {when}, men {HANGS[message.hangs_on]}.{tried} Vi prøver igjen av oss selv"


def _to_partner(message: Message, because: str) -> str:
    """What should not have left cannot be taken back: it says that it is out."""
    way = CHANNELS[message.channel]
    if message.state == MessageState.FAILED and message.why == Why.NOT_CONFIRMED:
        return f"Sendt som {way}, men vi vet ikke om den kom fram"
    if message.state == MessageState.FAILED:
        return f"Sendt som {way}, men kom ikke fram{_because(message)}"
    said = f"Kommet fram som {way}" if message.state == MessageState.DELIVERED else f"Sendt som {way}"
    if message.unsure_attempts:
        said = f"{said}, kanskje mer enn én gang"
    return f"{said}, men {because} i det samme" if because else said


def _because(message: Message) -> str:
    """Where its receiver said more than that it did not arrive."""
    known = {Cause.NOT_DELIVERED, Cause.NOT_CONFIRMED}
    said = [way for way in causes.ways(message) if way[1] not in known]
    return f": {', og '.join(what_was_tried.of_way(*way) for way in said)}" if said else ""


def _was_refused(message: Message) -> bool:
    of_rules = message.why == Why.REFUSED_BY_RULES and message.channel != Channel.DITT_NAV
    return of_rules and any(receipt.event == causes.REFUSED for receipt in message.receipts.all())


def _via(message: Message) -> str:
    """How it came, and whether Min side's own reminder of it did not."""
    is_lost = by_min_side.became(message.receipts.all()).is_reminder_lost
    return _way(message) + (", men påminnelsen fra Min side kom ikke fram" if is_lost else "")


def _way(message: Message) -> str:
    """By what it came through; both, if Min side said so of both."""
    if message.channel != Channel.DITT_NAV:
        return CHANNELS[message.channel]
    by = by_min_side.became(message.receipts.all()).by
    return " og ".join(sorted({VIA.get(via, via) for via in by if via}, reverse=True)) or "SMS eller e-post"
