"""A PDF's text, structure and promises, read back by another library."""

from __future__ import annotations

import io
import itertools
import multiprocessing
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image as Picture
from pypdf import PageObject, PdfReader
from pypdf.generic import DictionaryObject
from tests.adapters.formats.a_document import COUNT, TEXT, daily_chart, document, sources_table
from tests.adapters.formats.documents import hours

from broadsheet.core.document.model import (
    Block,
    Cell,
    Columns,
    Document,
    Heading,
    Image,
    Paragraph,
    Row,
    Span,
    Table,
    TableColumn,
    Text,
)
from broadsheet.core.document.words import words_for
from broadsheet.core.theme import DEFAULT
from broadsheet.core.theme.tokens import Logo
from broadsheet.reports.ports import FORMATS, RenderError

GOLDEN = Path(__file__).parent / "a_document.txt"
EVIL = '#panic("x") ]{ } $x$ *b* _i_ `r` \\ "q\' <a> @ref // /* = - + ~ #{sys.inputs}'


def rendered(subject: Document) -> bytes:
    return FORMATS.get("pdf").render(subject, theme=DEFAULT)


def opened(subject: Document) -> PdfReader:
    return PdfReader(io.BytesIO(rendered(subject)))


def text_of(reader: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


def plain(*blocks: Block, **more: object) -> Document:
    words = tuple(words_for("en").items())
    return replace(Document("Report", blocks, words=words), **more)  # type: ignore[arg-type]


def long_table(rows: int, *, title: str = "Leads") -> Table:
    columns = (TableColumn("name", "Source", TEXT), TableColumn("count", "Delivered", COUNT, align="end"))
    return Table("leads", title, columns, tuple(Row((Cell(f"Row {n:04}"), Cell(str(n * 7)))) for n in range(rows)))


def photograph(kind: str = "PNG") -> bytes:
    target = io.BytesIO()
    Picture.new("RGB", (60, 30), "#3F9682").save(target, kind)
    return target.getvalue()


def places(page: PageObject) -> list[tuple[str, float]]:
    """Pieces of text and where each begins, in pt from the left edge."""
    found: list[tuple[str, float]] = []

    def keep(text: str, cm: list[float], tm: list[float], _font: object, _size: float) -> None:
        if text.strip():
            found.append((text.strip(), cm[0] * tm[4] + cm[2] * tm[5] + cm[4]))

    page.extract_text(visitor_text=keep)
    return found


def tags(reader: PdfReader) -> list[DictionaryObject]:
    """Every element of the structure tree."""
    found, waiting = [], [reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop().get_object()
        if isinstance(element, DictionaryObject):
            found.append(element)
            kids = element.get("/K", [])
            waiting += kids if isinstance(kids, list) else [kids]
    return found


@pytest.mark.feature("FMT-01")
def test_the_text_is_as_the_golden_file_says() -> None:
    reader = opened(replace(document(), words=tuple(words_for("en").items())))
    assert text_of(reader).split("\n") == GOLDEN.read_text("utf-8").rstrip("\n").split("\n")


@pytest.mark.feature("FMT-01")
def test_it_is_tagged_to_the_standard_and_says_its_language() -> None:
    reader = opened(replace(document(), language="de-AT"))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is not None and bool(root["/MarkInfo"]["/Marked"])
    assert root["/Lang"] == "de-AT"
    assert "pdfuaid:part" in root["/Metadata"].get_object().get_data().decode()
    kinds = {str(element.get("/S")) for element in tags(reader)}
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Figure", "/L"} <= kinds


@pytest.mark.feature("FMT-01")
def test_figures_tell_their_alternative_text() -> None:
    alts = {str(element["/Alt"]) for element in tags(opened(document())) if "/Alt" in element}
    assert {"Line chart of 14 days, lowest on 14 October.", "Bars of four sources."} <= alts


@pytest.mark.feature("FMT-01")
def test_titles_are_bookmarks() -> None:
    outline = opened(document()).outline
    assert outline[0].title == "Buyer performance"
    assert [entry.title for entry in outline[1]] == [
        "An outage marks the month",
        "Sources: one is under the floor",
        "Sources: one is under the floor",
        "Notes and definitions",
    ]


@pytest.mark.feature("FMT-01")
def test_the_file_knows_title_author_and_when_its_document_was_made() -> None:
    information = opened(document()).metadata
    assert (information.title, information.author) == ("Buyer performance", "Northlight Leads")
    assert information.creation_date == datetime(2026, 11, 1, 12, 12, tzinfo=UTC)


@pytest.mark.feature("BEY-06")
def test_equal_documents_give_equal_bytes() -> None:
    assert rendered(document()) == rendered(document())
    undated = replace(document(), made_at=None)
    assert rendered(undated) == rendered(undated)


@pytest.mark.feature("FMT-01")
def test_heads_repeat_after_every_break_and_pages_are_counted() -> None:
    pages = [page.extract_text() for page in opened(plain(long_table(2000))).pages]
    assert len(pages) > 30
    assert all("Delivered" in page for page in pages)
    assert "continued" not in pages[0]
    assert all("Source, continued" in page for page in pages[2:])
    assert all(f"Page {number} of {len(pages)}" in page for number, page in enumerate(pages, start=1))
    told = "\n".join(pages)
    assert all(f"Row {n:04}" in told for n in range(2000))


@pytest.mark.feature("FMT-01")
def test_the_running_head_begins_on_the_second_page() -> None:
    first, second, *_ = opened(plain(long_table(90), subtitle="Harbor Home", period_text="October 2026")).pages
    assert "Report · Harbor Home · October 2026" not in first.extract_text()
    assert "Report · Harbor Home · October 2026" in second.extract_text()


@pytest.mark.feature("FMT-01")
def test_contents_are_shown_when_asked_and_in_long_reports() -> None:
    short = plain(Heading("One"), Heading("Two"))
    assert "Contents" not in text_of(opened(short))
    assert "Contents" in text_of(opened(replace(short, contents=True)))
    parts = [long_table(90, title=f"Part {n}") for n in range(4)]
    assert "Contents" in opened(plain(*parts)).pages[0].extract_text()


@pytest.mark.feature("FMT-01")
def test_a_cover_stands_alone() -> None:
    pages = opened(plain(Heading("One"), cover=True, facts=(("Prepared for", "Luis"),))).pages
    assert "Luis" in pages[0].extract_text() and "One" not in pages[0].extract_text()
    assert "One" in pages[1].extract_text()


@pytest.mark.parametrize(
    "name", ["株式会社サンライズ", "شركة الطاقة الشمسية", "Ελληνική Ενέργεια", "Київ Енерго", "Żółć", "한국에너지"]
)
@pytest.mark.feature("FMT-01")
def test_names_of_any_script_are_text_to_the_standard(name: str) -> None:
    rows = (Row((Cell(name), Cell("1"))),)
    reader = opened(plain(replace(long_table(0), rows=rows), replace(daily_chart(), title=name)))
    assert "pdfuaid:part" in reader.trailer["/Root"]["/Metadata"].get_object().get_data().decode()
    fonts = {
        str(font.get_object()["/BaseFont"]) for page in reader.pages for font in page["/Resources"]["/Font"].values()
    }
    assert any("Noto" in font for font in fonts) or name == "Żółć" or name[0] in "ΕК"


def test_a_character_that_no_font_has_does_not_stop_the_report() -> None:
    reader = opened(plain(Text((Paragraph((Span("before \ue123 after"),)),))))
    assert "before" in text_of(reader)
    assert bool(reader.trailer["/Root"]["/MarkInfo"]["/Marked"])


@pytest.mark.feature("FMT-01")
def test_right_to_left_pages_keep_the_order_of_figures() -> None:
    arabic = plain(long_table(2), language="ar", direction="rtl", words=tuple(words_for("ar").items()))
    reader = opened(arabic)
    assert reader.trailer["/Root"]["/Lang"] == "ar"
    positions = {text.strip("\u2066\u2069"): x for text, x in places(reader.pages[0])}
    rows = {text: x for text, x in positions.items() if text in {"Row 0001", "7"}}
    assert rows["Row 0001"] > rows["7"]  # the first column stands on the right


@pytest.mark.feature("FMT-01")
def test_text_is_never_markup() -> None:
    table = replace(long_table(0), title=EVIL, note=EVIL, rows=(Row((Cell(EVIL), Cell(EVIL, mark="▼", tone="worse"))),))
    subject = plain(
        Heading(EVIL, under=EVIL),
        Text((Paragraph((Span(EVIL), Span(EVIL, "strong"), Span(EVIL, "code", 'javascript:alert("x")'))),)),
        replace(daily_chart(), title=EVIL, alt=EVIL, note=EVIL),
        table,
        title=EVIL,
        subtitle=EVIL,
        facts=((EVIL, EVIL),),
        organization=EVIL,
        confidentiality=EVIL,
        definition=EVIL,
    )
    reader = opened(subject)
    assert reader.metadata.title == EVIL
    assert text_of(reader).count("sys.inputs") >= 8
    assert b"javascript" not in rendered(subject)


def test_only_absolute_addresses_become_links() -> None:
    spans = (Span("good", link="https://example.com/a"), Span("bad", link="file:///etc/passwd"))
    page = opened(plain(Text((Paragraph(spans),)))).pages[0]
    assert [note.get_object()["/A"]["/URI"] for note in page.get("/Annots", [])] == ["https://example.com/a"]


def test_a_table_without_rows_says_so() -> None:
    told = text_of(opened(plain(replace(long_table(0), empty="No leads in this period."))))
    assert "No leads in this period." in told and "Delivered" in told


def test_long_words_and_many_columns_stay_on_the_page() -> None:
    columns = tuple(TableColumn(f"c{n}", f"Column {n}", TEXT, weight=1) for n in range(14))
    rows = tuple(Row(tuple(Cell("https://example.com/" + "a" * 60) for _ in columns)) for _ in range(3))
    page = opened(plain(Table("wide", "Wide", columns, rows))).pages[0]
    found = [x for _, x in places(page)]
    assert max(found) < 595 - 51
    assert len({round(x) for x in found}) >= 14


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF"])
def test_pictures_are_drawn(kind: str) -> None:
    page = opened(plain(Image(photograph(kind), "image/*", "A green box", caption="Green"))).pages[0]
    assert "Green" in page.extract_text()
    assert b"/Image" in rendered(plain(Image(photograph(kind), "image/*", "A green box")))


def test_the_brand_has_its_sign() -> None:
    theme = replace(DEFAULT, logo=Logo(photograph(), "image/png", "Northlight"), footer="1 Main Street")
    data = FORMATS.get("pdf").render(plain(Heading("One")), theme=theme)
    reader = PdfReader(io.BytesIO(data))
    assert "Northlight" in {str(element["/Alt"]) for element in tags(reader) if "/Alt" in element}
    assert "1 Main Street" in text_of(reader)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"nope", "not a PNG, JPEG, GIF or SVG"),
        (photograph()[:60], "ends too early"),
        (photograph("JPEG")[:200], "ends too early"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><image href="http://127.0.0.1:9/x.png"/></svg>', "not allowed"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><image href="/etc/hostname"/></svg>', "not allowed"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><rect', "SVG"),
    ],
)
def test_a_picture_that_cannot_be_drawn_is_named(data: bytes, why: str) -> None:
    inside = Columns(((Heading("Before"), Image(data, "image/png", "Bad picture")),), (1,))
    with pytest.raises(RenderError, match="The image “Bad picture”") as caught:
        rendered(plain(Heading("One"), inside))
    assert why in str(caught.value)


