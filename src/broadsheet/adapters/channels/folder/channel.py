"""Files into a folder: idempotent by content, proven by path and hash."""

from __future__ import annotations

import base64
import errno
import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Literal

from broadsheet.adapters.channels.message import written
from broadsheet.delivery.ports import Line, Outgoing, Receipt, Verdict
from broadsheet.plugins import Descriptor, Setting

from . import paths, writing
from .roots import Place, WrongFolder, placed

TEMPLATE = "{schedule}/{date}/{recipient}/{filename}"
EXISTING = (("replace", "replace it"), ("number", "keep both, numbered"))
MESSAGE = (("none", "no, the files alone"), ("eml", "as a mail file (.eml)"), ("html", "as a page (.html)"))
FULL = {errno.ENOSPC, errno.EDQUOT}
PASSING = {errno.EIO, errno.ESTALE, errno.ETIMEDOUT, errno.ENFILE, errno.EMFILE, errno.EAGAIN, errno.EINTR, errno.EBUSY}


class FolderChannel:
    descriptor = Descriptor(
        id="folder",
        label="Folder",
        summary="Files in a folder of the server, or one mounted on it.",
        settings=(
            Setting("root", "Folder", help="Relative: in the outbox. Absolute: where the operator allows it."),
            Setting("template", "Path in it", default=TEMPLATE, help="Fields: " + ", ".join(paths.FIELDS)),
            Setting("existing", "If another file has that path", kind="choice", default="replace", choices=EXISTING),
            Setting("message", "Keep the message too", kind="choice", default="none", choices=MESSAGE),
        ),
        capabilities=frozenset({"attachments"}),
    )

    def idempotent(self, settings: Mapping[str, object]) -> bool:
        return True  # the same bytes in the same place are left alone

    def check(self, settings: Mapping[str, object], *, secrets: Mapping[str, str]) -> Verdict:
        try:
            place, _ = _where(settings)
            with writing.walked(place, (), make=place.ours) as folder:
                writing.probe(folder)
        except (WrongFolder, paths.WrongTemplate) as error:
            return Verdict(False, str(error), "Correct the folder or the path in the channel’s settings.")
        except OSError as error:
            fix = "Make the folder, or mount it, and give the server’s user the right to write there."
            return Verdict(False, f"{place} cannot be written to: {_reason(error)}.", fix)
        return Verdict(True, f"{place} is ready for files.")

    def send(
        self,
        outgoing: Outgoing,
        *,
        settings: Mapping[str, object],
        secrets: Mapping[str, str],
        clock: Callable[[], datetime],
        handing_over: Callable[[], None],
    ) -> Receipt:
        number = settings.get("existing") == "number"
        try:
            place, template = _where(settings)
        except ValueError as error:
            return Receipt("failed", str(error), whole=True)
        try:
            files = _laid_out(outgoing, template, settings)
        except ValueError as error:
            return Receipt("failed", str(error))
        keep = _Keeping(place, number=number, clock=clock, handing_over=handing_over)
        try:
            proofs = [keep.one(path, data) for path, data in files.items()]
        except OSError as error:
            state, proof = _settled(error, place)
            passes = state == "retry"
            return Receipt(state, proof, tuple(keep.talk), cause="temporary" if passes else "", whole=passes)
        return Receipt("accepted", "; ".join(proofs), tuple(keep.talk))


class _Keeping:
    """One delivery's files going into place; the ledger is told before the first of them."""

    def __init__(
        self, place: Place, *, number: bool, clock: Callable[[], datetime], handing_over: Callable[[], None]
    ) -> None:
        self.talk: list[Line] = []
        self._place = place
        self._number = number
        self._clock = clock
        self._handing_over: Callable[[], None] | None = handing_over

    def one(self, path: tuple[str, ...], data: bytes) -> str:
        """Keep a file; its path and hash, which prove it. Raises OSError."""
        with writing.walked(self._place, path[:-1]) as folder:
            name = writing.keep(folder, path[-1], data, number=self._number, handing_over=self._tell)
        where = self._place.root.joinpath(*self._place.below, *path[:-1], name)
        self.talk.append(Line(self._clock(), "we", f"{len(data)} bytes as {where}"))
        return f"{where} sha256:{hashlib.sha256(data).hexdigest()}"

    def _tell(self) -> None:
        if self._handing_over is not None:
            tell, self._handing_over = self._handing_over, None
            tell()


def _where(settings: Mapping[str, object]) -> tuple[Place, tuple[str, ...]]:
    """The place and the template's names. Raises WrongFolder, WrongTemplate."""
    place = placed(str(settings.get("root") or ""))
    template = str(settings.get("template") or TEMPLATE)
    return place, paths.checked(template, numbered=settings.get("existing") == "number")


def _laid_out(
    outgoing: Outgoing, template: tuple[str, ...], settings: Mapping[str, object]
) -> dict[tuple[str, ...], bytes]:
    """Path -> bytes of everything to keep. Raises ValueError when there is nothing, or two files have one path."""
    files = [(file.filename, file.data) for file in outgoing.attachments]
    message = settings.get("message", "none")
    if message == "eml":
        files.append((f"{outgoing.report or 'message'}.eml", _eml(outgoing)))
    elif message == "html":
        files.append((f"{outgoing.report or 'message'}.html", _page(outgoing)))
    laid_out = {paths.filled(template, paths.values(outgoing, filename=name)): data for name, data in files}
    if not files:
        raise ValueError("There is no file to put into the folder. Give the report a format, or keep the message too.")
    if len(laid_out) < len(files):
        raise ValueError("Two files of this delivery have the same path. Put {filename} into the path.")
    return laid_out


def _settled(error: OSError, place: Place) -> tuple[Literal["retry", "failed"], str]:
    if error.errno in FULL:
        return "retry", f"The disk of {place} is full. Free space there; nothing half-written was left."
    said = f"{place} did not take the file: {_reason(error)}."
    return ("retry", said) if error.errno in PASSING else ("failed", said)


def _reason(error: OSError) -> str:
    if error.errno in {errno.ELOOP, errno.ENOTDIR}:
        return "a link or a file stands where a folder should be, and is not followed"
    return (error.strerror or type(error).__name__).lower()


def _eml(outgoing: Outgoing) -> bytes:
    """The message as a mail. Raises ValueError when it cannot be written as one."""
    sender = f"reports@{outgoing.message_id.rpartition('@')[2]}"
    return written(outgoing, sender=sender)


def _page(outgoing: Outgoing) -> bytes:
    """The HTML part with its pictures inside, so that it stands alone."""
    page = outgoing.html
    for picture in outgoing.inline:
        data = f"data:{picture.media_type};base64,{base64.b64encode(picture.data).decode()}"
        page = page.replace(f'"cid:{picture.cid}"', f'"{data}"')
    return page.encode()


CHANNEL = FolderChannel()
