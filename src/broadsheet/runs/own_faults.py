"""Which faults of the database are a statement's own, and which say that the database is away."""

from __future__ import annotations

from django.db import InterfaceError, OperationalError

# Of SQLSTATE: not serializable, deadlock, beyond the server's limits (three), lock not to be had, cancelled.
OURS = {"40001", "40P01", "54000", "54001", "54023", "55P03", "57014"}


def database_away(fault: Exception) -> bool:
    """Whether the database is not there, so that nothing can be written down. Not so where it ended one statement of ours,
    and would end it again."""
    return isinstance(fault, OperationalError | InterfaceError) and not _is_our_own(fault)


def _is_our_own(fault: Exception) -> bool:
    return getattr(fault.__cause__, "sqlstate", None) in OURS or "too many SQL variables" in str(fault)
