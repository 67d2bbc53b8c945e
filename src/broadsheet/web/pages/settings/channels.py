"""Where reports go: channels with their verdicts, tried and tested from here."""

from __future__ import annotations

from collections.abc import Mapping
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
from broadsheet.delivery.actions.channels import check_channel, save_channel
from broadsheet.delivery.actions.gates import let_through
from broadsheet.delivery.actions.send_test import can_test, send_test
from broadsheet.delivery.errors import DeliveryError
from broadsheet.delivery.models import StoredChannel
from broadsheet.delivery.ports import CHANNELS, Channel, Receipt
from broadsheet.delivery.queries import channels as found_channels
from broadsheet.delivery.standing import Standing, standings
from broadsheet.plugins import UnknownPart
from broadsheet.web.access_rules import member

from .channel_limits import (
    PREFIX,
    breaker_notice,
    limit_errors,
    limit_facts,
    limit_fields,
    limits_from,
    limits_posted,
)
from .forms import Typed, Wrong, label_fields, setting_fields, typed, wrong_from
from .presenting import Tried, form_notice, setting_facts
from .subpages import frame

Results = dict[str, dict[str, Any]]


@require_safe
@member("channel.read")
def channels(request: HttpRequest) -> HttpResponse:
    """All channels; who may edit them finds a form in each."""
    return _page(request)


@require_POST
@member("channel.edit")
def add(request: HttpRequest, kind: str) -> HttpResponse:
    """A new channel of that kind."""
    given = typed(_kind(kind).descriptor.settings, request.POST)
    name, label = request.POST.get("name", "").strip(), request.POST.get("label", "").strip()
    if found_channels(request.actor).filter(name=name).exists():  # type: ignore[attr-defined]
        said = _("There is a channel “%(name)s” already. Choose another name.") % {"name": name}
        return _page(request, Tried("", kind, name, label, given, Wrong({"name": [said]}), _limits_typed(request)))
    return _keep(request, Tried("", kind, name, label, given), breaker={})


@require_POST
@member("channel.edit")
def change(request: HttpRequest, name: str) -> HttpResponse:
    """Other settings, another label, a secret anew."""
    channel = _channel(request, name)
    given = typed(_kind(channel.kind).descriptor.settings, request.POST)
    tried = Tried(name, channel.kind, name, request.POST.get("label", "").strip(), given)
    return _keep(request, tried, breaker=channel.breaker)


@require_POST
@member("channel.edit")
def test(request: HttpRequest, name: str) -> HttpResponse:
    """Try the settings without sending anything, and keep the verdict."""
    _channel(request, name)
    channel = check_channel(request.actor, name, now=timezone.now())  # type: ignore[attr-defined]
    say = messages.success if channel.ok else messages.error
    say(request, f"{channel}: {channel.verdict}")
    return redirect(f"{reverse('web:settings-channels')}#{name}")


@require_POST
@member("channel.edit")
def let(request: HttpRequest, name: str) -> HttpResponse:
    """Try what waits for a channel that is left alone since it failed."""
    channel = _channel(request, name)
    if let_through(request.actor, name, now=timezone.now()):  # type: ignore[attr-defined]
        messages.success(request, _("“%(name)s” is let through: what waited is tried now.") % {"name": channel})
    else:
        messages.info(request, _("“%(name)s” is not left alone.") % {"name": channel})
    return redirect(f"{reverse('web:settings-channels')}#{name}")


@require_POST
@member("channel.edit")
def send(request: HttpRequest, name: str) -> HttpResponse:
    """A small message through the channel to whoever asks, with what the other side said."""
    _channel(request, name)
    user = request.user
    try:
        receipt = send_test(
            request.actor,  # type: ignore[attr-defined]
            name, address=user.email, recipient=str(user), clock=timezone.now,  # type: ignore[union-attr]
        )  # fmt: skip
    except DeliveryError as error:
        messages.error(request, str(error))
        return redirect("web:settings-channels")
    return _page(request, results={name: _receipt(receipt, user.email)})  # type: ignore[union-attr]


def _receipt(receipt: Receipt, address: str) -> dict[str, Any]:
    accepted = receipt.state == "accepted"
    titles = {
        "accepted": _("The other side took the test for %(address)s"),
        "retry": _("The test for %(address)s was not taken now; later it may be"),
        "failed": _("The test for %(address)s was not taken"),
        "unconfirmed": _("The test for %(address)s was cut off; it may have arrived"),
    }
    return {
        "state": "ok" if accepted else "unconfirmed" if receipt.state == "unconfirmed" else "failed",
        "title": titles[receipt.state] % {"address": address},
        "text": receipt.proof,
        "wire": [
            {"at": f"{timezone.localtime(line.at):%H:%M:%S}", "ours": line.who == "we", "text": line.text}
            for line in receipt.transcript
        ],
    }


def _limits_typed(request: HttpRequest) -> dict[str, str]:
    names = [name for name in request.POST if name.startswith(PREFIX)]
    return {name.removeprefix(PREFIX): str(request.POST[name]) for name in names}


