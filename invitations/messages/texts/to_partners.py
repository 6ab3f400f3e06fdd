"""E-mails to partners, in three languages: when, how, and their own link. Nobody's name, and nothing of the matter.

They arrive in the open, in inboxes that others may read: who the meeting is about stands behind the link and a code.
"""

from collections.abc import Mapping

from invitations.messages.texts.words import Kind, Words

_NB_WHY = (
    "Av hensyn til personvernet står det ikke her hvem møtet gjelder, eller hva det handler om. Det kan du lese når "
    "du åpner lenken og skriver inn koden vi sender til mobilen din."
)
_NB_LINK = "Din egen lenke til møtet:\n{link}\n\nLenken er bare til deg. Ikke send den videre."
_NB_END = "Har du spørsmål, kan du ringe Nav på 55 55 33 33.\n\nVennlig hilsen Nav"
_NN_WHY = (
    "Av omsyn til personvernet står det ikkje her kven møtet gjeld, eller kva det handlar om. Det kan du lese når du "
    "opnar lenkja og skriv inn koden vi sender til mobilen din."
)
_NN_LINK = "Di eiga lenkje til møtet:\n{link}\n\nLenkja er berre til deg. Ikkje send henne vidare."
_NN_END = "Har du spørsmål, kan du ringe Nav på 55 55 33 33.\n\nVennleg helsing Nav"
_EN_WHY = (
    "To protect people's privacy, we do not say here who the meeting is about or what it concerns. You can read that "
    "when you open the link and type the code we send to your mobile phone."
)
_EN_LINK = "Your own link to the meeting:\n{link}\n\nThe link is for you only. Please do not forward it."
_EN_END = "If you have any questions, call Nav on 55 55 33 33.\n\nKind regards, Nav"


def _body(*parts: str) -> str:
    return "\n\n".join(parts)


def _nb(sentence: str) -> str:
    return _body("Hei!", sentence, _NB_LINK, _NB_WHY, _NB_END)


def _nn(sentence: str) -> str:
    return _body("Hei!", sentence, _NN_LINK, _NN_WHY, _NN_END)


def _en(sentence: str) -> str:
    return _body("Hello!", sentence, _EN_LINK, _EN_WHY, _EN_END)


BOKMAL: Mapping[Kind, Words] = {
    Kind.INVITED: Words(
        title="Invitasjon til møte med Nav",
        body=_nb("Nav inviterer deg til et {meeting} {when}."),
    ),
    Kind.MOVED: Words(
        title="Møtet med Nav er flyttet",
        body=_nb("Møtet med Nav er flyttet. Din del er nå et {meeting} {when}."),
    ),
    Kind.MOVED_OTHERWISE: Words(
        title="Møtet med Nav er flyttet og blir på en annen måte",
        body=_nb("Møtet med Nav er flyttet, og du deltar på en annen måte enn før. Din del er nå et {meeting} {when}."),
    ),
    Kind.CHANGED: Words(
        title="Møtet med Nav er endret",
        body=_nb("Noe er endret ved møtet med Nav. Din del er et {meeting} {when}."),
    ),
    Kind.PLACE_CHANGED: Words(
        title="Møtestedet for møtet med Nav er endret",
        body=_nb("Møtestedet for møtet med Nav {when} er endret. Du ser hvor du skal møte, når du åpner lenken."),
    ),
    Kind.PHONE_CHANGED: Words(
        title="Telefonmøtet med Nav er endret",
        body=_nb("Noe er endret ved telefonmøtet med Nav {when}. Du ser hvem som ringer, når du åpner lenken."),
    ),
    Kind.FORMAT_CHANGED: Words(
        title="Du deltar i møtet med Nav på en annen måte",
        body=_nb("Møtet med Nav {when} blir {how} for deg."),
    ),
    Kind.CANCELLED: Words(
        title="Møtet med Nav er avlyst",
        body=_body("Hei!", "Møtet med Nav {when} er avlyst. Du trenger ikke å gjøre noe.", _NB_END),
    ),
    Kind.REINSTATED: Words(
        title="Møtet med Nav er ikke avlyst likevel",
        body=_nb("Møtet med Nav er ikke avlyst likevel. Din del er et {meeting} {when}."),
    ),
    Kind.REINSTATED_MOVED: Words(
        title="Møtet med Nav er ikke avlyst, men flyttet",
        body=_nb("Møtet med Nav er ikke avlyst likevel, men det er flyttet. Din del er et {meeting} {when}."),
    ),
    Kind.ANSWER_SETTLED: Words(
        title="Svar om møtet med Nav",
        body=_nb("Vi har svart på det du ba om. Møtet med Nav er fortsatt {when}."),
    ),
    Kind.REMOVED: Words(
        title="Du skal ikke delta i møtet med Nav",
        body=_body(
            "Hei!",
            "Du skal ikke delta i møtet med Nav {when}, som vi har skrevet til deg om. Lenken din virker ikke lenger. "
            "Du trenger ikke å gjøre noe.",
            _NB_END,
        ),
    ),
    Kind.TOMORROW: Words(
        title="Påminnelse om møte med Nav",
        body=_nb("Vi minner om {meeting} med Nav {when}."),
    ),
    Kind.IN_AN_HOUR: Words(
        title="Møtet med Nav starter snart",
        body=_nb("Ditt {meeting} med Nav starter {when}."),
    ),
}

