"""Say how many runs may go on at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.db import transaction

from broadsheet.compliance.actions.record import record
from broadsheet.core.document.definition.reading import near
from broadsheet.core.document.loading import DefinitionError, Loaded
from broadsheet.core.policy import Actor, require
from broadsheet.runs.limits_definition import NAME, limits_from
from broadsheet.runs.models import Limits
from broadsheet.runs.told_sources import told_sources
from broadsheet.sources import queries as sources


def limits_of(actor: Actor) -> dict[str, Any]:
    """What counts in the organization, as its definition writes it: empty where nothing is limited. Sources that *actor* is not
    to know of are left out; who sets limits knows of all. Raises Refused."""
    require(actor, "delivery.read")
    found = Limits.objects.filter(organization_id=actor.organization_id).first()
    if found is None:
        return {}
    if found.sources:
        told = told_sources(actor)
        found.sources = {name: most for name, most in found.sources.items() if name in told}
    return _data(found)


@transaction.atomic
def save_limits(actor: Actor, loaded: Loaded, *, now: datetime) -> Literal["added", "changed", "same"]:
    """The organization's limits as *loaded* says; what goes on already goes on. Raises DefinitionError, Refused."""
    require(actor, "operation.steer")
    wanted = limits_from(loaded)
    problems = [] if loaded.name == NAME else [
        loaded.problem(("limits",), f"There are limits of the organization alone, not of “{loaded.name}”.", f"Write “limits: {NAME}”.")
    ]  # fmt: skip
    known = list(sources.sources(actor).values_list("name", flat=True))
    found = Limits.objects.filter(organization_id=actor.organization_id).first()
    before = _data(found) if found else {}
    for name in wanted.sources.keys() - set(known) - before.get("sources", {}).keys():
        problems.append(loaded.problem(("sources", name), f"There is no source “{name}”.", near(name, known)))
    if problems:
        raise DefinitionError(problems)
    mine, _ = Limits.objects.select_for_update().get_or_create(organization_id=actor.organization_id)
    mine.runs, mine.sources = wanted.runs, dict(sorted(wanted.sources.items()))
    after = _data(mine)
    if before == after:
        return "same"
    mine.save()
    record(actor, "limits.saved", NAME, now=now, before=before, after=after)
    return "changed" if before else "added"


def limit_installation(runs: int | None) -> None:
    """How many runs may go on at once in the whole installation; None: as many as there are workers for. For whoever runs
    commands on its machine."""
    Limits.objects.update_or_create(organization=None, defaults={"runs": runs})


def installation_limit() -> int | None:
    """As `limit_installation` set it."""
    return Limits.objects.filter(organization=None).values_list("runs", flat=True).first()


def _data(found: Limits) -> dict[str, Any]:
    said = {"runs": found.runs, "sources": found.sources}
    return {name: value for name, value in said.items() if value}
