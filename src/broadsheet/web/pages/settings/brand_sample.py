"""The head of a report in a brand, as a page of its own for an iframe: to look at a colour before it is kept."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from broadsheet.adapters.formats.html.faces import faces
from broadsheet.core.document.model import Document, Metric, MetricRow, Paragraph, Span, Text
from broadsheet.core.markup import fragment, stylesheet
from broadsheet.core.theme import Theme

POLICY = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; frame-ancestors 'self'"
WIDTH = 540  # px of the column that it stands in


def sample_page(theme: Theme, *, organization: str) -> HttpResponse:
    """Title, narrative and three figures that are made up, said to be so."""
    html = fragment(_document(organization), theme=theme, width=WIDTH, interactive=False)
    page = format_html(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{}</title>'
        "<style>{}body{{margin:0 16px 16px}}{}</style></head><body>{}</body></html>",
        _("A report in this brand"),
        mark_safe(faces()),  # our own files
        mark_safe(stylesheet(theme)),  # our own rules; a theme's colours are checked to be hexadecimal
        mark_safe(html),
    )
    response = HttpResponse(page)
    response["Content-Security-Policy"] = POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cache-Control"] = "private, no-store"
    return response


def _document(organization: str) -> Document:
    story = (Span(_("This is how a report begins: ")), Span(_("the accent marks what is better"), "better"), Span("."))
    metrics = (
        Metric("a", _("Example figure"), "1,204", delta="+8.1 %", delta_tone="better", sparkline=(3, 4, 4, 5, 7, 8)),
        Metric("b", _("Another"), "86.2 %", delta="−1.4 pt", delta_tone="worse", sparkline=(9, 8, 9, 7, 7, 6)),
        Metric("c", _("A third"), "$4,310", delta="+0.2 %", sparkline=(5, 5, 6, 5, 6, 6)),
    )
    return Document(
        title=_("A report in this brand"),
        subtitle=_("Figures made up to show the look"),
        organization=organization,
        blocks=(Text((Paragraph(story),), role="narrative"), MetricRow(metrics)),
        facts=((_("Prepared for"), _("you")), (_("Period"), _("an example"))),
    )
