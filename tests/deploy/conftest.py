"""What deployment is made of, read as files: manifests that Helm rendered, compose files with their tags, commands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from broadsheet.cli.main import app

ROOT = Path(__file__).resolve().parents[2]
VARIABLE = re.compile(r"BROADSHEET_[A-Z_]*[A-Z]")
WORKING = ("web", "scheduler", "worker")
END_SECONDS = 70  # 20 for what is in hand, 20 for the broker, 10 for drawing, 5 each for presence and memory, and some


class Compose(yaml.SafeLoader):
    """Docker Compose's own tags say how files are laid over each other; the values count here."""


def _plain(loader: Compose, tag: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    return loader.construct_object(node) if isinstance(node, yaml.SequenceNode) else None


Compose.add_multi_constructor("!", _plain)


def compose(name: str = "compose") -> dict[str, Any]:
    found: dict[str, Any] = yaml.load((ROOT / f"deploy/{name}.yaml").read_text("utf-8"), Loader=Compose)
    return found


def manifests(case: str) -> list[dict[str, Any]]:
    """What the chart renders for a case of tests/deploy/values."""
    return [one for one in yaml.safe_load_all((ROOT / f"tests/deploy/rendered/{case}.yaml").read_text("utf-8")) if one]


def documented() -> set[str]:
    """Every variable that the page of settings names."""
    return set(VARIABLE.findall((ROOT / "docs/reference/settings.md").read_text("utf-8")))


def understood(arguments: list[str]) -> tuple[str, dict[str, Any]]:
    """The command that `broadsheet` takes from *arguments*, and its parameters. Fails where it would refuse them."""
    name, *rest = arguments
    command = get_command(app).commands[name]  # type: ignore[attr-defined]
    context = command.make_context(name, list(rest))
    assert context.args == []
    return name, context.params


CASES = sorted(file.stem for file in (ROOT / "tests/deploy/values").glob("*.yaml"))


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> str:
    return str(request.param)
