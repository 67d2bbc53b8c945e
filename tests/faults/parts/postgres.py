"""A PostgreSQL server that a test may kill and start again; what it has committed outlives it.

Unlike the shared server of `tests.plugins.postgres`, which need not survive anything, it confirms a commit only when
that is written.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from tests.plugins import postgres

SETTINGS = ("fsync=off", "synchronous_commit=on", "full_page_writes=off", "max_connections=200", "shared_buffers=64MB")
START_SECONDS = 60


@dataclass
class Server:
    """One server in a folder of its own, on a port that it keeps over its deaths."""

    folder: Path
    port: int
    data: Path

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        options += "".join(f" -c {setting}" for setting in SETTINGS)
        self._control("-l", self.folder / "log", "-o", options, "start")

    def kill(self) -> None:
        """The server without warning; its processes end by themselves when they see that it is gone."""
        pid = int((self.data / "postmaster.pid").read_text("utf-8").split()[0])
        os.kill(pid, signal.SIGKILL)
        end = time.monotonic() + 20
        while processes_in(self.data):
            assert time.monotonic() < end, "the killed server's processes did not end"
            time.sleep(0.05)

    def revive(self) -> None:
        """Start it, if it has given up by itself."""
        if not processes_in(self.data):
            self.start()

    def stop(self) -> None:
        if (self.data / "postmaster.pid").exists():
            self._control("-m", "immediate", "stop")

    def address(self, database: str) -> str:
        return f"postgresql://{postgres.SUPERUSER}@127.0.0.1:{self.port}/{database}"

    def make(self, database: str, *, like: str = "template1") -> str:
        """A new database with what *like* holds, which nobody may be using; its address."""
        with psycopg.connect(self.address("postgres"), autocommit=True) as server:
            server.execute(f'CREATE DATABASE "{database}" TEMPLATE "{like}"')  # type: ignore[call-overload]
        return self.address(database)

    def _control(self, *arguments: str | Path) -> None:
        user = postgres.ordinary_user()
        control = ("-D", self.data, "-w", "-t", str(START_SECONDS))
        postgres.run("pg_ctl", *control, *arguments, user=user, folder=self.folder)


@contextmanager
def server(*, inside: Path | None = None) -> Iterator[Server]:
    """A server that goes; its data lies *inside* that folder, else in one of its own."""
    folder = Path(tempfile.mkdtemp(prefix="broadsheet-faults-pg-"))
    data = (inside or folder) / "data"
    user = postgres.ordinary_user()
    if user:
        for one in filter(None, (folder, inside)):
            os.chown(one, user.pw_uid, user.pw_gid)
    made = Server(folder, postgres.free_port(), data)
    try:
        locale = ("--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        postgres.run(
            "initdb", "-D", data, "-U", postgres.SUPERUSER, "--auth=trust", *locale, user=user, folder=folder
        )  # fmt: skip
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)


def dump(address: str, file: Path) -> None:
    """A backup as an operator makes one."""
    subprocess.run([postgres.programs() / "pg_dump", "-Fc", "-f", file, address], check=True, timeout=120)


def restore(address: str, file: Path) -> None:
    """The backup over whatever is there."""
    program = postgres.programs() / "pg_restore"
    subprocess.run([program, "--clean", "--if-exists", "--no-owner", "-d", address, file], check=True, timeout=120)


def processes_in(data: Path) -> list[int]:
    """The processes that work in the data folder: each of a server's does."""
    found = []
    for one in Path("/proc").iterdir():
        if one.name.isdigit():
            try:
                if (one / "cwd").resolve() == data.resolve():
                    found.append(int(one.name))
            except OSError:
                continue
    return found
