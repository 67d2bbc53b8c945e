"""The published JSON Schemas are those of the code, are valid, and take the sample's own files."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import jsonschema
import pytest

from broadsheet.core.document.loading import load

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "src/broadsheet/sample/definitions"
SAMPLE = ["sources", "datasets", "buyer-performance", "executive-briefing", "source-quality"]


@pytest.fixture(scope="module")
def schemas() -> ModuleType:
    spec = importlib.util.spec_from_file_location("schemas", ROOT / "scripts/schemas.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.feature("BEY-09")
def test_the_published_schemas_are_current(schemas: ModuleType) -> None:
    assert schemas.stale() == []


def test_a_stale_file_is_told(schemas: ModuleType, tmp_path: Path) -> None:
    for name, text in schemas.texts().items():
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "report.json").write_text("{}", "utf-8")
    (tmp_path / "brand.json").unlink()
    assert schemas.stale(tmp_path) == ["report.json", "brand.json"]


@pytest.mark.parametrize("kind", ["source", "dataset", "report"])
def test_every_key_is_described(schemas: ModuleType, kind: str) -> None:
    schema = schemas.SCHEMAS[kind]()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["properties"][kind]["description"]
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize("name", SAMPLE)
def test_the_samples_files_are_valid_and_name_their_schema(schemas: ModuleType, name: str) -> None:
    text = (FOLDER / f"{name}.yaml").read_text("utf-8")
    assert text.startswith("# yaml-language-server: $schema=../../../../docs/reference/schemas/")
    for loaded in load(text, file=name):
        schema = json.loads((schemas.FOLDER / f"{loaded.kind}.json").read_text("utf-8"))
        document = {loaded.kind: loaded.name, **loaded.data}
        found = jsonschema.Draft202012Validator(schema).iter_errors(document)
        assert [f"{list(error.path)}: {error.message[:200]}" for error in found] == []
