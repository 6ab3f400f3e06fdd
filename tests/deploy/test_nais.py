"""The manifests of deploy/nais: fields that the platform knows, and everything that the settings demand."""

import os
import re
import subprocess
import sys
from functools import lru_cache
from typing import Any

import pytest
import yaml

from navmeet import nais
from navmeet.dev.servers.running import ROOT
from tests.deploy import compose

FOLDER = ROOT / "deploy" / "nais"
WEB = ("staff", "citizen", "policy")
APPLICATIONS = (*WEB, "worker", "beat", "consumer")
# Of the platform's published schema what we use: kind → field → fields below it, or None for a value or a free form.
PROBE = dict.fromkeys(("path", "initialDelay", "periodSeconds", "failureThreshold", "timeout"))
SHARED: dict[str, Any] = {
    "image": None,
    "command": None,
    "resources": {"requests": {"cpu": None, "memory": None}, "limits": {"cpu": None, "memory": None}},
    "valkey": {"instance": None, "access": None},
    "env": {"name": None, "value": None},
    "envFrom": {"configmap": None, "secret": None},
    "filesFrom": {"secret": None, "mountPath": None},
    "terminationGracePeriodSeconds": None,
}
SCHEMA: dict[str, dict[str, Any]] = {
    "Application": {
        **SHARED,
        "port": None,
        "ingresses": None,
        "liveness": PROBE,
        "readiness": PROBE,
        "prometheus": {"enabled": None, "path": None},
        "replicas": {"min": None, "max": None, "disableAutoScaling": None},
        "strategy": {"type": None},
        "azure": {
            "application": {
                "enabled": None,
                "allowAllUsers": None,
                "replyURLs": None,
                "claims": {"groups": {"id": None}},
            }
        },
        "maskinporten": {"enabled": None, "scopes": {"consumes": {"name": None}}},
        "kafka": {"pool": None},
        "accessPolicy": {
            "inbound": {"rules": {"application": None, "namespace": None}},
            "outbound": {
                "rules": {"application": None, "namespace": None},
                "external": {"host": None, "ports": {"port": None}},
            },
        },
    },
    "Naisjob": {
        **SHARED,
        "backoffLimit": None,
        "activeDeadlineSeconds": None,
        "gcp": {
            "sqlInstances": {
                **dict.fromkeys(("type", "tier", "highAvailability", "pointInTimeRecovery", "autoBackupHour")),
                **dict.fromkeys(("retainedBackups", "diskAutoresize")),
                "flags": {"name": None, "value": None},
                "databases": {"name": None, "envVarPrefix": None, "users": {"name": None}},
            }
        },
    },
}
# What the platform puts into a workload by itself, by what the manifest asks for.
GIVEN_BY = {
    "azure": {"AZURE_APP_WELL_KNOWN_URL": "https://entra.invalid/x", "AZURE_APP_CLIENT_SECRET": "made-up"},
    "kafka": {
        "KAFKA_BROKERS": "kafka.invalid:26484",
        **{f"KAFKA_{name}_PATH": f"/var/run/secrets/{name}" for name in ("CERTIFICATE", "PRIVATE_KEY", "CA")},
    },
    "valkey": {"VALKEY_URI_BROKER": "valkeys://valkey.invalid:26483", "VALKEY_HOST_BROKER": "valkey.invalid"}
    | {"VALKEY_PORT_BROKER": "26483", "VALKEY_USERNAME_BROKER": "app", "VALKEY_PASSWORD_BROKER": "a/b"},
}
CERTIFICATES = "sslmode=verify-ca&sslrootcert=%2Fcerts%2Froot.pem&sslcert=%2Fcerts%2Fcert.pem&sslkey=%2Fcerts%2Fkey.pem"
SECRETS = {
    "navmeet-policy": {"POLICY_PASSWORD": "made-up"},
    "navmeet": {
        "SECRET_KEY": "only-to-read-the-settings-" + "0123456789abcdefghij" * 3,
        "PROTECT_KEYS": "k1:" + "A" * 43 + "=",
        "PROTECT_INDEX_KEY": "B" * 43 + "=",
    },
    "navmeet-idporten": {"IDPORTEN_CLIENT_ID": "made-up", "IDPORTEN_CLIENT_SECRET": "made-up"},
}


