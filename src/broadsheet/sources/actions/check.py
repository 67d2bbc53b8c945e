"""Try a source's connection and keep the verdict."""

from __future__ import annotations

from datetime import datetime

from broadsheet.access.sealed import unseal
from broadsheet.compliance.actions.record import record
from broadsheet.core.document.loading import load
from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import require
from broadsheet.sources.copies import located
from broadsheet.sources.copying import copying
from broadsheet.sources.definitions import source_from
from broadsheet.sources.errors import SourceError, UnknownSource
from broadsheet.sources.models import Source

from .ask import connection, purpose_of
from .check_tables import table_problems


def check_source(actor: Actor, name: str, *, now: datetime) -> Source:
    """The source with its fresh verdict. Raises UnknownSource for a name that is not there."""
    require(actor, "source.edit")
    source = Source.objects.filter(organization_id=actor.organization_id, name=name).first()
    if source is None:
        raise UnknownSource(f"There is no source “{name}”. Look at the list of sources.")
    try:
        said = _tried_out(source)
        with connection(source) as opened:
            tables, notes = opened.tables(), opened.notes()
        said = f"{said} {len(tables)} {'table' if len(tables) == 1 else 'tables'}: {', '.join(tables[:12])}."
        source.ok, source.verdict = True, " ".join([said, *notes])
        if problems := _rules_problems(source):
            source.ok, source.verdict = False, f"It answers, but its rules on tables do not hold. {' '.join(problems)}"
    except SourceError as error:
        error.logged(action="check", organization=actor.organization_id, source=name)
        source.ok, source.verdict = False, str(error)
    source.checked_at = now
    source.save(update_fields=["ok", "verdict", "checked_at"])
    record(actor, "source.checked", name, now=now, ok=source.ok)
    return source


def _tried_out(source: Source) -> str:
    """What the other side said, where the source is a copy of what is there: the copy itself always answers."""
    engine = copying(source.engine)
    if engine is None:
        return "It answers;"
    secrets = unseal(source.sealed, purpose=purpose_of(source.organization_id, source.name))
    return engine.try_out(located(source), secrets=secrets)


def _rules_problems(source: Source) -> list[str]:
    """What is wrong with its rules in sentences; a table may have gone, or come under another name, since they were kept."""
    [loaded] = load(source.definition, file=f"source {source.name}")
    problems = table_problems(loaded, source_from(loaded), source, tried=False)
    return [f"{one.message} {one.fix}".strip() for one in problems]
