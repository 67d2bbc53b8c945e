"""A whole installation with a small business, and the processes of it: started, killed, frozen, woken.

The business is one file with a few orders and a list of readers, so that what is measured is the house and not its
data. Everything is driven from outside: by commands, by the database's own rows, and by the witnesses.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
from tests.plugins.postgres import free_port
from tests.system.conftest import COMMAND, Installation

ORDERS = "day,reader,item,price\n2026-10-01,r1,Atlas,30\n2026-10-09,r1,Novel,12.5\n2026-10-30,r2,Poems,7.5\n"
BASE = """\
source: shop
engine: duckdb
settings: {files: ["FOLDER"]}
---
dataset: orders
source: shop
sql: select * from orders
time: day
dimensions: {day: date, reader: text, item: text}
metrics:
  bought: {expression: count(*), kind: integer, better: up}
  spent: {expression: sum(price), kind: money, currency: EUR, better: up}
---
report: purchases
title: Purchases
parameters: {period: {kind: period, default: last month}}
data:
  month: {dataset: orders, metrics: [bought, spent]}
blocks: [{metrics: month, show: [bought, spent]}]
"""
MINUTE = (datetime.now(UTC).minute + 30) % 60  # of each hour: far from now, so that nothing is due by itself


def people(count: int, *, languages: int = 1) -> str:
    """An audience of that many, as a definition file has it. With several languages there are as many slices."""
    tongues = ("en", "de", "fr", "es", "it", "nl", "pl", "pt")[:languages]
    listed = ", ".join(
        f"{{name: R{one}, key: r{one}, address: r{one}@readers.example, language: {tongues[one % len(tongues)]}}}"
        for one in range(count)
    )
    return f"{{people: [{listed}]}}"


def schedule(
    name: str, *, readers: int = 1, channel: str = "mail", policies: str = "{}", languages: int = 1,
    report: str = "purchases", formats: str = "csv",
) -> str:  # fmt: skip
    return f"""\
---
schedule: {name}
report: {report}
when: {{cron: "{MINUTE} * * * *", from: 2026-01-01, zone: UTC}}
audience: {people(readers, languages=languages)}
channels: [{{channel: {channel}, formats: [{formats}]}}]
policies: {policies}
"""


def last_firing() -> datetime:
    """The instant at which each schedule should have fired last."""
    now = datetime.now(UTC)
    at = now.replace(minute=MINUTE, second=0, microsecond=0)
    return at if at <= now else at - timedelta(hours=1)


def mail(port: int, *, more: str = "", name: str = "mail") -> str:
    settings = f"{{host: 127.0.0.1, port: {port}, encryption: none, from: reports@shop.example{more}}}"
    return f"---\nchannel: {name}\nkind: email\nsettings: {settings}\n"


@dataclass
class Node:
    """One process of the installation, in a group of its own with the processes that it starts."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path
    ended: bool = False  # by the test

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def kill(self) -> None:
        """It and all that it started, without warning, as when the machine's power goes."""
        self.ended = True
        self._signal(signal.SIGKILL)
        self.process.wait(timeout=20)

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def wake(self) -> None:
        self._signal(signal.SIGCONT)

    def end(self) -> int:
        """As an operator ends it; its exit status."""
        self.ended = True
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def serving(self) -> bool:
        """Whether it has said that everything of it works."""
        return "nothing is lost" in self.said()

    def alive(self) -> bool:
        return self.process.poll() is None

    def said(self) -> str:
        return self.log.read_text("utf-8", errors="replace")

    def _signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)


OWNER = "olga@shop.example"
PASSWORD = "password.txt"
TOKEN = "token.txt"
# Commands one after another in one process: starting one takes longer than what it does.
TOGETHER = """\
import json, sys
from broadsheet.cli.main import app
for arguments in json.load(sys.stdin):
    try:
        app(arguments)
    except SystemExit as end:
        if end.code:
            raise
"""


