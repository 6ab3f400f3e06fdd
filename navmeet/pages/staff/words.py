"""What staff pages call things. Bokmål only: staff pages have no other language."""

from invitations.models import Answer, Reply
from meetings import fitting
from meetings.models import Caller, Format, Meeting, Reason, Role, Status, Task, WhyOverruled
from meetings.overruling import Code
from navmeet.pages.staff import not_reached
from navmeet.people.models import Protection

FORMATS = {Format.VIDEO: "Videomøte", Format.PHONE: "Telefonmøte", Format.IN_PERSON: "Fysisk møte"}
FORMAT_ICONS = {Format.VIDEO: "video", Format.PHONE: "phone", Format.IN_PERSON: "place"}
LANGUAGES = fitting.WRITTEN
CALLERS = {Caller.NAV: "Nav ringer innbyggeren", Caller.CITIZEN: "Innbyggeren ringer Nav"}

SWITCH_TO = {Format.VIDEO: "Bytt til video", Format.PHONE: "Bytt til telefon", Format.IN_PERSON: "Bytt til fysisk møte"}
WAYS_IN = {Format.VIDEO: "På video", Format.PHONE: "På telefon", Format.IN_PERSON: "Ved oppmøte"}
ROLES = not_reached.WHO
CHANNELS = {"DITT_NAV": "på Min side", "EMAIL": "på e-post", "SMS": "på SMS"}
RELEASED_BY = {"PAGE": "på nett", "PHONE": "på telefon", "COUNTER": "ved oppmøte", "LETTER": "i brev"}

# A colour of Aksel and a word, as `tag` takes them.
STATUSES = {
    Status.PROPOSED: ("info", "Foreslått"),
    Status.SCHEDULED: ("info", "Avtalt"),
    Status.HELD: ("success", "Holdt"),
    Status.NOT_HELD: ("warning", "Ikke holdt"),
    Status.CANCELLED: ("neutral", "Avlyst"),
}
NOT_ANSWERED = ("neutral", "Ikke svart")
NOT_ANSWERED_ANEW = ("warning", "Ikke svart på endringen")
ANSWERS = {
    Answer.Kind.COMING: ("success", "Kommer"),
    Answer.Kind.NOT_COMING: ("danger", "Kan ikke komme"),
    Answer.Kind.OTHER_TIME: ("warning", "Ønsker annet tidspunkt"),
    Answer.Kind.OTHER_FORMAT: ("warning", "Vil møte på en annen måte"),
}

WISH_ANSWERED = ("neutral", "Ønske besvart")
REPLIES = {
    Reply.Kind.MOVED: "møtet ble flyttet",
    Reply.Kind.FORMAT_CHANGED: "møteformen ble byttet",
    Reply.Kind.STANDS: "besvart: møtet gjelder som det er",
    Reply.Kind.WITHDRAWN: "trukket tilbake",
}

REASONS = {
    Reason.BOOKED: "Møtet ble bestilt",
    Reason.CITIZEN_ASKED: "Innbyggeren ba om det",
    Reason.STAFF_UNAVAILABLE: "Veilederen kan ikke",
    Reason.PRACTICAL: "Praktiske grunner",
    Reason.NO_LONGER_NEEDED: "Det er ikke behov for møtet lenger",
    Reason.MISTAKE: "Møtet ble bestilt ved en feil",
    Reason.TECHNICAL_PROBLEM: "Det tekniske virket ikke",
}

# Of a meeting that is held after all, what was wrong is the cancellation.
REASONS_AGAIN = {
    Reason.MISTAKE: "Møtet ble avlyst ved en feil",
    Reason.CITIZEN_ASKED: "Innbyggeren ba om det",
    Reason.PRACTICAL: "Det lar seg gjøre likevel",
}
OVERRULED = {
    WhyOverruled.AGREED_WITH_CITIZEN: "Det er avtalt med innbyggeren",
    WhyOverruled.AGREED_WITH_COLLEAGUES: "Det er avtalt med dem det gjelder i Nav",
    WhyOverruled.URGENT: "Det haster",
    WhyOverruled.KEEPS_WHAT_WAS_TOLD: "Det er dette innbyggeren har fått vite",
}

