"""One session with a server: how it is opened and set up, and how a query of it is ended from outside."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

import pymysql
from pymysql.connections import Connection as Session
from pymysql.cursors import SSCursor

from broadsheet.sources.errors import QueryRefused, Unreachable
from broadsheet.sources.files import checked_file
from broadsheet.sources.ports import Limits

CONNECT_SECONDS = 10
GRACE_SECONDS = 10  # for the first byte after the server's own limit has passed
PORT = 3306
NOBODY_THERE = {2002, 2003, 2005, 2013}  # the client’s own numbers: no socket, no connection, no such host, gone
CHECKED, NONE = "verify-full", "disable"
MODES = ("ANSI_QUOTES", "PIPES_AS_CONCAT", "NO_BACKSLASH_ESCAPES", "ONLY_FULL_GROUP_BY", "STRICT_ALL_TABLES")
MODE = ",".join(MODES)


@dataclass(frozen=True, slots=True)
class Place:
    """Where and as whom to connect. ``socket`` goes before host and port."""

    host: str
    port: int
    socket: str
    database: str
    user: str
    encryption: str
    authority: str

    def __str__(self) -> str:
        return self.socket or f"{self.host}:{self.port}"

    @property
    def here(self) -> bool:
        """Whether nothing leaves this machine."""
        try:
            return bool(self.socket) or self.host == "localhost" or ip_address(self.host).is_loopback
        except ValueError:
            return False


def place_of(settings: Mapping[str, object]) -> Place:
    """The place that *settings* name. Raises QueryRefused."""
    found = {name: str(settings.get(name) or "").strip() for name in ("host", "socket", "database", "user", "ca")}
    if not (found["host"] or found["socket"]):
        raise QueryRefused("Where the server is has to be said: give its host, or its socket.")
    if not found["database"]:
        raise QueryRefused("Which database to read has to be said: give its name.")
    try:
        port = int(str(settings.get("port") or PORT))
    except ValueError as error:
        raise QueryRefused(f"“{settings.get('port')}” is not a port; it is a number, mostly {PORT}.") from error
    sslmode = str(settings.get("sslmode") or CHECKED)
    if sslmode not in {CHECKED, NONE}:
        raise QueryRefused(f"“{sslmode}” is not an encryption; use {CHECKED} or {NONE}.")
    return Place(
        found["host"] or "localhost", port, found["socket"], found["database"], found["user"], sslmode, found["ca"]
    )


def _unreached(place: Place, error: Exception) -> str:
    """Whether nothing answers there, or somebody does and refuses."""
    refused_by_us = isinstance(getattr(error, "original_exception", None), ssl.SSLError)  # its certificate
    number = error.args[0] if isinstance(error, pymysql.err.OperationalError) and error.args else 0
    if number in NOBODY_THERE and not refused_by_us:
        return f"Nothing answers at {place}. Check host and port or socket, and that the server runs and can be reached from here."
    return f"MariaDB at {place} did not let us in. Check database, user, password and encryption."


def opened(place: Place, password: str | None, *, limits: Limits) -> Session[SSCursor]:
    """A session that reads only, in UTC, and speaks as `dialect` does. Raises Unreachable and QueryRefused."""
    try:
        session = connected(place, password, seconds=limits.seconds + GRACE_SECONDS)
    except (pymysql.Error, OSError, RuntimeError, ValueError) as error:
        raise Unreachable(_unreached(place, error), detail=str(error)) from error
    try:
        _set_up(session, limits=limits)
    except BaseException:
        session.close()
        raise
    return session


def connected(place: Place, password: str | None, *, seconds: float) -> Session[SSCursor]:
    """A bare session; *seconds* to wait for an answer. Raises what PyMySQL does."""
    context = _tls(place)
    return pymysql.connect(
        host=place.host,
        port=place.port,
        unix_socket=place.socket or None,
        database=place.database,
        user=place.user,
        password=password or "",
        charset="utf8mb4",
        conv={},  # values come as they are written, and are read by their columns' types
        cursorclass=SSCursor,
        autocommit=True,
        local_infile=False,
        connect_timeout=CONNECT_SECONDS,
        read_timeout=seconds,
        write_timeout=CONNECT_SECONDS,
        program_name="broadsheet",
        ssl=context,
        ssl_disabled=context is None,
    )


def _tls(place: Place) -> ssl.SSLContext | None:
    """What checks the server's certificate and name; None on this machine, and where the setting says so."""
    if place.encryption == NONE or place.here:
        return None
    authority = checked_file(Path(place.authority).expanduser()) if place.authority else None
    return ssl.create_default_context(cafile=authority)


def _set_up(session: Session[SSCursor], *, limits: Limits) -> None:
    """Whatever the server's own settings are; what did not take is an error, not a session that reads otherwise."""
    mariadb = "MariaDB" in first(session, "SELECT VERSION()")
    longest = (
        f"max_statement_time = {limits.seconds:f}" if mariadb else f"max_execution_time = {limits.seconds * 1000:.0f}"
    )
    wanted = f"sql_mode = '{MODE}', time_zone = '+00:00', sql_select_limit = {limits.rows + 1}, {longest}"
    try:
        _run(session, f"SET SESSION {wanted}")
        _run(session, "SET SESSION TRANSACTION READ ONLY")
        modes = set(first(session, "SELECT @@SESSION.sql_mode").split(","))
    except pymysql.Error as error:
        raise QueryRefused(
            "The server does not take the settings of a session that reads only. MariaDB from 10.6 and MySQL from 8.0 do.",
            detail=str(error),
        ) from error
    if not modes.issuperset(MODES):
        raise QueryRefused(f"The server keeps a sql_mode of its own and does not take {MODE}. Mend its settings.")


def _run(session: Session[SSCursor], sql: str) -> None:
    with session.cursor() as cursor:
        cursor.execute(sql)


def first(session: Session[SSCursor], sql: str) -> str:
    """The first value of the first row as text, "" for NULL."""
    with session.cursor() as cursor:
        cursor.execute(sql)
        row = cursor.fetchall()[0]
    return "" if row[0] is None else str(row[0])


def kill(place: Place, password: str | None, thread: int) -> None:
    """End the query that the session *thread* runs, by a session of its own; a query that has just ended is no fault."""
    session = connected(place, password, seconds=CONNECT_SECONDS)
    try:
        _run(session, f"KILL QUERY {int(thread)}")
    finally:
        session.close()
