"""The fonts that drawing uses: ours from the package, and Noto for other scripts where the system has it.

One ``Fonts`` object serves a whole process: finding 300 Noto files costs 0.15 s, and typst reads a file only when a
text needs it. Fonts installed elsewhere on the machine are left out, so that a report looks the same on every host
that has the same Noto packages.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import typst

PACKAGED = Path(__file__).parents[1] / "formats" / "fonts"
NOTO_FOLDERS = (
    "/usr/share/fonts/truetype/noto",  # Debian: fonts-noto-core
    "/usr/share/fonts/opentype/noto",  # Debian: fonts-noto-cjk
    "/usr/share/fonts/noto",  # Arch, Alpine
    "/usr/share/fonts/noto-cjk",
    "/usr/share/fonts/google-noto",  # Fedora
    "/usr/share/fonts/google-noto-cjk",
)
ROOT = Path(__file__).parent / "root"  # all of the disk that typst may see: nothing but our own drawing rules
SCRIPTS = (
    "Arabic",
    "Hebrew",
    "Devanagari",
    "Bengali",
    "Tamil",
    "Thai",
    "Armenian",
    "Georgian",
    "Ethiopic",
    "Symbols 2",
)
HAN = {"ja": "JP", "ko": "KR", "zh": "SC", "zh-hant": "TC", "zh-tw": "TC", "zh-hk": "HK"}  # one code, other shapes


class FontsMissing(RuntimeError):
    """The report fonts are not in the package: the set-up has not been run."""


@cache
def fonts() -> typst.Fonts:
    """The fonts of this process. Raises FontsMissing, which says how to install them."""
    found = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(PACKAGED), *(folder for folder in NOTO_FOLDERS if Path(folder).is_dir())],
    )
    if "Source Sans 3" not in found.families():
        raise FontsMissing(
            f"The report fonts are not in {PACKAGED}. Run “make setup”, or scripts/fonts.py after npm ci."
        )
    return found


@cache
def families(face: str, language: str = "en") -> tuple[str, ...]:
    """*face* and, after it, the families to fall back to for *language* (a BCP 47 tag); only those that are there."""
    style = "Serif" if "Serif" in face else "Sans"
    tag = language.lower()
    first = HAN.get(tag) or HAN.get(tag.split("-")[0], "JP")
    han = [f"Noto {style} CJK {code}" for code in (first, "JP", "SC", "KR", "TC")]
    other = [f"Noto {kind} {script}" for script in SCRIPTS for kind in (style, "Sans")]
    naskh = ["Noto Naskh Arabic"] if style == "Serif" else []
    there = set(fonts().families())
    wanted = [face, f"Noto {style}", *naskh, *other, *han]
    return tuple(dict.fromkeys(name for name in wanted if name in there))
