"""Datasets asked by name, and where their fields come from and who uses them."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema
from pydantic import ConfigDict

from broadsheet.runs.actions.explore import MOST, USUAL, Condition, Wanted, explore
from broadsheet.runs.lineage import lineage

from ..authentication import asker
from ..paging import Asked
from ..telling import told
from .reports import ColumnShape, plain

router = Router()
ASKING = """Metrics by dimensions, with the asker's own rows and fields: the same gate that reports pass.

Groups that a dataset holds back because they are too small are counted in `withheld`."""


class ConditionShape(Asked):
    """One condition; all hold."""

    dimension: str = Field(max_length=200)
    operator: str = Field("=", max_length=20, description="= != < <= > >= in, not in, is null, is not null.")
    value: str | int | float | bool | list[str | int | float] | None = Field(
        None, description="Dates as 2026-10-14, moments as 2026-10-14T08:00 in the asker's zone; a list for in."
    )


class AskShape(Asked):
    """What is asked of a dataset."""

    metrics: list[str] = Field(default_factory=list, max_length=50, examples=[["spent"]])
    by: list[str] = Field(
        default_factory=list, max_length=10, examples=[["month"]],
        description="Dimensions; a grain of the dataset's time, such as month; or dimension:grain.",
    )  # fmt: skip
    where: list[ConditionShape] = Field(default_factory=list, max_length=30)
    period: str = Field("", max_length=200, description="As reports take it, such as last month; empty: all times.")
    order: list[str] = Field(default_factory=list, max_length=10, description="Columns; - in front sorts downwards.")
    limit: int = Field(USUAL, ge=1, le=MOST)
    fill: bool = Field(False, description="Add rows for periods without any.")


class AnswerShape(Schema):
    """Rows of a dataset, for the asker."""

    dataset: str
    as_of: datetime | None
    truncated: bool = Field(description="Whether there are more rows than the limit.")
    withheld: int = Field(description="Groups that are too small to be shown, and those that had to go with them.")
    columns: list[ColumnShape]
    rows: list[list[str | int | float | bool | None]]


class BlockShape(Schema):
    """A block that shows some of the fields."""

    model_config = ConfigDict(from_attributes=True)

    kind: str
    title: str
    line: int
    used: list[str] = Field(description="Fields of the dataset.")


class RequestShape(Schema):
    """A data request of a report."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    dataset: str
    line: int
    used: list[str] = Field(description="Fields of the dataset.")
    blocks: list[BlockShape]


class ReportUseShape(Schema):
    model_config = ConfigDict(from_attributes=True)

    name: str
    title: str
    requests: list[RequestShape]


class ScheduleUseShape(Schema):
    """A schedule over one of the reports, or whose audience or conditions ask the dataset."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    title: str
    report: str
    audience: list[str] = Field(description="Columns that its audience takes from the dataset.")
    channels: list[str]
    conditions: list[str] = Field(description="Fields that its conditions ask; “rows” for those that ask of no field.")


class LineageShape(Schema):
    """From the source's tables to the schedules."""

    model_config = ConfigDict(from_attributes=True)

    dataset: str
    field: str = Field(description="The field that was asked about; empty: all.")
    source: str
    engine: str
    tables: list[str]
    joins: list[str] = Field(description="Datasets that it joins.")
    joined_by: list[str] = Field(description="Datasets that join it.")
    made_of: list[str] = Field(description="Metrics that the field is worked out from.")
    makes: list[str] = Field(description="Metrics that are worked out from the field.")
    reports: list[ReportUseShape]
    schedules: list[ScheduleUseShape]
    unseen: int = Field(description="Reports and schedules that use it and that the asker may not read.")


class OneField(Schema):
    """Which field."""

    field: str = Field("", max_length=300, description="A dimension or metric; empty: the whole dataset.")


@router.post(
    "/datasets/{slug:name}/ask",
    **told(
        "askDataset", "Ask a dataset", permission="source.read report.render", response=AnswerShape, description=ASKING
    ),
)
def ask(request: HttpRequest, name: str, body: AskShape) -> object:
    where = tuple(
        Condition(one.dimension, one.operator, tuple(one.value) if isinstance(one.value, list) else one.value)
        for one in body.where
    )
    wanted = Wanted(
        tuple(body.metrics), tuple(body.by), where, body.period, tuple(body.order), body.limit, body.fill
    )  # fmt: skip
    table = explore(asker(request), name, wanted, now=timezone.now())
    return {
        "dataset": name, "as_of": table.as_of, "truncated": table.truncated, "withheld": table.withheld,
        "columns": table.columns, "rows": [[plain(value) for value in row] for row in table.rows],
    }  # fmt: skip


@router.get(
    "/datasets/{slug:name}/lineage",
    **told("getDatasetLineage", "Get a dataset's lineage", permission="source.read", response=LineageShape),
)
def get_lineage(request: HttpRequest, name: str, how: Query[OneField]) -> object:
    """Where it comes from, and which reports, blocks and schedules use it; of one field with `field`."""
    return lineage(asker(request), name, how.field)
