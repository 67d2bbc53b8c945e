"""What a schedule's definition says of events, calls and milestones that start it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import (
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    field_validator,
    model_validator,
)
from pydantic_core import core_schema

from broadsheet.core.document.definition.reading import Frozen, Words, near

Scalar = StrictStr | StrictBool | StrictInt | StrictFloat
PATH = re.compile(r"[^\s.]+(\.[^\s.]+){0,9}")
EVENT_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*(\.[a-z0-9][a-z0-9_-]*)*")
DAY_SECONDS = 86_400
NAME_FIX = "Use small letters, digits, “-” and “_”, with full stops between parts, such as import.finished."


class Comparison(Frozen):
    """What a field of a payload must be; all that is said must hold. A field that is not there fulfils ``present: false``
    and nothing else."""

    above: int | float | None = None
    at_least: int | float | None = None
    below: int | float | None = None
    at_most: int | float | None = None
    is_not: Scalar | list[Scalar] | None = Field(None, alias="not")
    """A value, or several, that it must not be."""
    present: bool | None = None
    """Whether the field must be there and not null."""


Condition = Scalar | list[Scalar] | Comparison
BOUNDS = ("above", "at_least", "below", "at_most")
COMPARISONS = (*BOUNDS, "not", "present")


def _check_condition(path: str, condition: object) -> None:
    """Raises ValueError in words, where the union of what a condition may be would say six things at once."""
    if isinstance(condition, Mapping):
        unknown = next((str(key) for key in condition if key not in COMPARISONS), "")
        if unknown or not condition:
            raise ValueError(f"“{path}” is compared by “{unknown}”, which is nothing. | {near(unknown, COMPARISONS)}")
        for key in BOUNDS:
            if not isinstance(condition.get(key, 0), int | float) or isinstance(condition.get(key), bool):
                raise ValueError(f"“{key}” of “{path}” is no number. | Write a number.")
        if not isinstance(condition.get("present", True), bool):
            raise ValueError(f"“present” of “{path}” is neither yes nor no. | Write true or false.")
        condition = condition.get("not", "")
    found = condition if isinstance(condition, list) else [condition]
    if not found or not all(isinstance(one, str | bool | int | float) for one in found):
        raise ValueError(
            f"“{path}” is compared with what is no text, number, or yes or no. | Write one of these, or several as a list."
        )


class Trigger(Frozen):
    """What events and calls have in common. Waits are in seconds; both they and ``cool_down_seconds`` count apart for each
    set of parameters, so that the import of one source does not keep the report of another from starting."""

    where: dict[str, Condition] = Field(
        default_factory=dict, examples=[{"source.country": ["US", "CA"], "rows": {"at_least": 1}}]
    )
    """Fields of the payload, by their path, and what they must be: a value, a list of values, or a comparison."""
    given: dict[str, str] = Field(default_factory=dict, alias="with", examples=[{"source": "source.name"}])
    """Parameters of the report, each with the path of the payload's field that gives its value."""
    delay_seconds: int | float = Field(0, ge=0, le=31 * DAY_SECONDS)
    """The run begins so long after."""
    debounce_seconds: int | float = Field(0, ge=0, le=DAY_SECONDS)
    """The run begins when no further one has come for so long; at the latest after ten times that."""
    cool_down_seconds: int | float = Field(0, ge=0, le=366 * DAY_SECONDS)
    """After a run was started, others are left out for so long."""

    @field_validator("where", mode="before")
    @classmethod
    def _conditions(cls, value: object) -> object:
        for path, condition in value.items() if isinstance(value, Mapping) else ():
            _check_condition(str(path), condition)
        return value

    @field_validator("where", "given")
    @classmethod
    def _paths(cls, value: dict[str, Any], info: Any) -> dict[str, Any]:
        for path in value if info.field_name == "where" else value.values():
            if not PATH.fullmatch(path):
                raise ValueError(f"“{path}” is no path of a field. | Write names with full stops between: source.name.")
        return value

    @model_validator(mode="after")
    def _one_wait(self) -> Trigger:
        if self.delay_seconds and self.debounce_seconds:
            raise ValueError("A delay and a debounce are two ways to wait. | Write one of the two.")
        return self


class OnEvent(Trigger):
    """Events of this name start the schedule."""

    event: str = Field(examples=["import.finished"], max_length=100)

    @field_validator("event")
    @classmethod
    def _named(cls, value: str) -> str:
        if not EVENT_NAME.fullmatch(value):
            raise ValueError(f"“{value}” is no name of an event. | {NAME_FIX}")
        return value


class OnCall(Trigger):
    """Signed calls to the schedule's trigger address start it. Without ``with``, the call's own ``with`` gives parameters."""


class OneOrMany:
    """A mapping, or a list of them; kept as a list."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(_listed, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        many = handler(schema)
        return {"anyOf": [many["items"], {**many, "minItems": 1}]}


def _listed(value: object) -> object:
    return [value] if isinstance(value, Mapping) else value


class MilestoneDefinition(Frozen):
    """A metric that reaches a mark for the first time starts the schedule once, ever."""

    dataset: str
    metric: str
    reaches: int | float
    """The mark: the schedule starts when the metric is this much or more."""
    over: Words = Field("", examples=["this month", "this year"])
    """The period whose figure counts, such as “this month”; else all that there is."""
    since: date | None = None
    """Or everything from this day on."""
    where: dict[str, str | bool | int | float] = Field(default_factory=dict)
    """Dimensions of the dataset, and what they must be."""
    every_minutes: int | float = Field(15, ge=1, le=1440)
    """How often it is looked at."""

    @model_validator(mode="after")
    def _one_span(self) -> MilestoneDefinition:
        if self.over and self.since:
            raise ValueError(
                "“over” and “since” are two spans. | Write one of the two, or neither for all that there is."
            )
        return self

    def fingerprint(self) -> str:
        """What tells this mark from others: all but how often it is looked at."""
        plain = {**self.model_dump(mode="json", exclude={"every_minutes"}), "reaches": float(self.reaches)}
        return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()
