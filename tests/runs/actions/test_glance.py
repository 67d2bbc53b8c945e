"""A glance at a dataset shows no more than a question to it would."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.plugins.django import NOW

pytestmark = pytest.mark.feature("SEC-07")
CURATOR = "role: curator\npermissions: [source.read, source.edit, data.all]\n"


def test_who_may_see_no_data_sees_none_at_a_glance(
    shop: dict[str, str], actor: Callable[[str], Any], cast: Any
) -> None:
    from broadsheet.access.actions.change_person import change_role
    from broadsheet.operations.definitions.apply import apply
    from broadsheet.runs.actions.explore import Wanted, explore
    from broadsheet.runs.actions.glance import data_to, samples
    from broadsheet.sources.models import StoredDataset

    dated = shop["shop.yaml"].replace("time: day\n", "time: day\nas_of: max(day)\n")
    apply(actor("owner"), {"shop.yaml": dated, "role.yaml": CURATOR}, now=NOW)
    orders = StoredDataset.objects.get(name="orders")
    assert samples(actor("editor"), orders, now=NOW)["item"] and data_to(actor("editor"), orders, now=NOW)
    change_role(actor("owner"), cast.editor.pk, role="curator", now=NOW)
    with pytest.raises(PermissionError):
        explore(actor("editor"), "orders", Wanted(metrics=("bought",)), now=NOW)
    assert samples(actor("editor"), orders, now=NOW) == {}
    assert data_to(actor("editor"), orders, now=NOW) is None


@pytest.mark.feature("COL-07")
def test_up_to_when_data_goes_is_of_the_class_of_its_time(shop: dict[str, str], actor: Callable[[str], Any]) -> None:
    from broadsheet.operations.definitions.apply import apply
    from broadsheet.runs.actions.glance import data_to
    from broadsheet.sources.models import StoredDataset

    dated = shop["shop.yaml"].replace("time: day\n", "time: day\nas_of: max(day)\nsensitivity: restricted\n")
    apply(actor("owner"), {"shop.yaml": dated}, now=NOW)
    orders = StoredDataset.objects.get(name="orders")
    assert data_to(actor("owner"), orders, now=NOW) is not None
    assert data_to(actor("editor"), orders, now=NOW) is None
