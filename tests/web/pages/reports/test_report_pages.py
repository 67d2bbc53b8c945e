"""Reports on pages: who may see and change them, whose rows they hold, and what is said when they cannot be shown."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from tests.plugins.django import NOW

Visitor = Callable[[str], Client]
LIST = "/reports/"
SHOWN = "/reports/purchases/"
EDIT = "/reports/purchases/edit/"
OCTOBER = "?period=2026-10"


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined,no-any-return]


def now_in_use(name: str = "purchases") -> str:
    from broadsheet.reports.models import ReportVersion

    return ReportVersion.objects.filter(report__name=name).latest("number").definition


@pytest.fixture
def kept(organization: object, shop: object) -> str:
    return now_in_use()


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (LIST, {"owner": 200, "editor": 200, "viewer": 200, "outsider": 200, "": 302}),
        (SHOWN, {"owner": 200, "editor": 200, "viewer": 200, "outsider": 404, "": 302}),
        ("/reports/purchases/file/csv/", {"owner": 200, "viewer": 200, "outsider": 404, "": 302}),
        ("/reports/purchases/versions/", {"owner": 200, "viewer": 200, "outsider": 404, "": 302}),
        ("/reports/purchases/versions/1/", {"owner": 200, "viewer": 200, "outsider": 404, "": 302}),
        ("/reports/purchases/versions/9/", {"owner": 404, "viewer": 404}),
        (EDIT, {"owner": 200, "editor": 200, "viewer": 403, "outsider": 404, "": 302}),
        ("/new-report/", {"editor": 200, "viewer": 403, "outsider": 200, "": 302}),
        ("/reports/none/", {"owner": 404, "viewer": 404, "outsider": 404, "": 302}),
        ("/reports/purchases/file/exe/", {"owner": 404}),
    ],
)
@pytest.mark.feature("SEC-03")
def test_each_page_opens_for_those_it_is_for(shop: object, visitor: Visitor, address: str, expected: dict) -> None:
    assert {role: visitor(role).get(address).status_code for role in expected} == expected


def test_another_tenants_library_holds_nothing_of_ours(shop: object, visitor: Visitor) -> None:
    assert "Purchases" in text(visitor("viewer").get(LIST))
    assert "Purchases" not in text(visitor("outsider").get(LIST))


@pytest.mark.parametrize(
    ("words", "found"), [("purch", True), ("BOUGHT in", True), ("orders", True), ("buyers-only", False), ("<b>", False)]
)
def test_the_filter_looks_into_title_description_and_datasets(
    shop: object, visitor: Visitor, words: str, found: bool
) -> None:
    page = text(visitor("viewer").get(LIST, {"q": words}))
    assert (f'href="{SHOWN}"' in page) is found
    assert "<b>" not in page.split("</form>")[-1].replace("<b class", "")  # what was typed comes back as text


def test_the_library_asks_as_often_for_many_reports_as_for_one(
    shop: object, visitor: Visitor, actor: Callable, django_assert_max_num_queries: Callable
) -> None:
    from broadsheet.core.document.loading import load
    from broadsheet.reports.actions.save import save_report

    [one] = load(now_in_use(), file="x")
    for number in range(20):
        save_report(actor("editor"), load(now_in_use().replace("purchases", f"copy-{number}", 1), file="x")[0], now=NOW)
    assert one.name == "purchases"
    client = visitor("viewer")
    with django_assert_max_num_queries(15):  # the desk around the page asks most of them
        assert text(client.get(LIST)).count('<p class="meta">') == 21


class TestWhoseRows:
    """Ada bought 50, Bo 25, Cy 101 in October; all together 176."""

    def test_an_editor_sees_every_row(self, shop: object, visitor: Visitor) -> None:
        page = text(visitor("editor").get(SHOWN + OCTOBER))
        assert "176" in page and "Novel" in page

    def test_an_editor_sees_what_a_chosen_reader_sees_and_no_more(self, shop: object, visitor: Visitor) -> None:
        page = text(visitor("editor").get(SHOWN + OCTOBER + "&reader=b2"))
        report = page[page.index('class="bs-report"') :]
        assert "25" in report and "Atlas" not in report and "176" not in report

    @pytest.mark.feature("SEC-03")
    def test_a_viewer_sees_no_row_that_belongs_to_somebody(self, shop: object, visitor: Visitor) -> None:
        page = text(visitor("viewer").get(SHOWN + OCTOBER))
        for word in ("176", "Atlas", "Novel", "Ada Stone", "ada@ada.example"):
            assert word not in page, word
        assert "This report is personal" in page and "bs-report" not in page and "/file/pdf/" not in page
        assert "This report is personal" not in text(visitor("editor").get(SHOWN))

    @pytest.mark.feature("SEC-03")
    def test_a_viewer_cannot_borrow_eyes(self, shop: object, visitor: Visitor) -> None:
        client = visitor("viewer")
        for address in (SHOWN + OCTOBER + "&reader=b1", "/reports/purchases/file/csv/?reader=b1&period=2026-10"):
            answer = client.get(address)
            assert answer.status_code == 403
            assert "Atlas" not in text(answer)

    @pytest.mark.feature("SEC-03")
    def test_a_viewers_file_holds_no_row_that_belongs_to_somebody(self, shop: object, visitor: Visitor) -> None:
        answer = visitor("viewer").get("/reports/purchases/file/csv/" + OCTOBER)
        assert answer.status_code == 200 and b"Atlas" not in answer.content


def test_a_file_is_a_download_with_a_plain_name(shop: object, visitor: Visitor) -> None:
    for form in ("csv", "html", "xlsx", "pdf"):
        answer = visitor("editor").get(f"/reports/purchases/file/{form}/" + OCTOBER)
        assert answer.status_code == 200, form
        assert answer["Content-Disposition"].startswith('attachment; filename="purchases-2026-10.')
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"].startswith("sandbox")


@pytest.mark.parametrize("query", ["?period=someday", "?least=much", "?unknown=1", "?reader=nobody"])
def test_what_cannot_be_taken_is_said_in_words_on_the_page(shop: object, visitor: Visitor, query: str) -> None:
    answer = visitor("editor").get(SHOWN + query)
    assert answer.status_code == 200
    assert 'class="notice is-failed"' in text(answer)
    assert "bs-report" not in text(answer)


def test_a_source_that_is_gone_is_said_with_the_way_out(shop: object, visitor: Visitor) -> None:
    from broadsheet.sources.models import Source

    Source.objects.update(settings={"files": ["/nowhere/at/all"]})
    page = text(visitor("editor").get(SHOWN))
    assert "It cannot be shown now" in page and reverse("web:settings-sources") in page
    assert (
        reverse("web:settings-sources") not in text(visitor("viewer").get(SHOWN)).split("<main")[1].split("</form>")[1]
    )


class TestEditing:
    def test_checking_shows_the_lines_and_keeps_nothing(self, kept: str, visitor: Visitor) -> None:
        changed = kept.replace("title: Purchases", "title: Bought")
        page = text(visitor("editor").post(EDIT, {"text": changed, "check": "1"}))
        assert "-title: Purchases" in page and "+title: Bought" in page
        assert now_in_use() == kept

    def test_keeping_makes_the_next_version_and_undo_takes_it_back(self, kept: str, visitor: Visitor) -> None:
        client = visitor("editor")
        changed = kept.replace("title: Purchases", "title: Bought")
        page = text(client.post(EDIT, {"text": changed, "base": "1", "keep": "1"}, follow=True))
        assert "Kept as version 2" in page and 'action="/reports/purchases/versions/1/restore/"' in page
        client.post("/reports/purchases/versions/1/restore/")
        assert now_in_use() == kept
        page = text(client.get("/reports/purchases/versions/"))
        assert "Version 3" in page

    def test_mistakes_are_named_with_their_line(self, kept: str, visitor: Visitor) -> None:
        line = kept.splitlines().index(next(one for one in kept.splitlines() if "dataset: orders" in one)) + 1
        answer = visitor("editor").post(EDIT, {"text": kept.replace("dataset: orders", "dataset: order"), "keep": "1"})
        assert answer.status_code == 422
        assert f"Line {line}" in text(answer) and "Did you mean “orders”?" in text(answer)
        assert now_in_use() == kept

    @pytest.mark.parametrize(
        "written",
        ["", "- a list", "report: other\ntitle: x\nblocks: []", "a: &x [*x]", "report: purchases\ntitle: [", "\x00"],
    )
    def test_no_text_breaks_the_page(self, kept: str, visitor: Visitor, written: str) -> None:
        answer = visitor("editor").post(EDIT, {"text": written, "base": "1", "keep": "1"})
        assert answer.status_code == 422
        assert now_in_use() == kept

    def test_what_somebody_kept_meanwhile_is_not_written_over_unseen(self, kept: str, visitor: Visitor) -> None:
        first, second = visitor("editor"), visitor("owner")
        second.post(EDIT, {"text": kept.replace("title: Purchases", "title: Theirs"), "base": "1", "keep": "1"})
        mine = kept.replace("title: Purchases", "title: Mine")
        page = text(first.post(EDIT, {"text": mine, "base": "1", "keep": "1"}))
        assert "Olga kept version 2 in the meantime" in page and "title: Theirs" in now_in_use()
        first.post(EDIT, {"text": mine, "base": "2", "keep": "1"})
        assert "title: Mine" in now_in_use()

    @pytest.mark.parametrize("role", ["viewer", "outsider", ""])
    @pytest.mark.feature("SEC-03")
    def test_others_cannot_write(self, kept: str, visitor: Visitor, role: str) -> None:
        changed = kept.replace("title: Purchases", "title: Theirs")
        client = visitor(role)
        for address in (EDIT, "/reports/purchases/versions/1/restore/"):
            assert client.post(address, {"text": changed, "base": "1", "keep": "1"}).status_code in {302, 403, 404}
        client.post("/new-report/", {"text": changed, "keep": "1"})
        from broadsheet.reports.models import Report

        assert Report.objects.get(organization__slug="harbour-books", name="purchases").latest == 1

    def test_a_new_report_starts_with_a_text_that_can_be_kept(self, shop: object, visitor: Visitor) -> None:
        client = visitor("editor")
        start = client.get("/new-report/").context["field"]["value"]
        answer = client.post("/new-report/", {"text": start, "keep": "1"}, follow=True)
        assert answer.status_code == 200, answer.context["problems"]
        assert "bs-report" in text(answer)

    def test_titles_are_text_wherever_they_stand(self, kept: str, visitor: Visitor) -> None:
        client = visitor("editor")
        hostile = "<script>alert(1)</script>\"'"
        changed = kept.replace("title: Purchases", f"title: {hostile!r}".replace("\\'", "''"), 1)
        assert client.post(EDIT, {"text": changed, "base": "1", "keep": "1"}).status_code == 302
        for address in (LIST, SHOWN, EDIT, "/reports/purchases/versions/", "/reports/purchases/versions/2/"):
            page = text(client.get(address))
            assert "<script>alert" not in page and "&lt;script&gt;alert" in page, address


class TestLooks:
    def test_the_reports_style_sheet_is_kept_long_and_is_the_tenants_own(self, shop: object, visitor: Visitor) -> None:
        from broadsheet.reports.actions.save_brand import save_brand  # noqa: F401

        client = visitor("viewer")
        page = client.get(SHOWN).context
        sheet = client.get(page["report_css"])
        assert sheet.status_code == 200 and "immutable" in sheet["Cache-Control"]
        assert client.get(page["report_js"])["Content-Type"] == "text/javascript; charset=utf-8"
        assert client.get("/brand/0123456789abcdef.css").status_code == 404
        assert visitor("").get(page["report_css"]).status_code == 302

    def test_pages_wear_the_accent_and_ask_again_only_for_a_word(self, shop: object, visitor: Visitor) -> None:
        from broadsheet.reports.models import Brand

        Brand.objects.update(accent="#8A1C3C")
        client = visitor("viewer")
        first = client.get("/brand.css")
        assert "--brand-light:#8A1C3C" in text(first)
        assert client.get("/brand.css", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
        assert "8A1C3C" not in text(visitor("outsider").get("/brand.css"))
        assert visitor("").get("/brand.css").status_code == 200
