"""A message that did not reach somebody, as a task in plain words: whom to ring, about what, and what was tried."""

from collections.abc import Mapping
from typing import Any, Final

from invitations.messages.causes import LASTING, Cause, Via
from invitations.models import Occasion
from meetings.models import Role

WHO: Final = {Role.CITIZEN: "innbyggeren", Role.DOCTOR: "legen", Role.EMPLOYER: "arbeidsgiveren"}
_OTHER: Final = "deltakeren"
_SAY: Final[Mapping[str, str]] = {
    Occasion.INVITED: "fortell om møtet",
    Occasion.MOVED: "fortell at møtet er endret",
    Occasion.FORMAT_CHANGED: "fortell at møtet blir på en annen måte",
    Occasion.PEOPLE_CHANGED: "fortell hvem som deltar nå",
    Occasion.DETAILS_CHANGED: "fortell hva som er nytt i invitasjonen",
    Occasion.REINSTATED: "fortell at møtet ikke er avlyst likevel",
    Occasion.REMOVED: "fortell at {who} ikke skal delta",
    Occasion.CANCELLED: "fortell at møtet er avlyst",
    Occasion.REMINDER: "minn om møtet",
    Occasion.ANSWER_SETTLED: "fortell om svaret på det {who} ba om",
    Occasion.MINUTES_SHARED: "fortell at referatet er klart",
    Occasion.MINUTES_AMENDED: "fortell at referatet er endret",
    Occasion.MINUTES_RECALLED: "fortell at referatet er trukket tilbake",
    Occasion.WHAT_HAPPENED: "spør hva som skjedde, for {who} er notert som «møtte ikke»",
}
_THROUGH: Final[Mapping[str, str]] = {
    Via.DITT_NAV: "varselet på Min side",
    Via.SMS: "SMS-en",
    Via.EMAIL: "e-posten",
    Via.SMS_OR_EMAIL: "SMS-en eller e-posten",
}
_BECAME: Final[Mapping[str, str]] = {
    Cause.NOT_DELIVERED: "{through} kunne ikke leveres",
    Cause.NOT_NOW: "{through} kunne ikke leveres, selv om vi prøvde",
    Cause.NOT_CONFIRMED: "vi vet ikke om {through} kom fram",
    Cause.NOT_TRIED: "{through} er ikke forsøkt",
    Cause.NO_SUCH_RECEIVER: "{through} har ingen mottaker",
    Cause.BOUNCED: "{through} kom i retur",
    Cause.FILTERED: "{through} ble stoppet som søppelpost",
    Cause.BLOCKED: "{through} er sperret hos mottakeren",
    Cause.EXPIRED: "{through} ble ikke levert i tide",
    Cause.REFUSED: "{through} ble ikke tatt imot",
    Cause.NO_WORDS: "vi har ingen tekst på skriftspråket som er valgt",
    Cause.NO_CONTACT: "{through} kunne ikke sendes, for vi fikk ikke kontakt med systemet som sender",
    Cause.TOO_LATE: "det ble for sent å sende {through}",
}
# Where the general words would say too little, or too much.
_OF_BOTH: Final[Mapping[tuple[str, str], str]] = {
    (Via.SMS, Cause.NO_SUCH_RECEIVER): "mobilnummeret er ikke i bruk",
    (Via.EMAIL, Cause.NO_SUCH_RECEIVER): "e-postadressen finnes ikke",
    (Via.DITT_NAV, Cause.NO_SUCH_RECEIVER): "folkeregisteret kjenner ikke personen",
    (Via.SMS, Cause.NOT_TRIED): "vi har ikke noe mobilnummer",
    (Via.EMAIL, Cause.NOT_TRIED): "e-post er ikke forsøkt",
    (Via.SMS_OR_EMAIL, Cause.NOT_DELIVERED): "verken SMS eller e-post kunne leveres",
}


def who_of(role: str, apart: str = "") -> str:
    """ "legen"; "legen (Fjordvik legesenter)" where there are several, with what tells them apart."""
    who = WHO.get(role, _OTHER)  # type: ignore[call-overload]
    return f"{who} ({apart})" if apart else who


def sentence(tried: Mapping[str, Any], apart: str = "") -> str:
    """ "Ring innbyggeren og fortell om møtet. SMS-en kunne ikke leveres, og e-post er ikke forsøkt." """
    who = who_of(tried["role"], apart)
    told = {one["via"]: one["cause"] for one in tried["ways"]}
    if told.get(Via.SMS) == Cause.DELIVERED:
        cause = told.get(Via.EMAIL, "")
        do = f"Rett e-postadressen til {who}, og send på nytt" if cause in LASTING else f"Send på nytt til {who}"
        failed = upper(_became(Via.EMAIL, cause))
        return f"{do}. {failed}. {upper(who)} har fått SMS om tidspunktet, men ikke lenken."
    say = _SAY.get(tried["occasion"], _SAY[Occasion.INVITED]).format(who=who)
    if Cause.NO_WORDS in told.values():
        return (
            f"Velg et annet skriftspråk for {who}, så sender vi varselet. Vi har ingen tekst på språket som er valgt, "
            f"og bytter ikke av oss selv. Haster det, ring {who} og {say}."
        )
    became = [_became(one["via"], one["cause"]) for one in tried["ways"]]
    if len(became) > 1 and set(told.values()) == {Cause.NOT_CONFIRMED}:
        through = " eller ".join(_THROUGH[via] for via in told)
        became = [_BECAME[Cause.NOT_CONFIRMED].format(through=through)]
    return f"Ring {who} og {say}. {upper(', og '.join(became))}." if became else f"Ring {who} og {say}."


def _became(via: str, cause: str) -> str:
    words = _OF_BOTH.get((via, cause)) or _BECAME.get(cause, _BECAME[Cause.NOT_DELIVERED])
    return words.format(through=_THROUGH.get(via, "varselet"))


def upper(words: str) -> str:
    """With its first letter large, and all others as they are."""
    return words[:1].upper() + words[1:]
