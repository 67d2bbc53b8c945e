"""A chain shows what was changed, taken out, put in or moved."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.core.chain import GENESIS, Link, canonical, link, verify

pytestmark = pytest.mark.feature("SEC-17")
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def chain(*records: dict[str, object]) -> list[Link]:
    found, before = [], GENESIS
    for seq, record in enumerate(records, start=1):
        before = link(before, seq, record)
        found.append(Link(seq, record, before))
    return found


WHOLE = chain({"act": "added"}, {"act": "changed"}, {"act": "removed"}, {"act": "added"})


def test_a_whole_chain_holds():
    verdict = verify(WHOLE)
    assert (verdict.whole, verdict.count, verdict.head) == (True, 4, WHOLE[-1].hash)
    assert verify([]).whole


TAMPERED = [
    ("changed", [*WHOLE[:1], replace(WHOLE[1], record={"act": "nothing"}), *WHOLE[2:]], 1, "not what it was"),
    ("taken out", [*WHOLE[:1], *WHOLE[2:]], 1, "Number 2 is missing"),
    ("first taken out", WHOLE[1:], 0, "Number 1 is missing"),
    ("moved", [WHOLE[0], WHOLE[2], WHOLE[1], WHOLE[3]], 1, "Number 2 is missing"),
    ("put in", [*WHOLE[:2], Link(3, {"act": "put in"}, "f" * 64), *WHOLE[2:]], 2, "does not fit"),
    ("renumbered", [*WHOLE[:1], *(replace(one, seq=one.seq - 1) for one in WHOLE[2:])], 1, "does not fit"),
]


@pytest.mark.parametrize(("what", "links", "good", "said"), TAMPERED, ids=[case[0] for case in TAMPERED])
def test_what_was_done_to_it_shows(what: str, links: list[Link], good: int, said: str):
    verdict = verify(links)
    assert (verdict.whole, verdict.count) == (False, good)
    assert said in verdict.fault


def test_an_end_that_was_cut_off_shows_by_a_hash_that_was_noted():
    assert verify(WHOLE[:2]).whole
    assert verify(WHOLE, known=WHOLE[2].hash).whole
    assert "noted" in verify(WHOLE[:2], known=WHOLE[2].hash).fault


@pytest.mark.parametrize("record", [{"n": float("inf")}, {"n": b"bytes"}], ids=["infinite", "bytes"])
def test_a_record_that_is_no_plain_data_is_a_fault_and_no_crash(record: dict[str, object]):
    verdict = verify([*WHOLE, Link(5, record, "f" * 64)])
    assert (verdict.count, "Number 5 is not what it was" in verdict.fault) == (4, True)


@given(st.dictionaries(st.text(max_size=5), plain, max_size=4))
def test_the_same_data_gives_the_same_bytes_whatever_the_order_of_its_keys(record: dict[str, object]):
    import json

    again = json.loads(json.dumps(dict(reversed(record.items()))))
    assert canonical(again) == canonical(record)
    assert link(GENESIS, 1, again) == link(GENESIS, 1, record)
