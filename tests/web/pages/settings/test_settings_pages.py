"""Settings on pages: who may see and change what, secrets that never come back, and faults said at their fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.plugins.django import PASSWORD, Cast

Visitor = Callable[[str], Client]
SECRET = "hunter2-never-shown"
POSTGRESQL = {
    "name": "books", "label": "Books", "setting-host": "127.0.0.1", "setting-port": "1", "setting-database": "x",
    "setting-user": "u", "setting-password": SECRET, "setting-sslmode": "disable",
}  # fmt: skip


def text(answer: Any) -> str:
    return answer.content.decode()  # type: ignore[no-any-return]


def opened(name: str) -> dict[str, str]:
    """What a form over the source sends along when it was opened just now."""
    from broadsheet.sources.models import Source
    from broadsheet.web.pages.settings.sources import base_of

    return {"base": base_of(Source.objects.get(name=name))}


@pytest.mark.feature("SEC-03")
@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/settings/", {"owner": 200, "viewer": 200, "": 302}),
        ("/settings/sources/", {"owner": 200, "editor": 200, "viewer": 200, "": 302}),
        ("/settings/datasets/orders/", {"owner": 200, "viewer": 200, "outsider": 404, "": 302}),
        ("/settings/datasets/orders/edit/", {"editor": 200, "viewer": 403, "outsider": 404, "": 302}),
        ("/settings/new-dataset/", {"editor": 200, "viewer": 403, "": 302}),
        ("/settings/channels/", {"owner": 200, "viewer": 200, "": 302}),
        ("/settings/brand/", {"owner": 200, "viewer": 200, "": 302}),
        ("/settings/brand/preview/", {"viewer": 200, "": 302}),
        ("/settings/people/", {"owner": 200, "viewer": 200, "": 302}),
        ("/settings/tokens/", {"owner": 200, "admin": 200, "editor": 403, "viewer": 403, "": 302}),
        ("/settings/journal/", {"owner": 200, "admin": 200, "editor": 403, "viewer": 403, "": 302}),
        ("/settings/account/", {"owner": 200, "viewer": 200, "outsider": 200, "": 302}),
    ],
)
def test_each_page_opens_for_those_it_is_for(shop: object, visitor: Visitor, address: str, expected: dict) -> None:
    assert {role: visitor(role).get(address).status_code for role in expected} == expected


@pytest.mark.feature("SEC-03")
@pytest.mark.parametrize(
    "page", ["", "sources/", "channels/", "brand/", "brand/preview/", "people/", "tokens/", "journal/", "account/"]
)
def test_nothing_of_ours_is_on_another_tenants_page(shop: object, token: Any, visitor: Visitor, page: str) -> None:
    token("owner")
    shown = text(visitor("outsider").get(f"/settings/{page}"))
    for ours in ("Harbour B", "harbour-", "The shop", "Olga", "Edda", "orders", "owner&#x27;s script"):
        assert ours not in shown, ours


@pytest.mark.feature("SEC-03")
@pytest.mark.parametrize("role", ["viewer", "outsider", ""])
def test_others_change_nothing(shop: object, cast: Cast, visitor: Visitor, role: str) -> None:
    from broadsheet.access.models import Membership
    from broadsheet.delivery.models import StoredChannel
    from broadsheet.sources.models import Source

    client = visitor(role)
    posts = (
        ("sources/shop/", {"label": "Taken"}), ("sources/shop/test/", {}), ("channels/outbox/", {"label": "Taken"}),
        ("channels/outbox/test/", {}), ("channels/outbox/let-through/", {}), ("channels/outbox/send/", {}), ("datasets/orders/edit/", {"text": "x"}),
        (f"people/{cast.editor.pk}/role/", {"role": "viewer"}), (f"people/{cast.editor.pk}/remove/", {}),
    )  # fmt: skip
    for address, given in posts:
        assert client.post(f"/settings/{address}", given).status_code in {302, 403, 404}, address
    assert Source.objects.get(name="shop").label == "The shop"
    assert Source.objects.get(name="shop").checked_at is None
    assert StoredChannel.objects.get(name="outbox").label == "Folder of what was sent"
    assert Membership.objects.get(user=cast.editor).role == "editor"
    if role == "viewer":
        assert client.post("/settings/brand/", {"label": "Taken", "accent": "#000000"}).status_code == 403


class TestSources:
    def test_a_source_is_added_changed_and_tried(self, shop: object, visitor: Visitor) -> None:
        client = visitor("editor")
        page = text(client.post("/settings/sources/shop/test/", follow=True))
        assert "It answers; 2 tables: buyers, orders." in page
        given = {"name": "file", "label": "A file", "setting-database": "/nowhere.sqlite3"}
        assert "“file” is kept" in text(client.post("/settings/new-source/sqlite/", given, follow=True))
        page = text(client.post("/settings/sources/file/test/", follow=True))
        assert "does not answer" in page and "There is no file" in page

    def test_a_secret_goes_in_and_never_comes_out(self, shop: object, visitor: Visitor) -> None:
        from broadsheet.sources.models import Source

        client = visitor("owner")
        client.post("/settings/new-source/postgresql/", POSTGRESQL)
        books = Source.objects.get(name="books")
        assert SECRET not in books.sealed + books.definition + str(books.settings) and books.sealed
        failed = client.post("/settings/sources/books/test/", follow=True)
        pages = [failed, *(client.get(f"/settings/{page}") for page in ("", "sources/", "journal/"))]
        wrong = client.post("/settings/new-source/postgresql/", {**POSTGRESQL, "setting-host": "", "name": "other"})
        assert wrong.status_code == 422
        for page in (*pages, wrong):
            assert SECRET not in text(page)
        assert "One is kept; type to replace it." in text(pages[2])

    def test_an_empty_secret_keeps_the_one_there_is(self, shop: object, visitor: Visitor) -> None:
        from broadsheet.access.sealed import unseal
        from broadsheet.sources.actions.ask import purpose_of
        from broadsheet.sources.models import Source

        client = visitor("owner")
        client.post("/settings/new-source/postgresql/", POSTGRESQL)
        given = {**POSTGRESQL, **opened("books"), "setting-password": "", "label": "Other"}
        client.post("/settings/sources/books/", given)
        books = Source.objects.get(name="books")
        assert books.label == "Other"
        assert unseal(books.sealed, purpose=purpose_of(books.organization_id, "books")) == {"password": SECRET}

    @pytest.mark.feature("SEC-03")
    def test_who_may_not_give_secrets_cannot_have_one_sent_elsewhere(self, shop: object, visitor: Visitor) -> None:
        from broadsheet.sources.models import Source

        visitor("owner").post("/settings/new-source/postgresql/", POSTGRESQL)
        elsewhere = {**POSTGRESQL, **opened("books"), "setting-password": "", "setting-host": "evil.example"}
        answer = visitor("editor").post("/settings/sources/books/", elsewhere)
        assert answer.status_code == 403
        assert Source.objects.get(name="books").settings["host"] == "127.0.0.1"
        assert (
            visitor("editor").post("/settings/new-source/postgresql/", {**POSTGRESQL, "name": "p2"}).status_code == 403
        )

    def test_faults_stand_at_their_fields_and_what_was_typed_stays(self, shop: object, visitor: Visitor) -> None:
        client = visitor("editor")
        answer = client.post("/settings/new-source/sqlite/", {"name": "a/../b", "label": "<i>L</i>"})
        page = text(answer)
        assert answer.status_code == 422
        assert "cannot be a name" in page or "is missing" in page
        assert "&lt;i&gt;L&lt;/i&gt;" in page and "<i>L</i>" not in page
        taken = client.post("/settings/new-source/sqlite/", {"name": "shop", "setting-database": "/x"})
        assert "There is a source “shop” already" in text(taken)

    def test_a_dataset_is_written_as_text(self, shop: object, visitor: Visitor) -> None:
        from broadsheet.sources.models import StoredDataset

        client = visitor("editor")
        now = StoredDataset.objects.get(name="orders")
        changed = now.definition.replace("count(*)", "count(day)")
        address = "/settings/datasets/orders/edit/"
        assert "+  bought: {expression: count(day)" in text(client.post(address, {"text": changed, "check": "1"}))
        assert StoredDataset.objects.get(name="orders").version == 1
        client.post(address, {"text": changed, "base": "1", "keep": "1"})
        assert StoredDataset.objects.get(name="orders").version == 2
        write = now.definition.replace("select * from orders", "delete from orders")
        answer = client.post(address, {"text": write, "base": "2", "keep": "1"})
        assert answer.status_code == 422 and "Line " in text(answer)
        page = text(client.get("/settings/datasets/orders/"))
        assert "buyer_id" in page and "Whose rows are whose" in page


class TestChannels:
    def test_a_test_goes_to_the_asker_alone_and_shows_what_was_said(
        self, shop: Any, visitor: Visitor, cast: Cast
    ) -> None:
        from broadsheet.compliance.models import Entry
        from broadsheet.delivery.models import Delivery, StoredChannel

        StoredChannel.objects.filter(name="outbox").update(settings={})
        client = visitor("admin")
        page = text(client.post("/settings/channels/outbox/send/"))
        assert f"The other side took the test for {cast.admin.email}" in page and "broadsheet-test.txt" in page
        assert Entry.objects.get(action="channel.tested").detail["to"] == cast.admin.email
        assert not Delivery.objects.exists()
        assert "shows deliveries alone" in text(client.post("/settings/channels/inbox/send/", follow=True))
        assert visitor("editor").post("/settings/channels/outbox/send/").status_code == 403

    def test_a_channel_is_added_and_its_secret_kept(self, shop: Any, visitor: Visitor) -> None:
        from broadsheet.delivery.models import StoredChannel

        client = visitor("admin")
        given = {
            "name": "hook",
            "label": "",
            "setting-url": "https://x.example/",
            "setting-secret": "whsec_" + "QUJD" * 8,
        }
        client.post("/settings/new-channel/webhook/", given)
        hook = StoredChannel.objects.get(name="hook")
        assert hook.sealed and hook.settings["url"] == "https://x.example/"
        assert "QUJDQUJD" not in text(client.get("/settings/channels/")) + text(client.get("/settings/journal/"))
        wrong = client.post("/settings/new-channel/email/", {"name": "mail"})
        assert wrong.status_code == 422 and "“host” is missing." in text(wrong)
        assert client.post("/settings/new-channel/pigeon/", {"name": "p"}).status_code == 404


class TestBrand:
    GOOD = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'><path d='M0 0h1v1z'/></svg>"

    def test_looking_at_a_colour_keeps_nothing_and_says_what_was_changed(self, shop: Any, visitor: Visitor) -> None:
        from broadsheet.reports.models import Brand

        page = text(visitor("editor").post("/settings/brand/", {"label": "H", "accent": "#FFEE00", "check": "1"}))
        assert "Nothing is kept yet" in page and "#FFEE00" in page
        assert Brand.objects.get(default=True).accent == "#025975"

    def test_colour_and_logo_are_kept_and_worn(self, shop: Any, visitor: Visitor) -> None:
        from broadsheet.reports.models import Brand

        client = visitor("editor")
        logo = SimpleUploadedFile("logo.svg", self.GOOD.encode())
        client.post("/settings/brand/", {"label": "H", "accent": "#8A1C3C", "footer": "F", "logo": logo})
        brand = Brand.objects.get(default=True)
        assert (brand.accent, bytes(brand.logo or b""), brand.footer) == ("#8A1C3C", self.GOOD.encode(), "F")
        assert "--brand-light:#8A1C3C" in text(client.get("/brand.css"))
        client.post("/settings/brand/", {"label": "H", "accent": "#8A1C3C", "footer": "F"})
        assert Brand.objects.get(default=True).logo
        client.post("/settings/brand/", {"label": "H", "accent": "#8A1C3C", "footer": "F", "no_logo": "on"})
        assert not Brand.objects.get(default=True).logo

    @pytest.mark.parametrize(
        ("accent", "data"),
        [
            ("red", None), ("#12345", None), ("#123456}", None), ("#025975", b"GIF89a"), ("#025975", b"\xff\xfe"),
            ("#025975", b"<svg" + b" " * 300_001), ("#025975", b"<html>"), ("#025975", b""),
        ],
    )  # fmt: skip
    def test_what_is_no_colour_or_picture_is_refused_at_its_field(
        self, shop: Any, visitor: Visitor, accent: str, data: bytes | None
    ) -> None:
        from broadsheet.reports.models import Brand

        given: dict[str, Any] = {"label": "Other", "accent": accent}
        if data is not None:
            given["logo"] = SimpleUploadedFile("logo.svg", data, content_type="image/svg+xml")
        answer = visitor("editor").post("/settings/brand/", given)
        assert answer.status_code == 422 and 'class="error"' in text(answer)
        assert Brand.objects.get(default=True).label == "Harbour Books"

    def test_the_preview_runs_nothing(self, shop: Any, visitor: Visitor) -> None:
        query = {
            "accent": "#123456}</style><script>",
            "label": "<script>alert(1)</script>",
            "footer": "</style><script>",
        }
        answer = visitor("viewer").get("/settings/brand/preview/", query)
        assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
        assert "<script" not in text(answer)


class TestPeople:
    def test_a_person_is_added_with_a_password_shown_once(self, cast: Cast, visitor: Visitor) -> None:
        client = visitor("owner")
        given = {"email": "new@harbour-books.example", "name": "<b>New</b>", "role": "viewer"}
        answer = client.post("/settings/people/", given)
        drawn = answer.context["secret"]["text"]
        assert drawn in text(answer) and answer["Cache-Control"] == "no-store" and "<b>New</b>" not in text(answer)
        assert drawn not in text(client.get("/settings/people/")) + text(client.get("/settings/journal/"))
        assert Client().login(username=given["email"], password=drawn)

    def test_who_signs_in_elsewhere_already_gets_no_password(self, cast: Cast, visitor: Visitor) -> None:
        given = {"email": cast.outsider.email, "name": "", "role": "viewer"}
        page = text(visitor("owner").post("/settings/people/", given, follow=True))
        assert "signs in with the password they have" in page and 'class="secret"' not in page
        assert Client().login(username=cast.outsider.email, password=PASSWORD)

    def test_roles_change_and_the_last_owner_stays(self, cast: Cast, visitor: Visitor) -> None:
        from broadsheet.access.models import Membership

        admin = visitor("admin")
        admin.post(f"/settings/people/{cast.viewer.pk}/role/", {"role": "editor"})
        assert Membership.objects.get(user=cast.viewer).role == "editor"
        page = text(admin.post(f"/settings/people/{cast.owner.pk}/remove/", follow=True))
        assert "Only an owner removes an owner" in page
        page = text(admin.post(f"/settings/people/{cast.admin.pk}/role/", {"role": "owner"}, follow=True))
        assert "Only an owner" in page
        visitor("owner").post(f"/settings/people/{cast.viewer.pk}/remove/")
        assert not Membership.objects.filter(user=cast.viewer).exists()

    @pytest.mark.feature("SEC-03")
    def test_a_person_of_another_tenant_is_unknown(self, cast: Cast, visitor: Visitor) -> None:
        from broadsheet.access.models import Membership

        for act in ("role", "remove"):
            answer = visitor("owner").post(f"/settings/people/{cast.outsider.pk}/{act}/", {"role": "viewer"})
            assert answer.status_code == 404
        assert Membership.objects.get(user=cast.outsider).role == "owner"


class TestTokens:
    def test_a_token_is_shown_once_and_ends_at_once(self, cast: Cast, visitor: Visitor) -> None:
        from broadsheet.access.models import Token

        client = visitor("admin")
        answer = client.post("/settings/tokens/", {"name": "<i>ci</i>", "days": "30", "scopes": ["report.read"]})
        secret = answer.context["secret"]["text"]
        assert secret in text(answer) and "<i>ci</i>" not in text(answer)
        page = text(client.get("/settings/tokens/"))
        assert secret not in page and secret[:10] in page
        token = Token.objects.get()
        client.post(f"/settings/tokens/{token.pk}/revoke/")
        token.refresh_from_db()
        assert token.revoked_at and token.scopes == ["report.read"]

    @pytest.mark.parametrize(
        "given", [{"name": "", "scopes": ["report.read"]}, {"name": "x"}, {"name": "x", "scopes": ["root"]}]
    )
    def test_a_token_without_name_or_scope_is_refused(self, cast: Cast, visitor: Visitor, given: dict) -> None:
        from broadsheet.access.models import Token

        assert visitor("owner").post("/settings/tokens/", given).status_code == 422
        assert not Token.objects.exists()

    @pytest.mark.feature("SEC-03")
    def test_another_tenants_token_is_unknown(self, token: Any, visitor: Visitor) -> None:
        from broadsheet.access.models import Token

        token("owner")
        assert visitor("outsider").post(f"/settings/tokens/{Token.objects.get().pk}/revoke/").status_code == 404
        assert Token.objects.get().revoked_at is None


class TestAccount:
    def test_name_clock_and_language(self, cast: Cast, visitor: Visitor) -> None:
        client = visitor("viewer")
        client.post("/settings/account/", {"name": "Vito B", "zone": "Europe/Rome", "language": "de"})
        cast.viewer.refresh_from_db()
        assert (cast.viewer.name, cast.viewer.zone, cast.viewer.language) == ("Vito B", "Europe/Rome", "de")
        for wrong in ({"name": "V", "zone": "Mars/Base"}, {"name": ""}, {"name": "V", "language": "xx"}):
            assert client.post("/settings/account/", wrong).status_code == 422

    def test_a_new_password_keeps_this_session_and_ends_the_others(self, cast: Cast, visitor: Visitor) -> None:
        here, elsewhere = visitor("viewer"), visitor("viewer")
        given = {"current": PASSWORD, "new": "a-much-longer-secret", "again": "a-much-longer-secret"}
        assert here.post("/settings/account/password/", {**given, "current": "wrong"}).status_code == 422
        assert here.post("/settings/account/password/", {**given, "again": "other"}).status_code == 422
        assert here.post("/settings/account/password/", given).status_code == 302
        assert here.get("/settings/account/").status_code == 200
        assert elsewhere.get("/settings/account/").status_code == 302


@pytest.mark.parametrize(
    ("page", "most"),
    [("", 21), ("sources/", 15), ("channels/", 17), ("people/", 16), ("tokens/", 14), ("journal/", 15), ("brand/", 14)],
)
def test_pages_ask_the_database_seldom(
    shop: Any, visitor: Visitor, django_assert_max_num_queries: Callable, page: str, most: int
) -> None:
    client = visitor("owner")
    client.get(f"/settings/{page}")
    with django_assert_max_num_queries(most):
        client.get(f"/settings/{page}")


@pytest.mark.feature("BEY-10")
def test_a_person_who_goes_hands_over_on_the_page(shop: object, cast: Cast, visitor: Visitor) -> None:
    from broadsheet.schedules.models import Schedule

    Schedule.objects.update(owner=cast.editor)
    owner = visitor("owner")
    page = text(owner.get(f"/settings/people/{cast.editor.pk}/"))
    assert "Purchases, Mondays" in page and "nobody: schedules pause" in page
    said = text(owner.post(f"/settings/people/{cast.editor.pk}/hand-over/", {"heir": cast.admin.pk}, follow=True))
    assert "1 schedule of Edda has another owner now." in said
    said = text(owner.post(f"/settings/people/{cast.admin.pk}/remove/", {"heir": ""}, follow=True))
    assert "1 schedule of theirs is paused." in said


@pytest.mark.feature("SEC-07")
@pytest.mark.feature("SEC-13")
def test_a_datasets_page_says_what_holds_inside_it_and_what_is_masked(shop: object, visitor: Visitor) -> None:
    from broadsheet.sources.models import Source, StoredDataset

    source = Source.objects.get(name="shop")
    source.definition += "tables: {orders: {rows: [{column: buyer_id, equals: reader.buyer_id}]}}\n"
    source.save()
    dataset = StoredDataset.objects.get(name="orders")
    dataset.definition = dataset.definition.replace(
        "item: text", "item: {kind: text, mask: {show: partial, clear: reader.sees_items}}"
    )
    dataset.save()
    page = text(visitor("viewer").get("/settings/datasets/orders/"))
    assert "Inside the query, the table <code>orders</code> has only the rows" in page
    assert "clear with <code>sees_items</code>" in page
