"""A dataset: what can be asked of it and whose rows are whose; its text, to change it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from broadsheet.core.document.loading import DefinitionError, Loaded, dump
from broadsheet.core.policy import Actor, may
from broadsheet.sources import queries
from broadsheet.sources.actions.breaking import Breaking
from broadsheet.sources.actions.check_dataset import check_dataset
from broadsheet.sources.actions.save import save_dataset
from broadsheet.sources.models import StoredDataset
from broadsheet.web.access_rules import member
from broadsheet.web.definitions import one_document, problem_row
from broadsheet.web.pages.rights.things import access_of

from .subpages import frame


@require_safe
@member("source.read")
def dataset(request: HttpRequest, name: str) -> HttpResponse:
    """Its dimensions, metrics, row rules and SQL."""
    stored = _stored(request, name)
    definition = queries.definition_of(stored)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    edit = {"label": _("Edit"), "href": reverse("web:settings-dataset-edit", args=[name]), "outlined": True}
    context = {
        **frame(actor, "settings-sources"),
        "crumbs": _crumbs(),
        "headline": str(stored),
        "facts": _facts(stored),
        "acts": [edit] if may(actor, "source.edit") else [],
        "about": definition.description,
        "dimensions": definition.dataset.dimensions.values(),
        "metrics": definition.dataset.metrics.values(),
        "rules": definition.dataset.rows,
        "inner": [
            {"table": table, "column": rule.column, "attribute": rule.attribute}
            for table, rule in queries.inner_rules(stored)
        ],
        "text": stored.definition,
        "access": access_of(actor, "dataset", name),
    }
    return render(request, "pages/settings_dataset.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member("source.edit")
def edit(request: HttpRequest, name: str) -> HttpResponse:
    """Its text; keeping it is a new version at once."""
    stored = _stored(request, name)
    text = request.POST.get("text", "") if request.method == "POST" else stored.definition
    return _answer(request, text, stored=stored)


@require_http_methods(["GET", "HEAD", "POST"])
@member("source.edit")
def new(request: HttpRequest) -> HttpResponse:
    """A dataset that is not there yet; ``?source=`` names where it reads."""
    text = request.POST.get("text", "") if request.method == "POST" else _start(request.GET.get("source", ""))
    return _answer(request, text, stored=None)


def _start(source: str) -> str:
    data = {
        "source": source or "some-source",
        "label": "My dataset",
        "sql": "select day, place, cost\nfrom some_table\n",
        "time": "day",
        "dimensions": {"day": "date", "place": "text"},
        "metrics": {"entries": "count(*)", "cost": {"expression": "sum(cost)", "kind": "money"}},
    }
    return dump("dataset", "my-dataset", data)


def _answer(request: HttpRequest, text: str, *, stored: StoredDataset | None) -> HttpResponse:
    text = text.replace("\r\n", "\n")
    actor: Actor = request.actor  # type: ignore[attr-defined]
    context: dict[str, Any] = {}
    if request.method == "POST":
        keep = "check" not in request.POST
        if keep and stored is not None and request.POST.get("base") != str(stored.version):
            keep, context["overtaken"] = False, {"number": stored.version, "made_by": _("Somebody")}
        try:
            loaded = one_document(text, kind="dataset", name=stored.name if stored else "")
            if keep:
                return _kept(request, loaded, force="force" in request.POST)
            checked = check_dataset(actor, loaded)
            context["checked"] = {"effect": checked.effect, "difference": checked.difference}
        except DefinitionError as error:
            context["problems"] = [problem_row(problem, text) for problem in error.problems]
            context["breaking"] = isinstance(error, Breaking)
    status = 422 if context.get("problems") else 200
    return render(request, "pages/definition_form.html", {**_page(actor, stored, text), **context}, status=status)


def _kept(request: HttpRequest, loaded: Loaded, *, force: bool) -> HttpResponse:
    effect = save_dataset(request.actor, loaded, now=timezone.now(), force=force)  # type: ignore[attr-defined]
    if effect == "same":
        messages.info(request, _("Nothing differs, so nothing has changed."))
    else:
        messages.success(request, _("“%(name)s” is kept. Reports ask it so from now on.") % {"name": loaded.name})
    return redirect("web:settings-dataset", name=loaded.name)


def _page(actor: Actor, stored: StoredDataset | None, text: str) -> dict[str, Any]:
    here = [{"label": str(stored), "href": reverse("web:settings-dataset", args=[stored.name])}] if stored else []
    return {
        **frame(actor, "settings-sources"),
        "crumbs": [*_crumbs(), *here],
        "headline": _("Edit %(title)s") % {"title": stored} if stored else _("New dataset"),
        "field": {
            "name": "text", "label": _("Definition"), "kind": "code", "value": text, "required": True,
            "attrs": {"rows": min(40, max(16, text.count("\n") + 3)), "autocapitalize": "off", "autocomplete": "off"},
        },
        "base": stored.version if stored else "",
        "cancel": here[0]["href"] if here else reverse("web:settings-sources"),
        "save_label": _("Keep"),
    }  # fmt: skip


def _facts(stored: StoredDataset) -> list[dict[str, Any]]:
    return [
        {"term": _("Name"), "value": stored.name},
        {
            "term": _("Source"),
            "value": str(stored.source),
            "href": f"{reverse('web:settings-sources')}#{stored.source.name}",
        },
        {"term": _("Version"), "value": stored.version},
    ]


def _crumbs() -> list[dict[str, str]]:
    return [
        {"label": _("Settings"), "href": reverse("web:settings")},
        {"label": _("Sources"), "href": reverse("web:settings-sources")},
    ]


def _stored(request: HttpRequest, name: str) -> StoredDataset:
    found = queries.datasets(request.actor).filter(name=name).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found
