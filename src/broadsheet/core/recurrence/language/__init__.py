"""Rules in plain English, read and written back to the same text's meaning. Grammar: docs/reference/when-in-words.md."""

from broadsheet.core.recurrence.language.phrase import PhraseError
from broadsheet.core.recurrence.language.reader import parse
from broadsheet.core.recurrence.language.writer import write

__all__ = ["PhraseError", "parse", "write"]
