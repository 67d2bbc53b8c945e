"""Open an organization: the act of whoever runs the machine."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import available_timezones

from django.utils.text import slugify

from broadsheet.access.errors import AccessError
from broadsheet.access.models import Organization
from broadsheet.compliance.actions.record import record
from broadsheet.core.policy import Actor


def open_organization(name: str, *, zone: str, now: datetime, language: str = "en") -> Organization:
    """An organization without people yet. Raises AccessError for a name that is taken or a zone that does not exist."""
    slug = slugify(name)
    if not slug:
        raise AccessError("The organization has no name that can be written in an address. Use some Latin letters.")
    if zone not in available_timezones():
        raise AccessError(f"Zone “{zone}” does not exist. Use an IANA name such as America/New_York.")
    if Organization.objects.filter(slug=slug).exists():
        raise AccessError(f"There is an organization “{slug}” already. Choose another name.")
    made = Organization.objects.create(slug=slug, name=name, zone=zone, language=language, created_at=now)
    record(Actor(made.pk, None, "Broadsheet", "system", "system"), "organization.opened", slug, now=now, zone=zone)
    return made
