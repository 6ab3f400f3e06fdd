"""English, as help: the Norwegian texts are those that hold."""

from invitations.messages.texts.words import Kind, Words
from meetings.models import Format

MEETING = {Format.VIDEO: "video meeting", Format.PHONE: "phone meeting", Format.IN_PERSON: "meeting"}
HOW = {Format.VIDEO: "by video", Format.PHONE: "by phone", Format.IN_PERSON: "in person"}

_RING = "If you have any questions, call us on 55 55 33 33. Kind regards, Nav"

# To who has asked for another time or another way and has not heard yet. An SMS has room for no more.
STANDS = "It stands until you hear from us."

# What is read after login only: the words outside say no more than that it is there.
_NEWS = {
    "sms": "Hello! You have a new message from Nav. Log in to Nav to read it. Regards, Nav",
    "title": "You have a new message from Nav",
    "body": "Hello! You have a new message from Nav. Log in to Nav to read it. " + _RING,
}

WORDS = {
    Kind.INVITED: Words(
        ditt_nav="You have a {meeting} with Nav on {when}. Read about the meeting, and answer whether you can come.",
        sms="Hello! You have a meeting with Nav on {when}. Log in to Nav to read about it and answer. Regards, Nav",
        title="You have a meeting with Nav",
        body=(
            "Hello! You have a {meeting} with Nav on {when}. "
            "Log in to Nav to read about the meeting, see how to take part, and answer whether you can come. " + _RING
        ),
    ),
    Kind.MOVED: Words(
        ditt_nav="Your meeting with Nav has been moved to {when}. See the new details, and answer if you can come.",
        sms="Hello! Your meeting with Nav has been moved to {when}. Log in to read more and answer. Regards, Nav",
        title="Your meeting with Nav has been moved",
        body=(
            "Hello! Your meeting with Nav has been moved to {when}. "
            "Log in to Nav to see what applies now, and answer whether you can come. " + _RING
        ),
    ),
    Kind.MOVED_OTHERWISE: Words(
        ditt_nav="Your meeting with Nav is moved to {when} and will be held {how}. Answer if you can come.",
        sms="Hello! Your meeting with Nav is moved to {when} and will be {how}. Log in to read more. Regards, Nav",
        title="Your meeting with Nav has been moved",
        body=(
            "Hello! Your meeting with Nav has been moved to {when} and will be held {how}. "
            "Log in to Nav to see how to take part now, and answer whether you can come. " + _RING
        ),
    ),
    Kind.CHANGED: Words(
        ditt_nav="Your meeting with Nav on {when} has been changed. See the new details, and answer if you can come.",
        sms="Hello! Your meeting with Nav on {when} has changed. Log in to read more and answer. Regards, Nav",
        title="Your meeting with Nav has been changed",
        body=(
            "Hello! Your meeting with Nav on {when} has been changed. "
            "Log in to Nav to see what applies now, and answer whether you can come. " + _RING
        ),
    ),
    Kind.PLACE_CHANGED: Words(
        ditt_nav="The place of your meeting with Nav on {when} has changed. See where, and answer if you can come.",
        sms="Hello! The place of your meeting with Nav on {when} has changed. Log in to see where to go. Regards, Nav",
        title="A new place for your meeting with Nav",
        body=(
            "Hello! The place of your meeting with Nav on {when} has changed. "
            "Log in to Nav to see where to go, and answer whether you can come. " + _RING
        ),
    ),
    Kind.PHONE_CHANGED: Words(
        ditt_nav=(
            "Your phone meeting with Nav on {when} has been changed. "
            "See who calls, and on which number, and answer if you can come."
        ),
        sms="Hello! Your phone meeting with Nav on {when} has changed. Log in to see who calls. Regards, Nav",
        title="Your phone meeting with Nav has changed",
        body=(
            "Hello! Your phone meeting with Nav on {when} has been changed. "
            "Log in to Nav to see who calls, and on which number, and answer whether you can come. " + _RING
        ),
    ),
    Kind.FORMAT_CHANGED: Words(
        ditt_nav="Your meeting with Nav on {when} will be held {how}. See the new details, and answer if you can come.",
        sms="Hello! Your meeting with Nav on {when} will be held in another way. Log in to read more. Regards, Nav",
        title="A change to your meeting with Nav",
        body=(
            "Hello! Your meeting with Nav on {when} will be held {how}. "
            "Log in to Nav to see how to take part now, and answer whether you can come. " + _RING
        ),
    ),
    Kind.PEOPLE_CHANGED: Words(
        ditt_nav="There has been a change in who takes part in your meeting with Nav on {when}. Read about it here.",
        sms="Hello! There is news about your meeting with Nav on {when}. Log in to Nav to read more. Regards, Nav",
        title="News about your meeting with Nav",
        body="Hello! There is news about your meeting with Nav on {when}. Log in to Nav to read more. " + _RING,
    ),
    Kind.DETAILS_CHANGED: Words(
        ditt_nav="There is something new in what we wrote about your meeting with Nav on {when}. See what applies now.",
        sms="Hello! There is news about your meeting with Nav on {when}. Log in to Nav to read more. Regards, Nav",
        title="News about your meeting with Nav",
        body="Hello! There is news about your meeting with Nav on {when}. Log in to Nav to read more. " + _RING,
    ),
    Kind.REINSTATED: Words(
        ditt_nav="Your meeting with Nav on {when} is not cancelled after all. Read it, and answer if you can come.",
        sms="Hello! Your meeting with Nav on {when} is not cancelled after all. Log in to read more. Regards, Nav",
        title="Your meeting with Nav is on after all",
        body=(
            "Hello! Your meeting with Nav on {when} is not cancelled after all. "
            "Log in to Nav to see what applies now, and answer whether you can come. " + _RING
        ),
    ),
    Kind.REINSTATED_MOVED: Words(
        ditt_nav=(
            "Your meeting with Nav is not cancelled after all, but moved to {when}. "
            "Read it, and answer if you can come."
        ),
        sms="Hello! Your meeting with Nav is not cancelled, but moved to {when}. Log in to read more. Regards, Nav",
        title="Meeting with Nav moved, not cancelled",
        body=(
            "Hello! Your meeting with Nav is not cancelled after all, but moved to {when}. "
            "Log in to Nav to see what applies now, and answer whether you can come. " + _RING
        ),
    ),
    Kind.CANCELLED: Words(
        ditt_nav="Your meeting with Nav on {when} has been cancelled. You do not have to do anything.",
        sms="Hello! Your meeting with Nav on {when} has been cancelled. Log in to Nav to read more. Regards, Nav",
        title="Your meeting with Nav is cancelled",
        body="Hello! Your meeting with Nav on {when} has been cancelled. Log in to Nav to read more. " + _RING,
    ),
    Kind.ANSWERED: Words(
        ditt_nav="You have answered the invitation to a {meeting} with Nav on {when}. See the details here.",
    ),
    Kind.ANSWER_SETTLED: Words(
        ditt_nav="We have answered your request. Your meeting with Nav is still on {when}. Read our answer.",
        sms="Hello! Nav has answered your request. The meeting is still on {when}. Log in to read. Regards, Nav",
        title="An answer about your meeting with Nav",
        body=(
            "Hello! We have answered your request. Your meeting with Nav is still on {when}. "
            "Log in to Nav to read our answer. " + _RING
        ),
    ),
    Kind.IN_A_WEEK: Words(
        ditt_nav="Reminder: You have a {meeting} with Nav on {when}.",
        sms="Hello! A reminder of your meeting with Nav on {when}. Log in to read more. Regards, Nav",
        title="Reminder: meeting with Nav",
        body="Hello! A reminder: you have a {meeting} with Nav on {when}. Log in to Nav to read more. " + _RING,
    ),
    Kind.TOMORROW: Words(
        ditt_nav="Reminder: You have a {meeting} with Nav on {when}.",
        sms="Hello! A reminder of your meeting with Nav on {when}. Log in to read more. Regards, Nav",
        title="Reminder: meeting with Nav",
        body=(
            "Hello! A reminder: you have a {meeting} with Nav on {when}. Log in to Nav to see how to take part. "
            + _RING
        ),
    ),
    Kind.IN_AN_HOUR: Words(
        ditt_nav="Your meeting with Nav starts on {when}. See the details here.",
        sms="Hello! Your meeting with Nav starts on {when}. Log in to see how to join. Regards, Nav",
        title="Your meeting with Nav starts soon",
        body="Hello! Your meeting with Nav starts on {when}. Log in to Nav to see how to take part. " + _RING,
    ),
    Kind.MINUTES_SHARED: Words(
        ditt_nav="You have received the minutes of your meeting with Nav.",
        **_NEWS,
    ),
    Kind.MINUTES_AMENDED: Words(
        ditt_nav="The minutes of your meeting with Nav have been changed. Read the new version.",
        **_NEWS,
    ),
    Kind.MINUTES_RECALLED: Words(
        ditt_nav=(
            "The minutes of your meeting with Nav have been withdrawn. You can no longer read them. "
            "You do not have to do anything."
        ),
        **_NEWS,
    ),
    Kind.WHAT_HAPPENED: Words(
        ditt_nav="We did not meet you at the meeting with Nav on {when}. Please tell us what happened.",
        **_NEWS,
    ),
    Kind.PLAIN_INVITED: Words(ditt_nav="You have a meeting with Nav. Read about it, and answer if you can come."),
    Kind.PLAIN_NEWS: Words(ditt_nav="There is news about your meeting with Nav. Read what applies now."),
    Kind.PLAIN_CANCELLED: Words(ditt_nav="Your meeting with Nav has been cancelled."),
    Kind.PLAIN_MINUTES: Words(
        ditt_nav="There is news about the minutes of your meeting with Nav. Read what applies now."
    ),
}
