"""While the database is away, pages and API say so with 503, and tell nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import OperationalError
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.feature("PRF-21")]
SECRET = "connection to server at 10.0.0.7 failed"


def is_away(*_: object, **__: object) -> None:
    raise OperationalError(SECRET)


@pytest.mark.parametrize("place", ["middleware.actor_of", "pages.inbox.listing.queries.unread"])
def test_a_page_says_503(visitor: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    client = visitor("viewer")
    monkeypatch.setattr(f"broadsheet.web.{place}", is_away)
    answer = client.get("/inbox/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "The database does not answer" in answer.content.decode()
    assert SECRET not in answer.content.decode()


def test_the_api_says_503(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("broadsheet.api.authentication.actor_of_token", is_away)
    answer = client.get("/api/v1/reports", headers={"authorization": "Bearer bst_x"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer.json()["detail"] == "The database does not answer."
    assert SECRET not in answer.content.decode()
