"""Source and dataset files: shorthand, row policy, and every mistake told with its line."""

from __future__ import annotations

import pytest

from broadsheet.core.document.loading import DefinitionError, Loaded, load
from broadsheet.core.policy import Mask, Reader, RowRule
from broadsheet.sources.dataset import Dimension, Metric
from broadsheet.sources.definitions import dataset_from, source_from

DATASET = """\
dataset: leads
source: house
sql: |
  select e.*, s.name as source
  from events e
  join sources s using (source_id)
time: submitted_at
as_of: max(submitted_at)
dimensions:
  submitted_at: {kind: instant, label: Day}
  source: text
  hours: {kind: text, expression: "cast(hour as varchar)"}
metrics:
  delivered: count(*)
  cost: {expression: sum(cost), kind: money, currency: USD, better: down, decimals: 2}
rows: [{column: buyer_id, equals: reader.buyer}]
"""


def loaded(text: str) -> Loaded:
    [one] = load(text, file="d.yaml")
    return one


def complaints(text: str) -> list[str]:
    with pytest.raises(DefinitionError) as refused:
        dataset_from(loaded(text))
    return [str(problem) for problem in refused.value.problems]


def changed(old: str, new: str) -> str:
    assert old in DATASET
    return DATASET.replace(old, new, 1)


@pytest.mark.feature("BEY-09")
def test_a_dataset_is_read_with_its_row_policy() -> None:
    found = dataset_from(loaded(DATASET))
    assert (found.name, found.source, found.label, found.as_of) == ("leads", "house", "leads", "max(submitted_at)")
    assert found.dataset.rows == (RowRule("buyer_id", "buyer"),)
    assert found.dataset.dimensions["source"] == Dimension("source", "text", "Source")
    assert found.dataset.metrics["delivered"] == Metric("delivered", "count(*)", "Delivered")
    assert found.dataset.metrics["cost"] == Metric("cost", "sum(cost)", "Cost", "money", "", 2, "down", "USD")
    assert found.names.dimensions == {"submitted_at": "instant", "source": "text", "hours": "text"}
    assert (tuple(found.names.metrics), found.names.time) == (("delivered", "cost"), "submitted_at")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  from events e\n", "  from events e; drop table events; select 1 from events e\n", "d.yaml:4: sql: A dataset's query is one statement; this text has 3. Keep the SELECT."),
        ("  select e.*, s.name as source\n", "  delete from events; --\n", "d.yaml:4: sql: "),
        ("  from events e\n", "  from read_csv('/etc/passwd') e\n", "d.yaml:4: sql: FROM takes tables of the source by name; functions that read files or network are not allowed."),
        ("s.name as source", "getenv('HOME') as source", "d.yaml:4: sql: The function “getenv” is not on the list of allowed functions. Allowed are arithmetic"),
        ("join sources s using (source_id)", "join sources s using (source_id) where pg_sleep(9) > 1", "d.yaml:6: sql: The function “pg_sleep” is not on the list"),
        ("  join sources s using (source_id)\n", "  join sources s using (source_id\n", "d.yaml:6: sql: The query cannot be read: line 3"),
        ("expression: sum(cost)", "expression: sum(select 1)", "d.yaml:15: metrics.cost.expression: "),
        ("cast(hour as varchar)", "read_text('x')", "d.yaml:12: dimensions.hours.expression: The function “read_text” is not on the list"),
        ("max(submitted_at)", "max(submitted_at); drop table x", "d.yaml:8: as_of: "),
        ("time: submitted_at", "time: submited_at", "d.yaml:7: time: There is no dimension “submited_at”. Did you mean “submitted_at”?"),
        ("time: submitted_at", "time: source", "d.yaml:7: time: “source” is text, not a time. Give it the kind date or instant, or name another one."),
        ("source: text", "source: string", "d.yaml:11: dimensions.source: “string” is not known here. Known are: date, flag, instant, integer, number, text."),
        ("better: down", "beter: down", "d.yaml:15: metrics.cost.beter: “beter” is not known here. Did you mean “better”?"),
        ("equals: reader.buyer", "equals: buyer", "d.yaml:16: rows.0.equals: "),
        ("currency: USD", "currency: dollars", "d.yaml:15: metrics.cost.currency: "),
        ("delivered: count(*)", "source: count(*)", "d.yaml:14: metrics.source: “source” is a dimension, too. Rename one of them."),
        ("source: house\n", "", "d.yaml:1: source: “source” is missing. Add “source:”."),
    ],
)  # fmt: skip
def test_mistakes_are_told_with_line_and_cure(old: str, new: str, said: str) -> None:
    found = complaints(changed(old, new))
    assert any(problem.startswith(said) for problem in found), found


