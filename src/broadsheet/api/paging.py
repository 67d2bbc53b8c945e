"""Lists by the page: a cursor names the last row seen, so that rows which come meanwhile shift nothing."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from ninja import Field, Schema
from ninja.errors import ValidationError
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, ConfigDict

Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LARGEST_ID = 2**63 - 1


class Paging(Schema):
    """Which part of a list is asked for."""

    limit: int = Field(50, ge=1, le=500, description="At most so many.")
    cursor: str = Field("", max_length=2000, description="`next` of the page before; empty for the first.")


class Page(Schema, Generic[Item]):
    """Part of a list."""

    items: list[Item]
    next: str | None = Field(description="Send it as `cursor` for the next page; null on the last one.")


class Asked(Schema):
    """Base of every body: what is not known is refused, so that a misspelt key is never silently nothing."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


@dataclass(frozen=True, slots=True)
class Order:
    """One key of a list's order. ``path`` is the ORM's and is never null; ``read`` turns the cursor's text back."""

    path: str
    descending: bool = False
    read: Callable[[str], Any] = str


def _countable(value: datetime) -> datetime:
    if not 1980 <= value.year <= 2200:  # before, some zones had offsets with seconds, which RFC 3339 cannot say
        raise ValueError("must lie between the years 1980 and 2200")
    return value


def _written(value: object) -> object:
    if not isinstance(value, str) or "-" not in value[1:]:
        raise ValueError("must be written as 2026-11-23T09:00:00Z")  # and not as a number of seconds
    return value


def _dated(value: object) -> object:
    if not isinstance(value, str) or not DAY.fullmatch(value):
        raise ValueError("must be written as 2026-11-23")
    return value


def _of_our_time(value: date) -> date:
    if not 1980 <= value.year <= 2200:
        raise ValueError("must lie between the years 1980 and 2200")
    return value


Day = Annotated[date, BeforeValidator(_dated), AfterValidator(_of_our_time)]
Instant = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(_countable)]


def integer(text: str) -> int:
    """Raises ValueError for what no column holds."""
    number = int(text)
    if abs(number) > LARGEST_ID:
        raise ValueError("out of range")
    return number


def instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("no offset")
    return _countable(found)


def page(
    found: QuerySet[Row], paging: Paging, *, order: Sequence[Order], shape: Callable[[Row], Item]
) -> dict[str, object]:
    """The rows after the cursor, in *order*, whose last key is unique; a Page of their shapes."""
    ordered = found.order_by(*(f"-{key.path}" if key.descending else key.path for key in order))
    if paging.cursor:
        ordered = ordered.filter(_after(_read(paging.cursor, order), order))
    rows = list(ordered[: paging.limit + 1])
    more = len(rows) > paging.limit
    rows = rows[: paging.limit]
    return {"items": [shape(row) for row in rows], "next": _cursor(rows[-1], order) if more else None}


def _after(values: Sequence[Any], order: Sequence[Order]) -> Q:
    """Rows that come later: equal in the first keys, beyond in the next one."""
    later, equal = Q(), Q()
    for key, value in zip(order, values, strict=True):
        beyond = "lt" if key.descending else "gt"
        later |= equal & Q(**{f"{key.path}__{beyond}": value})
        equal &= Q(**{key.path: value})
    return later


def _cursor(row: Model, order: Sequence[Order]) -> str:
    values = []
    for key in order:
        value: Any = row
        for step in key.path.split("__"):
            value = getattr(value, step)
        values.append(value.isoformat() if isinstance(value, datetime) else str(value))
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _read(cursor: str, order: Sequence[Order]) -> list[Any]:
    try:
        values = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
        if "\0" in "".join(values):
            raise ValueError("NUL")
        return [key.read(value) for key, value in zip(order, values, strict=True)]
    except (ValueError, TypeError, binascii.Error, RecursionError, OverflowError) as error:
        wrong = {"loc": ["query", "cursor"], "msg": "This is no cursor of this list. Take `next` of the page before."}
        raise ValidationError([wrong]) from error
