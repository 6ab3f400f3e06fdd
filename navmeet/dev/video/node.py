"""Asks who may come in, as one of the platform's nodes would (contracts/video.md § 3): before anybody is let in. And
tells who came and who went, as its event sink would (§ 4).

GET with everything in the query, basic authentication, booleans as "True" and "False", five seconds, no redirect
followed. What is no answer is the platform's own default, and there our aliases are not known: nobody comes in.
"""

import base64
import http.client
import json
import os
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

TIMEOUT = 5
NOT_FOUND = "Møterommet finnes ikke."
_CALL = {
    "call_direction": "dial_in",
    "protocol": "webrtc",
    "bandwidth": "0",
    "vendor": "Mozilla",
    "registered": "False",
    "trigger": "web",
    "remote_address": "10.44.151.5",
    "remote_port": "58435",
    "call_tag": "",
    "idp_uuid": "",
    "has_authenticated_display_name": "False",
    "supports_direct_media": "False",
    "teams_tenant_id": "",
    "location": "Oslo",
    "node_ip": "10.144.101.21",
    "version_id": "35",
    "pseudo_version_id": "77683.0.0",
}


@dataclass(frozen=True)
class Answer:
    """What a node makes of the answers: in, with a role and a name; or refused, with the reason it was given."""

    refused: str = ""
    role: str = "guest"
    name: str = ""
    conference: str = ""
    tag: str = ""
    waits_for_host: bool = False
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Policy:
    """The policy profile: where to ask, and as whom. Without an address the platform decides by itself."""

    url: str
    user: str
    password: str = field(repr=False)

    @classmethod
    def from_environment(cls) -> "Policy":
        return cls(
            url=os.environ.get("POLICY_URL", ""),
            user=os.environ.get("POLICY_USER", ""),
            password=os.environ.get("POLICY_PASSWORD", ""),
        )

    def ask(self, alias: str, query: dict[str, str], connection: str) -> Answer:
        """May whoever dialled this alias come in? First which conference it is, then, past the PIN, who comes."""
        typed = query.get("name", "")
        asked = {**_CALL, "local_alias": alias, "remote_display_name": typed, "remote_alias": typed}
        service = self._get("/policy/v1/service/configuration", asked)
        conference = _result(service)
        if "name" not in conference or "service_type" not in conference:
            return Answer(refused=str(conference.get("reject_reason") or NOT_FOUND))
        is_host = bool(conference.get("pin")) and query.get("pin") == conference["pin"]
        if not is_host and not conference.get("allow_guests"):
            return Answer(refused="Du må ha vertens kode.")
        # A web browser is asked about twice: once as what signals, once as what sends sound and picture.
        for kind in ("api", "standard"):
            participant = self._get(
                "/policy/v1/participant/properties", _joining(asked, conference, kind, is_host, connection)
            )
            who = _result(participant)
            if participant.get("action") == "reject" or participant.get("status") != "success":
                return Answer(refused=str(who.get("reject_reason") or NOT_FOUND))
        is_chair = is_host or who.get("preauthenticated_role") == "chair"
        return Answer(
            role="host" if is_chair else "guest",
            name=str(who.get("remote_display_name") or typed),
            conference=str(conference["name"]),
            tag=str(who.get("call_tag") or ""),
            waits_for_host=not is_chair and conference.get("locked") is True and who.get("bypass_lock") is not True,
            settings=conference,
        )

    def tell(self, event: str, leg: dict[str, Any]) -> None:
        """What happened to one connection. A real node keeps it and sends it again; here it is told once."""
        if not self.url:
            return
        told = {"node": _CALL["node_ip"], "seq": 1, "version": 2, "time": time.time(), "event": event, "data": leg}
        with suppress(OSError, http.client.HTTPException):
            connection = self._connection()
            headers = self._who() | {"Content-Type": "application/json"}
            connection.request("POST", "/events/v1/video", body=json.dumps(told), headers=headers)
            connection.getresponse().read()
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        address = urlsplit(self.url)
        return http.client.HTTPConnection(address.hostname or "", address.port, timeout=TIMEOUT)

    def _who(self) -> dict[str, str]:
        token = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        return {"Authorization": f"Basic {token}"}

    def _get(self, path: str, query: dict[str, str]) -> dict[str, Any]:
        """The answer, or nothing where a node would fall back to its own database."""
        connection = self._connection()
        try:
            connection.request("GET", f"{path}?{urlencode(query)}", headers=self._who())
            answer = connection.getresponse()
            content = answer.read()
            if answer.status != 200 or answer.getheader("Content-Type") != "application/json":
                return {}
            told = json.loads(content)
        except (OSError, http.client.HTTPException, ValueError):
            return {}
        finally:
            connection.close()
        return told if isinstance(told, dict) else {}


def _joining(
    asked: dict[str, str], conference: dict[str, Any], kind: str, is_host: bool, connection: str
) -> dict[str, str]:
    call = connection if kind == "standard" else str(uuid4())
    return {
        **asked,
        "preauthenticated_role": "chair" if is_host else "guest",
        "bypass_lock": "False",
        "receive_from_audio_mix": "main",
        "display_count": "",
        "participant_type": kind,
        "participant_uuid": call,
        "call_uuid": call,
        "breakout_uuid": "",
        "unique_service_name": str(conference["name"]),
        "service_name": str(conference["name"]),
        "service_tag": str(conference.get("service_tag", "")),
    }


def _result(answer: dict[str, Any]) -> dict[str, Any]:
    found = answer.get("result")
    return found if isinstance(found, dict) else {}
