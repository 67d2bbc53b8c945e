"""Write what `make faults` measured as a page beside its figures: one row a fault, with whether the product held."""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main(file: Path) -> None:
    """*file* holds a line of JSON for each test; the page is beside it, with the ending .md."""
    told = [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.exists() else []
    rows = ["| fault | held | seconds | figures |", "|---|---|---|---|"]
    for one in told:
        figures = "; ".join(f"{name}: {value}" for name, value in one["figures"].items()).replace("|", "/")
        rows.append(f"| {one['what']} | {'yes' if one['held'] else '**no**'} | {one['seconds']} | {figures} |")
    page = file.with_suffix(".md")
    page.write_text("# Faults survived\n\n" + "\n".join(rows) + "\n", "utf-8")
    print(f"{sum(one['held'] for one in told)} of {len(told)} held: {page}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
