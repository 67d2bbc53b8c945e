"""What the catalogue's pages call things."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from broadsheet.core.policy import Actor
from broadsheet.sources.dataset import Earlier, Metric
from broadsheet.sources.errors import UnknownSource
from broadsheet.sources.models import StoredDataset
from broadsheet.sources.queries import dataset


def stored_of(request: HttpRequest, name: str) -> StoredDataset:
    """The dataset called *name* that the asker may read. Raises Http404."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        return dataset(actor, name)
    except UnknownSource as error:
        raise Http404 from error


def sensitivities() -> dict[str, str]:
    """The classes of sensitivity, from open to closed."""
    return {
        "public": _("public"),
        "internal": _("internal"),
        "confidential": _("confidential"),
        "restricted": _("restricted"),
    }


def kinds() -> dict[str, str]:
    """Kinds of fields."""
    return {
        "text": _("text"), "integer": _("whole number"), "number": _("number"), "date": _("day"),
        "instant": _("moment"), "flag": _("yes or no"), "money": _("money"), "percent": _("rate"),
    }  # fmt: skip


def masks() -> dict[str, str]:
    """What stands in a masked field's place."""
    return {
        "full": "•••", "partial": _("first letter"), "hash": _("pseudonym"), "bucket": _("rounded down"),
        "nothing": _("nothing"),
    }  # fmt: skip


def made(metric: Metric) -> str:
    """How *metric* is made, in words; its SQL where it is an expression."""
    if metric.earlier is not None:
        return _earlier(metric.earlier)
    if metric.formula is not None:
        return _("of %(parts)s") % {"parts": ", ".join(metric.parts)}
    if metric.taken is not None:
        words = {
            "last": _("%(sql)s, of the last moment"), "first": _("%(sql)s, of the first moment"),
            "max": _("%(sql)s, of the highest moment"), "min": _("%(sql)s, of the lowest moment"),
        }  # fmt: skip
        return words[metric.taken.take] % {"sql": metric.expression}
    return metric.expression


def _earlier(earlier: Earlier) -> str:
    number = earlier.number
    when = {
        "previous": _("the period before"),
        "day": ngettext("%(n)d day before", "%(n)d days before", number),
        "week": ngettext("%(n)d week before", "%(n)d weeks before", number),
        "month": ngettext("%(n)d month before", "%(n)d months before", number),
        "quarter": ngettext("%(n)d quarter before", "%(n)d quarters before", number),
        "year": ngettext("%(n)d year before", "%(n)d years before", number),
    }[earlier.unit] % {"n": number}
    shown = {
        "value": _("%(of)s, %(when)s"),
        "change": _("change of %(of)s since %(when)s"),
        "percent": _("change of %(of)s in %% since %(when)s"),
    }
    return shown[earlier.shown] % {"of": earlier.of, "when": when}


def crumbs(*more: StoredDataset) -> list[dict[str, str]]:
    here = [{"label": str(one), "href": reverse("web:data-set", args=[one.name])} for one in more]
    return [{"label": _("Data"), "href": reverse("web:data")}, *here]
