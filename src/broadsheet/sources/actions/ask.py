"""Ask the organization's datasets: many readers' questions, each dataset queried as seldom as its asks allow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from broadsheet.access.sealed import unseal
from broadsheet.core.document.tables import Ask, DataTable
from broadsheet.core.policy import Reader
from broadsheet.sources.answers import Question, answer
from broadsheet.sources.models import Source
from broadsheet.sources.ports import ENGINES, Connection, Limits
from broadsheet.sources.queries import definition_of, stored

LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Request:
    """*ask* for *reader*; ``key`` names the answer."""

    key: str
    ask: Ask
    reader: Reader


def answer_all(organization_id: int, requests: Sequence[Request], *, as_of: datetime) -> dict[str, DataTable]:
    """The answer to each request by its key; each reader gets the rows that the dataset's rules allow them.

    Raises the errors of `sources.errors`: Unreachable may be tried again, the others need a person.
    """
    groups: defaultdict[str, list[Request]] = defaultdict(list)
    for request in requests:
        groups[request.ask.dataset].append(request)
    answers: dict[str, DataTable] = {}
    for name, group in groups.items():
        dataset = stored(organization_id, name)
        with connection(dataset.source) as opened:
            answers |= answer(
                definition_of(dataset).dataset,
                [Question(one.key, one.ask, one.reader) for one in group],
                engine=ENGINES.get(dataset.source.engine),
                connection=opened,
                limits=LIMITS,
                as_of=as_of,
            )
    return answers


@contextmanager
def connection(source: Source) -> Iterator[Connection]:
    """An open, read-only connection to *source*. Raises Unreachable or QueryRefused."""
    secrets = unseal(source.sealed, purpose=purpose_of(source.organization_id, source.name))
    opened = ENGINES.get(source.engine).open(source.settings, secrets=secrets, limits=LIMITS)
    try:
        yield opened
    finally:
        opened.close()


def purpose_of(organization_id: int, name: str) -> str:
    """What a source's secrets are bound to."""
    return f"source:{organization_id}:{name}"
