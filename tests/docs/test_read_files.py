"""The sources that the page on files shows can be kept as they stand."""

from __future__ import annotations

from typing import Any

import pytest
from tests.plugins.django import NOW

from .loading import blocks


@pytest.mark.django_db
def test_the_sources_of_the_page_are_valid(organization: Any) -> None:
    from broadsheet.access.queries import system_actor
    from broadsheet.operations.definitions.apply import plan

    texts = blocks("how-to/read-files-and-object-stores.md", "yaml")
    found = plan(system_actor(organization.pk), {f"{n}.yaml": text for n, text in enumerate(texts)}, now=NOW)
    assert [(one.name, one.effect) for one in found] == [("leads", "added"), ("lake", "added")]
