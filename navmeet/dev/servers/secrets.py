"""The demo's own secrets: made at its first start, kept in one file that only its owner can read."""

import base64
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from navmeet.dev.servers.errors import CannotStart


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """Named as the settings name them. Never shown."""

    SECRET_KEY: str
    PROTECT_KEYS: str
    PROTECT_INDEX_KEY: str
    IDPORTEN_CLIENT_SECRET: str
    AZURE_APP_CLIENT_SECRET: str
    DITT_NAV_CLIENT_SECRET: str

    def __repr__(self) -> str:
        return "Secrets()"

    @classmethod
    def new(cls) -> Self:
        return cls(
            SECRET_KEY=secrets.token_urlsafe(64),
            PROTECT_KEYS=f"k1:{_key()}",
            PROTECT_INDEX_KEY=_key(),
            IDPORTEN_CLIENT_SECRET=secrets.token_urlsafe(32),
            AZURE_APP_CLIENT_SECRET=secrets.token_urlsafe(32),
            DITT_NAV_CLIENT_SECRET=secrets.token_urlsafe(32),
        )

    @classmethod
    def kept_in(cls, path: Path) -> Self:
        """The ones in the file, or new ones that are then written there; raises CannotStart if it cannot be read.

        Never replaces a file: with other keys, what is in the database could not be opened again.
        """
        if not path.exists():
            fresh = path.with_suffix(".new")
            fresh.unlink(missing_ok=True)
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                json.dump(asdict(cls.new()), file, indent=2)
            fresh.replace(path)
        try:
            return cls(**json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, TypeError) as error:
            raise CannotStart(f"{path} is not what the demo wrote: `make demo RESET=1` begins anew.") from error


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()
