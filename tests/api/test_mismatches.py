"""What does not fit in a request is told in our words, with the fix."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field, ValidationError
from tests.plugins.django import NOW

from broadsheet.access.actions.tokens import issue
from broadsheet.api.mismatches import mismatch
from broadsheet.api.paging import Instant


class Body(BaseModel, extra="forbid"):
    at: Instant
    days: int = Field(1, ge=1, le=30)
    kind: Literal["a", "b"] = "a"
    names: list[str] = Field(default_factory=list, max_length=2)
    name: str = Field("x", min_length=1, max_length=3)


GOOD = {"at": "2026-11-23T09:00:00Z"}
WRONG: list[tuple[dict[str, Any], str, str, str]] = [
    ({"at": None}, "at", "“at” must be written as 2026-11-23T09:00:00Z.", ""),
    ({"at": "2026-11-23T09:00:00"}, "at", "This instant has no offset.", "Write it as 2026-11-23T09:00:00Z."),
    ({"at": "20-11-2026"}, "at", "This is not an instant.", "Write it as 2026-11-23T09:00:00Z."),
    ({"days": "x"}, "days", "This is not a whole number.", "Write a whole number."),
    ({"days": 0}, "days", "This is too small.", "Write 1 or more."),
    ({"days": 31}, "days", "This is too large.", "Write 30 or less."),
    ({"kind": "c"}, "kind", "This is not known here.", "Write one of 'a' or 'b'."),
    ({"names": "x"}, "names", "This is not a list.", "Write a list, such as [one, two]."),
    ({"names": ["x", 1]}, "names.1", "This is not text.", "Write it in quotes."),
    ({"names": ["x"] * 3}, "names", "These are too many.", "Give at most 2."),
    ({"name": ""}, "name", "This is too short.", "Write at least 1 characters."),
    ({"nam": "x"}, "nam", "“nam” is not known here.", "Take it out, or look at the spelling."),
]


@pytest.mark.parametrize(("change", "path", "message", "fix"), WRONG)
def test_each_kind_has_its_words(change: dict[str, Any], path: str, message: str, fix: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Body.model_validate({**GOOD, **change})
    [error] = caught.value.errors()
    found = mismatch({**error, "loc": ("body", "given", *error["loc"])})
    assert found == {"path": path, "message": message, "fix": fix}


def test_a_body_that_lacks_something_says_what_to_add(call: Any, world: Any, actor: Any) -> None:
    _, secret = issue(actor("owner"), name="x", scopes=["person.edit"], days=None, now=NOW)
    answer = call("POST", "/people", token=secret, body={"name": "Ada"})
    assert answer.status_code == 422
    assert {"path": "email", "message": "“email” is missing.", "fix": "Add “email”."} in answer.json()["problems"]
