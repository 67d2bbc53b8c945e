"""Events come once, in order, whatever the other side sends and however often one asks."""

from __future__ import annotations

import errno
import json
import os
import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.adapters.http_servers import Asked, raw
from tests.plugins.leadconduit import FIRST, KEY, LeadConduit, Reply, event, event_id, said

from broadsheet.adapters.engines.leadconduit import ENGINE, store, vendor
from broadsheet.sources.copying import FOLDER, Pulled
from broadsheet.sources.errors import Busy, QueryFailed, Unreachable
from broadsheet.sources.ports import Limits

LATER = datetime(2027, 1, 1, tzinfo=UTC)
SECRETS = {"api_key": KEY}
Pull = Callable[..., Pulled]
pytestmark = pytest.mark.feature("BEY-12")


@pytest.fixture
def settings(leadconduit: LeadConduit, tmp_path: Path) -> dict[str, Any]:
    return {"base_address": leadconduit.base, FOLDER: str(tmp_path / "copy")}


@pytest.fixture
def pull(settings: dict[str, Any]) -> Pull:
    def pulled(*, seconds: float = 60.0, now: datetime = LATER, **changes: Any) -> Pulled:
        return ENGINE.pull(settings | changes, secrets=SECRETS, now=now, seconds=seconds)

    return pulled


def held(settings: dict[str, Any], sql: str = "select id from events order by id") -> list[Any]:
    connection = ENGINE.open(settings, secrets={}, limits=Limits())
    try:
        return connection.query(sql, []).column(0).to_pylist()
    finally:
        connection.close()


def test_pages_are_fetched_until_a_short_one(leadconduit: LeadConduit, settings: dict[str, Any], pull: Pull) -> None:
    leadconduit.fill(2003)
    found = pull()
    assert (found.new, found.whole, found.held.rows) == (2003, True, 2003)
    assert held(settings) == leadconduit.ids
    assert [query["limit"] for query in leadconduit.queries] == [["1000"]] * 3
    assert [query.get("after_id") for query in leadconduit.queries] == [
        None, [leadconduit.ids[999]], [leadconduit.ids[1999]],
    ]  # fmt: skip
    assert {query["sort"][0] for query in leadconduit.queries} == {"asc"}


def test_the_next_sync_asks_for_what_came_since(leadconduit: LeadConduit, settings: dict[str, Any], pull: Pull) -> None:
    leadconduit.fill(5)
    pull()
    leadconduit.fill(3)
    assert pull().new == 3
    assert held(settings) == leadconduit.ids
    assert pull().new == 0


def test_events_that_come_while_paging_are_neither_lost_nor_doubled(
    leadconduit: LeadConduit, settings: dict[str, Any], pull: Pull
) -> None:
    leadconduit.fill(1500)

    def arrive(_: Asked) -> None:
        if leadconduit.calls["/events"] <= 3:
            leadconduit.fill(700)

    leadconduit.before = arrive
    pull()
    pull()
    assert held(settings) == leadconduit.ids


def test_an_event_of_the_last_seconds_waits_for_its_neighbours(
    leadconduit: LeadConduit, settings: dict[str, Any], pull: Pull
) -> None:
    leadconduit.fill(3)
    moment = FIRST + timedelta(minutes=2)
    assert pull(now=moment + timedelta(seconds=5)).new == 2
    leadconduit.events.insert(2, event(2, id=event_id(moment, 1)))  # of the same second, and before it by its id
    assert pull(now=moment + timedelta(seconds=30)).new == 2
    assert held(settings) == sorted(leadconduit.ids)


def test_the_first_sync_begins_where_the_settings_say(
    leadconduit: LeadConduit, settings: dict[str, Any], pull: Pull
) -> None:
    leadconduit.fill(2000)
    pull(start="2026-11-21")
    begin = FIRST.replace(day=21, hour=0)
    kept = [one["id"] for one in leadconduit.events if one["start_timestamp"] >= begin.timestamp() * 1000]
    assert held(settings | {"start": "2026-11-21"}) == kept
    assert leadconduit.queries[0]["start"] == ["2026-11-21"]


@pytest.mark.parametrize(
    ("chosen", "kinds"), [({"include": ["recipient"]}, ["recipient"]), ({"exclude": ["recipient"]}, ["source"])]
)
def test_types_that_are_not_wanted_are_passed_by_once(
    leadconduit: LeadConduit, settings: dict[str, Any], pull: Pull, chosen: dict[str, Any], kinds: list[str]
) -> None:
    leadconduit.fill(1001)
    pull(**chosen)
    assert held(settings | chosen, "select distinct type from events") == kinds
    calls = leadconduit.calls["/events"]
    pull(**chosen)
    assert leadconduit.calls["/events"] == calls + 1
    assert leadconduit.queries[-1]["after_id"] == [leadconduit.ids[-1]]


