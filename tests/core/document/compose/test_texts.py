"""Prose: the safe part of Markdown, placeholders that stay text, and translations."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from broadsheet.core.document.compose.texts import parsed
from broadsheet.core.document.model import Paragraph, Span, Text
from broadsheet.core.policy import Reader

from .conftest import READER, Compose, table

HOSTILE = (
    "**bold** [x](javascript:alert(1)) <script>alert(1)</script> {month.delivered} {reader.name} {{x}} %s {0} "
    "\u202e =1+1 #set text(red) \\n $x$"
)


def spans(markdown: str) -> list[tuple[str, str, str]]:
    return [(span.text, span.style, span.link) for paragraph in parsed(markdown) for span in paragraph.spans]


@pytest.mark.parametrize(
    ("markdown", "found"),
    [
        ("Plain **strong** *soft* `code`", [("Plain ", "", ""), ("strong", "strong", ""), (" ", "", ""), ("soft", "emphasis", ""), (" ", "", ""), ("code", "code", "")]),
        ("[site](https://example.com/a?b=1)", [("site", "", "https://example.com/a?b=1")]),
        ("[mail](mailto:a@example.com)", [("mail", "", "mailto:a@example.com")]),
        ("[x](javascript:alert(1))", [("[x](javascript:alert(1))", "", "")]),
        ("[x](file:///etc/passwd)", [("[x](file:///etc/passwd)", "", "")]),
        ("[x](/relative)", [("x", "", "")]),
        ("[x](https://example.com/{reader.name})", [("x", "", "https://example.com/%7Breader.name%7D")]),
        ("<b>not html</b>", [("<b>not html</b>", "", "")]),
        ("![picture](https://example.com/a.png)", [("!", "", ""), ("picture", "", "https://example.com/a.png")]),
        ("two\nlines", [("two lines", "", "")]),
        ("{month.delivered_rate_x} _a_", [("{month.delivered_rate_x} ", "", ""), ("a", "emphasis", "")]),
    ],
)  # fmt: skip
def test_only_the_safe_part_of_markdown_is_understood(markdown: str, found: list[tuple[str, str, str]]) -> None:
    assert spans(markdown) == found


def test_lists_are_told_from_paragraphs() -> None:
    kinds = [
        (paragraph.kind, paragraph.spans[0].text) for paragraph in parsed("Intro\n\n- a\n- b\n\n1. one\n2. two\n\nEnd")
    ]
    assert kinds == [
        ("paragraph", "Intro"), ("bullet", "a"), ("bullet", "b"), ("numbered", "one"), ("numbered", "two"), ("paragraph", "End"),
    ]  # fmt: skip


def prose(composed: Compose, text: str, *, reader: Reader = READER, extra: str = "") -> Text:
    body = f"data: {{month: {{dataset: l, metrics: [delivered], compare: true}}}}\nblocks:\n  - text: {text!r}\n{extra}"
    answers = {"month": table("delivered", [4812]), "month.previous": table("delivered", [5034])}
    [block] = composed(body, answers, reader=reader).blocks
    assert isinstance(block, Text)
    return block


def test_figures_and_periods_stand_in_the_text(composed: Compose) -> None:
    text = "{period}: {month.delivered}, {month.delivered.change} after {month.delivered.previous} in {period.previous} for {reader.name}; {month.rows}, {month.first.delivered}"
    assert prose(composed, text).paragraphs == (
        Paragraph((Span("October 2026: 4,812, −4.4\u202f% after 5,034 in September 2026 for Luis Ortega; 1, 4,812"),)),
    )


def test_a_hostile_name_is_only_ever_text(composed: Compose) -> None:
    reader = replace(READER, name=HOSTILE, attributes={"buyer": HOSTILE})
    block = prose(composed, "For {reader.name} of {reader.buyer}.", reader=reader)
    assert block.paragraphs == (Paragraph((Span(f"For {HOSTILE} of {HOSTILE}."),)),)


def test_a_hostile_name_in_titles_is_not_looked_at_again(composed: Compose) -> None:
    reader = replace(READER, name=HOSTILE)
    document = composed("blocks: [{heading: 'For {reader.name}'}]", {}, reader=reader)
    assert getattr(document.blocks[0], "text", "") == f"For {HOSTILE}"
    assert document.facts[0] == ("Prepared for", HOSTILE)
    assert document.filename == "r-2026-10"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("All of {gone.revenue}. **Came** {month.delivered}. And {gone.first.source}!", [("Came", "strong"), (" 4,812.", "")]),
        ("**Bold {gone.revenue}.** Rest, {month.delivered}. ", [("Rest, 4,812.", "")]),
        ("{gone.revenue}件。{month.delivered}件。", [("4,812件。", "")]),
        ("- {gone.revenue}\n- {month.delivered}", [("4,812", "")]),
        ("Greetings. Only {gone.revenue.change} is missing.", [("Greetings.", ""), ("There is nothing for October 2026.", "")]),
    ],
)  # fmt: skip
def test_a_sentence_whose_figure_is_missing_is_left_out(
    composed: Compose, text: str, left: list[tuple[str, str]]
) -> None:
    body = f"""
data: {{month: {{dataset: l, metrics: [delivered]}}, gone: {{dataset: l, metrics: [revenue, source], compare: true}}}}
blocks: [{{text: {json.dumps(text)}, role: narrative}}]
"""
    answers = {"month": table("delivered", [4812]), "gone": table("revenue source"), "gone.previous": table("revenue")}
    [block] = composed(body, answers).blocks
    assert isinstance(block, Text)
    assert [(span.text, span.style) for paragraph in block.paragraphs for span in paragraph.spans] == left


@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "pt", "it", "ja", "ar", "el", "bg"])
def test_nothing_is_said_in_every_language(composed: Compose, language: str) -> None:
    reader = replace(READER, language=language)
    body = "data: {m: {dataset: l, metrics: [delivered]}}\nblocks: [{text: '{m.delivered}.', role: narrative}]"
    [block] = composed(body, {"m": table("delivered", [None])}, reader=reader).blocks
    assert isinstance(block, Text)
    [span] = block.paragraphs[0].spans
    assert "2026" in span.text
    assert ("nothing" in span.text) == (language == "en")


@pytest.mark.parametrize(
    ("language", "said"), [("de-AT", "Für Luis Ortega"), ("pt-BR", "Brasil"), ("fr", "For Luis Ortega")]
)
def test_prose_is_taken_in_the_readers_language(composed: Compose, language: str, said: str) -> None:
    extra = "    translations: {de: 'Für {reader.name}', pt-BR: Brasil, pt: Portugal}\n"
    block = prose(composed, "For {reader.name}", reader=replace(READER, language=language), extra=extra)
    assert block.paragraphs[0].spans[0].text == said
