"""Definitions as people type them: exactly one document of the kind and name that are being edited."""

from __future__ import annotations

from typing import Any

from broadsheet.core.document.loading import DefinitionError, Loaded, Problem, load

LONGEST = 500_000  # characters


def one_document(text: str, *, kind: str, name: str = "") -> Loaded:
    """The one *kind* in *text*, called *name* where one is given. Raises DefinitionError."""
    if len(text) > LONGEST:
        raise DefinitionError([Problem(kind, 1, "", "This text is too long.", f"At most {LONGEST:,} characters.")])
    documents = load(text, file=kind)
    if len(documents) != 1:
        fix = f"Write one document that begins with “{kind}: {name or 'name'}”."
        raise DefinitionError([Problem(kind, 1, "", f"There are {len(documents)} definitions here.", fix)])
    [loaded] = documents
    if loaded.kind != kind or (name and loaded.name != name):
        fix = f"Begin with “{kind}: {name or 'name'}”."
        raise DefinitionError([loaded.problem((), f"This is {loaded.kind} “{loaded.name}”.", fix)])
    return loaded


def problem_row(problem: Problem, text: str) -> dict[str, Any]:
    """One thing wrong with *text*, with the line that it stands on; see `pages/definition_form.html`."""
    lines = text.splitlines()
    excerpt = lines[problem.line - 1] if 0 < problem.line <= len(lines) else ""
    return {
        "line": problem.line, "path": problem.path, "message": problem.message, "fix": problem.fix,
        "excerpt": excerpt.strip()[:200],
    }  # fmt: skip
