"""Notices that the database was restored from a backup: then what ran since is unknown, and nothing of it may run twice.

Each minute that a process works has a row in the database, and each machine keeps the last one that it saw written in a
file outside of it. A row that the file knows and the database does not was lost, and with it all that came after the
newest one before. Machines that share the folder, as containers do, look at each other's. All is on the database's clock, so a machine whose own is wrong notices nothing that is not so; and
whichever process looks first, the row stays lost for all others.

What fires in lost time, and what was open at its beginning, waits for a person (`actions.hold_restored`). A machine whose
folder was restored along with the database cannot notice it: there a person declares it.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from broadsheet.clock import database_now
from broadsheet.runs.actions.hold_restored import hold_restored
from broadsheet.runs.loops import Loops
from broadsheet.runs.models import Beat

log = logging.getLogger(__name__)
BEAT_SECONDS = 20.0
NAME = "high-water-{host}.json"
LEAST = timedelta(minutes=2)  # less is what a server may forget when its power goes, if it is set to confirm early
AFTER = timedelta(minutes=2)  # a process may have worked so long after the last minute that it noted
KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Mark:
    """The newest minute that a machine saw written, and by which database."""

    line: UUID
    minute: datetime


class HighWater:
    """The mark of this machine, in *folder*, whose processes share it; and those of other machines there."""

    def __init__(self, folder: Path, *, host: str = "") -> None:
        self._host = host or socket.gethostname()
        self._file = folder / NAME.format(host=self._host)

    def beat(self) -> bool:
        """Look whether the database has lost what the mark knows, and hold what may run twice then; note this minute in
        both. False: nothing more to do at once. Raises DatabaseError."""
        now = database_now()
        minute = now.replace(second=0, microsecond=0)
        mark, lost = _read(self._file), False
        for file, seen in self._marks():
            begin = _lost(seen)
            if begin is not None:
                lost, end = True, min(seen.minute + AFTER, now)
                held = hold_restored(begin, end, told_by=self._host, now=now)
                log.warning(
                    "the database was restored from a backup action=restored from=%s to=%s held=%s", begin, end, held
                )
            if file != self._file and (begin is not None or seen.minute < now - KEPT):
                file.unlink(missing_ok=True)
        newest = Beat.objects.order_by("-minute").first()
        line = newest.line if newest else uuid4()
        row, new = Beat.objects.get_or_create(minute=minute, defaults={"line": line})
        if new:
            Beat.objects.filter(minute__lt=now - KEPT).delete()
        if mark is None or mark.line != row.line or mark.minute < minute or lost:
            self._write(Mark(row.line, minute))
        return False

    def _marks(self) -> list[tuple[Path, Mark]]:
        """Of all hosts that shared the folder, the newest first: the one that saw most may have had another name, as
        containers have each time that they are made."""
        found = [(file, _read(file)) for file in self._file.parent.glob(NAME.format(host="*"))]
        marks = [(file, mark) for file, mark in found if mark is not None]
        return sorted(marks, key=lambda one: one[1].minute, reverse=True)

    def _write(self, mark: Mark) -> None:
        """Whole or not at all, and on the disk before anything runs in that minute."""
        beside = self._file.with_name(f".{self._file.name}.{secrets.token_hex(4)}.part")
        with beside.open("w", encoding="utf-8") as file:
            json.dump({"database": str(mark.line), "minute": mark.minute.isoformat()}, file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._file)


@contextmanager
def remembered(folder: Path) -> Iterator[None]:
    """This process works until the block ends. What was lost is held before it begins: nothing fires meanwhile."""
    water, stopping = HighWater(folder), threading.Event()
    water.beat()
    loops = Loops(stopping)
    loops.add("high-water", water.beat, seconds=BEAT_SECONDS)
    loops.start()
    try:
        yield
    finally:
        stopping.set()
        loops.join(seconds=5)


def _read(file: Path) -> Mark | None:
    """None where there is none yet, or it cannot be read: then there is nothing to compare with."""
    try:
        said = json.loads(file.read_text("utf-8"))
        return Mark(UUID(said["database"]), datetime.fromisoformat(said["minute"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        log.warning("%s cannot be read, and is left out action=restored", file)
        return None


def _lost(mark: Mark) -> datetime | None:
    """When the time begins that the database lost; None when it knows the mark, is another one, or lost next to nothing."""
    mine = Beat.objects.filter(line=mark.line)
    if mine.filter(minute=mark.minute).exists():
        return None
    before = mine.filter(minute__lt=mark.minute).order_by("-minute").values_list("minute", flat=True).first()
    return before if before is not None and mark.minute - before > LEAST else None