def _filled(text: str) -> str:
    values = yaml.safe_load((FOLDER / "prod-gcp.yaml").read_text(encoding="utf-8")) | {"image": "navmeet:1"}
    text = re.sub(r"\{\{\{(\w+)\}\}\}", lambda one: str(values[one[1]]), text)
    return re.sub(r"\{\{(\w+)\}\}", lambda one: str(values[one[1]]), text)


@lru_cache
def manifest(name: str) -> dict[str, Any]:
    """The manifest with the cluster's values in it; KeyError for a value that the cluster's file lacks."""
    found: dict[str, Any] = yaml.safe_load(_filled((FOLDER / f"{name}.yaml").read_text(encoding="utf-8")))
    return found


def _unknown(value: Any, known: Any, path: str) -> list[str]:
    if isinstance(value, list):
        return [each for one in value for each in _unknown(one, known, path)]
    if not isinstance(value, dict) or known is None:
        return []
    found = [f"{path}.{name}" for name in value if name not in known]
    return found + [
        each for name in value if name in known for each in _unknown(value[name], known[name], f"{path}.{name}")
    ]


def environment(name: str) -> dict[str, str]:
    """What the platform would give the workload."""
    one = manifest(name)
    spec = one["spec"]
    given = {"NAIS_CLUSTER_NAME": "prod-gcp", "NAIS_NAMESPACE": "navmeet", "NAIS_APP_NAME": one["metadata"]["name"]}
    given["NAIS_TOKEN_ENDPOINT"] = "http://127.0.0.1:7164/api/v1/token"
    for field, values in GIVEN_BY.items():
        given |= values if field in spec else {}
    for source in spec.get("envFrom", []):
        if "configmap" in source:
            given |= manifest("config")["data"]
        elif source["secret"] in SECRETS:
            given |= SECRETS[source["secret"]]
        else:
            given["DB_NAVMEET_APP_URL"] = f"postgres://navmeet_app:pw@10.0.0.1:5432/navmeet?{CERTIFICATES}"
    if "gcp" in spec:
        given["DB_URL"] = f"postgres://navmeet-database:pw@10.0.0.1:5432/navmeet?{CERTIFICATES}"
        given["DB_NAVMEET_APP_URL"] = f"postgres://navmeet_app:pw@10.0.0.1:5432/navmeet?{CERTIFICATES}"
    return given | {one["name"]: one["value"] for one in spec.get("env", [])}


