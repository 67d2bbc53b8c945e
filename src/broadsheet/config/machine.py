"""What this machine gives the process: cores and memory, by the kernel, and by the control groups of a container.

A container's share is not what the processor count says: a quota of one and a half cores on a machine of 64 is two
processes' work, and memory beyond the group's ends them all. Read once, at start.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path("/")
FOR_THE_REST = 500_000_000  # bytes that the server itself, its caches and its queries are left


def cores(root: Path = ROOT, *, usable: int | None = None) -> float:
    """Cores that may be used at once, such as 1.5: those that the process may run on, and of them what each control group
    above it allows. *usable* stands for the former in tests."""
    found = float(usable if usable is not None else len(os.sched_getaffinity(0)))
    for group in _groups(root):
        quota, _, period = _read(group / "cpu.max").partition(" ")
        if quota.isdigit() and period.isdigit():
            found = min(found, int(quota) / int(period))
    older = root / "sys/fs/cgroup/cpu"
    quota, period = _read(older / "cpu.cfs_quota_us"), _read(older / "cpu.cfs_period_us")
    if quota.isdigit() and period.isdigit():  # -1: none
        found = min(found, int(quota) / int(period))
    return found


def memory(root: Path = ROOT) -> int:
    """Bytes of memory that there are for the process: the machine's, or what a control group above it allows. 0: nobody
    says."""
    lines = _read(root / "proc/meminfo").splitlines()
    whole = next((int(line.split()[1]) * 1024 for line in lines if line.startswith("MemTotal:")), 0)
    older = root / "sys/fs/cgroup/memory/memory.limit_in_bytes"
    said = [_read(group / "memory.max") for group in _groups(root)] + [_read(older)]
    return min([whole, *(int(one) for one in said if one.isdigit())], key=lambda size: size or math.inf)


def render_processes(*, megabytes: int, root: Path = ROOT, usable: int | None = None) -> int:
    """As many drawing processes as there are cores for, and memory: each may take *megabytes*. At least one."""
    by_cores, given = math.ceil(cores(root, usable=usable)), memory(root)
    by_memory = (given - FOR_THE_REST) // (megabytes * 1_000_000) if given else by_cores
    return max(1, min(by_cores, by_memory))


def _groups(root: Path) -> Iterator[Path]:
    """The control groups (version 2) that the process is in, from its own up."""
    mounted = root / "sys/fs/cgroup"
    said = next((line for line in _read(root / "proc/self/cgroup").splitlines() if line.startswith("0::")), "0::/")
    group = mounted / said.removeprefix("0::").strip("/")
    while group != mounted.parent:
        yield group
        group = group.parent


def _read(file: Path) -> str:
    try:
        return file.read_text().strip()
    except (OSError, UnicodeDecodeError):
        return ""
