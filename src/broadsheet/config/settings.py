"""Django's settings, all of them from the environment and the installation's folder.

``docs/reference/settings.md`` lists every variable; a test keeps the two in step.
"""

from __future__ import annotations

import os
from pathlib import Path

from broadsheet.config.database import database
from broadsheet.config.machine import render_processes
from broadsheet.home import home
from broadsheet.secret import secret_key
from broadsheet.variables import variable


def _flag(name: str) -> bool:
    return os.environ.get(name, "").lower() in {"1", "yes", "true", "on"}


def _list(name: str) -> list[str]:
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


PACKAGE = Path(__file__).resolve().parent.parent
HOME = home()
SECRET_KEY = secret_key(HOME)
DEBUG = False

BASE_URL = os.environ.get("BROADSHEET_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *_list("BROADSHEET_HOSTS")]
SECURE = BASE_URL.startswith("https://")

DATABASES = {
    "default": database(
        variable("BROADSHEET_DATABASE_URL"), folder=HOME, password=variable("BROADSHEET_DATABASE_PASSWORD")
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "broadsheet.access",
    "broadsheet.compliance",
    "broadsheet.sources",
    "broadsheet.reports",
    "broadsheet.schedules",
    "broadsheet.runs",
    "broadsheet.delivery",
    "broadsheet.collaboration",
    "broadsheet.web",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_vite",
    "csp",
]
AUTH_USER_MODEL = "access.User"
LOGIN_URL = "web:sign-in"
LOGIN_REDIRECT_URL = "web:today"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

MIDDLEWARE = [
    "broadsheet.api.health.Probes",
    "django.middleware.security.SecurityMiddleware",
    "broadsheet.web.static_files.StaticFiles",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "broadsheet.web.middleware.ActorMiddleware",
]
ROOT_URLCONF = "broadsheet.config.urls"
ASGI_APPLICATION = "broadsheet.config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "broadsheet.web.context.shell",
            ],
            "libraries": {"broadsheet": "broadsheet.web.templatetags.broadsheet"},
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [PACKAGE / "web" / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = None  # served from the package, where the build puts them
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
WHITENOISE_USE_FINDERS = True
DJANGO_VITE = {"default": {"manifest_path": PACKAGE / "web" / "static" / "broadsheet" / "manifest.json", "static_url_prefix": "broadsheet"}}  # fmt: skip

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-src": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "manifest-src": ["'self'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = False  # the proxy in front knows; see docs/how-to
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _flag("BROADSHEET_BEHIND_PROXY") else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_NAME = "broadsheet_session"
CSRF_COOKIE_NAME = "broadsheet_csrf"
CSRF_FAILURE_VIEW = "broadsheet.web.pages.shell.faults.forged"
CSRF_TRUSTED_ORIGINS = [BASE_URL] if SECURE else []
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "class": "broadsheet.config.masking.Masking",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": os.environ.get("BROADSHEET_LOG_LEVEL", "WARNING")},
}

# The installation's own parts
ARTIFACT_STORE = "folder"
ARTIFACT_SETTINGS = {"path": str(HOME / "artifacts")}
KEYRING = HOME / "keys.json"
LEASE_SECONDS = float(os.environ.get("BROADSHEET_LEASE_SECONDS", "60"))
CONDITIONS_DAYS = float(os.environ.get("BROADSHEET_CONDITIONS_DAYS", "400"))
RUNS_AT_ONCE = int(os.environ.get("BROADSHEET_RUNS_AT_ONCE", "2"))
METRICS_TOKEN = variable("BROADSHEET_METRICS_TOKEN")
METRICS_ADDRESSES = _list("BROADSHEET_METRICS_ADDRESSES")
BROKER_URL = variable("BROADSHEET_BROKER_URL")
DISPATCHER = "celery" if BROKER_URL else "local"
RENDER_SECONDS = float(os.environ.get("BROADSHEET_RENDER_SECONDS", "60"))
RENDER_MEGABYTES = int(os.environ.get("BROADSHEET_RENDER_MEGABYTES", "1000"))
RENDER_PROCESSES = int(os.environ.get("BROADSHEET_RENDER_PROCESSES", "0")) or render_processes(
    megabytes=RENDER_MEGABYTES
)
# What one run may use, by the names in a schedule's `policies.limits`, which can only narrow it; None: no bound
RUN_LIMITS = {
    "rows": float(os.environ.get("BROADSHEET_RUN_ROWS", "0")) or None,
    "megabytes": float(os.environ.get("BROADSHEET_RUN_MEGABYTES", "0")) or None,
    "seconds": float(os.environ.get("BROADSHEET_RUN_SECONDS", "0")) or None,
    "cpu_seconds": float(os.environ.get("BROADSHEET_RUN_CPU_SECONDS", "0")) or None,
    "memory_megabytes": float(os.environ.get("BROADSHEET_RUN_MEMORY_MEGABYTES", "0")) or None,
}
MAIL_CATCHER = "broadsheet.adapters.catcher.Catcher"
CALENDAR_FETCHER = "broadsheet.adapters.outbound.calendars.fetch_calendar"
CATCHER_PORT = int(os.environ.get("BROADSHEET_CATCHER_PORT", "8025"))
