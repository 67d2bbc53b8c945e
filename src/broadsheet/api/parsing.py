"""Reading bodies and query strings: what a database, a log or a page should never meet is refused at the door."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser

DEEPEST = 40  # levels, as in definition files


class StrictParser(Parser):
    """JSON as RFC 8259 has it: no NaN, no endless nesting; text without NUL and lone surrogates."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        found = json.loads(request.body.decode("utf-8"), parse_constant=_refuse)
        _check(found)
        if not isinstance(found, dict):
            raise HttpError(400, "The body is not a JSON object.")
        return found

    def parse_querydict(
        self, data: MultiValueDict[str, str], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        for name, values in data.lists():
            if any(not _clean(text) for text in (name, *values)):
                raise ValidationError([{"loc": ["query", "?"], "msg": "Text holds a character that cannot be kept."}])
        return super().parse_querydict(data, list_fields, request)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _check(found: object) -> None:
    """Raises ValueError, which the caller answers with 400. Walks without recursion, however deep it goes."""
    level: list[object] = [found]
    for _ in range(DEEPEST):
        below: list[object] = []
        for one in level:
            if isinstance(one, dict):
                below += [*one.keys(), *one.values()]
            elif isinstance(one, list):
                below += one
            elif isinstance(one, str) and not _clean(one):
                raise ValueError("text holds NUL or a lone surrogate")
            elif isinstance(one, float) and one in (float("inf"), float("-inf")):
                raise ValueError("a number is too large")
        if not below:
            return
        level = below
    raise ValueError("nested too deeply")


def _clean(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= mark <= "\udfff" for mark in text)
