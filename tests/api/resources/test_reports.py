"""Files and figures of a report over HTTP, each with the rows that the asker may see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [pytest.mark.feature("FMT-15"), pytest.mark.usefixtures("shop")]
OCTOBER = {"p.period": "2026-10"}
ITEMS = "/reports/purchases/data/items"


def test_an_editor_gets_every_row_of_a_block(call: Callable[..., Any], token: Callable[..., str]) -> None:
    told = call("GET", ITEMS, token=token("editor"), query=OCTOBER).json()
    assert [column["name"] for column in told["columns"]] == ["item", "bought", "spent"]
    assert told["columns"][2] | {"label": "", "description": ""} == {
        "name": "spent", "label": "", "kind": "money", "unit": "", "decimals": None, "better": "up", "currency": "EUR",
        "description": "", "grain": None,
    }  # fmt: skip
    assert told["rows"] == [["Atlas", 2, 130], ["Novel", 2, 32.5], ["Poems", 3, 13.5]]
    assert (told["report"], told["request"], told["truncated"]) == ("purchases", "items", False)


@pytest.mark.feature("SEC-07")
def test_through_a_recipients_eyes_only_their_rows_are_there(
    call: Callable[..., Any], token: Callable[..., str]
) -> None:
    secret = token("editor")
    by_key = call("GET", ITEMS, token=secret, query={**OCTOBER, "as": "b2"}).json()["rows"]
    by_address = call("GET", ITEMS, token=secret, query={**OCTOBER, "as": "bo@bo.example"}).json()["rows"]
    assert by_key == by_address == [["Novel", 1, 20], ["Poems", 1, 5]]


@pytest.mark.feature("SEC-07")
@pytest.mark.parametrize("path", [ITEMS, "/reports/purchases/data/month"])
def test_who_may_not_edit_sees_what_row_rules_leave(
    path: str, call: Callable[..., Any], token: Callable[..., str]
) -> None:
    """A viewer, and an editor's token without that right: the same."""
    for secret in (token("viewer"), token("editor", ["report.read", "report.render"])):
        rows = call("GET", path, token=secret, query=OCTOBER).json()["rows"]
        assert rows == [] or rows == [[0, None]], rows
        assert call("GET", path, token=secret, query={**OCTOBER, "as": "b2"}).status_code == 403


def test_the_same_as_csv(call: Callable[..., Any], token: Callable[..., str]) -> None:
    answer = call("GET", ITEMS, token=token("editor"), query={**OCTOBER, "format": "csv"})
    assert answer.content.decode() == "item,bought,spent\r\nAtlas,2,130.0\r\nNovel,2,32.5\r\nPoems,3,13.5\r\n"
    assert answer["Content-Disposition"] == 'attachment; filename="purchases-items.csv"'


def test_csv_holds_no_formula() -> None:
    from broadsheet.api.resources.reports import as_csv
    from broadsheet.core.document.tables import Column, DataTable

    rows = (("=1+1", True), ('a"b,c\0', None), ("@x", 1.5))
    table = DataTable((Column("a", "A", "text"), Column("b", "B", "flag")), rows)
    assert as_csv(table) == 'a,b\r\n\'=1+1,true\r\n"a""b,c",\r\n\'@x,1.5\r\n'


def test_a_request_that_is_not_there_names_the_nearest(call: Callable[..., Any], token: Callable[..., str]) -> None:
    answer = call("GET", "/reports/purchases/data/item", token=token("editor"))
    assert (answer.status_code, "items" in answer.json()["detail"]) == (404, True)


def test_a_report_is_rendered_as_a_file(call: Callable[..., Any], token: Callable[..., str]) -> None:
    answer = call(
        "GET", "/reports/purchases/render", token=token("editor"), query={**OCTOBER, "as": "b1", "format": "csv"}
    )
    assert answer.status_code == 200 and answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="purchases-2026-10.csv"'
    text = answer.content.decode("utf-8-sig")
    assert "Atlas,1,30" in text and "100" not in text


def test_versions_grow_only_when_something_differs(call: Callable[..., Any], token: Callable[..., str]) -> None:
    secret = token("editor")
    whole = call("GET", "/reports/purchases", token=secret).json()
    assert (whole["version"], whole["data"]) == (1, ["month", "items"])
    same = call("PUT", "/reports/purchases", token=secret, body={"definition": whole["definition"]}).json()
    assert same == {"kind": "report", "name": "purchases", "effect": "same"}
    text = whole["definition"].replace("title: Purchases", "title: Bought")
    assert call("PUT", "/reports/purchases", token=secret, body={"definition": text}).json()["effect"] == "changed"
    versions = call("GET", "/reports/purchases/versions", token=secret).json()["items"]
    assert [(one["number"], "title: Bought" in one["definition"]) for one in versions] == [(2, True), (1, False)]
    assert call("GET", "/reports/purchases/versions/1", token=secret).json() == versions[1]
    assert call("GET", "/reports/purchases/versions/3", token=secret).status_code == 404


@pytest.mark.feature("BEY-09")
def test_what_is_wrong_is_told_by_line_path_and_fix(call: Callable[..., Any], token: Callable[..., str]) -> None:
    text = "report: purchases\ntitle: Purchases\nblocks:\n  - table: itmes\n    name: a\n    columns: [item]\n"
    answer = call("PUT", "/reports/purchases", token=token("editor"), body={"definition": text})
    assert answer.status_code == 422
    [first, *_] = answer.json()["problems"]
    assert (first["file"], first["line"], first["path"]) == ("purchases.yaml", 4, "blocks.0.table")
    assert first["message"]
