"""HTML by calls: every text is escaped unless it was made here.

``tag("td", cell.text, class_="bs-end")`` gives an ``Html``; only an ``Html`` is put in as it is, so that a text from
data cannot become markup by being forgotten. Attributes that are None or False are left out, True stands bare.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

LINKS = frozenset({"http", "https", "mailto"})
VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "col"})
# What no HTML document may hold: control characters, lone surrogates, non-characters.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
SIGNS = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}
TABLE = str.maketrans(SIGNS)

Attribute = str | int | float | bool | None


class Html(str):
    """Finished markup."""

    __slots__ = ()


def escape(text: str) -> Html:
    """*text* as it may stand in an element or a quoted attribute; characters that HTML forbids are dropped."""
    if isinstance(text, Html):
        return text
    return Html(FORBIDDEN.sub("", text).translate(TABLE))


def tag(name: str, /, *children: str, **attributes: Attribute) -> Html:
    """An element. A trailing underscore of an attribute's name is dropped, others become hyphens."""
    opening = f"<{name}{''.join(_attribute(key, value) for key, value in attributes.items())}>"
    if name in VOID:
        return Html(opening)
    return Html(f"{opening}{join(*children)}</{name}>")


def join(*parts: str) -> Html:
    """*parts* one after another, each escaped unless it is markup."""
    return Html("".join(escape(part) for part in parts))


def link_allowed(address: str) -> bool:
    """Whether an address may be linked: http, https or mailto, without anything that browsers would repair."""
    if FORBIDDEN.search(address) or re.search(r"[\s\\]", address):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in LINKS and bool(parts.netloc or (parts.scheme == "mailto" and parts.path))


def _attribute(key: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
