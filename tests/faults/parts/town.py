"""One installation at work that several tests share: each brings its own channel, schedules and witness, and asks by REST.

Starting an installation takes longer than most faults. What is broken here is outside of it, or is one report of many;
whoever breaks the installation itself has one alone.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from . import poisons
from .house import House, Node, lived_in

RENDER_SECONDS = 15


@dataclass
class Town:
    """``runs`` are ids of runs, by schedule: of those that were asked for last."""

    house: House
    node: Node
    client: httpx.Client
    runs: dict[str, str] = field(default_factory=dict)

    def apply(self, text: str) -> None:
        self._asked("POST", "/definitions/apply", {"files": {"more.yaml": text.removeprefix("---\n")}})

    def run(self, *names: str) -> None:
        """Each of these schedules now."""
        for one in names:
            self.runs[one] = self._asked("POST", f"/schedules/{one}/run", {})["run"]

    def told(self, name: str, *, wait: float = 0) -> dict[str, Any]:
        """What the API tells of the schedule's last run, after *wait* seconds at most."""
        return self._asked("GET", f"/runs/{self.runs[name]}?wait={wait:g}")  # type: ignore[no-any-return]

    def ended(self, *names: str, seconds: float) -> dict[str, dict[str, Any]]:
        """What it tells of each when all have ended. The names are those of all that were asked for when there are none."""
        wanted = names or tuple(self.runs)
        self.house.until(
            lambda: all(self.told(one)["finished_at"] for one in wanted), seconds=seconds,
            what=f"all of {', '.join(wanted)} ended", each=0.3,
        )  # fmt: skip
        return {one: self.told(one) for one in wanted}

    def deliveries(self, name: str) -> list[dict[str, Any]]:
        found = self._asked("GET", f"/deliveries?run={self.runs[name]}&limit=100")
        return list(found["items"])

    def _asked(self, method: str, path: str, body: object = None) -> Any:
        answer = self.client.request(method, f"/api/v1{path}", json=body)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}\n{self.node.said()[-2000:]}"
        return answer.json()


@contextmanager
def settled(house: House, *, poison: Path) -> Iterator[Town]:
    """*house* at work; its drawing processes know the formats of `poisons`, which are put into the folder *poison*."""
    poisons.install(poison)
    house.environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(poison), os.environ.get("PYTHONPATH"))))
    with lived_in(house):
        node = house.node(
            "up", BROADSHEET_RENDER_PROCESSES="2", BROADSHEET_RENDER_SECONDS=str(RENDER_SECONDS),
            BROADSHEET_RENDER_MEGABYTES="500", BROADSHEET_LEASE_SECONDS="60",
        )  # fmt: skip
        token = house.token()
        house.until(node.serving, seconds=120, what="it served")
        head = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=node.address, headers=head, timeout=60) as client:
            yield Town(house, node, client)
