"""Definition files: what they would change, changing it, and writing what there is back out."""

from __future__ import annotations

from typing import Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from broadsheet.operations.definitions import apply as acts

from ..authentication import asker
from ..paging import Asked
from ..telling import told

router = Router()
READ = "source.read brand.read channel.read report.read schedule.read"


class Files(Asked):
    """Definition files, by name."""

    files: dict[str, str] = Field(
        min_length=1, max_length=1000, description="YAML text by file name; a file may hold several documents.",
        examples=[{"reports/purchases.yaml": "report: purchases\ntitle: Purchases\n…"}],
    )  # fmt: skip
    force: bool = Field(False, description="Change datasets even where something that depends on them breaks.")


class ChangeShape(Schema):
    """What one document does."""

    kind: str = Field(examples=["report"])
    name: str = Field(examples=["purchases"])
    effect: Literal["added", "changed", "same"]
    difference: str = Field(description="Unified diff of the definition; empty when it is the same.")


class Texts(Schema):
    files: dict[str, str]


def facts(one: acts.Change) -> dict[str, str]:
    return {"kind": one.kind, "name": one.name, "effect": one.effect, "difference": one.difference}


@router.post(
    "/definitions/plan",
    **told("planDefinitions", "Plan", permission=f"definition.apply {READ}", response=list[ChangeShape]),
)
def plan(request: HttpRequest, body: Files) -> object:
    """What applying the files would change, without changing it. 422 lists every problem of every file."""
    return [facts(one) for one in acts.plan(asker(request), body.files, now=timezone.now(), force=body.force)]


@router.post(
    "/definitions/apply",
    **told("applyDefinitions", "Apply", permission=f"definition.apply {READ}", response=list[ChangeShape]),
)
def apply(request: HttpRequest, body: Files) -> object:
    """Makes the organization what the files say: all of them or, when one is wrong, none. What they do not name stays.

    Needs the permission to edit each kind that is among them, too.
    """
    return [facts(one) for one in acts.apply(asker(request), body.files, now=timezone.now(), force=body.force)]


@router.get("/definitions/export", **told("exportDefinitions", "Export", permission=READ, response=Texts))
def export(request: HttpRequest) -> object:
    """Every definition as `kind/name.yaml` and its text; secrets are never among them."""
    return {"files": acts.export(asker(request))}
