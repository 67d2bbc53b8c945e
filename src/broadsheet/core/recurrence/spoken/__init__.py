"""Timings as sentences of languages other than English, a module each."""

from broadsheet.core.recurrence.spoken.speech import Speech
from broadsheet.core.recurrence.spoken.tongues import LANGUAGES, has_words, speech_of

__all__ = ["LANGUAGES", "Speech", "has_words", "speech_of"]
