"""Reports: their definitions and versions, the files they make, and the figures of each of their blocks."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router, Schema
from pydantic import ConfigDict

from broadsheet.core.document.tables import DataTable, Value
from broadsheet.reports import queries
from broadsheet.reports.actions.save import save_report
from broadsheet.reports.errors import UnknownReport
from broadsheet.reports.models import Report, ReportVersion
from broadsheet.reports.ports import FORMATS
from broadsheet.runs.actions.answer import data_of, requests_of
from broadsheet.runs.actions.preview import preview
from broadsheet.web.downloads import download

from ..authentication import asker
from ..definition import Definition, Kept, loaded
from ..given import given
from ..paging import LARGEST_ID, Order, Page, Paging, integer, page
from ..telling import file_of, told

router = Router()
PARAMETERS = "Parameters of the report go into the query string as `p.name=value`, such as `p.period=last month`."
RENDERING = f"""The report as a file, from the data of this moment; nothing is kept or sent. {PARAMETERS}

Who may edit reports sees every row, and may look through a recipient's eyes; others see what row rules leave them."""
ANSWERING = f"""The figures behind a block: the answer to the data request that it draws, with the asker's rights.

Add `.previous` to the name for the period before, `.history` for its past, `.total` for a table's total. {PARAMETERS}"""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")  # OWASP, "CSV injection"


class ReportShape(Schema):
    """A report, as lists show it."""

    name: str = Field(examples=["buyer-performance"])
    title: str
    description: str
    version: int = Field(description="The latest.")
    updated_at: datetime


class ReportWhole(ReportShape):
    definition: str = Field(description="YAML text of the latest version.")
    data: list[str] = Field(description="Its data requests; ask each for its figures.", examples=[["month", "sources"]])


class VersionShape(Schema):
    """One state of a report's definition; never changed afterwards."""

    number: int
    made_at: datetime
    made_by: str
    definition: str = Field(description="YAML text.")


