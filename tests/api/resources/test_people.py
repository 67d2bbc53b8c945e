"""People, tokens, sources and channels over HTTP: who may what, and secrets that never come out."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.feature("SEC-03")


@pytest.fixture
def ask(call: Callable[..., Any], token: Callable[..., str]) -> Callable[..., Any]:
    return lambda role, method, path, body=None: call(method, path, token=token(role), body=body)


def test_people_come_change_and_go(ask: Callable[..., Any]) -> None:
    new = {"email": "Nia@x.example", "name": "Nia", "role": "viewer", "password": "correct-horse-battery"}
    made = ask("admin", "POST", "/people", new)
    assert (made.status_code, made.json()["email"], "password" in made.content.decode()) == (
        201,
        "nia@x.example",
        False,
    )
    assert ask("admin", "POST", "/people", new).status_code == 409
    place = f"/people/{made.json()['id']}"
    assert ask("admin", "PATCH", place, {"role": "editor"}).status_code == 204
    assert {one["email"]: one["role"] for one in ask("viewer", "GET", "/people").json()["items"]}[
        "nia@x.example"
    ] == "editor"
    assert ask("admin", "DELETE", place).status_code == 204
    assert ask("admin", "DELETE", place).status_code == 404


@pytest.mark.feature("SEC-06")
def test_only_an_owner_makes_and_unmakes_owners_and_the_last_one_stays(ask: Callable[..., Any], cast: Any) -> None:
    new = {"email": "n@x.example", "role": "owner", "password": "correct-horse-battery"}
    assert ask("admin", "POST", "/people", new).status_code == 403
    assert ask("admin", "PATCH", f"/people/{cast.owner.pk}", {"role": "viewer"}).status_code == 403
    assert ask("admin", "DELETE", f"/people/{cast.owner.pk}").status_code == 403
    assert ask("owner", "PATCH", f"/people/{cast.owner.pk}", {"role": "viewer"}).status_code == 409
    assert ask("owner", "DELETE", f"/people/{cast.owner.pk}").status_code == 409
    assert ask("owner", "POST", "/people", new).status_code == 201


@pytest.mark.parametrize(
    "wrong", [{"email": "no address"}, {"role": "god"}, {"password": "short"}, {"password": "password1234"}]
)
def test_a_person_that_cannot_be_is_told_why(wrong: dict[str, str], ask: Callable[..., Any]) -> None:
    new = {"email": "n@x.example", "role": "viewer", "password": "correct-horse-battery"}
    assert ask("admin", "POST", "/people", {**new, **wrong}).status_code == 422


def test_a_token_makes_none_that_may_do_more(call: Callable[..., Any], token: Callable[..., str]) -> None:
    secret = token("admin", ["token.edit", "report.read"])
    more = call("POST", "/tokens", token=secret, body={"name": "x", "scopes": ["report.edit"]})
    assert (more.status_code, "more than itself" in more.json()["detail"]) == (422, True)
    same = call("POST", "/tokens", token=secret, body={"name": "x", "scopes": ["report.read"]})
    assert same.status_code == 201
    assert call("GET", "/me", token=same.json()["secret"]).json()["permissions"] == ["report.read"]
    listed = call("GET", "/tokens", token=secret)
    assert same.json()["secret"] not in listed.content.decode()


def test_a_token_limited_to_tokens_sees_and_ends_its_persons_own(
    call: Callable[..., Any], token: Callable[..., str]
) -> None:
    token("owner")
    mine = token("admin", ["token.edit"])
    assert {one["person"] for one in call("GET", "/tokens", token=mine).json()["items"]} == {
        "amir@harbour-books.example"
    }
    theirs = call("GET", "/tokens", token=token("owner")).json()["items"]
    [owners] = {one["id"] for one in theirs if one["person"].startswith("olga") and one["scopes"] != []} - {
        theirs[0]["id"]
    }
    assert call("DELETE", f"/tokens/{owners}", token=mine).status_code == 404


@pytest.mark.feature("SEC-11")
def test_secrets_go_in_and_never_come_out(ask: Callable[..., Any], shop: object) -> None:
    source = {"engine": "postgresql", "settings": {"host": "127.0.0.1", "database": "x", "user": "y"}}
    kept = ask("owner", "PUT", "/sources/pg", {"definition": source, "secrets": {"password": "hunter2-secret"}})
    assert kept.status_code == 200, kept.content
    channel = {"kind": "webhook", "settings": {"url": "https://hooks.example/x"}}
    hook = ask("owner", "PUT", "/channels/hook", {"definition": channel, "secrets": {"secret": "hunter2-secret"}})
    assert hook.status_code == 200, hook.content
    for path in ("/sources/pg", "/sources", "/channels/hook", "/channels", "/definitions/export", "/journal"):
        assert "hunter2" not in ask("owner", "GET", path).content.decode(), path
    assert ask("owner", "GET", "/sources/pg").json()["has_secrets"] is True
    from broadsheet.delivery.models import StoredChannel
    from broadsheet.sources.models import Source

    assert "hunter2" not in json.dumps([*Source.objects.values(), *StoredChannel.objects.values()], default=str)


@pytest.mark.feature("SEC-06")
def test_who_does_not_know_a_password_cannot_have_it_sent_elsewhere(ask: Callable[..., Any], shop: object) -> None:
    source = {"engine": "postgresql", "settings": {"host": "127.0.0.1", "database": "x", "user": "y"}}
    ask("owner", "PUT", "/sources/pg", {"definition": source, "secrets": {"password": "hunter2-secret"}})
    elsewhere = {"definition": {**source, "settings": {**source["settings"], "host": "evil.example"}}}  # type: ignore[dict-item]
    assert ask("editor", "PUT", "/sources/pg", elsewhere).status_code == 403
    assert ask("editor", "PUT", "/sources/pg", {"definition": source, "secrets": {"password": "x"}}).status_code == 403
    assert ask("editor", "PUT", "/sources/pg", {"definition": {**source, "label": "Books"}}).status_code == 200
    assert ask("owner", "PUT", "/sources/pg", elsewhere).status_code == 200


def test_checks_tell_and_keep_their_verdict(ask: Callable[..., Any], shop: object) -> None:
    told = ask("editor", "POST", "/sources/shop/check").json()
    assert (told["ok"], told["verdict"]) == (True, "It answers; 2 tables: buyers, orders.")
    assert ask("viewer", "GET", "/sources/shop").json()["verdict"] == told["verdict"]
    assert ask("admin", "POST", "/channels/inbox/check").json()["ok"] is True


def test_a_dataset_tells_what_can_be_asked(ask: Callable[..., Any], shop: object) -> None:
    told = ask("viewer", "GET", "/datasets/orders").json()
    assert [one["name"] for one in told["dimensions"]] == ["day", "buyer_id", "item"]
    assert [(one["name"], one["kind"], one["better"]) for one in told["metrics"]] == [("bought", "integer", "up"), ("spent", "money", "up")]  # fmt: skip
    assert told["time"] == "day"
