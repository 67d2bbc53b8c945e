"""Limits: what is used of each, who sets them, and what the form cannot take."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.plugins.django import NOW

from broadsheet.runs import claims
from broadsheet.runs.actions.limit import limit_installation
from broadsheet.runs.actions.run_now import run_now
from broadsheet.runs.models import Limits, Occurrence

Visitor = Callable[[str], Client]
PAGE = "/operations/limits/"
pytestmark = [pytest.mark.feature("SCH-23"), pytest.mark.usefixtures("shop")]


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def busy(actor: Callable[[str], Any]) -> Occurrence:
    """One run in work, one behind it."""
    for minutes in (2, 1):
        at = NOW - timedelta(minutes=minutes)
        behind = run_now(actor("owner"), "buyers-monday", now=at, at=at)
    claims.claim(owner="one", now=NOW)
    return behind


def test_each_limit_stands_with_what_is_used_of_it(busy: Occurrence, visitor: Visitor, organization: Any) -> None:
    Limits.objects.create(organization=organization, runs=4, sources={"shop": 3})
    page = text(visitor("owner").get(PAGE))
    assert "No run waits for a limit" in page
    assert "1 of 4" in page and "1 of 3" in page and "1 of 1" in page
    assert "full, 1 waits" in page  # behind the run of its own schedule
    assert "The whole installation" in page and "no limit" in page


def test_a_full_limit_says_who_waits(busy: Occurrence, visitor: Visitor, organization: Any) -> None:
    Occurrence.objects.update(definition={**busy.definition, "policies": {"at_once": 9}})
    Limits.objects.create(organization=organization, runs=1)
    page = text(visitor("owner").get(PAGE))
    assert "<h1>1 run waits for a limit</h1>" in page and "full, 1 waits" in page
    limit_installation(1)
    assert "as many runs go on as this installation may do" in text(visitor("viewer").get("/operations/"))


def test_whoever_steers_sets_them_and_they_are_kept(visitor: Visitor, organization: Any) -> None:
    client = visitor("owner")
    page = text(client.post(PAGE, {"runs": "5", "source-shop": "2"}, follow=True))
    assert "The limits count." in page and 'value="5"' in page
    found = Limits.objects.get(organization=organization)
    assert (found.runs, found.sources) == (5, {"shop": 2})
    client.post(PAGE, {"runs": "", "source-shop": ""})
    found.refresh_from_db()
    assert (found.runs, found.sources) == (None, {})


@pytest.mark.parametrize(
    ("given", "said"), [({"runs": "0"}, "1"), ({"source-shop": "many"}, "integer"), ({"runs": "-3"}, "1")]
)
def test_what_is_no_limit_is_told_at_its_field_and_keeps_what_was_typed(
    visitor: Visitor, given: dict[str, str], said: str
) -> None:
    answer = visitor("owner").post(PAGE, given)
    assert answer.status_code == 422
    [(name, value)] = given.items()
    page = text(answer)
    assert f'value="{value}"' in page and f'id="id-{name}"' in page and 'aria-invalid="true"' in page
    assert said in page and not Limits.objects.exists()


def test_another_s_change_meanwhile_is_not_written_over(visitor: Visitor, organization: Any) -> None:
    Limits.objects.create(organization=organization, runs=7)
    answer = visitor("owner").post(PAGE, {"base": "{}", "runs": "2"})
    assert answer.status_code == 422 and "Somebody set other limits meanwhile" in text(answer)
    assert Limits.objects.get(organization=organization).runs == 7


def test_a_source_that_the_form_does_not_show_keeps_its_limit(visitor: Visitor, organization: Any) -> None:
    Limits.objects.create(organization=organization, sources={"gone": 2})
    visitor("owner").post(PAGE, {"runs": "3"})
    assert Limits.objects.get(organization=organization).sources == {"gone": 2}


def test_who_may_not_steer_sees_them_and_sets_none(busy: Occurrence, visitor: Visitor) -> None:
    for role in ("viewer", "editor"):
        client = visitor(role)
        page = text(client.get(PAGE))
        assert "Your organization" in page and "Save the limits" not in page and "The whole installation" not in page
        assert client.post(PAGE, {"runs": "2"}).status_code == 403
    theirs = visitor("outsider").get(PAGE)
    assert theirs.status_code in (200, 403) and "1 of 1" not in text(theirs)
    assert visitor("").get(PAGE).status_code == 302
    assert not Limits.objects.exists()


def test_the_part_that_renews_itself_is_the_rows_alone(busy: Occurrence, visitor: Visitor) -> None:
    part = text(visitor("viewer").get(f"{PAGE}rows/"))
    assert "<html" not in part and "data-more" in part and "Purchases, Mondays" in part
