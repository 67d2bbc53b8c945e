"""The organization's brand: accent, logo and footer, seen on both papers before they are kept."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from broadsheet.access.queries import organization_of
from broadsheet.core.document.loading import DefinitionError, Loaded, dump, load
from broadsheet.core.policy import Actor, may
from broadsheet.core.theme import DEFAULT, Theme, ThemeError
from broadsheet.reports import queries
from broadsheet.reports.actions.save_brand import save_brand
from broadsheet.reports.brand_definition import LARGEST_LOGO, brand_from, picture_type
from broadsheet.reports.models import Brand
from broadsheet.web.access_rules import member

from .brand_sample import sample_page
from .forms import Wrong, wrong_from
from .subpages import frame


@require_http_methods(["GET", "HEAD", "POST"])
@member("brand.read")
def brand(request: HttpRequest) -> HttpResponse:
    """POST with ``check`` shows what the colours would be, and keeps nothing."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    now = _own(actor)
    if request.method != "POST":
        return _page(request, now, theme=queries.theme_from(now))
    given, wrong = _given(request, now)
    try:
        loaded = _loaded(given)
        theme = brand_from(loaded).theme()
        if "check" in request.POST or wrong.fields:
            return _page(request, given, theme=theme, wrong=wrong)
        effect = save_brand(actor, loaded, now=timezone.now())
    except DefinitionError as error:
        found = wrong_from_brand(error)
        return _page(request, given, theme=queries.theme_from(now), wrong=found)
    if effect == "same":
        messages.info(request, _("Nothing was changed."))
    else:
        messages.success(request, _("The brand is kept. Pages wear it now, files and mails from the next run on."))
    return redirect("web:settings-brand")


@require_safe
@member("brand.read")
def preview(request: HttpRequest) -> HttpResponse:
    """The head of a report in the brand, with the accent and words of the query in place of those kept."""
    own = _own(request.actor)  # type: ignore[attr-defined]
    own.label = request.GET.get("label", own.label)[:200] or own.label
    own.accent = request.GET.get("accent", own.accent)
    own.footer = request.GET.get("footer", own.footer)[:300]
    try:
        theme = queries.theme_from(own)
    except ThemeError:
        theme = DEFAULT
    return sample_page(theme, organization=organization_of(request.actor).name)  # type: ignore[attr-defined]


def _own(actor: Actor) -> Brand:
    """The organization's own brand, or an unsaved one in the product's look."""
    found = queries.brands(actor).filter(default=True).first()
    if found is not None:
        return found
    organization = organization_of(actor)
    return Brand(
        organization_id=organization.pk, name=organization.slug, label=organization.name, accent=DEFAULT.light.accent,
        default=True,
    )  # fmt: skip


def _given(request: HttpRequest, now: Brand) -> tuple[Brand, Wrong]:
    """The brand as the form says, unsaved; a logo that was not sent stays as it is."""
    shown = Brand(
        organization_id=now.organization_id, name=now.name, default=True, logo=now.logo, logo_type=now.logo_type
    )
    shown.label = request.POST.get("label", "").strip() or now.label
    shown.accent = request.POST.get("accent", "").strip()
    shown.footer = request.POST.get("footer", "").strip()
    file = request.FILES.get("logo")
    if file is None:
        if request.POST.get("no_logo"):
            shown.logo, shown.logo_type = None, ""
        return shown, Wrong()
    if file.size is not None and file.size > LARGEST_LOGO:
        said = _("The logo has %(n)s bytes. Make it smaller than %(most)s.")
        return shown, Wrong({"logo": [said % {"n": f"{file.size:,}", "most": f"{LARGEST_LOGO:,}"}]})
    data = file.read()
    try:
        kind = picture_type(data)
        if kind == "image/svg+xml":
            data = data.decode("utf-8-sig").strip().encode()
    except ValueError as error:
        return shown, Wrong({"logo": [str(error).replace(" | ", " ")]})
    shown.logo, shown.logo_type = data, kind
    return shown, Wrong()


def _loaded(brand: Brand) -> Loaded:
    data: dict[str, Any] = {"label": brand.label, "accent": brand.accent, "footer": brand.footer}
    if brand.logo:
        raw = bytes(brand.logo)
        data["logo"] = raw.decode() if brand.logo_type == "image/svg+xml" else base64.b64encode(raw).decode()
    text = dump("brand", brand.name, {**{key: value for key, value in data.items() if value}, "default": True})
    [loaded] = load(text, file="form")
    return loaded


def wrong_from_brand(error: DefinitionError) -> Wrong:
    """Its keys are the form's fields, so each problem has one."""
    known = {"label", "accent", "logo", "footer"}
    fields: dict[str, list[str]] = {}
    for problem in error.problems:
        if problem.path in known:
            fields.setdefault(problem.path, []).append(f"{problem.message} {problem.fix}".strip())
    others = tuple(f"{one.message} {one.fix}".strip() for one in error.problems if one.path not in known)
    return Wrong(fields, others) if fields or others else wrong_from(error)


def _page(request: HttpRequest, shown: Brand, *, theme: Theme, wrong: Wrong | None = None) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    editor = bool(may(actor, "brand.edit"))
    failed = bool(wrong and (wrong.fields or wrong.others))
    query = urlencode({"label": shown.label, "accent": shown.accent, "footer": shown.footer})
    context = {
        **frame(actor, "settings-brand"),
        "form": {
            "action": request.path,
            "fields": _fields(shown, (wrong or Wrong()).fields),
            "upload": True,
            "checkable": True,
        } if editor else None,
        "facts": _facts(shown),
        "others": (wrong or Wrong()).others,
        "light": theme.light,
        "dark": theme.dark,
        "notes": theme.notes,
        "checked": request.method == "POST" and not failed,
        "preview_src": f"{reverse('web:settings-brand-preview')}?{query}",
    }  # fmt: skip
    return render(request, "pages/settings_brand.html", context, status=422 if failed else 200)


def _fields(shown: Brand, wrong: Any) -> list[dict[str, Any]]:
    kept = _("One is kept (%(kind)s). ") % {"kind": shown.logo_type} if shown.logo else ""
    fields: list[dict[str, Any]] = [
        {
            "name": "label", "label": _("Brand name"), "value": shown.label, "required": True,
            "errors": wrong.get("label", []), "attrs": {"maxlength": 200},
        },
        {
            "name": "accent", "label": _("Accent"), "value": shown.accent, "required": True,
            "errors": wrong.get("accent", []), "hint": _("One colour, as # and six hexadecimal digits."),
            "attrs": {"pattern": "#[0-9A-Fa-f]{6}", "maxlength": 7, "spellcheck": "false", "autocomplete": "off"},
        },
        {
            "name": "logo", "label": _("Logo"), "kind": "file", "errors": wrong.get("logo", []),
            "hint": kept + _("SVG, PNG or JPEG, up to 300 kB."),
            "attrs": {"accept": ".svg,.png,.jpg,.jpeg,image/svg+xml,image/png,image/jpeg"},
        },
    ]  # fmt: skip
    if shown.logo:
        fields.append({"name": "no_logo", "label": _("Take the logo away"), "kind": "checkbox", "value": False})
    fields.append(
        {
            "name": "footer", "label": _("Footer of every file"), "value": shown.footer,
            "errors": wrong.get("footer", []), "attrs": {"maxlength": 300},
        }
    )  # fmt: skip
    return fields


def _facts(shown: Brand) -> list[dict[str, str]]:
    facts = [(_("Name"), shown.label), (_("Accent"), shown.accent), (_("Footer"), shown.footer)]
    return [{"term": term, "value": value} for term, value in facts if value]
