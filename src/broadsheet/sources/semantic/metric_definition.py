"""Metrics as dataset files define them: expressions, ratios, formulas, balances, and looks back; and what is wrong with
them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Literal

from pydantic import Field, model_validator
from sqlglot import exp

from broadsheet.core.document.definition.reading import Frozen, near
from broadsheet.core.document.loading import Loaded, Problem
from broadsheet.core.policy import Mask

from ..dataset import Earlier, Metric, Sensitivity, Taken
from ..errors import QueryRefused
from ..secured.guard import checked_expression
from .formula import Formula, FormulaError, is_sum, names_in, parsed, ratio

READER_KEYS = "reader."
HAVING = r"^((reader\.\w+|(role|team)\.[\w-]+))?$"  # an attribute, or what the organization made somebody
KINDS = ("expression", "ratio", "derived", "of")
BEFORE = re.compile(r"(\d{1,3}) (day|week|month|quarter|year)s?")
Grain = Literal["hour", "day", "week", "month", "quarter", "year"]
Kind = Literal["integer", "number", "money", "percent"]
_WRAPS = (exp.Paren, exp.Cast, exp.TryCast, exp.Coalesce, exp.Round)


class MetricSpec(Frozen):
    """What can be counted, summed or worked out: exactly one of expression, ratio, derived and of."""

    expression: str = Field("", examples=["count(*)", "sum(cost)", "count(distinct lead_id)"])
    """SQL over the query’s columns with an aggregate function."""
    ratio: tuple[str, ...] | None = Field(None, min_length=2, max_length=2, examples=[["accepted", "delivered"]])
    """One metric by another; no value where that is 0."""
    derived: str = Field("", examples=["revenue - cost"])
    """Names of other metrics and numbers with + - * / and brackets; no value where a part has none."""
    of: str = Field("", examples=["revenue"])
    """Look back: the metric that is compared with what it was `before`."""
    before: str = Field("previous", examples=["1 month", "1 year", "previous"])
    """With of: how long; previous: the group of time before, or a stretch as long as the one that is asked for."""
    as_: Literal["value", "change", "percent"] = Field("value", alias="as")
    """With of: its value then, the change since, or the change as a share of it."""
    over: Grain | None = None
    """With expression: a balance, added up over everything but time, at moments of this length."""
    take: Literal["last", "first", "max", "min"] = "last"
    """With over: which of a group’s moments counts."""
    label: str = ""
    kind: Kind | None = None
    """By default number; of: that metric’s own. percent values are fractions: 0.874 is 87.4 %."""
    unit: str = ""
    """Such as “leads” or “h”; percent and money have theirs."""
    decimals: int | None = Field(None, ge=0, le=6)
    better: Literal["", "up", "down"] = ""
    """Which way is better; empty: neither."""
    currency: str = Field("", pattern="^([A-Z]{3})?$")
    """ISO 4217 code; empty means the reader’s currency."""
    description: str = ""
    clear: str = Field("", pattern=HAVING, examples=["reader.sees_margin", "role.finance"])
    """Only readers whose attribute is true, or people with that role or team, get its value, and that of what is made of it; others get none."""
    sensitivity: Sensitivity | None = None
    """By default the dataset’s."""

    @model_validator(mode="after")
    def _one_way(self) -> MetricSpec:
        given = [name for name in KINDS if getattr(self, name)]
        if len(given) != 1:
            known = "expression, ratio, derived, of"
            raise ValueError(f"A metric has exactly one of {known}; this has {len(given)}. | Keep one of them.")
        if self.over and not self.expression:
            raise ValueError("“over” is for a metric with an expression. | Take it out.")
        if "take" in self.model_fields_set and not self.over:
            raise ValueError("“take” is for a balance. | Add “over: day”, or take it out.")
        if not self.of and self.model_fields_set & {"before", "as_"}:
            raise ValueError("“before” and “as” are for a metric that looks back. | Add “of:”, or take them out.")
        if self.before != "previous" and not BEFORE.fullmatch(self.before):
            raise ValueError(f"“{self.before}” is no time before. | Write 1 month, 1 year, 7 days or previous.")
        return self

    @property
    def formula(self) -> Formula | None:
        """What it is made of. Raises FormulaError."""
        if self.ratio is not None:
            return ratio(*self.ratio)
        return parsed(self.derived) if self.derived else None

    @property
    def earlier(self) -> Earlier | None:
        if not self.of:
            return None
        found = BEFORE.fullmatch(self.before)
        number, unit = (int(found[1]), found[2]) if found else (1, "previous")
        return Earlier(self.of, number, unit, self.as_)


Specs = Mapping[str, MetricSpec]


def metrics_of(specs: Specs, *, dialect: str, sensitivity: str) -> dict[str, Metric]:
    """The metrics that checked *specs* define. *sensitivity* is the dataset's."""
    return {name: _metric(name, specs, dialect=dialect, sensitivity=sensitivity) for name in specs}


