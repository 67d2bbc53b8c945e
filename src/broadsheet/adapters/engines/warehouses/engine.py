"""One engine for every warehouse that is described."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module

from broadsheet.plugins import Descriptor
from broadsheet.sources.errors import QueryRefused, SourceError, Unreachable
from broadsheet.sources.ports import WAREHOUSE, Limits
from broadsheet.sources.writing import StandardSql

from .connection import WarehouseConnection
from .description import Client, Warehouse


@dataclass(frozen=True, slots=True, eq=False)
class WarehouseEngine(StandardSql):
    """``load`` gives the client's module by its name; raises ImportError."""

    warehouse: Warehouse
    load: Callable[[str], Client] = import_module

    @property
    def descriptor(self) -> Descriptor:
        one = self.warehouse
        return Descriptor(
            id=one.id, label=one.label, summary=one.summary, settings=one.settings, capabilities=frozenset({WAREHOUSE})
        )

    @property
    def dialect(self) -> str:
        return self.warehouse.dialect

    def open(
        self, settings: Mapping[str, object], *, secrets: Mapping[str, str], limits: Limits
    ) -> WarehouseConnection:  # fmt: skip
        one = self.warehouse
        for wanted in one.settings:
            if wanted.required and not str((secrets if wanted.secret else settings).get(wanted.name) or "").strip():
                raise QueryRefused(f"{one.label} needs “{wanted.label}”. Enter it in the source's settings.")
        client = self._client()
        try:
            session = one.connect(client, settings, secrets, limits)
        except SourceError:
            raise
        except Exception as error:  # each client has errors of its own
            raise Unreachable(
                f"{one.label} did not let us in. Check its address, account and secrets.", detail=str(error)
            ) from error
        return WarehouseConnection(session, warehouse=one, limits=limits)

    def stamp(self, settings: Mapping[str, object]) -> str:
        return ""  # asking would wake, and bill, the warehouse

    def hashed(self, expression: str, *, salt: str) -> str:
        return self.warehouse.hashed.format(expression, salt)

    def exact(self, expression: str) -> str:
        return self.warehouse.exact.format(expression)

    def cut(self, expression: str, grain: str, *, zone: str, instant: bool) -> str:
        cuts = self.warehouse.cuts
        if grain not in cuts:
            raise QueryRefused(f"“{grain}” is not a grain; use {', '.join(cuts)}.")
        return cuts[grain].format(self.warehouse.local.format(expression, zone) if instant else f"({expression})")

    def _client(self) -> Client:
        one = self.warehouse
        try:
            return self.load(one.module)
        except ImportError as error:
            raise QueryRefused(
                f"{one.label} needs its client, which is not installed: pip install '.[{one.extra}]'.",
                detail=str(error),
            ) from error
