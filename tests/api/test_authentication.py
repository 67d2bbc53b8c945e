"""Tokens by header, sessions with their CSRF token, and an end to guessing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.plugins.django import Cast

from broadsheet.api.authentication import WRONG_TOKENS

pytestmark = pytest.mark.feature("SEC-03")


def test_me_tells_role_and_what_the_scopes_leave(call: Callable[..., Any], token: Callable[..., str]) -> None:
    answer = call("GET", "/me", token=token("viewer", ["report.read", "journal.read"]))
    assert answer.json() == {
        "organization": {
            "slug": "harbour-books",
            "name": "Harbour Books",
            "zone": "America/New_York",
            "language": "en",
        },
        "person_id": answer.json()["person_id"],
        "name": "Vito (viewer's script)",
        "role": "viewer",
        "permissions": ["report.read"],
    }
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer bst_nothing", "Basic b3duZXI6cGFzc3dvcmQ=", "bst_nothing", "Bearer \x80é"])  # fmt: skip
def test_whatever_is_no_token_is_401(header: str, client: Any, db: None) -> None:
    answer = client.get("/api/v1/me", headers={"authorization": header})
    assert (answer.status_code, answer["WWW-Authenticate"], answer["Content-Type"]) == (401, "Bearer", "application/problem+json")  # fmt: skip
    assert answer.json()["fix"]


def test_a_token_is_kept_as_a_hash_alone(token: Callable[..., str]) -> None:
    from broadsheet.access.models import Token

    secret = token("admin")
    kept = str(list(Token.objects.values()))
    assert secret not in kept and secret[4:] not in kept
    assert secret.startswith("bst_")


@pytest.mark.feature("SEC-23")
def test_guessing_is_stopped_by_address(client: Any, token: Callable[..., str]) -> None:
    def status(secret: str, address: str) -> Any:
        return client.get("/api/v1/me", headers={"authorization": f"Bearer {secret}"}, REMOTE_ADDR=address)

    found = [status(f"bst_{number}", "10.0.0.1").status_code for number in range(WRONG_TOKENS + 2)]
    assert found == [401] * WRONG_TOKENS + [429, 429]
    assert status("bst_x", "10.0.0.1")["Retry-After"] == "60"
    assert status(token("admin"), "10.0.0.2").status_code == 200


def test_behind_a_proxy_the_address_is_the_one_that_the_proxy_wrote(rf: Any, settings: Any) -> None:
    from broadsheet.api.authentication import address

    asked = rf.get("/", headers={"x-forwarded-for": "1.1.1.1, 9.9.9.9"}, REMOTE_ADDR="10.0.0.1")
    assert address(asked) == "10.0.0.1"
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert address(asked) == "9.9.9.9"
    junk = rf.get("/", headers={"x-forwarded-for": "9.9.9.9, <junk \x01>"}, REMOTE_ADDR="10.0.0.1")
    assert address(junk) == "unknown"
    assert address(rf.get("/", REMOTE_ADDR="2001:db8::1")) == address(rf.get("/", REMOTE_ADDR="2001:db8::2"))


@pytest.fixture
def browser(cast: Cast) -> Any:
    """The editor's browser, signed in, which must show CSRF tokens."""
    from django.test import Client

    made = Client(enforce_csrf_checks=True)
    made.force_login(cast.editor)
    return made


def test_a_session_reads_without_and_changes_with_its_csrf_token(browser: Any, shop: object) -> None:
    assert browser.get("/api/v1/me").json()["role"] == "editor"
    path = "/api/v1/schedules/buyers-monday/pause"
    refused = browser.post(path)
    assert (refused.status_code, refused["Content-Type"]) == (403, "application/problem+json")
    mark = "a" * 32
    browser.cookies["broadsheet_csrf"] = mark
    assert browser.post(path, headers={"x-csrftoken": mark}).status_code == 200


def test_a_wrong_token_is_not_saved_by_a_session_beside_it(browser: Any) -> None:
    assert browser.get("/api/v1/me", headers={"authorization": "Bearer bst_wrong"}).status_code == 401


def test_a_token_needs_no_csrf_token(token: Callable[..., str], shop: object) -> None:
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    path = "/api/v1/schedules/buyers-monday/pause"
    assert strict.post(path, headers={"authorization": f"Bearer {token('editor')}"}).status_code == 200


def test_a_role_taken_back_is_felt_by_its_tokens_at_once(
    call: Callable[..., Any], token: Callable[..., str], cast: Cast, actor: Callable[[str], Any], shop: object
) -> None:
    from tests.plugins.django import NOW

    from broadsheet.access.actions.change_person import change_role

    secret = token("editor")
    path = "/schedules/buyers-monday/pause"
    assert call("POST", path, token=secret).status_code == 200
    change_role(actor("owner"), cast.editor.pk, role="viewer", now=NOW)
    assert call("POST", path, token=secret).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/api/",
        "/api/v2/me",
        "/api/v1/nothing",
        "/api/v1/runs/not-an-id",
        "/api/v1/reports/a b",
        "/api/v1/reports/a%0Ab",
    ],
)
def test_every_other_address_is_a_problem_too(path: str, client: Any, db: None) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_a_method_that_is_not_there_is_told_with_those_that_are(client: Any, db: None) -> None:
    answer = client.delete("/api/v1/me")
    assert (answer.status_code, answer["Allow"], answer.json()["status"]) == (405, "GET", 405)


def test_health_is_open_and_says_nothing_else(client: Any, db: None) -> None:
    assert [client.get(f"/api/{one}").json() for one in ("livez", "readyz")] == [{"status": "ok"}] * 2
