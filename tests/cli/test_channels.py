"""Channels from the command line: how they stand, tried, and let through."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from tests.plugins.django import NOW
from typer.testing import CliRunner

from broadsheet.cli.main import app

pytestmark = [pytest.mark.django_db, pytest.mark.feature("DLV-26"), pytest.mark.feature("BEY-07")]


@pytest.fixture
def limited(shop, organization):
    """The outbox with a limit of which a part is used, left alone since it failed."""
    from broadsheet.access.queries import system_actor
    from broadsheet.clock import database_now
    from broadsheet.core.document.loading import load
    from broadsheet.delivery.actions.channels import save_channel
    from broadsheet.delivery.models import Gate, Meter, StoredChannel

    text = "channel: outbox\nkind: folder\nlimits: {at_once: 2, per_hour: 100, domains: {Ada.example: {per_day: 5}}}\n"
    [loaded] = load(text, file="t")
    save_channel(system_actor(organization.pk), loaded, now=NOW)
    channel, now = StoredChannel.objects.get(name="outbox"), database_now()
    Meter.objects.create(channel=channel, domain="", seconds=3600, used={str(int(now.timestamp() // 60)): 60})
    Gate.objects.create(
        channel=channel, recent="-----", opened_at=now, trial_at=now + timedelta(hours=1), last_word="The disk is full."
    )
    return channel


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("broadsheet.cli.output.console._width", 200)  # whatever terminal the tests run in


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["channel", *arguments])
    assert result.exit_code == 0, result.output
    return result.output


def test_the_list_shows_what_is_left_alone_and_the_fullest_limit(limited) -> None:
    [line] = [line for line in run("list").splitlines() if line.startswith(" outbox")]
    assert "open since" in line and "The disk is full." in line and "60 of 100 an hour" in line


def test_one_is_shown_with_each_limit_and_let_through(limited) -> None:
    shown = run("show", "outbox")
    assert "Left alone since" in shown
    assert "0 of 2 at once\n60 of 100 an hour\n0 of 5 a day to ada.example\n" in shown
    standing = json.loads(run("show", "outbox", "--json"))["standing"]
    assert standing["limits"][1] == {"domain": "", "per": "hour", "most": 100, "used": 60, "left": 40}
    assert run("let-through", "outbox") == "“outbox” is let through; what waited is tried now.\n"
    assert run("let-through", "outbox") == "“outbox” is not left alone.\n"
    assert "The breaker is closed" in run("show", "outbox")


def test_a_check_tells_whether_it_works(limited) -> None:
    assert "is ready for files" in run("check", "outbox")
