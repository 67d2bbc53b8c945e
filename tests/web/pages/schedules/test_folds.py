"""The folded parts of the form: what is set stands in their line, fields are read and refused at their place."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from tests.web.pages.schedules.test_form import EDIT, filled, stored, text

Visitor = Callable[[str], Client]
PAGE = "/schedules/buyers-monday/"


def said(page: str) -> dict[str, str]:
    """What stands in the line of each fold."""
    found = re.findall(r'id="said-(\w+)">(.*?)</span>', page, re.DOTALL)
    return {name: unescape(words) for name, words in found}


def save(client: Client, **fields: Any) -> Any:
    return client.post(EDIT, {**filled(client, EDIT), **{name.replace("__", "-"): one for name, one in fields.items()}})


USUAL = {
    "starts": "Nothing but the clock",
    "making": "At its firing",
    "defaults": "Language en; zone UTC; PDF",
    "ready": "It waits for nothing",
    "figure": "Whatever the figures are",
    "checks": "All five checks hold what they find",
    "tries": "5 tries, with waits of 1 min, 4 min, 16 min, 1 h",
    "fallback": "Nothing: what fails ends as failed",
    "turns": "Normal priority",
    "limits": "No bounds but the server’s",
}


def test_each_fold_says_what_is_set(shop: object, visitor: Visitor) -> None:
    assert said(text(visitor("editor").get(EDIT))) == USUAL


@pytest.mark.feature("SCH-07")
@pytest.mark.feature("SCH-08")
@pytest.mark.feature("SCH-18")
@pytest.mark.feature("SCH-20")
def test_all_of_them_are_written_kept_and_told(shop: object, visitor: Visitor) -> None:
    client = visitor("editor")
    typed = {
        "event__1": "import.finished", "event__1__where": "rows >= 100\nsource = US, CA", "event__1__with": "",
        "event__1__wait": "debounce", "event__1__span": "10 min", "event__1__cool": "1 h",
        "mark__dataset": "orders", "mark__metric": "spent", "mark__reaches": "200", "ahead": "minutes",
        "ahead__minutes": "20", "float": "45", "check__collapse": "warn", "check__collapse-percent": "40",
        "check__blank_block": "off", "check__stale-hours": "36", "priority": "high", "weight": "heavy",
        "tries": "3", "retry__first": "30 s", "retry__on": ["source", "timeout"], "fallback__channel": ":same", "fallback__at": "07:00",
        "fallback__hours": "2", "audience__where": "buyer_id = b1", "default__language": "de",
    }  # fmt: skip
    assert save(client, **typed).status_code == 302
    now = stored()
    assert now["on_event"] == [
        {
            "event": "import.finished",
            "where": {"rows": {"at_least": 100}, "source": ["US", "CA"]},
            "debounce_seconds": 600,
            "cool_down_seconds": 3600,
        }
    ]
    assert now["milestone"] == {"dataset": "orders", "metric": "spent", "reaches": 200}
    assert now["checks"] == {
        "blank_block": "off", "collapse": {"do": "warn", "percent": 40}, "stale": {"hours": 36},
    }  # fmt: skip
    assert now["policies"] == {
        "priority": "high", "weight": "heavy", "ahead": 20, "float": {"minutes": 45},
        "retry": {"tries": 3, "first_seconds": 30, "on": ["source", "timeout"]},
        "fallback": {"at": "07:00", "hours": 2},
    }  # fmt: skip
    assert now["audience"]["where"] == {"buyer_id": "b1"} and now["audience"]["defaults"] == {"language": "de"}
    page = text(client.get(EDIT))
    assert said(page) == {
        **USUAL,
        "starts": "When the event “import.finished” happens; once, when spent of orders reaches 200",
        "making": "20 min ahead; may begin up to 45 min later",
        "defaults": "Language de; zone UTC; PDF; only rows with buyer_id = b1",
        "checks": "3 checks hold what they find; only told: few rows; off: blocks without rows",
        "tries": "3 tries, with waits of 30 s, 2 min; not for every fault",
        "fallback": "What fails goes once more, when their clock shows 07:00",
        "turns": "High priority; heavy",
    }
    assert save(client).status_code == 302 and stored() == now


@pytest.mark.parametrize(
    ("typed", "field", "told"),
    [
        ({"event-1": "a", "event-1-where": "rows more than 5"}, "event-1-where", "“rows more than 5” cannot be read."),
        ({"event-1": "a", "event-1-where": "a..b = 1"}, "event-1-where", "is no path of a field"),
        ({"event-1": "a", "event-1-wait": "delay"}, "event-1-span", "It is not said how long."),
        ({"event-1": "a", "event-1-cool": "soon"}, "event-1-cool", "is no length of time"),
        ({"mark-dataset": "orders", "mark-metric": "spent"}, "mark-reaches", "The mark is missing."),
        ({"mark-dataset": "orders", "mark-metric": "spend", "mark-reaches": "5"}, "mark-metric", "Did you mean “spent”?"),
        ({"ahead": "minutes", "ahead-minutes": "9999"}, "ahead-minutes", "minutes from 1 to 720"),
        ({"float": "2"}, "float", "5"),
        ({"check-collapse-percent": "400"}, "check-collapse-percent", "100"),
        ({"check-share_percent": "x"}, "check-share_percent", "is not a number"),
        ({"retry-factor": "99"}, "retry-factor", "10"),
        ({"retry-first": "-1"}, "retry-first", "is no length of time"),
        ({"fallback-channel": "inbox", "fallback-hours": "999"}, "fallback-hours", "168"),
        ({"audience-where": "buyer_id > 5"}, "audience-where", "has one value"),
        ({"only": "above", "only-limit": "1", "only-dataset": "orders", "only-metric": "spent", "only-where": "shoe is"}, "only-where", "cannot be read"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_its_fold_stands_open(
    shop: object, visitor: Visitor, typed: dict[str, str], field: str, told: str
) -> None:
    client, before = visitor("editor"), stored()
    answer = client.post(EDIT, {**filled(client, EDIT), **typed})
    page = unescape(text(answer))
    assert answer.status_code == 422 and stored() == before
    beside = page[page.index(f'id="id_{field}"') :]
    assert told in beside[: beside.index("</div>")]
    above = page[: page.index(f'id="id_{field}"')]
    assert above.rindex('<details class="fold" open>') > above.rindex("</details>")


@pytest.mark.feature("SCH-18")
def test_another_event_is_asked_for_and_nothing_is_saved(shop: object, visitor: Visitor) -> None:
    client, before = visitor("editor"), stored()
    answer = client.post(EDIT, {**filled(client, EDIT), "event-1": "a", "more": "event"})
    page = text(answer)
    assert answer.status_code == 200 and stored() == before
    assert 'value="a"' in page and 'id="id_event-2"' in page and "Event 2" in page
    assert save(client, **{"event-1": "a", "event-2": "b"}).status_code == 302
    assert stored()["on_event"] == [{"event": "a"}, {"event": "b"}]
    assert save(client, **{"event-1": ""}).status_code == 302
    assert stored()["on_event"] == [{"event": "b"}]


FIGURE = {"only": "above", "only-dataset": "orders", "only-metric": "spent", "only-period": "last month"}


@pytest.mark.feature("SCH-17")
def test_a_draft_is_told_when_its_figure_would_have_let_it_go_on(
    shop: object, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, before = visitor("editor"), stored()

    def asked(**typed: str) -> str:
        sent = {
            **filled(client, EDIT),
            **FIGURE,
            "preview": "figure",
            **{f"only-{name}": one for name, one in typed.items()},
        }
        answer = client.post(EDIT, sent)
        assert answer.status_code == 200 and stored() == before
        found = re.search(r'<div class="told-back"[^>]*>(.*?)</div>', text(answer), re.DOTALL)
        assert found
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[1])).split())

    assert "it would have gone on." in asked(limit="1") and "went on" in asked(limit="1")
    assert asked(limit="1000000").startswith("With none of the last")
    assert asked(limit="1", metric="").startswith("It cannot be asked now.")
    assert asked(limit="1", period="last 7 days").startswith("It can be told for whole days")
    monkeypatch.setattr("broadsheet.schedules.actions.look_back.may_see", lambda actor, only_if: False)
    assert asked(limit="1").startswith("Its figures are not yours to see.")


@pytest.mark.parametrize(("role", "linked"), [("editor", True), ("viewer", False)])
def test_the_schedules_page_says_all_of_it_at_a_glance(shop: object, visitor: Visitor, role: str, linked: bool) -> None:
    client = visitor("editor")
    assert save(client, priority="low", **{"check-size": "off"}).status_code == 302
    page = text(visitor(role).get(PAGE))
    glance = page[page.index('<dl class="glance">') : page.index("</dl>", page.index('<dl class="glance">'))]
    assert "<dd>Low priority</dd>" in glance and "off: size of files" in glance
    assert glance.count('class="is-set"') == 2 and glance.count('class="usual"') == 8
    assert (f'href="{EDIT}#fold-checks"' in glance) == linked
