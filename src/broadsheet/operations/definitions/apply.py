"""Plan, apply and export definition files: all of a call's files together or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from broadsheet.compliance.actions.record import record
from broadsheet.core.document.differences import difference
from broadsheet.core.document.loading import DefinitionError, Loaded, Problem, dump, load
from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import require
from broadsheet.sources.actions.breaking import Breaking, breaks, standing

from .kinds import KINDS, ORDER


@dataclass(frozen=True, slots=True)
class Change:
    """What one document does: ``effect`` is added, changed or same; ``difference`` is a unified diff of the texts."""

    kind: str
    name: str
    effect: str
    difference: str


def plan(actor: Actor, files: Mapping[str, str], *, now: datetime, force: bool = False) -> list[Change]:
    """What `apply` would change, without changing it. Raises DefinitionError with every problem of every file."""
    with transaction.atomic():
        changes = _apply(actor, files, now=now, force=force)
        transaction.set_rollback(True)
    return changes


@transaction.atomic
def apply(actor: Actor, files: Mapping[str, str], *, now: datetime, force: bool = False) -> list[Change]:
    """Make the organization what the files (name → text) say. What they do not name stays as it is. With *force* also where
    a dataset then lacks what reports, audiences or other datasets need.

    Raises DefinitionError, and changes nothing then.
    """
    changes = _apply(actor, files, now=now, force=force)
    counted = {effect: sum(one.effect == effect for one in changes) for effect in ("added", "changed")}
    if any(counted.values()):
        record(actor, "definitions.applied", ", ".join(files)[:200], now=now, **counted)
    return changes


def export(actor: Actor) -> dict[str, str]:
    """Every definition of the organization, as ``kind/name.yaml`` → text. Secrets are never among them."""
    return {f"{kind.name.removesuffix('s')}s/{name}.yaml": text for kind in KINDS for name, text in kind.texts(actor)}


def _apply(actor: Actor, files: Mapping[str, str], *, now: datetime, force: bool) -> list[Change]:
    require(actor, "definition.apply")
    documents, problems = _read(files)
    changes = []
    before = {(kind.name, name): text for kind in KINDS for name, text in kind.texts(actor)}
    stood = {} if force else standing(actor.organization_id, documents)
    for loaded in documents:
        kind = KINDS[ORDER[loaded.kind]]
        try:
            with transaction.atomic():
                effect = kind.save(actor, loaded, now=now)
        except DefinitionError as error:
            problems += error.problems
            continue
        old = before.get((loaded.kind, loaded.name), "")
        new = dump(loaded.kind, loaded.name, loaded.data)
        changes.append(Change(loaded.kind, loaded.name, effect, "" if effect == "same" else difference(old, new)))
    if problems:
        raise DefinitionError(problems)
    # Only now, since the files may mend what depends on a dataset together with it.
    broken = [one for loaded, before in stood.values() for one in breaks(actor, loaded, *before)]
    if broken:
        raise Breaking(broken)
    return changes


def _read(files: Mapping[str, str]) -> tuple[Sequence[Loaded], list[Problem]]:
    """All documents in the order of their kinds, and what cannot be read; a name that is there twice is a problem."""
    documents: list[Loaded] = []
    problems: list[Problem] = []
    for file, text in files.items():
        try:
            documents += load(text, file=file)
        except DefinitionError as error:
            problems += error.problems
    seen: dict[tuple[str, str], str] = {}
    for loaded in documents:
        first = seen.setdefault((loaded.kind, loaded.name), loaded.file)
        if first is not loaded.file:
            message = f"{loaded.kind} “{loaded.name}” is defined twice."
            problems.append(loaded.problem((), message, f"The first is in {first}. Keep one."))
    of_kind = ([one for one in documents if one.kind == kind.name] for kind in KINDS)
    return [one for kind, some in zip(KINDS, of_kind, strict=True) for one in kind.arranged(some)], problems
