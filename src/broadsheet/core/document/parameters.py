"""Parameters of a report: what was given becomes checked, typed values, for queries, keys and texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from broadsheet.core.policy import Reader

from .dates import dates_for
from .definition.parameters import ChoiceSpec, FlagSpec, NumberSpec, ParameterSpec, PeriodSpec, TextSpec
from .definition.reading import near
from .definition.report import ReportDefinition
from .numbers import numbers_for
from .periods import FIX, PLAIN, WORDS, Period, PeriodCalendars, PeriodError, parse
from .words import words_for

YES, NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0", "")

Given = str | float | bool | Period


@dataclass(frozen=True, slots=True)
class ParameterProblem:
    """One value that cannot be taken: the parameter's name, what is wrong, and how to mend it."""

    name: str
    message: str
    fix: str

    def __str__(self) -> str:
        return f"{self.name}: {self.message} {self.fix}".rstrip()


class ParameterError(ValueError):
    """Values that do not fit the parameters; carries every problem. Whoever gave them must mend them."""

    def __init__(self, problems: list[ParameterProblem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Parameters:
    """Checked values by name, for readers of one language.

    ``main`` is the name of the first period, or "". A choice of everything is the empty text.
    """

    values: Mapping[str, Given]
    language: str = "en"
    main: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)

    def period(self, name: str = "") -> Period | None:
        """The period *name*, or the first one; None if there is none."""
        found = self.values.get(name or self.main)
        return found if isinstance(found, Period) else None

    def key(self) -> str:
        """Stable text: equal values in equal zones give equal keys, whatever words they were given by."""
        return ";".join(f"{name}={_key(value)}" for name, value in sorted(self.values.items()))

    def texts(self) -> dict[str, str]:
        """Finished text of each placeholder: the values by name, and the parts of periods (``period.previous``)."""
        texts: dict[str, str] = {}
        for name, value in self.values.items():
            if isinstance(value, Period):
                texts |= _period_texts(name, value, language=self.language)
            else:
                texts[name] = self.labels.get(name) or str(value)
        return texts


@dataclass(frozen=True, slots=True)
class ParameterField:
    """One field of a form.

    ``kind`` as in the definition; ``choices`` are (value, label) pairs: all of a choice, the usual ones of a period;
    ``value`` is what the field holds now, as text that `resolve` takes; ``text`` how it reads; ``least`` and ``most``
    bound a number.
    """

    name: str
    label: str
    kind: str
    value: str
    text: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    least: float | None = None
    most: float | None = None


def resolve(
    definition: ReportDefinition,
    given: Mapping[str, str],
    *,
    reader: Reader,
    now: datetime,
    calendars: PeriodCalendars = PLAIN,
) -> Parameters:
    """The values of *definition*'s parameters: those *given*, else the defaults; periods as *reader* sees *now* (aware),
    by the fiscal years and business days of *calendars*.

    Raises ParameterError with every problem.
    """
    problems = [
        ParameterProblem(name, "The report has no such parameter.", near(name, definition.parameters))
        for name in given
        if name not in definition.parameters
    ]
    values: dict[str, Given] = {}
    for name, spec in definition.parameters.items():
        try:
            values[name] = _value(spec, given.get(name), reader=reader, now=now, calendars=calendars)
        except _Refused as refused:
            problems.append(ParameterProblem(name, refused.message, refused.fix))
    if problems:
        raise ParameterError(problems)
    labels = {name: _label(definition, name, value, language=reader.language) for name, value in values.items()}
    return Parameters(values, reader.language, definition.period or "", labels)


def parameter_fields(
    definition: ReportDefinition,
    *,
    reader: Reader,
    now: datetime,
    given: Mapping[str, str] | None = None,
    calendars: PeriodCalendars = PLAIN,
) -> tuple[ParameterField, ...]:
    """The fields of a form for *definition*'s parameters, filled with what is *given* or the defaults.

    A value that cannot be taken is shown as it was given.
    """
    given = given or {}
    fields = []
    for name, spec in definition.parameters.items():
        raw = given.get(name)
        try:
            value: Given = _value(spec, raw, reader=reader, now=now, calendars=calendars)
        except _Refused:
            value = str(raw)
        fields.append(_field(definition, name, spec, value, raw=raw, language=reader.language))
    return tuple(fields)


class _Refused(ValueError):
    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix


def _value(spec: ParameterSpec, raw: str | None, *, reader: Reader, now: datetime, calendars: PeriodCalendars) -> Given:
    match spec:
        case PeriodSpec():
            try:
                return parse(raw or spec.default, now=now, zone=reader.zone, calendars=calendars)
            except PeriodError as error:
                raise _Refused(str(error), FIX) from error
        case ChoiceSpec():
            return _choice(spec, spec.default if raw is None else raw)
        case NumberSpec():
            return _number(spec, raw)
        case TextSpec():
            text = spec.default if raw is None else raw
            if len(text) > spec.longest:
                raise _Refused(f"This text has {len(text)} characters.", f"At most {spec.longest} are taken.")
            return text
        case FlagSpec():
            if raw is None:
                return spec.default
            if raw.lower() not in (*YES, *NO):
                raise _Refused(f"“{raw}” is neither yes nor no.", "Write true or false.")
            return raw.lower() in YES


def _choice(spec: ChoiceSpec, raw: str) -> str:
    known = [choice.value for choice in spec.choices]
    if raw in known or (raw == "" and spec.everything):
        return raw
    if spec.everything and raw.lower() in ("all", spec.everything.lower()):
        return ""
    raise _Refused(f"“{raw}” is not a choice." if raw else "A choice is needed.", near(raw, known))


def _number(spec: NumberSpec, raw: str | None) -> float:
    try:
        number = spec.default if raw is None or raw == "" else float(raw)
    except ValueError as error:
        raise _Refused(f"“{raw}” is not a number.", "Write for instance 12.5.") from error
    low = spec.least is not None and number < spec.least
    if number != number or low or (spec.most is not None and number > spec.most):
        bounds = [f"at least {spec.least:g}"] if spec.least is not None else []
        bounds += [f"at most {spec.most:g}"] if spec.most is not None else []
        raise _Refused(f"{number:g} is out of bounds.", f"Write {' and '.join(bounds) or 'a number'}.")
    return number


def _key(value: Given) -> str:
    if isinstance(value, Period):
        label = f" {value.labels[0]}" if value.labels[0] else ""
        return f"{value.key}{'*' if value.to_date else ''}{label}@{value.zone}"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else value.replace("%", "%25").replace(";", "%3B")


def _period_texts(name: str, period: Period, *, language: str) -> dict[str, str]:
    dates, before = dates_for(language), period.previous()
    return {
        name: period.text(dates),
        f"{name}.range": period.range_text(dates),
        f"{name}.short": period.short(dates),
        f"{name}.key": period.key,
        f"{name}.days": str(period.days),
        f"{name}.previous": before.text(dates),
        f"{name}.previous.range": before.range_text(dates),
        f"{name}.previous.short": before.short(dates),
    }


def _label(definition: ReportDefinition, name: str, value: Given, *, language: str) -> str:
    spec = definition.parameters[name]
    translate = definition.translator(language)
    if isinstance(spec, ChoiceSpec):
        labels = {choice.value: choice.label or choice.value for choice in spec.choices}
        return translate(labels.get(str(value), spec.everything))
    if isinstance(spec, NumberSpec) and isinstance(value, float):
        decimals = 0 if value.is_integer() else 2
        return numbers_for(language).number(value, decimals)
    if isinstance(spec, FlagSpec):
        return words_for(language)["yes" if value else "no"]
    return ""


def _field(
    definition: ReportDefinition, name: str, spec: ParameterSpec, value: Given, *, raw: str | None, language: str
) -> ParameterField:
    translate = definition.translator(language)
    label = translate(spec.label or name.replace("_", " ").replace("-", " ").capitalize())
    text = value.text(dates_for(language)) if isinstance(value, Period) else str(value)
    match spec:
        case PeriodSpec():
            choices = tuple((word, word.capitalize()) for word in dict.fromkeys((spec.default, *WORDS)))
            return ParameterField(name, label, "period", raw or spec.default, text, choices)
        case ChoiceSpec():
            everything = (("", translate(spec.everything)),) if spec.everything else ()
            named = tuple((choice.value, translate(choice.label or choice.value)) for choice in spec.choices)
            return ParameterField(name, label, "choice", str(value), text, (*everything, *named))
        case NumberSpec():
            shown = f"{value:g}" if isinstance(value, float) else str(value)
            return ParameterField(name, label, "number", shown, text, least=spec.least, most=spec.most)
        case FlagSpec():
            return ParameterField(name, label, "flag", str(value).lower(), text)
        case _:
            return ParameterField(name, label, "text", text, text)