NYNORSK: Mapping[Kind, Words] = {
    Kind.INVITED: Words(
        title="Invitasjon til møte med Nav",
        body=_nn("Nav inviterer deg til eit {meeting} {when}."),
    ),
    Kind.MOVED: Words(
        title="Møtet med Nav er flytta",
        body=_nn("Møtet med Nav er flytta. Din del er no eit {meeting} {when}."),
    ),
    Kind.MOVED_OTHERWISE: Words(
        title="Møtet med Nav er flytta og blir på ein annan måte",
        body=_nn(
            "Møtet med Nav er flytta, og du deltek på ein annan måte enn før. Din del er no eit {meeting} {when}."
        ),
    ),
    Kind.CHANGED: Words(
        title="Møtet med Nav er endra",
        body=_nn("Noko er endra ved møtet med Nav. Din del er eit {meeting} {when}."),
    ),
    Kind.PLACE_CHANGED: Words(
        title="Møtestaden for møtet med Nav er endra",
        body=_nn("Møtestaden for møtet med Nav {when} er endra. Du ser kvar du skal møte, når du opnar lenkja."),
    ),
    Kind.PHONE_CHANGED: Words(
        title="Telefonmøtet med Nav er endra",
        body=_nn("Noko er endra ved telefonmøtet med Nav {when}. Du ser kven som ringjer, når du opnar lenkja."),
    ),
    Kind.FORMAT_CHANGED: Words(
        title="Du deltek i møtet med Nav på ein annan måte",
        body=_nn("Møtet med Nav {when} blir {how} for deg."),
    ),
    Kind.CANCELLED: Words(
        title="Møtet med Nav er avlyst",
        body=_body("Hei!", "Møtet med Nav {when} er avlyst. Du treng ikkje å gjere noko.", _NN_END),
    ),
    Kind.REINSTATED: Words(
        title="Møtet med Nav er ikkje avlyst likevel",
        body=_nn("Møtet med Nav er ikkje avlyst likevel. Din del er eit {meeting} {when}."),
    ),
    Kind.REINSTATED_MOVED: Words(
        title="Møtet med Nav er ikkje avlyst, men flytta",
        body=_nn("Møtet med Nav er ikkje avlyst likevel, men det er flytta. Din del er eit {meeting} {when}."),
    ),
    Kind.ANSWER_SETTLED: Words(
        title="Svar om møtet med Nav",
        body=_nn("Vi har svart på det du bad om. Møtet med Nav er framleis {when}."),
    ),
    Kind.REMOVED: Words(
        title="Du skal ikkje delta i møtet med Nav",
        body=_body(
            "Hei!",
            "Du skal ikkje delta i møtet med Nav {when}, som vi har skrive til deg om. Lenkja di verkar ikkje lenger. "
            "Du treng ikkje å gjere noko.",
            _NN_END,
        ),
    ),
    Kind.TOMORROW: Words(
        title="Påminning om møte med Nav",
        body=_nn("Vi minner om {meeting} med Nav {when}."),
    ),
    Kind.IN_AN_HOUR: Words(
        title="Møtet med Nav startar snart",
        body=_nn("Ditt {meeting} med Nav startar {when}."),
    ),
}

ENGLISH: Mapping[Kind, Words] = {
    Kind.INVITED: Words(
        title="Invitation to a meeting with Nav",
        body=_en("Nav invites you to a {meeting} on {when}."),
    ),
    Kind.MOVED: Words(
        title="The meeting with Nav has been moved",
        body=_en("The meeting with Nav has been moved. Your part is now a {meeting} on {when}."),
    ),
    Kind.MOVED_OTHERWISE: Words(
        title="The meeting with Nav has been moved and will be held in another way",
        body=_en(
            "The meeting with Nav has been moved, and you take part in another way. "
            "Your part is now a {meeting} on {when}."
        ),
    ),
    Kind.CHANGED: Words(
        title="The meeting with Nav has been changed",
        body=_en("Something about the meeting with Nav has changed. Your part is a {meeting} on {when}."),
    ),
    Kind.PLACE_CHANGED: Words(
        title="A new place for the meeting with Nav",
        body=_en(
            "The place of the meeting with Nav on {when} has changed. You see where to go when you open the link."
        ),
    ),
    Kind.PHONE_CHANGED: Words(
        title="The phone meeting with Nav has been changed",
        body=_en(
            "Something about the phone meeting with Nav on {when} has changed. "
            "You see who calls when you open the link."
        ),
    ),
    Kind.FORMAT_CHANGED: Words(
        title="You take part in the meeting with Nav in another way",
        body=_en("The meeting with Nav on {when} will be {how} for you."),
    ),
    Kind.CANCELLED: Words(
        title="The meeting with Nav is cancelled",
        body=_body(
            "Hello!", "The meeting with Nav on {when} has been cancelled. You do not have to do anything.", _EN_END
        ),
    ),
    Kind.REINSTATED: Words(
        title="The meeting with Nav is not cancelled after all",
        body=_en("The meeting with Nav is not cancelled after all. Your part is a {meeting} on {when}."),
    ),
    Kind.REINSTATED_MOVED: Words(
        title="The meeting with Nav is moved, not cancelled",
        body=_en("The meeting with Nav is not cancelled after all, but moved. Your part is a {meeting} on {when}."),
    ),
    Kind.ANSWER_SETTLED: Words(
        title="An answer about the meeting with Nav",
        body=_en("We have answered your request. The meeting with Nav is still on {when}."),
    ),
    Kind.REMOVED: Words(
        title="You are no longer taking part in the meeting with Nav",
        body=_body(
            "Hello!",
            "You are no longer taking part in the meeting with Nav on {when} that we wrote to you about. Your link no "
            "longer works. You do not have to do anything.",
            _EN_END,
        ),
    ),
    Kind.TOMORROW: Words(
        title="Reminder: meeting with Nav",
        body=_en("A reminder of your {meeting} with Nav on {when}."),
    ),
    Kind.IN_AN_HOUR: Words(
        title="The meeting with Nav starts soon",
        body=_en("Your {meeting} with Nav starts on {when}."),
    ),
}
