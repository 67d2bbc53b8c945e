"""How the API's tests ask: a caller by token, and a world in which every operation has something to act on."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from tests.plugins.django import NOW, Cast

Answer = Any  # Django's test client adds json() to its answers


@pytest.fixture(autouse=True)
def api_alone(settings: Any) -> None:
    """Only the API's addresses, and a fresh count of wrong tokens."""
    from django.core.cache import cache

    settings.ROOT_URLCONF = "tests.api.addresses"
    cache.clear()


@pytest.fixture
def call(client: Any) -> Callable[..., Answer]:
    """``call("GET", "/reports", token=secret)``; *body* is sent as JSON, *headers* as they are."""

    def send(
        method: str, path: str, *, token: str | None = None, body: object = None, query: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:  # fmt: skip
        sent = dict(headers or {})
        if token is not None:
            sent["authorization"] = f"Bearer {token}"
        return client.generic(
            method, f"/api/v1{path}", data=b"" if body is None else json.dumps(body).encode(),
            content_type="application/json", query_params=dict(query or {}), headers=sent,
        )  # fmt: skip

    return send


RIGHTS = """\
role: night-watch
permissions: [report.read, delivery.read, delivery.resend]
conditions: [{for: [delivery.resend], hours: "mon-fri 18:00-23:00", zone: America/New_York}]
---
contact: ada-ltd
label: Ada Ltd
address: ada@ada.example
attributes: {buyer_id: b1}
---
team: desk
label: Harbour desk
members: [edda@harbour-books.example]
contacts: [ada-ltd]
---
workspace: board
label: Harbour board
"""


def save_rights(owner: Any) -> None:
    """A role of the organization's own, a contact, a team and an open, empty workspace."""
    from broadsheet.access.actions.roles import save_role
    from broadsheet.access.actions.teams import save_contact, save_team
    from broadsheet.access.actions.workspaces import save_workspace
    from broadsheet.core.document.loading import load

    savers: dict[str, Callable[..., Any]] = {
        "role": save_role, "contact": save_contact, "team": save_team, "workspace": save_workspace,
    }  # fmt: skip
    for loaded in load(RIGHTS, file="rights.yaml"):
        savers[loaded.kind](owner, loaded, now=NOW)


@dataclass(frozen=True, slots=True)
class World:
    """Ids and names of the organization's things. ``texts`` are its definitions by ``kind/name``."""

    run: str
    delivery: str
    failed: str
    viewer: int
    editor: int
    token: int
    notification: int
    event: str
    texts: Mapping[str, str]


@pytest.fixture
def world(
    finish: Callable[..., Any], shop: Mapping[str, str], cast: Cast, actor: Callable[[str], Any], ads: object
) -> World:
    """The shop with a run that ended, one delivery of it failed, a token of the owner's, something that they were told, and
    a second source, which is a copy."""
    from broadsheet.access.actions.tokens import issue
    from broadsheet.collaboration.actions.notify import notify
    from broadsheet.collaboration.models import Notification
    from broadsheet.core.document.loading import load
    from broadsheet.delivery.models import Delivery
    from broadsheet.operations.definitions.apply import export
    from broadsheet.runs.actions.run_now import run_now
    from broadsheet.schedules.actions.hooks import make_hook
    from broadsheet.schedules.actions.save_calendar import save_calendar
    from broadsheet.schedules.actions.send_event import send_event

    calendar = load("calendar: harbour-days\ncountries: [US]\n", file="harbour-days.yaml")[0]
    save_calendar(actor("editor"), calendar, now=NOW)
    save_rights(actor("owner"))
    run = finish(run_now(actor("editor"), "buyers-monday", now=NOW))
    ada, bo, _ = Delivery.objects.filter(occurrence=run).order_by("recipient_name")
    Delivery.unchecked.filter(pk=bo.pk).update(state="failed", reason="Refused")
    _as_if_mailed(ada)
    made, _ = issue(actor("owner"), name="old", scopes=["report.read"], days=None, now=NOW)
    notify(run.organization_id, [cast.owner.pk], kind="a.test", data={"buyer": "Ada"}, link="/", now=NOW)
    notification = Notification.objects.get()
    event, _ = send_event(actor("owner"), "import.finished", payload={"rows": 3}, now=NOW)
    make_hook(actor("owner"), "buyers-monday", now=NOW)
    texts = {name.removesuffix(".yaml"): text for name, text in export(actor("owner")).items()}
    return World(
        str(run.pk),
        str(ada.pk),
        str(bo.pk),
        cast.viewer.pk,
        cast.editor.pk,
        made.pk,
        notification.pk,
        str(event.pk),
        texts,
    )


MESSAGE = b"Subject: Purchases\r\n\r\nWhat Ada bought.\r\n"


def _as_if_mailed(delivery: Any) -> None:
    """The portal writes no message; this delivery has one kept, as e-mail's have."""
    from broadsheet.runs.models import Artifact
    from broadsheet.runs.store import artifact_store

    stored = artifact_store().put(MESSAGE)
    kept = Artifact.objects.create(
        organization=delivery.organization, sha256=stored.sha256, size=stored.size, media_type="x/folded", made_at=NOW
    )
    type(delivery).objects.filter(pk=delivery.pk).update(sent=kept, sent_sha256=stored.sha256, sent_size=stored.size)


@pytest.fixture(scope="session")
def document() -> dict[str, Any]:
    """The OpenAPI document as it is served."""
    from broadsheet.api.application import api

    return json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/")))  # type: ignore[no-any-return]
