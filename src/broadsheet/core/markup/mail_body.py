"""The body of a mail: what a slice's readers share, and how one recipient's own words come in at sending.

A body is made once a slice and kept; it holds TOKENS such as ``%%why%%`` where only the sender knows what to say.
``finish`` puts the words in. A part that depends on a word stands between marks and goes when the word is empty:
``<!--bs:why-->…<!--/bs:why-->`` in HTML, lines ``%%?why%%`` and ``%%/why%%`` in text. Texts of a document never look
like a token (``untokened``), so that data cannot ask for a recipient's address.
"""

from __future__ import annotations

import base64
import json
import re
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from .writer import FORBIDDEN, Html, escape, link_allowed

TOKENS = (
    "recipient_name",  # “Luis Ortega”
    "why",  # a sentence: why this recipient gets the mail
    "next",  # when the next one comes: “Tuesday 1 December”
    "attachments",  # what is attached: “buyer-performance.pdf, buyer-performance.xlsx”
    "open_url",
    "unsubscribe_url",
    "preferences_url",
)
URLS = frozenset(name for name in TOKENS if name.endswith("_url"))
TOKEN = re.compile(r"%%(" + "|".join(TOKENS) + r")%%")
HTML_PART = re.compile(r"<!--bs:([a-z_]+)-->(.*?)<!--/bs:\1-->", re.DOTALL)
TEXT_PART = re.compile(r"^%%\?([a-z_]+)%%\n(.*?)^%%/\1%%\n", re.DOTALL | re.MULTILINE)
TEXT_WIDTH = 72  # columns; mail programs quote with two more


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that the HTML names as ``cid:`` + ``cid``."""

    cid: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class MailBody:
    """``preheader`` is the line that mail programs show beside the subject; it is in the HTML already."""

    subject: str
    html: str
    text: str
    inline: tuple[Picture, ...] = ()
    preheader: str = ""


def finish(body: MailBody, values: Mapping[str, str]) -> MailBody:
    """*body* with the recipient's own words and without any token left.

    Names in *values* are TOKENS; one that is missing or empty takes its part of the mail with it, and so does an
    address that is neither http, https nor mailto. Values are escaped in HTML and set on one line. Raises ValueError
    for a name that is no token.
    """
    unknown = sorted(set(values) - set(TOKENS))
    if unknown:
        raise ValueError(f"A mail has no token “{unknown[0]}”. It has: {', '.join(TOKENS)}.")
    known = {name: _usable(name, values.get(name, "")) for name in TOKENS}

    def part(match: re.Match[str]) -> str:
        return match.group(2) if known.get(match.group(1)) else ""

    html = TOKEN.sub(lambda match: in_html(known[match.group(1)]), _repeat(HTML_PART, part, body.html))
    lines = _repeat(TEXT_PART, part, body.text).split("\n")
    return replace(
        body,
        subject=_one_line(TOKEN.sub(lambda match: untokened(known[match.group(1)]), body.subject)),
        preheader=_one_line(TOKEN.sub(lambda match: untokened(known[match.group(1)]), body.preheader)),
        html=html,
        text=re.sub(r"\n{3,}", "\n\n", "\n".join(_filled(line, known) for line in lines)),
    )


def in_html(text: str) -> Html:
    """*text* escaped for HTML, with no-break spaces that every mail program knows, and never a part of a token."""
    return Html(escape(text.replace("\u202f", "\u00a0")).replace("%", "&#37;"))


def untokened(text: str) -> str:
    """*text* with nothing that looks like a token: an unseen joiner stands between two percent signs."""
    return FORBIDDEN.sub("", text).replace("%%", "%\u2060%")


def write_body(body: MailBody) -> bytes:
    """*body* as JSON; equal bodies give equal bytes."""
    pictures = [
        {"cid": one.cid, "media_type": one.media_type, "data": base64.b64encode(one.data).decode()}
        for one in body.inline
    ]
    fields = {
        "subject": body.subject,
        "preheader": body.preheader,
        "html": body.html,
        "text": body.text,
        "inline": pictures,
    }
    return json.dumps(fields, ensure_ascii=False).encode()


def read_body(data: bytes) -> MailBody:
    """What ``write_body`` wrote. Raises ValueError when it is something else."""
    try:
        fields = json.loads(data)
        pictures = tuple(
            Picture(str(one["cid"]), str(one["media_type"]), base64.b64decode(one["data"], validate=True))
            for one in fields["inline"]
        )
        return MailBody(fields["subject"], fields["html"], fields["text"], pictures, fields["preheader"])
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError("This is not the body of a mail. Render the report again with the format “mail”.") from error


def _usable(name: str, value: str) -> str:
    value = _one_line(value)
    return value if name not in URLS or link_allowed(value) else ""


def _one_line(text: str) -> str:
    return " ".join(FORBIDDEN.sub(" ", text).split())


def _repeat(pattern: re.Pattern[str], part: Callable[[re.Match[str]], str], text: str) -> str:
    """Parts may stand within parts: outer ones first, until none is left."""
    while pattern.search(text):
        text = pattern.sub(part, text)
    return text


def _filled(line: str, known: Mapping[str, str]) -> str:
    if not TOKEN.search(line):
        return line
    filled = TOKEN.sub(lambda match: untokened(known[match.group(1)]), line)
    wrapped = textwrap.wrap(filled, TEXT_WIDTH, break_long_words=False, break_on_hyphens=False)
    return "\n".join(wrapped)
