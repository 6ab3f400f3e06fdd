"""What became of each way that was tried, in a caseworker's words: as part of a sentence, of a task and of the list."""

from collections.abc import Iterable, Mapping
from typing import Final

from invitations.messages.causes import Cause, Via

THROUGH: Final[Mapping[str, str]] = {
    Via.DITT_NAV: "varselet på Min side",
    Via.SMS: "SMS-en",
    Via.EMAIL: "e-posten",
    Via.SMS_OR_EMAIL: "SMS-en eller e-posten",
}
_BECAME: Final[Mapping[str, str]] = {
    Cause.DELIVERED: "{through} kom fram",
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
    (Via.DITT_NAV, Cause.TAKEN_AWAY): "varselet ble fjernet fra Min side av andre enn oss",
    (Via.SMS, Cause.NO_SUCH_RECEIVER): "mobilnummeret er ikke i bruk",
    (Via.EMAIL, Cause.NO_SUCH_RECEIVER): "e-postadressen finnes ikke",
    (Via.DITT_NAV, Cause.NO_SUCH_RECEIVER): "folkeregisteret kjenner ikke personen",
    (Via.SMS, Cause.NOT_TRIED): "vi har ikke noe mobilnummer",
    (Via.EMAIL, Cause.NOT_TRIED): "e-post er ikke forsøkt",
    (Via.SMS_OR_EMAIL, Cause.NOT_DELIVERED): "verken SMS eller e-post kunne leveres",
}


def became(tried: Iterable[Mapping[str, str]]) -> list[str]:
    """Of the ways as a task keeps them. That nobody spoke of several is said once."""
    ways = [(one["via"], one["cause"]) for one in tried]
    if len(ways) > 1 and {cause for _, cause in ways} == {Cause.NOT_CONFIRMED}:
        through = " eller ".join(dict.fromkeys(THROUGH[via] for via, _ in ways))
        return [_BECAME[Cause.NOT_CONFIRMED].format(through=through)]
    return [of_way(*way) for way in ways]


def of_way(via: str, cause: str) -> str:
    """ "e-posten kom i retur"."""
    words = _OF_BOTH.get((via, cause)) or _BECAME.get(cause, _BECAME[Cause.NOT_DELIVERED])
    return words.format(through=THROUGH.get(via, "varselet"))