def test_other_settings_begin_another_copy(leadconduit: LeadConduit, settings: dict[str, Any], pull: Pull) -> None:
    leadconduit.fill(4)
    pull()
    before = ENGINE.stamp(settings)
    changed = settings | {"include": ["source"]}
    assert held(changed) == []
    assert ENGINE.stamp(changed) != before
    pull(include=["source"])
    assert held(changed) == leadconduit.ids[::2]


def test_time_that_runs_out_leaves_a_whole_page(leadconduit: LeadConduit, settings: dict[str, Any], pull: Pull) -> None:
    leadconduit.fill(2500)
    found = pull(seconds=0.0)
    assert (found.new, found.whole) == (1000, False)
    assert held(settings) == leadconduit.ids[:1000]
    assert pull().new == 1500


def test_the_stamp_changes_with_what_is_held(leadconduit: LeadConduit, settings: dict[str, Any], pull: Pull) -> None:
    leadconduit.fill(2)
    pull()
    first = ENGINE.stamp(settings)
    pull()
    assert ENGINE.stamp(settings) == first
    leadconduit.fill(1)
    pull()
    assert ENGINE.stamp(settings) != first


def test_too_many_calls_are_waited_for(
    leadconduit: LeadConduit, settings: dict[str, Any], pull: Pull, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(vendor.Vendor.__init__, "__kwdefaults__", {"client": None, "wait": waited.append})
    leadconduit.fill(3)
    answers: list[Reply] = [(429, {"Retry-After": "7"}, b""), (429, {}, b"")]
    leadconduit.before = lambda _: answers.pop(0) if answers else None
    assert pull().new == 3
    assert waited == [7.0, 1.0]


@pytest.mark.parametrize("seconds", ["3600", "Fri, 01 Jan 2100 00:00:00 GMT"])
def test_a_long_pause_is_left_to_the_next_sync(leadconduit: LeadConduit, pull: Pull, seconds: str) -> None:
    leadconduit.before = lambda _: (429, {"Retry-After": seconds}, b"")
    with pytest.raises(Busy, match="429") as caught:
        pull()
    assert caught.value.seconds >= 3600


def test_trying_it_does_not_wait(leadconduit: LeadConduit, settings: dict[str, Any]) -> None:
    leadconduit.before = lambda _: (429, {"Retry-After": "20"}, b"")
    with pytest.raises(Busy, match="to wait 20 s"):
        ENGINE.try_out(settings, secrets=SECRETS)
    assert leadconduit.calls["/events"] == 1


def test_a_full_disk_is_told_and_loses_nothing(
    leadconduit: LeadConduit, settings: dict[str, Any], pull: Pull, monkeypatch: pytest.MonkeyPatch
) -> None:
    leadconduit.fill(2)
    pull()
    leadconduit.fill(2)
    with monkeypatch.context() as full, pytest.raises(QueryFailed, match="No space left on device"):
        full.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))))
        pull()
    assert held(settings) == leadconduit.ids[:2]
    assert pull().new == 2
    assert held(settings) == leadconduit.ids


def test_endless_refusals_end(leadconduit: LeadConduit, pull: Pull, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vendor.Vendor.__init__, "__kwdefaults__", {"client": None, "wait": lambda _: None})
    leadconduit.before = lambda _: (429, {"Retry-After": "1"}, b"")
    with pytest.raises(Busy):
        pull()
    assert leadconduit.calls["/events"] == vendor.TRIES


BROKEN: dict[str, Callable[[list[Any]], bytes]] = {
    "not JSON": lambda page: b"<html>Sorry</html>",
    "cut": lambda page: json.dumps(page).encode()[:-20],
    "no array": lambda page: json.dumps({"events": page}).encode(),
    "not a number": lambda page: b'[{"id": NaN}]',
    "deep": lambda page: b"[" * 100_000,
    "no event": lambda page: json.dumps([*page, 7]).encode(),
    "without an id": lambda page: json.dumps([*page, {"type": "source"}]).encode(),
    "an odd id": lambda page: json.dumps([*page, {"id": "../../x"}]).encode(),
    "back in time": lambda page: json.dumps(list(reversed(page))).encode(),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_nothing_of_a_broken_page_is_kept(
    leadconduit: LeadConduit, settings: dict[str, Any], pull: Pull, fault: str
) -> None:
    leadconduit.fill(5)
    pull()
    before, stamp = held(settings), ENGINE.stamp(settings)
    leadconduit.fill(3)
    body = BROKEN[fault](leadconduit.events[5:])
    leadconduit.before = lambda _: (200, {}, body)
    with pytest.raises(QueryFailed, match=r"LeadConduit’s answer .*[Nn]othing of"):
        pull()
    assert (held(settings), ENGINE.stamp(settings)) == (before, stamp)
    leadconduit.before = None
    assert pull().new == 3


def test_an_event_that_is_sent_twice_is_one(leadconduit: LeadConduit, settings: dict[str, Any], pull: Pull) -> None:
    leadconduit.fill(4)
    first, second, third, fourth = leadconduit.events
    leadconduit.before = lambda _: said([first, second, second, first, third, fourth, fourth])
    assert pull().new == 4
    leadconduit.fill(1)
    leadconduit.before = lambda _: said(leadconduit.events[3:])  # the last that is held, once more
    assert pull().new == 1
    assert held(settings) == leadconduit.ids


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (401, QueryFailed, "free accounts"),
        (403, QueryFailed, "administrator"),
        (404, QueryFailed, "base address"),
        (302, QueryFailed, "not followed"),
        (400, QueryFailed, "settings"),
        (503, Unreachable, "tried again"),
    ],
)
def test_each_refusal_says_what_to_do(
    leadconduit: LeadConduit, settings: dict[str, Any], pull: Pull, status: int, kind: type[Exception], words: str
) -> None:
    leadconduit.before = lambda _: (status, {"Location": "http://127.0.0.1/"}, b"{}")
    with pytest.raises(kind, match=words) as caught:
        pull()
    assert KEY not in str(caught.value)
    with pytest.raises(kind, match=words):
        ENGINE.try_out(settings, secrets=SECRETS)


