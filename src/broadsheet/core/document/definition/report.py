"""A report as it is written: parameters, data, blocks, and how its texts read in other languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from pydantic import Field

from .blocks import Block, ColumnsBlock
from .data import By, DataRequest
from .parameters import ParameterSpec, PeriodSpec
from .reading import Frozen

HISTORY = ".history"
PAST = By(dimension="period")  # the column that tells a history's periods apart


class FactSpec(Frozen):
    """A line of the title block's list."""

    label: str
    value: str


class ReportDefinition(Frozen):
    """A report. Nothing in it is ever evaluated: placeholders are replaced by finished text."""

    name: str
    title: str = Field(examples=["Buyer performance"])
    subtitle: str = Field("", examples=["{reader.buyer}, {reader.place} · {period}"])
    """A line under the title. What a reader lacks is left out with its comma."""
    description: str = ""
    """For the people who keep it; readers do not see it."""
    prepared_for: str = "{reader.name}"
    """First line of the facts."""
    confidentiality: str = ""
    """Stands in the footer, such as “Confidential: for {reader.buyer} only”."""
    facts: tuple[FactSpec, ...] = ()
    """Further lines of the facts, after the usual ones."""
    cover: bool = False
    """A page of its own for the title."""
    contents: bool = False
    """A list of contents; useful from six pages."""
    filename: str = Field("", examples=["{report}-{period.key}"])
    """Name of files without ending; by default the report’s and the period’s. Odd signs become hyphens."""
    parameters: Mapping[str, ParameterSpec] = Field(default_factory=dict)
    """By name; text refers to them as {name}."""
    data: Mapping[str, DataRequest] = Field(default_factory=dict)
    """Questions to datasets, by the name that blocks refer to."""
    blocks: tuple[Block, ...] = Field(min_length=1)
    """What is shown, from top to bottom."""
    translations: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)
    """By language (de, ja, pt-BR): each text of the report or its datasets, and how it reads there."""

    @property
    def period(self) -> str | None:
        """Name of the first period parameter."""
        return next((name for name, spec in self.parameters.items() if isinstance(spec, PeriodSpec)), None)

    def period_of(self, request: DataRequest) -> str | None:
        """Name of the period parameter that *request* is bound to; None asks of all times."""
        if request.period == "none":
            return None
        return request.period or self.period

    def request(self, name: str) -> DataRequest | None:
        """The request behind the data *name*: itself, or for ``name.history`` its figures by period."""
        request = self.data.get(name.removesuffix(HISTORY))
        if request is None or not name.endswith(HISTORY):
            return request
        return request.model_copy(update={"compare": False, "by": (PAST, *request.by)}) if request.history else None

    @property
    def sources(self) -> list[str]:
        """Every name that a chart or table may take its data from."""
        return [*self.data, *(f"{name}{HISTORY}" for name, request in self.data.items() if request.history)]

    def translator(self, language: str) -> Callable[[str], str]:
        """How texts read in *language* (BCP 47): by its exact tag, then by its language; unknown ones stay as they are."""
        texts = {
            **self.translations.get(language.split("-")[0], {}),
            **self.translations.get(language, {}),
        }
        return lambda text: texts.get(text, text)

    def walk(self) -> Iterator[tuple[tuple[str | int, ...], Block]]:
        """Every block with its path in the file, columns' blocks included."""
        yield from _walk(self.blocks, ("blocks",))


def _walk(blocks: tuple[Block, ...], path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Block]]:
    for index, block in enumerate(blocks):
        yield (*path, index), block
        if isinstance(block, ColumnsBlock):
            for number, part in enumerate(block.columns):
                yield from _walk(part.blocks, (*path, index, "columns", number, "blocks"))
