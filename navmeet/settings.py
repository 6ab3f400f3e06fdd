"""Settings, all from the environment. Production is the default; `demo` and `test` are asked for by name.

Values measured or decided elsewhere carry a word on why; the figures are in docs/operations.md.
"""

import json
import os
from datetime import time, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF
from psycopg.conninfo import conninfo_to_dict

from navmeet import nais
from navmeet.celery_settings import *  # noqa: F403

ROOT = Path(__file__).resolve().parent.parent
MODE = os.environ.get("NAVMEET_MODE", "production")
IS_PRODUCTION = MODE == "production"
IS_TEST = MODE == "test"

# Not secrets: what the tests seal and sign with.
_TEST_VALUES = {
    "SECRET_KEY": "for-tests-only-" + "0123456789abcdef" * 4,
    "PROTECT_KEYS": "test:" + "A" * 43 + "=",
    "PROTECT_INDEX_KEY": "B" * 43 + "=",
    "DATABASE_URL": "postgresql://navmeet_owner@/navmeet?host=/tmp",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "PUBLIC_BASE_URL": "https://navmeet.nav.no",
}


_PLATFORM_VALUES = nais.values(os.environ)


def env(name: str, default: str | None = None) -> str:
    """The variable, else the platform's own, else the default; a variable without a default must be set."""
    value = os.environ.get(name) or (_TEST_VALUES.get(name) if IS_TEST else _PLATFORM_VALUES.get(name)) or default
    if value is None:
        raise RuntimeError(f"{name} is not set: navmeet cannot start without it (see docs/operations.md).")
    return value


SECRET_KEY = env("SECRET_KEY")
SECRET_KEY_FALLBACKS = [key for key in env("SECRET_KEY_FALLBACKS", "").split(",") if key]
DEBUG = False

# A process serves staff or citizens, never both: two cookies, two addresses, two deployments. Workers serve nobody.
SURFACES = env("SURFACES", "staff,internal").split(",")
SERVES_PEOPLE = not {"staff", "citizen", "policy"}.isdisjoint(SURFACES)
ALLOWED_HOSTS = env(
    "ALLOWED_HOSTS", None if IS_PRODUCTION and SERVES_PEOPLE else "localhost,127.0.0.1,testserver"
).split(",")
SURFACE = next((surface for surface in ("citizen", "policy") if surface in SURFACES), "staff")
ROOT_URLCONF = f"navmeet.urls.{SURFACE}"
WSGI_APPLICATION = "navmeet.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "django_otp",
    "rest_framework",
    "drf_spectacular",
    "csp",
    "navmeet.protect",
    "navmeet.accounts",
    "navmeet.people",
    "navmeet.audit",
    "navmeet.outbox",
    "navmeet.api",
    "navmeet.look",
    "navmeet.pages",
    "meetings",
    "invitations",
    "minutes",
]
if not IS_PRODUCTION:
    INSTALLED_APPS += ["navmeet.dev"]

MIDDLEWARE = [
    "navmeet.middleware.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "navmeet.middleware.SecurityHeaders",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "navmeet.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "navmeet.accounts.middleware.Acting",
    "navmeet.middleware.Errors",
]

# The video platform's nodes have neither cookies nor pages.
POLICY_MIDDLEWARE = [
    "navmeet.middleware.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "navmeet.middleware.SecurityHeaders",
]
if SURFACE == "policy":
    MIDDLEWARE = POLICY_MIDDLEWARE

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "navmeet" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["navmeet.look.templatetags.aksel"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "navmeet.pages.context.surface",
            ],
        },
    },
]
FORM_RENDERER = "navmeet.look.renderer.AkselRenderer"


def database(url: str) -> dict[str, object]:
    """Django's dictionary for a PostgreSQL address; a pool, for a new connection a request costs a factor of six."""
    parts = conninfo_to_dict(url)
    options: dict[str, object] = {"connect_timeout": 5, "tcp_user_timeout": 5000}
    # tcp_user_timeout is for what was sent and not acknowledged. Who only waits for an answer sends nothing: they ask.
    options |= {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3}
    # How the connection is sealed, and by which certificates.
    options |= {name: value for name, value in parts.items() if name.startswith("ssl")}
    if not IS_TEST:
        options["pool"] = {"min_size": 1, "max_size": int(env("DATABASE_POOL", "8")), "timeout": 5}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname", "navmeet"),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": parts.get("port", ""),
        "OPTIONS": options,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }


