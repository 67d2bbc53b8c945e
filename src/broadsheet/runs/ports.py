"""Where rendered files are kept, and how workers are told of runs.

Stores live in ``adapters/storage``; each kind registers by entry point.

An artifact is known by the SHA-256 of its plain bytes, so the same bytes are kept once. Who may read one, what it was
made from and how long it is kept is recorded elsewhere; a store only keeps bytes, sealed, and proves them when read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from broadsheet.keyring import Keyring
from broadsheet.plugins import Descriptor, Registry


class StoreError(Exception):
    """Base of what a store says; the message tells what happened to what, and what to do."""


class NotStored(StoreError, LookupError):
    """There is no artifact of that hash: it was never kept, or its time was over."""


class Damaged(StoreError):
    """What is kept is not what was put: truncated, changed, moved, or sealed under a key that is gone. Trying again
    does not help; the backup or a new rendering does."""


class Unwritable(StoreError):
    """Nothing was kept: the disk is full or refuses. The same put may succeed later; nothing half-written is left."""


@dataclass(frozen=True, slots=True)
class Stored:
    """``sha256`` in 64 lower-case hex digits and ``size`` in bytes, both of the plain content."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class StoreVerdict:
    """Whether a store works, in a sentence, and how to mend it if not."""

    ok: bool
    message: str
    fix: str = ""


class ArtifactStore(Protocol):
    """Safe to use from many threads and processes at once, the same content included."""

    def put(self, data: bytes) -> Stored:
        """Keep *data*, durably when this returns. Raises Unwritable."""

    def get(self, sha256: str) -> bytes:
        """The content, size and hash verified. Raises NotStored, Damaged; ValueError for what is no hash."""

    def open(self, sha256: str) -> BinaryIO:
        """The content to read and seek in, so that a range costs what it is long. Each piece is verified before it is
        given; reading raises Damaged. Raises NotStored, Damaged; ValueError for what is no hash."""

    def exists(self, sha256: str) -> bool:
        """Whether it is kept; tells nothing of its state."""

    def delete(self, sha256: str) -> bool:
        """Forget it; False when there was nothing. Readers that hold it open may read on."""

    def rewrap(self, sha256: str) -> bool:
        """Seal its data key under the current master key; False when it was already. The content is not touched.
        Raises NotStored, Damaged, Unwritable."""

    def check(self) -> StoreVerdict:
        """Write, read and delete a probe. Never raises."""


class StoreKind(Protocol):
    """A kind of store, such as a folder or a bucket."""

    @property
    def descriptor(self) -> Descriptor: ...

    def at(self, settings: Mapping[str, object], *, keyring: Keyring) -> ArtifactStore:
        """The store that *settings* describe. Raises ValueError for settings that are wrong; touches nothing yet."""


STORES: Registry[StoreKind] = Registry("broadsheet.stores", noun="store")


@dataclass(frozen=True, slots=True)
class Ring:
    """What workers are told: that ``run`` (its id) waits, of weight light or heavy. Nothing else of it travels."""

    run: str
    weight: str


class Bell(Protocol):
    """The scheduler's end: it tells workers that there is something to take."""

    def ring(self, rings: Sequence[Ring]) -> None:
        """Tell them, in order. Raises what it likes when that cannot be done now: it is told again."""


class Dispatcher(Protocol):
    """A way for schedulers to tell workers of runs. What is told may be lost, doubled or late: the database is the truth,
    and workers look by themselves, more seldom. Dispatchers live in ``adapters/dispatchers``; each registers by entry
    point."""

    @property
    def descriptor(self) -> Descriptor: ...

    def bell(self) -> Bell:
        """Connects to nothing before it is rung."""

    def listen(self, turn: Callable[[], None], *, weights: Sequence[str], places: int) -> AbstractContextManager[None]:
        """While it is open, *turn* is called in threads of its own, at most *places* at once, when the bell is rung for
        one of *weights*, and now and then without. Never raises for a broker that is away: it comes back to it."""

    def check(self) -> str:
        """What is wrong with it now, in a sentence; empty when it works. Within 5 s, never raises."""


DISPATCHERS: Registry[Dispatcher] = Registry("broadsheet.dispatchers", noun="dispatcher")
