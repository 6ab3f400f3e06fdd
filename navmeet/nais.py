"""What Nav's platform calls the values that the settings need, where it has names of its own.

Names from nais/doc: Cloud SQL with `envVarPrefix: DB` (an additional user's variables carry that user's name after
the prefix) and Valkey. A value under our own name, where there is one, goes before the platform's.
"""

from collections.abc import Mapping
from urllib.parse import quote

# As in deploy/nais: the application's database user, and the Valkey instance.
APPLICATION_USER = "NAVMEET_APP"
INSTANCE = "BROKER"


def values(given: Mapping[str, str]) -> dict[str, str]:
    """Our names with what the platform gave; only those that it gave."""
    found = {
        "DATABASE_URL": given.get(f"DB_{APPLICATION_USER}_URL"),
        "DATABASE_OWNER_URL": given.get("DB_URL"),
        "REDIS_URL": _redis(given),
    }
    return {name: value for name, value in found.items() if value}


def _redis(given: Mapping[str, str]) -> str | None:
    """The platform's own address has a scheme (`valkeys`) that the client does not know, and names nobody."""
    host, port = given.get(f"VALKEY_HOST_{INSTANCE}"), given.get(f"VALKEY_PORT_{INSTANCE}")
    if not host or not port:
        return None
    user = quote(given.get(f"VALKEY_USERNAME_{INSTANCE}", ""), safe="")
    password = quote(given.get(f"VALKEY_PASSWORD_{INSTANCE}", ""), safe="")
    return f"rediss://{user}:{password}@{host}:{port}/0?ssl_cert_reqs=CERT_REQUIRED"
