"""`make check` and `make fix`: everything that can be said about the code without running it.

Checking never writes in the repository. Every step is taken, also after one has failed, and its output is shown only
if it failed.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from navmeet.dev.servers import postgres
from navmeet.dev.servers.errors import CannotStart, in_one_line
from navmeet.dev.servers.running import ROOT

BIN = Path(sys.executable).parent
MANAGE = (sys.executable, "manage.py")

# What production gives its processes. Nothing here is secret or leads anywhere: the settings are read, nothing more.
AS_IN_PRODUCTION = {
    "NAVMEET_MODE": "production",
    "SECRET_KEY": "only-to-read-the-settings-" + "0123456789abcdefghij" * 3,
    "PROTECT_KEYS": "k1:" + "A" * 43 + "=",
    "PROTECT_INDEX_KEY": "B" * 43 + "=",
    "DATABASE_URL": "postgresql://navmeet_app@database.invalid/navmeet",
    "REDIS_URL": "redis://redis.invalid:6379/0",
    "KAFKA_BROKERS": "kafka.invalid:9092",
    "PUBLIC_BASE_URL": "https://navmeet.nav.no",
    "ALLOWED_HOSTS": "navmeet.nav.no",
    "IDPORTEN_WELL_KNOWN_URL": "https://idporten.invalid/.well-known/openid-configuration",
    "AZURE_APP_WELL_KNOWN_URL": "https://entra.invalid/.well-known/openid-configuration",
    "KRR_URL": "https://krr.invalid",
    "PDL_URL": "https://pdl.invalid/graphql",
    "PDL_PROCESSING_NUMBER": "B000",
    "NORG2_URL": "https://norg2.invalid",
    "ACCESS_URL": "https://access.invalid/api/v1",
    "NAIS_TOKEN_ENDPOINT": "http://token-sidecar.invalid/api/v1/token",
    "NAIS_CLUSTER_NAME": "prod-gcp",
    "VIDEO_BASE_URL": "https://video.invalid",
    "AUDIT_SYSLOG": "audit.invalid:6514",
    "IDPORTEN_CLIENT_SECRET": "only-to-read-the-settings",
    "AZURE_APP_CLIENT_SECRET": "only-to-read-the-settings",
}

CHECKS: dict[str, tuple[str, ...]] = {
    "formatting": (str(BIN / "ruff"), "format", "--check", "."),
    "lint": (str(BIN / "ruff"), "check", "."),
    "types": (str(BIN / "mypy"), "."),
    "import directions": (str(BIN / "lint-imports"),),
    "migrations lack nothing": (*MANAGE, "makemigrations", "--check", "--dry-run"),
    "migrations can run beside old code": (sys.executable, "-m", "navmeet.dev.lint_migrations"),
    "generated docs are fresh": (*MANAGE, "generated_docs", "--check"),
    "production settings, staff": (*MANAGE, "check", "--deploy", "--fail-level", "WARNING"),
    "production settings, citizens": (*MANAGE, "check", "--deploy", "--fail-level", "WARNING"),
}
FIXES: dict[str, tuple[str, ...]] = {
    "lint": (str(BIN / "ruff"), "check", "--fix", "."),
    "formatting": (str(BIN / "ruff"), "format", "."),
    "generated docs": (*MANAGE, "generated_docs"),
}


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--fix", action="store_true", help="mend what a machine can mend")
    steps = FIXES if arguments.parse_args().fix else CHECKS
    try:
        environments = _environments()
    except CannotStart as error:
        print(f"navmeet: {in_one_line(error)}", file=sys.stderr)
        return 1
    failed = [name for name, command in steps.items() if not _take(name, command, environments)]
    print(f"\n{len(steps) - len(failed)} of {len(steps)} are fine." + (f" Not: {', '.join(failed)}." if failed else ""))
    return 1 if failed else 0


def _take(name: str, command: tuple[str, ...], environments: dict[str, dict[str, str]]) -> bool:
    began = time.monotonic()
    done = subprocess.run(
        command, cwd=ROOT, env=environments.get(name, environments[""]), capture_output=True, text=True, check=False
    )
    fine = done.returncode == 0
    print(f"{'ok    ' if fine else 'FAILED'} {name} ({time.monotonic() - began:.1f} s)", flush=True)
    if not fine:
        print("\n".join(f"       {line}" for line in (done.stdout + done.stderr).splitlines()), flush=True)
    return fine


def _environments() -> dict[str, dict[str, str]]:
    """By the name of the step; the rest use the one without a name."""
    database = os.environ.get("DATABASE_URL")
    if not database:
        server = postgres.start(ROOT / ".build" / "test-postgres", careless=True)
        server.create()
        database = server.url(postgres.OWNER)
    usual = {**os.environ, "NAVMEET_MODE": "test", "DATABASE_URL": database, "PYTHONPATH": str(ROOT)}
    production = {**os.environ, **AS_IN_PRODUCTION, "PYTHONPATH": str(ROOT)}
    return {
        "": usual,
        "production settings, staff": {**production, "SURFACES": "staff,internal"},
        "production settings, citizens": {**production, "SURFACES": "citizen,internal"},
    }


if __name__ == "__main__":
    sys.exit(main())
