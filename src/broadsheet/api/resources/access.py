"""Who asks, and for which organization."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Field, Router, Schema

from broadsheet.access.queries import organization_of
from broadsheet.core.policy.roles import held_anywhere, may_somewhere

from ..authentication import asker
from ..telling import told

router = Router()


class OrganizationShape(Schema):
    """A tenant. Everything that the API shows belongs to the asker's."""

    slug: str = Field(examples=["northlight"])
    name: str = Field(examples=["Northlight Leads"])
    zone: str = Field(description="IANA zone of its clocks.", examples=["America/New_York"])
    language: str = Field(description="BCP 47 tag.", examples=["en"])


class Me(Schema):
    """The asker, as the server sees them."""

    organization: OrganizationShape
    person_id: int | None = Field(description="Null for the system itself.")
    name: str = Field(examples=["Mara Lindqvist (nightly export)"])
    role: str = Field(examples=["editor"])
    permissions: list[str] = Field(
        description="What the role, and the token's scopes, leave.", examples=[["report.read"]]
    )


@router.get("/me", **told("getMe", "Who am I?", permission="", response=Me))
def me(request: HttpRequest) -> Me:
    """The organization, role and permissions that the token or session stands for."""
    actor = asker(request)
    place = organization_of(actor)
    return Me(
        organization=OrganizationShape(slug=place.slug, name=place.name, zone=place.zone, language=place.language),
        person_id=actor.user_id,
        name=actor.name,
        role=actor.role,
        permissions=sorted(one for one in held_anywhere(actor) if may_somewhere(actor, one)),
    )
