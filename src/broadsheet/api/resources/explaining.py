"""May somebody do or see something, and by what."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from broadsheet.access.explaining import Explanation, may_do, may_see, values_of
from broadsheet.access.queries import address_of
from broadsheet.core.policy import Circumstances

from ..authentication import asker
from ..paging import Asked
from ..telling import told

router = Router()
WHO = "A member's mail address, or a contact's name; empty: oneself. Asking for others needs person.edit, for contacts contact.read."


class StepShape(Schema):
    about: str
    holds: bool
    why: str


class ExplanationShape(Schema):
    """The same decisions that are taken when they ask."""

    question: str
    allowed: bool
    answer: str = Field(
        examples=["No: policy “buyer_id = reader.buyer_id” of the dataset “orders”: Ana is “b1”, not “b2”."]
    )
    steps: list[StepShape]


class SeeQuestion(Asked):
    who: str = Field("", max_length=320, description=WHO)
    dataset: str = Field(max_length=100)
    fields: list[str] = Field(default_factory=list, max_length=200)
    where: list[str] = Field(default_factory=list, max_length=50, description="Such as buyer_id=12.")
    address: str = Field("", max_length=64, description="The network address that they would ask from.")


class DoQuestion(Asked):
    who: str = Field("", max_length=320, description=WHO)
    permission: str = Field(max_length=64, examples=["report.read"])
    kind: str = Field("", max_length=16, description="workspace, report, dataset, channel or schedule.")
    name: str = Field("", max_length=100, description="The thing's name; empty: in the whole organization.")
    address: str = Field("", max_length=64, description="The network address that they would ask from.")


def shape(found: Explanation) -> dict[str, object]:
    return {"question": found.question, "allowed": found.allowed, "answer": found.answer, "steps": list(found.steps)}


@router.get("/access/see", **told("explainSeeing", "May somebody see it?", permission="source.read", response=ExplanationShape, missing=True))  # fmt: skip
def see(request: HttpRequest, asked: Query[SeeQuestion]) -> object:
    """Rows and fields of a dataset, by role, grants, row policies and masks as they are now."""
    actor = asker(request)
    given = Circumstances(timezone.now(), asked.address)
    who = asked.who or address_of(actor)
    return shape(may_see(actor, who, asked.dataset, fields=asked.fields, where=values_of(asked.where), given=given))


@router.get("/access/do", **told("explainDoing", "May somebody do it?", permission="", response=ExplanationShape, missing=True))  # fmt: skip
def do(request: HttpRequest, asked: Query[DoQuestion]) -> object:
    """A permission, in the organization or on one thing, by role, conditions and grants as they are now."""
    actor = asker(request)
    given = Circumstances(timezone.now(), asked.address)
    who = asked.who or address_of(actor)
    return shape(may_do(actor, who, asked.permission, kind=asked.kind, name=asked.name, given=given))
