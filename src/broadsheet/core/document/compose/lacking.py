"""What is said to a reader for whom there is nothing: in place of prose, and in place of rows."""

from __future__ import annotations

from collections.abc import Iterable

from broadsheet.core.document.tables import DataTable

from .making import Making, number_of


def empty_text(making: Making, name: str, said: str) -> str:
    """What stands in place of the rows of the data *name*: *said*, its author's words, or the neutral ones.

    The author's words (“Every lead was accepted.”) hold only for a reader who has data at all, which is seen in the
    requests of the same dataset that have no conditions, or else in all the others.
    """
    dataset = making.request(name).dataset
    own = name.partition(".")[0]
    others = {key: one for key, one in making.definition.data.items() if key != own and making.asked(key)}
    alike = [key for key, one in others.items() if one.dataset == dataset and not one.where]
    witnesses = alike or list(others)
    known = not witnesses or any(_speaks(making, key) for key in witnesses)
    return (making.told(said) if known else "") or making.words["no_rows"]


def nothing_said(making: Making, names: Iterable[str]) -> str:
    """The sentence in place of prose over the placeholders *names*; "" where there are figures that it left aside."""
    data = {name.partition(".")[0] for name in names}
    asked = [name for name in sorted(data & set(making.definition.data)) if making.asked(name)]
    if any(making.table(name) is None for name in asked):
        return making.words["failed"]
    if not asked or any(_speaks(making, name) for name in asked):
        return ""
    period = next((period for name in asked if (period := making.period(name)) is not None), None)
    return making.words["nothing"].format(period=period.text(making.dates)) if period else making.words["no_rows"]


def _speaks(making: Making, name: str) -> bool:
    """Whether the answer *name* holds anything: a row of a group, or a figure other than 0."""
    table: DataTable | None = making.answers.get(name)
    if table is None or not table.rows:
        return False
    return bool(making.request(name).by) or any(number_of(value) for value in table.rows[0])
