"""Output formats that end, fill or keep the process that draws them: a package as a third party would install one."""

from __future__ import annotations

from pathlib import Path

CODE = """\
import os
import signal

from broadsheet.plugins import Descriptor


class Poison:
    media_type, extension = "text/plain", "txt"

    def __init__(self, name):
        self.descriptor = Descriptor(name, name)
        self.render = getattr(self, "_" + name)

    def _crashing(self, document, *, theme):
        os.kill(os.getpid(), signal.SIGSEGV)

    def _filling(self, document, *, theme):
        kept = []
        while len(kept) < 8_000:
            kept.append(b"x" * 1_000_000)
        return kept[0]

    def _endless(self, document, *, theme):
        while True:
            pass


crashing, filling, endless = Poison("crashing"), Poison("filling"), Poison("endless")
"""
NAMES = ("crashing", "filling", "endless")


def install(folder: Path) -> None:
    """Into a *folder* that is to be on the path. ``crashing`` ends its process, ``filling`` takes 8 GB, ``endless`` never ends."""
    about = folder / "broadsheet_poison-1.dist-info"
    about.mkdir(parents=True)
    (folder / "broadsheet_poison.py").write_text(CODE, "utf-8")
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: broadsheet-poison\nVersion: 1\n", "utf-8")
    points = "".join(f"{one} = broadsheet_poison:{one}\n" for one in NAMES)
    (about / "entry_points.txt").write_text(f"[broadsheet.formats]\n{points}", "utf-8")
