"""The sample organization: Northlight Leads with its people, definitions and data, ready to run."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from django.db import transaction

from broadsheet.access.actions.add_person import add_person
from broadsheet.access.models import Organization
from broadsheet.access.queries import system_actor
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
    """The organization, the address and password to sign in with, and what its definitions changed."""

    organization: Organization
    email: str
    password: str
    changes: tuple[Change, ...]


@transaction.atomic
def make_organization(folder: Path, *, now: datetime, catcher_port: int) -> Made:
    """Make the organization, or bring its definitions up to this release's; twice is as once.

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
    changes = apply(actor, definitions(folder, catcher_port=catcher_port), now=now)
    return Made(organization, PEOPLE[0][0], password, tuple(changes))


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
