"""The OpenAPI document, completed: error answers, permissions in words, and no more than one way to say a thing."""

from __future__ import annotations

from typing import Any

from .problems import MEDIA_TYPE, TITLES
from .telling import PERMISSIONS, STATUSES

ALWAYS = (400, 401, 403, 422, 429, 500)
PROBLEM = {
    "type": "object",
    "description": "What went wrong (RFC 9457), and how to mend it.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri", "examples": ["urn:broadsheet:problem:422"]},
        "title": {"type": "string", "examples": ["Cannot be taken as it is"]},
        "status": {"type": "integer", "examples": [422]},
        "detail": {"type": "string", "examples": ["1 to mend; nothing was changed."]},
        "fix": {"type": "string", "description": "What to do, where there is one thing to do."},
        "problems": {
            "type": "array",
            "description": "Single faults, in the order of the file or request.",
            "items": {
                "type": "object",
                "required": ["path", "message"],
                "properties": {
                    "file": {"type": "string"},
                    "line": {"type": "integer", "minimum": 1},
                    "path": {"type": "string", "examples": ["blocks.0.show"]},
                    "message": {"type": "string", "examples": ["“show” is missing."]},
                    "fix": {"type": "string", "examples": ["Add “show:”."]},
                },
            },
        },
    },
}


def told_whole(schema: Any) -> Any:
    """*schema* with what the framework does not say, in place."""
    components = schema["components"]
    components["schemas"]["Problem"] = PROBLEM
    components["responses"] = {f"Problem{status}": _answer(status) for status in TITLES}
    for path, methods in schema["paths"].items():
        for operation in methods.values():
            _complete(path, operation)
    return schema


def _answer(status: int) -> dict[str, Any]:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    found: dict[str, Any] = {"description": TITLES[status], "content": content}
    if status == 429:
        found["headers"] = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}, "required": True}}
    return found


def _complete(path: str, operation: dict[str, Any]) -> None:
    permissions, statuses = operation.get(PERMISSIONS, []), operation.pop(STATUSES, [])
    named = " and ".join(f"`{one}`" for one in permissions)
    needs = f"Needs {named}." if named else "Needs no permission, only to be known."
    operation["description"] = f"{operation.get('description', '').strip()}\n\n{needs}".strip()
    answers: dict[str, Any] = {}
    for status, told in operation["responses"].items():  # the framework's are numbers, ours are texts
        before = answers.get(str(status), {})
        content = {**before.get("content", {}), **told.get("content", {})}
        answers[str(status)] = {**before, **told, **({"content": content} if content else {})}
    also = [404] if "{" in path else []
    also += [413] if "requestBody" in operation else []
    for status in (*ALWAYS, *also, *statuses):
        answers.setdefault(str(status), {"$ref": f"#/components/responses/Problem{status}"})
    operation["responses"] = dict(sorted(answers.items()))