# What can speak against a time or a room, as part of a line of the history.
SPOKE_AGAINST: dict[str, str] = {
    Code.OUTSIDE_HOURS: "utenfor arbeidstiden",
    Code.ABSENT: "en fra Nav er borte",
    Code.HOLIDAY: "helligdag",
    Code.CLOSED: "enheten holder ikke møter denne dagen",
    Code.OFFICE_HOURS: "kontoret er ikke åpent",
    Code.NOTICE: "kort varsel",
    Code.BUFFER: "kort tid mellom møtene",
    Code.ROOM_TOO_SMALL: "for lite rom",
}

# What the machine could not do, as the part of a sentence that says which telling it was.
_TOLD = {
    "INVITED": "om møtet",
    "MOVED": "om at møtet er endret",
    "CANCELLED": "om at møtet er avlyst",
    "MINUTES_SHARED": "med referatet",
    "MINUTES_AMENDED": "med det endrede referatet",
    "MINUTES_RECALLED": "om at referatet er trukket tilbake",
    "WHAT_HAPPENED": "og spør hva som skjedde, for innbyggeren er notert som «møtte ikke»",
    "FORMAT_CHANGED": "om at møtet blir på en annen måte",
    "PEOPLE_CHANGED": "om hvem som deltar nå",
    "DETAILS_CHANGED": "om det som er nytt i invitasjonen",
    "REINSTATED": "om at møtet ikke er avlyst likevel",
    "ANSWER_SETTLED": "om svaret på det innbyggeren ba om",
}
_TASKS = {
    Task.Kind.CALL: "Ring innbyggeren og fortell {about}. Et varsel eller brev når kanskje ikke fram i tide.",
    Task.Kind.SEND_LETTER: "Send brev til innbyggeren {about}. Innbyggeren kan ikke varsles digitalt.",
    Task.Kind.NO_TO_VIDEO: "Innbyggeren vil ikke møte på video. Avtal telefon eller oppmøte.",
    Task.Kind.CANNOT_COME: "Innbyggeren kan ikke komme. Flytt eller avlys møtet.",
    Task.Kind.OTHER_TIME: "Innbyggeren ønsker et annet tidspunkt. Flytt møtet, eller si fra at det står fast.",
    Task.Kind.OTHER_FORMAT: "Innbyggeren vil møte på en annen måte. Ta kontakt og finn en løsning.",
    Task.Kind.CALL_INSTEAD: "Noen kommer ikke inn i videomøtet. Åpne «Slipp inn», eller ring.",
    Task.Kind.ABOUT_PARTNER: "Innbyggeren lurer på noe om en annen som skal delta. Ta kontakt.",
    Task.Kind.NO_TO_PARTNER: "Innbyggeren sier nei til at en annen deltar. Gjør om på møtet, eller hold det uten.",
    Task.Kind.PROTECTED: "Innbyggeren har fått strengt fortrolig adresse. Se over sted, deltakere og tekster.",
    Task.Kind.DECEASED: "Innbyggeren er registrert død. Møtet er avlyst, og innbyggeren får ikke flere varsler. De "
    "andre deltakerne får bare vite at møtet er avlyst.",
    Task.Kind.READ_ACCOUNT: "Innbyggeren har fortalt hva som skjedde. Les det, og rett «møtte ikke» hvis det er feil.",
    Task.Kind.HANDED_OVER: "Møtet har fått ny møteleder. Er det deg, gjør deg kjent med det.",
    Task.Kind.NOT_REACHED: "Varselet kom ikke fram. Ta kontakt med innbyggeren.",
}
_DIED_LATER = "Innbyggeren er registrert død, og er notert som «møtte ikke». Se om det skal rettes."
# Whoever holds the bare link may be anybody: what they ask for is not put into the citizen's mouth.
_ASKED_BY_LINK = {
    Task.Kind.CANNOT_COME: "sier at {who} ikke kan komme",
    Task.Kind.OTHER_TIME: "ber om et annet tidspunkt",
    Task.Kind.OTHER_FORMAT: "ber om å møtes på en annen måte",
}
# A partner's answer is theirs, not the citizen's.
_ANSWERED_BY_PARTNER = {
    Task.Kind.CANNOT_COME: "kan ikke komme",
    Task.Kind.OTHER_TIME: "ønsker et annet tidspunkt",
    Task.Kind.OTHER_FORMAT: "vil delta på en annen måte",
}
TASK_TAGS = {
    Task.Kind.SEND_LETTER: ("warning", "Brev må sendes"),
    Task.Kind.CALL: ("warning", "Må ringes"),
    Task.Kind.NO_TO_VIDEO: ("warning", "Vil ikke møte på video"),
    Task.Kind.NOT_REACHED: ("danger", "Varsel kom ikke fram"),
    Task.Kind.READ_ACCOUNT: ("warning", "Har fortalt hva som skjedde"),
    Task.Kind.CALL_INSTEAD: ("danger", "Kommer ikke inn"),
}

