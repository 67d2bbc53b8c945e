"""What django-celery-beat needs of Django, and no more."""

import os
from urllib.parse import urlsplit

_parts = urlsplit(os.environ["PEER_DATABASE_URL"])
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql", "NAME": _parts.path.lstrip("/"), "USER": _parts.username,
        "HOST": _parts.hostname, "PORT": str(_parts.port),
    }
}  # fmt: skip
INSTALLED_APPS = ["django_celery_beat"]
SECRET_KEY = "of a benchmark"
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
