"""One request that would succeed for each operation of the document; a new operation without one fails its tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.api.conftest import World

BACKFILL = "00000000-0000-4000-8000-0000000000bf"
OPEN = {"/api/v1/openapi.json"}
OF_COPIES = ("/sync", "/statistics", "/starter")


@dataclass(frozen=True, slots=True)
class Sample:
    """``permissions`` and ``status`` are what the document says; ``path`` begins after /api/v1."""

    operation: str
    method: str
    path: str
    permissions: tuple[str, ...]
    status: int
    body: object = None
    query: Mapping[str, str] = field(default_factory=dict)


QUERIES: dict[str, dict[str, str]] = {
    "renderReport": {"format": "csv"},
    "explainSeeing": {"dataset": "orders"},
    "explainDoing": {"permission": "report.read"},
}


def samples(document: Mapping[str, Any], world: World) -> list[Sample]:
    """Every operation once, in the document's order. Raises KeyError for one that has no sample here."""
    return [
        _sample(path.removeprefix("/api/v1"), method.upper(), operation, world)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def _sample(path: str, method: str, operation: Mapping[str, Any], world: World) -> Sample:
    name = operation["operationId"]
    fill = {
        "{name}": _named(path), "{request_name}": "items", "{number}": "1", "{run_id}": world.run,
        "{delivery_id}": world.delivery, "{format}": "csv", "{person_id}": str(world.viewer),
        "{kind}": "report", "{token_id}": str(world.token), "{notification_id}": str(world.notification), "{event_id}": world.event, "{backfill_id}": BACKFILL, "{window_id}": "1",
    }  # fmt: skip
    template = path
    for key, value in fill.items():
        path = path.replace(key, value)
    body = bodies(world)[name] if method in {"POST", "PUT", "PATCH"} else None
    if name == "removeSchedule":
        path = "/schedules/never-ran"
    if template.startswith("/sources/") and template.endswith(OF_COPIES):
        path = path.replace("/shop/", "/ads/")
    query = QUERIES.get(name, {})
    status = min(int(code) for code in operation["responses"] if code.startswith("2"))
    return Sample(name, method, path, tuple(operation["x-permissions"]), status, body, query)


def _named(path: str) -> str:
    names = {
        "reports": "purchases", "schedules": "buyers-monday", "sources": "shop", "datasets": "orders",
        "brands": "harbour", "channels": "inbox",
        "calendars": "harbour-days", "roles": "night-watch", "teams": "desk", "contacts": "ada-ltd",
        "workspaces": "board", "grants": "purchases",
    }  # fmt: skip
    return names.get(path.split("/")[1], "")


def bodies(world: World) -> dict[str, object]:
    """Bodies by operation; None where an operation takes none."""
    texts = world.texts
    return {
        **_of_steering(world),
        "addPerson": {"email": "new@x.example", "name": "New", "role": "viewer", "password": "correct-horse-battery"},
        "changeRole": {"role": "editor"},
        "addService": {"name": "Nightly export"},
        "putRole": {"definition": texts["roles/night-watch"]},
        "putTeam": {"definition": texts["teams/desk"]},
        "putContact": {"definition": texts["contacts/ada-ltd"]},
        "putWorkspace": {"definition": texts["workspaces/board"]},
        "putLimits": {"definition": {"runs": 4, "sources": {"shop": 2}}},
        "putGrants": {"definition": {"to": [{"team": "desk", "role": "viewer"}]}},
        "handOver": {"heir": world.editor},
        "issueToken": {"name": "t", "scopes": ["token.edit"]},
        "putSource": {"definition": texts["sources/shop"]},
        "putDataset": {"definition": texts["datasets/orders"]},
        "askDataset": {"metrics": ["spent"], "by": ["month"]},
        "putReport": {"definition": texts["reports/purchases"]},
        "putBrand": {"definition": texts["brands/harbour"]},
        "putChannel": {"definition": texts["channels/inbox"]},
        "putSchedule": {"definition": texts["schedules/buyers-monday"]},
        "putCalendar": {"definition": texts["calendars/harbour-days"]},
        "checkSource": None,
        "syncSource": None,
        "makeStarter": None,
        "checkChannel": None,
        "letChannelThrough": None,
        "pauseSchedule": None,
        "takeOverSchedule": None,
        "resumeSchedule": None,
        "rehearseSchedule": None,
        "checkConditions": None,
        "goAhead": None,
        "skipNextFiring": {},
        "runSchedule": {"at": "2026-11-01T00:00:00Z"},
        "startRun": {"with": {"period": "last week"}},
        "makeTriggerAddress": {},
        "sendEvent": {"name": "import.finished", "payload": {"rows": 3}},
        "testSchedule": {"recipient": "b1"},
        "makeFeedAddress": None,
        "readNotification": None,
        "readNotifications": None,
        "previewRecurrence": {"when": {"every": "day", "at": "08:00"}},
        "stopRun": None,
        "setPriority": {"priority": "high"},
        "takeNext": None,
        "runChecks": None,
        "simulateLoad": {"days": 3, "add": {"buyers-monday": 2}},
        "spreadLoad": {},
        "planMaintenance": {"reason": "New disks"},
        "endMaintenance": None,
        "resendFailed": None,
        "resendDeliveries": {"ids": [world.failed]},
        "liftSuppressions": {"addresses": ["bo@bo.example"]},
        "planDefinitions": {"files": {"a.yaml": texts["reports/purchases"]}},
        "applyDefinitions": {"files": {"a.yaml": texts["reports/purchases"]}},
    }


def _of_steering(world: World) -> dict[str, object]:
    """What a person decides on single firings and on runs."""
    return {
        "skipFiring": {"why": "Stocktaking."},
        "holdFiring": {},
        "moveFiring": {"to": "2099-01-01T08:00:00Z"},
        "undoOverride": {},
        "planBackfill": {"from": "2026-11-01T00:00:00Z", "to": "2026-11-24T00:00:00Z"},
        "startBackfill": {"from": "2026-11-01T00:00:00Z", "to": "2026-11-24T00:00:00Z", "sending": "nobody"},
        "stopBackfill": None,
        "holdRun": {"why": "Look first."},
        "releaseRun": {},
        "dropRun": {},
        "releaseRuns": {"ids": [world.run]},
        "dropRuns": {"ids": [world.run]},
        "releaseDeliveries": {"ids": [world.delivery]},
        "dropDeliveries": {"ids": [world.delivery]},
    }