PROTECTED = {
    Protection.CONFIDENTIAL: "Innbyggeren har fortrolig adresse. Skriv ikke noe som kan røpe hvor innbyggeren bor.",
    Protection.STRICTLY_CONFIDENTIAL: "Innbyggeren har strengt fortrolig adresse. Velg telefon eller video, om ikke "
    "innbyggeren selv ønsker noe annet, og skriv ikke noe som kan røpe hvor innbyggeren bor.",
    Protection.STRICTLY_CONFIDENTIAL_ABROAD: "Innbyggeren har strengt fortrolig adresse i utlandet. Velg telefon eller "
    "video, om ikke innbyggeren selv ønsker noe annet, og skriv ikke noe som kan røpe hvor innbyggeren bor.",
}
_SAFETY_MEASURES = {
    "FYUS": "Ikke møt innbyggeren fysisk.",
    "TFUS": "Ikke ring innbyggeren.",
    "FTUS": "Verken møt innbyggeren fysisk eller ring.",
    "DIUS": "Ikke møt innbyggeren på video.",
    "TOAN": "To ansatte skal være med i samtalen.",
}


def safety_measure(code: str) -> str:
    """In words; a measure that is new to us is not kept silent about."""
    return _SAFETY_MEASURES.get(code, f"Det gjelder et sikkerhetstiltak som vi ikke har ord for ({code}).")


def task(one: Task, apart: str = "") -> str:
    """What is to be done, in a sentence or two. `apart`: which of several doctors or employers it is about."""
    if one.about.startswith("link:"):
        asked = _ASKED_BY_LINK[Task.Kind(one.kind)].format(who="innbyggeren")
        return f"Noen har åpnet lenken uten å logge inn, og {asked}. Snakk med innbyggeren før du gjør noe."
    if one.about.startswith("partner-link:"):
        who = _partner(one, apart)
        asked = _ASKED_BY_LINK[Task.Kind(one.kind)].format(who=who)
        return f"Noen har åpnet lenken til {who} uten kode, og {asked}. Snakk med {who} før du gjør noe."
    if one.about.startswith("partner-answer:"):
        answered = _ANSWERED_BY_PARTNER[Task.Kind(one.kind)]
        return f"{not_reached.upper(_partner(one, apart))} {answered}. Se svaret i møtet, og ta kontakt."
    if one.kind == Task.Kind.NOT_REACHED and one.tried:
        return not_reached.sentence(one.tried, apart)
    if one.about == "did_not_meet":
        return _DIED_LATER
    told = _TOLD.get(one.about.partition(":")[0], "om møtet")
    which = f" Det gjelder {apart}." if apart else ""
    return _TASKS[Task.Kind(one.kind)].format(about=told) + which


def _partner(one: Task, apart: str) -> str:
    """By the role that the cause names."""
    role = one.about.split(":")[1]
    return not_reached.who_of(role, apart) if role in Role.values else "deltakeren utenfor Nav"


def how(meeting: Meeting) -> str:
    """ "Oppfølgingssamtale · Videomøte"."""
    return f"{meeting.type.name_in('nb')} · {FORMATS[Format(meeting.format)]}"


def is_called(meeting: Meeting) -> str:
    """ "innkallingen" where there is a duty to come, else "invitasjonen"."""
    return "innkallingen" if meeting.type.duty == "DUTY" else "invitasjonen"
