"""The secret address of a person's feed, seen from its enemies: it opens what its owner may see now, and nothing else."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import icalendar
import pytest
from tests.plugins.django import NOW, PASSWORD, Cast

from broadsheet.access.actions.change_person import remove_person
from broadsheet.access.actions.feed_address import end_feed_address, make_feed_address
from broadsheet.access.models import FeedAddress, Membership, Tally
from broadsheet.access.queries import actor_of, feed_address, feed_secret
from broadsheet.api import secret_feeds
from broadsheet.compliance.models import Entry
from broadsheet.config.masking import Masking
from broadsheet.core.policy.roles import Refused
from broadsheet.schedules.models import Schedule

pytestmark = [pytest.mark.usefixtures("shop"), pytest.mark.feature("SCH-30")]
Get = Callable[..., Any]


@pytest.fixture
def get(client: Any) -> Get:
    """``get(secret)`` is the feed; *path* goes on after the secret."""
    return lambda secret, path=".ics", **headers: client.get(f"/api/v1/feeds/{secret}{path}", **headers)


@pytest.fixture
def make(actor: Callable[[str], Any]) -> Callable[[str], str]:
    return lambda role: make_feed_address(actor(role), now=NOW)


def names(answer: Any) -> set[str]:
    assert answer.status_code == 200, answer.content
    found = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    return {one["UID"].split("-", 1)[1].partition("@")[0] for one in found}


def test_all_mine_and_one(get: Get, make: Callable[[str], str], cast: Cast) -> None:
    one = Schedule.objects.get()
    one.pk, one.name, one.owner = None, "second", cast.viewer
    one.save()
    secret = make("viewer")
    assert names(get(secret)) == {"buyers-monday", "second"}
    assert names(get(secret, ".ics?mine=true")) == {"second"}
    assert names(get(secret, "/second.ics")) == {"second"}
    assert get(secret, "/third.ics").status_code == 404


def test_nothing_of_it_is_kept_or_passed_on(get: Get, make: Callable[[str], str]) -> None:
    for answer in (get(make("viewer")), get("bsf_wrong")):
        assert answer["Referrer-Policy"] == "no-referrer" and "no-store" in answer["Cache-Control"]
        assert answer["X-Robots-Tag"] == "noindex" and not answer.cookies


def test_it_is_read_only(client: Any, make: Callable[[str], str]) -> None:
    for method in ("post", "put", "delete", "patch"):
        assert getattr(client, method)(f"/api/v1/feeds/{make('owner')}.ics").status_code == 405


@pytest.mark.feature("SEC-03")
def test_another_tenants_shows_theirs_alone(get: Get, make: Callable[[str], str]) -> None:
    secret = make("outsider")
    assert names(get(secret)) == set()
    assert get(secret, "/buyers-monday.ics").status_code == 404
    assert b"Purchases" not in get(secret).content


def test_guessed_renewed_and_ended_ones_open_nothing(get: Get, make: Callable[[str], str], actor: Any) -> None:
    old = make("viewer")
    new = make("viewer")
    assert old != new and len(new) >= 26 and FeedAddress.objects.count() == 1
    assert [get(one).status_code for one in (old, new, new[:-1], new.swapcase(), "bsf_", "x")] == [404, 200, 404, 404, 404, 404]  # fmt: skip
    assert end_feed_address(actor("viewer"), now=NOW) and not end_feed_address(actor("viewer"), now=NOW)
    assert get(new).status_code == get(new, "/buyers-monday.ics").status_code == 404


def test_all_that_opens_nothing_looks_the_same(get: Get, make: Callable[[str], str], actor: Any) -> None:
    secret = make("viewer")
    answers = [get("bsf_unknown"), get(secret, "/not-there.ics"), get("bsf_unknown", "/buyers-monday.ics")]
    assert len({(one.status_code, one.content) for one in answers}) == 1


@pytest.mark.parametrize("how", ["removed", "inactive", "no role"])
def test_who_may_not_see_now_sees_nothing(
    get: Get, make: Callable[[str], str], actor: Any, cast: Cast, how: str
) -> None:
    secret = make("viewer")
    if how == "removed":
        remove_person(actor("owner"), cast.viewer.pk, now=NOW)
        assert not FeedAddress.objects.exists()
    elif how == "inactive":
        cast.viewer.is_active = False
        cast.viewer.save()
    else:
        Membership.objects.filter(user=cast.viewer).update(role="nothing")
    assert get(secret).status_code == get(secret, "/buyers-monday.ics").status_code == 404


def test_who_comes_back_has_no_old_address(get: Get, make: Callable[[str], str], actor: Any, cast: Cast) -> None:
    from broadsheet.access.actions.add_person import add_person

    secret = make("viewer")
    remove_person(actor("owner"), cast.viewer.pk, now=NOW)
    add_person(actor("owner"), email=cast.viewer.email, name="Vito", role="viewer", password=PASSWORD, now=NOW)
    assert get(secret).status_code == 404


def test_it_is_no_way_in_elsewhere(client: Any, make: Callable[[str], str], call: Any) -> None:
    secret = make("owner")
    assert call("GET", "/me", token=secret).status_code == 401
    assert call("GET", "/schedules", token=secret).status_code == 401


def test_guessing_is_slowed_down_and_so_is_fetching(
    get: Get, make: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = make("viewer")
    monkeypatch.setattr(secret_feeds, "FETCHES", 3)
    assert [get(secret).status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    assert get(secret)["Retry-After"] == "60"
    wrong = [get(f"bsf_{number}").status_code for number in range(25)]
    assert wrong == [404] * 20 + [429] * 5
    assert sorted(Tally.objects.values_list("number", flat=True)) == [3, 20]  # what is refused writes nothing
    assert get(make("editor")).status_code == 200  # who has a right one is not in the way of who guesses


def test_only_its_hash_and_a_sealed_copy_are_kept(make: Callable[[str], str], actor: Any) -> None:
    secret = make("viewer")
    kept = FeedAddress.objects.get()
    assert secret not in f"{kept.digest}{kept.sealed}{list(Entry.objects.values_list('object', 'detail'))}"
    found = feed_address(actor("viewer"))
    assert found is not None and feed_secret(actor("viewer"), found) == secret
    kept.sealed = kept.sealed[:-2] + "AA"
    assert feed_secret(actor("viewer"), kept) == ""
    assert feed_address(actor("editor")) is None


def test_who_used_it_when(get: Get, make: Callable[[str], str]) -> None:
    secret = make("viewer")
    assert FeedAddress.objects.get().used_at is None
    get(secret)
    assert FeedAddress.objects.get().used_at is not None
    make("viewer")
    assert FeedAddress.objects.get().used_at is None


def test_the_journal_says_who_made_and_ended_one(make: Callable[[str], str], actor: Any, cast: Cast) -> None:
    make("viewer"), make("viewer")
    end_feed_address(actor("viewer"), now=NOW)
    found = Entry.objects.filter(action__startswith="feed.").order_by("pk").values_list("action", "object", "actor")
    assert list(found) == [(f"feed.{act}", cast.viewer.email, "Vito") for act in ("made", "renewed", "ended")]


@pytest.mark.feature("SEC-03")
def test_the_log_has_no_secret(get: Get, make: Callable[[str], str], caplog: Any, monkeypatch: Any) -> None:
    secret = make("viewer")
    with caplog.at_level(logging.DEBUG):
        get(secret), get(f"{secret}x"), get(secret, "/not-there.ics")
        monkeypatch.setattr(secret_feeds, "FETCHES", 0)
        get(secret)
        said = [one.getMessage() for one in caplog.records]
    assert [text for text in said if secret in text] == []
    monkeypatch.setattr(secret_feeds, "actor_of_feed", lambda *given, **more: 1 / 0)
    with caplog.at_level(logging.DEBUG):
        assert get(secret).status_code == 500
    lines = [Masking("%(message)s").format(one) for one in caplog.records]
    assert any("an operation failed" in line for line in lines)
    assert [line for line in lines if secret in line] == []


def test_the_mask_leaves_all_else() -> None:
    def line(text: str, *given: object) -> str:
        return Masking("%(levelname)s %(message)s").format(
            logging.LogRecord("x", logging.INFO, "", 0, text, given, None)
        )

    assert line("GET %s", "/api/v1/feeds/bsf_0123456789abcdef_-AZ.ics") == "INFO GET /api/v1/feeds/bsf_….ics"
    assert line("Bearer bst_0123456789abcdef, done") == "INFO Bearer bst_…, done"
    assert line("bsf_short and bytes") == "INFO bsf_short and bytes"


class TestByRest:
    def test_made_shown_once_and_ended(self, call: Any, token: Any, get: Get) -> None:
        secret = token("owner")
        assert call("GET", "/feed", token=secret).json() == {"made_at": None, "used_at": None}
        made = call("POST", "/feed", token=secret)
        assert made.status_code == 201 and made.json()["all"].startswith("http://127.0.0.1:8000/api/v1/feeds/bsf_")
        path = made.json()["all"].split("/feeds/")[1].removesuffix(".ics")
        assert made.json()["schedule"].endswith(f"/feeds/{path}/{{name}}.ics")
        assert names(get(path)) == {"buyers-monday"}
        told = call("GET", "/feed", token=secret)
        assert told.json()["made_at"] and told.json()["used_at"] and path not in told.content.decode()
        assert [call("DELETE", "/feed", token=secret).status_code for _ in range(2)] == [204, 204]
        assert get(path).status_code == 404

    def test_a_token_that_may_make_no_tokens_makes_no_address(self, call: Any, token: Any) -> None:
        assert call("POST", "/feed", token=token("owner", ["schedule.read"])).status_code == 403
        assert not FeedAddress.objects.exists()

    def test_a_signed_in_viewer_may(self, client: Any, cast: Cast) -> None:
        client.force_login(cast.viewer, backend="django.contrib.auth.backends.ModelBackend")
        assert client.post("/api/v1/feed").status_code == 201


def test_nobody_makes_one_without_the_right(cast: Cast) -> None:
    Membership.objects.filter(user=cast.viewer).update(role="nothing")
    person = actor_of(cast.viewer, via="page")
    assert person is not None
    with pytest.raises(Refused):
        make_feed_address(person, now=NOW)
