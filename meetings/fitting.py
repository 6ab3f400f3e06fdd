"""What is missing for a meeting to be good: said in every rehearsal, before it is so, and refused by nobody.

What cannot be at all (no number to ring, no address, a format that a safety measure excludes, somebody's time that is
taken) the verbs refuse.
"""

from collections.abc import Collection, Iterator

from meetings import revisions, rooms
from meetings.models import PARTNERS, Format, Meeting, Participant, Role
from meetings.partners import PartnerInput
from navmeet.outbox.publish import Consequences, gather
from navmeet.people.models import Person, Protection

TWO_ARE_TO_BE_THERE = "TOAN"
HOST_HAS_LEFT = "Møtelederen har sluttet i Nav. Overfør møtet til en kollega."
TWO_FROM_NAV = "To ansatte skal være med i møtet. Legg til en kollega."
NO_ROOM = "Det står ikke hvilket rom møtet er i."
NO_PLACE_IF_PROTECTED = (
    "Innbyggeren har strengt fortrolig adresse. Velg telefon eller video, om ikke innbyggeren selv ønsker noe annet."
)
RESERVED_AND_VIDEO = "Innbyggeren kan ikke varsles digitalt. Velg video bare hvis innbyggeren selv har bedt om det."
CONTACT_UNKNOWN = (
    "Kontaktregisteret svarer ikke nå. Vi ser etter om innbyggeren kan varsles digitalt, når varselet skal sendes."
)
WRITTEN = {"nb": "bokmål", "nn": "nynorsk", "en": "engelsk"}
_LANGUAGES = {"se": "nordsamisk", "sma": "sørsamisk", "smj": "lulesamisk"}
_WHO = {Role.DOCTOR: "Legen", Role.EMPLOYER: "Arbeidsgiveren"}


def gather_lacks(
    meeting: Meeting, *, safety_measures: Collection[str], can_be_told: bool, new_format: bool = False
) -> None:
    """Let the change say what is missing after it. `new_format`: some now take part another way. Inside a change."""
    found = lacks(meeting, safety_measures=safety_measures, can_be_told=can_be_told, new_format=new_format)
    gather(Consequences(lacks=found))


def lacks(
    meeting: Meeting, *, safety_measures: Collection[str], can_be_told: bool, new_format: bool = False
) -> list[str]:
    """Sentences to the caseworker. Which safety measure it is, or that it is one, they do not say."""
    people = list(meeting.participants.filter(removed_at=None).select_related("user", "person").order_by("pk"))
    found = [*_of_staff(people, safety_measures), *lacks_of_room(meeting)]
    citizen = next((one.person for one in people if one.role == Role.CITIZEN), None)
    if citizen is not None:
        found += _of_citizen(meeting, citizen, can_be_told=can_be_told)
    held = Format(meeting.format)
    for one in people:
        if one.role in PARTNERS:
            found += [*_of_partner(one, held), *(_must_come(one, held, citizen) if new_format else ())]
    return found


def lacks_of_partner(partner: Participant, meeting: Meeting) -> list[str]:
    """What is missing for this partner's own way in, now that it is another."""
    held, citizen = Format(meeting.format), meeting.citizen().person
    return [*_of_partner(partner, held), *_must_come(partner, held, citizen), *lacks_of_room(meeting)]


def lacks_of_room(meeting: Meeting) -> list[str]:
    """Whether the room that is booked holds those who come, now that they are others."""
    room = meeting.booked_room
    if room is None or (many := rooms.coming(meeting)) <= room.capacity:
        return []
    return [f"Rommet har plass til {room.capacity}, og dere blir {many}. Velg et annet rom."]


def gather_namesake(partner: PartnerInput, citizen: Person) -> None:
    """Another contact and the same name: mostly the citizen themselves, sometimes not. Inside a change."""
    if " ".join(partner.name.split()).casefold() == " ".join(citizen.name.split()).casefold():
        who = _WHO[Role(partner.role)]
        gather(Consequences(lacks=[f"{who} heter det samme som innbyggeren. Sjekk at det er en annen person."]))


def gather_unknown(*, is_contact_known: bool) -> None:
    """Where the contact register did not answer: how the citizen is told shows when they are. Inside a change."""
    if not is_contact_known:
        gather(Consequences(lacks=[CONTACT_UNKNOWN]))


def gather_no_room(held: Format, room: str) -> None:
    """A meeting at an office that does not say in which room. Inside a change."""
    if held == Format.IN_PERSON and not room:
        gather(Consequences(lacks=[NO_ROOM]))


def gather_no_texts(language: str, written: str) -> None:
    """A citizen who has chosen a language we have no texts in, by its code; "" where we have. Inside a change."""
    if language:
        gather(Consequences(lacks=[f"{no_texts(language, written)} Velg et annet skriftspråk hvis det passer bedre."]))


def no_texts(language: str, written: str) -> str:
    """To the caseworker. `written`: the one they are written to in."""
    ours = WRITTEN.get(written, WRITTEN["nb"])
    return (
        f"Innbyggeren har valgt å få beskjeder på {language_called(language)}. "
        f"Vi har ikke tekster på det og skriver {ours}."
    )


def language_called(language: str) -> str:
    """In words, of a language we have no texts in. A code we have no word for is not shown: it came from outside."""
    return _LANGUAGES.get(language, "et annet språk enn bokmål, nynorsk og engelsk")


def _of_staff(people: list[Participant], safety_measures: Collection[str]) -> Iterator[str]:
    ours = [one for one in people if one.user is not None]
    if any(one.role == Role.HOST and one.user is not None and not one.user.is_active for one in ours):
        yield HOST_HAS_LEFT
    if TWO_ARE_TO_BE_THERE in safety_measures and len(ours) < 2:
        yield TWO_FROM_NAV


def _of_citizen(meeting: Meeting, citizen: Person, *, can_be_told: bool) -> Iterator[str]:
    if meeting.format == Format.IN_PERSON:
        if not revisions.place_of(revisions.current(meeting)).room:
            yield NO_ROOM
        if citizen.is_strictly_protected:
            yield NO_PLACE_IF_PROTECTED
    if meeting.format == Format.VIDEO and not can_be_told:
        yield RESERVED_AND_VIDEO


def _of_partner(partner: Participant, held: Format) -> Iterator[str]:
    who = _WHO[Role(partner.role)]
    if held == Format.PHONE and partner.way_in == Format.VIDEO:
        yield f"{who} skulle delta på video, og det går ikke når møtet er på telefon. Bytt måte å delta på."
    if held == Format.IN_PERSON and partner.way_in == Format.VIDEO:
        yield f"{who} deltar på video. Velg et rom med skjerm og kamera."


def _must_come(partner: Participant, held: Format, citizen: Person | None) -> Iterator[str]:
    """They come in as the meeting does, and now that is to a place."""
    if held != Format.IN_PERSON or partner.way_in != "":
        return
    who = _WHO[Role(partner.role)]
    short = f" bare for {partner.part_minutes} minutter" if partner.part_minutes else ""
    yield f"{who} må nå møte opp{short}. Bytt måte å delta på hvis det ikke passer."
    if citizen is not None and citizen.protection != Protection.UNGRADED:
        yield f"{who} får ikke vite hvor møtet er, fordi innbyggeren har skjermet adresse. Bytt måte å delta på."
