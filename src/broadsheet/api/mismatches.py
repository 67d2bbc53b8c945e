"""What does not fit in a request, in the words that definition files get; pydantic's own are for programmers."""

from __future__ import annotations

from collections.abc import Mapping

# Kind (as pydantic names it) to message and fix; {key} is the last step of the path, others come from its context.
_SAID: dict[str, tuple[str, str]] = {
    "missing": ("“{key}” is missing.", "Add “{key}”."),
    "extra_forbidden": ("“{key}” is not known here.", "Take it out, or look at the spelling."),
    "string_type": ("This is not text.", "Write it in quotes."),
    "int_type": ("This is not a whole number.", "Write a whole number."),
    "int_parsing": ("This is not a whole number.", "Write a whole number."),
    "int_from_float": ("This is not a whole number.", "Write a whole number."),
    "float_type": ("This is not a number.", "Write a number."),
    "float_parsing": ("This is not a number.", "Write a number."),
    "bool_type": ("This is neither true nor false.", "Write true or false."),
    "bool_parsing": ("This is neither true nor false.", "Write true or false."),
    "list_type": ("This is not a list.", "Write a list, such as [one, two]."),
    "dict_type": ("This is not an object.", "Write an object, such as {{...}}."),
    "model_type": ("This is not an object.", "Write an object, such as {{...}}."),
    "model_attributes_type": ("This is not an object.", "Write an object, such as {{...}}."),
    "uuid_parsing": ("This is not an id.", "Copy it from the list."),
    "uuid_type": ("This is not an id.", "Copy it from the list."),
    "datetime_parsing": ("This is not an instant.", "Write it as 2026-11-23T09:00:00Z."),
    "datetime_from_date_parsing": ("This is not an instant.", "Write it as 2026-11-23T09:00:00Z."),
    "datetime_type": ("This is not an instant.", "Write it as 2026-11-23T09:00:00Z."),
    "timezone_aware": ("This instant has no offset.", "Write it as 2026-11-23T09:00:00Z."),
    "literal_error": ("This is not known here.", "Write one of {expected}."),
    "enum": ("This is not known here.", "Write one of {expected}."),
    "string_too_short": ("This is too short.", "Write at least {min_length} characters."),
    "string_too_long": ("This is too long.", "Write at most {max_length} characters."),
    "string_pattern_mismatch": ("This is not written as it must be.", "Write it as the pattern {pattern} says."),
    "too_short": ("These are too few.", "Give at least {min_length}."),
    "too_long": ("These are too many.", "Give at most {max_length}."),
    "greater_than": ("This is too small.", "Write more than {gt}."),
    "greater_than_equal": ("This is too small.", "Write {ge} or more."),
    "less_than": ("This is too large.", "Write less than {lt}."),
    "less_than_equal": ("This is too large.", "Write {le} or less."),
}


def mismatch(one: Mapping[str, object]) -> dict[str, object]:
    """*one* of pydantic's errors as path, message and fix."""
    place = one.get("loc")
    steps = [str(step) for step in place] if isinstance(place, list | tuple) else []
    steps = steps[2:] if steps[:1] == ["body"] else steps[1:]  # the second step is our argument's name
    message, fix = _words(one, key=steps[-1] if steps else "the body")
    return {"path": ".".join(steps), "message": message, "fix": fix}


def _words(one: Mapping[str, object], *, key: str) -> tuple[str, str]:
    kind, context = str(one.get("type", "")), one.get("ctx")
    if kind in _SAID:
        known = {**context, "key": key} if isinstance(context, Mapping) else {"key": key}
        message, fix = _SAID[kind]
        return message.format(**known), fix.format(**known)
    said = str(one.get("msg")).removeprefix("Value error, ").removeprefix("Assertion failed, ")
    message, _, fix = said.partition(" | ")
    if kind == "value_error" and message[:1].islower():  # our own validators go on from the key
        message = f"“{key}” {message}"
    return f"{message.rstrip('.')}.", fix
