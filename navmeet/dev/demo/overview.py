"""The one page that is printed when the demo is ready."""

from navmeet.dev import personas
from navmeet.dev.servers.house import House

GROUPS = {
    personas.GROUP_STRICTLY_CONFIDENTIAL: "strictly confidential addresses",
    personas.GROUP_OWN_EMPLOYEES: "Nav's own employees",
}
LANGUAGES = {"nn": "reads nynorsk", "en": "reads English"}


def page(house: House, seconds: float) -> str:
    """Addresses, people, where what was sent can be seen, where the logs are."""
    return "\n".join(
        [
            "",
            f"navmeet is ready ({seconds:.0f} s).",
            "",
            *_addresses(house),
            "",
            "Caseworkers (press the name on the login page)",
            *(f"  {worker.nav_ident}      {worker.name}{_may(worker)}" for worker in personas.CASEWORKERS),
            "",
            "Advisers at the contact centre (same login page; find a citizen by number)",
            *(f"  {adviser.nav_ident}      {adviser.name}" for adviser in personas.ADVISERS),
            "",
            "Citizens (press the name; choose the level)",
            *(f"  {citizen.number}  {citizen.name}{_special(citizen)}" for citizen in personas.CITIZENS),
            "",
            f"Logs: {house.stack.logs}   Audit log: {house.folder / 'audit.log'}",
            "Ctrl-C stops everything; the data are kept. `make demo RESET=1` begins anew.",
            "",
        ]
    )


def _addresses(house: House) -> list[str]:
    ports = house.ports
    rows = [
        ("Caseworkers", f"{ports.staff_url}/", "the week, booking, minutes"),
        ("Citizens", f"{ports.citizen_url}/my/", "their own meetings"),
        ("Ditt NAV", f"{ports.stand_in_url('ditt_nav')}/", "what was sent to the citizens, and what was refused"),
        ("Altinn", f"{ports.stand_in_url('altinn')}/", "inboxes and telephones of doctors, employers and others"),
        ("Registers", f"{ports.stand_in_url('registers')}/", "who is known, and to make a register fail"),
        ("Video", f"{ports.stand_in_url('video')}/", "where a video meeting would be"),
    ]
    return [f"  {what:<12} {address:<28} {why}" for what, address, why in rows]


def _may(worker: personas.Caseworker) -> str:
    extra = [name for group, name in GROUPS.items() if group in worker.groups]
    return f"  (may see {' and '.join(extra)})" if extra else ""


def _special(citizen: personas.Citizen) -> str:
    notes = [
        "reserved against digital contact" if citizen.reserved else "",
        "strictly confidential address" if citizen.protection == "STRENGT_FORTROLIG" else "",
        LANGUAGES.get(citizen.language, ""),
    ]
    said = ", ".join(filter(None, notes))
    return f"  ({said})" if said else ""
