"""The catalogue: who may open it, what it says of a dataset, what exploring gives whom, and who uses a field."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from tests.plugins.django import NOW

Visitor = Callable[[str], Client]
pytestmark = [pytest.mark.feature("COL-07"), pytest.mark.usefixtures("shop")]
MORE = """\
owner: {owner}
sensitivity: confidential
certified: true
description: What was bought.
joins: {{who: {{dataset: buyers, on: {{buyer_id: buyer_id}}}}}}
"""


@pytest.fixture
def richer(shop: dict[str, str], organization: object, cast: object) -> None:
    """The shop's orders with all that a dataset can say of itself."""
    from broadsheet.access.queries import system_actor
    from broadsheet.operations.definitions.apply import apply

    more = MORE.format(owner=cast.editor.email)  # type: ignore[attr-defined]
    text = shop["shop.yaml"].replace("time: day\n", f"time: day\n{more}", 1)
    text = text.replace("item: text}", "item: {kind: text, mask: partial, description: What it is called}}")
    text = text.replace(
        "metrics:\n  bought:",
        "metrics:\n  mean: {ratio: [spent, bought], kind: money}\n  grown: {of: spent, before: 1 month, as: percent}\n  bought:",
    )
    apply(system_actor(organization.pk), {"shop.yaml": text}, now=NOW)  # type: ignore[attr-defined]


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.mark.feature("SEC-03")
@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/data/", {"owner": 200, "viewer": 200, "outsider": 200, "": 302}),
        ("/data/orders/", {"owner": 200, "viewer": 200, "outsider": 404, "": 302}),
        ("/data/orders/until/", {"viewer": 200, "outsider": 404, "": 302}),
        ("/data/orders/explore/", {"viewer": 200, "outsider": 404, "": 302}),
        ("/data/orders/lineage/", {"viewer": 200, "outsider": 404, "": 302}),
        ("/data/none/", {"owner": 404}),
    ],
)
def test_each_page_opens_for_those_it_is_for(visitor: Visitor, address: str, expected: dict) -> None:
    assert {role: visitor(role).get(address).status_code for role in expected} == expected


def test_datasets_are_listed_and_found_by_their_fields(richer: None, visitor: Visitor, cast: object) -> None:
    editor = visitor("editor")
    told = text(editor, "/data/")
    assert "orders certified What was bought. Source shop Owner" in told
    assert "buyers" in told
    assert "nobody yet" in told
    assert "orders" not in text(editor, "/data/?q=contact").split("Data to")[1]
    assert "orders" in text(editor, "/data/?q=item").split("Data to")[1]
    assert "No dataset matches" in text(editor, "/data/?q=zzz")
    assert "buyers" not in text(editor, "/data/?sensitivity=confidential").split("Data to")[1]
    assert "orders" not in text(visitor("outsider"), "/data/")


def test_a_dataset_says_what_it_is_and_whose(richer: None, visitor: Visitor) -> None:
    told = text(visitor("owner"), "/data/orders/")
    for part in (
        "Owner Edda", "Sensitivity confidential", "certified", "of spent, bought", "Not to be added up.",
        "change of spent in % since 1 month before", "masked: first letter", "What it is called", "sum(price)",
        "A reader sees the rows whose buyer_id is their buyer_id", "buyers where buyer_id = buyer_id", "1 report",
    ):  # fmt: skip
        assert part in told, part


@pytest.mark.feature("SEC-07")
def test_sample_values_pass_the_gate(richer: None, visitor: Visitor, actor: object) -> None:
    told = text(visitor("editor"), "/data/orders/?samples=1")
    assert "Atlas" in told
    assert "Atlas" not in text(visitor("viewer"), "/data/orders/?samples=1")
    assert "nothing of yours" in text(visitor("viewer"), "/data/orders/?samples=1")


def test_a_source_that_is_away_keeps_no_page_from_opening(richer: None, visitor: Visitor, tmp_path) -> None:
    for file in (tmp_path / "shop").glob("*.csv"):
        file.unlink()
    assert "No file matches" in text(visitor("owner"), "/data/orders/?samples=1")
    assert "It cannot be answered" in text(visitor("owner"), "/data/orders/explore/", 422)
    assert "not known" in text(visitor("owner"), "/data/orders/until/")


