"""A channel's limits and breaker on its page: as fields, read back, and how they stand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from broadsheet.core.document.loading import DefinitionError
from broadsheet.delivery.limits import PERIODS, BreakerDefinition
from broadsheet.delivery.models import StoredChannel
from broadsheet.delivery.standing import Standing, Use
from broadsheet.web import telling

Shown = dict[str, Any]
RATES = ("at_once", *PERIODS)
MEGABYTES = "megabytes"
RATE = re.compile(r"(\d{1,9})\s*(?:/\s*(minute|hour|day)|at once)", re.IGNORECASE)
PREFIX = "limit-"
DOMAINS, FAILURES = "domains", "failures"


def limits_posted(limits: Mapping[str, Any], breaker: Mapping[str, Any]) -> Shown:
    """What the form would send if these (a definition's) stood in it, by field."""
    domains = "\n".join(f"{name}: {_rates_words(rates)}" for name, rates in limits.get("domains", {}).items())
    rates = {name: str(limits.get(name, "")) for name in RATES}
    rates[MEGABYTES] = f"{limits[MEGABYTES]:g}" if MEGABYTES in limits else ""
    return {**rates, DOMAINS: domains, FAILURES: str(breaker.get("failures", BreakerDefinition().failures))}


def limits_from(given: Mapping[str, str], breaker: Mapping[str, Any]) -> tuple[Shown, Shown]:
    """Limits and breaker of a definition, as the form's fields (*given*, a POST) say; of the *breaker* what the form does not
    show stays. What cannot be read goes in as it is, for the definition's own check to name."""
    limits: Shown = {}
    for name in RATES:
        text = given.get(PREFIX + name, "").strip()
        limits |= {name: _whole(text)} if text else {}
    large = given.get(PREFIX + MEGABYTES, "").strip()
    limits |= {MEGABYTES: _number(large)} if large else {}
    lines = [line.strip() for line in given.get(PREFIX + DOMAINS, "").splitlines() if line.strip()]
    domains = dict(map(_domain, lines))
    limits |= {DOMAINS: domains} if domains else {}
    failures = given.get(PREFIX + FAILURES, "").strip()
    kept = {name: value for name, value in breaker.items() if name != "failures"}
    if failures and failures != str(BreakerDefinition().failures):
        kept["failures"] = _whole(failures)
    return limits, kept


def limit_fields(shown: Mapping[str, str], *, within: str, errors: Mapping[str, list[str]]) -> list[Shown]:
    """The fields, filled; *within* makes ids differ between forms."""
    labels = {
        "at_once": _("At once, at most"), "per_minute": _("A minute, at most"), "per_hour": _("An hour, at most"),
        "per_day": _("A day, at most"),
    }  # fmt: skip
    found = [
        _field(name, label, shown, within=within, errors=errors, kind="number", attrs={"min": 1})
        for name, label in labels.items()
    ]
    by_domain = _("One a line, such as example.com: 100/hour, 2 at once. A * stands for each other domain.")
    alone = _("Then it is tried only now and then, until it works again; what waits is no try.")
    large = _("What is larger is held before it is sent. Empty: 25 by e-mail, else anything.")
    return [
        *found,
        _field(
            MEGABYTES, _("Megabytes of files, at most"), shown, within=within, errors=errors, kind="number", hint=large,
            attrs={"min": 0, "step": "any"},
        ),
        _field(DOMAINS, _("By recipients’ domain"), shown, within=within, errors=errors, kind="textarea", hint=by_domain,
            attrs={"rows": 3},
        ),
        _field(
            FAILURES, _("Left alone after so many failures in a row"), shown, within=within, errors=errors, kind="number",
            hint=alone, attrs={"min": 1, "max": 100},
        ),
    ]  # fmt: skip


def limit_errors(error: DefinitionError) -> dict[str, list[str]]:
    """What is wrong with limits and breaker, by field."""
    found: dict[str, list[str]] = {}
    for problem in error.problems:
        parts = problem.path.split(".")
        if parts[0] in ("limits", "breaker") and len(parts) > 1:
            found.setdefault(parts[1], []).append(f"{problem.message} {problem.fix}".strip())
    return found


def limit_facts(standing: Standing, *, ledger: str) -> list[Shown]:
    """What is used of each limit, and what waits; *ledger* is where those deliveries are listed."""
    facts: list[Shown] = [{"term": use_name(use), "value": use_words(use)} for use in standing.limits]
    waiting = standing.limited + standing.left_alone
    if waiting:
        words = ngettext("%(n)d delivery", "%(n)d deliveries", waiting) % {"n": waiting}
        facts.append({"term": _("Waits for it"), "value": words, "href": ledger})
    return facts


def use_name(use: Use) -> str:
    names = {
        "at_once": _("At once"), "minute": _("In a minute"), "hour": _("In an hour"), "day": _("In a day"),
    }  # fmt: skip
    return f"{names[use.per]}, {use.domain}" if use.domain else names[use.per]


def use_words(use: Use) -> str:
    return _("%(used)d of %(most)d used, %(left)d left") % {"used": use.used, "most": use.most, "left": use.left}


def breaker_notice(channel: StoredChannel, standing: Standing, *, edits: bool) -> Shown | None:
    """That it is left alone: since when, why, what comes next; None where it is not."""
    if standing.since is None:
        return None
    waits = ngettext("%(n)d delivery waits.", "%(n)d deliveries wait.", standing.left_alone) % {
        "n": standing.left_alone
    }
    trial = _("It is tried again at %(at)s.") % {"at": telling.moment(standing.trial_at)} if standing.trial_at else ""
    act = {
        "label": _("Let it through now"), "action": reverse("web:settings-channel-let-through", args=[channel.name]),
        "outlined": True, "tight": True, "busy": _("Letting it through"),
    }  # fmt: skip
    return {
        "state": "failed" if standing.breaker == "open" else "retrying",
        "title": _("It fails and is left alone since %(at)s") % {"at": telling.moment(standing.since)},
        "text": f"“{standing.last_word}”",
        "points": [" ".join(filter(None, (trial, waits if standing.left_alone else "")))],
        "acts": [act] if edits else [],
    }


def _field(
    name: str, label: str, shown: Mapping[str, str], *, within: str, errors: Mapping[str, list[str]], kind: str,
    hint: str = "", attrs: Shown | None = None,
) -> Shown:  # fmt: skip
    return {
        "name": PREFIX + name, "id": f"id-{within}-limit-{name}", "label": label, "hint": hint, "kind": kind,
        "value": shown.get(name, ""), "errors": errors.get(name, []), "attrs": attrs or {}, "required": False,
    }  # fmt: skip


def _rates_words(rates: Mapping[str, Any]) -> str:
    """As `_domain` reads it."""
    said = [f"{rates[name]}/{name.removeprefix('per_')}" for name in PERIODS if rates.get(name)]
    return ", ".join([*said, *([f"{rates['at_once']} at once"] if rates.get("at_once") else [])])


def _domain(line: str) -> tuple[str, Any]:
    name, _colon, rest = line.partition(":")
    parts = [one.strip() for one in rest.split(",") if one.strip()]
    found = [RATE.fullmatch(one) for one in parts]
    if not found or not all(found):
        return name.strip(), rest.strip() or None
    rates = {f"per_{one[2].lower()}" if one[2] else "at_once": int(one[1]) for one in found if one}
    return name.strip(), rates


def _whole(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() else text


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