def test_a_table_with_too_many_columns_is_named() -> None:
    columns = tuple(TableColumn(f"c{n}", "C", TEXT) for n in range(41))
    with pytest.raises(RenderError, match="The table “Wide” has 41 columns"):
        rendered(plain(Table("wide", "Wide", columns, ())))


@pytest.mark.feature("BEY-06")
def test_one_reader_s_file_holds_nothing_of_another_s() -> None:
    names = ("Harbor Home Solar", "Zenith Roofing")
    files = {name: rendered(plain(sources_table(), title=name, subtitle=name)) for name in (*names, names[0])}
    for name, other in (names, names[::-1]):
        reader = PdfReader(io.BytesIO(files[name]))
        assert name in text_of(reader) and other not in text_of(reader)
        assert other.encode() not in files[name] and other.encode("utf-16-be") not in files[name]


def test_a_spawned_process_renders_the_same_bytes() -> None:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(rendered, (document(),)) == rendered(document())


def test_threads_and_failures_do_not_disturb_each_other() -> None:
    bad = plain(Image(b'<svg xmlns="http://www.w3.org/2000/svg"><image href="x.png"/></svg>', "image/svg+xml", "Bad"))
    subjects = [plain(long_table(20), title=f"Report {n}") for n in range(8)]
    expected = [rendered(subject) for subject in subjects]
    with pytest.raises(RenderError):
        rendered(bad)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(rendered, subjects)) == expected


