"""CPU seconds of process trees, from Linux's /proc: what work costs, whatever else the machine is doing."""

from __future__ import annotations

import os
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def _stats() -> dict[int, tuple[int, float]]:
    """Of each process its parent and its CPU seconds, with those of its ended children."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rsplit(")", 1)[1].split()
        except OSError:  # ended meanwhile
            continue
        found[int(path.parent.name)] = int(fields[1]), sum(map(int, fields[11:15])) / TICK
    return found


def children() -> set[int]:
    """Processes that this one started."""
    return {pid for pid, (parent, _) in _stats().items() if parent == os.getpid()}


def seconds(roots: set[int]) -> float:
    """CPU seconds so far of *roots* and of everything below them."""
    stats, total = _stats(), 0.0
    for pid, (_, used) in stats.items():
        above = pid
        while above not in roots and above in stats:
            above = stats[above][0]
        total += used if above in roots else 0.0
    return total


def own(pid: int) -> float:
    """CPU seconds so far of that process alone, without its children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:13])) / TICK


def postmaster(address: str) -> int:
    """The process of the PostgreSQL server at *address*, for its superuser."""
    import psycopg

    with psycopg.connect(address) as database:
        [text] = database.execute("select pg_read_file('postmaster.pid')").fetchone() or ("",)
    return int(text.split()[0])
