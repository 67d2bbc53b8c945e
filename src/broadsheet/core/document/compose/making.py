"""What every part of a document is made with: the answers, the reader's way of writing, and where faults are noted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from math import isfinite
from zoneinfo import ZoneInfo

from broadsheet.core.document.dates import Dates, dates_for
from broadsheet.core.document.definition.data import DataRequest
from broadsheet.core.document.definition.report import ReportDefinition
from broadsheet.core.document.numbers import Numbers, numbers_for
from broadsheet.core.document.parameters import Parameters
from broadsheet.core.document.periods import Period
from broadsheet.core.document.placeholders import fill, headed, names_in, tidy, whole
from broadsheet.core.document.tables import Column, DataTable, Value
from broadsheet.core.document.words import words_for
from broadsheet.core.policy import Reader

from .asking import PREVIOUS, period_of, wanted

MISSING = "–"


@dataclass(frozen=True, slots=True)
class Context:
    """What surrounds the making of a document.

    ``made_at`` and ``data_to`` (the data's cut-off) are aware; ``version`` names the definition's, such as “v14”;
    ``confidentiality`` stands in the footer where the definition says nothing. ``stale``: the data is "old" and goes to
    ``data_to``, older than it should be; or "incomplete": not all of it had come; "": all is well.
    """

    organization: str
    made_at: datetime
    data_to: datetime
    version: str = ""
    confidentiality: str = ""
    stale: str = ""


@dataclass(slots=True)
class Making:
    """One document in the making.

    ``figure`` finds the text of a placeholder over data, None where it stands for nothing.
    ``problems`` collects what had to be left out, for people who keep the report.
    """

    definition: ReportDefinition
    parameters: Parameters
    answers: Mapping[str, DataTable]
    reader: Reader
    context: Context
    images: Mapping[str, bytes]
    figure: Callable[[Making, str], str | None]
    problems: list[str] = field(default_factory=list)
    numbers: Numbers = field(init=False)
    dates: Dates = field(init=False)
    words: Mapping[str, str] = field(init=False)
    translate: Callable[[str], str] = field(init=False)
    _texts: dict[str, str] = field(init=False)
    _mixed: bool = field(init=False, default=False)
    _names: dict[str, int] = field(init=False, default_factory=dict)
    _found: dict[str, str | None] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        language = self.reader.language
        self.numbers, self.dates, self.words = numbers_for(language), dates_for(language), words_for(language)
        self.translate = self.definition.translator(language)
        zone = ZoneInfo(self.reader.zone)
        self._texts = {
            **self.parameters.texts(),
            "report": self.definition.name,
            "organization": self.context.organization,
            "data_to": self.dates.moment(self.context.data_to.astimezone(zone), end=True),
            "reader.name": self.reader.name,
            "reader.address": self.reader.address,
            "reader.zone": self.reader.zone,
        }

    def table(self, name: str) -> DataTable | None:
        """The answer *name*; None if it failed, which is noted once."""
        found = self.answers.get(name)
        if found is None:
            problem = f"Data “{name}” could not be fetched."
            if problem not in self.problems:
                self.problems.append(problem)
        return found

    def request(self, name: str) -> DataRequest:
        """The request behind the data *name*. Raises KeyError for a name that `report_from` would have refused."""
        found = self.definition.request(name)
        if found is None:
            raise KeyError(name)
        return found

    def asked(self, name: str) -> bool:
        """Whether the request *name* is asked for the chosen period."""
        return wanted(self.definition, self.request(name), self.parameters)

    def period(self, name: str) -> Period | None:
        """The period of the data *name*; of a history, all of it."""
        request = self.request(name)
        period = period_of(self.definition, request, self.parameters)
        if period is not None and request.history and name not in self.definition.data:
            return period.history(request.history)
        return period

    def before(self, name: str) -> DataTable | None:
        """The answer for the period before, where *name* asks for it."""
        return self.table(f"{name}.{PREVIOUS}") if self.request(name).compare else None

    def versus(self, name: str) -> tuple[str, str]:
        """(“Sep”, “vs Sep”) for the period before that of *name*."""
        period = self.period(name)
        if period is None:
            return "", ""
        before = period.previous()
        short = before.short(self.dates)
        if short == period.short(self.dates):  # the same stretch of another year
            short = before.text(self.dates)
        return short, self.words["versus"].format(period=short)

    def currency(self, column: Column) -> str:
        """The ISO 4217 code of money of *column*: its own, else the reader's; "" where there is none.

        Who sees everybody's rows sees money of several currencies added up: it gets no sign, and that is noted once.
        """
        if column.currency or not self.reader.unrestricted:
            return column.currency or self.reader.currency or ""
        if not self._mixed:
            self._mixed = True
            self.problems.append(
                f"Money of several currencies may be added up here: “{self.translate(column.label)}” has no currency "
                "of its own. Look at the report as one recipient, or give the metric a currency."
            )
        return ""

    def named(self, name: str) -> str:
        """*name*, numbered from the second time on: formats file charts and tables by it."""
        count = self._names[name] = self._names.get(name, 0) + 1
        return name if count == 1 else f"{name}-{count}"

    def text(self, text: str, extra: Mapping[str, str] | None = None) -> str:
        """A text of the definition in the reader's language, its placeholders filled."""
        if not text:
            return ""
        extra = extra or {}
        return fill(self.translate(text), lambda name: extra[name] if name in extra else self.lookup(name))

    def title(self, text: str) -> str:
        """As `text`, without the figures that the reader lacks."""
        return headed(self.translate(text), self.lookup, lacks=self.without) if text else ""

    def line(self, text: str) -> str:
        """As `text`, without the commas of what the reader lacks."""
        return tidy(fill(self.translate(text), lambda name: "" if self.lacks(name) else self.lookup(name)))

    def sentences(self, text: str) -> str:
        """As `text`, without the sentences that speak of what the reader lacks."""
        return whole(self.translate(text), self.lookup, lacks=self.lacks) if text else ""

    def told(self, text: str) -> str:
        """As `text`, without the sentences whose figures the reader lacks."""
        return whole(self.translate(text), self.lookup, lacks=self.without) if text else ""

    def fact(self, text: str) -> str:
        """As `line`; nothing where the reader lacks all that it names."""
        names = list(names_in(self.translate(text)))
        return "" if names and all(map(self.lacks, names)) else self.line(text)

    def failed(self, name: str) -> bool:
        """Whether the data of the placeholder *name* could not be fetched."""
        data = name.partition(".")[0]
        return self.over_data(name) and self.asked(data) and self.table(data) is None

    def lacks(self, name: str) -> bool:
        """Whether the reader has nothing for the placeholder *name*, be it an attribute or a figure."""
        return self.lookup(name) == "" or self.without(name)

    def without(self, name: str) -> bool:
        """Whether *name* is a placeholder over data and there is no figure for it."""
        return self.over_data(name) and self.lookup(name) in ("", MISSING)

    def over_data(self, name: str) -> bool:
        """Whether *name* is a placeholder over data."""
        return name.partition(".")[0] in self.definition.data

    def lookup(self, name: str) -> str | None:
        """Finished text of a placeholder; None if it stands for nothing, which is noted."""
        if name in self._texts:
            return self._texts[name]
        if name.startswith("reader."):
            value = self.reader.attributes.get(name.removeprefix("reader."))
            return "" if value is None else str(value)
        if name not in self._found:
            self._found[name] = self.figure(self, name)
            if self._found[name] is None:
                self.problems.append(f"“{{{name}}}” stands for nothing.")
        return self._found[name]


def column_of(table: DataTable, name: str) -> Column:
    """The column *name* of *table*. Raises KeyError."""
    return table.columns[table.position(name)]


def number_of(value: Value) -> float | None:
    """*value* as a float, None for what is no number."""
    kind = type(value)  # asked for every figure of a report, and faster than isinstance
    if kind is int:
        return float(value)  # type: ignore[arg-type]
    if kind is not float and not isinstance(value, float | Decimal):
        return None
    number = float(value)  # type: ignore[arg-type]
    return number if isfinite(number) else None
