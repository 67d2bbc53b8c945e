"""Attributes as people type them are read back as they were meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.access.attributes import attribute_lines, attributes_from
from broadsheet.access.errors import AccessError

pytestmark = pytest.mark.feature("SEC-10")
VALUES = st.one_of(
    st.booleans(), st.integers(-(10**17), 10**17), st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_characters="\n\r", exclude_categories=["Cs"]), max_size=20),
)  # fmt: skip


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("buyer_id = 12", 12), ("buyer_id=b-12", "b-12"), ("buyer_id = 007", "007"), ('buyer_id = "12"', "12"),
        ("buyer_id = true", True), ("buyer_id = no", "no"), ("buyer_id = 1.5", 1.5), ("buyer_id =", ""),
        ("buyer_id = a = b", "a = b"),
    ],
)  # fmt: skip
def test_a_value_is_what_it_looks_like(line: str, value: object) -> None:
    [found] = attributes_from([line]).values()
    assert (type(found), found) == (type(value), value)


@given(st.dictionaries(st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True), VALUES, max_size=4))
def test_what_is_shown_is_read_back(attributes: dict[str, object]) -> None:
    assert attributes_from(attribute_lines(attributes)) == attributes  # type: ignore[arg-type]


@pytest.mark.parametrize("line", ["buyer", "Buyer = 1", "= 1", "a b = 1"])
def test_what_is_no_attribute_is_told(line: str) -> None:
    with pytest.raises(AccessError, match="is no attribute"):
        attributes_from([line])
    with pytest.raises(AccessError, match="twice"):
        attributes_from(["a = 1", "a = 2"])
