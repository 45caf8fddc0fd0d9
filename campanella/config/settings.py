"""
Django's settings, one file, every value from the environment with a default that suits the demo.

``docs/operate/settings.md`` explains each variable; a test fails when one is missing there.
"""

import os
import sys
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from campanella.config.database import application_role, connection_of

ROOT = Path(__file__).resolve().parents[2]
LAST_PORT = 65535
# More processes, or threads of one, than any machine of ours has a use for.
MANY = 256
YES, NO = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def _home(*, code: Path, started: Path) -> Path:
    """A checkout keeps its things beside the code, an installed package in the folder where it is started."""
    home = code if (code / "pyproject.toml").exists() else started
    if home == Path(home.anchor):
        sys.exit("CAMPANELLA_VAR must name the folder of this installation’s files: the top of the disk is none.")
    return home


VAR = Path(os.environ.get("CAMPANELLA_VAR") or _home(code=ROOT, started=Path.cwd()) / "var")


def _flag(name: str, default: bool) -> bool:
    text = (os.environ.get(name) or str(default)).lower()
    if text not in YES | NO:
        sys.exit(f"{name} is “{text}”; it must be true or false.")
    return text in YES


def _secret(name: str) -> str:
    """A secret stands in the variable itself, or in the file that ``…_FILE`` names, as container managers hand it over."""
    path = os.environ.get(f"{name}_FILE")
    if not path:
        return os.environ.get(name) or ""
    try:
        return Path(path).read_text().strip()
    except (OSError, UnicodeDecodeError) as failure:
        sys.exit(f"{name}_FILE names {path}, which cannot be read: {getattr(failure, 'strerror', None) or 'it is no text'}.")


def _number(name: str, default: int, *, least: int, most: int) -> int:
    text = os.environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        sys.exit(f"{name} is “{text}”; it must be a whole number from {least} to {most}.")
    return int(text)


def _address(name: str, default: str) -> str:
    text = os.environ.get(name) or default
    try:
        return str(ip_address(text))
    except ValueError:
        sys.exit(f"{name} is “{text}”; it must be an address in numbers, such as 127.0.0.1 or ::1.")


def _log_level(name: str, default: str) -> str:
    text = os.environ.get(name) or default
    if text.upper() not in LOG_LEVELS:
        sys.exit(f"{name} is “{text}”; it must be one of {', '.join(LOG_LEVELS)}.")
    return text.upper()


def _list(name: str, default: str) -> list[str]:
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


# --- What an installation must say in production --------------------------------------------------------------------
DEMO = _flag("CAMPANELLA_DEMO", False)
OPEN_KEY = "only-for-demo-and-tests-" + "x" * 40
SECRET_KEY = _secret("CAMPANELLA_SECRET_KEY") or OPEN_KEY
DEBUG = _flag("CAMPANELLA_DEBUG", False)
BASE_URL = os.environ.get("CAMPANELLA_BASE_URL") or "http://localhost:8000"
# A town answers only at its own hosts (the register of towns decides); this list adds the installation's own names.
ALLOWED_HOSTS = ["*"]
INSTALLATION_HOSTS = _list("CAMPANELLA_HOSTS", "localhost,127.0.0.1")
# Whoever reads the counters at /metrics says it; without one nobody does.
METRICS_TOKEN = _secret("CAMPANELLA_METRICS_TOKEN")
SECURE = urlsplit(BASE_URL).scheme == "https"  # in lower case, however it is written

# --- Web server ------------------------------------------------------------------------------------------------------
WEB_HOST = _address("CAMPANELLA_BIND", "127.0.0.1")
WEB_PORT = _number("PORT", 8000, least=1, most=LAST_PORT)
WEB_WORKERS = _number("CAMPANELLA_WORKERS", 2, least=1, most=MANY)
WEB_THREADS = _number("CAMPANELLA_THREADS", 4, least=1, most=MANY)
# Threads of a process that may wait for an outside party at a time: the others go on answering.
CALLS_OUT = max(1, WEB_THREADS // 2)

# --- Database -------------------------------------------------------------------------------------------------------
try:
    DATABASES = {"default": connection_of({**os.environ, "CAMPANELLA_THREADS": str(WEB_THREADS)}, VAR)}
    APPLICATION_ROLE = application_role(os.environ)
except ValueError as wrong:
    sys.exit(str(wrong))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Applications, from the lowest layer up -------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "procrastinate.contrib.django",
    "campanella.foundation.core",
    "campanella.foundation.tenants",
    "campanella.foundation.design",
    "campanella.foundation.documents",
    "campanella.domains.accounts",
    "campanella.domains.people",
    "campanella.domains.schools",
    "campanella.domains.messaging",
    "campanella.domains.ledger",
    "campanella.domains.services",
    "campanella.domains.enrolment",
    "campanella.domains.attendance",
    "campanella.domains.places",
    "campanella.domains.transport",
    "campanella.domains.applying",
    "campanella.domains.ranking",
    "campanella.domains.cash",
    "campanella.domains.certifying",
    "campanella.domains.cooking",
    "campanella.domains.adjusting",
    "campanella.domains.debiting",
    "campanella.domains.payments",
    "campanella.domains.billing",
    "campanella.domains.arrears",
    "campanella.domains.support",
    "campanella.usecases",
    "campanella.interfaces.entry",
    "campanella.interfaces.portal",
    "campanella.interfaces.rollcall",
    "campanella.interfaces.kitchen",
    "campanella.interfaces.counter",
    "campanella.interfaces.office",
    "campanella.config",
]

