"""Default deny: every address of the pages, asked by everybody, opens exactly for those whom its rule names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, reverse
from tests.plugins.django import NOW, Cast

from broadsheet.core.document.loading import load
from broadsheet.core.policy.roles import ROLES

pytestmark = [pytest.mark.feature("SEC-06"), pytest.mark.feature("SEC-03")]
Visitor = Callable[[str], Client]
Names = Mapping[str, dict[str, object]]

FOR_ANYONE = {"sign-in", "sign-out", "unsubscribe", "brand-css", "report-js"}
WITHOUT_FORM_TOKEN = {"unsubscribe"}  # mail programs send it; the address itself is the right
# What opens only for its own reader, or is there only for some deliveries: tested beside its page.
NOT_ALWAYS_THERE = {
    "inbox-item", "inbox-letter", "inbox-file", "delivery-file", "delivery-message", "report-css",
    "settings-token-revoke", "notification-read", "backfill-stop",
}  # fmt: skip


RIGHTS = """\
role: night-watch
permissions: [report.read]
---
contact: ada-ltd
label: Ada Ltd
address: ada@ada.example
---
team: desk
members: [edda@harbour-books.example]
contacts: [ada-ltd]
---
workspace: board
reports: [purchases]
---
workspace: hall
"""
ON_ONE_THING = {"settings-grants", "settings-grant", "settings-placing"}
NAMED = {"role": "night-watch", "team": "desk", "contact": "ada-ltd", "workspace": "board"}


def patterns() -> list[URLPattern]:
    from broadsheet.web.urls import urlpatterns

    return list(urlpatterns)


def audience(pattern: URLPattern) -> tuple[str, ...] | None:
    return pattern.callback.audience  # type: ignore[attr-defined, no-any-return]


@pytest.fixture
def names(shop: object, finish: Callable[..., Any], actor: Callable[[str], Any], cast: Cast) -> Names:
    """What each address is filled with, by its name: things that are there, of the first organization."""
    from broadsheet.delivery.models import CaughtMail, Delivery
    from broadsheet.operations.definitions.apply import apply
    from broadsheet.runs.actions.run_now import run_now
    from broadsheet.runs.models import Maintenance
    from broadsheet.schedules.actions.save_calendar import save_calendar

    apply(actor("owner"), {"rights.yaml": RIGHTS}, now=NOW)
    [calendar] = load("calendar: our-days\ncountries: [US]\n", file="calendar")
    save_calendar(actor("editor"), calendar, now=NOW)
    run = finish(run_now(actor("editor"), "buyers-monday", now=NOW))
    delivery = Delivery.objects.filter(occurrence=run).first()
    assert delivery is not None
    mail = CaughtMail.objects.create(
        organization_id=run.organization_id, message_id="x@y", sender="a@a.example", recipient="b@b.example",
        subject="Hello", content=letter(), received_at=NOW,
    )  # fmt: skip
    begins = NOW + timedelta(days=30_000)  # so late that it holds nothing
    Maintenance.objects.create(
        pk=1, organization_id=run.organization_id, reason="New disks", starts_at=begins, created_at=NOW
    )
    one: dict[str, dict[str, object]] = {}
    for pattern in patterns():
        name = str(pattern.name)
        wanted = pattern.pattern.converters
        values: dict[str, object] = {
            "key": _key(name, run.pk, delivery.pk, mail.pk), "name": _name(name), "number": 1, "form": "pdf",
            "fingerprint": "a" * 12, "token": "t", "engine": "duckdb", "kind": "folder",
            "user_id": cast.viewer.pk, "token_id": 1,
        }  # fmt: skip
        if name in ON_ONE_THING:
            values |= {"kind": "report", "name": "purchases"}
        one[name] = {key: values[key] for key in wanted}
    return one


def letter() -> bytes:
    message = EmailMessage()
    message["Subject"] = "Hello"
    message.set_content("Hello")
    message.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="a.pdf")
    return message.as_bytes()


def _key(name: str, run: UUID, delivery: UUID, mail: int) -> object:
    if name.startswith("notification"):
        return 1
    return mail if name.startswith("mail-") else run if name.startswith("run") else delivery


def _name(name: str) -> str:
    if name.startswith("report"):
        return "purchases"
    if name.startswith("schedule"):
        return "buyers-monday"
    for kind, own in NAMED.items():
        if name.startswith(f"settings-{kind}"):
            return own
    if name.startswith("settings-calendar"):
        return "our-days"
    if name.startswith("data-"):
        return "orders"
    return {"settings-dataset": "orders", "settings-dataset-edit": "orders"}.get(
        name, "shop" if "source" in name else "inbox"
    )


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside leaves no trace, so that every address meets the same world."""
    from django.db import transaction

    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def asked(client: Client, pattern: URLPattern, names: Names, **headers: str) -> tuple[int, str]:
    """Status and where it leads, by the method that the address takes."""
    address = reverse(f"web:{pattern.name}", kwargs=names[str(pattern.name)])
    with undone():
        answer = client.get(address, **headers)
        if answer.status_code == 405:
            answer = client.post(address, **headers)
    assert answer.status_code < 500, (address, answer.status_code)
    return answer.status_code, answer.headers.get("Location", "")


