"""A dataset asked by name: with the asker's own rows, by words of theirs, and told what cannot be asked."""

from __future__ import annotations

from datetime import date

import pytest
from tests.plugins.django import NOW

from broadsheet.access.queries import system_actor
from broadsheet.core.policy.roles import Refused
from broadsheet.operations.definitions.apply import apply
from broadsheet.runs.actions.explore import Wanted, conditions, explore
from broadsheet.sources.errors import QueryRefused, UnknownSource

pytestmark = [pytest.mark.feature("EXT-19"), pytest.mark.django_db]


def asked(actor, *metrics: str, where: tuple[str, ...] = (), dataset: str = "orders", **more):
    wanted = Wanted(metrics, where=conditions(where), **more)
    return list(explore(actor, dataset, wanted, now=NOW).rows)


def test_metrics_come_by_dimensions_and_periods(shop, actor):
    editor = actor("editor")
    assert asked(editor, "bought", "spent") == [(7, 176.0)]
    by_item = [("Atlas", 130.0), ("Novel", 32.5), ("Poems", 13.5)]
    assert asked(editor, "spent", by=("item",), order=("-spent",)) == by_item
    assert asked(editor, "bought", by=("month",), period="last month") == [(date(2026, 10, 1), 7)]
    assert asked(editor, "bought", by=("day:week",), period="2026-10-01..2026-10-07") == [(date(2026, 9, 28), 2)]
    assert asked(editor, "bought", by=("fiscal_quarter",), period="last fiscal quarter") == []
    assert asked(editor, by=("item",), limit=2) == [("Atlas",), ("Novel",)]


CONDITIONS = [
    (("item = Atlas",), 2), (("item != Atlas",), 5), (("item in Atlas, Novel",), 4), (("item not in Atlas,Novel",), 3),
    (("day >= 2026-10-20", "day<2026-10-31"), 2), (("item is null",), 0), (("item is not null",), 7),
    (("item = x') or 1=1 --",), 0),
]  # fmt: skip


@pytest.mark.parametrize(("where", "bought"), CONDITIONS)
def test_conditions_are_typed_as_people_write_them(shop, actor, where, bought):
    assert asked(actor("editor"), "bought", where=where) == [(bought,)]


@pytest.mark.feature("SEC-07")
def test_who_may_not_see_all_sees_what_is_theirs(shop, actor):
    assert asked(actor("viewer"), "bought") == []
    assert asked(actor("viewer"), "buyers", dataset="buyers") == [(3,)]


REFUSED = [
    ({}, "asks for nothing"),
    ({"metrics": ("spend",)}, "no metric “spend”. It has: bought, spent"),
    ({"by": ("color",)}, "no dimension “color”"),
    ({"by": ("day:fortnight",)}, "“fortnight” is not a grain"),
    ({"metrics": ("bought",), "period": "someday"}, "“someday” is not a period"),
    ({"metrics": ("bought",), "order": ("spent",)}, "cannot be ordered by “spent”"),
    ({"metrics": ("bought",), "limit": 0}, "“0” rows cannot be asked for"),
    ({"metrics": ("bought",), "by": ("item:day",)}, "only dates and instants have a day"),
]  # fmt: skip


@pytest.mark.parametrize(("wanted", "said"), REFUSED)
def test_what_cannot_be_asked_is_told_with_what_can(shop, actor, wanted, said):
    with pytest.raises(QueryRefused, match=said):
        explore(actor("editor"), "orders", Wanted(**wanted), now=NOW)


@pytest.mark.parametrize("text", ["item", "= Atlas", "item ~ Atlas", "day = someday", "day >= 31.10.2026"])
def test_a_condition_that_is_none_is_told_how_to_write_one(shop, actor, text):
    with pytest.raises(QueryRefused, match="Write for instance"):
        asked(actor("editor"), "bought", where=(text,))


def test_what_is_not_there_or_anothers_is_unknown(shop, actor):
    with pytest.raises(UnknownSource, match=r"no dataset “order” here\. Did you mean “orders”"):
        asked(actor("editor"), "bought", dataset="order")
    with pytest.raises(UnknownSource, match="There are: none yet"):
        asked(actor("outsider"), "bought")


def test_a_token_without_the_right_is_refused(shop, actor):
    from dataclasses import replace

    with pytest.raises(Refused, match=r"report\.render"):
        asked(replace(actor("viewer"), scopes=frozenset({"source.read"})), "buyers", dataset="buyers")


@pytest.mark.feature("SEC-14")
def test_small_groups_are_held_back_from_who_explores(shop, actor, organization):
    text = shop["shop.yaml"].replace("rows: [{column: buyer_id, equals: reader.buyer_id}]\n", "smallest: 3\n")
    apply(system_actor(organization.pk), {"shop.yaml": text}, now=NOW)
    # Of 2, 2 and 3 the two are held back: whoever takes 3 from 7 knows of four orders of two items.
    assert asked(actor("viewer"), "bought", by=("item",)) == [("Poems", 3)]
    assert asked(actor("viewer"), "bought") == [(7,)]
    assert len(asked(actor("editor"), "bought", by=("item",))) == 3


@pytest.mark.feature("SCH-12")
def test_fiscal_periods_are_those_of_the_organizations_calendar(shop, actor, organization):
    apply(system_actor(organization.pk), {"c.yaml": "calendar: fiscal\nfiscal: {start: 4, named_by: end}\n"}, now=NOW)
    wanted = Wanted(("bought",), ("fiscal_quarter",), period="2026-04-01..2027-03-31", fill=True)
    found = explore(actor("editor"), "orders", wanted, now=NOW)
    assert list(found.rows) == [(date(2026, 4, 1), 0), (date(2026, 7, 1), 0), (date(2026, 10, 1), 7)]
    assert [name for _, name in found.columns[0].names] == ["FY2027 Q1", "FY2027 Q2", "FY2027 Q3", "FY2027 Q4"]
