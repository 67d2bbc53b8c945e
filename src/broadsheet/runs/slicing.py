"""Who shares a slice: readers for whom nothing that is seen differs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from broadsheet.core.document.definition import ReportDefinition
from broadsheet.core.document.parameters import Parameters
from broadsheet.core.policy import Reader


def slice_key(definition: ReportDefinition, parameters: Parameters, reader: Reader, *, version: int, brand: str) -> str:
    """SHA-256 over the report's version, the parameters, the brand and all that decides what *reader* sees.

    The reader's own name is part of it where the report shows it.
    """
    seen: list[object] = [definition.name, version, brand, parameters.key(), reader.fingerprint()]
    if shows_identity(definition):
        seen += [reader.key, reader.name, reader.address]
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()


def shows_identity(definition: ReportDefinition) -> bool:
    """Whether any text of the report names the reader; attributes are in the fingerprint already."""
    text = definition.model_dump_json()
    return any(f"{{reader.{name}" in text for name in ("name", "key", "address"))


def plain(reader: Reader) -> dict[str, Any]:
    """*reader* as JSON holds it."""
    return {**asdict(reader), "attributes": dict(reader.attributes), "formats": list(reader.formats)}


def reader_from(data: Mapping[str, Any]) -> Reader:
    """What `plain` wrote."""
    kept = {"formats": tuple(data["formats"]), "hidden_classes": tuple(data.get("hidden_classes", ()))}
    return Reader(**{**data, **kept})
