"""Where data lives: connections with their verdicts, and the datasets over each."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from broadsheet.core.document.loading import DefinitionError, dump, load
from broadsheet.core.policy import Actor, may
from broadsheet.plugins import Setting, UnknownPart
from broadsheet.sources.actions.check import check_source
from broadsheet.sources.actions.rules import PERMISSION, may_place
from broadsheet.sources.actions.save import save_source
from broadsheet.sources.models import Source
from broadsheet.sources.ports import ENGINES, WAREHOUSE, Engine
from broadsheet.sources.queries import source_definition
from broadsheet.sources.queries import sources as found_sources
from broadsheet.web.access_rules import member

from .copies import begin_with, copy_acts, copy_facts
from .forms import Typed, Wrong, label_fields, setting_fields, typed, wrong_from
from .presenting import Tried, form_notice, setting_facts
from .subpages import frame
from .table_rules import FIELD, TABLES, Unreadable, lines_of, tables_of


@require_safe
@member("source.read")
def sources(request: HttpRequest) -> HttpResponse:
    """All sources; who may edit them finds a form in each."""
    return _page(request)


@require_POST
@member("source.edit")
def add(request: HttpRequest, engine: str) -> HttpResponse:
    """A new source of that engine."""
    kind = _engine(engine)
    given = typed(form_settings(kind), request.POST)
    name, label = request.POST.get("name", "").strip(), request.POST.get("label", "").strip()
    if found_sources(request.actor).filter(name=name).exists():  # type: ignore[attr-defined]
        said = _("There is a source “%(name)s” already. Choose another name.") % {"name": name}
        return _page(request, Tried("", engine, name, label, given, Wrong({"name": [said]})))
    return _keep(request, Tried("", engine, name, label, given))


@require_POST
@member("source.edit")
def change(request: HttpRequest, name: str) -> HttpResponse:
    """Other settings, another label, a secret anew."""
    source = _source(request, name)
    given = typed(form_settings(_engine(source.engine)), request.POST)
    tried = Tried(name, source.engine, name, request.POST.get("label", "").strip(), given)
    if request.POST.get("base") != base_of(source):
        return _page(request, _overtaken(tried, source))
    return _keep(request, tried, kept=source)


@require_POST
@member("source.edit")
def test(request: HttpRequest, name: str) -> HttpResponse:
    """Connect, look at the tables, and keep the verdict."""
    _source(request, name)
    source = check_source(request.actor, name, now=timezone.now())  # type: ignore[attr-defined]
    say = messages.success if source.ok else messages.error
    say(request, f"{source}: {source.verdict}")
    return redirect(f"{reverse('web:settings-sources')}#{name}")


def _overtaken(tried: Tried, source: Source) -> Tried:
    """The form with what is kept now: what was typed was meant for something else, rules on tables among it."""
    said = _("“%(name)s” was changed since this form was opened. It shows what is kept now: make your change again.")
    return replace(
        tried, label=source.label, given=Typed(_values(source), {}), wrong=Wrong({}, (said % {"name": source.name},))
    )


def _keep(request: HttpRequest, tried: Tried, *, kept: Source | None = None) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    settings = ENGINES.get(tried.part).descriptor.settings
    secret = [one.name for one in settings if one.secret]
    values = {key: value for key, value in tried.given.values.items() if key != TABLES}
    try:
        tables = tables_of(request.POST, kept)
    except Unreadable as error:
        return _page(request, tried.but(Wrong({TABLES: [str(error)]})))
    data: dict[str, Any] = {"engine": tried.part, "label": tried.label, "settings": values, TABLES: tables}
    if secret:
        data["secrets"] = secret
    text = dump("source", tried.name, {key: value for key, value in data.items() if value})
    try:
        [loaded] = load(text, file="form")
        effect = save_source(actor, loaded, now=timezone.now(), secrets=tried.given.secrets)
    except DefinitionError as error:
        shown = (TABLES,) if may(actor, PERMISSION) else ()
        return _page(request, tried.but(wrong_from(error, besides=shown)))
    if effect == "same":
        messages.info(request, _("Nothing was changed."))
    else:
        messages.success(request, _("“%(name)s” is kept. Try it, to see whether it answers.") % {"name": tried.name})
    if kept is None:
        begin_with(request, tried.name)
    return redirect(f"{reverse('web:settings-sources')}#{tried.name}")


def _adds(actor: Actor, tried: Tried | None, *, may_add: bool) -> dict[str, Any]:
    """What can be added: files and databases, and warehouses apart, whose clients are installed by themselves."""
    engines = list(ENGINES.all()) if may_add else []
    apart = [one for one in engines if WAREHOUSE in one.descriptor.capabilities]
    return {
        "adds": [_add(engine, actor, tried) for engine in engines if engine not in apart],
        "more_adds": [_add(engine, actor, tried) for engine in apart],
        "more_title": _("Add a warehouse"),
    }


def _page(request: HttpRequest, tried: Tried | None = None) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    editor = bool(may(actor, "source.edit"))
    context = {
        **frame(actor, "settings-sources"),
        "headline": _("Sources"),
        "intro": _("Where data lives. Every query is one that only reads; what a reader may see is decided here."),
        "things": [_thing(one, actor, tried) for one in found_sources(actor).select_related("copy")],
        **_adds(actor, tried, may_add=editor and may_place(actor)),
        "template": "source",
    }
    return render(request, "pages/settings_setup.html", context, status=422 if tried else 200)


def form_settings(engine: Engine) -> tuple[Setting, ...]:
    """What the form asks for: the engine's own settings, and the rules that any source may have; see `_asked`."""
    return (*engine.descriptor.settings, FIELD)


