"""What data there is: every dataset that the asker may read, whose it is, and up to when it goes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from broadsheet.core.policy import Actor, may_somewhere
from broadsheet.runs.actions.glance import data_to
from broadsheet.sources.dataset import Dimension, Metric
from broadsheet.sources.errors import SourceError
from broadsheet.sources.models import StoredDataset
from broadsheet.sources.queries import datasets as readable
from broadsheet.sources.queries import definition_of
from broadsheet.web.access_rules import member
from broadsheet.web.paging import words_of

from .words import sensitivities, stored_of


@require_safe
@member("source.read")
def datasets(request: HttpRequest) -> HttpResponse:
    """By name; ``?q=`` looks into names, descriptions, owners and fields, ``?sensitivity=`` and ``?source=`` narrow it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    words, chosen = words_of(request), {key: request.GET.get(key, "") for key in ("source", "sensitivity")}
    found = [_row(one) for one in readable(actor).order_by("label", "name")]
    shown = [one for one in found if _matches(one, words, chosen)]
    sources = sorted({str(one["source"]) for one in found})
    new = {"label": _("New dataset"), "href": reverse("web:settings-dataset-new"), "main": True}
    editor = bool(may_somewhere(actor, "source.edit"))
    context = {
        "section": "data",
        "acts": [new] if editor else [],
        "filters": {
            "action": request.path, "q": words, "placeholder": _("Filter by name, owner or field"),
            "selects": [
                _select("source", _("Source"), [(one, one) for one in sources], chosen),
                _select("sensitivity", _("Sensitivity"), list(sensitivities().items()), chosen),
            ],
        },
        "datasets": shown,
        "narrowed": bool(words or any(chosen.values())),
        "empty_acts": [new] if editor and not found else [],
    }  # fmt: skip
    return render(request, "pages/data.html", context)


@require_safe
@member("source.read")
def until(request: HttpRequest, name: str) -> HttpResponse:
    """Up to when one of them goes; asked for by itself, for a source may take its time."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    stored = stored_of(request, name)
    context: dict[str, Any] = {}
    try:
        context["until"] = data_to(actor, stored, now=timezone.now())
    except SourceError as error:
        context["error"] = str(error)
    return render(request, "partials/data_until.html", context)


def _row(one: StoredDataset) -> dict[str, Any]:
    found = definition_of(one)
    fields: list[Dimension | Metric] = [*found.dataset.dimensions.values(), *found.dataset.metrics.values()]
    searched = [one.name, found.label, found.description, found.owner]
    searched += [f"{field.name} {field.label}" for field in fields]
    return {
        "href": reverse("web:data-set", args=[one.name]), "name": one.name, "label": str(one), "about": found.description,
        "source": found.source, "owner": found.owner, "sensitivity": found.sensitivity,
        "sensitivity_word": sensitivities()[found.sensitivity], "certified": found.certified,
        "until": reverse("web:data-until", args=[one.name]) if found.as_of else "",
        "searched": " ".join(searched).casefold(),
    }  # fmt: skip


def _matches(one: dict[str, Any], words: str, chosen: dict[str, str]) -> bool:
    narrowed = all(not value or one[key] == value for key, value in chosen.items())
    return narrowed and all(word in one["searched"] for word in words.casefold().split())


def _select(name: str, label: str, choices: list[tuple[str, str]], chosen: dict[str, str]) -> dict[str, Any]:
    every = [{"value": "", "label": _("any")}, *({"value": value, "label": text} for value, text in choices)]
    return {"name": name, "label": label, "value": chosen[name], "choices": every}
