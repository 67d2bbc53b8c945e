"""Which files a source may read: what lies under the roots that the operator named; without roots, whatever the server
may, save the installation's own.

The installation's folder holds everybody's accounts, keys and reports. Of it only what is meant as data is open. Where
several organizations share a machine, name roots: else the owners of one could read the files of another.
"""

from __future__ import annotations

import os
from pathlib import Path

from broadsheet.home import home

from .errors import QueryRefused

ROOTS = "BROADSHEET_SOURCE_ROOTS"  # folders with “:” between
DATA = ("sample", "data")  # folders of the installation that hold data to report on


def checked_file(path: Path) -> Path:
    """*path*, links resolved. Raises QueryRefused for a file of the installation itself."""
    found, ours = path.resolve(), home().resolve()
    if found.is_relative_to(ours) and not any(found.is_relative_to(ours / name) for name in DATA):
        raise QueryRefused(f"{path.name} belongs to the installation itself. Put data into its folder “data”.")
    roots = [Path(root).expanduser().resolve() for root in os.environ.get(ROOTS, "").split(os.pathsep) if root.strip()]
    inside = [*roots, *(ours / name for name in DATA)]
    if roots and not any(found.is_relative_to(root) for root in inside):
        raise QueryRefused(f"{path.name} lies outside the folders for data. Ask the operator to add its to {ROOTS}.")
    return found
