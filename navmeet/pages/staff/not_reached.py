"""A message that did not reach somebody, as a task in plain words: whom to ring, about what, and what was tried."""

from collections.abc import Mapping
from typing import Any, Final

from invitations.messages import what_was_tried
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
# Of a meeting that has begun, or is over.
_NOT_TOLD: Final[Mapping[str, str]] = {
    Occasion.INVITED: "om møtet",
    Occasion.MOVED: "at møtet var endret",
    Occasion.FORMAT_CHANGED: "at møtet var på en annen måte",
    Occasion.REINSTATED: "at møtet ikke var avlyst likevel",
}


def who_of(role: str, apart: str = "") -> str:
    """ "legen"; "legen (Fjordvik legesenter)" where there are several, with what tells them apart."""
    who = WHO.get(role, _OTHER)  # type: ignore[call-overload]
    return f"{who} ({apart})" if apart else who


def sentence(tried: Mapping[str, Any], apart: str = "") -> str:
    """ "Ring innbyggeren og fortell om møtet. SMS-en kunne ikke leveres, og e-post er ikke forsøkt." """
    who = who_of(tried["role"], apart)
    if tried.get("is_late"):
        return f"{upper(who)} fikk ikke vite {_NOT_TOLD[tried['occasion']]} i tide. Ta kontakt, og avtal et nytt møte."
    told = {one["via"]: one["cause"] for one in tried["ways"]}
    if told.get(Via.DITT_NAV) == Cause.TAKEN_AWAY:
        all_of_it = upper(", og ".join(what_was_tried.became(tried["ways"])))
        return f"Ring {who} og {to_say(tried['occasion'], who)}, eller send på nytt. {all_of_it}."
    if told.get(Via.SMS) == Cause.DELIVERED:
        cause = told.get(Via.EMAIL, "")
        do = f"Rett e-postadressen til {who}, og send på nytt" if cause in LASTING else f"Send på nytt til {who}"
        failed = upper(what_was_tried.of_way(Via.EMAIL, cause))
        return f"{do}. {failed}. {upper(who)} har fått SMS om tidspunktet, men ikke lenken."
    say = to_say(tried["occasion"], who)
    if Cause.NO_WORDS in told.values():
        return (
            f"Velg et annet skriftspråk for {who}, så sender vi varselet. Vi har ingen tekst på språket som er valgt, "
            f"og bytter ikke av oss selv. Haster det, ring {who} og {say}."
        )
    became = what_was_tried.became(tried["ways"])
    return f"Ring {who} og {say}. {upper(', og '.join(became))}." if became else f"Ring {who} og {say}."


def to_say(occasion: str, who: str) -> str:
    """ "fortell om møtet": what whoever rings tells them."""
    return _SAY.get(occasion, _SAY[Occasion.INVITED]).format(who=who)


def upper(words: str) -> str:
    """With its first letter large, and all others as they are."""
    return words[:1].upper() + words[1:]
