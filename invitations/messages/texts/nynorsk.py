"""Nynorsk."""

from invitations.messages.texts.words import Kind, Words
from meetings.models import Format

MEETING = {Format.VIDEO: "videomøte", Format.PHONE: "telefonmøte", Format.IN_PERSON: "møte"}
HOW = {Format.VIDEO: "på video", Format.PHONE: "på telefon", Format.IN_PERSON: "eit fysisk møte"}

_RING = "Har du spørsmål, kan du ringje oss på 55 55 33 33. Venleg helsing Nav"

# To who has asked for another time or another way and has not heard yet. An SMS has room for no more.
STANDS = "Møtet gjeld til du høyrer frå oss."

# What is read after login only: the words outside say no more than that it is there.
_NEWS = {
    "sms": "Hei! Du har fått ei ny melding frå Nav. Logg inn på Nav for å lese ho. Helsing Nav",
    "title": "Du har fått ei ny melding frå Nav",
    "body": "Hei! Du har fått ei ny melding frå Nav. Logg inn på Nav for å lese ho. " + _RING,
}

WORDS = {
    Kind.INVITED: Words(
        ditt_nav="Du har fått eit {meeting} med Nav {when}. Les om møtet, og svar om du kjem.",
        sms="Hei! Du har fått eit møte med Nav {when}. Logg inn på Nav for å lese om møtet og svare. Helsing Nav",
        title="Du har fått eit møte med Nav",
        body=(
            "Hei! Du har fått eit {meeting} med Nav {when}. "
            "Logg inn på Nav for å lese om møtet, sjå korleis du deltek, og svare om du kjem. " + _RING
        ),
    ),
    Kind.MOVED: Words(
        ditt_nav="Møtet ditt med Nav er flytta til {when}. Les kva som gjeld no, og svar om du kjem.",
        sms="Hei! Møtet ditt med Nav er flytta til {when}. Logg inn på Nav for å lese meir og svare. Helsing Nav",
        title="Møtet ditt med Nav er flytta",
        body=(
            "Hei! Møtet ditt med Nav er flytta til {when}. "
            "Logg inn på Nav for å lese kva som gjeld no, og svare om du kjem. " + _RING
        ),
    ),
    Kind.MOVED_OTHERWISE: Words(
        ditt_nav="Møtet ditt med Nav er flytta til {when} og blir {how}. Les kva som gjeld no, og svar om du kjem.",
        sms="Hei! Møtet ditt med Nav er flytta til {when} og blir {how}. Logg inn på Nav for å lese meir. Helsing Nav",
        title="Møtet ditt med Nav er flytta",
        body=(
            "Hei! Møtet ditt med Nav er flytta til {when} og blir {how}. "
            "Logg inn på Nav for å sjå korleis du deltek no, og svare om du kjem. " + _RING
        ),
    ),
    Kind.CHANGED: Words(
        ditt_nav="Møtet ditt med Nav {when} er endra. Les kva som gjeld no, og svar om du kjem.",
        sms="Hei! Møtet ditt med Nav {when} er endra. Logg inn på Nav for å lese meir og svare. Helsing Nav",
        title="Møtet ditt med Nav er endra",
        body=(
            "Hei! Møtet ditt med Nav {when} er endra. "
            "Logg inn på Nav for å lese kva som gjeld no, og svare om du kjem. " + _RING
        ),
    ),
    Kind.PLACE_CHANGED: Words(
        ditt_nav="Møtestaden for møtet ditt med Nav {when} er endra. Sjå kvar du skal møte, og svar om du kjem.",
        sms="Hei! Møtestaden for møtet med Nav {when} er endra. Logg inn på Nav og sjå kvar du skal møte. Helsing Nav",
        title="Møtestaden for møtet med Nav er endra",
        body=(
            "Hei! Møtestaden for møtet ditt med Nav {when} er endra. "
            "Logg inn på Nav for å sjå kvar du skal møte, og svare om du kjem. " + _RING
        ),
    ),
    Kind.PHONE_CHANGED: Words(
        ditt_nav=(
            "Noko er endra ved telefonmøtet ditt med Nav {when}. "
            "Sjå kven som ringjer, og på kva nummer, og svar om du kjem."
        ),
        sms="Hei! Noko er endra ved telefonmøtet med Nav {when}. Logg inn på Nav og sjå kven som ringjer. Helsing Nav",
        title="Telefonmøtet ditt med Nav er endra",
        body=(
            "Hei! Noko er endra ved telefonmøtet ditt med Nav {when}. "
            "Logg inn på Nav for å sjå kven som ringjer, og på kva nummer, og svare om du kjem. " + _RING
        ),
    ),
    Kind.FORMAT_CHANGED: Words(
        ditt_nav="Møtet ditt med Nav {when} blir {how}. Les kva som gjeld no, og svar om du kjem.",
        sms="Hei! Møtet ditt med Nav {when} blir halde på ein annan måte. Logg inn på Nav for å lese meir. Helsing Nav",
        title="Møtet ditt med Nav har ny form",
        body=(
            "Hei! Møtet ditt med Nav {when} blir {how}. "
            "Logg inn på Nav for å sjå korleis du deltek no, og svare om du kjem. " + _RING
        ),
    ),
    Kind.PEOPLE_CHANGED: Words(
        ditt_nav="Det er noko nytt om kven som deltek i møtet ditt med Nav {when}. Les om det her.",
        sms="Hei! Det er noko nytt om møtet ditt med Nav {when}. Logg inn på Nav for å lese meir. Helsing Nav",
        title="Noko nytt om møtet ditt med Nav",
        body="Hei! Det er noko nytt om møtet ditt med Nav {when}. Logg inn på Nav for å lese meir. " + _RING,
    ),
    Kind.DETAILS_CHANGED: Words(
        ditt_nav="Det er noko nytt i det vi har skrive til deg om møtet med Nav {when}. Les kva som gjeld no.",
        sms="Hei! Det er noko nytt om møtet ditt med Nav {when}. Logg inn på Nav for å lese meir. Helsing Nav",
        title="Noko nytt om møtet ditt med Nav",
        body="Hei! Det er noko nytt om møtet ditt med Nav {when}. Logg inn på Nav for å lese meir. " + _RING,
    ),
    Kind.REINSTATED: Words(
        ditt_nav="Møtet ditt med Nav {when} er ikkje avlyst likevel. Les om møtet, og svar om du kjem.",
        sms="Hei! Møtet ditt med Nav {when} er ikkje avlyst likevel. Logg inn på Nav for å lese meir. Helsing Nav",
        title="Møtet med Nav er ikkje avlyst likevel",
        body=(
            "Hei! Møtet ditt med Nav {when} er ikkje avlyst likevel. "
            "Logg inn på Nav for å lese kva som gjeld no, og svare om du kjem. " + _RING
        ),
    ),
    Kind.REINSTATED_MOVED: Words(
        ditt_nav=(
            "Møtet ditt med Nav er ikkje avlyst likevel, men flytta til {when}. Les om møtet, og svar om du kjem."
        ),
        sms="Hei! Møtet med Nav er ikkje avlyst, men flytta til {when}. Logg inn på Nav for å lese meir. Helsing Nav",
        title="Møtet med Nav er flytta, ikkje avlyst",
        body=(
            "Hei! Møtet ditt med Nav er ikkje avlyst likevel, men flytta til {when}. "
            "Logg inn på Nav for å lese kva som gjeld no, og svare om du kjem. " + _RING
        ),
    ),
    Kind.CANCELLED: Words(
        ditt_nav="Møtet ditt med Nav {when} er avlyst. Du treng ikkje å gjere noko.",
        sms="Hei! Møtet ditt med Nav {when} er avlyst. Logg inn på Nav for å lese meir. Helsing Nav",
        title="Møtet ditt med Nav er avlyst",
        body="Hei! Møtet ditt med Nav {when} er avlyst. Logg inn på Nav for å lese meir. " + _RING,
    ),
    Kind.ANSWERED: Words(
        ditt_nav="Du har svart på invitasjonen til {meeting} med Nav {when}. Her finn du møtet.",
    ),
    Kind.ANSWER_SETTLED: Words(
        ditt_nav="Vi har svart på det du bad om. Møtet ditt med Nav er framleis {when}. Les svaret vårt.",
        sms="Hei! Vi har svart på det du bad om. Møtet med Nav er framleis {when}. Logg inn på Nav og les. Helsing Nav",
        title="Svar om møtet ditt med Nav",
        body=(
            "Hei! Vi har svart på det du bad om. Møtet ditt med Nav er framleis {when}. "
            "Logg inn på Nav for å lese svaret vårt. " + _RING
        ),
    ),
    Kind.IN_A_WEEK: Words(
        ditt_nav="Påminning: Du har {meeting} med Nav {when}.",
        sms="Hei! Vi minner om møtet ditt med Nav {when}. Logg inn på Nav for å lese meir. Helsing Nav",
        title="Påminning om møte med Nav",
        body="Hei! Vi minner om at du har eit {meeting} med Nav {when}. Logg inn på Nav for å lese meir. " + _RING,
    ),
    Kind.TOMORROW: Words(
        ditt_nav="Påminning: Du har {meeting} med Nav {when}.",
        sms="Hei! Vi minner om møtet ditt med Nav {when}. Logg inn på Nav for å lese meir. Helsing Nav",
        title="Påminning om møte med Nav",
        body=(
            "Hei! Vi minner om at du har eit {meeting} med Nav {when}. "
            "Logg inn på Nav for å sjå korleis du deltek. " + _RING
        ),
    ),
    Kind.IN_AN_HOUR: Words(
        ditt_nav="Møtet ditt med Nav startar {when}. Her finn du møtet.",
        sms="Hei! Møtet med Nav startar {when}. Logg inn på Nav og sjå korleis du deltek. Helsing Nav",
        title="Møtet ditt med Nav startar snart",
        body="Hei! Møtet ditt med Nav startar {when}. Logg inn på Nav for å sjå korleis du deltek. " + _RING,
    ),
    Kind.MINUTES_SHARED: Words(
        ditt_nav="Du har fått eit referat frå møtet ditt med Nav.",
        **_NEWS,
    ),
    Kind.MINUTES_AMENDED: Words(
        ditt_nav="Referatet frå møtet ditt med Nav er endra. Les den nye versjonen.",
        **_NEWS,
    ),
    Kind.MINUTES_RECALLED: Words(
        ditt_nav=(
            "Referatet frå møtet ditt med Nav er trekt tilbake. Du kan ikkje lese det lenger. "
            "Du treng ikkje å gjere noko."
        ),
        **_NEWS,
    ),
    Kind.WHAT_HAPPENED: Words(
        ditt_nav="Vi møtte deg ikkje i møtet med Nav {when}. Fortel oss gjerne kva som hende.",
        **_NEWS,
    ),
    Kind.PLAIN_INVITED: Words(ditt_nav="Du har fått eit møte med Nav. Les om møtet, og svar om du kjem."),
    Kind.PLAIN_NEWS: Words(ditt_nav="Det er nytt om møtet ditt med Nav. Les kva som gjeld no."),
    Kind.PLAIN_CANCELLED: Words(ditt_nav="Møtet ditt med Nav er avlyst."),
    Kind.PLAIN_MINUTES: Words(ditt_nav="Det er nytt om referatet frå møtet ditt med Nav. Les kva som gjeld no."),
}
