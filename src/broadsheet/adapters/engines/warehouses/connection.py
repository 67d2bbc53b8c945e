"""Queries of one session with a warehouse, within their limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Event, Timer

import pyarrow as pa

from broadsheet.core.document.tables import Value
from broadsheet.sources.errors import SourceError
from broadsheet.sources.ports import Limits
from broadsheet.sources.rows import gathered

from .description import Answer, Session, Warehouse
from .errors import explained
from .reading import read
from .statement import written

LATER_SECONDS = 2.0  # the warehouse ends a query by itself at its limit, where it can; we do when it has not


class WarehouseConnection:
    """One session. What runs in it can be ended from another thread by `cancel`."""

    def __init__(self, session: Session, *, warehouse: Warehouse, limits: Limits) -> None:
        self._session = session
        self._warehouse = warehouse
        self._limits = limits

    def tables(self) -> tuple[str, ...]:
        return tuple(str(one) for one in self._run(self._warehouse.tables, ()).column(0).to_pylist())

    def notes(self) -> tuple[str, ...]:
        return ()

    def query(self, sql: str, parameters: Sequence[Value]) -> pa.Table:
        found = written(sql, parameters, warehouse=self._warehouse)
        return self._run(found.sql, found.values)

    def cancel(self) -> None:
        """End the running query at the warehouse; it raises LimitExceeded where it runs. Does nothing where none runs."""
        with suppress(Exception):  # out of reach: its own limit is left
            self._session.cancel()

    def close(self) -> None:
        with suppress(Exception):  # what cannot be closed is gone
            self._session.close()

    def _run(self, sql: str, values: Sequence[Value]) -> pa.Table:
        with self._watched() as late:
            try:
                answer = self._session.run(sql, values)
                return read(answer.names, self._fetched(answer))
            except SourceError:
                raise
            except Exception as error:
                raise explained(error, warehouse=self._warehouse, limits=self._limits, late=late.is_set()) from error

    def _fetched(self, answer: Answer) -> list[Sequence[object]]:
        rows = gathered(answer.batches, limits=self._limits)
        if len(rows) > self._limits.rows:
            self.cancel()  # the rest
        return rows

    @contextmanager
    def _watched(self) -> Iterator[Event]:
        """End the query when it is late, and when whoever asked goes away before its end."""
        late = Event()

        def stop() -> None:
            late.set()
            self.cancel()

        alarm = Timer(self._limits.seconds + LATER_SECONDS, stop)
        alarm.daemon = True
        alarm.start()
        try:
            yield late
        except BaseException:
            self.cancel()
            raise
        finally:
            alarm.cancel()
