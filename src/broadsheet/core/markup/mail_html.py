"""The HTML part of a mail: tables 600 px wide, Georgia and Arial, readable where everything but text is blocked."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from broadsheet.core.document.model import Metric, Paragraph

from .mail_body import in_html
from .mail_letter import Letter, Pictures
from .mail_style import INNER, SANS, SERIF, WIDTH, font, ink, sheet, table, toned
from .mail_tables import excerpt, shades_shown
from .words import data_to, word
from .writer import Html, join, link_allowed, tag

# Fills the line that mail programs show beside the subject, so that nothing else of the mail comes into it.
FILLER = "&#847;&zwnj;&nbsp;" * 40
OUTLOOK_DPI = (
    "<!--[if mso]><xml><o:OfficeDocumentSettings><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml>"
    "<![endif]-->"
)
OUTLOOK_TABLE = (
    f'<!--[if mso]><table role="presentation" width="{WIDTH}" cellpadding="0" cellspacing="0" border="0"><tr><td>'
    "<![endif]-->"
)


def html(letter: Letter, *, pictures: Pictures, preheader: str) -> str:
    """The whole HTML document with its TOKENS."""
    paper, document = letter.theme.light.paper, letter.document
    hidden = tag(
        "div", in_html(preheader), Html(FILLER), style="display:none;max-height:0;overflow:hidden;mso-hide:all;"
    )
    rows = join(
        _masthead(letter, pictures),
        _title(letter),
        _metrics(letter),
        _chart(letter, pictures),
        *(_row(excerpt(one, letter), top=22) for one in letter.tables),
        _acts(letter),
        _foot(letter),
    )
    inner = join(
        Html(OUTLOOK_TABLE),
        table(rows, style=f"max-width:{WIDTH}px;"),
        Html("<!--[if mso]></td></tr></table><![endif]-->"),
    )
    outer = tag("td", inner, align="center")
    ground = table(tag("tr", outer), class_="bg", style=f"background-color:{paper};")
    article = tag("div", ground, role="article", aria_label=in_html(document.title), lang=document.language)
    body = tag("body", hidden, article, class_="bg", style=f"margin:0;padding:0;background-color:{paper};")
    page = tag("html", _head(letter), body, lang=document.language, dir=direction(letter))
    return join(Html("<!DOCTYPE html>\n"), page)


def direction(letter: Letter) -> str:
    return "rtl" if letter.document.direction == "rtl" else "ltr"


def _head(letter: Letter) -> Html:
    metas = (
        {"charset": "utf-8"},
        {"name": "viewport", "content": "width=device-width,initial-scale=1"},
        {"name": "x-apple-disable-message-reformatting"},
        {"name": "format-detection", "content": "telephone=no,date=no,address=no,email=no"},
        {"name": "color-scheme", "content": "light dark"},
        {"name": "supported-color-schemes", "content": "light dark"},
    )
    title = tag("title", in_html(letter.document.title))
    return tag(
        "head",
        *(tag("meta", **attributes) for attributes in metas),
        title,
        Html(OUTLOOK_DPI),
        tag("style", sheet(letter.theme, shades=shades_shown(letter))),
    )


def _row(*children: str, top: int, bottom: int = 0) -> Html:
    return tag("tr", tag("td", *children, class_="pad", style=f"padding:{top}px 24px {bottom}px;"))


def _masthead(letter: Letter, pictures: Pictures) -> Html:
    tokens, document = letter.theme.light, letter.document
    ruled = f"padding-bottom:9px;border-bottom:2px solid {tokens.accent};"
    brand: Html = in_html(document.organization or letter.theme.name)
    if pictures.logo is not None:
        image = "display:inline-block;height:28px;width:auto;border:0;vertical-align:middle;"
        sign = tag("img", src=f"cid:{pictures.logo.cid}", height="28", alt="", class_="logo", style=image)
        brand = join(sign, Html("&nbsp; "), brand)
    ends = "left" if direction(letter) == "rtl" else "right"
    left = tag("td", brand, class_="ink top", style=font(SERIF, 17, 24, tokens.ink, f"font-weight:bold;{ruled}"))
    period = in_html(document.period_text)
    right = tag("td", period, align=ends, class_="ink2 top", style=font(SANS, 13, 24, tokens.ink2, ruled))
    return _row(table(tag("tr", left, right)), top=20)


def _title(letter: Letter) -> Html:
    tokens, document = letter.theme.light, letter.document
    plain = "margin:0;font-weight:normal;letter-spacing:-.3px;"
    parts = [tag("h1", in_html(document.title), class_="ink h1", style=font(SERIF, 36, 40, tokens.ink, plain))]
    if document.subtitle:
        style = font(SERIF, 18, 25, tokens.ink2, "margin:6px 0 0;")
        parts.append(tag("p", in_html(document.subtitle), class_="ink2", style=style))
    if letter.narrative:
        style = font(SERIF, 17, 27, tokens.ink, "margin:18px 0 0;")
        parts += [tag("p", *_spans(one, letter), class_="ink", style=style) for one in letter.narrative.paragraphs]
    return _row(*parts, top=26)


def _spans(paragraph: Paragraph, letter: Letter) -> Iterator[Html]:
    tokens = letter.theme.light
    if paragraph.kind != "paragraph":
        yield Html("•&nbsp;")
    for span in paragraph.spans:
        text: Html = in_html(span.text)
        if span.style in {"better", "worse"}:
            text = ink(span.text, span.style, tokens)
        elif span.style in {"strong", "emphasis"}:
            text = tag("b" if span.style == "strong" else "i", text)
        if span.link and link_allowed(span.link):
            text = tag("a", text, href=in_html(span.link), class_="lnk", style=f"color:{tokens.accent};")
        yield text


def _metrics(letter: Letter) -> Html:
    if not letter.metrics:
        return Html("")
    gap = tag("td", Html("&nbsp;"), width="16", style="font-size:0;line-height:0;")
    pairs = zip_longest(letter.metrics[::2], letter.metrics[1::2])
    rows = [
        tag("tr", _metric(left, letter), gap, _metric(right, letter) if right else tag("td", class_="half"))
        for left, right in pairs
    ]
    return _row(table(*rows), top=24)


def _metric(metric: Metric, letter: Letter) -> Html:
    tokens = letter.theme.light
    lines = [
        tag("b", in_html(metric.label), class_="ink", style=f"color:{tokens.ink};"),
        ink(metric.value, "ink", tokens, "font-size:31px;line-height:40px;"),
    ]
    if metric.delta or metric.previous:
        was, period = metric.previous, metric.versus.split(" ", 1)[-1]
        was = was.removeprefix(f"{period} ") if period else was
        change = [toned(metric.delta, metric.delta_tone, tokens), ink(metric.versus, "ink", tokens)]
        lines.append(_spaced(*change, ink(was, "ink2", tokens) if was else ""))
    if metric.target:
        lines.append(_spaced(ink(metric.target, "ink2", tokens), toned(metric.gap, metric.gap_tone, tokens)))
    cell = [part for line in lines for part in (line, Html("<br>"))][:-1]
    ruled = f"border-top:1px solid {tokens.hair};padding:12px 0 16px;"
    return tag("td", *cell, width="268", valign="top", class_="half rule", style=font(SANS, 15, 21, tokens.ink, ruled))


def _spaced(*parts: str) -> Html:
    full = [part for part in parts if part and not part.endswith("></span>")]
    return join(*(piece for part in full for piece in (part, " ")))


def _chart(letter: Letter, pictures: Pictures) -> Html:
    chart, tokens = letter.chart, letter.theme.light
    if chart is None or pictures.light is None:
        return Html("")
    ruled = f"margin:0;font-weight:bold;border-top:1px solid {tokens.hair};padding-top:14px;"
    parts = [tag("h2", in_html(chart.title), class_="ink rule", style=font(SERIF, 20, 26, tokens.ink, ruled))]
    if chart.under:
        style = font(SANS, 14, 20, tokens.ink2, "margin:3px 0 12px;")
        parts.append(tag("p", in_html(chart.under), class_="ink2", style=style))
    image = f"display:block;width:100%;max-width:{INNER}px;height:auto;border:0;"
    alt = in_html(chart.alt or chart.title)
    told = font(SANS, 14, 20, tokens.ink, image)  # programs that block pictures set the words in this
    parts.append(tag("img", class_="lightimg", src=f"cid:{pictures.light.cid}", width=str(INNER), alt=alt, style=told))
    if pictures.dark is not None:
        twin = tag("img", src=f"cid:{pictures.dark.cid}", width=str(INNER), alt=alt, style=image)
        hidden = tag("div", twin, class_="darkimg", style="display:none;max-height:0;overflow:hidden;")
        parts.append(join(Html("<!--[if !mso]><!-->"), hidden, Html("<!--<![endif]-->")))
    if chart.note:
        style = font(SANS, 13, 20, tokens.ink2, "margin:8px 0 0;")
        parts.append(tag("p", in_html(chart.note), class_="ink2", style=style))
    return _row(*parts, top=10)


def part(name: str, *children: str) -> Html:
    """What goes when the word called *name* is empty."""
    return join(Html(f"<!--bs:{name}-->"), *children, Html(f"<!--/bs:{name}-->"))


def _acts(letter: Letter) -> Html:
    tokens, document = letter.theme.light, letter.document
    link = tag(
        "a",
        in_html(word(document, "open_report")),
        class_="btna",
        href=Html("%%open_url%%"),
        style=font(
            SANS, 16, 20, tokens.paper, "display:inline-block;padding:13px 24px;font-weight:bold;text-decoration:none;"
        ),
    )
    button = tag(
        "td",
        link,
        class_="btn",
        bgcolor=tokens.accent,
        style=f"background-color:{tokens.accent};mso-padding-alt:13px 24px;",
    )
    attached = tag(
        "p",
        in_html(word(document, "attached")),
        Html(": %%attachments%%"),
        class_="ink2",
        style=font(SANS, 14, 21, tokens.ink2, "margin:0;"),
    )
    return join(
        part("open_url", _row(table(tag("tr", button), width=None), top=22)),
        part("attachments", _row(attached, top=12)),
    )


def _foot(letter: Letter) -> Html:
    tokens, document = letter.theme.light, letter.document
    small = font(SANS, 13, 20, tokens.ink2, "margin:12px 0 0;")
    ruled = font(SANS, 13, 20, tokens.ink2, f"margin:0;border-top:1px solid {tokens.hair};padding-top:14px;")
    said = " ".join(_sentence(line) for line in (data_to(document), document.confidentiality) if line)
    name = in_html(word(document, "for_reader")).replace("{name}", "%%recipient_name%%")
    following = join(in_html(word(document, "next")), Html(": %%next%%. "))
    why = [part("recipient_name", Html(f"{name} ")), part("why", Html("%%why%% ")), part("next", following)]
    links = [_link("unsubscribe", letter), _link("preferences", letter)]
    lines = [
        tag("p", in_html(said), class_="ink2 rule", style=ruled),
        tag("p", *why, class_="ink2", style=small),
        tag("p", *links, class_="ink2", style=small.replace("line-height:20px", "line-height:28px")),
    ]
    if letter.theme.footer:
        lines.append(tag("p", in_html(letter.theme.footer), class_="ink2", style=small))
    return _row(*lines, top=26, bottom=36)


def _link(name: str, letter: Letter) -> Html:
    style = f"color:{letter.theme.light.accent};white-space:nowrap;"
    words = in_html(word(letter.document, name))
    return part(
        f"{name}_url", tag("a", words, class_="lnk", href=Html(f"%%{name}_url%%"), style=style), Html(" &nbsp; ")
    )


def _sentence(text: str) -> str:
    return text if text.endswith((".", "。", "!", "?")) else f"{text}."
