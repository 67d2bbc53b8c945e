"""A message as mail bytes, for whichever channel writes mail: text and HTML, pictures inside, files beside, headers that mail systems expect.

RFC 5322 and 2045–47 by the standard library's `email`; RFC 2369 and 8058 for the one-click unsubscribe; RFC 3834 so
that no auto-responder answers. CR, LF and NUL in a header or file name are refused, not mended.
"""

from __future__ import annotations

from collections.abc import Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from broadsheet.delivery.ports import Attachment, Outgoing


class UnsafeText(ValueError):
    """A header or file name holds a line break or NUL, which could smuggle in a header."""


def build(outgoing: Outgoing, *, settings: Mapping[str, object]) -> EmailMessage:
    """The message to send. Raises UnsafeText; ValueError for an address that cannot be written in a header."""
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = f"<{checked(outgoing.message_id)}>"
    message["Date"] = format_datetime(outgoing.made_at)
    message["From"] = Address(checked(str(settings.get("from_name") or "")), addr_spec=address(str(settings["from"])))
    message["To"] = Address(checked(outgoing.recipient_name), addr_spec=address(outgoing.recipient_address))
    message["Subject"] = checked(outgoing.subject)
    message["Content-Language"] = checked(outgoing.language)
    message["Auto-Submitted"] = "auto-generated"
    if outgoing.unsubscribe_url:
        message["List-Unsubscribe"] = f"<{checked(outgoing.unsubscribe_url)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(outgoing.text)
    message.add_alternative(outgoing.html, subtype="html")
    html = message.get_payload()[-1]  # type: ignore[index]  # the HTML alternative that was just added
    for picture in outgoing.inline:
        main, sub = picture.media_type.split("/", 1)
        html.add_related(picture.data, main, sub, cid=f"<{checked(picture.cid)}>", disposition="inline")  # type: ignore[union-attr]
    for file in outgoing.attachments:
        _attach(message, file)
    return message


def address(text: str) -> str:
    """*text* as an address that every mail server takes: the domain in its ASCII form (RFC 5891).

    Raises UnsafeText; ValueError for one without a domain, or with other than ASCII before the @ (which needs SMTPUTF8,
    RFC 6531, all the way to the recipient).
    """
    local, at, domain = checked(text).rpartition("@")
    if not (local and at and domain) or any(mark.isspace() for mark in text):
        raise ValueError(f"“{text}” is not an e-mail address. Correct it where the recipients come from.")
    if not local.isascii():
        raise ValueError(f"“{text}” has signs before the @ that most mail servers refuse. Use another address.")
    try:
        return f"{local}@{domain if domain.isascii() else domain.encode('idna').decode()}"
    except UnicodeError:
        raise ValueError(f"The domain of “{text}” cannot exist. Correct it where the recipients come from.") from None


def checked(text: str) -> str:
    """*text*, unless it holds what would end a header."""
    if any(mark in text for mark in "\r\n\0"):
        raise UnsafeText(
            "A line break or NUL stands in a mail header or file name. Remove it from the name or subject."
        )
    return text


def _attach(message: EmailMessage, file: Attachment) -> None:
    main, sub = file.media_type.split(";", 1)[0].split("/", 1)
    message.add_attachment(file.data, maintype=main, subtype=sub, filename=checked(file.filename))