@dataclass
class House(Installation):
    """An installation on PostgreSQL, and its nodes, which end with it."""

    nodes: list[Node] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.environment["BROADSHEET_DATABASE_URL"]

    def node(self, *command: str, clock: str = "", **settings: str) -> Node:
        """A process of it, `up` when not told else. *clock*: how far its own is off, such as "+2h"."""
        port = free_port()
        command = command or ("up",)
        ports = ("--port", str(port)) if command[0] in {"up", "web"} else ()
        log = self.folder / f"node-{len(self.nodes)}.log"
        environment = {**self.environment, **settings}
        if clock:
            environment |= {"LD_PRELOAD": str(faketime()), "FAKETIME": clock, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        with log.open("wb") as output:
            process = subprocess.Popen(
                [COMMAND, *command, *ports], env=environment, start_new_session=True, stdin=subprocess.DEVNULL,
                stdout=output, stderr=subprocess.STDOUT,
            )  # fmt: skip
        made = Node(process, port, log)
        self.nodes.append(made)
        return made

    def ask(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url, autocommit=True) as database:
            asked = database.execute(sql, values)  # type: ignore[call-overload]
            return asked.fetchall() if asked.description else []

    def only(self, sql: str, *values: object) -> Any:
        return self.ask(sql, *values)[0][0]

    def token(self) -> str:
        """The owner's, for programs that call the API."""
        return (self.folder / TOKEN).read_text("utf-8")

    def password(self) -> str:
        return (self.folder / PASSWORD).read_text("utf-8")

    def counts(self, table: str) -> dict[str, int]:
        """How many rows of deliveries or occurrences there are, by state."""
        return dict(self.ask(f"select state, count(*) from {table} group by state"))

    def due(self, *names: str, hours: int = 1) -> None:
        """Let the schedules' last *hours* firings be still to come, as after an outage of that length."""
        first = last_firing() - timedelta(hours=hours - 1)
        aimed = "update schedules_schedule set next_fire_at = %s, begin_at = %s where name = any(%s)"
        self.ask(aimed, first, first, list(names))

    def apply(self, text: str) -> None:
        """Through the API of a node that serves, else by the command, which takes longer to start."""
        text = text.removeprefix("---\n")
        for one in self.nodes:
            if one.alive() and one.serving():
                self.asked(one, "POST", "definitions/apply", {"files": {"more.yaml": text}})
                return
        super().apply(text)

    def asked(self, node: Node, method: str, path: str, body: object = None) -> Any:
        """What *node* answers its owner's program."""
        head = {"Authorization": f"Bearer {self.token()}"}
        answer = httpx.request(method, f"{node.address}/api/v1/{path}", json=body, headers=head, timeout=60)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}\n{node.said()[-2000:]}"
        return answer.json()

    def together(self, *commands: list[str]) -> str:
        """What the commands say, one after another."""
        done = subprocess.run(
            [sys.executable, "-c", TOGETHER], input=json.dumps(commands), env=self.environment, capture_output=True,
            text=True, timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{commands}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def until(self, true: Callable[[], object], *, seconds: float, what: str, each: float = 0.1) -> float:
        """As `until`; a node that ended by itself meanwhile is told with its last words."""

        def goes_on() -> object:
            for one in self.nodes:
                assert one.ended or one.alive(), f"a node ended by itself:\n{one.said()[-3000:]}"
            return true()

        return until(goes_on, seconds=seconds, what=what, each=each)

    def ended(self, count: int) -> bool:
        return bool(self.only("select count(*) from runs_occurrence where finished_at is not null") >= count)


def furnish(url: str, folder: Path, *, more: str = "", **settings: str) -> House:
    """An installation with the business and its owner, and *more* definitions. *url* names a database, "" SQLite in the
    folder."""
    data = folder / "shop"
    data.mkdir(parents=True)
    (data / "orders.csv").write_text(ORDERS, "utf-8")
    (folder / "shop.yaml").write_text(BASE.replace("FOLDER", str(data)) + more, "utf-8")
    made = House(folder / "home", environment(folder / "home", url, **settings))
    said = made.together(
        ["user", "add", OWNER, "--name", "Olga", "--new-organization", "Shop", "--json"],
        ["token", "issue", "--as", OWNER, "--name", "witness", "--scope", "all", "--json"],
        ["apply", str(folder / "shop.yaml"), "--json"],
    )
    owner, read = json.JSONDecoder().raw_decode(said)
    token, _ = json.JSONDecoder().raw_decode(said[read:].lstrip())
    (made.folder / PASSWORD).write_text(owner["password"], "utf-8")
    (made.folder / TOKEN).write_text(token["secret"], "utf-8")
    return made


def environment(home: Path, url: str, **settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BROADSHEET_", "DJANGO_"))}
    return {
        **kept,
        "BROADSHEET_HOME": str(home),
        "BROADSHEET_SECRET_KEY": secrets.token_urlsafe(50),
        "BROADSHEET_CATCHER_PORT": "0",
        "BROADSHEET_RENDER_PROCESSES": "1",
        "BROADSHEET_ALLOW_PRIVATE_ADDRESSES": "127.0.0.1",
        **({"BROADSHEET_DATABASE_URL": url} if url else {}),
        **settings,
    }


def moved_in(model: House, folder: Path, *, url: str = "", **settings: str) -> House:
    """A copy of *model*, whose database was copied to *url*."""
    home = folder / "home"
    shutil.copytree(model.folder, home)
    place = {"BROADSHEET_HOME": str(home), **({"BROADSHEET_DATABASE_URL": url} if url else {})}
    return House(home, {**model.environment, **place, **settings})


@contextmanager
def lived_in(house: House) -> Iterator[House]:
    """The house; its nodes end with the block, however it ends."""
    try:
        yield house
    finally:
        for one in house.nodes:
            one.wake()
            one.kill()


def until(true: Callable[[], object], *, seconds: float, what: str, each: float = 0.1) -> float:
    """Wait until it is; how many seconds that took. Fails with *what* should have become true."""
    begun = time.monotonic()
    while not true():
        spent = time.monotonic() - begun
        assert spent < seconds, f"after {seconds:g} s it was still not so that {what}"
        time.sleep(each)
    return time.monotonic() - begun


def faketime() -> Path:
    """The library that shifts a process's clock; raises FileNotFoundError with the package to install."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    if not found:
        raise FileNotFoundError("libfaketime is missing: apt-get install faketime")
    return found[0]