MIDDLEWARE = [
    "campanella.config.middleware.RequestNumber",
    "campanella.config.middleware.OnceMore",
    "campanella.config.middleware.HttpsAtOurNames",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "campanella.foundation.design.middleware.SecurityHeaders",
    "campanella.config.middleware.TownByHost",
    "campanella.config.middleware.OnlyTheirs",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    # Within the one that says how long a page is.
    "campanella.foundation.design.middleware.WholeWords",
    "django.middleware.csrf.CsrfViewMiddleware",
    "campanella.config.middleware.TokenOnce",
    "django.contrib.messages.middleware.MessageMiddleware",
]

ROOT_URLCONF = "campanella.config.urls"
WSGI_APPLICATION = "campanella.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "campanella.config.chrome.chrome",
            ],
            "builtins": [f"campanella.foundation.design.templatetags.{name}" for name in ("cp", "parts")],
        },
    }
]
FORM_RENDERER = "campanella.foundation.design.forms.ItaliaRenderer"

# --- People, sessions, passwords ------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = ["campanella.domains.accounts.hashing.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "display_name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "campanella.domains.accounts.weak.NotTooSimple"},
]
PASSWORD_RESET_TIMEOUT = 3600
SESSION_ENGINE = "campanella.domains.accounts.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "campanella.config.faults.page_was_open_too_long"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
LOGIN_URL = "accounts:sign-in"

# --- Transport security ---------------------------------------------------------------------------------------------
BEHIND_PROXY = _flag("CAMPANELLA_BEHIND_PROXY", False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$", r"^pagopa/"]
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# --- Language and time ----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "it"
LANGUAGES = [("it", "Italiano")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Rome"

# --- Files ----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR / "files"},
    },
    "staticfiles": {"BACKEND": "campanella.config.static.HashedFiles"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# --- Mail -----------------------------------------------------------------------------------------------------------
EMAIL_HOST = os.environ.get("CAMPANELLA_SMTP_HOST") or "127.0.0.1"
EMAIL_PORT = _number("CAMPANELLA_SMTP_PORT", 8011, least=1, most=LAST_PORT)
EMAIL_HOST_USER = os.environ.get("CAMPANELLA_SMTP_USER") or ""
EMAIL_HOST_PASSWORD = _secret("CAMPANELLA_SMTP_PASSWORD")
EMAIL_USE_TLS = _flag("CAMPANELLA_SMTP_TLS", False)
EMAIL_TIMEOUT = 10
MAIL_FROM = os.environ.get("CAMPANELLA_MAIL_FROM") or "non-rispondere@campanella.example"

# --- pagoPA: one broker and one station for every town --------------------------------------------------------------
PAGOPA_BROKER = os.environ.get("PAGOPA_BROKER") or "99999000013"
PAGOPA_STATION = os.environ.get("PAGOPA_STATION") or "99999000013_01"
PAGOPA_CHECKOUT_URL = os.environ.get("PAGOPA_CHECKOUT_URL") or "http://localhost:8010/checkout/ec/v1"
PAGOPA_CHECKOUT_KEY = _secret("PAGOPA_CHECKOUT_KEY") or "demo"
# Where an ISEE is looked up, for the towns that choose so.
INPS_ISEE_URL = os.environ.get("INPS_ISEE_URL") or "http://localhost:8010/inps/SvcConsultazione"
INPS_ISEE_KEY = _secret("INPS_ISEE_KEY") or ""
# Where the browser is sent to pay: the Content-Security-Policy lets a form lead there.
CSP_FORM_ACTION = _list("CAMPANELLA_FORM_ACTION", "http://localhost:8010 http://127.0.0.1:8010".replace(" ", ","))

# --- Jobs -----------------------------------------------------------------------------------------------------------
PROCRASTINATE_WORKER_DEFAULTS = {
    "update_heartbeat_interval": 2.0,
    "stalled_worker_timeout": 6.0,
    "shutdown_graceful_timeout": 20,
}

# --- Logs -----------------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "campanella.foundation.core.logs.JsonFormatter"}},
    "filters": {"without_arguments": {"()": "campanella.foundation.core.logs.WithoutArguments"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["without_arguments"]}},
    "root": {"handlers": ["stderr"], "level": _log_level("CAMPANELLA_LOG_LEVEL", "WARNING")},
    # Django writes the path of a page, for which the formatter puts the route; 4xx are not news.
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
