"""The engine “mariadb”: MariaDB from 10.6 and MySQL from 8.0, through PyMySQL.

Give the connection an account that may SELECT what its datasets need and nothing else; the read-only transaction is a
second fence. DATETIME is taken to be in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping

from broadsheet.plugins import Descriptor, Setting
from broadsheet.sources.errors import QueryRefused
from broadsheet.sources.ports import Limits

from . import dialect  # noqa: F401  # makes sqlglot know it
from .connection import MariaConnection
from .reading import MARK
from .session import CHECKED, NONE, PORT, opened, place_of

CUTS = {
    "hour": "CONCAT(_utf8mb4 X'02', DATE_FORMAT({0}, '%Y-%m-%d %H:00:00'))",
    "day": "DATE({0})",
    "week": "DATE_SUB(DATE({0}), INTERVAL WEEKDAY({0}) DAY)",
    "month": "DATE_SUB(DATE({0}), INTERVAL DAYOFMONTH({0}) - 1 DAY)",
    "quarter": "DATE_ADD(DATE_SUB(DATE({0}), INTERVAL DAYOFYEAR({0}) - 1 DAY), INTERVAL QUARTER({0}) * 3 - 3 MONTH)",
    "year": "DATE_SUB(DATE({0}), INTERVAL DAYOFYEAR({0}) - 1 DAY)",
    "weekday": "WEEKDAY({0})",
    "hour_of_day": "HOUR({0})",
}
assert ord(MARK) == 2, "the mark of hours is written as X'02'"


class MariaEngine:
    descriptor = Descriptor(
        id="mariadb",
        label="MariaDB / MySQL",
        summary="A MariaDB or MySQL database, read-only. DATETIME is taken to be in UTC.",
        settings=(
            Setting("host", "Host"),
            Setting("port", "Port", kind="number", default=PORT),
            Setting("socket", "Socket", help="Instead of host and port, for a server on this machine."),
            Setting("database", "Database", required=True),
            Setting("user", "User", required=True),
            Setting("password", "Password", secret=True),
            Setting("sslmode", "Encryption", kind="choice", default=CHECKED,
                    help="Not needed over a socket and on this machine.",
                    choices=((CHECKED, "required, certificate checked"), (NONE, "none"))),
            Setting("ca", "File of certificates to trust", help="PEM; empty: those that the system trusts."),
        ),
    )  # fmt: skip
    dialect = "mariadb"
    fence: int | None = 2**64 - 1  # else the optimizer merges conditions, and tries the author's first where it likes

    def open(self, settings: Mapping[str, object], *, secrets: Mapping[str, str], limits: Limits) -> MariaConnection:
        place, password = place_of(settings), secrets.get("password")
        return MariaConnection(opened(place, password, limits=limits), place=place, password=password, limits=limits)

    def stamp(self, settings: Mapping[str, object]) -> str:
        return ""  # a server does not tell cheaply when its rows change

    def hashed(self, expression: str, *, salt: str) -> str:
        return f"SHA2(CONCAT({salt}, {_text(expression)}), 256)"

    def exact(self, expression: str) -> str:
        """Bytes of the text: they differ where case, accents or trailing blanks do, whatever the collation says."""
        return f"CAST({_text(expression)} AS BINARY)"

    def ordered(self, expression: str, *, descending: bool) -> str:
        return f"{expression} IS NULL, {expression} {'DESC' if descending else 'ASC'}"

    def cut(self, expression: str, grain: str, *, zone: str, instant: bool) -> str:
        if grain not in CUTS:
            raise QueryRefused(f"“{grain}” is not a grain; use {', '.join(CUTS)}.")
        return CUTS[grain].format(f"CONVERT_TZ({expression}, '+00:00', {zone})" if instant else f"({expression})")


def _text(expression: str) -> str:
    return f"CONVERT({expression} USING utf8mb4)"


ENGINE = MariaEngine()
