"""How reports look."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from broadsheet.reports import queries
from broadsheet.reports.actions.save_brand import save_brand
from broadsheet.reports.errors import UnknownReport
from broadsheet.reports.models import Brand

from ..authentication import asker
from ..definition import Definition, Kept, loaded
from ..paging import Page, Paging, page
from ..telling import told
from .sources import BY_NAME

router = Router()


class BrandShape(Schema):
    """A brand; everything else of its look is derived from the accent."""

    name: str = Field(examples=["northlight"])
    label: str = Field(examples=["Northlight Leads"])
    accent: str = Field(examples=["#025975"])
    footer: str
    default: bool = Field(description="Whether it is the organization's own.")
    logo: str = Field(description="SVG text, or a PNG or JPEG in base64; empty: none.")
    updated_at: datetime


def facts(one: Brand) -> dict[str, object]:
    return {
        "name": one.name, "label": one.label, "accent": one.accent, "footer": one.footer, "default": one.default,
        "logo": queries.logo_text(one) if one.logo else "", "updated_at": one.updated_at,
    }  # fmt: skip


@router.get("/brands", **told("listBrands", "List brands", permission="brand.read", response=Page[BrandShape]))
def list_brands(request: HttpRequest, paging: Query[Paging]) -> object:
    """Brands by name."""
    return page(queries.brands(asker(request)), paging, order=BY_NAME, shape=facts)


@router.get("/brands/{slug:name}", **told("getBrand", "Get a brand", permission="brand.read", response=BrandShape))
def get_brand(request: HttpRequest, name: str) -> object:
    """One brand."""
    found = queries.brands(asker(request)).filter(name=name).first()
    if found is None:
        raise UnknownReport(f"There is no brand “{name}” here. Look at the list of brands.")
    return facts(found)


@router.put("/brands/{slug:name}", **told("putBrand", "Define a brand", permission="brand.edit", response=Kept))
def put_brand(request: HttpRequest, name: str, body: Definition) -> object:
    """Adds it, or makes it what the definition says. The first one becomes the organization's own."""
    effect = save_brand(asker(request), loaded("brand", name, body), now=timezone.now())
    return {"kind": "brand", "name": name, "effect": effect}
