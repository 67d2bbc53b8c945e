"""What is installed is what was declared: locks with hashes and without hosts, fonts."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = (
    "requirements.lock", "requirements-dev.lock", "requirements-build.lock", "requirements-image.lock",
    "requirements-wheel.lock",
)  # fmt: skip
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def pins(lock: str) -> dict[str, list[str]]:
    """Requirement line without its hashes -> its hashes."""
    text = (ROOT / lock).read_text("utf-8").replace("\\\n", " ")
    entries = [line.split() for line in text.splitlines() if line.strip()]
    return {
        " ".join(word for word in entry if not word.startswith("--hash")): [
            word for word in entry if word.startswith("--hash=sha256:")
        ]
        for entry in entries
    }


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash(lock: str) -> None:
    assert [pin for pin, hashes in pins(lock).items() if "==" not in pin or not hashes] == []


HOST = re.compile(r"\w+://[^\s\"]+|--(?:extra-)?index-url|--find-links")


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_name_no_host(lock: str) -> None:
    assert HOST.findall((ROOT / lock).read_text("utf-8")) == []


def test_the_node_lock_names_no_host_to_fetch_from() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    told = [{key: value for key, value in one.items() if key != "funding"} for one in packages.values()]
    assert HOST.findall(json.dumps(told)) == []  # whom to thank is no place to fetch from


def test_both_locks_agree_on_versions() -> None:
    base, dev = ({pin.split()[0] for pin in pins(lock)} for lock in LOCKS[:2])
    assert sorted(base - dev) == []


def test_the_image_has_what_the_tests_were_run_with() -> None:
    dev, image = ({pin.split()[0] for pin in pins(f"requirements-{name}.lock")} for name in ("dev", "image"))
    assert sorted(image - dev) == []


@pytest.mark.parametrize("requirement", PROJECT["dependencies"])
def test_every_dependency_is_locked(requirement: str) -> None:
    name = re.split(r"[\[<>=]", requirement)[0].lower()
    assert any(re.match(rf"{re.escape(name)}(\[[a-z]+\])?==", pin) for pin in pins("requirements.lock"))


@pytest.mark.parametrize("cut", ["SourceSerif4-Regular.ttf", "SourceSans3-Regular.ttf", "SourceSans3-Regular.woff2"])
def test_report_fonts_are_in_the_package(cut: str) -> None:
    font = ROOT / "src/broadsheet/adapters/formats/fonts" / cut
    assert font.read_bytes()[:4] == (b"wOF2" if cut.endswith("woff2") else b"\x00\x01\x00\x00")