def test_exploring_gives_a_table_a_chart_and_a_report_that_asks_the_same(richer: None, visitor: Visitor) -> None:
    asked = "/data/orders/explore/?metric=spent&metric=mean&by=who.buyer&period=2026-10&where=day+%3E%3D+2026-10-02"
    page = visitor("editor").get(asked).content.decode()
    told = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "<svg" in page
    assert "Cy GmbH 101.00" in told.replace("101", "101.00", 1) or "Cy GmbH 101" in told
    assert "Ada Ltd 20" in told
    assert "dataset: orders" in told
    assert "at_least: &#x27;2026-10-02&#x27;" in told or "at_least: 2026-10-02" in told or "at_least" in told
    assert "Write a report from it" in told
    assert "Write a report from it" not in text(visitor("viewer"), asked)


def test_the_report_that_is_written_from_it_is_sound(richer: None, visitor: Visitor) -> None:
    import html

    page = visitor("editor").get(
        "/data/orders/explore/?metric=spent&by=month&then=item&period=last+month&where=item+%3D+Atlas"
    )
    written = html.unescape(re.search(r'name="text" value="([^"]*)"', page.content.decode())[1])  # type: ignore[index]
    checked = visitor("editor").post("/new-report/", {"text": written, "check": "1"})
    assert checked.status_code == 200, checked.content.decode()
    assert "a new report" in checked.content.decode()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("metric=spend", "no metric “spend”"),
        ("by=colour", "no dimension “colour”"),
        ("metric=spent&period=someday", "is not a period"),
        ("metric=spent&where=item", "is not a condition"),
        ("period=", "asks for nothing"),
    ],
)
def test_what_cannot_be_asked_is_told_beside_the_form(visitor: Visitor, query: str, said: str) -> None:
    assert said in text(visitor("editor"), f"/data/orders/explore/?{query}", 422)


@pytest.mark.feature("SEC-07")
def test_exploring_shows_nobody_elses_rows(visitor: Visitor) -> None:
    told = text(visitor("viewer"), "/data/orders/explore/?metric=spent&by=item")
    assert "Atlas" not in told
    assert "No rows" in told


def test_lineage_names_reports_blocks_and_schedules(richer: None, visitor: Visitor) -> None:
    told = text(visitor("editor"), "/data/orders/lineage/?field=spent")
    for part in (
        "shop duckdb",
        "makes mean",
        "joins buyers",
        "Purchases",
        "table “By item”",
        "sends purchases by inbox",
    ):
        assert part in told, part
    assert "Who uses orders" in text(visitor("editor"), "/data/orders/lineage/?field=gone")
    assert "No report asks for it." in text(visitor("editor"), "/data/orders/lineage/?field=grown")


def test_the_catalogue_speaks_german(richer: None, visitor: Visitor, cast: object) -> None:
    from broadsheet.access.models import User

    User.objects.filter(pk=cast.editor.pk).update(language="de")  # type: ignore[attr-defined]
    editor = visitor("editor")
    assert "Datensatz Quelle Verantwortlich" in text(editor, "/data/") or "Schutzbedarf" in text(editor, "/data/")
    told = text(editor, "/data/orders/")
    for part in ("Kennzahlen", "Nicht zu summieren.", "maskiert: Anfangsbuchstabe", "seit 1 Monat zuvor", "geprüft"):
        assert part in told, part
    assert "Wer orders verwendet" in text(editor, "/data/orders/lineage/")
    assert "Wonach gefragt wird" in editor.get("/data/orders/explore/").content.decode()


def test_pages_ask_the_database_seldom(richer: None, visitor: Visitor, django_assert_max_num_queries) -> None:
    owner = visitor("owner")
    for address, most in (("/data/", 20), ("/data/orders/", 40), ("/data/orders/lineage/", 40)):
        with django_assert_max_num_queries(most):
            owner.get(address)


def test_a_change_that_breaks_a_report_is_kept_only_knowingly(visitor: Visitor) -> None:
    from broadsheet.sources.models import StoredDataset

    stored = StoredDataset.objects.get(name="orders")
    given = {"text": stored.definition.replace("spent:", "paid:"), "base": "1", "keep": "1"}
    editor = visitor("editor")
    refused = editor.post("/settings/datasets/orders/edit/", given)
    assert refused.status_code == 422
    assert "Keep all the same" in refused.content.decode()
    assert "Report “purchases”, line" in refused.content.decode()
    kept = editor.post("/settings/datasets/orders/edit/", {**given, "force": "1"})
    assert kept.status_code == 302
    assert StoredDataset.objects.get(name="orders").version == 2
