"""The question whether a partner may take part, and what is said where the law decides.

Plain words: who, what they get to know, what not. A new wording is a new version; what was shown is kept with each
answer.
"""

from collections.abc import Mapping

from meetings.models import Role

VERSION = "partner-1"

_KNOW: Mapping[str, Mapping[Role, str]] = {
    "nb": {
        Role.DOCTOR: "navnet ditt og fødselsdatoen din",
        Role.EMPLOYER: "hvem du er når dere møtes",
    },
    "nn": {
        Role.DOCTOR: "namnet ditt og fødselsdatoen din",
        Role.EMPLOYER: "kven du er når de møtest",
    },
    "en": {
        Role.DOCTOR: "your name and date of birth",
        Role.EMPLOYER: "who you are when you meet",
    },
}
_QUESTION = {
    "nb": "Kan {who} delta i møtet? Sier du ja, får de vite at du har et møte med Nav, {know}, når møtet er, hvor og "
    "hvordan det holdes, hvem fra Nav som er med, og det veilederen din skriver til dem om møtet. De får ikke lese "
    "det vi skriver til deg eller andre, og ikke kontaktopplysningene dine. Sier du nei, blir de ikke invitert. Du "
    "trenger ikke å si hvorfor. Du kan ombestemme deg når du vil.",
    "nn": "Kan {who} delta i møtet? Seier du ja, får dei vite at du har eit møte med Nav, {know}, når møtet er, kvar "
    "og korleis det blir halde, kven frå Nav som er med, og det rettleiaren din skriv til dei om møtet. Dei får ikkje "
    "lese det vi skriv til deg eller andre, og ikkje kontaktopplysningane dine. Seier du nei, blir dei ikkje "
    "inviterte. Du treng ikkje å seie kvifor. Du kan ombestemme deg når du vil.",
    "en": "May {who} take part in the meeting? If you say yes, they will know that you have a meeting with Nav, "
    "{know}, when the meeting is, where and how it is held, who from Nav is there, and what your caseworker writes to "
    "them about the meeting. They cannot read what we write to you or to others, and do not get your contact details. "
    "If you say no, they are not invited. You do not have to say why. You can change your mind at any time.",
}
_BY_LAW = {
    "nb": "{who} er innkalt til møtet fordi loven sier det ({section}). De får vite at du har et møte med Nav, {know}, "
    "når møtet er, hvor og hvordan det holdes, hvem fra Nav som er med, og det veilederen din skriver til dem om "
    "møtet. Lurer du på noe om dette, kan du be veilederen din om å ta kontakt.",
    "nn": "{who} er kalla inn til møtet fordi lova seier det ({section}). Dei får vite at du har eit møte med Nav, "
    "{know}, når møtet er, kvar og korleis det blir halde, kven frå Nav som er med, og det rettleiaren din skriv til "
    "dei om møtet. Lurer du på noko om dette, kan du be rettleiaren din om å ta kontakt.",
    "en": "{who} is called to the meeting because the law says so ({section}). They will know that you have a meeting "
    "with Nav, {know}, when the meeting is, where and how it is held, who from Nav is there, and what your caseworker "
    "writes to them about the meeting. If you wonder about this, you can ask your caseworker to contact you.",
}
LANGUAGES = tuple(_QUESTION)


def language_of(wanted: str) -> str:
    """The language a text is shown in: the wanted one, bokmål where there is none."""
    return wanted if wanted in LANGUAGES else "nb"


def question(who: str, role: Role, language: str) -> str:
    """What the citizen says yes or no to."""
    language = language_of(language)
    return _QUESTION[language].format(who=who, know=_KNOW[language][role])


def by_law(who: str, role: Role, section: str, language: str) -> str:
    """What the citizen is told where nobody asks them."""
    language = language_of(language)
    return _BY_LAW[language].format(who=who, know=_KNOW[language][role], section=section)
