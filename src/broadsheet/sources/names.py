"""When two names of tables may be the same to a database."""

from __future__ import annotations

import unicodedata


def folded(name: str) -> str:
    """*name* so that any two that a database may take for one are equal: whatever their case, width, accents and trailing
    blanks. MariaDB on Windows reads “tİckets” as “tickets”, and SQL Server goes by the database's collation. A rule that
    holds for one table too many hides; one that holds for one too few shows."""
    plain = unicodedata.normalize("NFKD", name).casefold().strip()
    return "".join(sign for sign in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(sign))
