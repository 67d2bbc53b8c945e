"""The database of an installation: SQLite in its folder, or what ``BROADSHEET_DATABASE_URL`` names."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

FILE = "broadsheet.sqlite3"
CONNECT_SECONDS = 3  # a page must be able to say within 5 that the database is away
BUSY_SECONDS = 20  # a writer waits so long for another; the embedded server holds the lock for milliseconds


class DatabaseAddress(ValueError):
    """The address cannot be used; the message says what to write."""


def database(url: str, *, folder: Path, password: str = "") -> dict[str, object]:
    """Django's settings for *url*; an empty one means SQLite in *folder*. *password* counts where the address has none.
    Raises DatabaseAddress."""
    if not url:
        return sqlite(folder / FILE)
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return sqlite(Path(unquote(parts.path)))
    if parts.scheme not in {"postgresql", "postgres"}:
        raise DatabaseAddress(
            "BROADSHEET_DATABASE_URL must begin with postgresql:// (or be left out for SQLite), "
            "such as postgresql://user:password@host:5432/name."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or "") or password,
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": {"connect_timeout": str(CONNECT_SECONDS), **dict(parse_qsl(parts.query))},
        "CONN_HEALTH_CHECKS": True,
    }


def sqlite(file: Path) -> dict[str, object]:
    """Write-ahead log, so that readers never wait; IMMEDIATE, so that writers queue instead of failing half-way."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "OPTIONS": {
            "timeout": BUSY_SECONDS,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
        # Every thread of a test sees the same file; in memory it would see its own.
        "TEST": {"NAME": str(file.with_suffix(".test.sqlite3"))},
    }