class ColumnShape(Schema):
    """A column of data. Percent values are fractions: 0.874 is 87.4 %."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    label: str
    kind: str = Field(description="text, integer, number, money, percent, date, instant or flag.")
    unit: str
    decimals: int | None
    better: str = Field(description="up, down, or empty for neither.")
    currency: str = Field(description="ISO 4217, where the dataset fixes one; else the reader's.")
    description: str
    grain: str | None


class DataShape(Schema):
    """The answer to one data request, for one reader."""

    report: str
    request: str
    as_of: datetime | None = Field(description="When the data was read.")
    truncated: bool = Field(description="Whether the request's own limit left rows out.")
    columns: list[ColumnShape]
    rows: list[list[str | int | float | bool | None]] = Field(
        description="Values in the order of the columns. Dates and instants are ISO 8601.",
        examples=[[["Atlas", 1, 30.0]]],
    )


class Looking(Schema):
    """Through whose eyes a report is seen."""

    as_: str = Field(
        "", alias="as", max_length=320, description="Key or address of a recipient in a schedule over the report; empty: the asker."
    )  # fmt: skip


class Rendering(Looking):
    format: str = Field(
        "pdf", max_length=32, description="Id of an installed format.", examples=["pdf", "html", "xlsx", "csv"]
    )
    brand: str = Field("", max_length=100, description="Name of a brand; empty: the organization's own.")


class Answering(Looking):
    format: Literal["json", "csv"] = "json"


def facts(one: Report) -> dict[str, Any]:
    return {
        "name": one.name, "title": one.title, "description": one.description, "version": one.latest,
        "updated_at": one.updated_at,
    }  # fmt: skip


def version_facts(one: ReportVersion) -> dict[str, Any]:
    return {"number": one.number, "made_at": one.made_at, "made_by": one.made_by, "definition": one.definition}


@router.get("/reports", **told("listReports", "List reports", permission="report.read", response=Page[ReportShape]))
def list_reports(request: HttpRequest, paging: Query[Paging]) -> object:
    """Reports by title."""
    order = (Order("title"), Order("pk", read=integer))
    return page(queries.reports(asker(request)), paging, order=order, shape=facts)


@router.get("/reports/{slug:name}", **told("getReport", "Get a report", permission="report.read", response=ReportWhole))
def get_report(request: HttpRequest, name: str) -> object:
    """One report with its definition and the names of its data requests."""
    actor = asker(request)
    found = queries.report(actor, name)
    return {**facts(found), "definition": queries.latest(found).definition, "data": requests_of(actor, name)}


@router.put("/reports/{slug:name}", **told("putReport", "Define a report", permission="report.edit", response=Kept))
def put_report(request: HttpRequest, name: str, body: Definition) -> object:
    """Keeps the definition as a new version, when anything differs from the latest."""
    effect = save_report(asker(request), loaded("report", name, body), now=timezone.now())
    return {"kind": "report", "name": name, "effect": effect}


@router.get(
    "/reports/{slug:name}/versions",
    **told("listReportVersions", "List versions", permission="report.read", response=Page[VersionShape]),
)
def versions(request: HttpRequest, name: str, paging: Query[Paging]) -> object:
    """All versions, the newest first."""
    found = ReportVersion.objects.filter(report=queries.report(asker(request), name))
    return page(found, paging, order=(Order("number", descending=True, read=integer),), shape=version_facts)


@router.get(
    "/reports/{slug:name}/versions/{int:number}",
    **told("getReportVersion", "Get a version", permission="report.read", response=VersionShape),
)
def version(request: HttpRequest, name: str, number: int) -> object:
    """One version, whole."""
    found = queries.report(asker(request), name).versions.filter(number=min(number, LARGEST_ID)).first()
    if found is None:
        raise UnknownReport(f"“{name}” has no version {number}. Look at its versions.")
    return version_facts(found)


@router.get(
    "/reports/{slug:name}/render",
    **told(
        "renderReport", "Render a report", permission="report.render report.export report.read", response={200: None},
        responses=file_of(),
        description=RENDERING,
    ),
)  # fmt: skip
def render(request: HttpRequest, name: str, how: Query[Rendering]) -> HttpResponse:
    actor = asker(request)
    queries.report(actor, name)
    made = preview(
        actor, name, form=how.format, now=timezone.now(), recipient=how.as_, given=given(request), brand=how.brand
    )
    form = FORMATS.get(how.format)
    name = f"{made.filename}.{form.extension}"
    return download(made.files[how.format], filename=name, media_type=form.media_type)


@router.get(
    "/reports/{slug:name}/data/{request_name}",
    **told(
        "getReportData", "Get the data of a block", permission="report.render report.read", response=DataShape,
        description=ANSWERING,
        responses={"200": {"content": {"text/csv": {"schema": {"type": "string"}}}}},
    ),
)  # fmt: skip
def data(request: HttpRequest, name: str, request_name: str, how: Query[Answering]) -> object:
    table = data_of(
        asker(request), name, request_name, now=timezone.now(), recipient=how.as_, given=given(request)
    )  # fmt: skip
    if how.format == "csv":
        text = as_csv(table).encode()
        return download(text, filename=f"{name}-{request_name}.csv", media_type="text/csv; charset=utf-8")
    rows = [[plain(value) for value in row] for row in table.rows]
    return {
        "report": name, "request": request_name, "as_of": table.as_of, "truncated": table.truncated,
        "columns": table.columns, "rows": rows,
    }  # fmt: skip


def plain(value: Value) -> str | int | float | bool | None:
    """*value* as JSON has it; what is no finite number is null."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value.is_finite() and value == value.to_integral_value() else plain(float(value))
    if isinstance(value, float) and not isfinite(value):
        return None
    return value


def as_csv(table: DataTable) -> str:
    """RFC 4180 with the columns' names on top; text that a spreadsheet would take for a formula is quoted by ’."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([column.name for column in table.columns])
    writer.writerows([[_cell(value) for value in row] for row in table.rows])
    return target.getvalue()


def _cell(value: Value) -> object:
    told = plain(value)
    if isinstance(told, bool):
        return "true" if told else "false"
    if isinstance(told, str):
        told = told.replace("\0", "")
        return f"'{told}" if told.startswith(FORMULA_STARTS) else told
    return "" if told is None else told
