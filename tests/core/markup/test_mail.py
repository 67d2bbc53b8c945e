"""The body of a mail: the same figures in both parts, no text becomes markup or a token, and dark has its classes."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from tests.adapters.formats.documents import arabic_document, full_document, hours, japanese_document, sources
from tests.core.markup.hostile import PAYLOADS, TEXTS, Outline, spoken

from broadsheet.core.document.model import Document, Row
from broadsheet.core.markup.mail import Pictures, mail_body
from broadsheet.core.markup.mail_body import TOKENS, MailBody, Picture, finish, read_body, write_body
from broadsheet.core.markup.mail_text import wide
from broadsheet.core.theme import DEFAULT

PICTURES = Pictures(Picture("light@b", "image/png", b"light"), Picture("dark@b", "image/png", b"dark"))
VALUES = {
    "recipient_name": "Luis Ortega",
    "why": "Northlight Leads sends it: every Monday at 08:00.",
    "next": "Tuesday 1 December",
    "attachments": "buyer-performance.pdf",
    "open_url": "https://reports.northlight.example/r/1?a=1&b=2",
    "unsubscribe_url": "https://reports.northlight.example/u/1",
    "preferences_url": "https://reports.northlight.example/p/1",
}


def body(document: Document) -> MailBody:
    return mail_body(document, theme=DEFAULT, pictures=PICTURES)


BENIGN = Outline(finish(body(spoken(full_document(), "x")), VALUES).html)


@pytest.mark.feature("DLV-01")
@given(TEXTS)
@settings(max_examples=25, deadline=None)
def test_no_text_of_the_report_changes_the_mail(text: str) -> None:
    done = finish(body(spoken(full_document(), text)), VALUES)
    outline = Outline(done.html)
    assert outline.faults == []
    assert outline.elements == BENIGN.elements
    assert done.html.count(VALUES["unsubscribe_url"]) == done.text.count(VALUES["unsubscribe_url"]) == 1
    assert len(done.subject.splitlines()) == len(done.preheader.splitlines()) == 1
    write_body(done)


@pytest.mark.feature("DLV-01")
@given(TEXTS)
@settings(max_examples=25, deadline=None)
def test_no_word_of_the_sender_changes_the_mail(text: str) -> None:
    words = {name: f"https://example.com/{len(text)}" if name.endswith("_url") else text for name in TOKENS}
    done = finish(body(spoken(full_document(), "x")), words)
    outline = Outline(done.html)
    assert outline.faults == []
    assert outline.elements == BENIGN.elements
    assert re.findall(r"%%[?/]?(?:" + "|".join(TOKENS) + ")%%", done.html + done.text) == []


@pytest.mark.feature("DLV-01")
@pytest.mark.parametrize("payload", PAYLOADS)
def test_known_attacks_change_nothing(payload: str) -> None:
    done = finish(body(spoken(full_document(), f"x{payload}")), VALUES)
    outline = Outline(done.html)
    assert (outline.faults, outline.elements) == ([], BENIGN.elements)
    assert done.text.count("https://reports.northlight.example/u/1") == 1


@pytest.mark.feature("DLV-01")
def test_a_recipients_words_come_in_escaped_in_html_and_plain_in_text() -> None:
    done = finish(body(full_document()), {**VALUES, "recipient_name": "Ann <b> & Co"})
    assert "For Ann &lt;b&gt; &amp; Co. Northlight Leads sends it: every Monday at 08:00. " in re.sub(
        r"<!--/?bs:\w+-->", "", done.html
    )
    assert "For Ann <b> & Co.\n" in done.text
    assert 'href="https://reports.northlight.example/r/1?a=1&amp;b=2"' in done.html
    assert "\nhttps://reports.northlight.example/r/1?a=1&b=2\n" in done.text


@pytest.mark.feature("DLV-01")
@pytest.mark.parametrize("missing", TOKENS)
def test_a_part_without_its_word_goes(missing: str) -> None:
    whole, done = (finish(body(full_document()), words) for words in (VALUES, {**VALUES, missing: ""}))
    for before, after in ((whole.html, done.html), (whole.text, done.text)):
        assert len(after) < len(before)
        assert "%%" not in after
        assert "bs:" not in after


@pytest.mark.feature("DLV-01")
@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//example.com", "https://a b"])
def test_an_address_that_may_not_be_linked_takes_its_part_with_it(address: str) -> None:
    done = finish(body(full_document()), {**VALUES, "open_url": address})
    assert ("Open the live report" in done.html, "Open the live report" in done.text) == (False, False)


@pytest.mark.feature("DLV-01")
def test_a_word_that_no_mail_has_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no token “whence”\. It has: recipient_name, why"):
        finish(body(full_document()), {"whence": "x"})


@pytest.mark.feature("DLV-01")
def test_a_word_cannot_bring_a_line_into_the_subject() -> None:
    done = finish(MailBody("For %%recipient_name%%", "", ""), {"recipient_name": "Ann\r\nBcc: all@example.com"})
    assert done.subject == "For Ann Bcc: all@example.com"


@pytest.mark.feature("DLV-01")
def test_the_text_has_the_figures_in_columns() -> None:
    text = body(full_document()).text
    assert "\nLeads delivered    4,812   -4.4 %  vs Sep 5,034\n    Target 5,000, missed by 3.8 %\n" in text
    head, row = (
        next(line for line in text.splitlines() if line.startswith(f"{name}  ")) for name in ("Source", "Paid search")
    )
    assert row.split("  ")[-1].strip() == "-19.9"
    assert [head.index(label) + len(label) for label in ("Leads", "Rate %", "Rev. $k", "vs Sep %")] == [
        row.index(figure) + len(figure) for figure in ("683", "92.0", "476.3", "-19.9")
    ]
    figures = set(re.findall(r"\d[\d,.]*\d", re.sub(r"<[^>]+>", " ", body(full_document()).html)))
    assert {"4,812", "87.4", "476.3", "2.44"} <= figures & set(re.findall(r"\d[\d,.]*\d", text))


@pytest.mark.feature("DLV-14")
@pytest.mark.parametrize("document", [full_document(), arabic_document(), japanese_document()])
def test_no_line_of_the_text_is_too_wide(document: Document) -> None:
    assert [line for line in finish(body(document), VALUES).text.splitlines() if wide(line) > 78] == []


@pytest.mark.feature("DLV-01")
def test_a_long_table_shows_its_first_rows_and_says_how_many_more() -> None:
    table = sources()
    rows = tuple(row for row in table.rows if row.kind == "row") * 2
    total = (Row(table.rows[-1].cells, kind="total"),)
    document = replace(full_document(), blocks=(replace(table, rows=rows + total, dropped=30, note="30 more."),))
    made = body(document)
    for part in (made.html, made.text):
        assert "38 more are not shown." in part
        assert "30 more." not in part
        assert part.count("SunCompare") == 2
        assert part.count("All sources") == 1


@pytest.mark.feature("DLV-01")
def test_six_metrics_and_two_tables_at_most() -> None:
    document = full_document()
    made = body(replace(document, blocks=document.blocks * 3))
    assert (made.html.count("font-size:31px"), made.html.count('class="data"')) == (6, 2)


@pytest.mark.feature("DLV-01")
def test_light_and_dark_pictures_are_named_and_told() -> None:
    html = body(full_document()).html
    assert re.findall(r'src="([^"]+)"', html) == ["cid:light@b", "cid:dark@b"]
    assert html.count('alt="Two lines of 31 days.') == 2
    without = mail_body(full_document(), theme=DEFAULT, pictures=Pictures()).html
    assert "<img" not in without


@pytest.mark.feature("PER-14")
def test_every_class_of_the_dark_is_used_and_styled() -> None:
    html = body(full_document()).html
    sheet, content = html[html.index("<style>") : html.index("</style>")], html[html.index("<body") :]
    used = {name for names in re.findall(r'class="([^"]+)"', content) for name in names.split()}
    for mark in (r"@media \(prefers-color-scheme:dark\)\{(.*?)\}\}", r"(\[data-ogs.*)"):
        styled = set(re.findall(r"\.(\w+)\{", re.findall(mark, sheet)[0]))
        assert used - {"pad", "h1", "half", "data", "next"} <= styled


@pytest.mark.feature("DLV-01")
def test_a_body_is_read_as_it_was_written() -> None:
    made = body(full_document())
    assert read_body(write_body(made)) == made
    for other in (b"%PDF-1.7", b"{}", b"[]", b'{"inline": 3}'):
        with pytest.raises(ValueError, match="Render the report again"):
            read_body(other)


@pytest.mark.feature("DLV-14")
def test_a_mail_speaks_the_readers_language() -> None:
    made = finish(body(japanese_document()), VALUES)
    assert '<html lang="ja" dir="ltr">' in made.html
    assert "Luis Ortega 様" in made.html
    assert "配信停止: https://reports.northlight.example/u/1" in made.text
    assert '<html lang="ar" dir="rtl">' in body(arabic_document()).html


@pytest.mark.feature("DLV-01")
def test_shaded_figures_stand_on_their_step_and_turn_in_the_dark() -> None:
    made = body(Document("Title", (hours(),))).html
    light, dark = DEFAULT.light, DEFAULT.dark
    assert made.count(f"background-color:{light.sequential[6]};") == 7
    assert f'bgcolor="{light.sequential[6]}" align="center" class="heat7 seam"' in made
    assert f".heat7{{background-color:{dark.sequential[6]}!important}}" in made
    assert f"[data-ogsc] .heat7{{color:{dark.on_sequential[6]}!important}}" in made
    assert "heat7" not in body(full_document()).html
