"""What people were told, by REST: their own alone, in their language, marked read once and for all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.plugins.django import NOW, Cast

from broadsheet.access.queries import system_actor
from broadsheet.collaboration.actions.notify import notify
from broadsheet.collaboration.models import Notification
from broadsheet.core.document.loading import load
from broadsheet.schedules.actions.save_calendar import save_calendar
from broadsheet.schedules.models import Schedule

pytestmark = [pytest.mark.usefixtures("shop"), pytest.mark.feature("SCH-11")]
PATH = "/notifications"


@pytest.fixture
def moved(organization: Any, cast: Cast, shop: Any) -> Notification:
    """The owner was told of a calendar that moved their schedule."""
    system = system_actor(organization.pk)
    for text in ("calendar: ours\nlabel: Ours\n", "calendar: ours\nlabel: Ours\nclosed: [{date: 2026-11-30}]\n"):
        save_calendar(system, load(text, file="calendar.yaml")[0], now=NOW)
        one = Schedule.objects.get()
        one.definition["when"] |= {"roll": "following", "calendar": "ours"}
        one.owner = cast.owner
        one.save()
    return Notification.objects.get()


def test_all_of_it_in_the_persons_language(
    moved: Notification, call: Callable[..., Any], token: Callable[..., str], cast: Cast
) -> None:
    [one] = call("GET", PATH, token=token("owner")).json()["items"]
    assert (one["subject"], one["kind"], one["person"]) == (
        "Calendar “Ours” moved 1 coming firing", "calendar.moved", cast.owner.email,
    )  # fmt: skip
    assert "Mon 30 Nov 08:00 → Tue 1 Dec 08:00" in one["text"]
    assert one["link"] == "/settings/calendars/ours/" and one["read_at"] is None
    assert one["data"]["schedules"][0]["firings"][0]["was"] == "2026-11-30T13:00:00+00:00"
    assert one["mail"] == {"state": "due", "settled_at": None, "proof": ""}
    cast.owner.language = "de"
    cast.owner.save()
    [one] = call("GET", PATH, token=token("owner")).json()["items"]
    assert one["subject"].startswith("Kalender „Ours“")


def test_read_one_and_all(organization: Any, cast: Cast, call: Callable[..., Any], token: Callable[..., str]) -> None:
    for hours in range(3):
        notify(organization.pk, [cast.owner.pk], kind="x", data={}, link="", now=NOW + timedelta(hours=hours))
    secret = token("owner")

    def unread() -> list[int]:
        return [one["id"] for one in call("GET", PATH, token=secret, query={"unread": "true"}).json()["items"]]

    newest, *others = unread()
    assert call("POST", f"{PATH}/{newest}/read", token=secret).status_code == 204
    assert unread() == others and len(others) == 2
    assert call("POST", f"{PATH}/read", token=secret).json() == {"read": 2}
    assert unread() == []
    first = call("GET", PATH, token=secret, query={"limit": 2}).json()
    second = call("GET", PATH, token=secret, query={"limit": 2, "cursor": first["next"]}).json()
    assert [one["id"] for one in (*first["items"], *second["items"])] == [newest, *others]


@pytest.mark.feature("SEC-03")
def test_anothers_is_not_there(moved: Notification, call: Callable[..., Any], token: Callable[..., str]) -> None:
    for role in ("editor", "viewer", "outsider"):
        secret = token(role)
        assert call("GET", PATH, token=secret).json()["items"] == []
        assert call("POST", f"{PATH}/{moved.pk}/read", token=secret).status_code == 404
        assert call("POST", f"{PATH}/read", token=secret).json() == {"read": 0}
    moved.refresh_from_db()
    assert moved.read_at is None
