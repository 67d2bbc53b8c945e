"""Who may change the rules on sources' tables, or go around them: whoever holds `source.rules`.

Rules hold against those who write datasets, so the same people may neither take them away nor read the data by another
way: through a source elsewhere, a second source over the same data, or a dataset that leaves a source with rules.
"""

from __future__ import annotations

from broadsheet.core.policy import Actor, may
from broadsheet.core.policy.roles import Decision, Refused
from broadsheet.sources.definitions import SourceDefinition
from broadsheet.sources.models import Source, StoredDataset
from broadsheet.sources.queries import datasets, source_definition

PERMISSION = "source.rules"


def may_place(actor: Actor) -> bool:
    """Whether *actor* may add sources and change where one lives; without rules anywhere, `source.edit` is enough."""
    return bool(may(actor, PERMISSION)) or not ruled(actor.organization_id)


def ruled(organization_id: int) -> bool:
    """Whether any source of the organization has rules on its tables."""
    likely = Source.objects.filter(organization_id=organization_id, definition__contains="tables:")
    return any(source_definition(one).tables for one in likely)


def elsewhere(found: Source | None, definition: SourceDefinition) -> bool:
    """Whether *definition* is a new source, or reads from another place than *found* does."""
    return found is None or (found.engine, found.settings) != (definition.engine, dict(definition.settings))


def may_read_from(actor: Actor, source: Source) -> bool:
    """Whether *actor* may write queries over *source*: all of them by their role, else those of the datasets that they may
    edit. A role on one dataset must not open every source."""
    return bool(may(actor, "source.edit")) or datasets(actor, "source.edit").filter(source=source).exists()


def require_for_source(actor: Actor, found: Source | None, definition: SourceDefinition) -> None:
    """Raise Refused unless *actor* may make *found* (None: there is none yet) what *definition* says."""
    if _rules(found) != definition.rules():
        _require(actor, "It changes who sees which rows of a table.")
    if elsewhere(found, definition) and ruled(actor.organization_id):
        _require(
            actor, "Sources here have rules on their tables, and another way to the same data would go around them."
        )


def require_for_dataset(actor: Actor, name: str, source: Source) -> None:
    """Raise Refused unless *actor* may have the dataset *name* read from *source*."""
    mine = StoredDataset.objects.filter(organization_id=actor.organization_id, name=name).select_related("source")
    found = mine.exclude(source=source).first()
    if found is not None and _rules(found.source):
        _require(actor, f"The dataset “{name}” would leave “{found.source.name}”, which has rules on its tables.")


def _rules(source: Source | None) -> object:
    return () if source is None else source_definition(source).rules()


def _require(actor: Actor, why: str) -> None:
    decision = may(actor, PERMISSION)
    if not decision:
        raise Refused(Decision(False, f"{why} {decision.reason}"))
