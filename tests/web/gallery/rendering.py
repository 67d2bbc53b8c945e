"""Renders a template with plain dictionaries, as a page of the desk, without the rest of the server."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import django
from django.conf import settings
from django.template.loader import get_template
from django.test import override_settings
from django.utils import timezone

ROOT = Path(__file__).resolve().parents[3]
WEB = ROOT / "src/broadsheet/web"
STATIC = WEB / "static"
NEW_YORK = "America/New_York"
OPTIONS: dict[str, Any] = {
    "ROOT_URLCONF": "tests.web.gallery.urls",
    "STATIC_URL": "/static/",
    "STORAGES": {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}},
    "DJANGO_VITE": {
        "default": {"manifest_path": STATIC / "broadsheet/manifest.json", "static_url_prefix": "broadsheet"}
    },
    "TEMPLATES": [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [WEB / "templates", Path(__file__).parent / "templates"],
            "OPTIONS": {
                "libraries": {
                    "broadsheet": "broadsheet.web.templatetags.broadsheet",
                    "django_vite": "django_vite.templatetags.django_vite",
                },
                "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
                "string_if_invalid": "",
            },
        }
    ],
}


def at(text: str) -> datetime:
    """“2026-11-23 09:12” on New York's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(NEW_YORK))


SHELL = {
    "now": at("2026-11-23 09:12"),
    "home": NEW_YORK,
    "clocks": [
        {"zone": NEW_YORK, "label": "New York", "time": "09:12"},
        {"zone": "Europe/London", "label": "London", "time": "14:12"},
        {"zone": "Australia/Sydney", "label": "Sydney", "time": "Tue 01:12"},
    ],
    "account": {"name": "Mara Lindqvist", "role": "Owner"},
    "organization": "Northlight Leads",
    "needs": 4,
    "mail": True,
    "sign_out": "/sign-out/",
    "inbox": "/inbox/",
    "places": "/places.json",
}


def render(template: str, context: dict[str, Any]) -> str:
    """The page. Raises what the template raises; a name that is not in *context* shows as nothing."""
    if not settings.configured:
        settings.configure(
            SECRET_KEY="gallery", USE_TZ=True, INSTALLED_APPS=["django.contrib.staticfiles", "django_vite"], **OPTIONS
        )
        django.setup()
    with override_settings(**OPTIONS), timezone.override(NEW_YORK):
        return get_template(template).render({"shell": SHELL, "csrf_token": "t", "LANGUAGE_CODE": "en", **context})
