"""Tables in an object store that speaks S3: a pattern is a table, read as it is asked for.

Arrow's own client connects. It follows redirects and cannot be held to an address that was checked, so a store that is
not to be trusted could have it read from inside our network what is then shown as a table. Therefore only Amazon's own
endpoints and those that the operator names are asked; their names are resolved and checked besides, as for every call
outwards. Without keys nothing is sent that would prove who we are: never those of the machine.
"""

from __future__ import annotations

import fnmatch
import hashlib
import ipaddress
import json
import os
import re
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pyarrow as pa
from pyarrow import fs

from broadsheet.adapters.outbound import Denied, OutboundError, Policy
from broadsheet.adapters.outbound.client import checked, port
from broadsheet.adapters.outbound.wire import Deadline, resolved
from broadsheet.sources.errors import QueryFailed, QueryRefused, Unreachable

from .patterns import BUCKET, kind_of, once, stem_of

if TYPE_CHECKING:
    import pyarrow.dataset as ds

ACCESS_KEY, SECRET_KEY, ENDPOINT, REGION = "access_key", "secret_key", "endpoint", "region"
STORES = "BROADSHEET_OBJECT_STORES"  # names of hosts, with commas between
AMAZON = re.compile(r"(?!s3-website)s3([.-][a-z0-9-]+)?\.amazonaws\.com(\.cn)?")
FORMATS = {"parquet": "ParquetFileFormat", "csv": "CsvFileFormat", "json": "JsonFileFormat"}  # of Arrow's data sets
MOST_FILES = 10_000  # of one source
SECONDS = 10.0  # to connect, and between two pieces of an answer
FRESH_SECONDS = 5.0  # a listing serves the questions of one report
MOST_KEPT = 50
WILD = "*?["


@dataclass(frozen=True, slots=True)
class Found:
    """``files`` of the table ``name``, sorted: path without scheme, size in bytes, and when it was written (ns)."""

    name: str
    files: tuple[tuple[str, int, int], ...]


_kept: dict[str, tuple[float, tuple[Found, ...]]] = {}
_lock = threading.Lock()


def tables_in(
    patterns: Sequence[str], settings: Mapping[str, object], secrets: Mapping[str, str]
) -> dict[str, ds.Dataset]:
    """A data set for each pattern, by its table's name. Raises QueryRefused, Unreachable, QueryFailed."""
    found = listed(patterns, settings, secrets)
    store = _store(settings, secrets)
    return {one.name: _dataset(one, store) for one in found}


def listed(patterns: Sequence[str], settings: Mapping[str, object], secrets: Mapping[str, str]) -> tuple[Found, ...]:
    """What lies under the patterns, some seconds old at most. Raises as `tables_in` does."""
    once([(table_of(pattern), pattern) for pattern in patterns])
    said = json.dumps([list(patterns), _place(settings), dict(sorted(secrets.items()))])
    key = hashlib.sha256(said.encode()).hexdigest()
    with _lock:
        kept = _kept.get(key)
    if kept is not None and time.monotonic() - kept[0] < FRESH_SECONDS:
        return kept[1]
    store = _store(settings, secrets)
    found = tuple(Found(table_of(pattern), _files(pattern, store)) for pattern in patterns)
    with _lock:
        while len(_kept) >= MOST_KEPT:
            _kept.pop(next(iter(_kept)))
        _kept[key] = time.monotonic(), found
    return found


def table_of(pattern: str) -> str:
    """``buyers`` of ``s3://lake/buyers.parquet``; of a pattern with signs for any, or a folder, the folder's name."""
    parts = [part for part in pattern.removeprefix(BUCKET).split("/") if part]
    if not parts:
        raise QueryRefused(f"“{pattern}” names no bucket. Write it as s3://bucket/folder/*.parquet.")
    if kind_of(parts[-1]) and not _wild(parts[-1:]):
        return stem_of(parts[-1])
    plain = [part for part in parts if not _wild([part]) and "=" not in part]
    return plain[-1] if plain else parts[0]


def _files(pattern: str, store: fs.S3FileSystem) -> tuple[tuple[str, int, int], ...]:
    path = pattern.removeprefix(BUCKET).rstrip("/")
    steps = path.split("/")
    fixed = [step for number, step in enumerate(steps) if not _wild(steps[: number + 1])]
    if not fixed:
        raise QueryRefused(f"“{pattern}” names no bucket. Write it as s3://bucket/folder/*.parquet.")
    whole = fixed == steps
    if whole and kind_of(path):
        infos = [_asked(lambda: store.get_file_info(path))]
    else:
        infos = _asked(
            lambda: store.get_file_info(fs.FileSelector("/".join(fixed), recursive=True, allow_not_found=True))
        )
    files = [one for one in infos if one.type == fs.FileType.File and kind_of(one.path) in FORMATS and one.size]
    if not whole:
        files = [one for one in files if fits(one.path, path)]
    if len(files) > MOST_FILES:
        raise QueryRefused(f"“{pattern}” names more than {MOST_FILES:,} files. Name fewer, or join them.")
    if not files:
        raise Unreachable(
            f"No file matches “{pattern}”. Check bucket, folder and ending: .parquet, .csv, .ndjson or .jsonl."
        )
    if len({kind_of(one.path) for one in files}) > 1:
        raise QueryRefused(f"“{pattern}” names files of several kinds. End it in one, such as *.parquet.")
    return tuple(sorted((one.path, one.size, one.mtime_ns or 0) for one in files))


