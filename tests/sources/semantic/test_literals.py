"""Texts in a query mean the same to the database as to the parser that checked it, whatever stands in them."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet.sources.errors import QueryRefused
from broadsheet.sources.secured.guard import checked_select

pytestmark = pytest.mark.feature("SEC-07")
SIGNS = st.text(st.sampled_from("'\"\\$`;-/*#%?:@!{}[]()ab1_ é\n"), max_size=12)
STANDARD, DOLLARS = ("{}",), ("{}", "e{}", "$${}$$", "$q${}$q$")
OWN = {"duckdb": DOLLARS, "postgres": DOLLARS, "sqlite": STANDARD, "mariadb": STANDARD}


def written(text: str, form: str) -> str:
    """*text* as its author writes it."""
    if "$" in form:
        return form.format(text)
    escaped = text.replace("\\", "\\\\") if form.startswith("e") else text
    return form.format("'" + escaped.replace("'", "''") + "'")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(SIGNS, min_size=5, max_size=5))
def test_texts_are_the_same_to_the_database(shop, texts):
    engine, connection = shop
    for form in OWN[engine.dialect]:
        kept = [text for text in texts if "$" not in form or "$" not in text]
        if not kept:
            continue
        wanted = ", ".join(f"{written(text, form)} as x{place}" for place, text in enumerate(kept))
        try:
            sql = checked_select(f"select {wanted}", dialect=engine.dialect).sql(dialect=engine.dialect)
        except QueryRefused:
            continue
        found = connection.query(sql, ()).to_pylist()[0]
        assert [found[f"x{place}"] for place in range(len(kept))] == kept, (form, sql)
