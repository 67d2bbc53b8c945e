"""The plain text part of a mail: the same figures in columns that line up in a fixed-width font."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator, Sequence

from broadsheet.core.document.model import Metric, Paragraph

from .mail_body import TEXT_WIDTH, untokened
from .mail_letter import Excerpt, Letter
from .mail_tables import columns_of, notes
from .tables import group_to_say
from .words import data_to, word
from .writer import FORBIDDEN

RULE = "-" * TEXT_WIDTH
GAP = "  "
NAME_WIDTH = 30  # columns for a row's name
PLAIN = str.maketrans({"\u202f": " ", "\u00a0": " ", "\u2009": " ", "−": "-", "\t": " ", "\r": " ", "\n": " "})


def text(letter: Letter) -> str:
    """The whole text with its TOKENS; every line of data is at most TEXT_WIDTH columns where words allow."""
    parts = [*_opening(letter), *_figures(letter), *_chart(letter)]
    for shown in letter.tables:
        parts += _table(shown, letter)
    return "\n".join([*parts, *_closing(letter)]) + "\n"


def plain(shown: str) -> str:
    """*shown* without what a fixed-width font or a token would trip over."""
    return untokened(FORBIDDEN.sub("", shown.translate(PLAIN)))


def wide(shown: str) -> int:
    """Columns that *shown* takes in a fixed-width font."""
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in shown
    )


def columns(rows: Sequence[Sequence[str]], *, ends: Sequence[bool]) -> list[str]:
    """Rows as lines, each column as wide as its widest text; *ends* says which are flush right."""
    widths = [max((wide(row[at]) for row in rows), default=0) for at in range(len(ends))]
    lines = []
    for row in rows:
        fields = [
            " " * (width - wide(field)) + field if end else field + " " * (width - wide(field))
            for field, width, end in zip(row, widths, ends, strict=True)
        ]
        lines.append(GAP.join(fields).rstrip())
    return lines


def _wrapped(shown: str, *, indent: str = "") -> list[str]:
    told = plain(shown)
    # Chinese and Japanese have no blanks to break at, and take two columns a character.
    dense = wide(told) > 1.5 * len(told) and "://" not in told
    width = TEXT_WIDTH // 2 if dense else TEXT_WIDTH
    return textwrap.wrap(told, width, subsequent_indent=indent, break_long_words=dense, break_on_hyphens=False)


def _opening(letter: Letter) -> Iterator[str]:
    document = letter.document
    name, period = plain(document.organization or letter.theme.name), plain(document.period_text)
    yield f"{name}{' ' * max(2, TEXT_WIDTH - wide(name) - wide(period))}{period}".rstrip()
    yield from ("", plain(document.title).upper())
    yield from _wrapped(document.subtitle)
    yield ""
    for paragraph in letter.narrative.paragraphs if letter.narrative else ():
        yield from _paragraph(paragraph)
        yield ""


def _paragraph(paragraph: Paragraph) -> Iterator[str]:
    told = "".join(f"{span.text} <{span.link}>" if span.link else span.text for span in paragraph.spans)
    yield from _wrapped(told) if paragraph.kind == "paragraph" else _wrapped(f"- {told}", indent="  ")


def _figures(letter: Letter) -> Iterator[str]:
    if not letter.metrics:
        return
    rows = [[plain(field) for field in _metric(one)] for one in letter.metrics]
    lines = columns(rows, ends=(False, True, True, False, False))
    if max(map(wide, lines)) > TEXT_WIDTH:  # targets go to a line of their own
        short = columns([row[:4] for row in rows], ends=(False, True, True, False))
        lines = [
            line for row, head in zip(rows, short, strict=True) for line in (head, f"    {row[4]}") if line.strip()
        ]
    yield from (RULE, *lines, RULE, "")


def _metric(metric: Metric) -> tuple[str, str, str, str, str]:
    period = metric.versus.split(" ", 1)[-1]
    was = metric.previous.removeprefix(f"{period} ") if period else metric.previous
    target = ", ".join(part for part in (metric.target, metric.gap) if part)
    return metric.label, metric.value, metric.delta, f"{metric.versus} {was}".strip(), target


def _chart(letter: Letter) -> Iterator[str]:
    if letter.chart is not None:
        yield from _wrapped(letter.chart.title)
        yield from _wrapped(letter.chart.alt or letter.chart.under)
        yield ""


def _table(shown: Excerpt, letter: Letter) -> Iterator[str]:
    block = shown.table
    ats = columns_of(block)
    rows = [[plain(f"{group_to_say(block, at)} {block.columns[at].label}".strip()) for at in ats]]
    for row in shown.rows:
        cells = [row.cells[at] if at < len(row.cells) else None for at in ats]
        rows.append([plain(f"{cell.mark} {cell.text}".strip()) if cell else "" for cell in cells])
    for row_ in rows:
        row_[0] = _shortened(row_[0])
    lines = columns(rows, ends=[block.columns[at].align == "end" for at in ats])
    yield from _wrapped(block.title)
    yield from _wrapped(block.under)
    rule = "-" * max(map(wide, lines))
    totals = sum(row.kind == "total" for row in shown.rows)
    body = lines[1 : len(lines) - totals]
    yield from (lines[0], rule, *body, rule, *lines[len(lines) - totals :])
    for line in notes(shown, letter):
        yield from _wrapped(line)
    yield ""


def _shortened(shown: str) -> str:
    while wide(shown) > NAME_WIDTH:
        shown = shown[:-2] + "…"
    return shown


def _closing(letter: Letter) -> Iterator[str]:
    document = letter.document
    yield from _part("open_url", f"{plain(word(document, 'open_report'))}:", "%%open_url%%", "")
    yield from _part("attachments", f"{plain(word(document, 'attached'))}: %%attachments%%", "")
    for line in (data_to(document), document.confidentiality):
        yield from _wrapped(line)
    yield ""
    yield from _part("recipient_name", plain(word(document, "for_reader")).replace("{name}", "%%recipient_name%%"))
    yield from _part("why", "%%why%%")
    yield from _part("next", f"{plain(word(document, 'next'))}: %%next%%.")
    yield ""
    yield from _part("unsubscribe_url", f"{plain(word(document, 'unsubscribe'))}: %%unsubscribe_url%%")
    yield from _part("preferences_url", f"{plain(word(document, 'preferences'))}: %%preferences_url%%")
    if letter.theme.footer:
        yield from ("", *_wrapped(letter.theme.footer))


def _part(name: str, *lines: str) -> Iterator[str]:
    """Lines that go when the word called *name* is empty."""
    yield from (f"%%?{name}%%", *lines, f"%%/{name}%%")
