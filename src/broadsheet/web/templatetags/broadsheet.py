"""What pages are composed of. Each tag's template under `templates/components` lists its variables on top."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.template.loader import get_template
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from .fields import Field, as_field
from .states import STATES, parts, state_of

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """A line drawing of `components/sprite.html`; it says nothing by itself, so words stand beside it."""
    return format_html('<svg class="i" width="18" height="18" aria-hidden="true"><use href="#i-{}"/></svg>', name)


@register.simple_tag
def glyph(name: str) -> SafeString:
    """The glyph of a state alone, for places where its word is said elsewhere."""
    mark = state_of(name).glyph
    return format_html(
        '<svg class="g is-{}" width="14" height="14" aria-hidden="true"><use href="#s-{}"/></svg>', mark, mark
    )


@register.simple_tag
def state(name: str, label: str = "", href: str = "", long: bool = False) -> SafeString:
    """Glyph and word. *label* replaces the word (“38 accepted”); *href* leads to the rows; *long* lets it wrap."""
    word = label or state_of(name).word
    css = "state long" if long else "state"
    inner = format_html("{}<span>{}</span>", glyph(name), word)
    if href:
        return format_html('<a class="{}" href="{}">{}</a>', css, href, inner)
    return format_html('<span class="{}">{}</span>', css, inner)


@register.inclusion_tag("components/statebar.html")
def statebar(counts: list[dict[str, Any]], later: str = "", later_href: str = "") -> dict[str, object]:
    """A bar and its links: *counts* are ``{"state", "count", "href", "label"}``; *later* stands at the end."""
    return {"parts": parts(counts), "later": later, "later_href": later_href}


@register.simple_tag
def marks() -> list[dict[str, object]]:
    """Every state with its meaning, for the legend."""
    return [{"name": name, "meaning": entry.meaning} for name, entry in STATES.items() if name not in {"ok", "sending"}]


def _short(moment: datetime, style: str) -> str:
    if style == "time":
        return format_date(moment, "H:i")
    if style == "clock":
        return format_date(moment, "D H:i:s")
    day = "D j M" if moment.year == timezone.localtime(timezone=moment.tzinfo).year else "D j M Y"
    if style == "day":
        return format_date(moment, day)
    return format_date(moment, f"{day} H:i")


@register.simple_tag
def instant(value: datetime | date | str | None, style: str = "short", zone: str = "") -> SafeString | str:
    """A moment in the reader's zone, or in *zone*; the other clock is its title. None and “” give nothing.

    *style*: ``short`` (Mon 30 Nov 08:00), ``time``, ``clock`` (Mon 08:00:02), ``day``, ``ago`` (moves with the clock island).
    """
    if not value:
        return ""
    if not isinstance(value, datetime):
        return str(value) if isinstance(value, str) else format_date(value, "D j M Y")
    here = timezone.get_current_timezone()
    there = ZoneInfo(zone) if zone else here
    other = here if zone and zone != str(here) else ZoneInfo("UTC")
    moment, beside = value.astimezone(there), value.astimezone(other)
    title = f"{_short(moment, 'short')} {there}, {_short(beside, 'short')} {other}"
    ago = mark_safe(" data-ago") if style == "ago" else ""
    text = _short(moment, style)
    return format_html('<time datetime="{}" title="{}"{}>{}</time>', value.isoformat(), title, ago, text)


@register.simple_tag
def field(given: Any, css: str = "") -> SafeString:
    """Label, control, hint and errors of a Django field or of a mapping (see `fields.as_field`)."""
    shaped: Field = as_field(given)
    return mark_safe(get_template("components/field.html").render({"field": shaped, "css": css}))


@register.inclusion_tag("components/code.html")
def code(text: str, lit: str = "", name: str = "") -> dict[str, object]:
    """Typed text line by line; *lit* is “3-5”, the lines that are spoken of; *name* makes a copy button."""
    first, _dash, last = (lit or "0").partition("-")
    bright = range(int(first), int(last or first) + 1)
    lines = [{"text": line, "lit": number in bright} for number, line in enumerate(str(text).splitlines(), start=1)]
    return {"lines": lines, "name": name}


@register.simple_block_tag
def section(content: str, title: str, note: str = "", id: str = "", more: str = "", more_href: str = "") -> SafeString:
    """A section under a black rule. *note* is the grey words at the end of its head; *more* a link there."""
    context = {"content": content, "title": title, "note": note, "id": id, "more": more, "more_href": more_href}
    return mark_safe(get_template("components/section.html").render(context))


@register.filter
def size(count: int | None) -> str:
    """Bytes in decimal units, as files are spoken of: 412 kB, 23.4 MB."""
    if count is None:
        return ""
    if count < 1000:
        return _("%(n)s bytes") % {"n": count}
    power = next((power for power in (1, 2, 3) if count < 999.5 * 1000**power), 4)
    value, unit = count / 1000**power, ("kB", "MB", "GB", "TB")[power - 1]
    return f"{value:.0f} {unit}" if value >= 100 or power == 1 else f"{value:.1f} {unit}"


@register.filter
def fingerprint(digest: str) -> str:
    """A hash in groups of sixteen, so that two can be compared by eye."""
    return " ".join(digest[at : at + 16] for at in range(0, len(digest), 16))


@register.filter
def get(mapping: Mapping[str, Any], key: str) -> Any:
    """The value of *key*, or None."""
    return mapping.get(key)


register.filter("as_field", as_field)
