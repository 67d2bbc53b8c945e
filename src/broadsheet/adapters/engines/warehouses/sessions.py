"""Sessions over clients that keep to PEP 249."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from broadsheet.core.document.tables import Value
from broadsheet.sources.rows import batches_of

from .description import Answer, Batch, Client


@dataclass(frozen=True, slots=True)
class CursorAnswer:
    """The rows of a cursor that has executed."""

    cursor: Client

    @property
    def names(self) -> Sequence[str]:
        return [str(column[0]) for column in self.cursor.description or ()]

    @property
    def batches(self) -> Iterable[Batch]:
        return batches_of(self.cursor)


class DbApiSession:
    """One connection and the cursor that runs. ``bind`` makes of the values what ``execute`` takes; ``cancel`` ends what a
    cursor runs; ``around`` are run before and after each query, such as the ends of a transaction."""

    def __init__(
        self,
        connection: Client,
        *,
        cancel: Callable[[Client], None],
        bind: Callable[[Sequence[Value]], object] = list,
        cursor: Callable[[Client], Client] = lambda connection: connection.cursor(),
        around: tuple[str, str] | None = None,
    ) -> None:
        self._connection = connection
        self._cancel = cancel
        self._bind = bind
        self._open = cursor
        self._around = around
        self._begun = False
        self._cursor: Client = None

    def set_up(self, *statements: str) -> DbApiSession:
        """Run *statements* that set the session up; it."""
        for statement in statements:
            cursor = self._open(self._connection)
            cursor.execute(statement)
            cursor.close()
        return self

    def run(self, sql: str, values: Sequence[Value]) -> Answer:
        self._end()
        if self._around is not None:
            self.set_up(self._around[0])
            self._begun = True
        self._cursor = self._open(self._connection)
        if values:
            self._cursor.execute(sql, self._bind(values))
        else:
            self._cursor.execute(sql)
        return CursorAnswer(self._cursor)

    def _end(self) -> None:
        """Of the query before, also where it failed: its transaction would refuse the next one."""
        if self._cursor is not None:
            self._cursor.close()
            self._cursor = None
        if self._around is not None and self._begun:
            self.set_up(self._around[1])
            self._begun = False

    def cancel(self) -> None:
        if self._cursor is not None:
            self._cancel(self._cursor)

    def close(self) -> None:
        self._connection.close()
