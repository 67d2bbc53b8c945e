"""Drawing processes follow what the machine, or the container, gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from broadsheet.config.machine import cores, memory, render_processes

pytestmark = pytest.mark.feature("PRF-12")
GIGA = 1024**3


def machine(folder: Path, files: dict[str, str]) -> Path:
    """A machine of 16 GB, with *files* of control groups beside."""
    for name, text in {"proc/meminfo": f"MemTotal:       {16 * GIGA // 1024} kB\nMemFree: 1 kB\n", **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize(
    ("files", "cores_given", "gigabytes", "processes"),
    [
        ({}, 8, 16, 8),
        ({"sys/fs/cgroup/cpu.max": "max 100000", "sys/fs/cgroup/memory.max": "max"}, 8, 16, 8),
        ({"sys/fs/cgroup/cpu.max": "150000 100000"}, 1.5, 16, 2),
        ({"sys/fs/cgroup/cpu.max": "400000 100000", "sys/fs/cgroup/memory.max": f"{4 * GIGA}"}, 4, 4, 3),
        ({"sys/fs/cgroup/memory.max": f"{GIGA // 2}"}, 8, 0.5, 1),  # too little for one, and still one
        (
            {
                "proc/self/cgroup": "0::/pod/box\n",
                "sys/fs/cgroup/pod/cpu.max": "200000 100000",
                "sys/fs/cgroup/pod/box/cpu.max": "max 100000",
                "sys/fs/cgroup/pod/box/memory.max": f"{8 * GIGA}",
            },
            2, 8, 2,
        ),  # what the group above allows holds, too
        (
            {
                "proc/self/cgroup": "4:cpu:/\n",
                "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "300000",
                "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000",
                "sys/fs/cgroup/memory/memory.limit_in_bytes": f"{2 * GIGA}",
            },
            3, 2, 1,
        ),  # the older layout
        ({"sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1", "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000"}, 8, 16, 8),
    ],
)  # fmt: skip
def test_cores_and_memory_as_given(tmp_path: Path, files, cores_given: float, gigabytes: float, processes: int) -> None:
    root = machine(tmp_path, files)
    assert cores(root, usable=8) == cores_given
    assert memory(root) == gigabytes * GIGA
    assert render_processes(megabytes=1000, root=root, usable=8) == processes


def test_a_machine_that_says_nothing_of_its_memory_goes_by_its_cores(tmp_path: Path) -> None:
    assert render_processes(megabytes=1000, root=tmp_path, usable=3) == 3


def test_this_machine_gives_something() -> None:
    assert cores() > 0
    assert memory() > 0
    assert render_processes(megabytes=1000) >= 1
