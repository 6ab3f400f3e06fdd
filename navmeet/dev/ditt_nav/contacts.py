"""Where an SMS or e-mail can be sent: asked of the contact register, as Min side's own sender does."""

import os
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import httpx

from navmeet.dev import personas

TARGET = "api://prod-gcp.team-rocket.digdir-krr-proxy/.default"


@dataclass(frozen=True, slots=True)
class Contact:
    """Number and address of somebody who can be told; None where there is none."""

    phone: str | None
    email: str | None


def look_up(idents: Collection[str]) -> dict[str, Contact]:
    """Those who can be told. Asks the register (KRR_URL); when it does not answer, the personas say it."""
    try:
        answer = _ask(idents) if os.environ.get("KRR_URL") else None
    except (httpx.HTTPError, ValueError, KeyError):
        answer = None
    return _of_personas(idents) if answer is None else answer


def _ask(idents: Collection[str]) -> dict[str, Contact]:
    wanted = {"identity_provider": "entra_id", "target": TARGET}
    with httpx.Client(timeout=3, trust_env=False) as client:
        token = client.post(os.environ["NAIS_TOKEN_ENDPOINT"], json=wanted).raise_for_status().json()["access_token"]
        found: dict[str, dict[str, Any]] = (
            client.post(
                f"{os.environ['KRR_URL']}/rest/v1/personer",
                json={"personidenter": list(idents)},
                headers={"Authorization": f"Bearer {token}"},
            )
            .raise_for_status()
            .json()["personer"]
        )
    return {
        ident: Contact(person.get("mobiltelefonnummer"), person.get("epostadresse"))
        for ident, person in found.items()
        if person.get("kanVarsles")
    }


def _of_personas(idents: Collection[str]) -> dict[str, Contact]:
    return {
        number: Contact(citizen.phone, citizen.email)
        for citizen in personas.CITIZENS
        for number in (citizen.number, *citizen.facts.historic_numbers)
        if number in idents and not citizen.reserved and (citizen.phone or citizen.email)
    }
