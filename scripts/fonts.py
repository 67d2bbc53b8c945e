"""Copy the report fonts out of node_modules into the package.

Result: `src/broadsheet/adapters/formats/fonts/` holds `<cut>.ttf` for the PDF format, `<cut>.woff2` for the HTML
format and the two licences. The folder is git-ignored and rebuilt by `make setup`. Raises FileNotFoundError when
`npm ci` has not been run. Leaves to others: embedding and subsetting, which each format does for itself.
"""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
TARGET = ROOT / "src/broadsheet/adapters/formats/fonts"

TTF_CUTS = {
    "source-serif": (
        "SourceSerif4-Regular",
        "SourceSerif4-Semibold",
        "SourceSerif4-It",
        "SourceSerif4Display-Regular",
        "SourceSerif4Display-Semibold",
        "SourceSerif4Subhead-Regular",
        "SourceSerif4Subhead-Semibold",
    ),
    "source-sans": ("SourceSans3-Regular", "SourceSans3-Semibold", "SourceSans3-Bold", "SourceSans3-It"),
}
WOFF2_CUTS = {
    "source-serif": ("SourceSerif4-Regular", "SourceSerif4Display-Semibold", "SourceSerif4Subhead-Semibold"),
    "source-sans": ("SourceSans3-Regular", "SourceSans3-Semibold"),
}


def copies() -> list[tuple[Path, Path]]:
    """Pairs of (file in node_modules, file in the package)."""
    pairs = [(MODULES / package / "LICENSE.md", TARGET / f"{package}-LICENSE.md") for package in TTF_CUTS]
    for package, cuts in TTF_CUTS.items():
        pairs += [(MODULES / package / "TTF" / f"{cut}.ttf", TARGET / f"{cut}.ttf") for cut in cuts]
    for package, cuts in WOFF2_CUTS.items():
        folder = MODULES / package / "WOFF2/TTF"
        pairs += [(folder / f"{cut}.ttf.woff2", TARGET / f"{cut}.woff2") for cut in cuts]
    return pairs


def main() -> None:
    """Copy what is missing or older than its source."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for source, target in copies():
        if not target.exists() or target.stat().st_size != source.stat().st_size:
            shutil.copyfile(source, target)


if __name__ == "__main__":
    main()
