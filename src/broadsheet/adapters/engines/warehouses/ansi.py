"""BigQuery's and Databricks' SQL with one difference: “"” quotes names there too, as it does in every other source.

What is sent keeps to backticks, which these read alike whatever their settings are.
"""

from __future__ import annotations

from sqlglot.dialects.bigquery import BigQuery
from sqlglot.dialects.databricks import Databricks
from sqlglot.generators.databricks import DatabricksGenerator

NAMES: list[str | tuple[str, str]] = ["`", '"']


class AnsiBigQuery(BigQuery):
    """Known to sqlglot as “ansibigquery”."""

    class Tokenizer(BigQuery.Tokenizer):
        IDENTIFIERS = NAMES
        QUOTES = ["'", "'''"]
        BYTE_STRINGS = [(prefix + quote, quote) for quote in ("'''", "'") for prefix in ("b", "B")]
        RAW_STRINGS = [(prefix + quote, quote) for quote in ("'''", "'") for prefix in ("r", "R")]


class AnsiDatabricks(Databricks):
    """Known to sqlglot as “ansidatabricks”."""

    class Tokenizer(Databricks.Tokenizer):
        IDENTIFIERS = NAMES
        QUOTES = ["'"]
        RAW_STRINGS = [("r'", "'"), ("R'", "'")]

    class Generator(DatabricksGenerator):
        # CTEs stay where they are written: at the top, another query's table of that name would be taken for them.
        EXPRESSIONS_WITHOUT_NESTED_CTES = set()
