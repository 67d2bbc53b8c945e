"""One door for every replaceable part: formats, channels, engines and stores enter by entry points.

Built-ins are declared in this project's own ``pyproject.toml`` exactly as a third party would declare theirs. A
registry reads the installed packages' metadata at first use, in whichever process needs it, so that a spawned render
process finds its formats without any wiring. What a part must do is said by the port it fulfils, not here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from threading import Lock
from typing import Generic, Protocol, TypeVar


@dataclass(frozen=True, slots=True)
class Setting:
    """One field of a part's settings form.

    ``name`` is the key in the definition file; ``kind`` is ``text``, ``number``, ``flag``, ``choice`` or ``lines``;
    ``secret`` values are encrypted when kept and never shown again; ``choices`` are (value, label) pairs.
    ``place`` settings say where kept secrets are sent to: with another value these must be entered anew.
    """

    name: str
    label: str
    kind: str = "text"
    required: bool = False
    secret: bool = False
    default: object = None
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    place: bool = False


@dataclass(frozen=True, slots=True)
class Descriptor:
    """What pages may know of a part: its id, a label for people, its settings form and its capabilities."""

    id: str
    label: str
    summary: str = ""
    settings: tuple[Setting, ...] = ()
    capabilities: frozenset[str] = frozenset()


class Part(Protocol):
    """Anything that can be registered."""

    @property
    def descriptor(self) -> Descriptor: ...


P = TypeVar("P", bound=Part)


class UnknownPart(LookupError):
    """No part of that id is installed; the message lists those that are."""


class Registry(Generic[P]):
    """Parts of one kind, by id. Thread-safe; entry points are loaded on first use and kept."""

    def __init__(self, group: str, *, noun: str) -> None:
        self.group = group
        self.noun = noun
        self._lock = Lock()
        self._loaded: dict[str, P] = {}
        self._declared: dict[str, EntryPoint] | None = None

    def get(self, part_id: str) -> P:
        """The part called *part_id*. Raises UnknownPart, which names what there is."""
        with self._lock:
            if part_id not in self._loaded:
                declared = self._declarations().get(part_id)
                if declared is None:
                    known = ", ".join(sorted({*self._loaded, *self._declarations()}))
                    raise UnknownPart(f"There is no {self.noun} “{part_id}”. Installed are: {known}.")
                self._loaded[part_id] = declared.load()
            return self._loaded[part_id]

    def ids(self) -> tuple[str, ...]:
        """Ids of all installed parts, in alphabetical order."""
        with self._lock:
            return tuple(sorted({*self._loaded, *self._declarations()}))

    def all(self) -> Iterator[P]:
        """Every installed part, by id."""
        return (self.get(part_id) for part_id in self.ids())

    def register(self, part: P) -> None:
        """Add or replace a part by hand; tests register their in-memory twins this way."""
        with self._lock:
            self._loaded[part.descriptor.id] = part

    def _declarations(self) -> dict[str, EntryPoint]:
        if self._declared is None:
            self._declared = {point.name: point for point in entry_points(group=self.group)}
        return self._declared
