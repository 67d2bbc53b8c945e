"""An installation that others copy: made once in a run of tests, in however many processes the tests go."""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .house import House, furnish
from .postgres import Server, dump, restore

DATABASE = "model"


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Of the processes that share *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def model(server: Server, shared: Path, **settings: str) -> House:
    """The installation, in the database `model` of *server*: furnished by the first of those that share the folder *shared*,
    a copy of that by the others. Nobody works in it."""
    told, file = shared / "model.json", shared / "model.dump"
    with one_at_a_time(shared):
        if not told.exists():
            made = furnish(server.make(DATABASE), shared, **settings)
            dump(made.url, file)
            told.write_text(json.dumps(made.environment), "utf-8")
            return made
    return copied(House(shared / "home", json.loads(told.read_text("utf-8"))), server, file)


def copied(made: House, server: Server, file: Path) -> House:
    """*made*, whose database comes from the backup *file* into *server*."""
    url = server.make(DATABASE)
    restore(url, file)
    return House(made.folder, {**made.environment, "BROADSHEET_DATABASE_URL": url})


def another(made: House, server: Server, folder: Path) -> House:
    """A copy of *made* in another *server* and another *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "model.dump"
    dump(made.url, file)
    moved = copied(made, server, file)
    home = folder / "home"
    shutil.copytree(made.folder, home)
    return House(home, {**moved.environment, "BROADSHEET_HOME": str(home)})
