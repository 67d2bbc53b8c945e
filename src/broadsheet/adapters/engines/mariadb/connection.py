"""Queries of one session: in a read-only transaction, row by row, ended at the server when they pass a limit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Timer

import pyarrow as pa
import pymysql
from pymysql.connections import Connection as Session
from pymysql.cursors import SSCursor

from broadsheet.core.document.tables import Value
from broadsheet.sources.errors import QueryRefused
from broadsheet.sources.ports import Limits
from broadsheet.sources.rows import batches_of, gathered

from .binding import bound, literal
from .errors import explained
from .reading import Described, Raw, table_of
from .session import Place, first, kill

LATER_SECONDS = 1.0  # the server ends a query by itself at its limit; we do when it has not
ZONED = re.compile(r"'\+00:00', \$(\d+)\)")  # as `MariaEngine.cut` writes it
ZONES_MISSING = (
    "Its time zones are not loaded, so days and months of instants cannot be cut: load them with "
    "“mariadb-tzinfo-to-sql /usr/share/zoneinfo | mariadb mysql” (MySQL: mysql_tzinfo_to_sql)."
)


class MariaConnection:
    """One session. What runs in it can be ended from another thread by `cancel`."""

    def __init__(self, session: Session[SSCursor], *, place: Place, password: str | None, limits: Limits) -> None:
        self._session = session
        self._place = place
        self._password = password
        self._limits = limits
        self._zones: dict[str, bool] = {}

    def tables(self) -> tuple[str, ...]:
        found = "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1"
        return tuple(str(row[0]) for row in self._rows(found)[1])

    def notes(self) -> tuple[str, ...]:
        return () if self._knows("Europe/Berlin") else (ZONES_MISSING,)

    def query(self, sql: str, parameters: Sequence[Value]) -> pa.Table:
        for number in ZONED.findall(sql):
            self._require_zone(parameters[int(number) - 1])
        return table_of(*self._rows(bound(sql, parameters)))

    def cancel(self) -> None:
        """End the running query at the server; it raises LimitExceeded where it runs. Does nothing where none runs."""
        with suppress(pymysql.Error, OSError):  # out of reach: the server's own limit is left
            kill(self._place, self._password, self._session.thread_id())  # type: ignore[no-untyped-call]

    def close(self) -> None:
        with suppress(pymysql.Error, OSError):
            self._session.close()

    def _rows(self, sql: str) -> tuple[list[Described], list[Sequence[Raw]]]:
        try:
            with self._reading(), self._session.cursor(SSCursor) as cursor, self._watched(cursor):
                cursor.execute(sql)
                columns = [
                    (str(one[0]), int(one[1]), int(one[3] or 0), int(one[5] or 0)) for one in cursor.description or ()
                ]
                return columns, self._fetched(cursor)
        except pymysql.Error as error:
            raise explained(error, limits=self._limits) from error

    def _fetched(self, cursor: SSCursor) -> list[Sequence[Raw]]:
        return gathered(batches_of(cursor), limits=self._limits)  # type: ignore[arg-type]  # as the session was opened

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with self._session.cursor() as cursor:
            cursor.execute("START TRANSACTION READ ONLY")
        try:
            yield
        finally:
            with suppress(pymysql.Error, OSError):
                self._session.rollback()

    @contextmanager
    def _watched(self, cursor: SSCursor) -> Iterator[None]:
        """End the query at the server when it is late, and when whoever asked goes away before its end: else the rest of
        its rows would have to be read first."""
        alarm = Timer(self._limits.seconds + LATER_SECONDS, self.cancel)
        alarm.daemon = True
        alarm.start()
        try:
            yield
        except BaseException:
            self._give_up(cursor)
            raise
        finally:
            alarm.cancel()
        if cursor.fetchone() is not None:
            self._give_up(cursor)

    def _give_up(self, cursor: SSCursor) -> None:
        self.cancel()
        with suppress(pymysql.Error, OSError):
            cursor.close()

    def _require_zone(self, zone: Value) -> None:
        if not self._knows(str(zone)):
            missing = "" if self._knows("Europe/Berlin") else f" {ZONES_MISSING}"
            raise QueryRefused(f"The server does not know the time zone “{zone}”.{missing}")

    def _knows(self, zone: str) -> bool:
        if zone not in self._zones:
            sql = f"SELECT CONVERT_TZ('2026-01-01 12:00:00', '+00:00', {literal(zone)})"
            self._zones[zone] = bool(first(self._session, sql))
        return self._zones[zone]
