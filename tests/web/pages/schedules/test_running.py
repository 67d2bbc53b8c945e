"""Run now asks first: whom it reaches, by what, and when they last had it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from tests.plugins.django import NOW

Visitor = Callable[[str], Client]
PAGE = "/schedules/buyers-monday/"
ASK = f"{PAGE}run/"


@pytest.fixture(autouse=True)
def read_anew() -> None:
    from django.core.cache import cache

    cache.clear()


def text(response: Any) -> str:
    return str(response.content.decode())


def runs() -> int:
    from broadsheet.runs.models import Occurrence

    return Occurrence.objects.count()


@pytest.mark.feature("SCH-20")
def test_the_question_names_the_effect_and_asking_sends_nothing(shop: object, visitor: Visitor) -> None:
    client = visitor("editor")
    assert f'href="{ASK}"' in text(client.get(PAGE))  # a link, no form that sends at once
    page = text(client.get(ASK))
    assert runs() == 0
    assert "<h1>Send to 3 people by Inbox?</h1>" in page
    assert "They never had it before." in page
    assert f'action="{ASK}"' in page and ">Send to 3</button>" in page
    assert f'action="{PAGE}as-recipient/"' in page and ">Send a test to me</button>" in page
    assert f'href="{PAGE}">Send nothing</a>' in page


def test_the_question_is_for_those_who_may_answer_it(shop: object, visitor: Visitor) -> None:
    expected = {"editor": 200, "viewer": 403, "outsider": 404, "": 302}
    assert {role: visitor(role).get(ASK).status_code for role in expected} == expected


def test_it_says_when_they_last_had_it_and_not_when_a_test_went(
    shop: object, visitor: Visitor, finish: Callable[..., Any], actor: Callable[[str], Any]
) -> None:
    from broadsheet.delivery.models import Delivery
    from broadsheet.runs.actions.run_now import run_now
    from broadsheet.runs.actions.run_test import run_test

    with time_machine.travel(NOW):
        finish(run_now(actor("editor"), "buyers-monday", now=NOW - timedelta(hours=2)))
    Delivery.objects.update(settled_at=NOW - timedelta(hours=2))
    client = visitor("editor")
    with time_machine.travel(NOW):  # nine in London, four in New York, where Harbour Books is
        assert "They last had it today 02:00." in text(client.get(ASK))
    with time_machine.travel(NOW + timedelta(days=1)):
        assert "They last had it yesterday 02:00." in text(client.get(ASK))
    with time_machine.travel(NOW + timedelta(hours=1)):
        finish(run_test(actor("editor"), "buyers-monday", recipient="b1", address="e@e.example", now=NOW))
        assert "They last had it today 02:00." in text(client.get(ASK))


def test_who_unsubscribed_is_not_counted(shop: object, visitor: Visitor, organization: Any) -> None:
    from broadsheet.delivery.models import Suppression

    Suppression.objects.create(organization=organization, address="bo@bo.example", reason="unsubscribed", at=NOW)
    page = text(visitor("editor").get(ASK))
    assert ">Send to 2</button>" in page
    assert "1 is suppressed and gets nothing." in page


def test_an_audience_that_cannot_be_counted_is_said(shop: object, visitor: Visitor, tmp_path: Any) -> None:
    (tmp_path / "shop" / "buyers.csv").unlink()
    page = text(visitor("editor").get(ASK))
    assert "How many it reaches cannot be said now" in page
    assert "<h1>Run “Purchases, Mondays” by Inbox?</h1>" in page
    assert "Run it all the same" in page and "Send to" not in page


def test_nobody_to_send_to_leaves_nothing_to_press(shop: object, visitor: Visitor, tmp_path: Any) -> None:
    buyers = tmp_path / "shop" / "buyers.csv"
    buyers.write_text(buyers.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    page = text(visitor("editor").get(ASK))
    assert "There is nobody to send to" in page
    assert f'action="{ASK}"' not in page


def test_a_run_that_still_goes_is_said(shop: object, visitor: Visitor, actor: Callable[[str], Any]) -> None:
    from broadsheet.runs.actions.run_now import run_now

    run_now(actor("editor"), "buyers-monday", now=NOW)
    with time_machine.travel(NOW):
        assert "A run of today 04:00 is still going." in text(visitor("editor").get(ASK))


@pytest.mark.feature("SCH-30")
def test_a_dry_run_shows_whom_it_would_reach_and_with_how_many_rows(shop: object, visitor: Visitor) -> None:
    client = visitor("editor")
    assert f'href="{PAGE}dry-run/"' in text(client.get(ASK))
    page = text(client.get(f"{PAGE}dry-run/"))
    assert "<h1>Dry run of Purchases, Mondays</h1>" in page
    assert "Nothing was kept or sent." in page
    assert all(name in page for name in ("Ada Stone", "Bo Reed", "Cy Blum"))
    assert runs() == 0


@pytest.mark.feature("SCH-30")
def test_a_dry_run_says_what_would_fail(shop: object, visitor: Visitor, tmp_path: Any) -> None:
    (tmp_path / "shop" / "buyers.csv").unlink()
    answer = visitor("editor").get(f"{PAGE}dry-run/", follow=True)
    assert "The dry run ends here, as a run would" in text(answer)


def test_a_dry_run_is_for_those_who_may_run(shop: object, visitor: Visitor) -> None:
    expected = {"editor": 200, "viewer": 403, "outsider": 404, "": 302}
    assert {role: visitor(role).get(f"{PAGE}dry-run/").status_code for role in expected} == expected
