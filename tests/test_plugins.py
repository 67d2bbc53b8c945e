"""Every part that is declared can be had, and one that is not says what there is."""

from __future__ import annotations

import pytest

from broadsheet.delivery.ports import CHANNELS
from broadsheet.plugins import Part, Registry, UnknownPart
from broadsheet.reports.ports import FORMATS
from broadsheet.runs.ports import STORES
from broadsheet.sources.ports import ENGINES

REGISTRIES = [CHANNELS, ENGINES, FORMATS, STORES]
pytestmark = pytest.mark.feature("BEY-17")


@pytest.mark.parametrize("registry", REGISTRIES, ids=lambda registry: registry.noun)
def test_every_declared_part_loads_and_is_called_as_declared(registry: Registry[Part]) -> None:
    assert registry.ids()
    assert [part.descriptor.id for part in registry.all()] == list(registry.ids())


@pytest.mark.parametrize("registry", REGISTRIES, ids=lambda registry: registry.noun)
def test_settings_of_a_part_have_each_name_once_and_choices_hold_the_default(registry: Registry[Part]) -> None:
    for part in registry.all():
        names = [setting.name for setting in part.descriptor.settings]
        assert len(names) == len(set(names))
        for setting in part.descriptor.settings:
            assert not setting.choices or setting.default in dict(setting.choices)


def test_an_unknown_part_names_those_there_are() -> None:
    with pytest.raises(UnknownPart, match=r"There is no format “docx”\. Installed are: csv, .*xlsx"):
        FORMATS.get("docx")
