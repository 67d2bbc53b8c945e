"""What a form that was sent means: its words, its parts, or the rule as it was where neither was touched.

The form carries the rule that both meant when they were last in step (`rule`), and the sentence of then (`said`). So it
is seen which of the two somebody changed, and a rule with more to it than parts is never lost by a form that is saved.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import gettext as _

from broadsheet.core.recurrence import RuleError

from .fixes import of_words
from .numbers import Errors
from .parts import FIELDS, KEPT, MANY, When, when_from
from .sentences import rule_of, sentence
from .showing import Fields, fields_of, filled, plain

RULE, SAID, WORDS, BY = "rule", "said", "words", "by"
DEEPEST = 40  # brackets of a rule inside each other; the form never sends so many
UNSET: When = {"every": "day", "at": "08:00"}  # so that the rest of a form can be checked while its rule is unread


@dataclass(frozen=True, slots=True)
class Settled:
    """when: the mapping. by: what said it: "words", "parts", or "" for neither. errors: what cannot be read, by field."""

    when: Any
    by: str = ""
    errors: Errors = field(default_factory=lambda: defaultdict(list))


def today_in(zone: str, *, now: datetime) -> date:
    """The date on the clock of *zone*."""
    return now.astimezone(ZoneInfo(zone)).date()


def settle(post: QueryDict, *, zone: str, today: date) -> Settled:
    """The rule of a form that was sent. *zone*: the organization's."""
    was = _was(post)
    typed = WORDS in post and post.get(WORDS, "").split() != post.get(SAID, "").split()
    pressed = _pressed(post, was, zone=zone)
    by = "words" if typed else "parts" if pressed else ""
    if typed and pressed:
        by = post.get(BY, "")
        if by not in ("words", "parts"):
            return Settled(was or UNSET, "words", defaultdict(list, {WORDS: _which()}))
    if by == "words":
        return _by_words(post, was, zone=zone, today=today)
    if not by and was is not None:
        return Settled(was)
    errors: Errors = defaultdict(list)
    if post.get("every") == KEPT and was is not None:
        return Settled(was, by, errors)
    return Settled(when_from(post, errors), by or "parts", errors)


def _by_words(post: QueryDict, was: Any, *, zone: str, today: date) -> Settled:
    text = post.get(WORDS, "")
    try:
        return Settled(rule_of(text, zone=zone, today=_counted(was) or today), "words")
    except RuleError as error:
        return Settled(was or UNSET, "words", defaultdict(list, {WORDS: [of_words(error, text)]}))


def _counted(was: Any) -> date | None:
    """From where the rule counted before: an interval that is said anew goes on with it."""
    try:
        return date.fromisoformat(str(was["anchor"])[:10]) if isinstance(was, Mapping) and was.get("anchor") else None
    except ValueError:
        return None


def start(when: Any, *, zone: str) -> QueryDict:
    """The fields of a form in which nobody has changed anything yet."""
    post = filled(fields_of(when, zone=zone))
    step(post, when, zone=zone)
    return post


def step(post: QueryDict, when: Any, *, zone: str, by: str = "") -> None:
    """Bring words and parts of *post* in step with the rule; what was typed (*by*) stays as it was typed."""
    for name, value in steps(post, when, zone=zone, by=by).items():
        if isinstance(value, list):
            post.setlist(name, value)
        else:
            post[name] = value


def steps(post: QueryDict, when: Any, *, zone: str, by: str = "") -> Fields:
    """The fields that `step` changes, with their values."""
    found: Fields = {RULE: json.dumps(plain(when), ensure_ascii=False), BY: ""}
    if by != "parts":
        found |= fields_of(when, zone=zone)
    words = post.get(WORDS, "") if by == "words" else sentence(when, zone=zone)
    return {**found, WORDS: words, SAID: words}


def _was(post: QueryDict) -> Any:
    text = post.get(RULE, "")
    try:
        found = json.loads(text) if _depth(text) <= DEEPEST else None
    except ValueError:
        return None
    return found if isinstance(found, dict | list) and found else None


def _depth(text: str) -> int:
    """At most how many brackets stand inside each other, those in texts counted too."""
    depth = most = 0
    for sign in text:
        depth += (sign in "[{") - (sign in "]}")
        most = max(most, depth)
    return most


def _pressed(post: QueryDict, was: Any, *, zone: str) -> bool:
    """Whether the parts are other than those of the rule that was."""
    if was is None:
        return any(name in post for name in FIELDS)
    before = fields_of(was, zone=zone)
    for name in FIELDS:
        if name in MANY:
            if "every" in post and sorted(post.getlist(name)) != sorted(before[name]):
                return True
        elif name in post and post.get(name, "").split() != str(before[name]).split():
            return True
    return False


def _which() -> list[dict[str, Any]]:
    """The words and the parts were both changed, by a form without script."""
    words = {"label": _("Take the words"), "name": "fix", "value": f"{BY}=words"}
    parts = {"label": _("Take the parts"), "name": "fix", "value": f"{BY}=parts"}
    return [
        {"text": _("The words and the parts were both changed, and say different things."), "fix": words},
        {"text": _("Take the one or the other."), "fix": parts},
    ]
