"""The cast has its rights, and the shop's run ends well, on whichever database the tests run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.plugins.django import NOW, Cast


def test_a_token_of_each_role_is_that_role(token: Callable[..., str], cast: Cast) -> None:
    from broadsheet.access.queries import actor_of_token

    roles = {}
    for role in ("owner", "admin", "editor", "viewer", "outsider"):
        found = actor_of_token(token(role), now=NOW)
        roles[role] = found and found.role
    assert roles == {"owner": "owner", "admin": "admin", "editor": "editor", "viewer": "viewer", "outsider": "owner"}


def test_the_shops_run_reaches_each_buyer(
    finish: Callable[..., Any], shop: object, actor: Callable[[str], Any]
) -> None:
    from broadsheet.delivery.queries import deliveries
    from broadsheet.runs.actions.run_now import run_now

    run = finish(run_now(actor("editor"), "buyers-monday", now=NOW))
    assert run.state == "accepted", run.error
    sent = deliveries(actor("viewer")).values_list("recipient_name", "state", "formats")
    assert sorted(sent) == [
        ("Ada Stone", "accepted", ["csv"]),
        ("Bo Reed", "accepted", ["csv"]),
        ("Cy Blum", "accepted", ["csv", "html"]),
    ]
