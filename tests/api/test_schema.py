"""The document is true: whatever fits it, and whatever does not, is answered as it says, and never by a fault.

Schemathesis makes the requests from the document; the number of examples is bounded, and the same at each run.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings, strategies
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from tests.api.conftest import World
from tests.api.requests import BACKFILL

pytestmark = [pytest.mark.feature("SEC-03"), pytest.mark.feature("FMT-15")]
EXAMPLES = int(os.environ.get("BROADSHEET_TEST_EXAMPLES", "4"))  # of each operation; more of them take longer
BOUNDED = settings(
    max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
# What fits the document may still be wrong in a way that a schema cannot say: a definition, a rule, a report's parameter.
SEMANTIC = {"positive_data_acceptance"}


@contextmanager
def undone() -> Iterator[None]:
    from django.db import transaction

    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Requests leave the test's connection open, as Django's own test client sees to."""
    from django.core.signals import request_finished, request_started
    from django.db import close_old_connections

    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("one_connection")
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["fits", "does not fit"])
def test_answers_are_as_the_document_says(mode: GenerationMode, world: World, token: Callable[..., str]) -> None:
    from django.core.cache import cache
    from django.core.handlers.wsgi import WSGIHandler

    load_all_checks()
    checks = [CHECKS.get_one(name) for name in CHECKS.get_all_names() if name not in SEMANTIC]
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler())
    headers = {"Authorization": f"Bearer {token('owner')}"}
    known = real(world)
    wrong: dict[str, str] = {}
    for found in schema.get_all_operations():
        operation = found.ok()

        @BOUNDED
        @given(case=operation.as_strategy(generation_mode=mode), on_real=strategies.booleans())
        def ask(case: Any, on_real: bool) -> None:
            if mode == GenerationMode.POSITIVE and on_real:
                case.path_parameters.update({name: known[name](case.path) for name in case.path_parameters})
            cache.clear()
            with undone():
                case.call_and_validate(headers=headers, checks=checks)

        try:
            ask()
        except (
            Exception,
            BaseExceptionGroup,
        ) as error:  # gathered, so that one operation's fault does not hide another's
            wrong[operation.label] = "\n".join(map(str, getattr(error, "exceptions", [error])))
    assert wrong == {}, "\n\n".join(f"{label}\n{told}" for label, told in wrong.items())


def real(world: World) -> Mapping[str, Callable[[str], object]]:
    """What a path's parameter may be so that something is there."""
    names = {
        "reports": "purchases", "schedules": "buyers-monday", "sources": "shop", "datasets": "orders",
        "brands": "harbour", "channels": "inbox",
        "calendars": "harbour-days", "roles": "night-watch", "teams": "desk", "contacts": "ada-ltd",
        "workspaces": "board", "grants": "purchases",
    }  # fmt: skip
    return {
        "name": lambda path: next((name for kind, name in names.items() if f"/{kind}/" in path), "x"),
        "request_name": lambda path: "items",
        "number": lambda path: 1,
        "run_id": lambda path: world.run,
        "delivery_id": lambda path: world.delivery,
        "format": lambda path: "csv",
        "person_id": lambda path: world.viewer,
        "kind": lambda path: "report",
        "token_id": lambda path: world.token,
        "notification_id": lambda path: world.notification,
        "event_id": lambda path: world.event,
        "backfill_id": lambda path: BACKFILL,
        "window_id": lambda path: 1,
    }
