"""Styles of a mail: inline for every program, classes for those that know the dark.

Mail programs drop style sheets, custom properties and most selectors. So every element carries its own style in the
light colours, and classes only change colours where the program says that it is dark: ``prefers-color-scheme`` (Apple,
Thunderbird) and ``data-ogsc``/``data-ogsb`` (Outlook on phones and the web).
"""

from __future__ import annotations

from broadsheet.core.theme import Theme, Tokens

from .mail_body import in_html
from .writer import Html, tag

SERIF = "Georgia,'Times New Roman',serif"
SANS = "Arial,Helvetica,sans-serif"
WIDTH = 600  # px
SIDE = 24  # px
INNER = WIDTH - 2 * SIDE
TONES = {"better": "better", "worse": "worse", "faint": "ink3"}


def font(family: str, size: int, line: int, color: str, more: str = "") -> str:
    """The style of a piece of text; sizes in px."""
    return f"font-family:{family};font-size:{size}px;line-height:{line}px;color:{color};{more}"


def ink(text: str, role: str, tokens: Tokens, more: str = "") -> Html:
    """A run of text in the colour of *role*: ink, ink2, ink3, better or worse (bold)."""
    color = str(getattr(tokens, role))
    weight = "font-weight:bold;" if role == "worse" else ""
    # A figure keeps its order where the text around it runs from right to left.
    return tag("span", in_html(text), dir="auto", class_=role, style=f"color:{color};{weight}{more}")


def toned(text: str, tone: str, tokens: Tokens) -> Html:
    """A figure in its tone; in second ink without one."""
    return ink(text, TONES.get(tone, "ink2"), tokens)


def table(*rows: str, width: str | None = "100%", style: str | None = None, class_: str | None = None) -> Html:
    """A table that only places things."""
    return tag(
        "table",
        *rows,
        role="presentation",
        width=width,
        cellpadding="0",
        cellspacing="0",
        border="0",
        class_=class_,
        style=style,
    )


def sheet(theme: Theme, *, shades: bool = False) -> Html:
    """The only style sheet of a mail: small screens, and the dark; *shades* for mails that show shaded figures."""
    rules = _dark(theme.dark) + (_dark_shades(theme.dark) if shades else [])
    by_device = "".join(f".{name}{{{rule}}}" for name, rule, _ in rules)
    by_outlook = "".join(f"[data-{mark}] .{name}{{{rule}}}" for name, rule, mark in rules)
    return Html(
        ":root{color-scheme:light dark;supported-color-schemes:light dark}"
        "@media (max-width:480px){.pad{padding-left:16px!important;padding-right:16px!important}"
        ".h1{font-size:30px!important;line-height:34px!important}"
        ".half{width:auto!important}"
        ".data td,.next{padding-left:6px!important}}"
        f"@media (prefers-color-scheme:dark){{{by_device}}}{by_outlook}"
    )


def _dark(dark: Tokens) -> list[tuple[str, str, str]]:
    """Class, rule and the mark of Outlook that it answers to: ``ogsb`` for grounds, ``ogsc`` for all else."""
    colors = [(role, getattr(dark, role)) for role in ("ink", "ink2", "ink3", "better", "worse")]
    texts = [(role, f"color:{color}!important", "ogsc") for role, color in colors]
    shown = "display:block!important;max-height:none!important;width:100%!important;overflow:visible!important"
    return [
        ("bg", f"background-color:{dark.paper}!important", "ogsb"),
        ("logo", "background-color:#FFFFFF!important", "ogsb"),  # signs are made for white paper
        ("btn", f"background-color:{dark.accent}!important", "ogsb"),
        *texts,
        ("rule", f"border-color:{dark.hair}!important", "ogsc"),
        ("strong", f"border-color:{dark.ink}!important", "ogsc"),
        ("top", f"border-color:{dark.accent}!important", "ogsc"),
        ("btna", f"color:{dark.paper}!important", "ogsc"),
        ("lnk", f"color:{dark.accent}!important", "ogsc"),
        ("lightimg", "display:none!important", "ogsc"),
        ("darkimg", shown, "ogsc"),
    ]


def _dark_shades(dark: Tokens) -> list[tuple[str, str, str]]:
    found = [("seam", f"border-color:{dark.paper}!important", "ogsc")]
    for number, (ground, on) in enumerate(zip(dark.sequential, dark.on_sequential, strict=True), start=1):
        found.append((f"heat{number}", f"background-color:{ground}!important", "ogsb"))
        found.append((f"heat{number}", f"color:{on}!important", "ogsc"))
    return found