@pytest.mark.parametrize(
    "sql",
    [
        "insert into events values (1)", "update events set cost = 0", "create table x as select 1", "copy events to 'x'",
        "attach 'x.db'", "pragma version", "set memory_limit = '1GB'", "select * from events for update", "",
    ],
)  # fmt: skip
def test_only_reading_is_possible(sql: str) -> None:
    text = f'dataset: d\nsource: s\nsql: "{sql}"\nmetrics: {{n: count(*)}}\n'
    assert [problem.split(": ")[0:2] for problem in complaints(text)] == [["d.yaml:3", "sql"]]


def test_nothing_to_ask_for_is_a_mistake() -> None:
    assert complaints("dataset: d\nsource: s\nsql: select 1\n") == [
        "d.yaml:1: This dataset has nothing to ask for. Add “dimensions:” and “metrics:”."
    ]


def test_a_source_names_its_secrets_and_never_holds_them() -> None:
    text = "source: house\nengine: postgresql\nsettings: {host: db, database: leads}\nsecrets: [password]\n"
    found = source_from(loaded(text))
    assert (found.name, found.engine, found.label, found.secrets) == ("house", "postgresql", "house", ("password",))
    assert dict(found.settings) == {"host": "db", "database": "leads"}
    with pytest.raises(DefinitionError, match=r"d.yaml:4: secrets: Input should be a valid tuple. Write a list"):
        source_from(loaded(text.replace("[password]", "{password: hunter2}")))


@pytest.mark.feature("SEC-13")
def test_masks_are_read_by_their_name_or_whole() -> None:
    text = changed("source: text", "source: {kind: text, mask: partial}").replace(
        "better: down,", "better: down, clear: reader.sees_cost,"
    )
    found = dataset_from(loaded(text)).dataset
    assert found.dimensions["source"].mask == Mask("partial")
    assert found.metrics["cost"].mask == Mask("nothing", clear="sees_cost")
    whole = changed("source: text", "source: {kind: text, mask: {show: hash, clear: reader.sees_it}}")
    assert dataset_from(loaded(whole)).dataset.dimensions["source"].mask == Mask("hash", clear="sees_it")


@pytest.mark.feature("SEC-13")
@pytest.mark.parametrize(
    ("mask", "said"),
    [
        ("{kind: integer, mask: partial}", "the mask partial is for text"),
        ("{kind: number, mask: {show: bucket}}", "needs its size"),
        ("{kind: text, mask: blur}", "full"),
    ],
)
def test_a_mask_that_does_not_fit_is_refused(mask: str, said: str) -> None:
    assert any(said in one for one in complaints(changed("source: text", f"source: {mask}")))
    on_time = changed("{kind: instant, label: Day}", "{kind: instant, mask: nothing}")
    assert any("cannot be masked" in one for one in complaints(on_time))


@pytest.mark.feature("SEC-13")
@pytest.mark.parametrize(
    ("attributes", "hidden"),
    [({}, True), ({"sees": False}, True), ({"sees": "no"}, True), ({"sees": 0}, True), ({"sees": True}, False), ({"sees": "Yes"}, False), ({"sees": 1}, False)],
)  # fmt: skip
def test_who_sees_it_clear(attributes: dict[str, object], hidden: bool) -> None:
    mask = Mask("partial", clear="sees")
    assert mask.hides_from(Reader("r", "r", attributes=attributes)) is hidden
    assert Mask("partial").hides_from(Reader("r", "r", attributes=attributes))
    assert not mask.hides_from(Reader("r", "r", unrestricted=True))
