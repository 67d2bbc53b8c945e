"""Whether this process can serve: database, its form, the broker where there is one, and the store; each within time.

A part that hangs is asked in a thread of its own and left behind; while it hangs nobody asks it again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from time import monotonic

from django.conf import settings
from django.db import connection, connections

from broadsheet.runs.ports import DISPATCHERS
from broadsheet.runs.store import artifact_store

SECONDS = 2.5  # for all parts together: a proxy's probe gives up after 3
BEHIND = "It is not in the form of this release. Start the server anew, which brings it there."
SILENT = f"It does not answer within {SECONDS:g} seconds."

Part = Callable[[], str]
"""What is wrong with a part, in a sentence; empty when it works."""


class Readiness:
    """Asks all parts at once. Kept for the process, so that what hangs is known to hang."""

    def __init__(self, parts: Mapping[str, Part], *, seconds: float = SECONDS) -> None:
        self._parts = dict(parts)
        self._seconds = seconds
        self._asked: dict[str, Future[str]] = {}
        self._lock = threading.Lock()

    def wrong(self) -> dict[str, str]:
        """What is wrong, by part; empty when all is well."""
        end = monotonic() + self._seconds
        asked = {name: self._ask(name) for name in self._parts}
        found = {name: _answer(one, seconds=max(end - monotonic(), 0)) for name, one in asked.items()}
        return {name: said for name, said in found.items() if said}

    def _ask(self, name: str) -> Future[str]:
        with self._lock:
            before = self._asked.get(name)
            if before is not None and not before.done():
                return before
            one: Future[str] = Future()
            self._asked[name] = one
        threading.Thread(target=self._run, args=(name, one), name=f"ready-{name}", daemon=True).start()
        return one

    def _run(self, name: str, one: Future[str]) -> None:
        try:
            one.set_result(self._parts[name]())
        except Exception as error:  # a check's border
            one.set_exception(error)
        finally:
            connections.close_all()  # of this thread


def _answer(one: Future[str], *, seconds: float) -> str:
    try:
        return one.result(timeout=seconds)
    except TimeoutError:
        return SILENT
    except Exception as error:  # what it raised is in the log of whoever else meets it
        return f"It does not answer: {type(error).__name__}."


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


class _Form:
    """The database's form. What was right once stays so while this process lives."""

    def __init__(self) -> None:
        self._right = False

    def __call__(self) -> str:
        from django.db.migrations.executor import MigrationExecutor

        if not self._right:
            executor = MigrationExecutor(connection)
            self._right = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        return "" if self._right else BEHIND


def _broker() -> str:
    return DISPATCHERS.get(settings.DISPATCHER).check()


def _store() -> str:
    verdict = artifact_store().check()
    return "" if verdict.ok else f"{verdict.message} {verdict.fix}".strip()


READINESS = Readiness({"database": _database, "migrations": _Form(), "broker": _broker, "store": _store})
