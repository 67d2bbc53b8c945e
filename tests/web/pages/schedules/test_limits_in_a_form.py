"""What one run may use, by the form: written, kept, refused where it is wrong, and beside it what the server allows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client, override_settings
from tests.web.pages.schedules.test_form import EDIT, filled, stored, text

Visitor = Callable[[str], Client]
pytestmark = [pytest.mark.feature("SCH-24"), pytest.mark.feature("PRF-02")]


def save(client: Client, **fields: str) -> Any:
    given = {f"limit-{name}": value for name, value in fields.items()}
    return client.post(EDIT, {**filled(client, EDIT), **given})


def test_limits_are_written_kept_and_taken_back(shop: object, visitor: Visitor) -> None:
    client = visitor("editor")
    assert save(client, rows="200000", cpu_seconds="2.5", memory_megabytes="400").status_code == 302
    limits = {"rows": 200000, "cpu_seconds": 2.5, "memory_megabytes": 400}
    assert stored()["policies"]["limits"] == limits
    assert save(client).status_code == 302
    assert stored()["policies"]["limits"] == limits
    assert "At most 200,000 rows, 2.5 s of processor time, 400 MB to draw a slice</span>" in text(client.get(EDIT))
    assert save(client, **dict.fromkeys(limits, "")).status_code == 302
    assert "limits" not in stored().get("policies", {})
    assert "No bounds but the server’s</span>" in text(client.get(EDIT))


@pytest.mark.parametrize(
    ("name", "typed", "told"),
    [
        ("rows", "many", "“many” is not a number"),
        ("rows", "1.5", "This is not a whole number"),
        ("memory_megabytes", "10", "50"),
        ("seconds", "0.1", "1"),
    ],
)
def test_what_is_no_limit_is_refused_beside_its_field(
    shop: object, visitor: Visitor, name: str, typed: str, told: str
) -> None:
    before = stored()
    answer = save(visitor("editor"), **{name: typed})
    assert answer.status_code == 422
    page = text(answer)
    beside = page[page.index(f'id="id_limit-{name}"') :]
    assert told in beside[: beside.index("</div>")]
    assert stored() == before


def test_the_form_says_what_the_server_allows(shop: object, visitor: Visitor) -> None:
    with override_settings(RUN_LIMITS={"rows": 500_000.0}):
        assert "The server allows 500,000 at most." in text(visitor("editor").get(EDIT))
