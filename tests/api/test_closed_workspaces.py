"""Object state in the matrix of operations: nothing of a closed workspace stands in any answer to who has no role there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from tests.access.conftest import ROOM
from tests.api.conftest import World
from tests.api.requests import Sample, samples
from tests.api.test_rights import undone
from tests.plugins.django import NOW

from broadsheet.core.policy.roles import ROLES

pytestmark = [pytest.mark.feature("SEC-06"), pytest.mark.feature("SEC-08")]
THINGS = ("/reports/", "/schedules/", "/datasets/", "/channels/", "/runs/", "/deliveries/")
WHOLE = {"resendDeliveries", "releaseRuns", "dropRuns", "releaseDeliveries", "dropDeliveries"}
OURS = ("purchases", "Purchases", "buyers-monday", "orders", "Folder of what was sent", "Ada Stone", "Bo Reed")
# These are told by the asker, or are about sources and people and not about what stands in a workspace.
ECHO = {
    "checkSource",
    "putReport",
    "putDataset",
    "putSchedule",
    "putChannel",
    "planDefinitions",
    "applyDefinitions",
    "putSource",
}


@pytest.fixture
def closed(world: World, actor: Callable[[str], Any]) -> None:
    from broadsheet.access.models import Placement
    from broadsheet.operations.definitions.apply import apply

    Placement.objects.all().delete()  # what stands in an open workspace, too, is open

    apply(actor("admin"), {"room.yaml": ROOM.replace("[outbox]", "[inbox, outbox]")}, now=NOW)


def of_things(document: Mapping[str, Any], world: World) -> list[Sample]:
    return [
        one for one in samples(document, world)
        if one.path.startswith(THINGS) and one.operation not in WHOLE and "never-ran" not in one.path
    ]  # fmt: skip


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_each_thing_is_not_there(
    document: Mapping[str, Any],
    world: World,
    closed: None,
    call: Callable[..., Any],
    token: Callable[..., str],
    role: str,
) -> None:
    secret, wrong = token(role), {}
    found = of_things(document, world)
    assert len(found) > 25
    for one in found:
        with undone():
            status = call(one.method, one.path, token=secret, body=one.body, query=one.query).status_code
        puts = one.method == "PUT"  # the name is taken by something that the asker may not change
        if status not in ({403, 404} | ({422} if puts else set())):
            wrong[one.operation] = status
    assert wrong == {}


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_no_answer_names_it(
    document: Mapping[str, Any],
    world: World,
    closed: None,
    call: Callable[..., Any],
    token: Callable[..., str],
    role: str,
) -> None:
    secret, told = token(role), {}
    for one in samples(document, world):
        if one.operation in ECHO or not set(one.permissions) <= ROLES[role]:
            continue
        with undone():
            answer = call(one.method, one.path, token=secret, body=one.body, query=one.query)
        text = b"".join(answer.streaming_content) if answer.streaming else answer.content
        asked = f"{one.path} {one.query} {one.body}"
        words = [word for word in OURS if word in text.decode("utf-8", "replace") and word not in asked]
        if words:
            told[one.operation] = words
    assert told == {}
