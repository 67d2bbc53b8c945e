"""Rules on tables in the source's form: they stay unless somebody who may change them does so knowingly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.feature("SEC-07")
Visitor = Callable[[str], Client]
PAGE = "/settings/sources/shop/"
LINE = "orders: buyer_id = reader.buyer_id"


def text(answer: Any) -> str:
    return answer.content.decode()  # type: ignore[no-any-return]


def source() -> Any:
    from broadsheet.sources.models import Source

    return Source.objects.get(name="shop")


def form(**changed: str) -> dict[str, str]:
    """What the form sends when it was opened just now, with *changed* typed into it; it has no rules by itself."""
    from broadsheet.web.pages.settings.sources import base_of

    found = source()
    return {"base": base_of(found), "label": found.label, "setting-files": found.settings["files"][0], **changed}


@pytest.fixture
def ruled(shop: object, visitor: Visitor) -> dict[str, str]:
    """The shop with a rule; gives the form as it was opened before."""
    before = form()
    assert visitor("admin").post(PAGE, form(**{"setting-tables": LINE})).status_code == 302
    return before


def test_they_stand_in_the_form_and_stay(ruled: object, visitor: Visitor) -> None:
    client = visitor("admin")
    assert LINE in text(client.get("/settings/sources/"))
    assert client.post(PAGE, form(**{"setting-tables": LINE, "label": "Another"})).status_code == 302
    assert "reader.buyer_id" in source().definition
    assert client.post(PAGE, form(**{"setting-tables": ""})).status_code == 302
    assert "reader.buyer_id" not in source().definition


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("orders buyer", "is no rule"),
        ("ordres: buyer_id = reader.buyer_id", "There is no table"),
        ("main.orders: buyer_id = reader.buyer_id", "Name the table without its schema"),
    ],
)
def test_one_that_would_not_hold_is_said_at_its_field(shop: object, visitor: Visitor, line: str, said: str) -> None:
    answer = visitor("admin").post(PAGE, form(**{"setting-tables": line}))
    assert answer.status_code == 422
    assert said in text(answer)


def test_a_form_without_the_field_keeps_them(ruled: object, visitor: Visitor) -> None:
    assert visitor("admin").post(PAGE, form(label="Another")).status_code == 302
    assert source().label == "Another" and "reader.buyer_id" in source().definition


@pytest.mark.parametrize("base", [True, False])
def test_a_form_that_was_opened_before_they_came_is_refused(
    ruled: dict[str, str], visitor: Visitor, base: bool
) -> None:
    given = ruled | {"setting-tables": "", "label": "Stale"}
    if not base:
        del given["base"]
    answer = visitor("admin").post(PAGE, given)
    assert answer.status_code == 422
    assert "was changed since this form was opened" in text(answer)
    assert LINE in text(answer) and "Stale" not in text(answer)
    assert "reader.buyer_id" in source().definition


def test_editors_see_them_and_have_no_field_for_them(ruled: object, visitor: Visitor) -> None:
    page = text(visitor("editor").get("/settings/sources/"))
    assert LINE in page and "setting-tables" not in page
    assert "/settings/new-source/" not in page
    assert "setting-tables" in text(visitor("admin").get("/settings/sources/"))


def test_editors_change_the_label_and_nothing_else(ruled: object, visitor: Visitor) -> None:
    client = visitor("editor")
    assert client.post(PAGE, form(label="Ours")).status_code == 302
    assert source().label == "Ours" and "reader.buyer_id" in source().definition
    for given in (form(**{"setting-tables": ""}), form(**{"setting-files": "/elsewhere"})):
        refused = client.post(PAGE, given)
        assert refused.status_code == 403 and "source.rules" in text(refused)
    again = {"name": "again", "setting-files": form()["setting-files"]}
    assert client.post("/settings/new-source/duckdb/", again).status_code == 403


def test_editors_are_told_when_they_do_not_hold_any_more(ruled: object, visitor: Visitor) -> None:
    from pathlib import Path

    (Path(source().settings["files"][0]) / "orders.csv").rename(Path(source().settings["files"][0]) / "sales.csv")
    answer = visitor("editor").post(PAGE, form(label="Ours"))
    assert answer.status_code == 422
    assert "There is no table “orders”" in text(answer)


def test_the_journals_page_tells_them_before_and_after(ruled: object, visitor: Visitor) -> None:
    page = text(visitor("admin").get("/settings/journal/"))
    assert "before: –" in page and f"after: {LINE}" in page  # in either order: PostgreSQL keeps none
