"""What a run asks of the data: for each slice its parameters, as few queries as the asks differ, and how many rows came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from broadsheet.access.models import Organization
from broadsheet.core.document.compose import Context, asks
from broadsheet.core.document.definition import ReportDefinition
from broadsheet.core.document.parameters import ParameterError, Parameters, resolve
from broadsheet.core.document.periods import PeriodCalendars
from broadsheet.core.document.tables import DataTable
from broadsheet.core.policy import Reader
from broadsheet.core.theme import Theme
from broadsheet.reports import queries as reports
from broadsheet.runs.due import Moments
from broadsheet.runs.errors import RunError, TryLater
from broadsheet.runs.models import Occurrence, Slice
from broadsheet.runs.slicing import reader_from
from broadsheet.runs.spending import Spending, spending_of
from broadsheet.schedules.definition import ScheduleDefinition
from broadsheet.schedules.models import Wait
from broadsheet.schedules.periods import period_calendars
from broadsheet.sources.actions.ask import Request, answer_all
from broadsheet.sources.errors import LimitExceeded, SourceError, Unreachable

UNREADABLE = "The report's data cannot be read."
FIGURES = frozenset({"integer", "number", "money", "percent"})


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is the same for every slice of a run."""

    occurrence: Occurrence
    definition: ReportDefinition
    text: str
    given: dict[str, str]
    theme: Theme
    context: Context
    calendars: PeriodCalendars
    moments: Moments
    spent: Spending


@dataclass(frozen=True, slots=True)
class Order:
    """One slice to be made, with what it is made from."""

    slice: Slice
    reader: Reader
    parameters: Parameters
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Answered:
    """Answers by slice key and request name; ``failed`` says by the request's name why it has none."""

    answers: dict[str, dict[str, DataTable]]
    failed: dict[str, str]


def recipe_of(occurrence: Occurrence, *, now: datetime) -> Recipe:
    """Of a run whose report version is fixed. Raises RunError."""
    version = occurrence.report_version
    assert version is not None  # a planned run has one
    schedule = ScheduleDefinition.model_validate({**occurrence.definition, "name": occurrence.schedule.name})
    organization = Organization.objects.get(pk=occurrence.organization_id)
    definition, given = reports.definition_of(version), {**schedule.given, **occurrence.given}
    try:
        calendars = period_calendars(occurrence.organization_id, definition, given, now=occurrence.fire_at)
    except ParameterError as error:
        raise RunError(str(error)) from error
    return Recipe(
        occurrence,
        definition,
        version.definition,
        given,
        reports.theme_of(occurrence.organization_id, schedule.brand),
        # made_at is the planned instant, so that a run that goes on after a crash makes the same bytes
        _context(occurrence, organization.name, f"v{version.number}", now=now),
        calendars,
        Moments(occurrence, schedule),
        spending_of(schedule.policies.limits),
    )


def _context(occurrence: Occurrence, organization: str, version: str, *, now: datetime) -> Context:
    """What surrounds its documents; data that it did not wait for is told of."""
    made_at, data_to = occurrence.planned_at or now, occurrence.as_of or now
    wait = Wait.objects.filter(run=occurrence.pk, outcome="stale").first()
    if wait is None:
        return Context(organization, made_at, data_to, version)
    if wait.data_to is None:
        return Context(organization, made_at, data_to, version, stale="incomplete")
    return Context(organization, made_at, min(data_to, wait.data_to), version, stale="old")


def order_of(recipe: Recipe, slice: Slice) -> Order:
    """The slice's order, its parameters resolved at the moment that is its reader's own."""
    reader = reader_from(slice.reader)
    now = recipe.moments.now_in(reader.zone)
    parameters = resolve(recipe.definition, recipe.given, reader=reader, now=now, calendars=recipe.calendars)
    return Order(slice, reader, parameters, reader.fingerprint())


def rows_in(answers: dict[str, DataTable]) -> int:
    """How many rows a reader has to see in this period: 0 means that there is nothing to tell them.

    Comparisons and histories (their names hold a dot) do not count, nor a row of totals in which all is nothing.
    """
    return sum(counts_in(answers).values())


def counts_in(answers: dict[str, DataTable]) -> dict[str, int]:
    """The same for each request by its name."""
    return {name: _telling(table) for name, table in answers.items() if "." not in name}


def _telling(table: DataTable) -> int:
    figures = [index for index, column in enumerate(table.columns) if column.kind in FIGURES and not column.grain]
    return sum(not figures or any(row[index] for index in figures) for row in table.rows)


def answers_of(recipe: Recipe, orders: list[Order]) -> dict[str, dict[str, DataTable]]:
    """Answers by slice key and request name, with as few queries as the asks differ.

    Raises TryLater when the source does not answer, RunError for what a person must mend.
    """
    try:
        found = _asked(recipe, _requests(recipe, orders))
    except SourceError as error:
        raise RunError(f"{UNREADABLE} {error}") from error
    return _by_slice(orders, found)


def what_answers(recipe: Recipe, orders: list[Order]) -> Answered:
    """As `answers_of`; one request that cannot be answered does not take the others with it. Raises TryLater, and RunError
    where none can."""
    requests = _requests(recipe, orders)
    try:
        return Answered(_by_slice(orders, _asked(recipe, requests)), {})
    except LimitExceeded as error:  # asking again would only ask for more
        raise RunError(f"{UNREADABLE} {error}") from error
    except SourceError as error:
        return _one_by_one(recipe, orders, requests, error)


def _one_by_one(recipe: Recipe, orders: list[Order], requests: list[Request], first: SourceError) -> Answered:
    by_name: dict[str, list[Request]] = {}
    for request in requests:
        by_name.setdefault(request.key.split(" ", 1)[1], []).append(request)
    found: dict[str, DataTable] = {}
    failed: dict[str, str] = {}
    for name, some in by_name.items():
        try:
            found |= _asked(recipe, some)
        except SourceError as error:
            failed[name] = str(error)
    if not found:
        raise RunError(f"{UNREADABLE} {first}") from first
    return Answered(_by_slice(orders, found), failed)


def _requests(recipe: Recipe, orders: list[Order]) -> list[Request]:
    apart = reports.apart(recipe.occurrence.organization_id, recipe.definition)
    return [
        Request(f"{order.slice.key} {name}", ask, order.reader)
        for order in orders
        for name, ask in asks(recipe.definition, order.parameters, reader=order.reader, apart=apart).items()
    ]


def _asked(recipe: Recipe, requests: list[Request]) -> dict[str, DataTable]:
    """Raises TryLater, and SourceError for what a person must mend."""
    occurrence = recipe.occurrence
    try:
        return answer_all(
            occurrence.organization_id, requests, as_of=occurrence.as_of or occurrence.fire_at, meter=recipe.spent.meter
        )
    except Unreachable as error:
        raise TryLater(str(error)) from error


def _by_slice(orders: list[Order], found: dict[str, DataTable]) -> dict[str, dict[str, DataTable]]:
    answers: dict[str, dict[str, DataTable]] = {order.slice.key: {} for order in orders}
    for key, table in found.items():
        slice_key, name = key.split(" ", 1)
        answers[slice_key][name] = table
    return answers
