"""Folders of an object store are tables; only what a query needs is fetched; nothing is called that must not be."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.adapters.http_servers import Asked, raw, web

from broadsheet.adapters.engines.duckdb import ENGINE, objects
from broadsheet.sources.errors import QueryFailed, QueryRefused, SourceError, Unreachable
from broadsheet.sources.ports import Connection, Limits

SECRETS = {"secret_key": "secret"}
Open = Callable[..., Connection]


@pytest.fixture
def bucket(store: Any) -> str:
    name = f"b-{uuid4().hex[:12]}"
    store.create_bucket(Bucket=name)
    return name


@pytest.fixture
def settings(store_server: str, bucket: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setattr(objects, "FRESH_SECONDS", 0.0)
    return {
        "endpoint": store_server,
        "region": "us-east-1",
        "access_key": "key",
        "files": [f"s3://{bucket}/leads/*.parquet"],
    }


@pytest.fixture
def opened(settings: dict[str, Any]) -> Iterator[Open]:
    made: list[Connection] = []

    def open_it(*, secrets: dict[str, str] = SECRETS, **changes: Any) -> Connection:
        made.append(ENGINE.open(settings | changes, secrets=secrets, limits=Limits(seconds=10)))
        return made[-1]

    yield open_it
    for one in made:
        one.close()


@pytest.fixture
def put(store: Any, bucket: str) -> Callable[[str, Any], None]:
    def put_it(key: str, content: Any) -> None:
        if isinstance(content, pa.Table):
            into = BytesIO()
            pq.write_table(content, into, row_group_size=1000)
            content = into.getvalue()
        store.put_object(Bucket=bucket, Key=key, Body=content)

    return put_it


Put = Callable[[str, Any], None]


def leads(*ids: int) -> pa.Table:
    return pa.table({"id": list(ids), "name": [f"lead {one}" for one in ids]})


def rows(connection: Connection, sql: str, *values: Any) -> list[dict[str, Any]]:
    return connection.query(sql, list(values)).to_pylist()  # type: ignore[no-any-return]


def test_a_pattern_is_a_table_over_all_its_files(put: Put, opened: Open) -> None:
    put("leads/a.parquet", leads(1, 2))
    put("leads/b.parquet", leads(3))
    put("leads/notes.txt", b"no")
    put("leads/deeper/c.parquet", leads(4))
    connection = opened()
    assert connection.tables() == ("leads",)
    assert rows(connection, "select id from leads where id > $1 order by id", 1) == [{"id": 2}, {"id": 3}]
    assert rows(connection, "select l.name from leads l join leads m on l.id = m.id where m.id = 3") == [
        {"name": "lead 3"}
    ]


@pytest.mark.parametrize(
    ("pattern", "table", "count"),
    [
        ("leads/**/*.parquet", "leads", 4),
        ("leads", "leads", 4),
        ("leads/", "leads", 4),
        ("leads/a.parquet", "a", 2),
        ("lea*/b.parquet", "b.parquet", 1),
        ("leads/[ab].parquet", "leads", 3),
    ],
)
def test_patterns_name_files_and_tables(
    put: Put, opened: Open, bucket: str, pattern: str, table: str, count: int
) -> None:
    put("leads/a.parquet", leads(1, 2))
    put("leads/b.parquet", leads(3))
    put("leads/deeper/c.parquet", leads(4))
    connection = opened(files=[f"s3://{bucket}/{pattern}"])
    [name] = connection.tables()
    assert rows(connection, f'select count(*) as n from "{name}"') == [{"n": count}]
    assert name == table.removesuffix(".parquet")


def test_partitions_are_columns_and_csv_and_json_are_read(put: Put, opened: Open, bucket: str) -> None:
    put("leads/year=2025/a.parquet", leads(1))
    put("leads/year=2026/a.parquet", leads(2))
    put("buyers.csv", b"id,name\n1,Ana\n")
    put("notes/a.ndjson", b'{"id":1,"said":{"by":"Ana"}}\n')
    connection = opened(
        files=[f"s3://{bucket}/{one}" for one in ("leads/year=*/*.parquet", "buyers.csv", "notes/*.ndjson")]
    )
    assert connection.tables() == ("buyers", "leads", "notes")
    assert rows(connection, "select id from leads where year = 2026") == [{"id": 2}]
    assert rows(connection, "select b.name, n.said.by as by from buyers b join notes n using (id)") == [
        {"name": "Ana", "by": "Ana"}
    ]


def test_files_here_and_there_join(put: Put, opened: Open, bucket: str, tmp_path: Any) -> None:
    put("leads/a.parquet", leads(1, 2))
    (tmp_path / "buyers.csv").write_text("id,buyer\n2,Bo\n")
    connection = opened(files=[f"s3://{bucket}/leads/*.parquet", str(tmp_path / "*.csv")])
    assert rows(connection, "select name, buyer from leads join buyers using (id)") == [
        {"name": "lead 2", "buyer": "Bo"}
    ]


def test_only_what_a_query_needs_is_fetched(put: Put, store: Any, bucket: str, settings: dict[str, Any]) -> None:
    """A file of 8 MB; one column of one row group of it is some kilobytes."""
    import os

    wide = pa.table({"id": range(8000), "ballast": [os.urandom(1000) for _ in range(8000)]})
    put("leads/a.parquet", wide)
    sent = 0

    def relay(asked: Asked) -> tuple[int, dict[str, str], bytes]:
        nonlocal sent
        import urllib.request

        again = urllib.request.Request(f"{settings['endpoint']}{asked.path}", method=asked.method)
        for name in ("range", "authorization", "x-amz-date", "x-amz-content-sha256"):
            if name in asked.headers:
                again.add_header(name, asked.headers[name])
        with urllib.request.urlopen(again) as answer:
            body = answer.read()
            sent += len(body)
            headers = {
                k: v for k, v in answer.headers.items() if k.lower() in ("etag", "content-range", "last-modified")
            }
            headers["Content-Length"] = answer.headers["Content-Length"]
            return answer.status, headers, body if asked.method != "HEAD" else b""

    with web(relay) as between:
        connection = ENGINE.open(
            settings | {"endpoint": f"http://127.0.0.1:{between.port}"}, secrets=SECRETS, limits=Limits(seconds=20)
        )
        assert rows(connection, "select id from leads where id = 4321") == [{"id": 4321}]
        connection.close()
    assert 0 < sent < 1_000_000


def test_the_stamp_changes_with_the_files(put: Put, settings: dict[str, Any]) -> None:
    put("leads/a.parquet", leads(1))
    first = ENGINE.sealed_stamp(settings, secrets=SECRETS)
    assert first and ENGINE.sealed_stamp(settings, secrets=SECRETS) == first
    put("leads/b.parquet", leads(2))
    assert ENGINE.sealed_stamp(settings, secrets=SECRETS) != first
    assert ENGINE.sealed_stamp(settings, secrets={}) == ""  # cannot be told


def test_a_listing_serves_for_some_seconds(put: Put, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "FRESH_SECONDS", 60.0)
    put("leads/a.parquet", leads(1))
    first = ENGINE.sealed_stamp(settings, secrets=SECRETS)
    put("leads/b.parquet", leads(2))
    assert ENGINE.sealed_stamp(settings, secrets=SECRETS) == first


def test_an_endpoint_needs_the_operators_leave(put: Put, opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    put("leads/a.parquet", leads(1))
    monkeypatch.setenv("BROADSHEET_OBJECT_STORES", "s3.example.com, 127.0.0.1")
    assert opened().tables() == ("leads",)
    monkeypatch.setenv("BROADSHEET_OBJECT_STORES", "s3.example.com")
    with pytest.raises(QueryRefused, match="not among the object stores here"):
        opened()
    monkeypatch.setenv("BROADSHEET_ALLOW_PRIVATE_ADDRESSES", "127.0.0.1")  # which is for webhooks
    with pytest.raises(QueryRefused, match="not among the object stores here"):
        opened()


@pytest.mark.parametrize(
    ("endpoint", "words"),
    [
        ("http://169.254.169.254", "hands a cloud machine its credentials"),
        ("http://user:pw@127.0.0.1:9000", "user or password"),
        ("http://127.0.0.1:9000/bucket", "a host and a port"),
        ("file:///etc", "https://"),
        ("https://evil.example", "not among the object stores"),
        ("https://x.execute-api.us-east-1.amazonaws.com", "not among the object stores"),
        ("http://s3-website-us-east-1.amazonaws.com", "not among the object stores"),
        ("https://s3.evil.example/.amazonaws.com", "a host and a port"),
    ],
)
def test_an_endpoint_that_must_not_be_called_is_not(
    opened: Open, store: Any, endpoint: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROADSHEET_OBJECT_STORES", "127.0.0.1 169.254.169.254")
    with pytest.raises(QueryRefused, match=words):
        opened(endpoint=endpoint)


@pytest.mark.parametrize(
    "host",
    [
        "s3.amazonaws.com",
        "s3.eu-central-1.amazonaws.com",
        "s3-us-west-2.amazonaws.com",
        "s3.cn-north-1.amazonaws.com.cn",
    ],
)
def test_amazons_own_need_no_leave_but_must_be_public(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert objects.AMAZON.fullmatch(host)
    monkeypatch.setattr(objects, "resolved", lambda *_, **__: [(socket.AF_INET, "10.0.0.1")])
    with pytest.raises(QueryRefused, match="private network"):
        objects.listed(["s3://b/*.parquet"], {"endpoint": f"https://{host}"}, {})


def test_keys_come_together(opened: Open) -> None:
    with pytest.raises(QueryRefused, match="come together"):
        opened(secrets={})


def test_without_keys_nothing_of_the_machine_is_sent(
    put: Put, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "of-the-machine")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of-the-machine")
    heard: list[Asked] = []

    def listen(asked: Asked) -> tuple[int, dict[str, str], bytes]:
        heard.append(asked)
        return 403, {}, b""

    with web(listen) as server, pytest.raises(SourceError):
        place = {"endpoint": f"http://127.0.0.1:{server.port}", "access_key": ""}
        ENGINE.open(settings | place, secrets={}, limits=Limits())
    assert heard
    assert all("authorization" not in one.headers and "of-the-machine" not in str(one) for one in heard)


def test_what_is_not_there_is_told(opened: Open, bucket: str, put: Put) -> None:
    with pytest.raises(Unreachable, match="No file matches"):
        opened()
    with pytest.raises(SourceError, match="bucket"):
        opened(files=["s3://never-made-here/*.parquet"])
    with pytest.raises(QueryRefused, match="names no bucket"):
        opened(files=["s3://*/a.parquet"])
    put("odd/a.parquet", b"not Parquet at all")
    with pytest.raises(QueryFailed, match="not of one kind"):
        opened(files=[f"s3://{bucket}/odd/*.parquet"])
    put("odd/b.csv", b"id\n1\n")
    with pytest.raises(QueryRefused, match="several kinds"):
        opened(files=[f"s3://{bucket}/odd/*"])
    with pytest.raises(QueryRefused, match="would both be the table"):
        opened(files=[f"s3://{bucket}/odd/*.csv", f"s3://{bucket}/x/odd/*.parquet"])


def test_a_store_that_does_not_answer_is_left_alone_soon(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "SECONDS", 0.5)

    def silent(peer: socket.socket, over: threading.Event) -> None:
        over.wait(20)

    with raw(silent) as port:
        begun = time.monotonic()
        with pytest.raises(Unreachable):
            opened(endpoint=f"http://127.0.0.1:{port}")
    assert time.monotonic() - begun < 15
