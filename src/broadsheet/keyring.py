"""Master keys: what seals small secrets (passwords, tokens) and wraps the data keys of artifacts.

Keys lie in one JSON file that only its owner may read: ``{"current": "k-9f…", "keys": {"k-9f…": "<base64, 32 bytes>"}}``.
New things are sealed under the current key; older keys stay, so that what they sealed can be opened and sealed anew.
AES-256-GCM with a random nonce (NIST SP 800-38D: at most 2^32 uses a key); the key's id and the *purpose* are
authenticated, so a token copied from one place to another does not open there.
"""

from __future__ import annotations

import base64
import binascii
import fcntl
import json
import os
import secrets
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
VERSION = "v1"


class KeyringError(Exception):
    """The key file is absent, readable by others, or not one; the message says how to mend it."""


class Unsealable(Exception):
    """What should be opened was changed, belongs elsewhere, or its key is gone. Trying again does not help."""


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A data key, sealed under the master key ``key_id``."""

    key_id: str
    sealed: bytes


class Keyring:
    """Thread-safe. A ring from a file reads it again when it meets a key that another process has added."""

    def __init__(self, keys: Mapping[str, bytes], *, current: str, path: Path | None = None) -> None:
        """*keys* are id -> 32 bytes. Raises KeyringError when one is of another length or *current* is not there."""
        self._path = path
        self._lock = Lock()
        self._adopt(keys, current)

    @classmethod
    def generate(cls) -> Keyring:
        """A ring in memory with one new key."""
        key_id, key = _new()
        return cls({key_id: key}, current=key_id)

    @classmethod
    def from_file(cls, path: Path, *, create: bool = False) -> Keyring:
        """The ring kept at *path*; with *create*, made with one new key if there is none. Raises KeyringError."""
        if create and not path.exists():
            _create(path)
        keys, current = _read(path)
        return cls(keys, current=current, path=path)

    @property
    def current(self) -> str:
        """Id of the key that seals what is new."""
        return self._current

    def ids(self) -> tuple[str, ...]:
        """Ids of all keys, in alphabetical order."""
        return tuple(sorted(self._keys))

    def seal(self, plain: bytes, *, purpose: str) -> str:
        """A token ``v1.<key id>.<base64url>`` that opens only for the same *purpose* (such as ``source:12:password``)."""
        sealed = _encrypt(self._keys[self._current], plain, _context("seal", self._current, purpose))
        return f"{VERSION}.{self._current}.{base64.urlsafe_b64encode(sealed).decode().rstrip('=')}"

    def unseal(self, token: str, *, purpose: str) -> bytes:
        """What was sealed. Raises Unsealable."""
        version, key_id, sealed = _parts(token)
        if version != VERSION:
            raise Unsealable(f"The secret is sealed in the form “{version}”, which this version does not know.")
        return _decrypt(self._key(key_id), sealed, _context("seal", key_id, purpose))

    def resealed(self, token: str, *, purpose: str) -> str:
        """*token* itself if it is under the current key, else the same secret sealed under it. Raises Unsealable."""
        if _parts(token)[1] == self._current:
            return token
        return self.seal(self.unseal(token, purpose=purpose), purpose=purpose)

    def wrap(self, data_key: bytes, *, purpose: str) -> Wrapped:
        """*data_key* sealed under the current key, for *purpose* alone."""
        context = _context("wrap", self._current, purpose)
        return Wrapped(self._current, _encrypt(self._keys[self._current], data_key, context))

    def unwrap(self, wrapped: Wrapped, *, purpose: str) -> bytes:
        """The data key. Raises Unsealable."""
        context = _context("wrap", wrapped.key_id, purpose)
        return _decrypt(self._key(wrapped.key_id), wrapped.sealed, context)

    def rotate(self) -> str:
        """Add a key and make it the current one; its id. The file is replaced at once and whole. Raises KeyringError."""
        key_id, key = _new()
        self._change({key_id: key}, current=key_id)
        return key_id

    def retire(self, key_id: str) -> None:
        """Destroy an old key: what is still sealed under it can never be opened again. Raises KeyringError for the
        current key and one that is not there."""
        if key_id == self._current:
            raise KeyringError(f"“{key_id}” is the current key. Rotate, seal everything anew, then retire it.")
        if key_id not in self._keys:
            raise KeyringError(f"There is no key “{key_id}”. There are: {', '.join(self.ids())}.")
        self._change({}, current="", without=key_id)

    def _change(self, added: Mapping[str, bytes], *, current: str, without: str = "") -> None:
        with self._lock:
            if self._path is None:
                self._adopt(_changed(self._keys, added, without), current or self._current)
                return
            with _locked(self._path):
                keys, now = _read(self._path)  # another process may have rotated meanwhile
                keys, now = _changed(keys, added, without), current or now
                if now not in keys:
                    raise KeyringError(f"“{without}” has become the current key meanwhile. Rotate, then retire it.")
                _replace(self._path, keys, now)
                self._adopt(keys, now)

    def _key(self, key_id: str) -> bytes:
        if key_id not in self._keys and self._path is not None:
            with self._lock:
                self._adopt(*_read(self._path))
        try:
            return self._keys[key_id]
        except KeyError:
            raise Unsealable(
                f"It is sealed under the key “{key_id}”, which is not in the key file. Restore that key from a backup."
            ) from None

    def _adopt(self, keys: Mapping[str, bytes], current: str) -> None:
        if current not in keys or any(len(key) != KEY_BYTES for key in keys.values()):
            raise KeyringError(
                f"The keys must be {KEY_BYTES} bytes each, and the current one (“{current}”) among them."
            )
        self._keys, self._current = dict(keys), current


def _changed(keys: Mapping[str, bytes], added: Mapping[str, bytes], without: str) -> dict[str, bytes]:
    return {key_id: key for key_id, key in {**keys, **added}.items() if key_id != without}


def _new() -> tuple[str, bytes]:
    return f"k-{secrets.token_hex(6)}", secrets.token_bytes(KEY_BYTES)


def _context(act: str, key_id: str, purpose: str) -> bytes:
    return json.dumps(["broadsheet", VERSION, act, key_id, purpose]).encode()


def _encrypt(key: bytes, plain: bytes, context: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, context)


def _decrypt(key: bytes, sealed: bytes, context: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context)
    except (InvalidTag, ValueError):
        raise Unsealable("It was changed, or was sealed for another place. Enter the secret again.") from None


def _parts(token: str) -> tuple[str, str, bytes]:
    try:
        version, key_id, text = token.split(".")
        return version, key_id, base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raise Unsealable("This is not a sealed secret (v1.<key>.<text>). Enter the secret again.") from None


def _read(path: Path) -> tuple[dict[str, bytes], str]:
    try:
        with path.open("rb") as file:
            if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                raise KeyringError(f"Others may read the key file {path}. Run: chmod 600 {path}")
            kept = json.load(file)
        keys = {str(key_id): base64.b64decode(text, validate=True) for key_id, text in kept["keys"].items()}
        return keys, str(kept["current"])
    except FileNotFoundError:
        raise KeyringError(
            f"There is no key file {path}. Restore it from a backup; without it nothing opens."
        ) from None
    except OSError as error:
        raise KeyringError(f"The key file {path} cannot be read: {error.strerror}.") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise KeyringError(f"{path} is not a key file, or is cut off. Restore it from a backup.") from None


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """One process at a time; a lock file beside it, for the key file itself is replaced."""
    with path.with_name(path.name + ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _create(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path):
            if not path.exists():  # another process may have been first
                key_id, key = _new()
                _replace(path, {key_id: key}, key_id)
    except OSError as error:
        raise KeyringError(f"The key file {path} cannot be made: {error.strerror}.") from None


def _replace(path: Path, keys: Mapping[str, bytes], current: str) -> None:
    """Write the whole file beside, then rename: a cut leaves the old one."""
    text = json.dumps(
        {"current": current, "keys": {key_id: base64.b64encode(key).decode() for key_id, key in keys.items()}}, indent=1
    )
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise KeyringError(f"The key file {path} cannot be written: {error.strerror}.") from None


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
