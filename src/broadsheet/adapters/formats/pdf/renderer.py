"""A document to a PDF through typst.

Text goes to typst as JSON and charts as SVG, never as markup; the only markup is our own, in ``root``. Typst may
see nothing else of the disk. Equal documents give equal bytes: the date of creation is the document's own. How long a
rendering may take is for whoever runs it to say.
"""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import typst

from broadsheet.adapters.drawing.faces import fonts
from broadsheet.core.document.model import Block, Columns, Document, PageBreak
from broadsheet.core.theme import Theme
from broadsheet.plugins import Descriptor
from broadsheet.reports.ports import RenderError

from .blocks import named
from .plan import Plan, planned

ROOT = Path(__file__).parent / "root"
UNDATED = datetime(2000, 1, 1, tzinfo=UTC)  # a fixed date keeps the bytes of an undated document the same
STANDARD = "ua-1"
NOT_ALLOWED = "PDF/UA-1 error"  # how typst begins when a file could be made, but not to the standard
_own = threading.local()


class PdfFormat:
    descriptor = Descriptor("pdf", "PDF", "Pages to read, print and keep.", capabilities=frozenset({"paged"}))
    media_type = "application/pdf"
    extension = "pdf"

    def render(self, document: Document, *, theme: Theme) -> bytes:
        """The file's bytes, the same for the same document and theme. Raises RenderError naming the block at fault."""
        plan = planned(document, theme=theme)
        made = document.made_at or UNDATED
        try:
            return _compiled(plan, made, standards=[STANDARD])
        except typst.TypstError as error:
            fault = error
        if fault.message.startswith(NOT_ALLOWED):
            # A character that no font has is drawn as a box, and some scripts within charts lose their code points:
            # the standard allows neither. Better a tagged file that claims no standard than none.
            try:
                return _compiled(plan, made, standards=[])
            except typst.TypstError as error:
                fault = error
        raise RenderError(_explained(document, theme, fault)) from fault


def _compiled(plan: Plan, made: datetime, *, standards: list[str]) -> bytes:
    # As inputs, not as files: typst parses each file that it is given as if it were markup.
    return _compiler().compile(  # type: ignore[return-value]
        sys_inputs={**plan.pictures, "data": json.dumps(plan.data, ensure_ascii=False)},
        format="pdf",
        pdf_standards=standards,  # type: ignore[arg-type]
        timestamp=int(made.timestamp()),
    )


def _compiler() -> typst.Compiler:
    """The compiler of this thread, which has read our markup once; it keeps nothing of a document."""
    if not hasattr(_own, "compiler"):
        _own.compiler = typst.Compiler(str(ROOT / "report.typ"), root=str(ROOT), font_paths=fonts())
    compiler: typst.Compiler = _own.compiler
    return compiler


def _explained(document: Document, theme: Theme, fault: typst.TypstError) -> str:
    """Which block cannot be drawn, found by drawing each alone, and what typst said of it."""
    for block in _leaves(document.blocks):
        alone = planned(replace(document, blocks=(block,), cover=False, contents=False), theme=theme)
        try:
            _compiled(alone, document.made_at or UNDATED, standards=[])
        except typst.TypstError as error:
            return f"{named(block)} cannot be drawn in a PDF: {error.message}. Change or remove it."
    return f"“{document.title}” cannot be drawn as a PDF: {fault.message}."


def _leaves(blocks: tuple[Block, ...]) -> list[Block]:
    found: list[Block] = []
    for block in blocks:
        if isinstance(block, Columns):
            found += [leaf for column in block.columns for leaf in _leaves(column)]
        elif not isinstance(block, PageBreak):
            found.append(block)
    return found


FORMAT = PdfFormat()
