"""Bokmål."""

from invitations.messages.texts.words import Kind, Words
from meetings.models import Format

MEETING = {Format.VIDEO: "videomøte", Format.PHONE: "telefonmøte", Format.IN_PERSON: "møte"}
HOW = {Format.VIDEO: "på video", Format.PHONE: "på telefon", Format.IN_PERSON: "et fysisk møte"}

_RING = "Har du spørsmål, kan du ringe oss på 55 55 33 33. Vennlig hilsen Nav"

# To who has asked for another time or another way and has not heard yet. An SMS has room for no more.
STANDS = "Møtet gjelder til du hører fra oss."

# What is read after login only: the words outside say no more than that it is there.
_NEWS = {
    "sms": "Hei! Du har fått en ny melding fra Nav. Logg inn på Nav for å lese den. Hilsen Nav",
    "title": "Du har fått en ny melding fra Nav",
    "body": "Hei! Du har fått en ny melding fra Nav. Logg inn på Nav for å lese den. " + _RING,
}

WORDS = {
    Kind.INVITED: Words(
        ditt_nav="Du har fått et {meeting} med Nav {when}. Les om møtet, og svar om du kommer.",
        sms="Hei! Du har fått et møte med Nav {when}. Logg inn på Nav for å lese om møtet og svare. Hilsen Nav",
        title="Du har fått et møte med Nav",
        body=(
            "Hei! Du har fått et {meeting} med Nav {when}. "
            "Logg inn på Nav for å lese om møtet, se hvordan du deltar, og svare om du kommer. " + _RING
        ),
    ),
    Kind.MOVED: Words(
        ditt_nav="Møtet ditt med Nav er flyttet til {when}. Les hva som gjelder nå, og svar om du kommer.",
        sms="Hei! Møtet ditt med Nav er flyttet til {when}. Logg inn på Nav for å lese mer og svare. Hilsen Nav",
        title="Møtet ditt med Nav er flyttet",
        body=(
            "Hei! Møtet ditt med Nav er flyttet til {when}. "
            "Logg inn på Nav for å lese hva som gjelder nå, og svare om du kommer. " + _RING
        ),
    ),
    Kind.MOVED_OTHERWISE: Words(
        ditt_nav="Møtet ditt med Nav er flyttet til {when} og blir {how}. Les om møtet, og svar om du kommer.",
        sms="Hei! Møtet ditt med Nav er flyttet til {when} og blir {how}. Logg inn på Nav for å lese mer. Hilsen Nav",
        title="Møtet ditt med Nav er flyttet",
        body=(
            "Hei! Møtet ditt med Nav er flyttet til {when} og blir {how}. "
            "Logg inn på Nav for å se hvordan du deltar nå, og svare om du kommer. " + _RING
        ),
    ),
    Kind.CHANGED: Words(
        ditt_nav="Møtet ditt med Nav {when} er endret. Les hva som gjelder nå, og svar om du kommer.",
        sms="Hei! Møtet ditt med Nav {when} er endret. Logg inn på Nav for å lese mer og svare. Hilsen Nav",
        title="Møtet ditt med Nav er endret",
        body=(
            "Hei! Møtet ditt med Nav {when} er endret. "
            "Logg inn på Nav for å lese hva som gjelder nå, og svare om du kommer. " + _RING
        ),
    ),
    Kind.PLACE_CHANGED: Words(
        ditt_nav="Møtestedet for møtet ditt med Nav {when} er endret. Se hvor du skal møte, og svar om du kommer.",
        sms="Hei! Møtestedet for møtet med Nav {when} er endret. Logg inn på Nav og se hvor du skal møte. Hilsen Nav",
        title="Møtestedet for møtet med Nav er endret",
        body=(
            "Hei! Møtestedet for møtet ditt med Nav {when} er endret. "
            "Logg inn på Nav for å se hvor du skal møte, og svare om du kommer. " + _RING
        ),
    ),
    Kind.PHONE_CHANGED: Words(
        ditt_nav=(
            "Noe er endret ved telefonmøtet ditt med Nav {when}. "
            "Se hvem som ringer, og på hvilket nummer, og svar om du kommer."
        ),
        sms="Hei! Noe er endret ved telefonmøtet med Nav {when}. Logg inn på Nav og se hvem som ringer. Hilsen Nav",
        title="Telefonmøtet ditt med Nav er endret",
        body=(
            "Hei! Noe er endret ved telefonmøtet ditt med Nav {when}. "
            "Logg inn på Nav for å se hvem som ringer, og på hvilket nummer, og svare om du kommer. " + _RING
        ),
    ),
    Kind.FORMAT_CHANGED: Words(
        ditt_nav="Møtet ditt med Nav {when} blir {how}. Les hva som gjelder nå, og svar om du kommer.",
        sms="Hei! Møtet ditt med Nav {when} blir holdt på en annen måte. Logg inn på Nav for å lese mer. Hilsen Nav",
        title="Møtet ditt med Nav har ny form",
        body=(
            "Hei! Møtet ditt med Nav {when} blir {how}. "
            "Logg inn på Nav for å se hvordan du deltar nå, og svare om du kommer. " + _RING
        ),
    ),
    Kind.PEOPLE_CHANGED: Words(
        ditt_nav="Det er noe nytt om hvem som deltar i møtet ditt med Nav {when}. Les om det her.",
        sms="Hei! Det er noe nytt om møtet ditt med Nav {when}. Logg inn på Nav for å lese mer. Hilsen Nav",
        title="Noe nytt om møtet ditt med Nav",
        body="Hei! Det er noe nytt om møtet ditt med Nav {when}. Logg inn på Nav for å lese mer. " + _RING,
    ),
    Kind.DETAILS_CHANGED: Words(
        ditt_nav="Det er noe nytt i det vi har skrevet til deg om møtet med Nav {when}. Les hva som gjelder nå.",
        sms="Hei! Det er noe nytt om møtet ditt med Nav {when}. Logg inn på Nav for å lese mer. Hilsen Nav",
        title="Noe nytt om møtet ditt med Nav",
        body="Hei! Det er noe nytt om møtet ditt med Nav {when}. Logg inn på Nav for å lese mer. " + _RING,
    ),
    Kind.REINSTATED: Words(
        ditt_nav="Møtet ditt med Nav {when} er ikke avlyst likevel. Les om møtet, og svar om du kommer.",
        sms="Hei! Møtet ditt med Nav {when} er ikke avlyst likevel. Logg inn på Nav for å lese mer. Hilsen Nav",
        title="Møtet med Nav er ikke avlyst likevel",
        body=(
            "Hei! Møtet ditt med Nav {when} er ikke avlyst likevel. "
            "Logg inn på Nav for å lese hva som gjelder nå, og svare om du kommer. " + _RING
        ),
    ),
    Kind.REINSTATED_MOVED: Words(
        ditt_nav=(
            "Møtet ditt med Nav er ikke avlyst likevel, men flyttet til {when}. Les om møtet, og svar om du kommer."
        ),
        sms="Hei! Møtet med Nav er ikke avlyst, men flyttet til {when}. Logg inn på Nav for å lese mer. Hilsen Nav",
        title="Møtet med Nav er flyttet, ikke avlyst",
        body=(
            "Hei! Møtet ditt med Nav er ikke avlyst likevel, men flyttet til {when}. "
            "Logg inn på Nav for å lese hva som gjelder nå, og svare om du kommer. " + _RING
        ),
    ),
    Kind.CANCELLED: Words(
        ditt_nav="Møtet ditt med Nav {when} er avlyst. Du trenger ikke å gjøre noe.",
        sms="Hei! Møtet ditt med Nav {when} er avlyst. Logg inn på Nav for å lese mer. Hilsen Nav",
        title="Møtet ditt med Nav er avlyst",
        body="Hei! Møtet ditt med Nav {when} er avlyst. Logg inn på Nav for å lese mer. " + _RING,
    ),
    Kind.ANSWERED: Words(
        ditt_nav="Du har svart på invitasjonen til {meeting} med Nav {when}. Her finner du møtet.",
    ),
    Kind.ANSWER_SETTLED: Words(
        ditt_nav="Vi har svart på det du ba om. Møtet ditt med Nav er fortsatt {when}. Les svaret vårt.",
        sms="Hei! Vi har svart på det du ba om. Møtet med Nav er fortsatt {when}. Logg inn på Nav og les. Hilsen Nav",
        title="Svar om møtet ditt med Nav",
        body=(
            "Hei! Vi har svart på det du ba om. Møtet ditt med Nav er fortsatt {when}. "
            "Logg inn på Nav for å lese svaret vårt. " + _RING
        ),
    ),
    Kind.IN_A_WEEK: Words(
        ditt_nav="Påminnelse: Du har {meeting} med Nav {when}.",
        sms="Hei! Vi minner om møtet ditt med Nav {when}. Logg inn på Nav for å lese mer. Hilsen Nav",
        title="Påminnelse om møte med Nav",
        body="Hei! Vi minner om at du har et {meeting} med Nav {when}. Logg inn på Nav for å lese mer. " + _RING,
    ),
    Kind.TOMORROW: Words(
        ditt_nav="Påminnelse: Du har {meeting} med Nav {when}.",
        sms="Hei! Vi minner om møtet ditt med Nav {when}. Logg inn på Nav for å lese mer. Hilsen Nav",
        title="Påminnelse om møte med Nav",
        body=(
            "Hei! Vi minner om at du har et {meeting} med Nav {when}. "
            "Logg inn på Nav for å se hvordan du deltar. " + _RING
        ),
    ),
    Kind.IN_AN_HOUR: Words(
        ditt_nav="Møtet ditt med Nav starter {when}. Her finner du møtet.",
        sms="Hei! Møtet med Nav starter {when}. Logg inn på Nav og se hvordan du deltar. Hilsen Nav",
        title="Møtet ditt med Nav starter snart",
        body="Hei! Møtet ditt med Nav starter {when}. Logg inn på Nav for å se hvordan du deltar. " + _RING,
    ),
    Kind.MINUTES_SHARED: Words(
        ditt_nav="Du har fått et referat fra møtet ditt med Nav.",
        **_NEWS,
    ),
    Kind.MINUTES_AMENDED: Words(
        ditt_nav="Referatet fra møtet ditt med Nav er endret. Les den nye versjonen.",
        **_NEWS,
    ),
    Kind.MINUTES_RECALLED: Words(
        ditt_nav=(
            "Referatet fra møtet ditt med Nav er trukket tilbake. Du kan ikke lese det lenger. "
            "Du trenger ikke å gjøre noe."
        ),
        **_NEWS,
    ),
    Kind.WHAT_HAPPENED: Words(
        ditt_nav="Vi traff deg ikke i møtet med Nav {when}. Fortell oss gjerne hva som skjedde.",
        **_NEWS,
    ),
    Kind.PLAIN_INVITED: Words(ditt_nav="Du har fått et møte med Nav. Les om møtet, og svar om du kommer."),
    Kind.PLAIN_NEWS: Words(ditt_nav="Det er nytt om møtet ditt med Nav. Les hva som gjelder nå."),
    Kind.PLAIN_CANCELLED: Words(ditt_nav="Møtet ditt med Nav er avlyst."),
    Kind.PLAIN_MINUTES: Words(ditt_nav="Det er nytt om referatet fra møtet ditt med Nav. Les hva som gjelder nå."),
}
