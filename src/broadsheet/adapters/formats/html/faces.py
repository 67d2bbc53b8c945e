"""The fonts of a report as ``@font-face`` rules with the files inside.

Four cuts of the five that the set-up brings: the title uses the subhead cut, which at 48 px differs little from the
display cut and saves 115 kB a file.
"""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "fonts"
# family, weight, file
CUTS = (
    ("Source Sans 3", 400, "SourceSans3-Regular"),
    ("Source Sans 3", 600, "SourceSans3-Semibold"),
    ("Source Serif 4", 400, "SourceSerif4-Regular"),
    ("Source Serif 4 Subhead", 600, "SourceSerif4Subhead-Semibold"),
)


@cache
def faces() -> str:
    """The rules for all cuts. A cut that is not installed is left out: the reader's own serif or sans stands in."""
    return "".join(_face(*cut) for cut in CUTS if (FOLDER / f"{cut[2]}.woff2").is_file())


def _face(family: str, weight: int, name: str) -> str:
    data = base64.b64encode((FOLDER / f"{name}.woff2").read_bytes()).decode()
    source = f"url(data:font/woff2;base64,{data}) format('woff2')"
    return f'@font-face{{font-family:"{family}";font-weight:{weight};font-display:block;src:{source}}}\n'
