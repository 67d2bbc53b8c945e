"""A text as tokens with their places, and what is said when one does not fit."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from broadsheet.core.recurrence.errors import RuleError

LONGEST = 2000  # characters of a text
DEEPEST = 20  # parentheses inside each other
TOKEN = re.compile(
    r"""\s*(?:
    (?P<text>"(?:[^"\\]|\\.)*")
  | (?P<date>\d{4}-\d{2}-\d{2})
  | (?P<time>\d{1,2}:\d{2}(?::\d{2})?(?:\s?[ap]m\b)?|\d{1,2}\s?[ap]m\b)
  | (?P<ordinal>\d+(?:st|nd|rd|th)\b)
  | (?P<number>\d+)
  | (?P<zone>[A-Za-z_]+(?:/[A-Za-z0-9_+-]+)+)
  | (?P<word>[^\W\d](?:[\w'’.-]*\w)?)
  | (?P<mark>[,;()])
    )""",
    re.VERBOSE | re.IGNORECASE,
)


class PhraseError(RuleError):
    """A text that is no rule. start, end: the characters of it that do not fit, counted from 0."""

    def __init__(self, message: str, fix: str, *, start: int, end: int) -> None:
        super().__init__("", message, fix)
        self.start, self.end = start, end

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self.message, self.fix, self.start, self.end)


def _again(message: str, fix: str, start: int, end: int) -> PhraseError:
    return PhraseError(message, fix, start=start, end=end)


@dataclass(frozen=True, slots=True)
class Token:
    """kind: a group of `TOKEN`, or "end". text: as written, quotes taken off. word: in lower case, for comparing."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def word(self) -> str:
        return self.text.casefold().replace("’", "'") if self.kind in ("word", "mark") else ""


def tokens_of(text: str) -> list[Token]:
    """The tokens, and one for the end. Raises PhraseError at a character that belongs nowhere."""
    if len(text) > LONGEST:
        raise PhraseError("the text is too long", f"Write at most {LONGEST} characters.", start=LONGEST, end=len(text))
    found, at, end = [], 0, len(text.rstrip())
    while at < end:
        match = TOKEN.match(text, at)
        if not match or match.lastgroup is None:
            start = len(text) - len(text[at:].lstrip())
            fix = "Put names with signs in them between quotes."
            raise PhraseError(
                f'"{text[start]}" at character {start + 1} is not understood', fix, start=start, end=start + 1
            )
        kind, value = match.lastgroup, match[match.lastgroup]
        found.append(Token(kind, _unquoted(value, match) if kind == "text" else value, match.start(kind), match.end()))
        at = match.end()
    return [*found, Token("end", "", end, end)]


def _unquoted(value: str, match: re.Match[str]) -> str:
    try:
        return str(json.loads(value))
    except ValueError:
        start = match.start("text")
        fix = "Behind a backslash stands a quote, another backslash or n."
        raise PhraseError(
            f"the quoted text at character {start + 1} cannot be read", fix, start=start, end=match.end()
        ) from None


class Tokens:
    """A place in the tokens that moves on."""

    def __init__(self, text: str) -> None:
        self._all = tokens_of(text)
        self._at = 0
        self._depth = 0

    @property
    def now(self) -> Token:
        return self._all[self._at]

    def ahead(self, by: int = 1) -> Token:
        return self._all[min(self._at + by, len(self._all) - 1)]

    def mark(self) -> int:
        return self._at

    def back_to(self, mark: int) -> None:
        self._at = mark

    def next(self) -> Token:
        token = self.now
        self._at = min(self._at + 1, len(self._all) - 1)
        return token

    def sees(self, phrase: str) -> bool:
        """Whether the words of `phrase` come next."""
        return all(self.ahead(by).word == word for by, word in enumerate(phrase.split()))

    def take(self, *phrases: str) -> str:
        """Step over the first of the phrases that comes next, and say which; "" for none."""
        for phrase in phrases:
            if self.sees(phrase):
                self._at += len(phrase.split())
                return phrase
        return ""

    def take_kind(self, *kinds: str) -> Token | None:
        return self.next() if self.now.kind in kinds else None

    def deeper(self) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise self.refusal((), otherwise="Use fewer parentheses.")

    def higher(self) -> None:
        self._depth -= 1

    def refusal(self, expected: Iterable[str], *, otherwise: str, at: Token | None = None) -> PhraseError:
        """What to raise at a token that does not fit: `expected` are words that would, the nearest is suggested.

        For a word that is one of them, in the wrong place, nothing is: from "on" to "only" and back it would never end.
        """
        token = at or self.now
        word, known = token.text.casefold(), list(expected)
        near = get_close_matches(word, known, n=1, cutoff=0.6) if word and word not in known else []
        fix = f'Did you mean "{near[0]}"?' if near else otherwise
        if token.kind == "end":
            return PhraseError("the text ends too early", fix, start=token.start, end=token.end)
        message = f'"{token.text}" at character {token.start + 1} is not understood'
        return PhraseError(message, fix, start=token.start, end=token.end)
