"""The encrypted store on a real folder: kept once, proven when read, never half-written."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet.adapters.storage.envelope import PIECE_BITS
from broadsheet.adapters.storage.folder.store import FolderStore
from broadsheet.keyring import Keyring
from broadsheet.runs.ports import STORES, ArtifactStore, Damaged, NotStored, Unwritable

pytestmark = [pytest.mark.feature("SEC-11"), pytest.mark.feature("DLV-21")]
PIECE = 1 << PIECE_BITS
RING = Keyring.generate()
CONTENT = bytes(range(256)) * 1000  # 256,000 bytes: three whole pieces and a rest


@pytest.fixture
def store(tmp_path: Path) -> ArtifactStore:
    return STORES.get("folder").at({"path": str(tmp_path / "artifacts")}, keyring=RING)


def files(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file())


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_what_was_put_comes_back(store: ArtifactStore, size: int) -> None:
    data = b"x" * size
    stored = store.put(data)
    assert (stored.sha256, stored.size) == (hashlib.sha256(data).hexdigest(), size)
    assert store.get(stored.sha256) == data
    with store.open(stored.sha256) as file:
        assert file.read() == data


def test_nothing_of_the_content_lies_on_the_disk(store: ArtifactStore, tmp_path: Path) -> None:
    store.put(b"a very private number: 4711 " * 100)
    [file] = files(tmp_path)
    assert b"private" not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0


def test_the_same_content_is_kept_once_though_sealed_by_many_at_once(store: ArtifactStore, tmp_path: Path) -> None:
    threads = [threading.Thread(target=store.put, args=(CONTENT,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(files(tmp_path)) == 1
    assert store.get(hashlib.sha256(CONTENT).hexdigest()) == CONTENT


@given(st.integers(-10, 270_000), st.integers(0, 140_000))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_range_is_that_of_the_content(tmp_path: Path, start: int, length: int) -> None:
    store = FolderStore(tmp_path, keyring=RING)
    with store.open(store.put(CONTENT).sha256) as file:
        at = file.seek(start) if start >= 0 else file.seek(start, 2)
        assert at == (start if start >= 0 else len(CONTENT) + start)
        assert file.read(length) == CONTENT[start:][:length]


def test_a_range_reads_only_its_pieces(tmp_path: Path) -> None:
    store = FolderStore(tmp_path, keyring=RING)
    stored = store.put(CONTENT)
    [path] = files(tmp_path)
    raw = bytearray(path.read_bytes())
    raw[-1] ^= 1  # the last piece is spoilt
    path.write_bytes(raw)
    with store.open(stored.sha256) as file:
        assert file.read(100) == CONTENT[:100]
        file.seek(-1, 2)
        with pytest.raises(Damaged, match="piece 3 of its file does not verify"):
            file.read()


@pytest.mark.parametrize("at", [0, 4, 5, 6, 10, 30, 90, 100, 5000, 100_000, -1])
def test_a_changed_byte_is_found(store: ArtifactStore, tmp_path: Path, at: int) -> None:
    stored = store.put(CONTENT)
    [path] = files(tmp_path)
    raw = bytearray(path.read_bytes())
    raw[at] ^= 0x20
    path.write_bytes(raw)
    with pytest.raises(Damaged):
        store.get(stored.sha256)


@pytest.mark.parametrize("left", [0, 3, 6, 50, 110, 1000, 2 * PIECE, -1, -16])
def test_a_truncated_file_says_so(store: ArtifactStore, tmp_path: Path, left: int) -> None:
    stored = store.put(CONTENT)
    [path] = files(tmp_path)
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(Damaged, match=r"cut off|does not open"):
        store.open(stored.sha256)


def test_pieces_cannot_be_swapped_or_appended(store: ArtifactStore, tmp_path: Path) -> None:
    stored = store.put(CONTENT)
    [path] = files(tmp_path)
    raw = path.read_bytes()
    start = len(raw) - len(CONTENT) - 4 * 16
    one, two = raw[start : start + PIECE + 16], raw[start + PIECE + 16 : start + 2 * (PIECE + 16)]
    path.write_bytes(raw[:start] + two + one + raw[start + 2 * (PIECE + 16) :])
    with pytest.raises(Damaged, match="piece 0"):
        store.get(stored.sha256)
    path.write_bytes(raw + b"x")
    with pytest.raises(Damaged, match="appended"):
        store.get(stored.sha256)


def test_equal_pieces_do_not_look_alike(store: ArtifactStore, tmp_path: Path) -> None:
    store.put(b"\0" * (2 * PIECE))
    [path] = files(tmp_path)
    raw = path.read_bytes()
    assert raw[-2 * (PIECE + 16) : -(PIECE + 16)][:PIECE] != raw[-(PIECE + 16) :][:PIECE]  # each has a nonce of its own


def test_a_file_under_anothers_name_does_not_open(store: ArtifactStore, tmp_path: Path) -> None:
    mine, yours = store.put(b"mine" * 99), store.put(b"your" * 99)
    paths = {path.name: path for path in files(tmp_path)}
    paths[yours.sha256].write_bytes(paths[mine.sha256].read_bytes())
    with pytest.raises(Damaged, match="does not open"):
        store.get(yours.sha256)


def test_a_damaged_artifact_is_mended_by_the_next_put(store: ArtifactStore, tmp_path: Path) -> None:
    stored = store.put(CONTENT)
    [path] = files(tmp_path)
    path.write_bytes(path.read_bytes()[:1000])
    store.put(CONTENT)
    assert store.get(stored.sha256) == CONTENT


@pytest.mark.parametrize("write", ["os.fsync", "pathlib.Path.replace"])
def test_a_full_disk_is_told_and_leaves_nothing(
    store: ArtifactStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(write, full)
        with pytest.raises(Unwritable, match=r"The disk of .* is full: artifact .* was not kept\. Free space"):
            store.put(CONTENT)
    assert files(tmp_path) == []
    assert store.get(store.put(CONTENT).sha256) == CONTENT


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_what_is_no_hash_is_refused(store: ArtifactStore, name: str) -> None:
    for act in (store.get, store.open, store.exists, store.delete, store.rewrap):
        with pytest.raises(ValueError, match="64 lower-case hex digits"):
            act(name)


def test_what_was_never_kept_is_said_to_be_absent(store: ArtifactStore) -> None:
    assert not store.exists("0" * 64)
    assert not store.delete("0" * 64)
    with pytest.raises(NotStored, match="There is no artifact 0000"):
        store.get("0" * 64)


def test_delete_forgets_though_a_reader_reads_on(store: ArtifactStore) -> None:
    stored = store.put(CONTENT)
    reader: BinaryIO = store.open(stored.sha256)
    assert store.delete(stored.sha256)
    assert not store.exists(stored.sha256)
    assert reader.read() == CONTENT
    reader.close()


def test_rewrapping_lets_the_old_key_be_retired(tmp_path: Path) -> None:
    ring = Keyring.generate()
    store = FolderStore(tmp_path, keyring=ring)
    stored, first = store.put(CONTENT), ring.current
    [path] = files(tmp_path)
    pieces = path.read_bytes()[-len(CONTENT) :]
    ring.rotate()
    assert store.rewrap(stored.sha256)
    assert not store.rewrap(stored.sha256)
    ring.retire(first)
    assert store.get(stored.sha256) == CONTENT
    assert path.read_bytes()[-len(CONTENT) :] == pieces  # the content was not sealed again
    assert len(files(tmp_path)) == 1


def test_a_lost_key_is_named(tmp_path: Path) -> None:
    stored = FolderStore(tmp_path, keyring=RING).put(b"x")
    with pytest.raises(Damaged, match=f"“{RING.current}”, which is not in the key file"):
        FolderStore(tmp_path, keyring=Keyring.generate()).get(stored.sha256)


def test_the_check_leaves_nothing_and_says_what_is_wrong(store: ArtifactStore, tmp_path: Path) -> None:
    assert store.check().ok
    assert files(tmp_path) == []
    (tmp_path / "file").write_text("")
    verdict = FolderStore(tmp_path / "file", keyring=RING).check()
    assert not verdict.ok
    assert "right to write" in verdict.fix


def test_a_relative_folder_is_refused() -> None:
    with pytest.raises(ValueError, match="absolute path"):
        STORES.get("folder").at({"path": "artifacts"}, keyring=RING)
