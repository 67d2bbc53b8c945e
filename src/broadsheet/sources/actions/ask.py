"""Ask the organization's datasets: many readers' questions, each dataset queried as seldom as its asks allow."""

from __future__ import annotations

import hmac
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa
from django.conf import settings

from broadsheet.access.sealed import unseal
from broadsheet.core.document.tables import FISCAL_GRAINS, Ask, DataTable, Value
from broadsheet.core.policy import Reader
from broadsheet.core.recurrence.fiscal import CALENDAR_YEAR, FiscalCalendar
from broadsheet.schedules.calendars import CalendarError
from broadsheet.schedules.periods import fiscal_calendar
from broadsheet.sources.answers import Brought, Kept, Question, answer
from broadsheet.sources.cache import Cache
from broadsheet.sources.copies import located
from broadsheet.sources.dataset import Dataset
from broadsheet.sources.errors import QueryRefused, SourceError, UnknownName
from broadsheet.sources.metering import Meter
from broadsheet.sources.models import Source
from broadsheet.sources.naming import told
from broadsheet.sources.ports import ENGINES, Connection, Engine, Limits
from broadsheet.sources.queries import definition_of, stored
from broadsheet.sources.stamping import stamp_of

LIMITS = Limits()
KEPT: Cache[Brought] = Cache()


@dataclass(frozen=True, slots=True)
class Request:
    """*ask* for *reader*; ``key`` names the answer."""

    key: str
    ask: Ask
    reader: Reader


def answer_all(
    organization_id: int, requests: Sequence[Request], *, as_of: datetime, meter: Meter | None = None
) -> dict[str, DataTable]:
    """The answer to each request by its key; each reader gets the rows that the dataset's rules allow them. *meter* counts
    what the queries give, and bounds it.

    Raises the errors of `sources.errors`: Unreachable may be tried again, the others need a person.
    """
    groups: defaultdict[str, list[Request]] = defaultdict(list)
    for request in requests:
        groups[request.ask.dataset].append(request)
    answers: dict[str, DataTable] = {}
    fiscal = _fiscal(organization_id, requests, around=as_of.date())
    with ExitStack() as opened:
        for name, group in groups.items():
            dataset = stored(organization_id, name)
            asked = definition_of(dataset).dataset
            answers |= _answered(asked, dataset.source, group, opened=opened, as_of=as_of, fiscal=fiscal, meter=meter)
    return answers


def answer_of(dataset: Dataset, source: Source, ask: Ask, *, reader: Reader, as_of: datetime) -> DataTable:
    """The answer of *dataset*, which need not be as it is kept, in *source*. Raises as `answer_all` does."""
    with ExitStack() as opened:
        request = Request("answer", ask, reader)
        return _answered(dataset, source, [request], opened=opened, as_of=as_of, fiscal=CALENDAR_YEAR)["answer"]


def _answered(
    dataset: Dataset, source: Source, group: Sequence[Request], *, opened: ExitStack, as_of: datetime,
    fiscal: FiscalCalendar, meter: Meter | None = None,
) -> dict[str, DataTable]:  # fmt: skip
    limits = LIMITS if meter is None else meter.narrowed(LIMITS)
    engine, opening = ENGINES.get(source.engine), OnDemand(source, opened, limits=limits)
    try:
        return answer(
            dataset,
            [Question(one.key, one.ask, one.reader) for one in group],
            engine=engine,
            connection=opening,
            limits=limits,
            as_of=as_of,
            kept=Kept(f"{source.pk} {source.updated_at}", _stamp(engine, source), KEPT),
            salt=salt_of(source.organization_id),
            fiscal=fiscal,
            meter=meter,
        )
    except UnknownName as error:
        error.logged(action="ask", organization=source.organization_id, dataset=dataset.name)
        raise told(dataset, error, engine=engine, connection=opening) from error
    except SourceError as error:
        error.logged(action="ask", organization=source.organization_id, dataset=dataset.name)
        raise


def _fiscal(organization_id: int, requests: Sequence[Request], *, around: date) -> FiscalCalendar:
    """What fiscal periods are here; nothing is read where nobody asks by them. Raises QueryRefused."""
    if not any(group.grain in FISCAL_GRAINS for request in requests for group in request.ask.by):
        return CALENDAR_YEAR
    try:
        return fiscal_calendar(organization_id, around=around)
    except CalendarError as error:
        raise QueryRefused(f"The calendar “fiscal” cannot be read. {error.message} {error.fix}") from error


class OnDemand:
    """A connection that is opened by its first query: answers that are kept need none. Closed by *stack*."""

    def __init__(self, source: Source, stack: ExitStack, *, limits: Limits = LIMITS) -> None:
        self._source = source
        self._limits = limits
        self._stack = stack
        self._opened: Connection | None = None

    def tables(self) -> tuple[str, ...]:
        return self._connected().tables()

    def query(self, sql: str, parameters: Sequence[Value]) -> pa.Table:
        return self._connected().query(sql, parameters)

    def notes(self) -> tuple[str, ...]:
        return self._connected().notes()

    def close(self) -> None:
        """The stack closes it."""

    def _connected(self) -> Connection:
        if self._opened is None:
            self._opened = self._stack.enter_context(connection(self._source, limits=self._limits))
        return self._opened


def _stamp(engine: Engine, source: Source) -> str:
    purpose = purpose_of(source.organization_id, source.name)
    return stamp_of(engine, located(source), secrets=lambda: unseal(source.sealed, purpose=purpose))


@contextmanager
def connection(source: Source, *, limits: Limits = LIMITS) -> Iterator[Connection]:
    """An open, read-only connection to *source*. Raises Unreachable or QueryRefused."""
    secrets = unseal(source.sealed, purpose=purpose_of(source.organization_id, source.name))
    opened = ENGINES.get(source.engine).open(located(source), secrets=secrets, limits=limits)
    try:
        yield opened
    finally:
        opened.close()


def salt_of(organization_id: int) -> str:
    """What an organization's pseudonyms are made with: its own, secret, and the same as long as the secret key is."""
    return hmac.new(settings.SECRET_KEY.encode(), f"masks:{organization_id}".encode(), "sha256").hexdigest()


def purpose_of(organization_id: int, name: str) -> str:
    """What a source's secrets are bound to."""
    return f"source:{organization_id}:{name}"
