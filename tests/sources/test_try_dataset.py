"""A source that does not answer does not keep datasets from being saved; one that is mended is asked at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.plugins.django import NOW

from broadsheet.core.document.loading import load
from broadsheet.sources.actions import try_dataset
from broadsheet.sources.actions.try_dataset import name_problems
from broadsheet.sources.definitions import dataset_from
from broadsheet.sources.models import Source


@pytest.mark.parametrize(("long", "asked_again"), [(0.0, 0), (60.0, 1)])
def test_only_a_source_that_kept_us_waiting_is_left_alone_until_it_is_saved_anew(
    shop, monkeypatch: pytest.MonkeyPatch, long: float, asked_again: int
) -> None:
    monkeypatch.setattr(try_dataset, "_away", {})
    monkeypatch.setattr(try_dataset, "LONG_SECONDS", long)
    [loaded] = load("dataset: x\nsource: shop\nsql: select 1 as a from nothing\ndimensions: {a: integer}\n", file="x")
    source, definition = Source.objects.get(name="shop"), dataset_from(loaded)
    there = source.settings

    def problems() -> int:
        return len(name_problems(loaded, definition, source))

    source.settings = {"files": ["/nowhere/*.csv"]}
    assert problems() == 0
    source.settings = there
    assert problems() == asked_again
    source.updated_at = NOW + timedelta(hours=1)
    assert problems() == 1
