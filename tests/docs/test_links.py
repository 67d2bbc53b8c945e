"""Links of the files that are read outside the built documentation lead somewhere. MkDocs checks those of its pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .loading import ROOT

LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md"])
def test_links_lead_to_files(name: str) -> None:
    links = LINK.findall((ROOT / name).read_text("utf-8"))
    assert [link for link in links if not (ROOT / Path(link)).exists()] == []


def test_there_are_links() -> None:
    assert "docs/tutorial/first-report.md" in LINK.findall((ROOT / "README.md").read_text("utf-8"))


def test_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 100
