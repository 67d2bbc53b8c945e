"""Documents in which every text is the same, so that what a text can do to markup can be seen."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser
from typing import Any

from hypothesis import strategies as st

# What these fields hold is chosen by us, not written by anybody.
KEPT = {
    "kind", "mark", "style", "role", "tone", "delta_tone", "gap_tone", "x_kind", "align", "media_type", "color",
    "language", "direction", "zone", "link", "level", "currency", "scale", "number_style",
}  # fmt: skip
PAYLOADS = (
    "<script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</title></svg><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)" x=\'',
    "' onfocus='alert(1)' autofocus='",
    "<!--bs:why--><!--",
    "--><script>alert(1)</script>",
    "]]><script>",
    "&lt;script&gt; &amp;amp; &#60;",
    "%%unsubscribe_url%% %%why%% %%%%",
    "%%?why%%\n%%/why%%",
    "\x00\x08\x1b\ud800\ufffe",
    "\u202e\u2066x",
    "=1+1\r\nBcc: all@example.com",
    "{name} {count} {0.__class__}",
)
TEXTS = st.one_of(st.sampled_from(PAYLOADS), st.text(max_size=40)).map(lambda payload: "x" + payload)
DRAWN = {"svg", "g", "path", "line", "rect", "circle", "text", "title", "tspan", "polyline", "polygon"}
HARMLESS_LINKS = ("#", "https://reports.northlight.example/", "https://example.com/")


def spoken(thing: Any, text: str) -> Any:
    """*thing* with every text in it that comes from people or data replaced by *text*; empty ones stay empty."""
    if is_dataclass(thing) and not isinstance(thing, type):
        changes = {one.name: spoken(getattr(thing, one.name), text) for one in fields(thing) if one.name not in KEPT}
        return replace(thing, **changes)
    if isinstance(thing, tuple):
        return tuple(spoken(part, text) for part in thing)
    return text if isinstance(thing, str) and thing not in {"", "worse", "better", "faint"} else thing


class Outline(HTMLParser):
    """The elements of a page with the names of their attributes, and the faults that no text may cause."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.faults: list[str] = []
        self.words: list[str] = []
        self._drawing = 0
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = tuple(name for name, _ in attrs)
        if tag == "svg":
            self._drawing += 1
        if self._drawing:
            self.faults += [f"<{tag}> in a drawing"] if tag not in DRAWN else []
        else:
            self.elements.append((tag, names))
        self.faults += [f"{name} on <{tag}>" for name in names if name.startswith("on")]
        for name, value in attrs:
            if name in {"href", "src"} and not (value or "").startswith((*HARMLESS_LINKS, "data:image/", "cid:")):
                self.faults.append(f"{name}={value}")

    def handle_endtag(self, tag: str) -> None:
        self._drawing -= tag == "svg"

    def handle_data(self, data: str) -> None:
        self.words.append(data)
