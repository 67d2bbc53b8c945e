"""BigQuery through its own client: one job a query, with typed parameters, ended by its id.

BigQuery has no session that only reads; a query job with a read-only account can do nothing else. Sources: “GoogleSQL
reference” and “Python client for Google BigQuery”.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlglot import exp

from broadsheet.core.document.tables import Value
from broadsheet.plugins import Setting
from broadsheet.sources.errors import QueryRefused
from broadsheet.sources.ports import Limits
from broadsheet.sources.rows import BATCH

from . import ansi  # noqa: F401  # makes sqlglot know its dialect
from .description import Answer, Batch, Client, Said, Secrets, Session, Settings, Warehouse, text_of
from .engine import WarehouseEngine

TYPES: tuple[tuple[type, str], ...] = (
    (bool, "BOOL"), (int, "INT64"), (float, "FLOAT64"), (Decimal, "BIGNUMERIC"), (datetime, "TIMESTAMP"), (date, "DATE"), (str, "STRING"),
)  # fmt: skip
NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
BYTES_BILLED = 100_000_000_000  # what one query may read where the setting says nothing


@dataclass(frozen=True, slots=True)
class JobAnswer:
    """The rows of a job that has ended."""

    rows: Client

    @property
    def names(self) -> Sequence[str]:
        return [str(field.name) for field in self.rows.schema]

    @property
    def batches(self) -> Iterable[Batch]:
        batch: list[Sequence[object]] = []
        for row in self.rows:
            batch.append(tuple(row.values()))
            if len(batch) == BATCH:
                yield batch
                batch = []
        yield batch


class JobSession:
    """One client; its latest job can be cancelled."""

    def __init__(self, module: Client, client: Client, *, options: dict[str, object], limits: Limits) -> None:
        self._module = module
        self._client = client
        self._options = options
        self._limits = limits
        self._job: Client = None

    def run(self, sql: str, values: Sequence[Value]) -> Answer:
        bound = [self._module.ScalarQueryParameter(f"p{n}", type_of(one), one) for n, one in enumerate(values, start=1)]
        config = self._module.QueryJobConfig(query_parameters=bound, **self._options)
        self._job = self._client.query(sql, job_config=config)
        return JobAnswer(self._job.result(timeout=self._limits.seconds, max_results=self._limits.rows + 1))

    def cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def close(self) -> None:
        self._client.close()


def type_of(value: Value) -> str:
    """The name of a value's type."""
    return next((name for kind, name in TYPES if isinstance(value, kind)), "STRING")


def adapted(tree: exp.Query, _values: Sequence[Value]) -> exp.Query:
    """A result's columns by names that BigQuery takes: “buyer.country” is none. They are read by their place."""
    names: dict[str, str] = {}
    for number, selected in enumerate(tree.expressions, start=1):
        if isinstance(selected, exp.Alias) and not NAME.fullmatch(selected.alias):
            names[selected.alias] = f"column_{number}"
            selected.set("alias", exp.to_identifier(names[selected.alias]))
    order = tree.args.get("order")
    for column in list(order.find_all(exp.Column)) if order and names else ():
        said = ".".join(part.name for part in column.parts)  # a dot within quotes parts names there
        if said in names:
            column.replace(exp.column(names[said]))
    return tree


def connect(client: Client, settings: Settings, secrets: Secrets, limits: Limits) -> Session:
    project, dataset = text_of(settings, "project"), text_of(settings, "dataset")
    location = text_of(settings, "location") or None
    try:
        key = json.loads(secrets["key"]) if secrets.get("key") else None
    except ValueError as error:
        raise QueryRefused(
            "The service account's key is not the JSON file that Google gives. Enter it anew."
        ) from error
    opened = (
        client.Client.from_service_account_info(key, project=project, location=location)
        if key
        else client.Client(project=project, location=location)
    )
    options: dict[str, object] = {
        "default_dataset": f"{project}.{dataset}",
        "use_legacy_sql": False,
        "job_timeout_ms": round(limits.seconds * 1000),
        "maximum_bytes_billed": int(text_of(settings, "bytes_billed", str(BYTES_BILLED))),
        "labels": {"application": "broadsheet"},
    }
    return JobSession(client, opened, options=options, limits=limits)


WAREHOUSE = Warehouse(
    id="bigquery",
    label="BigQuery",
    summary="A dataset in Google BigQuery. Texts stand in single quotes, names in double quotes or backticks.",
    settings=(
        Setting("project", "Project", required=True),
        Setting("dataset", "Dataset", required=True),
        Setting("location", "Location", help="Such as EU; empty: where the dataset is."),
        Setting("key", "Service account's key", secret=True, help="JSON; empty: the machine's own account."),
        Setting("bytes_billed", "Bytes that one query may read", kind="number", default=BYTES_BILLED),
    ),
    extra="bigquery",
    module="google.cloud.bigquery",
    dialect="ansibigquery",
    connect=connect,
    mark=lambda number, _value: f"@p{number}",
    local="DATETIME(CAST({0} AS TIMESTAMP), {1})",
    cuts={
        "hour": "DATETIME_TRUNC({0}, HOUR)",
        "day": "DATE({0})",
        "week": "DATE_TRUNC(DATE({0}), ISOWEEK)",
        **{grain: f"DATE_TRUNC(DATE({{0}}), {grain.upper()})" for grain in ("month", "quarter", "year")},
        "weekday": "MOD(EXTRACT(DAYOFWEEK FROM {0}) + 5, 7)",
        "hour_of_day": "EXTRACT(HOUR FROM {0})",
    },
    hashed="TO_HEX(SHA256(CONCAT({1}, CAST({0} AS STRING))))",
    exact="TO_HEX(CAST(CAST({0} AS STRING) AS BYTES))",
    adapted=adapted,
    tables="SELECT table_name FROM INFORMATION_SCHEMA.TABLES ORDER BY 1",
    said=Said(
        late=re.compile(r"timed out|[Tt]imeout|exceeded .*time|Job .*cancel"),
        column=re.compile(r"Unrecognized name: (\S+?)(?:[;,\s]|$)|Name (\S+) not found inside"),
        table=re.compile(r"Not found: Table (\S+?)(?:\s|$)"),
        denied=re.compile(r"Access Denied|does not have .*permission|bytesBilledLimitExceeded"),
    ),
)
ENGINE = WarehouseEngine(WAREHOUSE)
