"""Caught mail on pages: only for who may read it, only their own tenant's, and nothing in it runs."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest
from django.test import Client
from tests.plugins.django import NOW

Visitor = Callable[[str], Client]
PIXEL = bytes.fromhex("89504e470d0a1a0a0000000d49484452")
HOSTILE = """<html><head></head><body onload="alert(1)"><script>alert(2)</script>
<img src="cid:chart-1"><img src='cid:none'><img src="https://spy.example/x.png"><form action="/sign-out/" method="post">
<iframe src="/settings/"></iframe></body></html>"""


def mail(subject: str = "October", html: str = HOSTILE) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Reports <r@x.example>", "ada@ada.example", subject
    message.set_content("plain words")
    message.add_alternative(html, subtype="html")
    part: Any = message.get_payload()[1]
    part.add_related(PIXEL, "image", "png", cid="<chart-1>")
    message.add_attachment(
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "image", "svg+xml", filename="../../evil.svg"
    )
    message.add_attachment(b"<script>alert(1)</script>", "text", "html", filename='a"b.html')
    return message.as_bytes()


@pytest.fixture
def caught(organization: Any) -> Callable[..., int]:
    from broadsheet.delivery.models import CaughtMail

    def keep(data: bytes | None = None, *, subject: str = "October", organization: Any = organization) -> int:
        count = CaughtMail.objects.count()
        return CaughtMail.objects.create(
            organization=organization, message_id=f"m{count}@x", sender="r@x.example", recipient="ada@ada.example",
            subject=subject, content=mail(subject) if data is None else data, received_at=NOW,
        ).pk  # fmt: skip

    return keep


PATHS = ("", "html/", "source/", "part/1/", "part/2/")


@pytest.mark.feature("SEC-03")
@pytest.mark.parametrize(
    ("role", "status"), [("owner", 200), ("admin", 200), ("editor", 403), ("viewer", 403), ("outsider", 404), ("", 302)]
)
def test_who_may_read_caught_mail(visitor: Visitor, caught: Callable[..., int], role: str, status: int) -> None:
    key, client = caught(), visitor(role)
    assert {client.get(f"/mail/{key}/{path}").status_code for path in PATHS} == {status}
    assert client.get("/mail/").status_code == (200 if role == "outsider" else status)
    if role == "outsider":
        assert "October" not in client.get("/mail/").content.decode()


def test_mail_of_nobody_is_shown_to_nobody(visitor: Visitor, caught: Callable[..., int]) -> None:
    key = caught(organization=None)
    assert visitor("owner").get(f"/mail/{key}/").status_code == 404


def test_the_html_stands_in_a_sandbox_with_its_pictures_inside(visitor: Visitor, caught: Callable[..., int]) -> None:
    answer = visitor("owner").get(f"/mail/{caught()}/html/")
    page, policy = answer.content.decode(), answer["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:;")
    assert "script" not in policy and "allow-same-origin" not in policy and "allow-forms" not in policy
    assert 'src="data:image/png;base64,' in page and "src='data:,'" in page
    assert answer["X-Frame-Options"] == "SAMEORIGIN" and answer["Referrer-Policy"] == "no-referrer"


def test_files_are_downloads_with_plain_names(visitor: Visitor, caught: Callable[..., int]) -> None:
    key, client = caught(), visitor("owner")
    for number in (1, 2):
        answer = client.get(f"/mail/{key}/part/{number}/")
        disposition = answer["Content-Disposition"]
        assert disposition.startswith("attachment") and "/" not in disposition and "\n" not in disposition
        assert answer["X-Content-Type-Options"] == "nosniff" and answer["Content-Security-Policy"].startswith("sandbox")
    assert client.get(f"/mail/{key}/part/0/").status_code == client.get(f"/mail/{key}/part/3/").status_code == 404
    assert client.get(f"/mail/{key}/source/").content.startswith(b"From: Reports")


@pytest.mark.parametrize("view", ["", "html", "text", "headers", "other"])
def test_hostile_words_are_text_on_the_page(visitor: Visitor, caught: Callable[..., int], view: str) -> None:
    key = caught(subject="<script>alert(1)</script>")
    page = visitor("owner").get(f"/mail/{key}/", {"view": view}).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe\x00", b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n", b"a" * 9000]
)
def test_broken_mail_is_shown_as_far_as_it_goes(visitor: Visitor, caught: Callable[..., int], data: bytes) -> None:
    key, client = caught(data), visitor("owner")
    assert {client.get(f"/mail/{key}/{path}").status_code for path in ("", "html/", "source/")} == {200}


def test_the_list_filters_and_pages(
    visitor: Visitor, caught: Callable[..., int], django_assert_max_num_queries: Callable
) -> None:
    for number in range(45):
        caught(b"Subject: x\r\n\r\nx", subject=f"Week {number}")
    client = visitor("owner")
    with django_assert_max_num_queries(15):
        page = client.get("/mail/").content.decode()
    assert page.count('class="i"') and "1 to 40 of 45" in page
    assert "41 to 45 of 45" in client.get("/mail/?page=2").content.decode()
    assert client.get("/mail/?q=week+44").content.decode().count("/mail/") < page.count("/mail/")
    assert client.get("/mail/?page=x&q=%00").status_code == 200


def test_a_test_message_is_its_organizations_alone(visitor: Visitor, organization: Any) -> None:
    from broadsheet.delivery.trial import organization_of, trial_id

    made = trial_id(organization.pk, host="x.example")
    assert organization_of(f"<{made}>") == organization.pk
    forged = made.replace(f"test.{organization.pk}.", f"test.{organization.pk + 1}.")
    assert (
        organization_of(forged) is None and organization_of("a@b") is None and organization_of("test.x.y.z@b") is None
    )
