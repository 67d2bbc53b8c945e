"""A kept file over HTTP: by range and by hash, never shown by the browser, each opening in the journal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.plugins.django import NOW

from broadsheet.web.pages.deliveries.serving import Stretch, Unsatisfiable, stretch


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-" + "9" * 5000, None),
        ("bytes=٣-٤", None),
        ("bytes=0-0", Stretch(0, 0)),
        ("bytes=2-4", Stretch(2, 4)),
        ("bytes=2-", Stretch(2, 9)),
        ("bytes=-3", Stretch(7, 9)),
        ("bytes=-99", Stretch(0, 9)),
        ("bytes=5-99", Stretch(5, 9)),
        ("bytes=4-2", None),  # no range at all (RFC 9110, section 14.1.1): ignored
        ("bytes=0-1,3-4", None),  # several: the whole is a right answer
        ("lines=0-1", None),
        ("bytes=-", None),
        ("", None),
    ],
)
def test_one_range_of_ten_bytes(header: str, expected: Stretch | None) -> None:
    assert stretch(header, size=10) == expected


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=10-12", "bytes=-0"])
def test_a_range_behind_the_end_cannot_be_satisfied(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        stretch(header, size=10)


@pytest.fixture
def address(finish: Callable[..., Any], shop: object, actor: Callable[[str], Any]) -> str:
    from broadsheet.delivery.models import Delivery
    from broadsheet.runs.actions.run_now import run_now

    finish(run_now(actor("editor"), "buyers-monday", now=NOW))
    return f"/deliveries/{Delivery.objects.get(recipient_name='Ada Stone').pk}/files/csv/"


def whole(client: Any, address: str) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer


@pytest.mark.feature("DLV-16")
def test_the_file_is_the_bytes_that_were_sent_and_only_a_download(address: str, visitor: Callable[[str], Any]) -> None:
    import hashlib

    answer = whole(visitor("editor"), address)
    assert answer["ETag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
    assert answer["Content-Disposition"] == 'attachment; filename="purchases-2026-10.csv"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cache-Control"] == "private, no-cache"
    assert int(answer["Content-Length"]) == len(answer.content)
    assert b"Atlas" in answer.content


def test_a_part_a_copy_that_is_right_and_a_head(address: str, visitor: Callable[[str], Any]) -> None:
    client = visitor("editor")
    all_of_it = whole(client, address)
    size, etag = len(all_of_it.content), all_of_it["ETag"]
    part = client.get(address, headers={"Range": "bytes=3-7"})
    assert (part.status_code, part.content) == (206, all_of_it.content[3:8])
    assert part["Content-Range"] == f"bytes 3-7/{size}"
    assert client.get(address, headers={"Range": "bytes=3-7", "If-Range": etag}).status_code == 206
    assert client.get(address, headers={"Range": "bytes=3-7", "If-Range": '"older"'}).content == all_of_it.content
    behind = client.get(address, headers={"Range": f"bytes={size}-"})
    assert (behind.status_code, behind["Content-Range"]) == (416, f"bytes */{size}")
    same = client.get(address, headers={"If-None-Match": f'"other", W/{etag}'})
    assert (same.status_code, same.content) == (304, b"")
    head = client.head(address)
    assert (head.status_code, head.content, int(head["Content-Length"])) == (200, b"", size)


@pytest.mark.feature("DLV-23")
def test_every_opening_is_in_the_journal_with_who_and_what(address: str, visitor: Callable[[str], Any]) -> None:
    from broadsheet.compliance.models import Entry

    whole(visitor("editor"), address)
    assert visitor("viewer").get(address).status_code == 404
    [entry] = Entry.objects.filter(action="artifact.opened")
    assert (entry.actor, entry.detail["file"], entry.detail["recipient"]) == (
        "Edda",
        "purchases-2026-10.csv",
        "Ada Stone",
    )


def test_the_person_whose_inbox_it_is_may_open_it_and_loses_it_with_the_membership(
    address: str, visitor: Callable[[str], Any], cast: Any, actor: Callable[[str], Any]
) -> None:
    from broadsheet.access.actions.change_person import remove_person
    from broadsheet.delivery.models import Delivery

    Delivery.objects.filter(recipient_name="Ada Stone").update(address=cast.viewer.email.upper())
    client = visitor("viewer")
    whole(client, address)
    remove_person(actor("owner"), cast.viewer.pk, now=NOW)
    assert client.get(address).status_code == 302  # to sign in: the right is read anew each time


def test_a_format_that_the_recipient_did_not_get_is_not_there(address: str, visitor: Callable[[str], Any]) -> None:
    for form in ("html", "mail", "exe"):
        assert visitor("owner").get(address.replace("/csv/", f"/{form}/")).status_code == 404


def test_a_file_that_the_store_lost_is_said_and_not_a_broken_page(address: str, visitor: Callable[[str], Any]) -> None:
    from broadsheet.runs.models import SliceFile
    from broadsheet.runs.store import artifact_store

    for file in SliceFile.objects.filter(format="csv"):
        artifact_store().delete(file.artifact.sha256)
    answer = visitor("editor").get(address, follow=True)
    assert answer.status_code == 200
    assert "The file cannot be read" in answer.content.decode()


@pytest.mark.feature("BEY-06")
@pytest.mark.parametrize(("role", "status"), [("owner", 200), ("editor", 200), ("viewer", 403), ("outsider", 404)])
def test_the_whole_message_opens_byte_for_byte_to_who_sees_all_rows(
    address: str, visitor: Callable[[str], Any], role: str, status: int
) -> None:
    from broadsheet.delivery.models import Delivery
    from broadsheet.runs.models import Artifact
    from broadsheet.runs.store import artifact_store

    sent = b"Subject: Purchases\r\n\r\nWhat Ada bought.\r\n"
    delivery = Delivery.objects.get(pk=address.split("/")[2])
    stored = artifact_store().put(sent)
    kept = Artifact.objects.create(
        organization=delivery.organization, sha256=stored.sha256, size=stored.size, media_type="x/folded", made_at=NOW
    )
    Delivery.objects.filter(pk=delivery.pk).update(sent=kept, sent_sha256=stored.sha256, sent_size=stored.size)
    answer = visitor(role).get(f"/deliveries/{delivery.pk}/message/")
    assert answer.status_code == status
    if status == 200:
        assert answer.content == sent
        assert answer["Content-Disposition"].startswith("attachment")
