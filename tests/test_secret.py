"""Start is refused without a secret key, or with one that others know; `broadsheet key` makes a good one once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from broadsheet.secret import SecretMissing, make_key, secret_key

GOOD = "kQ2x-9vL_Tn4RzbJw7YhUe3mCdPaGfSo1XiNqVt8"


@pytest.mark.parametrize(
    "key",
    ["", "secret", "short-but-random-8f3a", "a" * 50, "django-insecure-" + GOOD, "please-change-me-" + GOOD.lower()],
)
def test_a_missing_short_or_known_key_is_refused(key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROADSHEET_SECRET_KEY", key)
    with pytest.raises(SecretMissing, match="broadsheet key"):
        secret_key(tmp_path)


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BROADSHEET_SECRET_KEY", raising=False)
    file = make_key(tmp_path / "home")
    made = secret_key(tmp_path / "home")
    assert file.stat().st_mode & 0o777 == 0o600
    assert make_key(tmp_path / "home") == file
    assert secret_key(tmp_path / "home") == made


def test_the_environment_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_key(tmp_path)
    monkeypatch.setenv("BROADSHEET_SECRET_KEY", GOOD)
    assert secret_key(tmp_path) == GOOD


def test_no_command_starts_without_a_key(tmp_path: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BROADSHEET_")}
    done = subprocess.run(
        [Path(sys.executable).parent / "broadsheet", "up", "--port", "1"],
        env={**clean, "BROADSHEET_HOME": str(tmp_path)}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "There is no secret key" in " ".join(done.stderr.split())


def test_a_file_may_hold_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "held").write_text(GOOD + "\n", "utf-8")
    monkeypatch.delenv("BROADSHEET_SECRET_KEY", raising=False)
    monkeypatch.setenv("BROADSHEET_SECRET_KEY_FILE", str(tmp_path / "held"))
    assert secret_key(tmp_path) == GOOD
