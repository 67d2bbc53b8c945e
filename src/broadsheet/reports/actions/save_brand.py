"""Keep a brand as its definition says."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from broadsheet.compliance.actions.record import record
from broadsheet.core.document.loading import Loaded
from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import require
from broadsheet.reports.brand_definition import brand_from, logo_of
from broadsheet.reports.models import Brand

from .save import Change


@transaction.atomic
def save_brand(actor: Actor, loaded: Loaded, *, now: datetime) -> Change:
    """The first brand of an organization becomes its own. Raises DefinitionError."""
    require(actor, "brand.edit")
    definition = brand_from(loaded)
    mine = Brand.objects.filter(organization_id=actor.organization_id)
    found = mine.filter(name=loaded.name).first()
    data, kind = logo_of(definition.logo)
    default = definition.default or not mine.exclude(name=loaded.name).exists()
    wanted = {
        "label": definition.label, "accent": definition.accent, "logo": data or None, "logo_type": kind,
        "footer": definition.footer, "default": default,
    }  # fmt: skip
    if found is not None and _as_it_is(found) == wanted:
        return "same"
    if default:
        mine.exclude(name=loaded.name).filter(default=True).update(default=False)
    Brand.objects.update_or_create(
        organization_id=actor.organization_id, name=loaded.name, defaults={**wanted, "updated_at": now}
    )
    record(actor, "brand.saved", loaded.name, now=now)
    return "added" if found is None else "changed"


def _as_it_is(brand: Brand) -> dict[str, object]:
    return {
        "label": brand.label, "accent": brand.accent, "logo": bytes(brand.logo) if brand.logo else None,
        "logo_type": brand.logo_type, "footer": brand.footer, "default": brand.default,
    }  # fmt: skip
