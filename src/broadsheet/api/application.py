"""The API itself: who may ask, how it is read, what it answers, and the document that describes it."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI

from broadsheet import __doc__ as product

from .authentication import Session, Token
from .document import told_whole
from .parsing import StrictParser
from .problems import answer
from .resources import (
    access,
    backfills,
    brands,
    calendars,
    calls,
    catalogue,
    channels,
    conditions,
    contacts,
    copies,
    datasets,
    definitions,
    deliveries,
    events,
    explaining,
    feeds,
    health,
    holds,
    journal,
    limits,
    load,
    maintenance,
    notifications,
    overrides,
    people,
    queue,
    recurrence,
    reports,
    roles,
    runs,
    schedules,
    sources,
    suppressions,
    teams,
    tokens,
    workspaces,
)

ABOUT = f"""{product or "Broadsheet"}

Everything that a page can do, with the same rights. Send a token as `Authorization: Bearer bst_…`; make one on the
Settings page, with `broadsheet token issue`, or here. Each operation names the permission that it needs.

Lists come by the page: `limit`, and `cursor` with the `next` of the page before. Instants are RFC 3339 with an offset;
answers give UTC. Errors are problem details (RFC 9457). What belongs to another organization is not here: 404.
"""


class API(NinjaAPI):
    def get_openapi_schema(self, **given: Any) -> Any:
        return told_whole(super().get_openapi_schema(**given))


api = API(
    title="Broadsheet",
    version="1",
    description=ABOUT,
    auth=[Token(), Session()],  # for every operation: what is not listed as open is closed
    docs_url=None,  # its page would fetch scripts from elsewhere, which our pages never do
    parser=StrictParser(),
    urls_namespace="api",
    openapi_extra={"info": {"license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}}},
)
api.add_exception_handler(Exception, answer)  # type: ignore[arg-type]  # ninja names the request its own way
for kind in list(api._exception_handlers):
    api.add_exception_handler(kind, answer)  # type: ignore[arg-type]

for tag, part in (
    ("You", access), ("You", notifications), ("You", explaining), ("People", people), ("People", teams), ("People", contacts), ("Rights", roles),
    ("Rights", workspaces), ("Tokens", tokens), ("Sources", sources), ("Sources", copies), ("Datasets", datasets),
    ("Datasets", catalogue), ("Reports", reports), ("Brands", brands), ("Channels", channels), ("Schedules", schedules), ("Schedules", overrides), ("Schedules", feeds), ("Schedules", conditions), ("Starting", calls), ("Starting", events),
    ("Calendars", calendars), ("Recurrence", recurrence), ("Runs", runs), ("Runs", holds), ("Runs", backfills), ("Deliveries", deliveries), ("Deliveries", suppressions),
    ("Operations", queue), ("Operations", maintenance), ("Operations", health), ("Operations", limits), ("Definitions", definitions), ("Journal", journal),
    ("Operations", load),
):  # fmt: skip
    api.add_router("", part.router, tags=[tag])
