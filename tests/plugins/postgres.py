"""A private PostgreSQL for the tests that need a real one.

The server lives in a temporary folder, listens on a free loopback port and runs as an ordinary user, because it
refuses to run as root. It is stopped and its folder removed when the session ends. Under pytest-xdist each worker
has its own. Leaves to others: tables and roles, which each test makes for itself in the database `postgres`.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

PROGRAMS = Path("/usr/lib/postgresql")
SUPERUSER = "broadsheet"
START_SECONDS = 60  # initdb syncs to disk on a slow, shared machine
ORDINARY_USERS = ("postgres", "nobody")  # the first that exists runs the server when we are root
# A server that lives for seconds need not survive a power cut.
SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=40", "shared_buffers=32MB")


def programs() -> Path:
    """The newest installed server's program folder; raises FileNotFoundError with the package to install."""
    found = sorted(PROGRAMS.glob("*/bin/initdb"), key=lambda path: int(path.parent.parent.name))
    if not found:
        raise FileNotFoundError("PostgreSQL's server programs are missing: apt-get install postgresql-15")
    return found[-1].parent


def ordinary_user() -> pwd.struct_passwd | None:
    """The account to drop to, or None when we are not root and can run the server ourselves."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return next(names[name] for name in ORDINARY_USERS if name in names)


def run(program: str, *arguments: str | Path, user: pwd.struct_passwd | None, folder: Path) -> None:
    """Run one server program in `folder` to its end; raises RuntimeError with its output when it fails."""
    drop = () if user is None else ("setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups")
    with (folder / "output").open("w+") as output:  # a pipe would stay open in the server and never end
        done = subprocess.run(
            [*drop, programs() / program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            timeout=START_SECONDS,
            check=False,
        )
        if done.returncode:
            output.seek(0)
            raise RuntimeError(f"{program} failed: {output.read()}")


def free_port() -> int:
    """A loopback port that nobody held a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """As `server`, for the whole session."""
    with server() as address:
        yield address


@contextmanager
def server(settings: Sequence[str] = SETTINGS) -> Iterator[str]:
    """The address of an empty server, as `postgresql://user@127.0.0.1:port/postgres`; the user is a superuser."""
    folder = Path(tempfile.mkdtemp(prefix="broadsheet-pg-"))
    user = ordinary_user()
    if user:
        os.chown(folder, user.pw_uid, user.pw_gid)
    data, port = folder / "data", free_port()
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
    options += "".join(f" -c {setting}" for setting in settings)
    control = ("-D", data, "-w", "-t", str(START_SECONDS))
    try:
        locale = ("--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        run("initdb", "-D", data, "-U", SUPERUSER, "--auth=trust", *locale, user=user, folder=folder)
        run("pg_ctl", *control, "-l", folder / "log", "-o", options, "start", user=user, folder=folder)
        yield f"postgresql://{SUPERUSER}@127.0.0.1:{port}/postgres"
    finally:
        if (data / "postmaster.pid").exists():
            run("pg_ctl", *control, "-m", "immediate", "stop", user=user, folder=folder)
        shutil.rmtree(folder)
