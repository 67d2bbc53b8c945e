"""Signing in and out: nothing tells an account from none, guessing is slowed down, and no address leads elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from tests.plugins.django import NOW, PASSWORD, Cast

from broadsheet.access.models import Tally
from broadsheet.web.pages.signing_in.throttle import TRIES_AT_ACCOUNT_FROM_ADDRESS, TRIES_FROM_ADDRESS, network

SIGN_IN = "/sign-in/"


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """No tries of other tests are remembered."""
    cache.clear()
    yield
    cache.clear()


def text(response: Any) -> str:
    return str(response.content.decode())


def attempt(client: Client, email: str, password: str, **more: Any) -> Any:
    return client.post(SIGN_IN, {"email": email, "password": password, **more.pop("data", {})}, **more)


def test_the_right_password_leads_to_today_in_a_new_session(cast: Cast, client: Client) -> None:
    client.get(SIGN_IN)
    client.session["mark"] = 1
    client.session.save()
    before = client.session.session_key
    answer = attempt(client, f" {cast.viewer.email.upper()} ", PASSWORD)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.session.session_key != before
    assert client.get("/").status_code == 200


@pytest.mark.feature("SEC-23")
def test_wrong_and_unknown_read_the_same(cast: Cast, client: Client) -> None:
    wrong = attempt(client, cast.viewer.email, "not-this-one")
    unknown = attempt(client, "nobody@nowhere.example", "not-this-one")
    assert wrong.status_code == unknown.status_code == 200

    def said(answer: Any) -> str:
        return text(answer).split('role="alert"')[1].split("</div>")[0]

    assert "do not fit together" in said(wrong)
    assert said(wrong) == said(unknown)


def test_a_person_who_may_not_sign_in_reads_as_unknown(cast: Cast, client: Client) -> None:
    cast.viewer.is_active = False
    cast.viewer.save()
    assert "do not fit together" in text(attempt(client, cast.viewer.email, PASSWORD))


def test_without_a_membership_the_right_password_is_told_so(cast: Cast, client: Client, actor: Callable) -> None:
    from broadsheet.access.actions.change_person import remove_person

    remove_person(actor("owner"), cast.viewer.pk, now=NOW)
    assert "belong to no organization" in text(attempt(client, cast.viewer.email, PASSWORD))
    assert "belong to no organization" not in text(attempt(client, cast.viewer.email, "wrong-wrong-wrong"))
    assert client.get("/").status_code == 302


@pytest.mark.feature("SEC-23")
def test_guessing_is_stopped_even_with_the_right_password_and_others_are_not(cast: Cast, client: Client) -> None:
    for _try in range(TRIES_AT_ACCOUNT_FROM_ADDRESS):
        assert attempt(client, cast.viewer.email, "wrong-wrong-wrong").status_code == 200
    refused = attempt(client, cast.viewer.email, PASSWORD)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) == 900
    assert "Too many tries" in text(refused)
    assert attempt(Client(), cast.viewer.email, PASSWORD, REMOTE_ADDR="198.51.100.7").status_code == 302
    assert attempt(Client(), cast.editor.email, PASSWORD).status_code == 302


def test_an_account_that_is_not_there_is_slowed_down_alike(cast: Cast, client: Client) -> None:
    codes = [
        attempt(client, "no@no.example", "x" * 12).status_code for _try in range(TRIES_AT_ACCOUNT_FROM_ADDRESS + 1)
    ]
    assert codes == [200] * TRIES_AT_ACCOUNT_FROM_ADDRESS + [429]


def test_one_address_over_many_accounts_is_stopped(cast: Cast, client: Client) -> None:
    codes = [attempt(client, f"a{number}@b.example", "x" * 12).status_code for number in range(TRIES_FROM_ADDRESS + 1)]
    assert codes[-1] == 429
    assert set(codes[:-1]) == {200}


def test_a_good_sign_in_forgives_the_slips_before(cast: Cast, client: Client) -> None:
    for _round in range(3):
        for _try in range(TRIES_AT_ACCOUNT_FROM_ADDRESS - 1):
            attempt(Client(), cast.viewer.email, "wrong-wrong-wrong")
        assert attempt(Client(), cast.viewer.email, PASSWORD).status_code == 302


@pytest.mark.feature("SEC-23")
def test_a_refused_try_writes_nothing_and_shuts_nobody_out_elsewhere(cast: Cast, client: Client) -> None:
    for _try in range(TRIES_AT_ACCOUNT_FROM_ADDRESS + 5):
        attempt(client, cast.viewer.email, "wrong-wrong-wrong")
    assert set(Tally.objects.values_list("number", flat=True)) == {TRIES_AT_ACCOUNT_FROM_ADDRESS}


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", "unknown"),
        ("testserver", "unknown"),
    ],
)
def test_what_one_client_can_change_counts_as_one(address: str, expected: str) -> None:
    assert network(address) == expected


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/schedules/?q=a", "/schedules/?q=a"),
        ("", "/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("///evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/\x00//evil.example", "/"),
        ("schedules/", "/"),
    ],
)
def test_only_addresses_of_this_server_are_gone_to(cast: Cast, client: Client, target: str, expected: str) -> None:
    answer = attempt(client, cast.viewer.email, PASSWORD, data={"next": target})
    assert answer["Location"] == expected


def test_a_page_that_needs_a_person_leads_here_and_back(cast: Cast, client: Client) -> None:
    answer = client.get("/schedules/?q=a")
    assert answer["Location"] == "/sign-in/?next=/schedules/%3Fq%3Da"
    assert 'value="/schedules/?q=a"' in text(client.get(answer["Location"]))


@pytest.mark.feature("SEC-04")
def test_every_session_ends_when_the_password_changes(cast: Cast) -> None:
    from broadsheet.access.actions.change_person import change_password
    from broadsheet.access.models import User
    from broadsheet.access.queries import actor_of

    phone, desk = Client(), Client()
    for client in (phone, desk):
        attempt(client, cast.viewer.email, PASSWORD)
        assert client.get("/").status_code == 200
    change_password(
        actor_of(cast.viewer, via="page"),
        User.objects.get(pk=cast.viewer.pk),
        current=PASSWORD,
        new="another-long-password",
        now=NOW,
    )
    assert [client.get("/").status_code for client in (phone, desk)] == [302, 302]


@pytest.mark.feature("SEC-04")
def test_signing_out_is_a_post_and_ends_the_session(cast: Cast, visitor: Callable[[str], Client]) -> None:
    client = visitor("viewer")
    assert client.get("/sign-out/").status_code == 405
    assert client.get("/").status_code == 200
    answer = client.post("/sign-out/", follow=True)
    assert "You are signed out" in text(answer)
    assert client.get("/").status_code == 302


def test_a_form_without_its_token_is_refused_in_words(cast: Cast) -> None:
    answer = Client(enforce_csrf_checks=True).post(SIGN_IN, {"email": cast.viewer.email, "password": PASSWORD})
    assert answer.status_code == 403
    assert "Load the page again" in text(answer)


def test_signing_in_and_out_is_in_the_journal(cast: Cast, client: Client) -> None:
    from broadsheet.compliance.models import Entry

    attempt(client, cast.viewer.email, PASSWORD)
    client.post("/sign-out/")
    assert list(Entry.objects.filter(actor="Vito").values_list("action", flat=True)) == [
        "person.signed_in",
        "person.signed_out",
    ]


def test_who_is_signed_in_is_led_on(visitor: Callable[[str], Client]) -> None:
    assert visitor("viewer").get("/sign-in/?next=/schedules/")["Location"] == "/schedules/"