DATABASES = {"default": database(env("DATABASE_URL"))}
if env("DATABASE_OWNER_URL", "") and not IS_TEST:
    # Migrations and grants only: the role that owns the tables is not the one that serves people.
    DATABASES["owner"] = database(env("DATABASE_OWNER_URL"))
if IS_TEST:
    DATABASES["default"]["TEST"] = {"NAME": env("NAVMEET_TEST_NAME", "navmeet_test")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS: list[str] = []

# Sealed columns: the first key seals, all of them open. "id:base64,id:base64", 32 bytes each.
PROTECT_KEYS = env("PROTECT_KEYS")
PROTECT_INDEX_KEY = env("PROTECT_INDEX_KEY")

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = f"__Host-{SURFACE}"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 6 * 3600 if SURFACE == "citizen" else 10 * 3600
CSRF_COOKIE_NAME = f"__Host-{SURFACE}-csrf"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "navmeet.middleware.csrf_failure"
LANGUAGE_COOKIE_NAME = f"__Host-{SURFACE}-language"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

SECURE_SSL_REDIRECT = IS_PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^internal/", r"^policy/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_PRODUCTION else None
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
# Nothing to others. Not "no-referrer": under it browsers send `Origin: null` with our own forms, and CSRF refuses them.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
FORMS_LEAD_TO = [
    "{0.scheme}://{0.netloc}".format(urlsplit(env(name, default)))
    for name, default in (
        ("VIDEO_BASE_URL", "http://127.0.0.1:8031"),
        ("AZURE_APP_WELL_KNOWN_URL", "http://127.0.0.1:8010")
        if SURFACE == "staff"
        else ("IDPORTEN_WELL_KNOWN_URL", "http://127.0.0.1:8011"),
    )
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        # A form's answer may lead on to the video platform or, at log-out, to the issuer: browsers count that too.
        "form-action": [SELF, *FORMS_LEAD_TO],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "base-uri": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024

LANGUAGE_CODE = "nb"
LANGUAGES = [("nb", "Bokmål"), ("nn", "Nynorsk"), ("en", "English")]
LOCALE_PATHS = [ROOT / "navmeet" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Oslo"

STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", str(ROOT / ".build" / "collected")))
STATICFILES_DIRS = [ROOT / "navmeet" / "static", ROOT / ".build" / "static"]
WHITENOISE_USE_FINDERS = not IS_PRODUCTION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if IS_PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["navmeet.accounts.authentication.SessionActor"],
    "DEFAULT_PERMISSION_CLASSES": ["navmeet.accounts.permissions.Nobody"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "navmeet.api.problems.handle",
    "UNAUTHENTICATED_USER": None,
    # `format` is a meeting's; answers are JSON, whatever an address asks.
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "navmeet",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "DESCRIPTION": "Meetings between Nav and the people it meets.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "TaskKind": "meetings.models.Task.Kind",
        "AbsenceKind": "meetings.models.Absence.Kind",
        "AnswerKind": "invitations.models.Answer.Kind",
        "Format": "meetings.models.Format",
        "MeetingStatus": "meetings.models.Status",
        "Caller": "meetings.models.Caller",
        "WhyOverruled": "meetings.models.WhyOverruled",
        "WhyCorrected": "meetings.models.WhyCorrected",
        "RecordedHow": "invitations.release_serializers.HOW",
        "MessageState": "invitations.models.MessageState",
        "ChannelEnum": "invitations.models.Channel",
        "ReminderStep": "invitations.plan_api.STEPS",
        "Role": "meetings.models.Role",
        "PartnerRole": "meetings.serializers.asked.PARTNER_ROLES",
        "Language": "meetings.serializers.asked.LANGUAGES",
        "VisitState": "invitations.models.Visit.State",
        "IdentityHow": "invitations.models.IdentityCheck.How",
    },
}

# The systems around us. Targets are audiences for the token sidecar.
PUBLIC_BASE_URL = env("PUBLIC_BASE_URL").rstrip("/")
NAIS_CLUSTER_NAME = env("NAIS_CLUSTER_NAME", "dev-local")
NAIS_NAMESPACE = env("NAIS_NAMESPACE", "navmeet")
NAIS_APP_NAME = env("NAIS_APP_NAME", "navmeet")
NAIS_TOKEN_ENDPOINT = env("NAIS_TOKEN_ENDPOINT", "http://127.0.0.1:8020/api/v1/token")
KRR_URL = env("KRR_URL", "http://127.0.0.1:8020/krr")
KRR_TARGET = env("KRR_TARGET", "api://prod-gcp.team-rocket.digdir-krr-proxy/.default")
PDL_URL = env("PDL_URL", "http://127.0.0.1:8020/pdl/graphql")
PDL_TARGET = env("PDL_TARGET", "api://prod-fss.pdl.pdl-api/.default")
# Nav's number for this processing of personal data, which PDL demands.
PDL_PROCESSING_NUMBER = env("PDL_PROCESSING_NUMBER", "B000" if not IS_PRODUCTION else None)
NORG2_URL = env("NORG2_URL", "http://127.0.0.1:8020/norg2")
ACCESS_URL = env("ACCESS_URL", "http://127.0.0.1:8020/tilgangsmaskin/api/v1")
ACCESS_TARGET = env("ACCESS_TARGET", "api://prod-gcp.tilgangsmaskin.populasjonstilgangskontroll/.default")
AUDIT_SYSLOG = env("AUDIT_SYSLOG", "127.0.0.1:8032")

IDPORTEN_WELL_KNOWN_URL = env("IDPORTEN_WELL_KNOWN_URL", "http://127.0.0.1:8011/.well-known/openid-configuration")
IDPORTEN_CLIENT_ID = env("IDPORTEN_CLIENT_ID", "navmeet")
IDPORTEN_CLIENT_SECRET = env("IDPORTEN_CLIENT_SECRET", None if IS_PRODUCTION and "citizen" in SURFACES else "")
AZURE_APP_WELL_KNOWN_URL = env("AZURE_APP_WELL_KNOWN_URL", "http://127.0.0.1:8010/.well-known/openid-configuration")
AZURE_APP_CLIENT_ID = env("AZURE_APP_CLIENT_ID", "navmeet")
AZURE_APP_CLIENT_SECRET = env("AZURE_APP_CLIENT_SECRET", None if IS_PRODUCTION and "staff" in SURFACES else "")
# Entra's ids of the groups that decide who may do what; those of production are configuration, as in any cluster.
GROUP_CASEWORKER = env("GROUP_CASEWORKER", "1aae1713-dd2b-4684-9773-cc3f4ee583ee")
GROUP_ADVISER = env("GROUP_ADVISER", "f15bb6a1-8823-456e-a7ea-6e6913439edb")
GROUP_STRICTLY_CONFIDENTIAL = env("GROUP_STRICTLY_CONFIDENTIAL", "2931da41-8b8e-42cd-99c0-04a169ddae40")
# Which office a group stands for (Entra's 0000-GA-ENHET_<number>), as JSON. Outside production: the demo's.
OFFICE_GROUPS: dict[str, str] = json.loads(
    env(
        "OFFICE_GROUPS",
        "{}"
        if IS_PRODUCTION
        else '{"5f0c2a9e-3b1d-4e7a-9c46-1d8e70b20299": "0299", "5f0c2a9e-3b1d-4e7a-9c46-1d8e70b20298": "0298",'
        ' "5f0c2a9e-3b1d-4e7a-9c46-1d8e70b24100": "4100"}',
    )
)

# Nobody may open a meeting for days: after so many hours the population register is asked about its citizen anyway.
REGISTER_LOOK_AFTER = timedelta(hours=float(env("REGISTER_LOOK_HOURS", "6")))

# Calendars. Hours that are suggested where an employee and their office set none (nothing is refused for them); when
# work ends on half days ("12-24=12:00"); minutes kept free around a meeting by format ("IN_PERSON=10").
DEFAULT_HOURS = tuple(time.fromisoformat(clock) for clock in env("DEFAULT_HOURS", "08:00-15:30").split("-"))
HALF_DAYS = {
    (int(day[:2]), int(day[3:])): time.fromisoformat(ends)
    for day, _, ends in (one.partition("=") for one in env("HALF_DAYS", "12-24=12:00,12-31=12:00").split(","))
    if day != "none"
}
BUFFER_MINUTES = {
    held: int(minutes)
    for held, _, minutes in (one.partition("=") for one in env("BUFFER_MINUTES", "IN_PERSON=0").split(","))
}

# What people get on one day besides invitations, changes and cancellations (invitations/messages/cap.py).
MOST_MESSAGES_A_DAY = int(env("MOST_MESSAGES_A_DAY", "4"))

# Nothing of these is ever in what was sent to anybody: the address is built at the click.
VIDEO_PROVIDER = env("VIDEO_PROVIDER", "invitations.video.pexip.Pexip")
VIDEO_BASE_URL = env("VIDEO_BASE_URL", "http://127.0.0.1:8031")
VIDEO_PATH = env("VIDEO_PATH", "webapp3")
VIDEO_SUFFIX = env("VIDEO_SUFFIX", "express")
VIDEO_DOMAIN = env("VIDEO_DOMAIN", "video.nav.no")
# The test call's address as people are told it.
VIDEO_TEST_CALL = env("VIDEO_TEST_CALL", f"{VIDEO_BASE_URL}/{VIDEO_PATH}/m/test@{VIDEO_DOMAIN}/{VIDEO_SUFFIX}")
# Asked before people are sent on to the platform; empty: not asked, and taken to answer.
VIDEO_HEALTH_URL = env("VIDEO_HEALTH_URL", "" if IS_TEST else f"{VIDEO_BASE_URL}/{VIDEO_PATH}/")

# What the platform's nodes say who they are with, when they ask who may come in. Without a password nobody is answered.
POLICY_USER = env("POLICY_USER", "pexip")
POLICY_PASSWORD = env("POLICY_PASSWORD", None if IS_PRODUCTION and SURFACE == "policy" else "")

KAFKA_BROKERS = env("KAFKA_BROKERS", "127.0.0.1:9092")
KAFKA_CERTIFICATE_PATH = env("KAFKA_CERTIFICATE_PATH", "")
KAFKA_PRIVATE_KEY_PATH = env("KAFKA_PRIVATE_KEY_PATH", "")
KAFKA_CA_PATH = env("KAFKA_CA_PATH", "")
TOPIC_NOTIFICATIONS = "min-side.aapen-brukervarsel-v1"
TOPIC_NOTIFICATION_EVENTS = "min-side.aapen-varsel-hendelse-v1"
TOPIC_MEETING_EVENTS = "navmeet.meeting-events-v1"

# How partners are told: by ALTINN (Altinn Notifications) or SMTP. Codes go by Altinn's SMS either way.
PARTNER_CHANNEL = env("PARTNER_CHANNEL", "ALTINN")
if PARTNER_CHANNEL not in ("ALTINN", "SMTP"):
    raise RuntimeError("PARTNER_CHANNEL is ALTINN or SMTP.")
ALTINN_URL = env(
    "ALTINN_URL",
    "https://platform.altinn.no/notifications/api/v1"
    if IS_PRODUCTION
    else "http://127.0.0.1:8033/notifications/api/v1",
).rstrip("/")
ALTINN_EXCHANGE_URL = env(
    "ALTINN_EXCHANGE_URL",
    "{0.scheme}://{0.netloc}/authentication/api/v1/exchange/maskinporten".format(urlsplit(ALTINN_URL)),
)
ALTINN_SCOPE = env("ALTINN_SCOPE", "altinn:serviceowner/notifications.create")
ALTINN_SMS_SENDER = env("ALTINN_SMS_SENDER", "Nav")
# Empty: Altinn's own. Another must be approved by Altinn first.
ALTINN_EMAIL_SENDER = env("ALTINN_EMAIL_SENDER", "")
EMAIL_HOST = env("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = int(env("EMAIL_PORT", "8034" if not IS_PRODUCTION else "587"))
EMAIL_USE_TLS = env("EMAIL_USE_TLS", "yes" if IS_PRODUCTION else "no") == "yes"
EMAIL_HOST_USER = env("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD", "")
EMAIL_FROM = env("EMAIL_FROM", "ikke-svar@nav.no")
EMAIL_FROM_NAME = env("EMAIL_FROM_NAME", "Nav")

# What nobody has said to have arrived by then goes on to the next channel, or to a person.
DITT_NAV_RECEIPT_WITHIN = timedelta(minutes=int(env("DITT_NAV_RECEIPT_MINUTES", "120")))
ALTINN_RECEIPT_WITHIN = timedelta(minutes=int(env("ALTINN_RECEIPT_MINUTES", "240")))

# event → functions that answer it in the same transaction; the whole wiring on one page
REACTIONS = "navmeet.reactions.REACTIONS"

# Tests and the fault runs give the time to whole processes through this file.
CLOCK_FILE = env("NAVMEET_CLOCK", "") if not IS_PRODUCTION else ""

REDIS_URL = env("REDIS_URL")
CELERY_BROKER_URL = REDIS_URL

# structlog's JSON lines for everything, ours and others' (Django calls this when it sets up, in every process).
LOGGING_CONFIG = "navmeet.log.configure"
LOGGING = {"lines": "json"}
