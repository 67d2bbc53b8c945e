"""The definitions that the page on LeadConduit shows lead from a key to a report."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from tests.plugins.django import NOW
from tests.plugins.leadconduit import LeadConduit

from .loading import blocks

PAGE = "how-to/connect-leadconduit.md"


@pytest.mark.django_db
@pytest.mark.feature("BEY-12")
def test_the_page_leads_from_a_key_to_a_report(leadconduit: LeadConduit, organization: Any) -> None:
    from broadsheet.access.queries import system_actor
    from broadsheet.core.document.loading import load
    from broadsheet.operations.definitions.apply import apply, plan
    from broadsheet.runs.actions.preview import as_reader, show
    from broadsheet.sources.actions.save import save_source
    from broadsheet.sources.actions.starter import make_starter
    from broadsheet.sources.actions.sync import sync_due

    actor = system_actor(organization.pk, via="cli")
    source, report = blocks(PAGE, "yaml")
    assert [one.effect for one in plan(actor, {"source.yaml": source}, now=NOW)] == ["added"]
    data = yaml.safe_load(source)
    data["settings"] |= {"base_address": leadconduit.base}
    [loaded] = load(yaml.safe_dump(data, sort_keys=False), file="source.yaml")
    save_source(actor, loaded, now=NOW, secrets={"api_key": leadconduit.key})
    make_starter(actor, "ads", now=NOW)
    mail = "channel: mail\nkind: portal\n"
    apply(actor, {"mail.yaml": mail, "report.yaml": report}, now=NOW)
    leadconduit.fill(10)
    sync_due(now=NOW)
    shown = show(actor, "lead-sources", reader=as_reader(actor), given={}, now=NOW)
    assert shown.document.problems == ()
    assert "Sun Compare" in repr(shown.document)


def test_the_statistics_of_the_reference_are_valid() -> None:
    from broadsheet.adapters.engines.leadconduit import ENGINE

    [text] = blocks("reference/leadconduit.md", "yaml")
    assert list(ENGINE.faults(yaml.safe_load(text)["settings"])) == []
