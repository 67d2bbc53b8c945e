"""Whether rules on a source's tables can hold: their tables and columns are there, and its datasets can be secured."""

from __future__ import annotations

from collections.abc import Iterator

from broadsheet.core.document.definition.reading import near
from broadsheet.core.document.loading import DefinitionError, Loaded, Path, Problem
from broadsheet.sources.definitions import SourceDefinition
from broadsheet.sources.errors import QueryRefused, SourceError, UnknownName, Unreachable
from broadsheet.sources.models import Source
from broadsheet.sources.names import folded
from broadsheet.sources.ports import ENGINES, Connection
from broadsheet.sources.queries import datasets_of, definition_of
from broadsheet.sources.secured.securing import rules_of, secured

from .ask import connection

SCHEMA = "."


def table_problems(loaded: Loaded, definition: SourceDefinition, source: Source, *, tried: bool) -> list[Problem]:
    """*source* as it would be kept. A rule on a table that is not there would protect nothing, so it is refused; where the
    source does not answer now, too, unless the same rules were *tried* on it before."""
    if not definition.tables:
        return []
    problems = [*_schemas(loaded, definition), *_datasets(loaded, definition, source)]
    try:
        with connection(source) as opened:
            for name in definition.tables:
                problems += _table(loaded, definition, name, opened) if SCHEMA not in name else ()
    except Unreachable as error:
        if not tried:
            fix = "Make it answer first; a source whose secrets are not given yet is kept without rules until they are."
            problems.append(loaded.problem(("tables",), f"The rules could not be tried. {error}", fix))
    except SourceError as error:
        problems.append(loaded.problem(("tables",), "The rules could not be tried.", str(error)))
    return problems


def _schemas(loaded: Loaded, definition: SourceDefinition) -> Iterator[Problem]:
    """A query's tables are matched by their own name, in whichever schema they are."""
    for name in definition.tables:
        if SCHEMA in name:
            fix = "Name the table without its schema; the rule holds in every schema."
            yield loaded.problem(("tables", name), f"“{name}” is not a table's own name.", fix)


def _table(loaded: Loaded, definition: SourceDefinition, name: str, opened: Connection) -> Iterator[Problem]:
    engine = ENGINES.get(definition.engine)
    known = {folded(one): one for one in opened.tables()}
    there = known.get(folded(name))
    path: Path = ("tables", name)
    if there is None:
        fix = near(name, sorted(known.values()))
        yield loaded.problem(path, f"There is no table “{name}”.", fix)
        return
    rules = tuple(one.rule() for one in definition.tables[name].rows)
    for number, rule in enumerate(rules):
        found = secured(f'select * from "{there}"', rules_of({name: (rule,)}), engine=engine)
        try:
            opened.query(f"SELECT * FROM ({found.sql}) AS d LIMIT 0", (None,))
        except UnknownName:
            at = (*path, "rows", number, "column")
            yield loaded.problem(at, f"The table “{name}” has no column “{rule.column}”.", "Name one that it has.")


def _datasets(loaded: Loaded, definition: SourceDefinition, source: Source) -> Iterator[Problem]:
    """Datasets whose query cannot be secured; each would be refused when it is asked."""
    engine, rules = ENGINES.get(definition.engine), definition.rules()
    for dataset in datasets_of(source):
        try:
            secured(definition_of(dataset).dataset.sql, rules, engine=engine)
        except (QueryRefused, DefinitionError) as error:
            yield loaded.problem(
                ("tables",), f"The dataset “{dataset.name}” cannot be asked with these rules.", str(error)
            )