def _settings(name: str, given: dict[str, str], *expressions: str) -> list[str]:
    """What the settings of a process of this workload say."""
    lines = "; ".join(f"print({expression})" for expression in expressions)
    done = subprocess.run(
        [sys.executable, "-c", f"from navmeet import settings as s; {lines}"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **given},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{name}: {done.stderr}"
    return done.stdout.splitlines()


@pytest.mark.parametrize("name", [*APPLICATIONS, "database"])
def test_a_manifest_has_only_fields_that_the_platform_knows(name: str) -> None:
    one = manifest(name)
    assert _unknown(one["spec"], SCHEMA[one["kind"]], name) == []
    assert one["metadata"]["labels"] == {"team": "navmeet"}
    assert _unknown({"replica": 1}, SCHEMA["Application"], name) == [f"{name}.replica"], "the control"


@pytest.mark.parametrize("name", APPLICATIONS)
def test_it_starts_what_compose_starts(name: str) -> None:
    service = f"web-{name}" if name in WEB else name
    assert manifest(name)["spec"]["command"] == [str(word) for word in compose.services()[service]["command"]]


@pytest.mark.parametrize("name", WEB)
def test_each_surface_is_its_own_is_probed_and_take_no_login_sidecar(name: str) -> None:
    spec = manifest(name)["spec"]
    assert spec["replicas"]["min"] >= 2
    assert spec["liveness"]["path"] == "/internal/isAlive"
    assert spec["readiness"]["path"] == "/internal/isReady"
    assert spec["prometheus"] == {"enabled": True, "path": "/internal/metrics"}
    assert spec["accessPolicy"]["inbound"] == {"rules": []}
    assert "sidecar" not in str(spec)
    assert environment(name)["SURFACES"] == f"{name},internal"
    assert spec["ingresses"] == [f"https://{environment(name)['ALLOWED_HOSTS']}"]


def test_staff_log_in_at_entra_with_our_groups_only() -> None:
    application = manifest("staff")["spec"]["azure"]["application"]
    config = manifest("config")["data"]
    assert application["allowAllUsers"] is False
    assert {group["id"] for group in application["claims"]["groups"]} >= {
        config["GROUP_CASEWORKER"],
        config["GROUP_ADVISER"],
        config["GROUP_STRICTLY_CONFIDENTIAL"],
    }
    assert application["replyURLs"] == ["https://navmeet.intern.nav.no/login/callback/"]


@pytest.mark.parametrize("name", [*APPLICATIONS, "database"])
def test_the_settings_find_all_they_need_in_what_the_platform_gives(name: str) -> None:
    given = environment(name)
    user, redis_url = _settings(name, given, "s.DATABASES['default']['USER']", "s.REDIS_URL")
    assert user == ("nobody" if name == "beat" else "navmeet_app")
    assert redis_url == "rediss://app:a%2Fb@valkey.invalid:26483/0?ssl_cert_reqs=CERT_REQUIRED"


def test_the_way_to_the_database_is_sealed_as_the_platform_says() -> None:
    options, aliases = _settings(
        "database", environment("database"), "s.DATABASES['owner']['OPTIONS']", "list(s.DATABASES)"
    )
    for part in ("'sslmode': 'verify-ca'", "'sslrootcert': '/certs/root.pem'", "'sslkey': '/certs/key.pem'"):
        assert part in options
    assert aliases == "['default', 'owner']"


def test_only_the_job_is_given_the_owner_of_the_tables() -> None:
    for name in APPLICATIONS:
        assert "gcp" not in manifest(name)["spec"], name
        assert "DB_URL" not in environment(name), name


def test_the_consumer_knows_the_notifications_that_the_worker_sends() -> None:
    assert environment("consumer")["NAIS_APP_NAME"] == environment("worker")["NAIS_APP_NAME"]


def test_whoever_calls_a_register_may_leave_for_it() -> None:
    config = manifest("config")["data"]
    for name in ("staff", "citizen", "worker"):
        outbound = manifest(name)["spec"]["accessPolicy"]["outbound"]
        hosts = {rule["host"] for rule in outbound["external"]}
        hosts |= {f"{rule['application']}.{rule['namespace']}" for rule in outbound["rules"]}
        for register in ("KRR_URL", "PDL_URL", "NORG2_URL", "ACCESS_URL"):
            assert config[register].split("/")[2] in hosts, (name, register)


def test_our_own_names_go_before_the_platforms() -> None:
    platform = {
        "VALKEY_HOST_BROKER": "h",
        "VALKEY_PORT_BROKER": "1",
        "DB_NAVMEET_APP_URL": "postgres://a",
        "DB_URL": "",
    }
    assert nais.values(platform) == {
        "DATABASE_URL": "postgres://a",
        "REDIS_URL": "rediss://:@h:1/0?ssl_cert_reqs=CERT_REQUIRED",
    }
    given = environment("worker") | {"REDIS_URL": "redis://mine.invalid"}
    assert _settings("worker", given, "s.REDIS_URL") == ["redis://mine.invalid"]
    assert nais.values({}) == {}
