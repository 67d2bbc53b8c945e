"""`deploy/make-secrets`: fresh, closed, never made anew, and all that the compose files name."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from broadsheet.secret import secret_key

from .conftest import ROOT, compose

pytestmark = pytest.mark.feature("PRF-03")


def make(folder: Path) -> dict[str, str]:
    subprocess.run([ROOT / "deploy/make-secrets", folder], check=True, stdout=subprocess.DEVNULL, timeout=20)
    return {file.name: file.read_text("utf-8") for file in folder.iterdir()}


def test_there_is_each_one_that_a_compose_file_names(tmp_path: Path) -> None:
    named = {one["file"] for name in ("compose", "compose.redis") for one in compose(name)["secrets"].values() if one}
    assert named <= {f"secrets/{name}" for name in make(tmp_path / "secrets")}


def test_no_path_leads_there_for_others_and_containers_can_read_them(tmp_path: Path) -> None:
    make(tmp_path / "secrets")
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "secrets").iterdir()} == {0o444}


def test_a_second_call_changes_nothing_and_another_folder_gets_others(tmp_path: Path) -> None:
    first = make(tmp_path / "a")
    (tmp_path / "a/metrics_token").unlink()
    again, other = make(tmp_path / "a"), make(tmp_path / "b")
    assert {name for name in first if again[name] != first[name]} == {"metrics_token"}
    assert {name for name in first if other[name] == first[name]} == set()


def test_server_and_processes_have_the_same_password(tmp_path: Path) -> None:
    made = make(tmp_path / "secrets")
    password = made["broker_password"].strip()
    assert made["rabbitmq.conf"] == f"default_user = broadsheet\ndefault_pass = {password}\n"
    assert made["broker_url"] == f"amqp://broadsheet:{password}@rabbitmq:5672//\n"
    assert (made["redis.conf"], made["redis_url"]) == (f"requirepass {password}\n", f"redis://:{password}@redis:6379/0\n")  # fmt: skip


def test_the_key_is_one_that_the_product_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make(tmp_path / "secrets")
    monkeypatch.delenv("BROADSHEET_SECRET_KEY", raising=False)
    monkeypatch.setenv("BROADSHEET_SECRET_KEY_FILE", str(tmp_path / "secrets/secret_key"))
    assert secret_key(tmp_path) == made["secret_key"].strip()
