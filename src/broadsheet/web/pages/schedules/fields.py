"""The form's fields as `templatetags.fields.as_field` takes them, filled with what was typed or stands in a definition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from django.http import QueryDict
from django.utils.translation import gettext as _

from broadsheet.core.document.definition import ReportDefinition
from broadsheet.core.document.parameters import parameter_fields
from broadsheet.core.document.periods import PeriodCalendars
from broadsheet.core.policy import Reader
from broadsheet.schedules.recipients import file_formats
from broadsheet.web.pages.reports.presenting import parameter_field

from .details.folds import folds, names_of
from .drafts import FORMATS_OF, PARAMETER, PEOPLE
from .proposing import PROPOSED
from .rule.choices import Choices
from .rule.fields import Make, rule_fields
from .rule.settling import BY, RULE, SAID
from .starting import Offer

Data = dict[str, Any]
Errors = Mapping[str, list[Any]]
SILENT = {
    "what",
    "side",
    "unit",
    "edge",
    "offset_unit",
    "offset_side",
}  # parts of a line that says what is wrong elsewhere


def shown(
    post: QueryDict,
    offered: Offer,
    errors: Errors,
    *,
    new: bool,
    chosen: Choices,
    said: Mapping[str, str],
    told: Data | None = None,
) -> Data:
    """The template's fields by name, columns, formats by channel, folded parts (*said*: what is set in each, *told*: when its figure would have let it go on), and what is
    suggested while typing."""
    one = _Maker(post, errors)
    rule = rule_fields(one, one.many, chosen, kind=post.get("every", ""))
    fields = {
        **_what(one, offered, new=new),
        **rule,
        **_whom(one, offered),
        **_policies(one),
        "ask": ask(one),
    }
    return {
        "fields": fields,
        "columns": [one(f"column-{name}", label, attrs=_plain(list="columns")) for name, label in _columns()],
        "formats": [
            _formats(one, name, label) for name, label in _with_lost(post.getlist("channels"), offered.channels, None)
        ],
        "folds": folds(one, post, offered, said, told),
        "metrics": sorted({name for names in offered.metrics.values() for name in names}),
        "zones": zones(),
        "calendars": chosen.calendars,
        "hidden": [{"name": name, "value": post.get(name, "")} for name in (PROPOSED, RULE, SAID, BY)],
        "dimensions": sorted({name for names in offered.datasets.values() for name in names}),
    }


@dataclass(frozen=True, slots=True)
class _Maker:
    """Fields with what was typed and what is wrong with it."""

    post: QueryDict
    errors: Errors

    def __call__(self, name: str, label: str, kind: str = "text", *, things: bool = False, **more: Any) -> Data:
        """*things*: the choices are names of things, of which one may be gone or out of reach; it stays a choice then."""
        found: Data = {"name": name, "label": label, "kind": kind, "errors": self.errors.get(name, [])}
        many = kind in ("words", "checks")
        chosen = self.post.getlist(name) if many else [self.post.get(name, "")]
        if things:
            more["choices"] = _with_lost(chosen, more["choices"], more.get("more"))
        return {**found, "value": chosen if many else chosen[0], **more}

    def many(self, name: str, label: str, choices: list[tuple[str, Any]], **more: Any) -> Data:
        return self(name, label, "words", choices=choices, **more)


def _with_lost(chosen: Sequence[str], choices: Sequence[Any], more: Mapping[str, Any] | None) -> list[Any]:
    """*choices*, and after them what is *chosen* and not among them or *more*: else a browser would send another, or none."""
    known = {str(value) for value, *_label in (*choices, *(more["choices"] if more else ()))}
    lost = [name for name in dict.fromkeys(chosen) if name and name not in known]
    return [*choices, *((name, _("%(name)s (gone, or not yours to see)") % {"name": name}) for name in lost)]


def ask(one: Make) -> Data:
    """The field that asks about a day; it belongs to the form wherever it stands."""
    hint = _("Why it fires on a day, or why not: such as 25 Dec 2026.")
    return one("ask", _("Ask about a day"), hint=hint, attrs=_plain(form="schedule", placeholder="25 Dec 2026"))


def _what(one: _Maker, offered: Offer, *, new: bool) -> Data:
    found = {
        "title": one("title", _("Title"), hint=_("How people see it."), attrs={"maxlength": 200}),
        "report": one("report", _("Report"), "select", things=True, choices=offered.reports),
    }
    if new:
        hint = _("Part of addresses and files; it stays. Empty: made of the title.")
        return {
            "title": found["title"],
            "name": one("name", _("Name"), hint=hint, attrs=_plain(maxlength=100)),
            **found,
        }
    return found


def _whom(one: _Maker, offered: Offer) -> Data:
    names = [(name, f"{label} ({name})") for name, label in offered.labels.items()]
    likely = [pair for pair in names if pair[0] in offered.reachable]
    likely.append((PEOPLE, _("A list of people, written here")))
    others = [pair for pair in names if pair[0] not in offered.reachable]
    lines = _(
        "One a line: Mara Lindqvist, mara@example.com, Europe/London, en-GB, pdf, region=north; an hour of their own as 06:30. “team: sales” and “contact: bo” stand for whom you keep under Settings."
    )
    columns = _("Columns of the audience, with commas between. Row rules compare them, texts say {reader.column}.")
    subject = _("May hold {title}, {period} and {reader.name}; empty: title and period.")
    found = {
        "audience": one(
            "audience",
            _("Audience"),
            "select",
            things=True,
            choices=likely,
            more={"label": _("All datasets"), "choices": others} if others else None,
            hint=_("A dataset with one row for each recipient, or people by name."),
        ),
        "people": one("people", _("People"), "textarea", hint=lines, attrs={"rows": 5, "spellcheck": "false"}),
        "attributes": one(
            "attributes", _("What each recipient may see, and what texts say about them"), hint=columns, attrs=_plain()
        ),
        "channels": one.many("channels", _("Channels"), offered.channels, things=True),
        "subject": one("subject", _("Subject of mails"), hint=subject),
        "why": one("why", _("Why the recipient gets it"), hint=_("At the foot of each mail, in one sentence.")),
    }
    if len(offered.brands) > 1 or one.post.get("brand"):
        own = ("", _("the organization’s own"))
        found["brand"] = one("brand", _("Brand"), "select", things=True, choices=[own, *offered.brands])
    return found


def _policies(one: _Maker) -> Data:
    misfire = [("once", _("run once, late")), ("all", _("run all that were missed")), ("skip", _("leave them out"))]
    overlap = [("queue", _("wait for it")), ("skip", _("skip this one")), ("cancel", _("stop the earlier"))]
    empty = [("send", _("send a report that says so")), ("skip", _("send nothing"))]
    ends = _("What is not accepted by then expires, and says so.")
    hours, days = {"min": 0.1, "max": 744, "step": "any"}, {"min": 0, "max": 8784, "step": "any"}
    return {
        "misfire": one("misfire", _("When nothing was running then"), "radios", choices=misfire),
        "overlap": one("overlap", _("When the last run still goes"), "radios", choices=overlap),
        "empty": one("empty", _("When a recipient has no rows"), "radios", choices=empty),
        "deadline": one("deadline", _("Sending ends after (hours)"), "number", attrs=hours, hint=ends),
        "catch_up": one("catch_up", _("Make up for firings not older than (hours)"), "number", attrs=days),
    }


def _columns() -> list[tuple[str, str]]:
    return [
        ("key", _("Key")), ("name", _("Name")), ("address", _("Address")), ("language", _("Language")),
        ("zone", _("Zone")), ("currency", _("Currency")), ("formats", _("Formats")), ("at", _("Preferred hour")),
        ("hours", _("Working hours")), ("calendar", _("Calendar")),
        ("fallback", _("Channel that takes over")), ("fallback_address", _("Address on that")),
    ]  # fmt: skip


def _formats(one: _Maker, name: str, label: str) -> Data:
    choices = [(form, form.upper()) for form in file_formats()]
    title = _("Files by %(channel)s") % {"channel": label}
    return one.many(f"{FORMATS_OF}{name}", title, choices, things=True, hint=_("None pressed: each recipient’s own."))


def parameters(
    report: ReportDefinition | None, post: QueryDict, errors: Errors, *, now: Any, calendars: PeriodCalendars
) -> list[Data]:
    """The report's own parameters as fields; periods are counted from each firing, by *calendars*."""
    if report is None:
        return []
    given = {name: str(post[f"{PARAMETER}{name}"]) for name in report.parameters if f"{PARAMETER}{name}" in post}
    found = []
    for one in parameter_fields(report, reader=Reader("", ""), now=now, given=given, calendars=calendars):
        shaped = parameter_field(one)
        name = f"{PARAMETER}{one.name}"
        shaped |= {"name": name, "errors": errors.get(name, [])}
        if one.kind == "period":
            shaped["hint"] = _("As of each firing.")
        found.append(shaped)
    return found


def on_the_page(form: Data, given: list[Data], *, audience: str) -> set[str]:
    """Names of the fields of *form* (see `shown`) and of the parameters that somebody sees with that audience chosen."""
    shown = (*form["fields"].values(), *form["formats"], *given)
    found = ({str(one["name"]) for one in shown if "name" in one} | names_of(form["folds"])) - SILENT
    columns = {str(one["name"]) for one in form["columns"]}
    return (found | {"people"}) - {"attributes"} if audience == PEOPLE else (found | columns) - {"people"}


@lru_cache(maxsize=1)
def zones() -> tuple[str, ...]:
    """Zones with a place, for typing with suggestions."""
    return (
        "UTC",
        *sorted(
            name
            for name in available_timezones()
            if "/" in name and not name.startswith(("Etc/", "posix/", "right/", "SystemV/"))
        ),
    )


def _plain(**attrs: Any) -> Data:
    return {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false", **attrs}
