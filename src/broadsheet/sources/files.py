"""Which files a source may read: whatever the server may, save the installation's own.

The installation's folder holds everybody's accounts, keys and reports. Of it only what is meant as data is open.
"""

from __future__ import annotations

from pathlib import Path

from broadsheet.home import home

from .errors import QueryRefused

DATA = ("sample", "data")  # folders of the installation that hold data to report on


def checked_file(path: Path) -> Path:
    """*path*, links resolved. Raises QueryRefused for a file of the installation itself."""
    found, ours = path.resolve(), home().resolve()
    if found.is_relative_to(ours) and not any(found.is_relative_to(ours / name) for name in DATA):
        raise QueryRefused(f"{path.name} belongs to the installation itself. Put data into its folder “data”.")
    return found
