"""The OpenAPI document: complete for a reader, and steady for whoever generates a client from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.feature("FMT-15")
STEADY = Path(__file__).with_name("operations.txt")


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method.upper(), operation


def test_names_and_permissions_of_operations_are_steady(document: Mapping[str, Any]) -> None:
    """A changed line breaks somebody's client: add lines, and change none without a new version."""
    lines = sorted(
        f"{operation['operationId']} {method} {path} {','.join(operation['x-permissions']) or '-'}"
        for path, method, operation in operations(document)
    )
    assert lines == STEADY.read_text("utf-8").splitlines()


def test_each_operation_says_what_it_does_and_how_it_fails(document: Mapping[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(set(names)) == len(names)
    for path, _, operation in operations(document):
        assert operation["summary"] and operation["tags"] and "Needs " in operation["description"], operation
        assert len(operation["description"].splitlines()) >= 3, f"{operation['operationId']} says only what it needs"
        answers = set(operation["responses"])
        assert {"400", "401", "403", "422", "429", "500"} <= answers
        assert ("404" in answers) >= ("{" in path)
        assert any(code.startswith("2") for code in answers)
        assert operation["security"] == [{"Token": []}, {"Session": []}]


def test_every_reference_leads_somewhere(document: Mapping[str, Any]) -> None:
    def references(part: object) -> Iterator[str]:
        if isinstance(part, dict):
            if isinstance(part.get("$ref"), str):
                yield part["$ref"]
            for value in part.values():
                yield from references(value)
        elif isinstance(part, list):
            for value in part:
                yield from references(value)

    for reference in set(references(document)):
        found: Any = document
        for step in reference.removeprefix("#/").split("/"):
            assert step in found, reference
            found = found[step]


def test_the_document_is_open_and_version_3_1(client: Any, db: None) -> None:
    answer = client.get("/api/v1/openapi.json")
    told = answer.json()
    assert (answer.status_code, told["openapi"], told["info"]["title"]) == (200, "3.1.0", "Broadsheet")
    assert {name: one["type"] for name, one in told["components"]["securitySchemes"].items()} == {"Token": "http", "Session": "apiKey"}  # fmt: skip


def test_the_addresses_are_the_installations(settings: Any) -> None:
    from django.urls import resolve

    settings.ROOT_URLCONF = "broadsheet.config.urls"
    assert resolve("/api/v1/openapi.json").namespace == "api"


def test_the_reference_lists_every_operation(document: Mapping[str, Any]) -> None:
    page = (Path(__file__).parents[2] / "docs/reference/api.md").read_text("utf-8")
    rows = [line for line in page.splitlines() if line.startswith(("| `GET", "| `P", "| `DELETE"))]
    assert rows == [
        f"| `{method} {path.removeprefix('/api/v1')}` | {operation['summary']} | "
        f"{', '.join(f'`{one}`' for one in operation['x-permissions']) or 'none'} |"
        for path, method, operation in operations(document)
    ]
