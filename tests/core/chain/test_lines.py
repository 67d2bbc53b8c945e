"""An export is read back as it was written, and a hostile file is refused with its line."""

from __future__ import annotations

import pytest

from broadsheet.core.chain import GENESIS, Link, Unreadable, line_of, link, links_from

pytestmark = pytest.mark.feature("SEC-17")
DEEP = 100_000


def line(seq: str = "2", record: str = "{}", end: str = "") -> str:
    return f'{{"seq": {seq}, "hash": "", "record": {record}{end}}}'


HOSTILE = [
    ("not json", "not json"),
    ("a list", "[1, 2]"),
    ("no record", '{"seq": 2, "hash": ""}'),
    ("no number at all", line(record='{"share": NaN}')),
    ("infinite", line(record='{"share": -Infinity}')),
    ("too large", line(record='{"share": 1e999}')),
    ("number too large", line(seq="1e999")),
    ("number too long", line(seq="1" * 10_000)),
    ("deep", line(record='{"deep": ' + "[" * DEEP + "]" * DEEP + "}")),
    ("deep and open", "[" * DEEP),
]


def test_what_was_written_is_read_back():
    one = Link(1, {"actor": "Åsa", "share": 0.1}, link(GENESIS, 1, {"actor": "Åsa", "share": 0.1}))
    assert list(links_from([line_of(one), "\n"])) == [one]


@pytest.mark.parametrize(("what", "text"), HOSTILE, ids=[case[0] for case in HOSTILE])
def test_a_hostile_line_is_refused_with_its_number(what: str, text: str):
    with pytest.raises(Unreadable, match="Line 2 is no entry"):
        list(links_from([line(seq="1"), text]))
