"""The files: equal for equal input, whole, of the promised size, and well within the minute."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal
from pathlib import Path
from time import perf_counter

import pyarrow.parquet as pq
import pytest

from broadsheet.sample.leads import Manifest, generate, read_manifest

from .conftest import TODAY, Documented


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_same_seed_and_day_give_same_bytes_within_a_minute(folder: Path, manifest: Manifest, tmp_path: Path) -> None:
    begun = perf_counter()
    assert generate(tmp_path, today=TODAY) == manifest
    assert perf_counter() - begun < 60
    assert contents(tmp_path) == contents(folder)


def test_another_seed_gives_other_events_but_the_same_truths(manifest: Manifest, tmp_path: Path) -> None:
    other = generate(tmp_path, seed=7, today=TODAY)
    assert other.truths == manifest.truths
    assert {fact.name for fact in other.files if fact not in manifest.files} == {"targets.parquet", "events.parquet"}


def test_manifest_tells_rows_and_hashes_of_every_file(folder: Path, manifest: Manifest) -> None:
    names = {path.name for path in folder.iterdir()}
    assert names == {fact.name for fact in manifest.files} | {"manifest.json"}
    for fact in manifest.files:
        assert hashlib.sha256((folder / fact.name).read_bytes()).hexdigest() == fact.sha256
        assert pq.read_metadata(folder / fact.name).num_rows == fact.rows
    assert read_manifest(folder) == manifest


def test_manifest_of_unfinished_or_foreign_folder_is_none(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) is None
    (tmp_path / "manifest.json").write_text('{"layout": 0}')
    assert read_manifest(tmp_path) is None


def test_generate_replaces_what_was_there_and_tells_its_progress(manifest: Manifest, tmp_path: Path) -> None:
    (tmp_path / "events.parquet").write_text("old")
    heard: list[tuple[str, int, int]] = []
    made = generate(tmp_path, today=TODAY, progress=lambda name, done, total: heard.append((name, done, total)))
    assert made == manifest
    assert [done for _, done, _ in heard] == [0, 1, 2, 3, 4]
    assert heard[-1] == ("manifest.json", 4, 4)


def test_counts_and_span(manifest: Manifest, documented: Documented) -> None:
    assert (manifest.buyers, manifest.sources, manifest.targets) == (40, 12, 40 * 19)
    assert 245_000 <= manifest.events <= 255_000
    assert documented.rows("SELECT min(day) AS first, max(day) AS last, count(DISTINCT day) AS days FROM events") == [
        {"first": date(2025, 5, 1), "last": date(2026, 11, 22), "days": 571}
    ]


def test_ids_are_unique_hexadecimal_and_rise_with_time(documented: Documented) -> None:
    sql = """SELECT count(DISTINCT event_id) = count(*) AS own, bool_and(regexp_full_match(event_id, '[0-9a-f]{24}')) AS hex,
                    bool_and(risen) AS risen
             FROM (SELECT event_id, event_id > lag(event_id, 1, '') OVER (ORDER BY submitted_at, event_id) AS risen
                   FROM events)"""
    assert documented.rows(sql) == [{"own": True, "hex": True, "risen": True}]


def test_day_and_hour_are_the_buyers_wall_clock(documented: Documented) -> None:
    sql = """SELECT count(*) AS wrong FROM events JOIN buyers USING (buyer_id)
             WHERE timezone(zone, submitted_at)::date <> day OR hour(timezone(zone, submitted_at)) <> hour"""
    assert documented.rows(sql) == [{"wrong": 0}]


@pytest.mark.parametrize(
    "contradiction",
    [
        "state NOT IN ('accepted', 'rejected')",
        "(state = 'rejected') <> (reason IS NOT NULL)",
        "(state = 'accepted') <> (cost > 0)",
        "converted <> (revenue > 0)",
        "converted <> (converted_at IS NOT NULL)",
        "returned <> (returned_at IS NOT NULL)",
        "converted AND returned",
        "(converted OR returned) AND state <> 'accepted'",
        "converted_at <= submitted_at OR returned_at <= submitted_at",
        "returned_at > submitted_at + INTERVAL 7 DAY",
        "greatest(converted_at, returned_at) >= TIMESTAMPTZ '2026-11-23 00:00:00+00'",
        "currency = 'JPY' AND (cost % 1 <> 0 OR revenue % 1 <> 0)",
        "currency = 'USD' AND (cost <> cost_usd OR revenue <> revenue_usd)",
        "NOT regexp_full_match(lead_email, '[a-z]+\\.[a-z]+\\d+@example\\.(com|net|org)')",
        "NOT regexp_full_match(lead_phone, '\\+\\d+ \\d{3} 555 01\\d\\d')",
    ],
)
def test_no_event_contradicts_itself(documented: Documented, contradiction: str) -> None:
    assert documented.rows(f"SELECT count(*) AS wrong FROM events WHERE {contradiction}") == [{"wrong": 0}]


def test_every_buyer_has_rows_in_the_closed_month_and_week(documented: Documented) -> None:
    sql = """SELECT count(DISTINCT buyer_id) FILTER (day BETWEEN closed_week AND closed_week + 6) AS week,
                    count(DISTINCT buyer_id) FILTER (date_trunc('month', day) = closed_month) AS month
             FROM events, truths"""
    assert documented.rows(sql) == [{"week": 40, "month": 40}]


def test_money_is_decimal_with_two_places(folder: Path, manifest: Manifest) -> None:
    table = pq.read_table(folder / "events.parquet", columns=["cost", "revenue", "buyer_id", "source_id", "state"])
    assert (str(table["cost"].type), str(table["revenue"].type)) == ("decimal128(12, 2)", "decimal128(14, 2)")
    harbor = {"buyer_id": "harbor-home-solar", "source_id": "suncompare", "state": "accepted"}
    paid = {row["cost"] for row in table.slice(0, 5_000).to_pylist() if {name: row[name] for name in harbor} == harbor}
    assert paid == {Decimal("52.00")}


def test_targets_lie_near_what_is_usual(folder: Path, documented: Documented) -> None:
    sql = f"""SELECT count(*) AS months, count(*) FILTER (delivered BETWEEN 0.7 * leads AND 1.3 * leads) AS near
              FROM '{folder}/targets.parquet' JOIN
                   (SELECT buyer_id, date_trunc('month', day)::date AS month, count(*) AS leads FROM events
                    WHERE buyer_id = 'harbor-home-solar' GROUP BY ALL) USING (buyer_id, month)
              WHERE month < DATE '2026-11-01'"""
    assert documented.rows(sql) == [{"months": 18, "near": 18}]
