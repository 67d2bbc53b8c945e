"""Private brokers for the tests that need real ones: Redis and RabbitMQ, each on free loopback ports in a folder of its own.

They can be killed and started again at the same address, and emptied. Everything is gone when the test is over.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

import pytest

from .postgres import free_port, ordinary_user

START_SECONDS = 90  # RabbitMQ on a busy machine
RABBIT = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")


class Broker(Protocol):
    """A broker at one address."""

    url: str

    def start(self) -> None:
        """Until it takes connections."""

    def kill(self) -> None:
        """Without warning."""

    def empty(self) -> None:
        """Forget every message."""


class Redis:
    def __init__(self, folder: Path) -> None:
        self._folder, self._port = folder, free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"redis://127.0.0.1:{self._port}/0"

    def start(self) -> None:
        options = ("--bind", "127.0.0.1", "--port", str(self._port), "--save", "", "--dir", str(self._folder))
        self._process = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)
        listening(self._port)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=10)
            self._process = None

    def empty(self) -> None:
        import redis

        redis.Redis(port=self._port).flushall()


class Rabbit:
    """Its node, ports, cookie and folders are its own, so that it meets no other of the machine."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._port = folder, free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"amqp://guest:guest@127.0.0.1:{self._port}//"
        user = ordinary_user()
        self._drop = (
            () if user is None else ("setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups")
        )
        (folder / "rabbit.conf").write_text(f"listeners.tcp.1 = 127.0.0.1:{self._port}\n", "utf-8")
        (folder / "plugins").write_text("[].", "utf-8")
        (folder / ".erlang.cookie").write_text(secrets.token_hex(10), "utf-8")
        (folder / ".erlang.cookie").chmod(0o400)
        self._environment = {
            "PATH": "/usr/bin:/bin", "HOME": str(folder), "LC_ALL": "C.UTF-8",
            "RABBITMQ_NODENAME": f"broadsheet{self._port}@localhost", "RABBITMQ_DIST_PORT": str(free_port()),
            "ERL_EPMD_PORT": str(free_port()), "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_MNESIA_BASE": str(folder / "data"), "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbit"), "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_PID_FILE": str(folder / "pid"),
        }  # fmt: skip
        if user is not None:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, user.pw_uid, user.pw_gid)

    def start(self) -> None:
        self._process = subprocess.Popen(
            [*self._drop, RABBIT], env=self._environment, cwd=self._folder, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        _until(self._answers, what=f"RabbitMQ to answer at port {self._port}")

    def _answers(self) -> bool:
        """It listens before it lets anybody in."""
        from kombu import Connection
        from kombu.exceptions import OperationalError

        try:
            with Connection(self.url, connect_timeout=4) as connection:
                connection.connect()
        except (OSError, OperationalError):
            return False
        return True

    def kill(self) -> None:
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)  # Erlang's own processes are of its group
            self._process.wait(timeout=10)
            self._process = None
            gone(self._port)

    def empty(self) -> None:
        from kombu import Connection

        with Connection(self.url) as connection, connection.channel() as channel:
            for name in ("broadsheet.light", "broadsheet.heavy"):
                channel.queue_declare(name, durable=True, auto_delete=False)
                channel.queue_purge(name)

    def close(self) -> None:
        """The port mapper leaves Erlang's group; it goes when it is told to."""
        self.kill()
        subprocess.run(["epmd", "-kill"], env=self._environment, capture_output=True, check=False)


def listening(port: int) -> None:
    _until(lambda: _open(port), what=f"port {port} to listen")


def gone(port: int) -> None:
    _until(lambda: not _open(port), what=f"port {port} to close")


def _open(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _until(true: object, *, what: str) -> None:
    end = time.monotonic() + START_SECONDS
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end, f"waited for {what}"
        time.sleep(0.05)


@contextmanager
def redis_broker() -> Iterator[Redis]:
    folder = Path(tempfile.mkdtemp(prefix="broadsheet-redis-"))
    broker = Redis(folder)
    try:
        broker.start()
        yield broker
    finally:
        broker.kill()
        shutil.rmtree(folder)


@contextmanager
def rabbit_broker() -> Iterator[Rabbit]:
    folder = Path(tempfile.mkdtemp(prefix="broadsheet-rabbit-"))
    broker = Rabbit(folder)
    try:
        broker.start()
        yield broker
    finally:
        broker.close()
        shutil.rmtree(folder, ignore_errors=True)  # what is killed may write a last file


BROKERS: dict[str, Callable[[], AbstractContextManager[Broker]]] = {"redis": redis_broker, "rabbitmq": rabbit_broker}


@pytest.fixture(scope="module")
def brokers() -> Iterator[Callable[[str], Broker]]:
    """The broker of a kind, "redis" or "rabbitmq", started when it is first asked for."""
    started: dict[str, Broker] = {}
    with ExitStack() as stack:

        def broker(kind: str) -> Broker:
            if kind not in started:
                started[kind] = stack.enter_context(BROKERS[kind]())
            return started[kind]

        yield broker
