"""The form's fields as `templatetags.fields.as_field` takes them, filled from a definition or from what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from broadsheet.core.document.definition import ReportDefinition
from broadsheet.core.document.parameters import parameter_fields
from broadsheet.core.policy import Actor, Reader
from broadsheet.delivery.queries import channels
from broadsheet.reports import queries as reports
from broadsheet.schedules.actions.save import file_formats
from broadsheet.schedules.definition import Policies, RetryDefinition
from broadsheet.sources import queries as sources
from broadsheet.web.pages.reports.presenting import parameter_field

from .drafts import COLUMNS, FORMATS_OF, PARAMETER, PEOPLE
from .people import people_words
from .rules import date_words, month_words, times_words

Data = dict[str, Any]
DAYS = (
    ("mon", gettext_lazy("Mon")),
    ("tue", gettext_lazy("Tue")),
    ("wed", gettext_lazy("Wed")),
    ("thu", gettext_lazy("Thu")),
    ("fri", gettext_lazy("Fri")),
    ("sat", gettext_lazy("Sat")),
    ("sun", gettext_lazy("Sun")),
)
GUESSES = {
    "name": ("contact", "name", "recipient"), "address": ("email", "mail", "address"), "language": ("language", "locale"),
    "zone": ("zone", "timezone", "time_zone"), "currency": ("currency",), "formats": ("formats", "format"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer:
    """What the organization has that a schedule may name."""

    reports: list[tuple[str, str]]
    datasets: dict[str, list[str]]
    labels: dict[str, str]
    channels: list[tuple[str, str]]
    brands: list[tuple[str, str]]


def offer(actor: Actor) -> Offer:
    """Names and labels, and each dataset's dimensions."""
    stored = list(sources.datasets(actor))
    return Offer(
        reports=list(reports.reports(actor).values_list("name", "title")),
        datasets={one.name: list(sources.definition_of(one).dataset.dimensions) for one in stored},
        labels={one.name: str(one) for one in stored},
        channels=[(one.name, str(one)) for one in channels(actor)],
        brands=[(one.name, one.label) for one in reports.brands(actor)],
    )


def posted(data: Mapping[str, Any], *, name: str, zone: str) -> QueryDict:
    """What the form would send if *data* (a definition's) stood in it: the one way from a definition to fields."""
    when, audience, policies = data.get("when", {}), data.get("audience", {}), data.get("policies", {})
    usual, tries = Policies(), RetryDefinition().tries
    on = when.get("on")
    found = QueryDict(mutable=True)
    single = {
        "name": name, "title": data.get("title", ""), "report": data.get("report", ""),
        "every": when.get("every", "week"), "interval": when.get("interval", 1),
        "month_days": month_words(on) if when.get("every") == "month" else "last day",
        "at": times_words(when.get("at", "08:00")), "zone": when.get("zone", zone),
        "starts": date_words(when.get("from")), "until": date_words(when.get("until")),
        "audience": PEOPLE if audience.get("people") else audience.get("dataset", ""),
        "people": people_words(audience.get("people", ())), "attributes": ", ".join(audience.get("attributes", ())),
        "brand": data.get("brand", ""), "subject": data.get("mail", {}).get("subject", ""),
        "why": data.get("mail", {}).get("why", ""), "misfire": policies.get("misfire", usual.misfire),
        "overlap": policies.get("overlap", usual.overlap), "empty": policies.get("empty", usual.empty),
        "deadline": f"{policies.get('deadline_hours', usual.deadline_hours):g}",
        "catch_up": f"{policies.get('catch_up_hours', usual.catch_up_hours):g}",
        "tries": policies.get("retry", {}).get("tries", tries),
        **{f"column-{column}": audience.get(column, "") for column in COLUMNS},
        **{f"{PARAMETER}{key}": value for key, value in data.get("with", {}).items()},
    }  # fmt: skip
    for key, value in single.items():
        found[key] = str(value)
    days = on if isinstance(on, list | tuple) else [on] if isinstance(on, str) else []
    found.setlist("days", [str(day)[:3].lower() for day in days] if when.get("every", "week") == "week" else [])
    found.setlist("channels", [one["channel"] for one in data.get("channels", ())])
    for one in data.get("channels", ()):
        if isinstance(one.get("formats"), list):
            found.setlist(f"{FORMATS_OF}{one['channel']}", one["formats"])
    return found


def fresh(offered: Offer, *, report: str, zone: str) -> QueryDict:
    """A new schedule's form: sensible, and saved only when the rest is filled."""
    dataset = next(
        (name for name, dimensions in offered.datasets.items() if set(GUESSES["address"]) & set(dimensions)), ""
    )
    known = dict(offered.reports)
    chosen = report if report in known else next(iter(known), "")
    draft = posted({"report": chosen, "when": {"every": "week", "on": ["mon"]}}, name="", zone=zone)
    draft["audience"] = dataset or PEOPLE
    for column, guess in guesses(offered.datasets.get(dataset, ())).items():
        draft[f"column-{column}"] = guess
    return draft


def guesses(dimensions: Any) -> dict[str, str]:
    """Which column probably says what; the key is the first whose name says that it is one."""
    found = {field: next((name for name in names if name in dimensions), "") for field, names in GUESSES.items()}
    key = next((name for name in dimensions if name in ("id", "key") or name.endswith(("_id", "_key"))), "")
    return {**found, "key": key}


