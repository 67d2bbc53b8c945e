"""The mail's pictures and its packing; and how it looks to axe at 600 and 375 px, light and dark."""

from __future__ import annotations

import base64
import json
import struct
from dataclasses import replace

import pytest
from playwright.sync_api import Browser
from tests.adapters.formats.documents import PIXEL, arabic_document, full_document
from tests.plugins.browser import axe

from broadsheet.adapters.formats.mail import FORMAT
from broadsheet.core.document.model import Cell, Document, FormatHint, Row, Table, TableColumn
from broadsheet.core.markup.mail_body import MailBody, finish, read_body
from broadsheet.core.theme import DEFAULT, Logo, themed
from broadsheet.reports.ports import FORMATS

SIGN = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 27 46"><path d="M13.5 0 0 23l13.5 23z" fill="#025975"/></svg>'
WORDS = {
    "recipient_name": "Luis Ortega",
    "open_url": "https://example.com/1",
    "unsubscribe_url": "https://example.com/2",
}


def made(document: Document) -> MailBody:
    return read_body(FORMAT.render(document, theme=DEFAULT))


@pytest.mark.feature("DLV-01")
def test_it_is_a_body_and_no_file_to_choose() -> None:
    assert "body" in FORMATS.get("mail").descriptor.capabilities
    assert set(json.loads(FORMAT.render(full_document(), theme=DEFAULT))) == {
        "subject",
        "preheader",
        "html",
        "text",
        "inline",
    }


@pytest.mark.feature("DLV-01")
def test_pictures_are_drawn_twice_as_wide_on_both_papers() -> None:
    light, dark = made(full_document()).inline
    sizes = {struct.unpack(">II", picture.data[16:24]) for picture in (light, dark)}
    assert len(sizes) == 1
    assert sizes.pop()[0] == 1104
    assert light.data != dark.data
    assert light.media_type == dark.media_type == "image/png"


@pytest.mark.feature("DLV-01")
def test_equal_documents_give_equal_bytes() -> None:
    assert FORMAT.render(full_document(), theme=DEFAULT) == FORMAT.render(full_document(), theme=DEFAULT)


@pytest.mark.feature("DLV-13")
@pytest.mark.parametrize(
    ("logo", "pictures"),
    [
        (Logo(PIXEL, "image/png", "N"), 3),
        (Logo(SIGN, "image/svg+xml", "N"), 3),
        (Logo(b"<svg/>", "image/svg+xml", "N"), 2),
    ],
)
def test_a_sign_that_mail_programs_can_show_is_carried(logo: Logo, pictures: int) -> None:
    brand = themed("Northlight", logo=logo)
    assert len(read_body(FORMAT.render(full_document(), theme=brand)).inline) == pictures


@pytest.mark.feature("DLV-01")
def test_the_html_stays_under_what_gmail_clips() -> None:
    assert len(made(full_document()).html.encode()) < 102_000


@pytest.mark.browser
@pytest.mark.feature("DLV-01")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 600])
def test_axe_finds_nothing(browser: Browser, width: int, scheme: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    for document in (full_document(), arabic_document()):
        page.set_content(shown(finish(made(document), WORDS)))
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("img:visible").count() == 1
        assert axe(page, without=("landmark-one-main", "region")) == []  # the mail program's page has those
    page.close()


@pytest.mark.browser
@pytest.mark.feature("DLV-01")
def test_long_heads_make_no_mail_wider_than_a_phone(browser: Browser) -> None:
    plain = full_document()
    tables = [block for block in plain.blocks if isinstance(block, Table)]
    heads = ("Quelle", "Angenommen", "Zurückgegeben", "Annahmequote", "Stornierungen")
    columns = tuple(
        TableColumn(f"c{at}", head, FormatHint("text" if at == 0 else "percent"), "end" if at else "start")
        for at, head in enumerate(heads)
    )
    rows = (Row((Cell("Paid search"), Cell("29"), Cell("100,0"), Cell("6,9"), Cell("160,7"))),) * 3
    page = browser.new_page(viewport={"width": 375, "height": 900})
    page.set_content(shown(made(replace(plain, blocks=(replace(tables[0], columns=columns, rows=rows),)))))
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert page.locator("th", has_text="geben").count() == 1
    page.close()


def shown(body: MailBody) -> str:
    """The HTML with its pictures inside, as a mail program puts them there."""
    html = body.html
    for picture in body.inline:
        data = base64.b64encode(picture.data).decode()
        html = html.replace(f"cid:{picture.cid}", f"data:{picture.media_type};base64,{data}")
    return html
