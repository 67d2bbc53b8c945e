"""Which folders may be written to: the outbox of the installation, and what the operator names.

A person who may set up a channel may choose a folder below these, and none elsewhere.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from broadsheet.home import home

VARIABLE = "BROADSHEET_FOLDER_ROOTS"


class WrongFolder(ValueError):
    """The folder is not one to write to; the message says which are."""


@dataclass(frozen=True, slots=True)
class Place:
    """``root`` is what the operator allows, links resolved; ``below`` are names under it, none of which may be a link.
    Only the outbox is ``ours`` to make: a root of the operator's that is absent may be a disk that is not mounted."""

    root: Path
    below: tuple[str, ...]
    ours: bool

    def __str__(self) -> str:
        return str(self.root.joinpath(*self.below))


def outbox() -> Path:
    return home() / "outbox"


def operators() -> tuple[Path, ...]:
    """Folders named in ``BROADSHEET_FOLDER_ROOTS``, between colons."""
    return tuple(Path(text) for text in os.environ.get(VARIABLE, "").split(os.pathsep) if Path(text).is_absolute())


def placed(wanted: str) -> Place:
    """The place that *wanted* means: empty or relative, in the outbox; absolute, in one of the roots.
    Raises WrongFolder."""
    path = PurePosixPath(wanted)
    if ".." in path.parts or not wanted.isprintable():
        raise WrongFolder("The folder must not hold “..” or signs that cannot be seen.")
    try:
        return _found(path)
    except RuntimeError:  # from resolve(), of a link that leads to itself
        raise WrongFolder(f"A root among those of {VARIABLE} is a link that leads to itself.") from None


def _found(path: PurePosixPath) -> Place:
    if not path.is_absolute():
        return Place(outbox().resolve(), path.parts, ours=True)
    for root in (outbox(), *operators()):
        for spelling in (root, root.resolve()):
            if path.is_relative_to(spelling):
                return Place(root.resolve(), path.relative_to(spelling).parts, ours=root == outbox())
    roots = ", ".join(map(str, (outbox(), *operators())))
    raise WrongFolder(f"{path} lies outside the folders that may be written to: {roots}. See {VARIABLE}.")
