"""Make the sample's files: the one entrance, in the order in which things follow from each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from .intake import draw_leads
from .manifest import LAYOUT, NAME, Manifest, fact_of, write_manifest
from .outcomes import draw_outcomes
from .tables import buyers_table, events_table, sources_table, targets_table, write_parquet
from .targets import make_targets
from .truths import Truths, truths_for

SEED = 20261123
FILES = ("sources.parquet", "buyers.parquet", "targets.parquet", "events.parquet")

Progress = Callable[[str, int, int], None]


def generate(folder: Path, *, seed: int = SEED, today: date, progress: Progress | None = None) -> Manifest:
    """Write the sample's Parquet files and their manifest into *folder*, which is made if need be.

    The data covers 18 whole months and the current one up to the day before *today*, each day on the buyer's own wall
    clock. Equal *seed* and *today* give equal bytes (with equal releases of numpy and pyarrow). Files that are there
    are replaced one by one, the manifest last. *progress* hears (file name, files done, files in all).
    Raises OSError if the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NAME).unlink(missing_ok=True)
    truths = truths_for(today)
    facts = []
    for done, (name, table) in enumerate(_tables(truths, seed=seed)):
        if progress is not None:
            progress(name, done, len(FILES))
        write_parquet(table, path=folder / name)
        facts.append(fact_of(folder / name, rows=table.num_rows))
    if progress is not None:
        progress(NAME, len(FILES), len(FILES))
    rows = {fact.name.removesuffix(".parquet"): fact.rows for fact in facts}
    manifest = Manifest(layout=LAYOUT, seed=seed, today=today, files=tuple(facts), truths=truths, **rows)
    write_manifest(manifest, folder=folder)
    return manifest


def _tables(truths: Truths, *, seed: int) -> Iterator[tuple[str, pa.Table]]:
    """Small ones first. Each part draws from a stream of its own, so that a change in one leaves the others alone."""
    streams = [np.random.Generator(np.random.PCG64([seed, part])) for part in range(4)]
    yield FILES[0], sources_table()
    yield FILES[1], buyers_table()
    yield FILES[2], targets_table(make_targets(truths, rng=streams[0]))
    leads = draw_leads(truths, rng=streams[1])
    outcomes = draw_outcomes(leads, truths=truths, rng=streams[2])
    yield FILES[3], events_table(leads, outcomes=outcomes, rng=streams[3])
