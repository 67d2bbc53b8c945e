"""Sources that are copied: how it stands with the copy, and the two things that can be done with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from broadsheet.core.document.loading import DefinitionError
from broadsheet.core.policy import Actor
from broadsheet.plugins import UnknownPart
from broadsheet.sources.actions.starter import make_starter
from broadsheet.sources.actions.sync import sync_source
from broadsheet.sources.copying import copying
from broadsheet.sources.errors import SourceError, UnknownSource
from broadsheet.sources.models import Source, SourceCopy
from broadsheet.sources.queries import sources
from broadsheet.web.access_rules import member
from broadsheet.web.telling import moment


@require_POST
@member("source.edit")
def sync(request: HttpRequest, name: str) -> HttpResponse:
    """Fetch what came since, as long as a person would wait."""
    try:
        done = sync_source(request.actor, name, now=timezone.now())  # type: ignore[attr-defined]
    except UnknownSource as error:
        raise Http404 from error
    except SourceError as error:
        messages.error(request, str(error))
        return _back(name)
    if done.copy.said:
        messages.error(request, f"{done.copy.source}: {done.copy.said}")
    else:
        said = ngettext("%(n)s new event.", "%(n)s new events.", done.new) % {"n": f"{done.new:,}"}
        rest = "" if done.whole else _("There is more; it comes by itself.")
        messages.success(request, f"{done.copy.source}: {said} {rest}".strip())
    return _back(name)


@require_POST
@member("source.edit")
def starter(request: HttpRequest, name: str) -> HttpResponse:
    """Make the dataset that the source begins with, and show it."""
    try:
        made, _effect = make_starter(request.actor, name, now=timezone.now())  # type: ignore[attr-defined]
    except UnknownSource as error:
        raise Http404 from error
    except (SourceError, DefinitionError) as error:
        messages.error(request, str(error))
        return _back(name)
    messages.success(request, _("The dataset “%(name)s” is there. Reports can ask it.") % {"name": made.name})
    return redirect("web:settings-dataset", made.name)


def begin_with(request: HttpRequest, name: str) -> None:
    """A new source that is copied gets its first dataset at once; its events come within a minute."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    source = sources(actor).filter(name=name).first()
    if source is None or not is_copied(source):
        return
    try:
        made, _effect = make_starter(actor, name, now=timezone.now())
    except (SourceError, DefinitionError) as error:
        messages.error(request, str(error))
        return
    messages.success(request, _("The dataset “%(name)s” is there. Reports can ask it.") % {"name": made.name})


def copy_facts(source: Source) -> list[dict[str, str]]:
    """What the copy holds and how fresh it is; nothing for a source without one."""
    if not is_copied(source):
        return []
    copy: SourceCopy | None = getattr(source, "copy", None)
    if copy is None or copy.tried_at is None:
        return [{"term": _("Events held"), "value": _("none yet; they are fetched within a minute")}]
    facts = [
        {"term": _("Events held"), "value": f"{copy.rows:,} ({filesizeformat(copy.size)})"},
        {"term": _("Last event"), "value": moment(copy.last_at) if copy.last_at else _("none")},
        {"term": _("Last sync"), "value": moment(copy.synced_at) if copy.synced_at else _("not finished yet")},
    ]
    if copy.said and copy.said != source.verdict:
        facts.append({"term": _("What went wrong"), "value": f"{copy.said} ({moment(copy.tried_at)})"})
    return facts


def copy_acts(source: Source, datasets: int) -> list[dict[str, Any]]:
    """“Sync now”, and “Make a dataset” as long as there is none."""
    if not is_copied(source):
        return []
    found: list[dict[str, Any]] = [
        {
            "label": _("Sync now"), "action": reverse("web:settings-source-sync", args=[source.name]),
            "outlined": True, "tight": True, "busy": _("Fetching"),
        }
    ]  # fmt: skip
    if not datasets:
        found.append(
            {
                "label": _("Make a dataset to begin with"),
                "action": reverse("web:settings-source-starter", args=[source.name]),
            }
        )
    return found


def is_copied(source: Source) -> bool:
    """Whether it is answered from a copy; not where its engine is not installed."""
    try:
        return copying(source.engine) is not None
    except UnknownPart:
        return False


def _back(name: str) -> HttpResponse:
    return redirect(f"{reverse('web:settings-sources')}#{name}")
