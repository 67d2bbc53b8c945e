"""Writing whole files below a root without following a link: every step is taken from an open folder.

A file is written beside under a temporary name, flushed to the disk and renamed, so that a reader sees all of it or
none, whatever happens in between.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from .paths import numbered
from .roots import Place

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
MOST_NUMBERS = 1000


@contextmanager
def walked(place: Place, names: tuple[str, ...], *, make: bool = True) -> Iterator[int]:
    """A handle on the folder *names* below *place*; missing ones are made if *make*, else the walk ends at the last
    there is. Raises OSError, NotADirectoryError where a link or file stands in the way."""
    if place.ours and make:
        place.root.mkdir(parents=True, exist_ok=True)
    handle = os.open(place.root, FOLDER)
    try:
        for name in (*place.below, *names):
            try:
                inner = _entered(handle, name, make=make)
            except FileNotFoundError:
                if make:
                    raise
                break
            os.close(handle)
            handle = inner
        yield handle
    finally:
        os.close(handle)


def _entered(folder: int, name: str, *, make: bool) -> int:
    try:
        return os.open(name, FOLDER, dir_fd=folder)
    except FileNotFoundError:
        if not make:
            raise
    with suppress(FileExistsError):  # another process was first
        os.mkdir(name, 0o750, dir_fd=folder)
        os.fsync(folder)
    return os.open(name, FOLDER, dir_fd=folder)


def keep(folder: int, name: str, data: bytes, *, number: bool, handing_over: Callable[[], None]) -> str:
    """Put *data* into *folder* as *name*; the name that it has then. The same bytes there already are left alone;
    other bytes are replaced, or kept beside a numbered one if *number*. Raises OSError."""
    if not number and _holds(folder, name, data):
        return name
    beside = _written(folder, data)
    try:
        handing_over()
        if not number:
            os.rename(beside, name, src_dir_fd=folder, dst_dir_fd=folder)
            return name
        return _numbered(folder, beside, name, data)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(beside, dir_fd=folder)
        os.fsync(folder)


def probe(folder: int) -> None:
    """Write and delete a file there. Raises OSError."""
    os.unlink(_written(folder, b"probe"), dir_fd=folder)


def _numbered(folder: int, beside: str, name: str, data: bytes) -> str:
    for n in range(1, MOST_NUMBERS + 1):
        candidate = numbered(name, n)
        found = _holds(folder, candidate, data)
        if found is None:
            try:
                # A link, unlike a rename, fails where another process has just put its file.
                os.link(beside, candidate, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
            except FileExistsError:
                found = _holds(folder, candidate, data)
            except OSError as error:
                if error.errno not in {errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK}:
                    raise
                os.rename(beside, candidate, src_dir_fd=folder, dst_dir_fd=folder)  # no links on FAT and some shares
                return candidate
            else:
                return candidate
        if found:
            return candidate
    raise OSError(errno.EEXIST, f"there are {MOST_NUMBERS} files of that name already")


def _holds(folder: int, name: str, data: bytes) -> bool | None:
    """Whether *name* is a file of exactly these bytes; None when there is nothing."""
    try:
        handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    except FileNotFoundError:
        return None
    except OSError:
        return False  # a link, or not ours to read
    with os.fdopen(handle, "rb") as file:
        kind = os.fstat(handle)
        return stat.S_ISREG(kind.st_mode) and kind.st_size == len(data) and file.read() == data


def _written(folder: int, data: bytes) -> str:
    """A new file of these bytes, on the disk; its temporary name. Nothing is left when that fails."""
    name = f".{secrets.token_hex(8)}.part"
    handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o640, dir_fd=folder)
    try:
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(handle, view) :]
            os.fsync(handle)
        finally:
            os.close(handle)
    except BaseException:
        os.unlink(name, dir_fd=folder)
        raise
    return name
