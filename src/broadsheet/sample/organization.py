"""The sample organization: Northlight Leads with its people, definitions and data, ready to run."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from django.db import transaction

from broadsheet.access.actions.add_person import add_person
from broadsheet.access.models import Organization, User
from broadsheet.access.queries import actor_of, system_actor
from broadsheet.core.document.loading import load
from broadsheet.core.policy import Actor
from broadsheet.delivery.actions.channels import save_channel
from broadsheet.delivery.models import StoredChannel
from broadsheet.operations.definitions.apply import Change, apply

SLUG, NAME, ZONE = "northlight", "Northlight Leads", "America/New_York"
PEOPLE = (
    ("mara@northlight.example", "Mara Lindqvist", "owner"),
    ("tunde@northlight.example", "Tunde Okafor", "editor"),
    ("priya@northlight.example", "Priya Shah", "viewer"),
)
PASSWORD_FILE = "sample-password.txt"


@dataclass(frozen=True, slots=True)
class Made:
    """The organization, the address and password to sign in with, and what applying the sample's definitions did;
    none where they were left alone."""

    organization: Organization
    email: str
    password: str
    changes: tuple[Change, ...]


@transaction.atomic
def make_organization(folder: Path, *, now: datetime, catcher_port: int, renew: bool = False) -> Made:
    """Make the organization. Where it is there already its definitions stay as its people left them, unless *renew*
    asks for this release's. The mail channel follows the catcher's port as long as nothing else in it was changed.

    The password is drawn once and kept in *folder*, readable by its owner alone.
    """
    password = _password(folder)
    organization, new = Organization.objects.get_or_create(
        slug=SLUG, defaults={"name": NAME, "zone": ZONE, "language": "en", "created_at": now}
    )
    actor = system_actor(organization.pk, via="cli")
    if new:
        for email, name, role in PEOPLE:
            add_person(actor, email=email, name=name, role=role, password=password, now=now)
    files = definitions(folder, catcher_port=catcher_port)
    owner = actor_of(User.objects.get(email=PEOPLE[0][0]), via="cli", organization=SLUG) if new else None
    changes = apply(owner or actor, files, now=now) if new or renew else []
    if not changes:
        _follow_the_catcher(actor, files["channels.yaml"], now=now)
    return Made(organization, PEOPLE[0][0], password, tuple(changes))


def _follow_the_catcher(actor: Actor, text: str, *, now: datetime) -> None:
    """Else mail would go to whatever listens on the port that the catcher had before."""
    for loaded in load(text, file="channels.yaml"):
        kept = StoredChannel.objects.filter(
            organization_id=actor.organization_id, name=loaded.name, kind="email"
        ).first()
        if kept is not None and {**kept.settings, "port": None} == {**loaded.data["settings"], "port": None}:
            save_channel(actor, loaded, now=now)


def definitions(folder: Path, *, catcher_port: int) -> dict[str, str]:
    """The sample's definition files, by name, with the places of this installation filled in."""
    found = {}
    for file in sorted(files("broadsheet.sample").joinpath("definitions").iterdir(), key=lambda one: one.name):
        if file.name.endswith(".yaml"):
            text = file.read_text("utf-8").replace("{home}", str(folder)).replace("{catcher_port}", str(catcher_port))
            found[file.name] = text
    return found


def _password(folder: Path) -> str:
    file = folder / PASSWORD_FILE
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text("-".join(secrets.token_hex(2) for _ in range(4)) + "\n", "utf-8")
    return file.read_text("utf-8").strip()
