"""Whether somebody may have an audience read from a dataset: it is asked for everybody's rows, unmasked, and its names and
addresses stand in the ledger. So who may not see all rows takes it from what shows them all of it anyway."""

from __future__ import annotations

from collections.abc import Iterable

from broadsheet.core.policy import Actor, Reader, may
from broadsheet.core.policy.roles import unscoped
from broadsheet.schedules.definition import AudienceDefinition
from broadsheet.sources import queries as sources
from broadsheet.sources.models import StoredDataset

OWN_ROWS = "shows everybody their own rows, and you may not see all rows."


def columns_of(audience: AudienceDefinition) -> tuple[str, ...]:
    """The columns that an audience takes from its dataset, each once."""
    return tuple(dict.fromkeys([*audience.fields().columns(), *audience.where]))


def kept_back(actor: Actor, stored: StoredDataset, columns: Iterable[str]) -> str:
    """Why *actor* may not take *columns* of the dataset for an audience, as a sentence; empty where they may."""
    if may(unscoped(actor), "data.all"):
        return ""
    dataset = sources.definition_of(stored).dataset
    reader = Reader("", "", attributes=dict(actor.attributes))
    rules = [*dataset.rows, *(rule for _table, rule in sources.inner_rules(stored))]
    if dataset.smallest is not None or any(rule.holds_for(reader) for rule in rules):
        return f"“{stored.name}” {OWN_ROWS}"
    hidden = sorted(dataset.hidden_from(reader).intersection(columns))
    return (
        f"“{hidden[0]}” of “{stored.name}” is masked for you, and would stand clear in an audience." if hidden else ""
    )
