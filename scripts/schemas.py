"""Write the JSON Schema of every kind of definition file to docs/reference/schemas, for editors to complete by.

With ``--check`` nothing is written; exit code 1 if a file is not what the code says.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from broadsheet.access.definitions import SCHEMAS as OF_ACCESS
from broadsheet.access.definitions import access_schema
from broadsheet.core.document.definition import report_schema
from broadsheet.delivery.channel_definition import channel_schema
from broadsheet.reports.brand_definition import brand_schema
from broadsheet.runs.limits_definition import limits_schema
from broadsheet.schedules.calendars import calendar_schema
from broadsheet.schedules.definition import schedule_schema
from broadsheet.sources.definitions import dataset_schema, source_schema

FOLDER = Path(__file__).resolve().parent.parent / "docs/reference/schemas"
SCHEMAS: dict[str, Callable[[], dict[str, Any]]] = {
    "source": source_schema,
    "dataset": dataset_schema,
    "calendar": calendar_schema,
    "report": report_schema,
    "schedule": schedule_schema,
    "channel": channel_schema,
    "brand": brand_schema,
    "limits": limits_schema,
    **{kind: partial(access_schema, kind) for kind in OF_ACCESS},
}


def texts() -> dict[str, str]:
    """The text of each file by its name."""
    return {
        f"{kind}.json": json.dumps(schema(), indent=1, ensure_ascii=False) + "\n" for kind, schema in SCHEMAS.items()
    }


def stale(folder: Path = FOLDER) -> list[str]:
    """Names of the files that are missing or old."""
    found = []
    for name, text in texts().items():
        path = folder / name
        if not path.is_file() or path.read_text("utf-8") != text:
            found.append(name)
    return found


def main(arguments: list[str]) -> int:
    old = stale()
    if "--check" in arguments:
        if old:
            print(f"Out of date: {', '.join(old)}. Run scripts/schemas.py.")
        return 1 if old else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in old:
        (FOLDER / name).write_text(texts()[name], "utf-8")
        print(f"Wrote {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
