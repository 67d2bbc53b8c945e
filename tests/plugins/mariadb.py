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
from ipaddress import ip_address
from pathlib import Path
from time import monotonic, sleep
from zoneinfo import ZoneInfo

import pymysql
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pymysql.cursors import Cursor
from tests.plugins.postgres import free_port

SERVERS = ("/usr/sbin/mariadbd", "/usr/libexec/mariadbd")
START_SECONDS = 60
ORDINARY_USERS = ("mysql", "nobody")  # the first that exists runs the server when we are root
ZONES = ("UTC", "Europe/Berlin", "America/Chicago", "Asia/Tokyo")
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
    """Where the server listens. ``root`` needs no password. ``authority`` is the file of the certificate that the server's
    own is signed with, which names 127.0.0.1."""

    host: str
    port: int
    socket: str
    authority: str

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


def _certify(folder: Path) -> None:
    """An authority, and a certificate of its for 127.0.0.1, both good for a day."""
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in ("Test authority", "127.0.0.1")]
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in names]
    now = datetime.now(UTC)
    for number, file in enumerate(("authority.pem", "server.pem")):
        made = x509.CertificateBuilder().subject_name(names[number]).issuer_name(names[0])
        made = made.public_key(keys[number].public_key()).serial_number(x509.random_serial_number())
        made = made.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=1))
        made = made.add_extension(x509.BasicConstraints(ca=number == 0, path_length=None), critical=True)
        here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
        signed = made.add_extension(here, critical=False).sign(keys[0], hashes.SHA256())
        (folder / file).write_bytes(signed.public_bytes(Encoding.PEM))
    key = keys[1].private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    (folder / "server.key").write_bytes(key)


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
    place = Place("127.0.0.1", free_port(), str(folder / "socket"), str(folder / "authority.pem"))
    process = None
    try:
        _certify(folder)
        _install(folder, drop)
        where = [f"--datadir={folder / 'data'}", f"--tmpdir={folder}", f"--socket={place.socket}",
                 f"--pid-file={folder / 'pid'}", "--bind-address=127.0.0.1", f"--port={place.port}",
                 f"--ssl-cert={folder / 'server.pem'}", f"--ssl-key={folder / 'server.key'}"]  # fmt: skip
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
