"""A disk that is full when a test says so: a small file system in memory where that may be mounted, else a bound on the files
that the processes on it may write.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

NOT_MORE = 4096  # bytes that a bounded process may still write into a file: less than the log of any change
PIECES = (1 << 20, 1 << 14, 1 << 10, 1)


@dataclass
class Disk:
    """What lies in *folder*. ``processes`` are those that write there, for machines where nothing may be mounted."""

    folder: Path
    mounted: bool
    processes: Callable[[], list[int]] = list

    @property
    def _ballast(self) -> Path:
        return self.folder / ".ballast"

    def fill(self, *, leave: int = 0) -> None:
        """Room for *leave* bytes and no more; on a machine where nothing may be mounted for none."""
        if not self.mounted:
            self._bound(NOT_MORE)
            return
        with self._ballast.open("ab", buffering=0) as file:
            for piece in PIECES:
                with suppress(OSError):
                    while file.write(b"x" * piece):
                        pass
            file.truncate(file.tell() - leave)

    def free(self) -> None:
        self._ballast.unlink(missing_ok=True)
        if not self.mounted:
            self._bound(None)

    def _bound(self, size: int | None) -> None:
        """By each process's own user, who needs no right for it."""
        for process in self.processes():
            user = Path(f"/proc/{process}").stat().st_uid
            bound = f"--fsize={'unlimited' if size is None else size}:"
            who = {"user": user} if user != os.getuid() else {}
            subprocess.run(["prlimit", f"--pid={process}", bound], check=True, **who)  # type: ignore[call-overload]


@contextmanager
def small_disk(folder: Path, *, megabytes: int) -> Iterator[Disk]:
    """At *folder*, which is made. What is in it goes with the block."""
    folder.mkdir(parents=True, exist_ok=True)
    size = f"size={megabytes}m,mode=0755"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", folder], capture_output=True, check=False)
    made = Disk(folder, mounted.returncode == 0)
    try:
        yield made
    finally:
        if made.mounted:
            subprocess.run(["umount", "--lazy", folder], check=True)
