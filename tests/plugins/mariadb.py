"""A private MariaDB for the tests that need a real one.

The server lives in a temporary folder, listens on a free loopback port and a socket of its own, and runs as an ordinary
user where we are root. It is stopped and its folder removed when the session ends. Under pytest-xdist each worker has
its own. It folds the names of tables, as servers on Windows and many hosted ones do, and starts without zones; who
needs those loads the few of `load_zones`. Leaves to others: databases and accounts, which each test makes for itself.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from zoneinfo import ZoneInfo

import pymysql
import pytest
from pymysql.cursors import Cursor

from tests.plugins.postgres import free_port

SERVERS = ("/usr/sbin/mariadbd", "/usr/libexec/mariadbd")
START_SECONDS = 60
ORDINARY_USERS = ("mysql", "nobody")  # the first that exists runs the server when we are root
ZONES = ("UTC", "Europe/Berlin", "America/Chicago")
YEARS = range(2024, 2029)
SETTINGS = (
    "--no-defaults",
    "--skip-log-bin",
    "--innodb-flush-log-at-trx-commit=0",  # a server that lives for seconds need not survive a power cut
    "--innodb-buffer-pool-size=16M",
    "--innodb-log-file-size=8M",
    "--key-buffer-size=1M",
    "--lower-case-table-names=1",
    "--character-set-server=utf8mb4",
    "--performance-schema=OFF",
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the server listens. ``root`` needs no password over the socket and none over the port."""

    host: str
    port: int
    socket: str

    def connected(self, database: str | None = None) -> pymysql.Connection[Cursor]:
        """A connection of the superuser's, which commits by itself."""
        return pymysql.connect(
            unix_socket=self.socket, user="root", password="", database=database, autocommit=True, charset="utf8mb4"
        )

    def run(self, *statements: str, database: str | None = None) -> None:
        """Run *statements* as the superuser."""
        with closing(self.connected(database)) as session, session.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


def server() -> str:
    """The server's program; raises FileNotFoundError with the package to install."""
    for path in (*SERVERS, shutil.which("mariadbd")):
        if path and Path(path).exists():
            return path
    raise FileNotFoundError("MariaDB's server is missing: apt-get install mariadb-server-core")


def ordinary_user() -> pwd.struct_passwd | None:
    """The account to drop to, or None when we are not root and can run the server ourselves."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return next(names[name] for name in ORDINARY_USERS if name in names)


def _install(folder: Path, drop: list[str]) -> None:
    done = subprocess.run(
        [*drop, "mariadb-install-db", "--no-defaults", f"--datadir={folder / 'data'}", f"--tmpdir={folder}",
         "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve",
         "--lower-case-table-names=1"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=folder, timeout=START_SECONDS, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"mariadb-install-db failed: {done.stdout}{done.stderr}")


def _wait(place: Place, process: subprocess.Popen[bytes], log: Path) -> None:
    end = monotonic() + START_SECONDS
    while monotonic() < end and process.poll() is None:
        try:
            place.connected().close()
            return
        except pymysql.Error:
            sleep(0.05)
    raise RuntimeError(f"mariadbd did not start: {log.read_text()}")


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[Place]:
    """An empty server without zones."""
    folder = Path(tempfile.mkdtemp(prefix="broadsheet-my-"))
    user, log = ordinary_user(), folder / "log"
    drop: list[str] = []
    if user:
        os.chown(folder, user.pw_uid, user.pw_gid)
        drop = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    place = Place("127.0.0.1", free_port(), str(folder / "socket"))
    process = None
    try:
        _install(folder, drop)
        where = [f"--datadir={folder / 'data'}", f"--tmpdir={folder}", f"--socket={place.socket}",
                 f"--pid-file={folder / 'pid'}", "--bind-address=127.0.0.1", f"--port={place.port}"]  # fmt: skip
        with log.open("wb") as written:
            process = subprocess.Popen(
                [*drop, server(), *SETTINGS, *where], stdin=subprocess.DEVNULL, stdout=written,
                stderr=subprocess.STDOUT, cwd=folder, env={"PATH": "/usr/bin:/bin", "TZ": "UTC"},
            )  # fmt: skip
        _wait(place, process, log)
        yield place
    finally:
        if process is not None:
            process.kill()
            process.wait()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def mariadb_zones(mariadb_server: Place) -> Place:
    """The server, with the zones of ZONES."""
    load_zones(mariadb_server)
    return mariadb_server


def load_zones(place: Place) -> None:
    """Fill the server's tables of zones, as `mariadb-tzinfo-to-sql` does, with ZONES in YEARS."""
    statements = []
    for number, name in enumerate(ZONES, start=1):
        statements += [
            f"INSERT INTO time_zone VALUES ({number}, 'N')",
            f"INSERT INTO time_zone_name VALUES ('{name}', {number})",
        ]
        for kind, (moment, offset, daylight, short) in enumerate(_changes(ZoneInfo(name))):
            statements.append(
                f"INSERT INTO time_zone_transition_type VALUES ({number}, {kind}, {offset}, {daylight}, '{short}')"
            )
            statements.append(f"INSERT INTO time_zone_transition VALUES ({number}, {moment}, {kind})")
    place.run(*statements, database="mysql")


def _changes(zone: ZoneInfo) -> Iterator[tuple[int, int, int, str]]:
    """Unix time, offset in seconds, whether it is daylight time, and its name: at the start, and at each change."""
    at, end, last = datetime(YEARS[0], 1, 1, tzinfo=UTC), datetime(YEARS[-1] + 1, 1, 1, tzinfo=UTC), None
    while at < end:
        local = at.astimezone(zone)
        offset = int((local.utcoffset() or timedelta()).total_seconds())
        if offset != last:
            last = offset
            yield int(at.timestamp()), offset, int(bool(local.dst())), local.tzname() or ""
        at += timedelta(hours=1)
