"""One run: how far it is, what it made, why it did not run, stopping it and resending what failed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.plugins.django import NOW

Visitor = Callable[[str], Client]


@pytest.fixture
def made(finish: Callable[..., Any], shop: object, actor: Callable[[str], Any]) -> Any:
    from broadsheet.runs.actions.run_now import run_now

    return finish(run_now(actor("editor"), "buyers-monday", now=NOW))


@pytest.fixture
def asked(shop: object, actor: Callable[[str], Any]) -> Any:
    """A run that nobody has begun yet."""
    from broadsheet.runs.actions.run_now import run_now

    return run_now(actor("editor"), "buyers-monday", now=NOW)


def text(response: Any) -> str:
    return str(response.content.decode())


def change(run: Any, **fields: object) -> None:
    type(run).unchecked.filter(pk=run.pk).update(**fields)


@pytest.mark.parametrize("part", ["", "progress/"])
def test_a_run_opens_for_its_own_organization_alone(asked: Any, visitor: Visitor, part: str) -> None:
    expected = {"owner": 200, "editor": 200, "viewer": 200, "outsider": 404, "": 302}
    assert {role: visitor(role).get(f"/runs/{asked.pk}/{part}").status_code for role in expected} == expected


@pytest.mark.parametrize("act", ["stop", "resend"])
def test_acts_are_for_those_who_may_and_never_by_get(asked: Any, visitor: Visitor, act: str) -> None:
    address = f"/runs/{asked.pk}/{act}/"
    assert {role: visitor(role).post(address).status_code for role in ("editor", "viewer", "outsider", "")} == {
        "editor": 302, "viewer": 403, "outsider": 404, "": 302,
    }  # fmt: skip
    assert visitor("editor").get(address).status_code == 405


def test_a_run_under_way_renews_itself_and_one_that_ended_does_not(asked: Any, visitor: Visitor) -> None:
    client = visitor("viewer")
    assert "data-more" in text(client.get(f"/runs/{asked.pk}/progress/"))
    change(asked, state="accepted", finished_at=NOW)
    assert "data-more" not in text(client.get(f"/runs/{asked.pk}/progress/"))


def test_what_was_made_stands_there(made: Any, visitor: Visitor) -> None:
    page = text(visitor("viewer").get(f"/runs/{made.pk}/"))
    assert "3 accepted" in page
    assert "3 of 3" in page
    assert "Ada Stone, London" in page
    assert "data-more" not in page


def test_stopping_asks_the_worker_and_says_so(asked: Any, visitor: Visitor) -> None:
    answer = visitor("editor").post(f"/runs/{asked.pk}/stop/", follow=True)
    assert "It is being stopped" in text(answer)
    asked.refresh_from_db()
    assert asked.stop_asked_at is not None


@pytest.mark.parametrize(
    ("state", "reason"),
    [("missed", "Nothing ran then, and this schedule does not make up for it"), ("skipped", "Skipped by hand")],
)
def test_one_that_did_not_run_says_why(asked: Any, visitor: Visitor, state: str, reason: str) -> None:
    change(asked, state=state, reason=reason, finished_at=NOW)
    page = text(visitor("viewer").get(f"/runs/{asked.pk}/"))
    assert "It did not run" in page
    assert reason in page
    assert "Run it now" not in page  # a viewer may not
    assert "Run it now" in text(visitor("editor").get(f"/runs/{asked.pk}/"))


def test_an_error_stands_in_words_with_what_comes_next(asked: Any, visitor: Visitor) -> None:
    later = NOW + timedelta(days=3650)
    change(asked, state="running", error="The source did not answer. Look at its address.", wake_at=later)
    page = text(visitor("viewer").get(f"/runs/{asked.pk}/"))
    assert "It will be tried again" in page
    assert "The source did not answer. Look at its address." in page
    change(asked, state="failed", finished_at=NOW, wake_at=None)
    assert "It could not be made" in text(visitor("viewer").get(f"/runs/{asked.pk}/"))


def test_invalid_rows_are_listed_with_their_fix(asked: Any, visitor: Visitor) -> None:
    rows = [
        {"row": n, "who": f"Row {n}", "message": "Zone “Mars” does not exist.", "fix": "Use UTC."} for n in range(1, 26)
    ]
    change(asked, invalid=rows)
    page = text(visitor("viewer").get(f"/runs/{asked.pk}/"))
    assert "Zone “Mars” does not exist. Use UTC." in page
    assert "And 5 more rows" in page


@pytest.mark.feature("DLV-26")
def test_resending_takes_what_failed_and_with_a_state_only_that(made: Any, visitor: Visitor) -> None:
    from broadsheet.delivery.models import Delivery

    def states() -> dict[str, str]:
        return dict(Delivery.objects.values_list("recipient_name", "state"))

    Delivery.unchecked.filter(recipient_name="Ada Stone").update(state="failed")
    Delivery.unchecked.filter(recipient_name="Bo Reed").update(state="expired")
    client = visitor("editor")
    assert "Resend these 2" in text(client.get(f"/runs/{made.pk}/"))
    client.post(f"/runs/{made.pk}/resend/?state=expired")
    assert states() == {"Ada Stone": "failed", "Bo Reed": "due", "Cy Blum": "accepted"}
    client.post(f"/runs/{made.pk}/resend/")
    assert states() == {"Ada Stone": "due", "Bo Reed": "due", "Cy Blum": "accepted"}
    assert "nothing to send again" in text(client.post(f"/runs/{made.pk}/resend/", follow=True))


def test_who_started_it_stands_under_why_and_rows_are_explained(made: Any, visitor: Visitor) -> None:
    page = text(visitor("viewer").get(f"/runs/{made.pk}/"))
    fact = page.split("Started by Edda")[0].rpartition("<dt>")[2] if "<dt>" in page else page
    assert fact.startswith("Why")
    assert "rows are the lines of data over all that the report asks" in page