def metric_problems(specs: Specs, loaded: Loaded, *, time: str) -> Iterator[Problem]:
    """Formulas that cannot be read, names that are not there, circles, and what needs a time."""
    sound: dict[str, tuple[str, ...]] = {}
    for name, spec in specs.items():
        try:
            parts = (spec.of,) if spec.of else names_in(spec.formula) if spec.formula is not None else ()
        except FormulaError as error:
            yield loaded.problem(("metrics", name, "derived"), str(error), error.fix)
            continue
        sound[name] = parts
        for part in parts:
            if part not in specs:
                key = "of" if spec.of else "ratio" if spec.ratio else "derived"
                yield loaded.problem(("metrics", name, key), f"There is no metric “{part}”.", near(part, specs))
        if (spec.over or spec.of) and not time:
            fix = "Name the dimension that is the dataset’s time: “time:”."
            yield loaded.problem(("metrics", name), "This needs to know what time is here.", fix)
    for name in sound:
        if _reaches(name, name, sound, set()):
            message = f"“{name}” is made of itself."
            yield loaded.problem(("metrics", name), message, "Make it of metrics that are not made of it.")
        elif specs[name].of and any(specs[part].of for part in _below(specs[name].of, sound, set()) if part in specs):
            message = f"“{specs[name].of}” looks back itself."
            yield loaded.problem(("metrics", name, "of"), message, "Name the metric that it looks back at.")


def _reaches(start: str, name: str, parts: Mapping[str, tuple[str, ...]], seen: set[str]) -> bool:
    for part in parts.get(name, ()):
        if part == start:
            return True
        if part not in seen:
            seen.add(part)
            if _reaches(start, part, parts, seen):
                return True
    return False


def _below(name: str, parts: Mapping[str, tuple[str, ...]], seen: set[str]) -> set[str]:
    if name not in seen:
        seen.add(name)
        for part in parts.get(name, ()):
            _below(part, parts, seen)
    return seen


def _metric(name: str, specs: Specs, *, dialect: str, sensitivity: str) -> Metric:
    spec = specs[name]
    shown = specs[spec.of] if spec.of and spec.as_ != "percent" else spec
    additive, zero = _adding(name, specs, dialect=dialect)
    kind = spec.kind or ("percent" if spec.as_ == "percent" and spec.of else shown.kind or "number")
    return Metric(
        name,
        spec.expression,
        spec.label or labelled(name),
        kind,
        spec.unit or (shown.unit if kind == shown.kind else ""),
        spec.decimals if spec.decimals is not None or kind != shown.kind else shown.decimals,
        spec.better,
        spec.currency or (shown.currency if kind == shown.kind else ""),
        spec.description,
        Mask("nothing", clear=spec.clear.removeprefix(READER_KEYS)) if spec.clear else None,
        spec.formula,
        spec.earlier,
        Taken(spec.over, spec.take) if spec.over else None,
        additive and kind != "percent",
        zero and kind != "percent",
        spec.sensitivity or sensitivity,
    )


def _adding(name: str, specs: Specs, *, dialect: str) -> tuple[bool, bool]:
    """Whether its values may be added up, and whether it is 0 where there are no rows."""
    spec = specs[name]
    if spec.expression:
        additive, zero = adding(spec.expression, dialect=dialect)
        return additive and not spec.over, zero and not spec.over
    if spec.of:
        additive, zero = _adding(spec.of, specs, dialect=dialect)
        return additive and spec.as_ != "percent", zero and spec.as_ != "percent"
    assert spec.formula is not None  # it has one of the four
    kinds = {part: _adding(part, specs, dialect=dialect) for part in names_in(spec.formula)}
    return (
        is_sum(spec.formula, lambda part: kinds[part][0]),
        is_sum(spec.formula, lambda part: kinds[part][1]),
    )


@lru_cache(maxsize=2048)
def adding(expression: str, *, dialect: str) -> tuple[bool, bool]:
    """Whether values of the aggregate *expression* may be added up, and whether it is 0 where there are no rows."""
    try:
        tree = checked_expression(expression, dialect=dialect)
    except QueryRefused:
        return False, False
    return _adds(tree, distinct=False), _adds(tree, distinct=True)


def _adds(tree: exp.Expr, *, distinct: bool) -> bool:
    """Whether *tree* is made of sums and counts by + and − alone; different values count too where *distinct* says so."""
    if isinstance(tree, (exp.Filter, *_WRAPS)):
        return _adds(tree.this, distinct=distinct)
    if isinstance(tree, exp.Count | exp.Sum | exp.CountIf):
        return distinct or not isinstance(tree.this, exp.Distinct)
    if isinstance(tree, exp.Add | exp.Sub):
        return _adds(tree.left, distinct=distinct) and _adds(tree.right, distinct=distinct)
    if isinstance(tree, exp.Mul):
        sides = [(tree.left, tree.right), (tree.right, tree.left)]
        return any(isinstance(one, exp.Literal) and _adds(other, distinct=distinct) for one, other in sides)
    return isinstance(tree, exp.Div) and isinstance(tree.right, exp.Literal) and _adds(tree.left, distinct=distinct)


def labelled(name: str) -> str:
    """What a name is called where its author says nothing."""
    return name.replace("_", " ").replace("-", " ").capitalize()
