"""A process that fetches and is killed on the way, again and again, each time one step later; see `test_killed`.

Called with the base address and a folder. A step is a call that changes the disk; the kill comes right after it, which is
right before the next. A child does the work and dies; the next one looks at what is left, fetches the rest, and looks again.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import pyarrow.compute
import pyarrow.pandas_compat  # noqa: F401
import pyarrow.parquet as pq
from tests.plugins.leadconduit import KEY

from broadsheet.adapters.engines.leadconduit import ENGINE, store, sync, vendor
from broadsheet.adapters.engines.leadconduit.plan import plan_of
from broadsheet.adapters.outbound.client import system_trust
from broadsheet.sources.copying import FOLDER

NOW = datetime(2027, 1, 1, tzinfo=UTC)
STEPS = [(os, "open"), (os, "fsync"), (os, "replace"), (os, "unlink"), (os, "fchmod"), (pq, "write_table")]


def in_a_child(work: Callable[[], None]) -> int:
    """How a child that does *work* ends: 0, or minus the signal."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def dying_at(step: int, work: Callable[[], None]) -> Callable[[], None]:
    """*work* that is killed at its *step*-th step, if it gets there."""
    passed = 0

    def around(call: Callable[..., Any]) -> Callable[..., Any]:
        def called(*args: Any, **kwargs: Any) -> Any:
            nonlocal passed
            result = call(*args, **kwargs)
            passed += 1
            if passed == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return called

    def run() -> None:
        for module, name in STEPS:
            setattr(module, name, around(getattr(module, name)))
        pq.ParquetWriter.write_batch = around(pq.ParquetWriter.write_batch)
        work()

    return run


def main(base: str, folder: Path) -> None:
    with suppress(ImportError):
        import_module("pandas")  # which Arrow looks for
    system_trust()
    vendor.PAGE = sync.PAGE = 4  # several pages of few events
    store.MOST_SMALL = 1

    def settings(step: int) -> dict[str, Any]:
        return {"base_address": base, FOLDER: str(folder / str(step)), "statistics": {"daily": {"interval": "daily"}}}

    def fetch(step: int) -> None:
        ENGINE.pull(settings(step), secrets={"api_key": KEY}, now=NOW, seconds=60)

    def held(step: int) -> list[str]:
        plan = plan_of(settings(step))
        copy = store.Copy(plan.folder, plan.generation)
        return [
            key
            for part in copy.manifest().parts
            for key in pq.read_table(copy.folder / part.file, columns=["id"]).column(0).to_pylist()
        ]

    def go_on(step: int) -> None:
        after = held(step)
        fetch(step)
        (folder / f"{step}.json").write_text(json.dumps([after, held(step)]))

    step, ended = 0, -signal.SIGKILL
    while ended:
        step += 1
        ended = in_a_child(dying_at(step, partial(fetch, step)))
        assert ended in {0, -signal.SIGKILL}, ended
        assert in_a_child(partial(go_on, step)) == 0, f"what was left at step {step} cannot be gone on with"
    print(json.dumps([json.loads((folder / f"{one}.json").read_text()) for one in range(1, step + 1)]))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
