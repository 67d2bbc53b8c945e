"""The style sheet and the script of a report; both are files beside this one, read once."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from broadsheet.core.theme import Theme, Tokens

from .figures import shown_rules
from .metrics import MOST_ABREAST
from .pictures import TWELFTHS
from .tables import STEPS

PLAIN = ("paper", "ink", "ink2", "ink3", "hair", "ctl", "tint", "band", "accent", "worse", "better")


def stylesheet(theme: Theme) -> str:
    """The whole style sheet of a report in *theme*, all of it under ``.bs-report``.

    Light is the ground; dark follows the device unless an ancestor says ``data-theme="light"``, and is forced by
    ``data-theme="dark"``. Paper is always light. ``data-contrast="more"`` or the device sets all greys in ink. ``--bs-on-accent`` is the ink upon the accent.
    """
    light = f"{properties(theme.light)};--bs-sign-ground:none;--bs-sign-room:0"
    dark = f"{properties(theme.dark)};--bs-sign-ground:{theme.light.paper};--bs-sign-room:4px"
    return "\n".join(
        (
            f".bs-report{{color-scheme:light;{light}}}",
            "@media screen and (prefers-color-scheme:dark){"
            f":root:not([data-theme=light]) .bs-report{{color-scheme:dark;{dark}}}}}",
            f"@media screen{{[data-theme=dark] .bs-report{{color-scheme:dark;{dark}}}}}",
            _contrast(),
            _generated(),
            _file("report.css"),
            shown_rules(),
        )
    )


@cache
def script() -> str:
    """The script for tooltips, series, sorting and filtering: plain, without dependencies, for file and live page."""
    return _file("report.js")


def properties(tokens: Tokens) -> str:
    """A ground's colours as custom properties, ``--bs-paper:#FFFFFF`` and so on."""
    pairs = [(name, getattr(tokens, name)) for name in PLAIN]
    pairs.append(("on-accent", tokens.paper))
    pairs += [(f"cat{number}", color) for number, color in enumerate(tokens.categorical, start=1)]
    pairs += [(f"seq{number}", color) for number, color in enumerate(tokens.sequential, start=1)]
    pairs += [(f"on-seq{number}", color) for number, color in enumerate(tokens.on_sequential, start=1)]
    return ";".join(f"--bs-{name}:{color}" for name, color in pairs)


def _contrast() -> str:
    """All greys become ink for those who ask for more contrast."""
    more = ";".join(f"--bs-{name}:var(--bs-ink)" for name in ("ink2", "ink3", "hair", "ctl"))
    return (
        f"@media (prefers-contrast:more){{:root .bs-report.bs-report{{{more}}}}}\n"
        f"[data-contrast=more] .bs-report.bs-report{{{more}}}"
    )


@cache
def _generated() -> str:
    """Rules that only count: columns, widths in twelfths, colours of the key."""
    rules = [
        f".bs-report .bs-abreast-{count}{{grid-template-columns:repeat({count},minmax(0,1fr))}}"
        for count in range(1, MOST_ABREAST + 1)
    ]
    for part in range(1, TWELFTHS + 1):
        rules.append(f".bs-report .bs-grow-{part}{{flex:{part} {part} 0}}")
        rules.append(f".bs-report .bs-twelfths-{part}{{width:{100 * part / TWELFTHS:.4g}%}}")
    rules += [
        f".bs-report .bs-data .bs-heat{number}{{background:var(--bs-seq{number});color:var(--bs-on-seq{number})}}"
        for number in range(1, STEPS + 1)
    ]
    rules += [f".bs-report .bs-dot-{slot}{{background:var(--bs-cat{slot})}}" for slot in range(1, 7)]
    rules.append(
        ".bs-report .bs-dot-worse{background:var(--bs-worse)}.bs-report .bs-dot-muted{background:var(--bs-ink3)}"
    )
    return "\n".join(rules)


@cache
def _file(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8")
