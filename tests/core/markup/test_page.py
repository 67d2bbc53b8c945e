"""The article: no text becomes markup, heads are heads, links go where they may, and charts are drawn for each width."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from tests.adapters.formats.documents import arabic_document, daily, full_document, hours, sources
from tests.core.markup.hostile import PAYLOADS, TEXTS, Outline, spoken

from broadsheet.core.document.model import Columns, Document, Paragraph, Span, Table, Text
from broadsheet.core.markup import fragment, script, stylesheet
from broadsheet.core.markup.tables import kept
from broadsheet.core.markup.writer import escape, link_allowed, tag
from broadsheet.core.theme import DEFAULT
from broadsheet.core.theme.color import contrast

BENIGN = Outline(fragment(spoken(full_document(), "x"), theme=DEFAULT))


def page(*blocks: object) -> str:
    return fragment(Document("Title", blocks), theme=DEFAULT)  # type: ignore[arg-type]


@pytest.mark.feature("FMT-05")
@given(TEXTS)
@settings(max_examples=25, deadline=None)
def test_no_text_changes_the_markup(text: str) -> None:
    outline = Outline(fragment(spoken(full_document(), text), theme=DEFAULT))
    assert outline.faults == []
    assert outline.elements == BENIGN.elements


@pytest.mark.feature("FMT-05")
@pytest.mark.parametrize("payload", PAYLOADS)
def test_known_attacks_change_nothing(payload: str) -> None:
    outline = Outline(fragment(spoken(full_document(), f"x{payload}"), theme=DEFAULT))
    assert outline.faults == []
    assert outline.elements == BENIGN.elements


@pytest.mark.feature("FMT-05")
def test_texts_come_out_as_they_went_in() -> None:
    outline = Outline(page(Text((Paragraph((Span("a < b & c > \"d\" 'e' &amp;"),)),))))
    assert "a < b & c > \"d\" 'e' &amp;" in outline.words


@pytest.mark.feature("FMT-05")
@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("https://example.com/a?b=1&c=2#d", True),
        ("http://example.com", True),
        ("HTTPS://example.com", True),
        ("mailto:a@example.com", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        (" https://example.com", False),
        ("java\tscript:alert(1)", False),
        ("data:text/html,<script>", False),
        ("//example.com", False),
        ("/relative", False),
        ("https:", False),
        ("https:\\\\example.com", False),
        ("mailto:", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_only_web_and_mail_addresses_are_linked(address: str, allowed: bool) -> None:
    assert link_allowed(address) is allowed
    linked = '<a href="' in page(Text((Paragraph((Span("word", link=address),)),)))
    assert linked is allowed


@pytest.mark.feature("FMT-05")
def test_the_writer_leaves_out_what_is_not_there() -> None:
    assert tag("input", type="text", hidden=True, class_=None, aria_label='"') == (
        '<input type="text" hidden aria-label="&quot;">'
    )
    assert escape(escape("<")) == "&lt;"  # markup is not escaped twice


@pytest.mark.feature("FMT-05")
def test_heads_are_heads() -> None:
    text = page(sources())
    assert text.count('scope="colgroup"') == 4
    assert len(re.findall(r'<th scope="col"', text)) == 10
    assert len(re.findall(r'<th scope="row"', text)) == 11
    assert 'role="region" tabindex="0" aria-labelledby="bs-three-of-ten-sources-are-under-the-80-fl"' in text


@pytest.mark.feature("FMT-13")
def test_a_phone_keeps_what_is_in_trouble_and_what_it_is_about() -> None:
    table = sources()
    assert [table.columns[at].name for at in sorted(kept(table))] == ["source", "accepted", "rate", "revenue", "change"]
    assert len(kept(replace(table, rows=()))) == 5


@pytest.mark.feature("FMT-05")
def test_an_empty_table_says_so() -> None:
    text = page(Table("t", "Returns", (), (), empty="No returns."))
    assert '<p class="bs-empty">No returns.</p>' in text
    assert "<table" not in text


@pytest.mark.feature("FMT-13")
def test_a_chart_is_drawn_for_each_width_that_it_may_get() -> None:
    def widths(text: str) -> list[str]:
        return re.findall(r'class="bs-drawn (bs-from-\d+-\d+)"><svg width="(\d+)"', text)

    assert widths(page(daily())) == [
        ("bs-from-0-540", "343"),
        ("bs-from-540-720", "540"),
        ("bs-from-720-984", "720"),
        ("bs-from-984-0", "984"),
    ]
    side = widths(page(Columns(((daily(),), ()), (1, 1))))
    assert side == [("bs-from-0-540", "343"), ("bs-from-540-0", "540")]
    rules = stylesheet(DEFAULT)
    assert [name for name, _ in widths(page(daily())) + side if f".{name}{{display:block}}" not in rules] == []


@pytest.mark.feature("FMT-05")
def test_a_chart_tells_its_shape_and_its_figures() -> None:
    text = page(daily())
    assert text.count('role="img" aria-label="Two lines of 31 days.') == 4
    details = text[text.index("<details") : text.index("</details>")]
    assert details.count("<tr>") == 32
    assert '<th scope="row">14 Oct</th><td class="bs-end">65</td><td class="bs-end">57</td>' in details


@pytest.mark.feature("DLV-14")
def test_language_and_direction_are_said() -> None:
    text = fragment(arabic_document(), theme=DEFAULT)
    assert text.startswith('<article class="bs-report" lang="ar" dir="rtl">')
    assert "<summary>الأرقام</summary>" in text
    assert '<bdi class="bs-worse">−4.4 %</bdi>' in text


@pytest.mark.feature("FMT-05")
def test_a_page_with_its_own_head_can_leave_ours_out() -> None:
    bare = fragment(full_document(), theme=DEFAULT, head=False, foot=False, interactive=False)
    assert ("<h1" in bare, "bs-foot" in bare, "bs-key" in bare, "bs-pt" in bare) == (False, False, False, False)


@pytest.mark.feature("FMT-05")
def test_ids_are_given_once() -> None:
    twice = replace(full_document(), blocks=(daily(), daily(), sources()))
    ids = re.findall(r' id="([^"]+)"', fragment(twice, theme=DEFAULT))
    assert len(ids) == len(set(ids)) == 3


@pytest.mark.feature("PER-14")
def test_the_style_sheet_knows_light_dark_and_paper() -> None:
    rules = stylesheet(DEFAULT)
    assert rules.count("--bs-paper:#FFFFFF") == 1
    assert rules.count("--bs-paper:#14181B") == 2  # by the device, and by data-theme
    assert "@media print" in rules
    bare = re.sub(r"/\*.*?\*/|@(?:media|container)[^{]+\{", "", rules, flags=re.DOTALL)
    selectors = [one.strip() for one in re.findall(r"([^{}]+)\{", bare)]
    assert [one for one in selectors if not all(".bs-report" in part for part in top_level(one))] == []


def top_level(selector: str) -> list[str]:
    """A list of selectors cut at the commas that are not in brackets."""
    return re.split(r",(?![^(]*\))", selector)


@pytest.mark.feature("FMT-05")
def test_the_script_is_small_and_cannot_write_markup() -> None:
    assert len(script().encode()) < 8192
    assert re.findall(r"innerHTML|insertAdjacentHTML|document\.write|eval|fetch\(|XMLHttp|import", script()) == []


@pytest.mark.feature("FMT-05")
def test_shaded_figures_stand_on_their_step_in_both_themes() -> None:
    made, style = page(hours()), stylesheet(DEFAULT)
    for number in range(1, 8):
        assert len(re.findall(rf'<td class="[^"]*\bbs-heat{number}"', made)) == 7
        assert f".bs-heat{number}{{background:var(--bs-seq{number});color:var(--bs-on-seq{number})}}" in style
        for tokens in (DEFAULT.light, DEFAULT.dark):
            assert f"--bs-on-seq{number}:{tokens.on_sequential[number - 1]}" in style
            assert contrast(tokens.sequential[number - 1], tokens.on_sequential[number - 1]) >= 4.9


@pytest.mark.feature("FMT-05")
def test_a_table_of_shades_is_whole_on_a_phone_while_it_can_be() -> None:
    few = hours()
    assert kept(few) == frozenset(range(9))
    assert kept(hours(steps=(0, 1, 2, 3, 4, 5, 6, 6, 6))) == frozenset({0, 7, 8, 9, 10})
