"""The reference page: its examples are valid, and every key of a report, dataset and source stands on it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from broadsheet.core.document.definition import report_from, report_schema
from broadsheet.core.document.loading import load
from broadsheet.sources.definitions import dataset_from, dataset_schema, source_from, source_schema

PAGE = Path(__file__).resolve().parents[4] / "docs/reference/definitions.md"
TEXT = PAGE.read_text("utf-8")
EXAMPLES = re.findall(r"^```yaml\n((?:source|dataset|report): .*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
READERS = {"source": source_from, "dataset": dataset_from, "report": report_from}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: text.splitlines()[0])
def test_the_examples_are_valid(example: str) -> None:
    [loaded] = load(example, file="example.yaml")
    READERS[loaded.kind](loaded)


def test_there_is_an_example_of_each_kind() -> None:
    assert sorted(example.split(":")[0] for example in EXAMPLES) == ["dataset", "report", "source"]


@pytest.mark.parametrize(
    "schema", [source_schema(), dataset_schema(), report_schema()], ids=["source", "dataset", "report"]
)
def test_every_key_is_documented(schema: Mapping[str, Any]) -> None:
    assert sorted(key for key in set(_keys(schema)) if not re.search(rf"\b{key}\b", TEXT)) == []


def _keys(part: object) -> Iterator[str]:
    if isinstance(part, Mapping):
        for name, value in part.items():
            if name == "properties":
                yield from value
            yield from _keys(value)
    elif isinstance(part, list):
        for one in part:
            yield from _keys(one)
