"""A person with a browser: our side is Django's test client, the issuer's side is real HTTP."""

import re
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx
from django.http import HttpResponse
from django.test import Client

from navmeet.dev import personas

ORIGIN = "http://testserver"
INGRID = personas.CASEWORKERS[0]
AMINA = personas.CASEWORKERS[2]
KARI = personas.CITIZENS[0]
HIGH, SUBSTANTIAL = "idporten-loa-high", "idporten-loa-substantial"


def subject(person: personas.Caseworker | personas.Citizen) -> str:
    """What the issuers call them on their login page."""
    if isinstance(person, personas.Caseworker):
        return person.oid
    return f"citizen-{personas.CITIZENS.index(person) + 1}"


@dataclass
class Person:
    """`client` checks CSRF as a real server does; `there` keeps the issuer's cookies."""

    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True, raise_request_exception=False))
    there: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=10, trust_env=False))

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.client.get(path, headers=headers)  # type: ignore[return-value]

    def send(self, path: str, page: HttpResponse, **fields: str) -> HttpResponse:
        """Post the form of a page, with the token that stands in it."""
        return self.client.post(path, {**fields, "csrfmiddlewaretoken": token_in(page)})  # type: ignore[return-value]

    def asks(self, path: str = "/login/") -> str:
        """Our page's redirect to the issuer."""
        response = self.get(path)
        assert response.status_code == 302, (response.status_code, response.content.decode()[:2000])
        return response["Location"]

    def at_issuer(self, url: str, who: personas.Caseworker | personas.Citizen | None, level: str = "") -> str:
        """Log in there, and come back with our own address; `None` cancels."""
        for _ in range(12):
            answer = self.there.get(url)
            if answer.is_redirect:
                url = str(answer.url.join(answer.headers["Location"]))
                if url.startswith(ORIGIN):
                    return url[len(ORIGIN) :]
                continue
            form = {"cancel": "1"} if who is None else {"person": subject(who)}
            action = re.search(r'action="([^"]+)"', answer.text)
            assert action, answer.text
            answer = self.there.post(
                str(answer.url.join(unescape(action[1]))), data=form | ({"level": level} if level else {})
            )
            url = str(answer.url.join(answer.headers["Location"]))
            if url.startswith(ORIGIN):
                return url[len(ORIGIN) :]
        raise AssertionError("the issuer leads in a circle")

    def logs_in(
        self, who: personas.Caseworker | personas.Citizen, path: str = "/login/", level: str = ""
    ) -> HttpResponse:
        return self.get(self.at_issuer(self.asks(path), who, level))

    def close(self) -> None:
        self.there.close()


def token_in(page: HttpResponse) -> str:
    """The CSRF token of the last form on a page."""
    found: list[str] = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())
    return found[-1]


def query_of(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
