"""The one clock that all processes share: the database's. A machine's own may be wrong, and two differ always."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import connection


def database_now() -> datetime:
    """The database's clock, at this moment and not at the transaction's beginning."""
    asked = (
        "select clock_timestamp()"
        if connection.vendor == "postgresql"
        else "select strftime('%Y-%m-%d %H:%M:%f', 'now')"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        [found] = cursor.fetchone()
    return found if isinstance(found, datetime) else datetime.fromisoformat(found).replace(tzinfo=UTC)
