"""The dataset that a source begins with, as whoever knows the other side's vocabulary would write it."""

from __future__ import annotations

from datetime import datetime

from broadsheet.core.document.loading import Loaded, dump, load
from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import require
from broadsheet.sources.models import StoredDataset

from .save import Change, save_dataset
from .sync import copied


def starter_of(actor: Actor, source: str) -> Loaded:
    """Its definition, which nothing is kept of. Raises Refused, UnknownSource, QueryRefused as `copied` does."""
    require(actor, "source.read")
    found, engine = copied(actor, source)
    starter = engine.starter(found.settings, source=found.name)
    body = {key: value for key, value in starter.data.items() if key != "dataset"}
    [loaded] = load(dump("dataset", starter.name, body), file="starter")
    return loaded


def make_starter(actor: Actor, source: str, *, now: datetime) -> tuple[Loaded, Change]:
    """Keep it as a dataset, unless one of that name is there: what people have made of it stays. Raises as `starter_of`
    and `save_dataset` do."""
    require(actor, "source.edit")
    loaded = starter_of(actor, source)
    if StoredDataset.objects.filter(organization_id=actor.organization_id, name=loaded.name).exists():
        return loaded, "same"
    return loaded, save_dataset(actor, loaded, now=now)
