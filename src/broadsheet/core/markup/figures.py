"""Charts: drawn anew for each width, told in words, and given as a table with the same figures.

A chart in a page stands in up to five drawings of which the style sheet shows one, by the width of its own column;
the others are not there for a screen reader either.
"""

from __future__ import annotations

import re

from broadsheet.core.charts import svg
from broadsheet.core.document.model import Chart

from .context import GUTTER, Page
from .writer import Html, tag

WIDTHS = (343, 540, 720, 984)  # px for which charts are drawn: phone, large phone or column, tablet, page
SHRINK = 0.97  # a drawing may be shown this much smaller than drawn, no more: text stays readable
COMPACT = 720  # px; the most that horizontal bars and pies are drawn for


def figure(block: Chart, page: Page, *, share: float = 1.0) -> Html:
    """A chart with title, line under it, drawings, note and figures. *share* is its part of the page's width."""
    name = page.name(block.title or block.name)
    head = Html("")
    if block.title:
        page.outline.append((name, block.title))
        head = tag(
            "header", tag("h2", block.title, id=name), tag("p", block.under) if block.under else "", class_="bs-op"
        )
    room = page.width if share == 1.0 else round((page.whole - GUTTER) * share)
    plot = tag("div", *drawings(block, page, room=room), class_="bs-plot", data_bs="plot", data_title=block.title)
    figures = _table(block, page, named_by=name if block.title else "")
    shown = figures if block.x else ""
    body = tag("div", _key(block, page), tag("div", plot, class_="bs-fit"), shown, class_="bs-figure")
    aside = tag("div", tag("p", block.note, class_="bs-note"), class_="bs-aside") if block.note else ""
    return tag("section", head, body, aside, class_="bs-block bs-chart")


def drawings(block: Chart, page: Page, *, room: int) -> list[Html]:
    """One drawing for each width that a column of *room* px, alone or stacked on a small screen, may have."""
    if block.kind == "pie" or block.horizontal:
        room = min(room, COMPACT)
    widths = [width for width in WIDTHS if width <= max(room / SHRINK, WIDTHS[1])]
    found = []
    for at, width in enumerate(widths):
        until = widths[at + 1] if at + 1 < len(widths) else 0
        drawn = svg(
            block,
            width=width,
            tokens=page.theme.light,
            css=True,
            interactive=page.interactive,
            direction=page.direction,
            number_style=page.document.number_style,
        )
        found.append(tag("div", _one_stop(drawn), class_=f"bs-drawn {shown_class(width if at else 0, until)}"))
    return found


def _one_stop(drawn: str) -> Html:
    """The drawing as one picture: the plot around it takes the keyboard, not each of its points."""
    return Html(
        re.sub(r' tabindex="-?\d"', "", drawn)
        .replace('<svg xmlns="http://www.w3.org/2000/svg"', "<svg", 1)
        .replace(' role="group"', ' role="img"', 1)
    )


def shown_class(start: int, until: int) -> str:
    """The class of a drawing that is shown from *start* px of room up to *until* (0: any width)."""
    return f"bs-from-{start}-{until}"


def shown_rules() -> str:
    """The style rules for every class that ``drawings`` can give."""
    rules = []
    for start in (0, *WIDTHS[1:]):
        for until in (*WIDTHS[1:], 0):
            if until and until <= start:
                continue
            lower = f"(min-width:{start * SHRINK:.0f}px)" if start else ""
            upper = f"(max-width:{until * SHRINK - 0.02:.2f}px)" if until else ""
            query = " and ".join(filter(None, (lower, upper))) or "(min-width:0px)"
            rules.append(f"@container bs-fit {query}{{.bs-report .{shown_class(start, until)}{{display:block}}}}")
    return "\n".join(rules)


def _key(block: Chart, page: Page) -> Html:
    """The names of the series as switches; they work with the script and are hidden until it runs."""
    if not page.interactive or len(block.series) < 2 or block.kind in {"pie", "scatter"}:
        return Html("")
    switches = [
        tag(
            "button",
            tag("i", class_=f"bs-dot bs-dot-{series.color}"),
            series.label,
            type="button",
            aria_pressed="true",
            data_s=series.name,
        )
        for series in block.series
    ]
    return tag("div", *switches, class_="bs-key", role="group", aria_label=page.word("series"), hidden=True)


def _table(block: Chart, page: Page, *, named_by: str) -> Html:
    """The chart's figures, folded away: what is drawn can be read, copied and heard."""
    heads = [tag("td")] + [tag("th", series.label, scope="col", class_="bs-end") for series in block.series]
    heads += [tag("th", head, scope="col", class_="bs-end") for head, _, _ in block.columns if head]
    rows = [
        tag(
            "tr",
            tag("th", label, scope="row"),
            *(tag("td", _text(series.texts, series.values, at), class_="bs-end") for series in block.series),
            *(tag("td", _at(texts, at), class_="bs-end") for head, texts, _ in block.columns if head),
        )
        for at, label in enumerate(block.x)
    ]
    grid = tag("table", tag("thead", tag("tr", *heads)), tag("tbody", *rows), class_="bs-data")
    label = {"aria_labelledby": named_by} if named_by else {"aria_label": block.name}
    region = tag("div", grid, class_="bs-region", role="region", tabindex="0", **label)
    return tag("details", tag("summary", page.word("figures")), region, class_="bs-details")


def _at(texts: tuple[str, ...], at: int) -> str:
    return texts[at] if at < len(texts) else ""


def _text(texts: tuple[str, ...], values: tuple[float | None, ...], at: int) -> str:
    """The finished figure; where the document has none, the number itself."""
    if _at(texts, at):
        return texts[at]
    value = values[at] if at < len(values) else None
    return "" if value is None else f"{value:g}"
