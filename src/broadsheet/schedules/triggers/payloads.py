"""What a payload may be: one JSON object of bounded size and depth, that a database, a log and a page can hold."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from broadsheet.core.document.loading import UNKEPT

MOST_BYTES = 32 * 1024  # as JSON; what is larger belongs into the data, with its address in the payload
DEEPEST = 10  # levels
MOST_DIGITS = 30  # of a whole number; PostgreSQL would keep more, JavaScript and readers would not


class WrongPayload(ValueError):
    """The payload cannot be taken; the message says what is wrong and what may be sent."""


def checked(payload: Any) -> dict[str, Any]:
    """*payload*, when it may be kept. Raises WrongPayload."""
    if not isinstance(payload, Mapping):
        raise WrongPayload("The payload is not a JSON object. Send {…}.")
    _walk(payload)
    try:
        size = len(json.dumps(payload, ensure_ascii=False, allow_nan=False).encode())
    except (ValueError, TypeError) as error:
        raise WrongPayload("The payload holds something that is not JSON, such as NaN. Leave it out.") from error
    if size > MOST_BYTES:
        raise WrongPayload(
            f"The payload has {size:,} bytes; at most {MOST_BYTES:,} are taken. Send an address instead."
        )
    return dict(payload)


def read(text: str | bytes) -> dict[str, Any]:
    """The payload in a text; an empty one is {}. Raises WrongPayload."""
    if len(text) > 4 * MOST_BYTES:
        raise WrongPayload(f"The payload is over {MOST_BYTES:,} bytes. Send an address instead.")
    try:
        return checked(json.loads(text) if text.strip() else {})
    except WrongPayload:
        raise
    except (RecursionError, ValueError) as error:  # a number of thousands of digits is a ValueError, too
        raise WrongPayload("The payload is not JSON that can be read. Send one JSON object in UTF-8.") from error


def _walk(payload: Any) -> None:
    """Level by level, without recursion, however deep it goes."""
    level: list[Any] = [payload]
    for _ in range(DEEPEST):
        below: list[Any] = []
        for one in level:
            if isinstance(one, Mapping):
                below += [*one.keys(), *one.values()]
            elif isinstance(one, list):
                below += one
            else:
                _check(one)
        if not below:
            return
        level = below
    raise WrongPayload(f"The payload is nested over {DEEPEST} levels deep. Send it flatter.")


def _check(value: Any) -> None:
    if isinstance(value, str) and UNKEPT.search(value):
        raise WrongPayload("The payload holds a character that cannot be kept (NUL or a lone surrogate). Leave it out.")
    if isinstance(value, int) and abs(value) >= 10**MOST_DIGITS:
        raise WrongPayload(f"A number of the payload has over {MOST_DIGITS} digits. Send it as text.")
