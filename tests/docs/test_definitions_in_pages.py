"""The definitions that tutorial and how-to pages show can be applied as they stand, and do what the page says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from tests.plugins.django import NOW

from broadsheet.core.document.loading import DefinitionError

from .loading import DOCS, blocks, titled

TUTORIAL = "tutorial/first-report.md"
HOW_TO = ["send-by-smtp", "send-to-a-folder-or-webhook", "write-a-brand"]


@pytest.fixture
def bakery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The tutorial's definition files, with its data made in a home of its own."""
    monkeypatch.setenv("HOME", str(tmp_path))
    files = titled(TUTORIAL)
    folder = tmp_path / "bakery"
    folder.mkdir()
    (folder / "make_data.py").write_text(files.pop("make_data.py"), "utf-8")
    subprocess.run([sys.executable, folder / "make_data.py"], check=True)
    return files


@pytest.mark.django_db
@pytest.mark.feature("BEY-09")
def test_the_tutorial_leads_to_a_report_of_ones_own(bakery: dict[str, str], organization: object) -> None:
    from datetime import UTC, datetime

    from broadsheet.access.queries import system_actor
    from broadsheet.operations.definitions.apply import apply, plan
    from broadsheet.runs.actions.preview import reader_for, show

    actor = system_actor(organization.pk, via="cli")  # type: ignore[attr-defined]
    assert [one.effect for one in plan(actor, bakery, now=NOW)] == ["added"] * 6
    assert len(apply(actor, bakery, now=NOW)) == 6
    now = datetime.now(UTC)  # the data runs up to the day it was made
    reader, given = reader_for(actor, "shop-month", "Harbour", now=now)
    assert (reader.name, reader.language) == ("Chloé Petit", "fr-FR")
    shown = show(actor, "shop-month", reader=reader, given=given, now=now)
    assert shown.document.problems == ()
    assert "Station" not in repr(shown.document)
    assert "Harbour" in repr(shown.document)


@pytest.mark.django_db
def test_the_tutorials_mistake_is_told_as_shown(bakery: dict[str, str], organization: object) -> None:
    from broadsheet.access.queries import system_actor
    from broadsheet.operations.definitions.apply import plan

    wrong = {**bakery, "schedule.yaml": bakery["schedule.yaml"].replace("address: email", "address: mail")}
    with pytest.raises(DefinitionError) as told:
        plan(system_actor(organization.pk, via="cli"), wrong, now=NOW)  # type: ignore[attr-defined]
    [problem] = told.value.problems
    assert f"/{problem}\n" in (DOCS / TUTORIAL).read_text("utf-8")


@pytest.mark.django_db
@pytest.mark.parametrize("name", HOW_TO)
def test_definitions_of_how_to_pages_are_valid(name: str, organization: object) -> None:
    from broadsheet.access.queries import system_actor
    from broadsheet.operations.definitions.apply import plan

    actor = system_actor(organization.pk, via="cli")  # type: ignore[attr-defined]
    whole = [text for text in blocks(f"how-to/{name}.md", "yaml") if next(iter(yaml.safe_load(text))) in {"channel", "brand"}]  # fmt: skip
    assert whole
    for text in whole:
        assert [one.effect for one in plan(actor, {"page.yaml": text}, now=NOW)] == ["added"]


@pytest.mark.feature("COL-10")
def test_the_definitions_of_rights_are_valid(shop: object, cast: object, organization: object) -> None:
    from broadsheet.access.queries import system_actor
    from broadsheet.operations.definitions.apply import plan

    files = {f"{number}.yaml": text for number, text in enumerate(blocks("how-to/give-rights-to-a-team.md", "yaml"))}
    changes = plan(system_actor(organization.pk, via="cli"), files, now=NOW)  # type: ignore[attr-defined]
    assert [(one.kind, one.name, one.effect) for one in changes] == [
        ("role", "night-watch", "added"), ("team", "desk", "added"), ("workspace", "board", "added"),
        ("grants", "report-purchases", "added"), ("grants", "workspace-board", "added"),
    ]  # fmt: skip


@pytest.mark.feature("COL-10")
def test_the_reference_of_rights_shows_each_kind_once(shop: object, cast: object, organization: object) -> None:
    from broadsheet.access.queries import system_actor
    from broadsheet.operations.definitions.apply import plan

    files = {f"{number}.yaml": text for number, text in enumerate(blocks("reference/access.md", "yaml"))}
    changes = plan(system_actor(organization.pk, via="cli"), files, now=NOW)  # type: ignore[attr-defined]
    assert [(one.kind, one.effect) for one in changes] == [
        (kind, "added") for kind in ("role", "contact", "team", "workspace", "grants")
    ]


def test_audiences_of_how_to_pages_are_valid() -> None:
    from broadsheet.schedules.definition import AudienceDefinition

    found = [yaml.safe_load(text) for text in blocks("how-to/burst-to-an-audience.md", "yaml")]
    audiences = [AudienceDefinition.model_validate(one["audience"]) for one in found if "audience" in one]
    assert [(one.dataset, len(one.people)) for one in audiences] == [("buyers", 0), ("", 2)]


def test_the_schedule_of_the_reference_is_valid() -> None:
    from broadsheet.core.document.loading import load
    from broadsheet.schedules.definition import schedule_from

    [text, *_] = blocks("reference/schedules.md", "yaml")
    [loaded] = load(text, file="page.yaml")
    assert schedule_from(loaded).policies.deadline_hours == 12
