"""Maintenance, as every page tells of it while it goes on and for a day before."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from broadsheet.runs.models import Maintenance
from broadsheet.web import telling


def banner(key: int, *, now: datetime) -> dict[str, str] | None:
    """The variables of `components/standstill.html`; None where it was ended meanwhile."""
    one = Maintenance.objects.filter(pk=key).first()
    if one is None:
        return None
    going = one.starts_at <= now
    until = telling.moment(one.over_at) if one.over_at else ""
    values = {"start": telling.moment(one.starts_at), "end": until, "reason": one.reason, "source": one.source}
    if one.source:
        words = _("Runs that ask the source “%(source)s” wait") if going else _("Runs that ask the source “%(source)s” will wait")  # fmt: skip
    else:
        words = _("Runs wait") if going else _("Runs will wait")
    when = (
        (_("until %(end)s") if until else _("until the maintenance is ended"))
        if going
        else (_("from %(start)s to %(end)s") if until else _("from %(start)s"))
    )
    text = f"{words} {when}: {_('maintenance')} (%(reason)s)." % values
    return {"state": "held" if going else "due", "text": text, "href": reverse("web:operations-maintenance")}
