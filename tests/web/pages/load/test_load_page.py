"""The load page says what comes, answers what would be if, and spreads by who may change schedules."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from broadsheet.schedules.models import Schedule

pytestmark = [pytest.mark.feature("BEY-08"), pytest.mark.usefixtures("shop")]
PAGE = "/operations/load/?from=2026-11-30"


@pytest.fixture
def floating() -> Schedule:
    one = Schedule.objects.get(name="buyers-monday")
    one.pk, one.name, one.title = None, "floating", "Floats"
    one.definition = {**one.definition, "policies": {"float": {"minutes": 30}}}
    one.save()
    return one


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_it_says_what_comes_in_figures_and_in_words(visitor: Callable[[str], Client]) -> None:
    page = text(visitor("viewer"), PAGE)
    assert "1 run; none would wait for a place." in page
    assert 'title="1 run, at most 1 at once"' in page
    assert "Spread this schedule" not in page


def test_what_would_be_if_stands_beside_what_is(visitor: Callable[[str], Client]) -> None:
    page = text(visitor("viewer"), f"{PAGE}&add=buyers-monday&add_number=3&workers=1")
    assert "As asked" in page
    assert "Purchases, Mondays +3</a>" in page and "1 min 30 s" in page


def test_what_cannot_be_asked_is_told_where_it_is(visitor: Callable[[str], Client]) -> None:
    page = text(visitor("viewer"), f"{PAGE}&add=nightly&add_number=3&workers=many")
    assert "There is no schedule “nightly” that fires in that time." in page
    assert "Write a whole number from 1 to 10,000." in page


@pytest.mark.feature("SCH-10")
def test_who_may_change_schedules_spreads_them(visitor: Callable[[str], Client], floating: Schedule) -> None:
    seen = text(visitor("viewer"), PAGE)
    assert "2 at once now, 1 at most when spread" in seen and "Spread this schedule" not in seen
    assert visitor("viewer").post("/operations/load/spread/").status_code == 403
    editor = visitor("editor")
    assert "5 min after" in text(editor, PAGE) and "Spread this schedule" in text(editor, PAGE)
    answer = editor.post("/operations/load/spread/", follow=True)
    assert "1 schedule begins elsewhere from its next firing on." in answer.content.decode()
    floating.refresh_from_db()
    assert floating.offset_seconds == 300
    assert "Nothing moves" in text(editor, PAGE)


def test_another_tenant_sees_nothing_of_it(visitor: Callable[[str], Client], floating: Schedule) -> None:
    page = text(visitor("outsider"), PAGE)
    assert "Nothing fires in this time." in page and "Floats" not in page


@pytest.mark.feature("SCH-07")
def test_a_schedule_says_when_it_is_made_and_where_it_floats(visitor: Callable[[str], Client]) -> None:
    windows = {"policies": {"ahead": 10, "float": {"minutes": 60}}}
    one = Schedule.objects.get(name="buyers-monday")
    Schedule.objects.filter(pk=one.pk).update(
        definition={**one.definition, **windows}, ahead_seconds=600, offset_seconds=900
    )
    page = text(visitor("viewer"), "/schedules/buyers-monday/")
    assert "Made 10 min before its firing, and sent at it." in page
    assert "Begins 15 min after its firing, of 60 in which it may." in page
