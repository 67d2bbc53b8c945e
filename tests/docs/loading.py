"""Scripts and pages as these tests read them."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
FENCED = re.compile(r"^```(?P<language>\w*)(?: title=\"?(?P<title>[\w.]+)\"?)?\n(?P<text>.*?)^```$", re.M | re.S)


def script(name: str) -> ModuleType:
    """The module ``scripts/NAME.py``."""
    spec = importlib.util.spec_from_file_location(name, ROOT / f"scripts/{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def titled(page: str) -> dict[str, str]:
    """The page's fenced blocks that have a title, by it."""
    text = (DOCS / page).read_text("utf-8")
    return {found["title"]: found["text"] for found in FENCED.finditer(text) if found["title"]}


def blocks(page: str, language: str) -> list[str]:
    """The page's fenced blocks in *language*, indented ones too, without their indentation."""
    text = (DOCS / page).read_text("utf-8")
    found = re.findall(rf"^( *)```{language}[^\n]*\n(.*?)^ *```$", text, re.M | re.S)
    return [re.sub(rf"^{indent}", "", body, flags=re.M) for indent, body in found]
