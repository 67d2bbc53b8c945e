"""The sample data, made once, and DuckDB looking at it with the very queries of the documentation."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import duckdb
import pytest

from broadsheet.sample.leads import Manifest, generate

TODAY = date(2026, 11, 23)
PAGE = Path(__file__).parents[3] / "docs" / "explanation" / "sample-data.md"


class Documented:
    """Runs the queries of the documentation by the name in their first line."""

    def __init__(self, folder: Path) -> None:
        text = PAGE.read_text(encoding="utf-8")
        self.queries = dict(re.findall(r"^```sql\n-- (\w+)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE))
        self._connection = duckdb.connect()
        self._connection.execute("SET file_search_path = ?", [str(folder)])
        self._connection.execute(self.queries.pop("setup"))

    def see(self, name: str) -> dict[str, float]:
        """The one row that the query *name* gives, by column."""
        return self.rows(self.queries[name])[0]

    def rows(self, sql: str) -> list[dict[str, float]]:
        """All rows of *sql* over the documented views, by column."""
        found = self._connection.execute(sql)
        names = [each[0] for each in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@pytest.fixture(scope="package")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("leads")


@pytest.fixture(scope="package")
def manifest(folder: Path) -> Manifest:
    return generate(folder, today=TODAY)


@pytest.fixture(scope="package")
def documented(folder: Path, manifest: Manifest) -> Documented:
    return Documented(folder)
