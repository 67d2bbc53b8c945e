"""Secrets stay out of the log, whoever writes them there: a path, an error's text, a traceback."""

from __future__ import annotations

import logging
import re

SECRET = re.compile(r"\b(bs[tf]_|whsec_)[A-Za-z0-9_+/=-]{8,}")  # tokens, feed addresses, signing secrets


class Masking(logging.Formatter):
    """Lines as they are, but for the secrets in them."""

    def format(self, record: logging.LogRecord) -> str:
        return SECRET.sub(r"\1…", super().format(record))
