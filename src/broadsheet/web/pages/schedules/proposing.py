"""What the chosen report needs to know of its recipients: what row rules compare, and what its texts say about them."""

from __future__ import annotations

from collections.abc import Collection

from django.http import QueryDict

from broadsheet.core.document.definition import ReportDefinition
from broadsheet.core.document.placeholders import names_in
from broadsheet.core.policy import Actor
from broadsheet.schedules.needs import needed

from .drafts import PEOPLE

PROPOSED = "proposed"  # the hidden field with what was proposed: what differs from it was written by somebody
OF_READER = "reader."
KNOWN = ("name", "address", "zone")  # which every recipient has, whatever the columns


def attributes(actor: Actor, report: ReportDefinition | None, columns: Collection[str]) -> list[str]:
    """Those of the *columns* that *report* compares or speaks of: what is compared first, each once."""
    if report is None:
        return []
    said = [name.removeprefix(OF_READER) for name in names_in(report.model_dump_json()) if name.startswith(OF_READER)]
    wanted = [*needed(actor.organization_id, report), *(name for name in said if name not in KNOWN)]
    return [name for name in dict.fromkeys(wanted) if name in columns]


def propose(
    actor: Actor, post: QueryDict, report: ReportDefinition | None, columns: Collection[str], *, fresh: bool = False
) -> None:
    """Fill the attributes of *post* for its report and dataset, unless somebody wrote others than were proposed."""
    found = ", ".join(attributes(actor, report, columns))
    untouched = post.get("attributes", "").strip() == post.get(PROPOSED, "-").strip()
    if (fresh or untouched) and post.get("audience") != PEOPLE:
        post["attributes"] = found
    post[PROPOSED] = found