def test_every_view_says_who_may_open_it() -> None:
    assert [one.name for one in patterns() if not hasattr(one.callback, "audience")] == []
    assert {str(one.name) for one in patterns() if audience(one) is None} == FOR_ANYONE
    known = ROLES["owner"]
    assert {right for one in patterns() for right in audience(one) or () if right not in known} == set()


def test_nobody_is_led_to_sign_in_from_everywhere(names: Names) -> None:
    opened = {}
    for one in patterns():
        if str(one.name) not in FOR_ANYONE:
            status, to = asked(Client(), one, names)
            if (status, to.partition("?")[0]) != (302, "/sign-in/"):
                opened[one.name] = status, to
    assert opened == {}


def test_a_role_opens_what_its_permissions_say_and_nothing_else(names: Names, visitor: Visitor) -> None:
    wrong = {}
    for role in ("viewer", "editor", "admin", "owner"):
        client = visitor(role)
        for one in patterns():
            if str(one.name) not in FOR_ANYONE:
                allowed = set(audience(one) or ()) <= ROLES[role]
                status, _to = asked(client, one, names)
                if status not in (expected(str(one.name)) if allowed else {403}):
                    wrong[role, one.name] = status
    assert wrong == {}


READING = {
    "/": (["report.read"], ["schedule.read", "delivery.read"], ["person.read"]),
    "/reports/": (["report.read"],),
    "/reports/purchases/": (["report.read", "report.render"],),
    "/schedules/": (["schedule.read"],),
    "/schedules/buyers-monday/": (["schedule.read"],),
    "/deliveries/": (["delivery.read"],),
    "/deliveries/suppressed/": (["delivery.read"],),
    "/settings/channels/": (["channel.read"],),
    "/settings/people/": (["person.read"],),
    "/settings/contacts/ada-ltd/": (["contact.read"],),
    "/settings/workspaces/hall/": (["report.read"],),
    "/settings/account/": (["brand.read"],),
}
"""What alone must be enough to read each page: it then leaves out what is made of more."""


@pytest.mark.feature("SEC-09")
def test_a_role_that_reads_one_thing_alone_finds_its_page(
    names: Names, cast: Cast, organization: Any, visitor: Visitor
) -> None:
    from broadsheet.access.models import Membership, Role

    own = Role.objects.create(organization=organization, name="reader", permissions=[], updated_at=NOW)
    Membership.objects.filter(user=cast.viewer).update(role="reader")
    wrong = {}
    for page, several in READING.items():
        for permissions in several:
            own.permissions = permissions
            own.save()
            answer = visitor("viewer").get(page, follow=True)
            if answer.status_code != 200:
                wrong[page, *permissions] = answer.status_code
    assert wrong == {}


def expected(name: str) -> set[int]:
    done = {200, 302, 303, 400, 422}  # an empty form is refused in words
    return done | {404} if name in NOT_ALWAYS_THERE else done


def test_another_organization_finds_nothing_under_these_names(names: Names, visitor: Visitor) -> None:
    own = {"settings-channel-add", "settings-source-add"}  # a kind, not a thing of somebody's
    wrong = {}
    for one in patterns():
        if str(one.name) in FOR_ANYONE | own or not names[str(one.name)]:
            continue
        status, _to = asked(visitor("outsider"), one, names)
        if status != 404:
            wrong[one.name] = status
    assert wrong == {}


def test_no_form_is_taken_without_its_token(names: Names, cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.owner, backend="django.contrib.auth.backends.ModelBackend")
    taken = {}
    for one in patterns():
        address = reverse(f"web:{one.name}", kwargs=names[str(one.name)])
        with undone():
            status = client.post(address).status_code
        if status not in {403, 405}:
            taken[one.name] = status
    assert set(taken) <= WITHOUT_FORM_TOKEN, taken


def test_what_a_member_sees_is_kept_nowhere(names: Names, visitor: Visitor) -> None:
    """Back after signing out shows nothing. Looks without anybody's data may be kept."""
    kept = {}
    client = visitor("owner")
    for one in patterns():
        address = reverse(f"web:{one.name}", kwargs=names[str(one.name)])
        with undone():
            answer = client.get(address)
        rule = answer.headers.get("Cache-Control", "")
        if "no-store" not in rule and str(one.name) not in {"brand-css", "report-js", "report-css", "delivery-file"}:
            kept[one.name] = rule
        assert answer.headers["X-Frame-Options"] in {"DENY", "SAMEORIGIN"}, address
    assert kept == {}


def test_an_address_for_forms_opened_as_a_page_says_the_way_on(shop: object, visitor: Visitor) -> None:
    answer = visitor("editor").get("/schedules/buyers-monday/pause/")
    assert answer.status_code == 405 and answer["Allow"] == "POST"
    assert "press the button again" in answer.content.decode()


@pytest.mark.parametrize(
    ("referrer", "back"),
    [
        ("http://testserver/schedules/buyers-monday/?x=1", "/schedules/buyers-monday/%3Fx%3D1"),
        ("http://elsewhere.example/schedules/", "/"),
        ("", "/"),
    ],
)
def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(cast: Cast, referrer: str, back: str) -> None:
    answer = Client().post("/schedules/buyers-monday/run/", HTTP_REFERER=referrer)
    assert answer["Location"] == f"/sign-in/?next={back}"


def test_another_host_is_refused(client: Client) -> None:
    assert client.get("/sign-in/", HTTP_HOST="elsewhere.example").status_code == 400