def _thing(source: Source, actor: Actor, tried: Tried | None) -> dict[str, Any]:
    mine = tried if tried and tried.of == source.name else None
    try:
        descriptor = ENGINES.get(source.engine).descriptor
    except UnknownPart as error:
        return {"id": source.name, "name": str(source), "kind": str(error), "state": "failed", "datasets": []}
    thing = {
        "id": source.name,
        "name": str(source),
        "kind": descriptor.label,
        "facts": [*setting_facts((*descriptor.settings, FIELD), _values(source)), *copy_facts(source)],
        "state": {True: "ok", False: "failed", None: "due"}[source.ok],
        "state_text": {True: _("answers"), False: _("does not answer"), None: _("not tried yet")}[source.ok],
        "verdict": source.verdict,
        "checked_at": source.checked_at,
        "datasets": [
            {"name": str(one), "id": one.name, "href": reverse("web:settings-dataset", args=[one.name])}
            for one in source.datasets.all()
        ],
    }
    if may(actor, "source.edit"):
        thing |= _editable(source, actor, mine)
    return thing


def base_of(source: Source) -> str:
    """What a form over *source* was opened on: it differs as soon as anybody keeps another definition."""
    return hashlib.sha256(source.definition.encode()).hexdigest()[:16]


def _values(source: Source) -> dict[str, Any]:
    return {**source.settings, TABLES: lines_of(source_definition(source))}


def _asked(engine: Engine, actor: Actor) -> tuple[Setting, ...]:
    return form_settings(engine) if may(actor, PERMISSION) else engine.descriptor.settings


def _editable(source: Source, actor: Actor, tried: Tried | None) -> dict[str, Any]:
    settings = _asked(ENGINES.get(source.engine), actor)
    values = tried.given.values if tried else _values(source)
    label = tried.label if tried else source.label
    wrong = tried.wrong if tried else None
    kept = [one.name for one in settings if one.secret] if source.sealed else []
    test_it = {"label": _("Try it"), "action": reverse("web:settings-source-test", args=[source.name])}
    dataset = {"label": _("New dataset"), "href": f"{reverse('web:settings-dataset-new')}?source={source.name}"}
    return {
        "acts": [
            test_it | {"outlined": True, "tight": True, "busy": _("Trying")},
            *copy_acts(source, len(source.datasets.all())),
            dataset,
        ],
        "fields": [
            *label_fields(within=source.name, label=label, new=False, wrong=wrong),
            *setting_fields(settings, values, within=source.name, kept=kept, wrong=wrong),
        ],
        "base": base_of(source),
        "action": reverse("web:settings-source", args=[source.name]),
        "result": form_notice(wrong),
        "open": tried is not None,
    }


def _add(engine: Engine, actor: Actor, tried: Tried | None) -> dict[str, Any]:
    descriptor = engine.descriptor
    mine = tried if tried and not tried.of and tried.part == descriptor.id else None
    shown = mine or Tried("", descriptor.id, "", "", Typed({}, {}))
    return {
        "id": descriptor.id,
        "label": descriptor.label,
        "about": descriptor.summary,
        "action": reverse("web:settings-source-add", args=[descriptor.id]),
        "fields": [
            *label_fields(
                within=f"add-{descriptor.id}", name=shown.name, label=shown.label, new=True, wrong=shown.wrong
            ),
            *setting_fields(
                _asked(engine, actor), shown.given.values, within=f"add-{descriptor.id}", wrong=shown.wrong
            ),
        ],
        "result": form_notice(shown.wrong),
        "open": mine is not None,
    }


def _engine(name: str) -> Engine:
    try:
        return ENGINES.get(name)
    except UnknownPart as error:
        raise Http404 from error


def _source(request: HttpRequest, name: str) -> Source:
    found = found_sources(request.actor).filter(name=name).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found
