"""The database is killed while reports go out, again and again; what people see meanwhile, and what is lost: nothing."""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from .conftest import LEASE_SECONDS
from .parts.furnishing import another
from .parts.house import OWNER, House, Node, lived_in, mail, schedule
from .parts.mailbox import Mailbox
from .parts.postgres import Server, server

ANSWER_SECONDS = 5
RECOVERY_SECONDS = 30
ALL = "{misfire: all, catch_up_hours: 72}"


@pytest.fixture
def mortal(model: House, tmp_path: Path) -> Iterator[tuple[Server, House]]:
    """A server of this test alone, and an installation in it."""
    with server() as made, lived_in(another(model, made, tmp_path)) as house:
        yield made, house


class Visitor(threading.Thread):
    """A person and a program that go on asking all the while; what they were answered, and how long it took."""

    def __init__(self, node: Node, *, cookies: httpx.Cookies, token: str) -> None:
        super().__init__(daemon=True)
        self.node, self.answers, self.longest, self._over = node, Counter[int](), 0.0, threading.Event()
        self._page = httpx.Client(base_url=node.address, cookies=cookies, timeout=60)
        self._api = httpx.Client(base_url=node.address, headers={"Authorization": f"Bearer {token}"}, timeout=60)

    def run(self) -> None:
        while not self._over.is_set():
            for client, path in (
                (self._page, "/schedules/"),
                (self._api, "/api/v1/schedules"),
                (self._api, "/api/readyz"),
            ):
                begun = time.monotonic()
                self.answers[client.get(path).status_code] += 1
                self.longest = max(self.longest, time.monotonic() - begun)
            self._over.wait(0.2)

    def end(self) -> None:
        self._over.set()
        self.join(timeout=60)


@pytest.mark.feature("BEY-01")
@pytest.mark.feature("PRF-21")
def test_the_database_killed_over_and_over(
    mortal: tuple[Server, House], witness: Mailbox, figures: dict[str, Any], whole: bool
) -> None:
    """Killed and started again: nothing lost, recovery within 30 s unattended; pages and API answer 503 within 5 s."""
    database, house = mortal
    kills, away = (10, 20.0) if whole else (2, 3.0)
    runs, readers = (60, 10) if whole else (6, 5)
    names = [f"s{one}" for one in range(runs // 2)]
    witness.pause = 0.3
    node = house.node()
    house.until(node.serving, seconds=120, what="it served")
    house.apply(mail(witness.port) + "".join(schedule(name, readers=readers, policies=ALL) for name in names))
    house.due(*names, hours=2)
    visitor = Visitor(node, cookies=_signed_in(house, node), token=house.token())
    visitor.start()
    slowest = 0.0
    for number in range(kills):
        house.until(lambda goal=number + 1: house.ended(goal), seconds=120, what="another run ended")
        database.kill()
        time.sleep(away)  # it is away so long
        database.start()
        slowest = max(
            slowest, house.until(lambda: _answers(node), seconds=RECOVERY_SECONDS, what="pages were there again")
        )
    house.until(
        lambda: house.ended(runs), seconds=RECOVERY_SECONDS + 4 * LEASE_SECONDS + runs * 4, what="all runs ended"
    )
    visitor.end()
    counts = house.counts("delivery_delivery")
    figures |= {"kills": kills, "answers": dict(visitor.answers), "longest answer, s": round(visitor.longest, 2),
                "recovery, s": round(slowest, 1), "states": counts}  # fmt: skip
    assert set(visitor.answers) == {200, 503}
    assert visitor.longest < ANSWER_SECONDS
    assert counts.get("accepted", 0) + counts.get("unconfirmed", 0) == runs * readers
    ids = [one.message_id for one in witness.taken]
    assert len(ids) == len(set(ids))
    assert len(ids) >= counts.get("accepted", 0)
    assert node.alive()


def _answers(node: Node) -> bool:
    return httpx.get(f"{node.address}/api/readyz", timeout=10).status_code == 200


def _signed_in(house: House, node: Node) -> httpx.Cookies:
    with httpx.Client(base_url=node.address) as client:
        form = client.get("/sign-in/").text
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
        assert found
        given = {"csrfmiddlewaretoken": found[1], "email": OWNER, "password": house.password()}
        answer = client.post("/sign-in/", data=given, headers={"Origin": node.address})
        assert answer.status_code == 302, answer.text
        return client.cookies