def shown(post: QueryDict, offered: Offer, errors: Mapping[str, list[Any]], *, new: bool) -> Data:
    """The template's ``fields`` and ``others``."""

    def one(name: str, label: str, kind: str = "text", **more: Any) -> Data:
        return {
            "name": name,
            "label": label,
            "kind": kind,
            "value": post.get(name, ""),
            "errors": errors.get(name, []),
            **more,
        }

    names = [
        *((name, f"{label} ({name})") for name, label in offered.labels.items()),
        (PEOPLE, _("A list of people, written here")),
    ]
    fields = {
        "name": one("name", _("Name"), hint=_("Part of addresses and files; it stays."), attrs=_plain(maxlength=100)),
        "title": one("title", _("Title"), hint=_("How people see it."), attrs={"maxlength": 200}),
        "report": one("report", _("Report"), "select", choices=offered.reports),
        "every": one(
            "every",
            _("Unit"),
            choices=[("day", _("day")), ("weekday", _("weekday")), ("week", _("week")), ("month", _("month"))],
        ),
        "interval": one("interval", _("Every")),
        "days": one("days", _("Days"), choices=list(DAYS)) | {"value": post.getlist("days")},
        "month_days": one(
            "month_days",
            _("Day of the month"),
            hint=_("15, “last day”, “first Monday”, “third business day”, “second last Friday”."),
        ),
        "at": one("at", _("At"), hint=_("Several times with commas: 08:00, 17:00."), attrs=_plain(inputmode="numeric")),
        "zone": one("zone", _("On the clock of"), attrs=_plain(list="zones")),
        "starts": one("starts", _("From"), hint=_("Such as 5 Jan 2026; empty: at once."), attrs=_plain()),
        "until": one("until", _("Until"), hint=_("Empty: without end."), attrs=_plain()),
        "audience": one(
            "audience",
            _("Audience"),
            "select",
            choices=names,
            hint=_("A dataset with one row for each recipient, or people by name."),
        ),
        "people": one(
            "people",
            _("People"),
            "textarea",
            hint=_("One a line: Mara Lindqvist <mara@example.com>, Europe/London, en-GB, pdf"),
            attrs={"rows": 5, "spellcheck": "false"},
        ),
        "attributes": one(
            "attributes",
            _("Columns that limit rows and fill texts"),
            hint=_("With commas between: what the datasets’ row rules compare."),
            attrs=_plain(),
        ),
        "channels": one("channels", _("Channels"), "words", choices=offered.channels)
        | {"value": post.getlist("channels")},
        "subject": one(
            "subject",
            _("Subject of mails"),
            hint=_("May hold {title}, {period} and {reader.name}; empty: title and period."),
        ),
        "why": one("why", _("Why the recipient gets it"), hint=_("At the foot of each mail, in one sentence.")),
        "misfire": one(
            "misfire",
            _("When nothing was running then"),
            "radios",
            choices=[
                ("once", _("run once, late")),
                ("all", _("run all that were missed")),
                ("skip", _("leave them out")),
            ],
        ),
        "overlap": one(
            "overlap",
            _("When the last run still goes"),
            "radios",
            choices=[("queue", _("wait for it")), ("skip", _("skip this one")), ("cancel", _("stop the earlier"))],
        ),
        "empty": one(
            "empty",
            _("When a recipient has no rows"),
            "radios",
            choices=[("send", _("send a report that says so")), ("skip", _("send nothing"))],
        ),
        "tries": one("tries", _("Tries for each delivery"), "number", attrs={"min": 1, "max": 20}),
        "deadline": one(
            "deadline",
            _("Sending ends after (hours)"),
            "number",
            attrs={"min": 0.1, "max": 744, "step": "any"},
            hint=_("What is not accepted by then expires, and says so."),
        ),
        "catch_up": one(
            "catch_up",
            _("Make up for firings not older than (hours)"),
            "number",
            attrs={"min": 0, "max": 8784, "step": "any"},
        ),
    }
    if not new:
        fields.pop("name")
    if len(offered.brands) > 1:
        every = ("", _("the organization’s own"))
        fields["brand"] = one("brand", _("Brand"), "select", choices=[every, *offered.brands])
    return {
        "fields": fields,
        "columns": [one(f"column-{name}", label, attrs=_plain(list="columns")) for name, label in _columns()],
        "formats": [_formats(post, errors, name, label) for name, label in offered.channels],
        "zones": zones(),
        "dimensions": sorted({name for names_ in offered.datasets.values() for name in names_}),
    }


def _columns() -> list[tuple[str, str]]:
    return [
        ("key", _("Key")), ("name", _("Name")), ("address", _("Address")), ("language", _("Language")),
        ("zone", _("Zone")), ("currency", _("Currency")), ("formats", _("Formats")),
    ]  # fmt: skip


def _formats(post: QueryDict, errors: Mapping[str, list[Any]], name: str, label: str) -> Data:
    field = f"{FORMATS_OF}{name}"
    return {
        "name": field,
        "label": _("Files by %(channel)s") % {"channel": label},
        "kind": "words",
        "value": post.getlist(field),
        "choices": [(form, form.upper()) for form in file_formats()],
        "hint": _("None pressed: each recipient’s own."),
        "errors": errors.get(field, []),
    }


def parameters(
    report: ReportDefinition | None, post: QueryDict, errors: Mapping[str, list[Any]], *, now: Any
) -> list[Data]:
    """The report's own parameters as fields; periods are counted from each firing."""
    if report is None:
        return []
    given = {name: str(post[f"{PARAMETER}{name}"]) for name in report.parameters if f"{PARAMETER}{name}" in post}
    found = []
    for one in parameter_fields(report, reader=Reader("", ""), now=now, given=given):
        shaped = parameter_field(one)
        name = f"{PARAMETER}{one.name}"
        shaped |= {"name": name, "errors": errors.get(name, [])}
        if one.kind == "period":
            shaped["hint"] = _("As of each firing.")
        found.append(shaped)
    return found


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
