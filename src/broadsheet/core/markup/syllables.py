"""Soft hyphens in long words, so that the head of a narrow column can break where a syllable ends.

A rule of thumb for alphabets with vowels (Latin, Greek, Cyrillic), not a dictionary: a syllable begins with the last
consonant before its vowel, or with two that are spoken as one. Browsers' own hyphenation is missing in most mail programs.
"""

from __future__ import annotations

import re
from functools import lru_cache

SOFT = "\u00ad"
LONG = 9  # letters; shorter words fit everywhere
APART = 2  # letters that stay together at the beginning of a word; three at its end

_VOWELS = "aeiouyäöüáàâãéèêëíìîïóòôõúùûαεηιουωάέήίόύώϊϋаеиоуъюяыэ"
_TOGETHER = "sch[lmnrw]?|ch|ck|ph|th|sh|qu|[bcdfgkpt]r|(?<!c)[bcfgkp]l|ντ|μπ|στρ?|[πκτβγδφχθ]ρ|[бвгдкпт]р"
_WORD = re.compile(rf"[^\W\d_]{{{LONG},}}")
_BEGINS = re.compile(
    rf"(?<=[^\W\d_]{{{APART}}})(?:{_TOGETHER}|[^\W\d_{_VOWELS}])(?=[{_VOWELS}])(?=\w{{3}})", re.IGNORECASE
)


def softened(text: str) -> str:
    """*text* with soft hyphens between the syllables of its long words."""
    return _WORD.sub(lambda match: _parted(match[0]), text)


@lru_cache(maxsize=1024)
def _parted(word: str) -> str:
    return _BEGINS.sub(lambda match: f"{SOFT}{match[0]}", word)
