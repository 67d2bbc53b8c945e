"""What a condition found, in a sentence: with its figures for who may see them, and without for everybody else."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import isfinite
from zoneinfo import ZoneInfo

from broadsheet.core.conditions import Answer, Judged
from broadsheet.core.document.dates import dates_for
from broadsheet.core.document.numbers import numbers_for
from broadsheet.core.document.tables import Column

from .figures import Figure
from .threshold_definition import OnlyIf

DECIMALS = {"integer": 0, "percent": 1}


def written(column: Column, value: float) -> str:
    """$41.20, 87.4 %, 12 h."""
    numbers, places = numbers_for("en"), column.decimals
    if column.kind == "percent":
        return numbers.percent(value, 1 if places is None else places)
    if column.kind == "money":
        return numbers.money(value, column.currency, places)
    if places is None:
        places = DECIMALS.get(column.kind, 0 if value == round(value) else 2)
    said = numbers.number(value, places)
    told = column.unit and column.unit.lower() in column.label.lower()  # “Leads was 12 leads” says it twice
    return said if told else f"{said} {column.unit}".rstrip()


def sentences(only_if: OnlyIf, found: Figure, judged: Judged | None, answer: Answer, *, zone: str) -> tuple[str, str]:
    """The sentence with its figures, and the one without. *judged* None: there was nothing to judge."""
    label, when = found.column.label, found.period.text(dates_for("en"))
    if judged is None:
        lacking = "There is no figure" if found.value is None else "There is too little to compare with"
        text = f"{lacking} of {label} for {when}"
        return f"{text}.", f"{text}."
    assert found.value is not None  # it was judged
    held = answer.alarm.alarmed and not judged.met  # between the limit and where it clears
    limit, plain = _limit(only_if, found, judged, held=held)
    after = _after(only_if, answer, zone=zone)
    if held and only_if.clears is not None and (only_if.change or only_if.anomaly):
        unit = " %" if only_if.change and only_if.change.unit == "percent" else ""
        after = f", and not back at {only_if.clears:g}{unit} yet{after}"
    full = f"{label} was {written(found.column, found.value)} for {when}, {limit}{after}."
    return full, f"{label} was {plain}{after}."


def failed(only_if: OnlyIf, error: str) -> str:
    """What there is to say where it could not be asked."""
    return f"“{only_if.metric}” could not be asked. {error}"


def _limit(only_if: OnlyIf, found: Figure, judged: Judged, *, held: bool) -> tuple[str, str]:
    """How the figure stands to the limit; with figures, and without."""
    nay = "" if judged.met else "not "
    if only_if.change is not None:
        return _change(only_if, found, judged)
    if only_if.anomaly is not None:
        score = f"a score of {_score(judged.measure)} against its history"
        plain = f"{'' if judged.met else 'not '}unusual"
        return f"{score}, {nay}beyond {only_if.anomaly.score:g}", plain
    if held and only_if.clears is not None:
        text = f"not back at {written(found.column, only_if.clears)} yet"
        return text, text
    pair = only_if.between or only_if.outside
    if pair is not None:
        low, high = (written(found.column, one) for one in pair)
        text = f"{nay}between {low} and {high}" if only_if.between else f"{nay}outside of {low} to {high}"
        return text, text
    limit = only_if.above if only_if.above is not None else only_if.below
    assert limit is not None  # one of the kinds is there
    text = f"{nay}{'above' if only_if.above is not None else 'below'} {written(found.column, limit)}"
    return text, text


def _change(only_if: OnlyIf, found: Figure, judged: Judged) -> tuple[str, str]:
    change = only_if.change
    assert change is not None and found.before is not None  # it was judged by them
    before = written(found.column, found.before)
    if change.unit == "percent":
        moved = (
            numbers_for("en").percent(judged.measure, 1, signed=True) if isfinite(judged.measure) else "from nothing"
        )
        least = f"{change.by:g} %"
    else:
        sign = "+" if judged.measure > 0 else ""
        moved, least = f"{sign}{written(found.column, judged.measure)}", written(found.column, change.by)
    way = {"up": "up", "down": "down", "any": "up or down"}[change.direction]
    # Only how much is said, not how much it is short of it: a change of 12 % that must be below 10 % does not exist.
    plain = f"{'' if judged.met else 'not '}{least} or more {way} on the period before"
    told = f"{moved} on {before} before" + ("" if judged.met else f", not {least} or more {way}")
    return told, plain


def _after(only_if: OnlyIf, answer: Answer, *, zone: str) -> str:
    match answer.because:
        case "in_a_row":
            return f"; {answer.alarm.in_a_row} of {only_if.in_a_row} in a row"
        case "cooling" if answer.alarm.fired_at is not None:
            over = answer.alarm.fired_at + timedelta(hours=only_if.cooldown_hours)
            return f"; a run went on at {_moment(answer.alarm.fired_at, zone)}, so none follows before {_moment(over, zone)}"
        case "still":
            return "; a run went on when that began"
    return ""


def _score(measure: float) -> str:
    return numbers_for("en").number(measure, 1) if isfinite(measure) else "more than can be said"


def _moment(at: datetime, zone: str) -> str:
    return dates_for("en").moment(at.astimezone(ZoneInfo(zone)))