def test_a_huge_page_is_asked_for_in_smaller_ones(
    leadconduit: LeadConduit, settings: dict[str, Any], pull: Pull, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vendor, "MOST_BYTES", 400_000)
    leadconduit.fill(1200)
    pull()
    assert held(settings) == leadconduit.ids
    assert {query["limit"][0] for query in leadconduit.queries} == {"1000", "250"}


def test_an_answer_that_never_fits_is_told(
    leadconduit: LeadConduit, pull: Pull, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vendor, "MOST_BYTES", 1000)
    leadconduit.fill(100)
    with pytest.raises(QueryFailed, match="larger than"):
        pull()


def test_a_slow_answer_is_broken_off(pull: Pull, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vendor, "SECONDS", 0.3)

    def drip(peer: socket.socket, over: threading.Event) -> None:
        peer.recv(4096)
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n[")
        while not over.wait(0.05):
            peer.sendall(b" ")

    with raw(drip) as port:
        begun = time.monotonic()
        with pytest.raises(Unreachable, match="did not answer"):
            pull(base_address=f"http://127.0.0.1:{port}")
    assert time.monotonic() - begun < 3


def test_a_private_address_needs_the_operators_leave(
    leadconduit: LeadConduit, pull: Pull, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BROADSHEET_ALLOW_PRIVATE_ADDRESSES")
    with pytest.raises(QueryFailed, match="private network"):
        pull()
    assert not leadconduit.calls


def test_many_small_parts_become_one_and_the_old_stay_for_their_readers(
    leadconduit: LeadConduit, settings: dict[str, Any], pull: Pull, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "MOST_SMALL", 3)
    for _ in range(3):
        leadconduit.fill(2)
        pull()
    reader = ENGINE.open(settings, secrets={}, limits=Limits())
    leadconduit.fill(2)
    pull()
    files = list(Path(settings[FOLDER]).rglob("events-*"))
    assert len(files) == 5
    assert reader.query("select count(*) from events", []).column(0).to_pylist() == [6]
    reader.close()
    assert held(settings) == leadconduit.ids
    monkeypatch.setattr(store, "GRACE_SECONDS", 0.0)
    pull()
    assert len(list(Path(settings[FOLDER]).rglob("events-*"))) == 1
    assert held(settings) == leadconduit.ids


def test_one_writes_at_a_time(leadconduit: LeadConduit, settings: dict[str, Any], pull: Pull) -> None:
    leadconduit.fill(1)
    copy = store.Copy(Path(settings[FOLDER]), "other")
    with copy.writing(), pytest.raises(Busy, match="Another process"):
        pull()
    assert pull().new == 1


def test_a_damaged_manifest_is_told_and_not_written_over(
    leadconduit: LeadConduit, settings: dict[str, Any], pull: Pull
) -> None:
    leadconduit.fill(1)
    pull()
    [manifest] = Path(settings[FOLDER]).rglob("manifest.json")
    manifest.write_text("{")
    with pytest.raises(QueryFailed, match="damaged"):
        pull()
    assert ENGINE.stamp(settings) == ""
    assert manifest.read_text() == "{"


def test_what_is_kept_is_for_the_server_alone(leadconduit: LeadConduit, settings: dict[str, Any], pull: Pull) -> None:
    leadconduit.fill(1)
    pull()
    root = Path(settings[FOLDER])
    assert root.stat().st_mode & 0o077 == 0
    assert {file.stat().st_mode & 0o077 for file in root.rglob("*.parquet")} == {0}
