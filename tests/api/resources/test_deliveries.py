"""The ledger over HTTP: what was sent, byte for byte and by the piece, and sending again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from tests.api.conftest import MESSAGE, World

pytestmark = pytest.mark.feature("DLV-05")


@pytest.fixture
def get(call: Callable[..., Any], token: Callable[..., str], world: World) -> Callable[..., Any]:
    """The editor asks for the file of Ada's delivery."""
    secret = token("editor")
    path = f"/deliveries/{world.delivery}/files/csv"
    return lambda **headers: call(
        "GET", path, token=secret, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )


@pytest.mark.feature("DLV-22")
def test_a_file_comes_as_it_was_sent(get: Callable[..., Any], call: Callable[..., Any], token: Callable[..., str], world: World) -> None:  # fmt: skip
    answer = get()
    digest = hashlib.sha256(answer.content).hexdigest()
    assert (answer.status_code, answer["ETag"], answer["Accept-Ranges"]) == (200, f'"{digest}"', "bytes")
    assert answer["Content-Disposition"].startswith('attachment; filename="purchases-2026-10')
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "private, no-cache")
    assert "Atlas,1,30" in answer.content.decode("utf-8-sig") and "100" not in answer.content.decode()
    [told] = call("GET", f"/deliveries/{world.delivery}", token=token("editor")).json()["files"]
    assert (told["sha256"], told["size"]) == (digest, len(answer.content))
    assert told["url"] == f"/api/v1/deliveries/{world.delivery}/files/csv"


def test_pieces_put_together_are_the_file(get: Callable[..., Any]) -> None:
    whole = get().content
    first, rest, last = get(range="bytes=0-9"), get(range="bytes=10-"), get(range="bytes=-5")
    assert (first.status_code, first["Content-Range"]) == (206, f"bytes 0-9/{len(whole)}")
    assert first.content + rest.content == whole and last.content == whole[-5:]
    assert get(range=f"bytes={len(whole)}-").status_code == 416
    assert get(range=f"bytes={len(whole)}-")["Content-Range"] == f"bytes */{len(whole)}"
    assert [get(range=text).status_code for text in ("bytes=5-1", "bytes=0-1,4-5", "lines=1-2", "bytes=-")] == [200] * 4


def test_a_copy_that_is_still_right_is_not_sent_again(get: Callable[..., Any]) -> None:
    tag = get()["ETag"]
    assert [get(if_none_match=text).status_code for text in (tag, f'W/{tag}, "x"', "*", '"x"')] == [304, 304, 304, 200]
    assert get(range="bytes=0-3", if_range=tag).status_code == 206
    assert get(range="bytes=0-3", if_range='"older"').status_code == 200


@pytest.mark.feature("DLV-22")
def test_a_file_opens_to_who_sees_all_rows_and_to_its_recipient(
    call: Callable[..., Any], token: Callable[..., str], world: World, cast: Any
) -> None:
    from broadsheet.delivery.models import Delivery

    path = f"/deliveries/{world.delivery}/files/csv"
    viewer = token("viewer")
    assert call("GET", path, token=viewer).status_code == 404
    Delivery.objects.filter(pk=world.delivery).update(address=cast.viewer.email.upper())
    assert call("GET", path, token=viewer).status_code == 200
    assert call("GET", f"/deliveries/{world.failed}/files/csv", token=viewer).status_code == 404
    assert call("GET", f"/deliveries/{world.delivery}/files/html", token=token("owner")).status_code == 404


@pytest.mark.feature("SEC-17")
def test_opening_is_in_the_journal(get: Callable[..., Any], call: Callable[..., Any], token: Callable[..., str], world: World) -> None:  # fmt: skip
    get()
    found = call("GET", "/journal", token=token("owner"), query={"object": world.delivery}).json()["items"]
    assert [(one["action"], one["via"], one["actor"]) for one in found] == [
        ("artifact.opened", "api", "Edda (editor's script)")
    ]


@pytest.mark.feature("BEY-01")
def test_resend_failed_reaches_exactly_those(call: Callable[..., Any], token: Callable[..., str], world: World) -> None:
    secret = token("editor")
    assert call("GET", f"/runs/{world.run}", token=secret).json()["deliveries"] == {"accepted": 2, "failed": 1}
    assert call("POST", f"/runs/{world.run}/resend-failed", token=secret).json() == {"due": 1}
    due = call("GET", "/deliveries", token=secret, query={"state": "due"}).json()["items"]
    assert [one["id"] for one in due] == [world.failed]
    again = call("POST", f"/runs/{world.run}/resend-failed", token=secret)
    assert (again.status_code, again.json()["status"]) == (409, 409)


def test_what_was_accepted_is_not_sent_again(call: Callable[..., Any], token: Callable[..., str], world: World) -> None:
    secret = token("editor")
    both = call("POST", "/deliveries/resend", token=secret, body={"ids": [world.failed, world.delivery]})
    assert both.status_code == 409 and "Ada Stone" in both.json()["detail"]
    assert call("GET", f"/deliveries/{world.failed}", token=secret).json()["state"] == "failed"
    assert call("POST", "/deliveries/resend", token=secret, body={"ids": [world.failed]}).json() == {"due": 1}


def test_a_cursor_walks_the_ledger_without_gap_or_repeat(call: Callable[..., Any], token: Callable[..., str], world: World) -> None:  # fmt: skip
    secret, seen, cursor = token("viewer"), [], ""
    while True:
        part = call("GET", "/deliveries", token=secret, query={"limit": 1, "cursor": cursor}).json()
        seen += [one["recipient"]["name"] for one in part["items"]]
        cursor = part["next"]
        if cursor is None:
            break
    assert seen == ["Ada Stone", "Bo Reed", "Cy Blum"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"text": "bo@"}, ["Bo Reed"]),
        ({"state": "accepted"}, ["Ada Stone", "Cy Blum"]),
        ({"state": "accepted,failed", "schedule": "buyers-monday"}, ["Ada Stone", "Bo Reed", "Cy Blum"]),
        ({"schedule": "other"}, []),
        ({"run": "00000000-0000-4000-8000-000000000000"}, []),
    ],
)
def test_filters_narrow_the_ledger(
    query: dict[str, str], names: list[str], call: Callable[..., Any], token: Callable[..., str], world: World
) -> None:
    found = call("GET", "/deliveries", token=token("viewer"), query=query).json()["items"]
    assert [one["recipient"]["name"] for one in found] == names


def test_the_number_of_queries_does_not_grow_with_the_list(
    call: Callable[..., Any], token: Callable[..., str], world: World, django_assert_max_num_queries: Any
) -> None:
    secret = token("viewer")
    for path, most in (("/deliveries", 6), ("/runs", 7), ("/schedules", 8), ("/sources", 7)):
        with django_assert_max_num_queries(most):
            assert call("GET", path, token=secret).status_code == 200


@pytest.mark.feature("BEY-06")
def test_the_message_that_was_sent_comes_back_byte_for_byte(
    call: Callable[..., Any], token: Callable[..., str], world: World
) -> None:
    answer = call("GET", f"/deliveries/{world.delivery}/message", token=token("editor"))
    assert (answer.status_code, answer.content) == (200, MESSAGE)
    assert answer["Content-Type"] == "message/rfc822"
    assert answer["Content-Disposition"].startswith("attachment")
    assert call("GET", f"/deliveries/{world.failed}/message", token=token("editor")).status_code == 404
