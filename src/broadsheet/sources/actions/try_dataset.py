"""Ask a dataset's source whether it has what the dataset names, and for one row."""

from __future__ import annotations

import time
from datetime import datetime

from broadsheet.core.document.definition.reading import near
from broadsheet.core.document.loading import Loaded, Problem
from broadsheet.core.policy import Actor
from broadsheet.sources.compile import probe
from broadsheet.sources.definitions import DatasetDefinition
from broadsheet.sources.errors import SourceError, Unreachable
from broadsheet.sources.models import Source, StoredDataset
from broadsheet.sources.naming import unknown_names
from broadsheet.sources.ports import ENGINES
from broadsheet.sources.queries import definition_of, require_on

from .ask import connection

AWAY_SECONDS = 60.0  # a source that kept us waiting in vain is not asked again so soon, unless it was changed
LONG_SECONDS = 1.0  # what is refused sooner costs nothing to ask again
_away: dict[tuple[int, datetime], float] = {}  # source and when it was last saved: until when it is left alone


def name_problems(loaded: Loaded, definition: DatasetDefinition, source: Source) -> list[Problem]:
    """Columns and tables that *definition* names and *source* does not have; none where it does not answer now."""
    state, begun = (source.pk, source.updated_at), time.monotonic()
    if _away.get(state, 0.0) > begun:
        return []
    try:
        with connection(source) as opened:
            found = unknown_names(definition, engine=ENGINES.get(source.engine), connection=opened)
    except Unreachable:
        if time.monotonic() - begun > LONG_SECONDS:
            _away[state] = time.monotonic() + AWAY_SECONDS
        return []
    except SourceError:
        return []
    return [loaded.problem(one.path, one.message, near(one.name, one.there)) for one in found]


def try_dataset(actor: Actor, dataset: StoredDataset) -> str:
    """What is wrong with it in a sentence; empty when it gives a row and has all that it names. Raises Refused."""
    require_on(actor, "source.edit", dataset)
    definition, engine = definition_of(dataset), ENGINES.get(dataset.source.engine)
    try:
        with connection(dataset.source) as opened:
            found = unknown_names(definition, engine=engine, connection=opened)
            if found:
                return f"{found[0].message} {near(found[0].name, found[0].there)}"
            opened.query(probe(definition.dataset, engine=engine, limit=1), ())
    except SourceError as error:
        error.logged(action="try", organization=dataset.organization_id, dataset=dataset.name)
        return str(error)
    return ""
