"""SVG text, made piece by piece: escaped, rounded to a tenth of a pixel, in the theme's colours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from broadsheet.core.theme import Tokens

from .measure import em

FAMILY = "'Source Sans 3', 'Noto Sans', Arial, sans-serif"
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
PLAIN = ("paper", "ink", "ink2", "ink3", "hair", "tint", "band", "accent", "worse", "better")
MIRRORED = {"start": "end", "end": "start", "middle": "middle"}

Point = tuple[float, float]


def escape(text: str) -> str:
    """*text* for XML content and attributes; characters that XML cannot hold are left out."""
    text = NOT_XML.sub("", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def number(value: float) -> str:
    """*value* with at most one decimal, as short as it goes."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def palette(tokens: Tokens, *, css: bool) -> dict[str, str]:
    """Colours by token name (cat1…cat6, seq1…seq7 beside the plain ones); with *css* as custom properties."""
    colors = {name: getattr(tokens, name) for name in PLAIN}
    colors |= {f"cat{index}": color for index, color in enumerate(tokens.categorical, start=1)}
    colors |= {f"seq{index}": color for index, color in enumerate(tokens.sequential, start=1)}
    return {name: f"var(--bs-{name}, {color})" for name, color in colors.items()} if css else colors


class Canvas:
    """A drawing *width* px wide with text of *size* px. ``mirror`` swaps left and right, for right-to-left readers.

    ``height`` is set by whoever lays the drawing out, before ``finished`` is called. Colours are token names.
    """

    def __init__(self, tokens: Tokens, *, width: float, size: float, css: bool, mirror: bool = False) -> None:
        self.width = width
        self.height = 0.0
        self.size = size
        self.colors = palette(tokens, css=css)
        self.mirror = mirror
        self._parts: list[str] = []

    def x(self, value: float) -> float:
        return self.width - value if self.mirror else value

    def measured(self, text: str, *, bold: bool = False) -> float:
        """Width of *text* in px."""
        return em(text, bold) * self.size

    def line(self, start: Point, end: Point, color: str, *, stroke: float = 1.0, dash: str = "") -> None:
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self._parts.append(
            f'<line x1="{number(self.x(start[0]))}" y1="{number(start[1])}" x2="{number(self.x(end[0]))}"'
            f' y2="{number(end[1])}" stroke="{self.colors[color]}" stroke-width="{number(stroke)}"{dashes}/>'
        )

    def rect(self, x: float, y: float, width: float, height: float, color: str) -> None:
        """A filled box from its upper left corner; sizes below nothing count as nothing."""
        width, height = max(width, 0.0), max(height, 0.0)
        left = self.width - x - width if self.mirror else x
        self._parts.append(
            f'<rect x="{number(left)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"'
            f' fill="{self.colors[color]}"/>'
        )

    def circle(self, x: float, y: float, radius: float, color: str, *, ring: str = "", opacity: float = 1.0) -> None:
        """A disc; with *ring* a disc of *color* with an outline of that colour."""
        outline = f' stroke="{self.colors[ring]}" stroke-width="1.5"' if ring else ""
        faded = f' fill-opacity="{opacity:g}"' if opacity < 1 else ""
        self._parts.append(
            f'<circle cx="{number(self.x(x))}" cy="{number(y)}" r="{number(radius)}"'
            f' fill="{self.colors[color]}"{outline}{faded}/>'
        )

    def target(self, x: float, y: float, radius: float) -> None:
        """An unseen disc that a pointer can hit."""
        self._parts.append(f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" fill-opacity="0"/>')

    def stroke(self, points: Sequence[Point], color: str, *, stroke: float = 2.0, dash: str = "") -> None:
        """A line through *points*; a single point becomes a dot."""
        if len(points) == 1:
            self.circle(*points[0], max(stroke * 1.4, 2.0), color)
            return
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self._parts.append(
            f'<path d="{_path(points)}" fill="none" stroke="{self.colors[color]}" stroke-width="{number(stroke)}"'
            f' stroke-linejoin="round" stroke-linecap="round"{dashes}/>'
        )

    def fill(self, points: Sequence[Point], color: str, *, opacity: float = 1.0) -> None:
        """The shape that *points* enclose."""
        faded = f' fill-opacity="{opacity:g}"' if opacity < 1 else ""
        self._parts.append(f'<path d="{_path(points)}Z" fill="{self.colors[color]}"{faded}/>')

    def shape(self, path: str, color: str) -> None:
        """A filled path with a thin edge of paper, so that neighbours part."""
        self._parts.append(
            f'<path d="{path}" fill="{self.colors[color]}" stroke="{self.colors["paper"]}" stroke-width="1"/>'
        )

    def text(
        self, x: float, y: float, text: str, *, color: str = "ink", anchor: str = "start", bold: bool = False
    ) -> None:
        """*text* with its base line at *y*."""
        if not text:
            return
        side = MIRRORED[anchor] if self.mirror else anchor
        anchored = f' text-anchor="{side}"' if side != "start" else ""
        weight = ' font-weight="600"' if bold else ""
        self._parts.append(
            f'<text x="{number(self.x(x))}" y="{number(y)}" fill="{self.colors[color]}"{anchored}{weight}>'
            f"{escape(text)}</text>"
        )

    def open(self, *, kind: str, data: Iterable[tuple[str, str]] = (), title: str = "", tab: str = "") -> None:
        """Begin a group of class *kind* with ``data-`` attributes; *title* is what a pointer is told."""
        attributes = "".join(f' data-{name}="{escape(value)}"' for name, value in data)
        focus = f' tabindex="{tab}"' if tab else ""
        named = f"<title>{escape(title)}</title>" if title else ""
        self._parts.append(f'<g class="{kind}"{attributes}{focus}>{named}')

    def close(self) -> None:
        self._parts.append("</g>")

    def finished(self, *, label: str, name: str = "", role: str = "img") -> str:
        """The whole SVG. *label* is its text for those who cannot see it; without one it is decoration."""
        width, height = number(self.width), number(self.height)
        spoken = f' role="{role}" aria-label="{escape(label)}"' if label else ' aria-hidden="true"'
        called = f' data-chart="{escape(name)}"' if name else ""
        # The page's own direction would swap start and end; positions here are already right.
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
            f' font-family="{FAMILY}" font-size="{number(self.size)}" direction="ltr"{spoken}{called}>'
            f"{''.join(self._parts)}</svg>"
        )


def _path(points: Sequence[Point]) -> str:
    return "M" + "L".join([f"{number(x)},{number(y)}" for x, y in points])
