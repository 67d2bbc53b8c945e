"""How many runs may go on at once, and what is used of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.api.conftest import World

pytestmark = [pytest.mark.feature("SCH-23")]


def test_what_is_used_of_each_limit(world: World, call: Callable[..., Any], token: Callable[..., str]) -> None:
    secret = token("owner")
    call("PUT", "/limits", token=secret, body={"definition": {"runs": 4}})
    found = {one["kind"]: one for one in call("GET", "/limits/use", token=secret).json()}
    assert (found["organization"]["used"], found["installation"]["most"]) == (0, None)
    assert "installation" not in {one["kind"] for one in call("GET", "/limits/use", token=token("viewer")).json()}
