"""Metrics that are added up over everything but time, such as a balance: in each group the sum at its last moment counts.

Their SELECT is made of branches over the same rows: one for all other metrics, one for each way of taking a moment.
Every branch has every column, those of the others empty but of their own type, so that the outermost SELECT puts the
branches' rows of a group together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..dataset import Taken


@dataclass(frozen=True, slots=True)
class Branched:
    """``rows`` is the SELECT of single rows with the columns ``keys`` and, for each of ``taken``, ``_moment_0`` and so on.
    ``values`` are (aggregate, how it is taken); ``names`` what their columns are called, quoted."""

    rows: str
    keys: Sequence[str]
    values: Sequence[tuple[str, Taken | None]]
    names: Sequence[str]

    @property
    def taken(self) -> list[Taken]:
        """Each way of taking a moment, once."""
        return list(dict.fromkeys(taken for _, taken in self.values if taken is not None))

    def sql(self) -> str:
        """Rows of keys and values, one or none for a group in each branch."""
        return " UNION ALL ".join(
            [self._branch(None), *(self._taken(number, one) for number, one in enumerate(self.taken))]
        )

    def _values(self, taken: Taken | None) -> list[str]:
        return [
            f"{sql if own == taken else f'CASE WHEN 1 = 0 THEN {sql} END'} AS {name}"
            for (sql, own), name in zip(self.values, self.names, strict=True)
        ]

    def _branch(self, taken: Taken | None) -> str:
        selected = ", ".join([*self.keys, *self._values(taken)])
        return f"SELECT {selected} FROM ({self.rows}) AS d{_grouped(self.keys)}"

    def _taken(self, number: int, taken: Taken) -> str:
        moment = f"_moment_{number}"
        part = f"PARTITION BY {', '.join(self.keys)} " if self.keys else ""
        way = "DESC" if taken.take == "last" else "ASC"
        place = f"row_number() OVER ({part}ORDER BY {moment} {way}) AS _place"
        selected = ", ".join([*self.keys, *self._values(taken), place])
        inner = f"SELECT {selected} FROM ({self.rows}) AS d WHERE {moment} IS NOT NULL{_grouped([*self.keys, moment])}"
        outer = ", ".join([*self.keys, *self.names])
        if taken.take in ("last", "first"):
            return f"SELECT {outer} FROM ({inner}) AS t WHERE _place = 1"
        least = [f"{taken.take}({name}) AS {name}" for name in self.names]
        return f"SELECT {', '.join([*self.keys, *least])} FROM ({inner}) AS t{_grouped(self.keys)}"


def _grouped(keys: Sequence[str]) -> str:
    return f" GROUP BY {', '.join(keys)}" if keys else ""
