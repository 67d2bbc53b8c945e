"""A client's errors in our terms, told by their words, which differ by vendor. The words themselves may quote values and go
into the log alone."""

from __future__ import annotations

from broadsheet.sources.errors import LimitExceeded, QueryFailed, QueryRefused, SourceError, UnknownName, Unreachable
from broadsheet.sources.ports import Limits

from .description import Warehouse

AWAY = ("OperationalError", "InterfaceError", "ConnectionError", "OSError", "RequestError", "NetworkError")


def explained(error: Exception, *, warehouse: Warehouse, limits: Limits, late: bool) -> SourceError:
    """*error* as one of `sources.errors`; *late*: it came because we ended the query."""
    said, detail = warehouse.said, str(error)
    if said.large is not None and said.large.search(detail):
        return LimitExceeded("The query gave more than its limits allow. Ask for fewer rows or columns.", detail=detail)
    if late or isinstance(error, TimeoutError) or said.late.search(detail):
        return LimitExceeded(
            f"The query took longer than {limits.seconds:g} s and was stopped. Narrow it or {limits.seconds_fix}.",
            detail=detail,
        )
    for kind, pattern in (("column", said.column), ("table", said.table)):
        if found := pattern.search(detail):
            name = next((one for one in found.groups() if one), "")
            return UnknownName(kind, name.rpartition(".")[2].strip("\"`'[]"), detail=detail)
    if said.denied.search(detail):
        return QueryRefused("Only reading what the connection's account may read is possible here.", detail=detail)
    if any(kind.__name__ in AWAY for kind in type(error).__mro__):
        return Unreachable(f"{warehouse.label} does not answer; it may be restarting or busy.", detail=detail)
    return QueryFailed(f"{warehouse.label} could not run the query; its words are in the log.", detail=detail)