def _keep(request: HttpRequest, tried: Tried, *, breaker: Mapping[str, Any]) -> HttpResponse:
    limits, kept = limits_from(request.POST, breaker)
    data = {
        "kind": tried.part, "label": tried.label, "settings": tried.given.values, "limits": limits, "breaker": kept,
    }  # fmt: skip
    text = dump("channel", tried.name, {key: value for key, value in data.items() if value})
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        [loaded] = load(text, file="form")
        effect = save_channel(actor, loaded, now=timezone.now(), secrets=tried.given.secrets)
    except DefinitionError as error:
        wrong = wrong_from(error, besides={"limits", "breaker"})
        told = {name: said for name, said in wrong.fields.items() if name not in ("limits", "breaker")}
        shown = replace(tried, limits=_limits_typed(request))
        return _page(request, shown.but(Wrong({**told, **limit_errors(error)}, wrong.others)))
    if effect == "same":
        messages.info(request, _("Nothing was changed."))
    else:
        messages.success(request, _("“%(name)s” is kept. Try it, to see whether it works.") % {"name": tried.name})
    return redirect(f"{reverse('web:settings-channels')}#{tried.name}")


def _page(request: HttpRequest, tried: Tried | None = None, results: Results | None = None) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    editor, gives = bool(may(actor, "channel.edit")), bool(may(actor, "person.edit"))
    found = list(found_channels(actor))
    stands = standings(found)
    context = {
        **frame(actor, "settings-channels"),
        "headline": _("Channels"),
        "intro": _("Where reports go. “Try it” sends nothing; “Send a test to me” goes to your own address."),
        "things": [
            _thing(one, stands[one.pk], tried, (results or {}).get(one.name), editor=editor, gives=gives)
            for one in found
        ],
        "adds": [_add(kind, tried) for kind in CHANNELS.all()] if editor else [],
    }
    response = render(request, "pages/settings_setup.html", context, status=422 if tried else 200)
    response["Cache-Control"] = "no-store"
    return response


def _thing(
    channel: StoredChannel,
    standing: Standing,
    tried: Tried | None,
    result: dict[str, Any] | None,
    *,
    editor: bool,
    gives: bool,
) -> dict[str, Any]:
    try:
        descriptor = CHANNELS.get(channel.kind).descriptor
    except UnknownPart as error:
        return {"id": channel.name, "name": str(channel), "kind": str(error), "state": "failed"}
    thing: dict[str, Any] = {
        "id": channel.name,
        "name": str(channel),
        "kind": descriptor.label,
        "facts": [
            *setting_facts(descriptor.settings, channel.settings),
            *limit_facts(standing, ledger=f"{reverse('web:deliveries')}?channel={channel.name}&state=due,retrying"),
        ],
        "standing": breaker_notice(channel, standing, edits=editor),
        "state": {True: "ok", False: "failed", None: "due"}[channel.ok],
        "state_text": {True: _("in order"), False: _("not in order"), None: _("not tried yet")}[channel.ok],
        "verdict": channel.verdict,
        "checked_at": channel.checked_at,
        "acts": [{"label": _("Access"), "href": reverse("web:settings-grants", args=["channel", channel.name])}]
        if gives
        else [],
    }
    if editor:
        acts, more = thing["acts"], _editable(channel, tried, result)
        thing |= {**more, "acts": [*more["acts"], *acts]}
    return thing


def _editable(channel: StoredChannel, tried: Tried | None, result: dict[str, Any] | None) -> dict[str, Any]:
    mine = tried if tried and tried.of == channel.name else None
    settings = CHANNELS.get(channel.kind).descriptor.settings
    wrong = mine.wrong if mine else None
    kept = [one.name for one in settings if one.secret] if channel.sealed else []
    acts = [_act(_("Try it"), "settings-channel-test", channel, busy=_("Trying"))]
    if can_test(channel.kind):
        acts.append(_act(_("Send a test to me"), "settings-channel-send", channel, busy=_("Sending")))
    return {
        "acts": acts,
        "fields": [
            *label_fields(within=channel.name, label=mine.label if mine else channel.label, new=False, wrong=wrong),
            *setting_fields(
                settings, mine.given.values if mine else channel.settings, within=channel.name, kept=kept, wrong=wrong
            ),
            *limit_fields(
                mine.limits if mine else limits_posted(channel.limits, channel.breaker),
                within=channel.name,
                errors=wrong.fields if wrong else {},
            ),
        ],
        "action": reverse("web:settings-channel", args=[channel.name]),
        "result": form_notice(wrong),
        "receipt": result,
        "open": mine is not None,
    }


def _act(label: str, name: str, channel: StoredChannel, *, busy: str) -> dict[str, Any]:
    action = reverse(f"web:{name}", args=[channel.name])
    return {"label": label, "action": action, "outlined": True, "tight": True, "busy": busy}


def _add(kind: Channel, tried: Tried | None) -> dict[str, Any]:
    descriptor = kind.descriptor
    mine = tried if tried and not tried.of and tried.part == descriptor.id else None
    shown = mine or Tried("", descriptor.id, "", "", Typed({}, {}))
    within = f"add-{descriptor.id}"
    return {
        "id": descriptor.id,
        "label": descriptor.label,
        "about": descriptor.summary,
        "action": reverse("web:settings-channel-add", args=[descriptor.id]),
        "fields": [
            *label_fields(within=within, name=shown.name, label=shown.label, new=True, wrong=shown.wrong),
            *setting_fields(descriptor.settings, shown.given.values, within=within, wrong=shown.wrong),
            *limit_fields(shown.limits or limits_posted({}, {}), within=within, errors=shown.wrong.fields),
        ],
        "result": form_notice(shown.wrong),
        "open": mine is not None,
    }


def _kind(name: str) -> Channel:
    try:
        return CHANNELS.get(name)
    except UnknownPart as error:
        raise Http404 from error


def _channel(request: HttpRequest, name: str) -> StoredChannel:
    found = found_channels(request.actor).filter(name=name).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found
