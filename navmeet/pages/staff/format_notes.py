"""What each other format lacks for this meeting, said before one is chosen."""

from invitations.consents import video_choice
from invitations.format_wishes import NO_TO_VIDEO
from meetings import safety
from meetings.asking import Answers
from meetings.fitting import NO_PLACE_IF_PROTECTED, RESERVED_AND_VIDEO
from meetings.models import Format, Meeting, Role, Room

NO_NUMBER = "Vi har ikke noe telefonnummer til innbyggeren. Spør om det før du bytter."
NO_ROOMS = "Enheten har ikke registrert noe rom. Skriv hvor møtet skal være."


def of(meeting: Meeting, answers: Answers) -> dict[Format, list[str]]:
    """By format, in sentences. That a safety measure is why, they do not say."""
    notes: dict[Format, list[str]] = {one: [] for one in Format if one != meeting.format}
    for held, found in notes.items():
        try:
            safety.check_allows(held, answers.safety_measures)
        except safety.Excluded:
            found.append("Denne møteformen kan ikke brukes i dette møtet.")
    if Format.PHONE in notes and answers.is_contact_known and not answers.contact.phone:
        notes[Format.PHONE].append(NO_NUMBER)
    if Format.VIDEO in notes:
        notes[Format.VIDEO] += _of_video(meeting, answers)
    if Format.IN_PERSON in notes:
        notes[Format.IN_PERSON] += _of_place(meeting)
    return {held: found for held, found in notes.items() if found}


def _of_video(meeting: Meeting, answers: Answers) -> list[str]:
    choice = video_choice(meeting)
    found = [NO_TO_VIDEO] if choice is not None and not choice.said_yes else []
    return found if answers.can_be_told else [*found, RESERVED_AND_VIDEO]


def _of_place(meeting: Meeting) -> list[str]:
    person = meeting.participants.select_related("person").get(role=Role.CITIZEN).person
    found = [NO_PLACE_IF_PROTECTED] if person is not None and person.is_strictly_protected else []
    has_rooms = Room.objects.filter(office=meeting.office_id, is_active=True).exists()
    return found if has_rooms else [*found, NO_ROOMS]
