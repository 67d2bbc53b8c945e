"""Secrets open only where they were sealed, and go on opening while keys change."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.keyring import Keyring, KeyringError, Unsealable, Wrapped

pytestmark = pytest.mark.feature("SEC-11")
RING = Keyring.generate()


@given(st.binary(max_size=200), st.text(max_size=40))
def test_what_was_sealed_opens_for_its_purpose(plain: bytes, purpose: str) -> None:
    token = RING.seal(plain, purpose=purpose)
    assert RING.unseal(token, purpose=purpose) == plain
    with pytest.raises(Unsealable, match="sealed for another place"):
        RING.unseal(token, purpose=purpose + "'")


@given(st.data())
def test_a_token_changed_in_any_place_does_not_open(data: st.DataObject) -> None:
    token = RING.seal(b"a password", purpose="p")
    at = data.draw(st.integers(0, len(token) - 1))
    # The last character of base64 has bits without meaning.
    other = data.draw(st.characters(codec="ascii").filter(lambda mark: mark != token[at]))
    changed = token[:at] + other + token[at + 1 :]
    try:
        assert RING.unseal(changed, purpose="p") == b"a password"
        assert at == len(token) - 1
    except Unsealable:
        pass


@given(st.text(max_size=60))
def test_no_text_but_a_token_opens(text: str) -> None:
    with pytest.raises(Unsealable):
        RING.unseal(text, purpose="p")


def test_a_token_tells_nothing_and_is_new_each_time() -> None:
    tokens = {RING.seal(b"swordfish", purpose="p") for _ in range(3)}
    assert len(tokens) == 3
    assert all(token.startswith(f"v1.{RING.current}.") and "swordfish" not in token for token in tokens)


def test_after_rotation_old_secrets_open_and_new_ones_use_the_new_key(tmp_path: Path) -> None:
    ring = Keyring.from_file(tmp_path / "keys.json", create=True)
    first = ring.current
    token = ring.seal(b"s", purpose="p")
    second = ring.rotate()
    assert second == ring.current != first
    assert ring.unseal(token, purpose="p") == b"s"
    fresh = ring.resealed(token, purpose="p")
    assert fresh.split(".")[1] == second
    assert ring.resealed(fresh, purpose="p") == fresh
    ring.retire(first)
    assert ring.unseal(fresh, purpose="p") == b"s"
    with pytest.raises(Unsealable, match=f"“{first}”, which is not in the key file"):
        ring.unseal(token, purpose="p")


def test_the_current_key_cannot_be_retired() -> None:
    with pytest.raises(KeyringError, match="is the current key"):
        RING.retire(RING.current)


def test_a_key_that_another_process_added_is_found(tmp_path: Path) -> None:
    here, there = (Keyring.from_file(tmp_path / "keys.json", create=True) for _ in range(2))
    there.rotate()
    assert here.unseal(there.seal(b"s", purpose="p"), purpose="p") == b"s"


def test_two_rotations_at_once_keep_both_keys(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    rings = [Keyring.from_file(path, create=True) for _ in range(8)]
    threads = [threading.Thread(target=ring.rotate) for ring in rings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(Keyring.from_file(path).ids()) == 9


def test_many_that_create_get_the_same_key(tmp_path: Path) -> None:
    found: list[str] = []
    make = lambda: found.append(Keyring.from_file(tmp_path / "new" / "keys.json", create=True).current)  # noqa: E731
    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    Keyring.from_file(path, create=True).rotate()
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o640)
    with pytest.raises(KeyringError, match=r"Others may read .* chmod 600"):
        Keyring.from_file(path)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"keys": {}}', '{"current": "a", "keys": {"b": ""}}', '{"current": "a", "keys": {"a": "?"}}'],
)
def test_a_broken_file_is_refused_and_kept(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(KeyringError):
        Keyring.from_file(path, create=True)
    assert path.read_text() == text


def test_an_absent_file_is_not_made_unasked(tmp_path: Path) -> None:
    with pytest.raises(KeyringError, match="There is no key file"):
        Keyring.from_file(tmp_path / "keys.json")


def test_a_data_key_opens_only_for_its_artifact() -> None:
    wrapped = RING.wrap(b"k" * 32, purpose="artifact:1")
    assert RING.unwrap(wrapped, purpose="artifact:1") == b"k" * 32
    for other, purpose in [(wrapped, "artifact:2"), (Wrapped("k-other", wrapped.sealed), "artifact:1")]:
        with pytest.raises(Unsealable):
            RING.unwrap(other, purpose=purpose)


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "keys.json"
    ring = Keyring.from_file(path, create=True)
    before = json.loads(path.read_text())

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(KeyringError, match="No space left"):
        ring.rotate()
    assert json.loads(path.read_text()) == before
    assert ring.current == before["current"]
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["keys.json", "keys.json.lock"]