def fits(path: str, pattern: str) -> bool:
    """Whether *path* matches step by step; ``**`` stands for any number of steps."""
    return _fits(path.split("/"), pattern.split("/"))


def _fits(steps: Sequence[str], wanted: Sequence[str]) -> bool:
    if not wanted:
        return not steps
    if wanted[0] == "**":
        return any(_fits(steps[number:], wanted[1:]) for number in range(len(steps) + 1))
    return bool(steps) and fnmatch.fnmatchcase(steps[0], wanted[0]) and _fits(steps[1:], wanted[1:])


def _wild(steps: Sequence[str]) -> bool:
    return any(sign in step for step in steps for sign in WILD)


def _dataset(found: Found, store: fs.S3FileSystem) -> ds.Dataset:
    """Steps such as ``year=2026`` become columns. Columns and rows that a query does not need are not fetched; that
    sizes are told spares a question for each file, which would hold up this whole process (Arrow 26)."""
    import pyarrow.dataset as ds  # brings Pandas where that is installed: half a second of each process's start

    form = getattr(ds, FORMATS[kind_of(found.files[0][0])])()
    keys = [partition_of(path) for path, _, _ in found.files]
    names = [name for name in keys[0] if all(name in one for one in keys)]
    whole = {name: all(one[name].isdecimal() and len(one[name]) < 10 for one in keys) for name in names}
    fragments = []
    for (path, size, _), values in zip(found.files, keys, strict=True):
        told = ds.scalar(True)
        for name in names:
            told = told & (ds.field(name) == (int(values[name]) if whole[name] else values[name]))
        fragments.append(form.make_fragment(path, store, partition_expression=told, file_size=size))
    schema: pa.Schema = _asked(lambda: fragments[0].physical_schema)
    for name in names:
        if name not in schema.names:
            schema = schema.append(pa.field(name, pa.int64() if whole[name] else pa.string()))
    return ds.FileSystemDataset(fragments, schema, form, store)


def partition_of(path: str) -> dict[str, str]:
    """What the steps of *path* tell, as Hive writes them: ``…/year=2026/…`` is year 2026."""
    pairs = (step.partition("=") for step in path.split("/")[:-1])
    return {name: unquote(value) for name, sign, value in pairs if sign and name}


def _store(settings: Mapping[str, object], secrets: Mapping[str, str]) -> fs.S3FileSystem:
    endpoint, region = _place(settings)
    scheme, _, host = endpoint.partition("://")
    _require_allowed(endpoint)
    key, secret = str(settings.get(ACCESS_KEY) or ""), secrets.get(SECRET_KEY, "")
    if bool(key) != bool(secret):
        raise QueryRefused("The store’s access key and secret key come together. Give both in Settings, or neither.")
    return fs.S3FileSystem(
        **({"access_key": key, "secret_key": secret} if key else {"anonymous": True}),
        region=region or "us-east-1",
        endpoint_override=host,
        scheme=scheme,
        connect_timeout=SECONDS,
        request_timeout=SECONDS,
        retry_strategy=fs.AwsStandardS3RetryStrategy(max_attempts=2),
        background_writes=False,
        allow_bucket_creation=False,
        allow_bucket_deletion=False,
    )


def _place(settings: Mapping[str, object]) -> tuple[str, str]:
    region = str(settings.get(REGION) or "")
    endpoint = str(settings.get(ENDPOINT) or "").rstrip("/")
    if not endpoint:
        endpoint = f"https://s3.{region or 'us-east-1'}.amazonaws.com"
    return (endpoint if "://" in endpoint else f"https://{endpoint}"), region


def _require_allowed(endpoint: str) -> None:
    """Raise unless the endpoint's name may be called at every address that it has."""
    try:
        where = checked(endpoint)
        if where.path not in ("", "/") or where.query:
            raise Denied("An endpoint is a host and a port, such as https://s3.example.com:9000.")
        host, number = where.raw_host.decode("ascii").lower(), port(where)
        named = frozenset(os.environ.get(STORES, "").lower().replace(",", " ").split())
        if host not in named and not AMAZON.fullmatch(host):
            raise Denied(f"“{host}” is not among the object stores here. The operator can allow it by {STORES}.")
        policy = Policy.from_environment()
        policy = replace(policy, hosts=policy.hosts | named)
        for _, address in resolved(host, number, deadline=Deadline(SECONDS)):
            refusal = policy.refusal(
                host, ipaddress.ip_address(address), port=number, encrypted=where.scheme == "https"
            )
            if refusal:
                raise Denied(refusal)
    except Denied as error:
        raise QueryRefused(f"The object store cannot be called. {error}") from error
    except OutboundError as error:
        raise Unreachable(f"The object store did not answer. {error}") from error


def _asked(call: Any) -> Any:
    """What *call* gives. Arrow's words may hold addresses and keys' names: they go to the log."""
    try:
        return call()
    except (FileNotFoundError, pa.ArrowInvalid) as error:
        raise QueryFailed(
            "The object store’s files cannot be read: they are not there any more, or not of one kind and shape.",
            detail=str(error),
        ) from error
    except OSError as error:
        said = str(error)
        if "ACCESS_DENIED" in said or "403" in said or "INVALID_ACCESS_KEY" in said or "SIGNATURE" in said:
            raise QueryFailed(
                "The object store does not let these keys read there. Check keys, bucket and region.", detail=said
            ) from error
        if "NO_SUCH_BUCKET" in said:
            raise QueryFailed("There is no such bucket in the object store. Check its name.", detail=said) from error
        raise Unreachable("The object store did not answer as one. Check endpoint and region.", detail=said) from error