def test_names_of_neighbouring_groups_do_not_touch() -> None:
    columns = tuple(TableColumn(f"c{n}", "%", COUNT, align="end", group=f"Long group {n}") for n in range(3))
    page = opened(plain(Table("groups", "Groups", (TableColumn("n", "Name", TEXT), *columns), ()))).pages[0]
    found = sorted(x for text, x in places(page) if text.startswith("Long group"))
    assert [second - first > 50 for first, second in itertools.pairwise(found)] == [True, True]


@pytest.mark.feature("FMT-01")
def test_shaded_figures_stand_on_their_step_of_the_sequential_colours() -> None:
    page = opened(plain(hours())).pages[0]
    drawn = page.get_contents().get_data().decode("latin-1")
    filled = set(re.findall(r"([\d.]+ [\d.]+ [\d.]+) (?:scn|rg)\b", drawn))
    for color in (*DEFAULT.light.sequential, DEFAULT.light.on_sequential[6]):
        wanted = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        assert any(
            max(abs(float(part) - share) for part, share in zip(one.split(), wanted, strict=True)) < 0.003
            for one in filled
        ), color


@pytest.mark.feature("FMT-01")
@pytest.mark.parametrize("rows", range(36, 48))
def test_a_page_never_begins_with_a_total_or_a_note_alone(rows: int) -> None:
    table = long_table(rows)
    total = Row((Cell("All sources"), Cell("1")), kind="total")
    last = opened(plain(replace(table, rows=(*table.rows, total), note="What ▼ means."))).pages[-1].extract_text()
    assert [f"Row {rows - back:04}" in last for back in (2, 1)] == [True, True]
    assert last.index(f"Row {rows - 1:04}") < last.index("All sources") < last.index("What ▼ means.")
