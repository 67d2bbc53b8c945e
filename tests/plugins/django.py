"""Django and the fixed cast: a fresh installation in a temporary folder, two organizations and the people in them.

Each process (pytest-xdist worker) has a folder, a secret key and a database of its own. SQLite by default; with
``BROADSHEET_TEST_DATABASE=postgresql`` the same tests run on the private PostgreSQL of `tests.plugins.postgres`.
Leaves to others: data and definitions (`tests.plugins.shop`).
"""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from broadsheet.access.models import Organization, User
    from broadsheet.core.policy import Actor

ON_POSTGRESQL = os.environ.get("BROADSHEET_TEST_DATABASE") == "postgresql"
PASSWORD = "correct-horse-battery"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # a Tuesday


def _settle() -> Path:
    """The environment that the settings are read from; before anything of Django is imported."""
    if "DJANGO_SETTINGS_MODULE" in os.environ:  # pytest-django has read the settings already, of somebody's own folder
        raise pytest.UsageError("Unset DJANGO_SETTINGS_MODULE: tests make an installation of their own.")
    folder = Path(tempfile.mkdtemp(prefix="broadsheet-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "broadsheet.config.settings",
        "BROADSHEET_HOME": str(folder),
        "BROADSHEET_SECRET_KEY": secrets.token_urlsafe(50),
    }
    (folder / "static").mkdir()  # where WhiteNoise looks
    os.environ.pop("BROADSHEET_DATABASE_URL", None)
    if ON_POSTGRESQL:  # the port is known when the server has started
        os.environ["BROADSHEET_DATABASE_URL"] = "postgresql://broadsheet@127.0.0.1:1/broadsheet"
    return folder


HOME = _settle()


def pytest_configure() -> None:
    import django

    django.setup()
    # pytest-xdist's workers would inherit it, and this process's folder with it
    del os.environ["DJANGO_SETTINGS_MODULE"]
    from django.conf import settings

    settings.LOGGING_CONFIG = None  # commands under test set Django up again, and their streams close after them

    from broadsheet.runs.models.stateful import StatefulQuerySet

    StatefulQuerySet.strict = True  # a change of state that no machine knows is a fault, and not only without effect


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest) -> None:
    """Name the private server's port, before the test database is made there."""
    if ON_POSTGRESQL:
        from urllib.parse import urlsplit

        from django.db import connections

        server = urlsplit(request.getfixturevalue("postgres_server"))
        connections["default"].settings_dict["PORT"] = str(server.port)


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """The real hash takes 50 ms each time, on purpose; tests of people would wait for it."""
    from django.test import override_settings

    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@dataclass(frozen=True, slots=True)
class Cast:
    """The people, by role; ``outsider`` is the owner of the other organization."""

    owner: User
    admin: User
    editor: User
    viewer: User
    outsider: User


@pytest.fixture
def organization(db: None) -> Organization:
    """Harbour Books, in New York; `cast` has its people."""
    from broadsheet.access.actions.open_organization import open_organization

    return open_organization("Harbour Books", zone="America/New_York", now=NOW)


@pytest.fixture
def other_organization(db: None) -> Organization:
    """Lantern Press, in Berlin: another tenant, from which nothing may cross over."""
    from broadsheet.access.actions.open_organization import open_organization

    return open_organization("Lantern Press", zone="Europe/Berlin", now=NOW)


@pytest.fixture
def cast(organization: Organization, other_organization: Organization) -> Cast:
    """One person of each role, and one of the other organization; all have the password `PASSWORD`."""
    from broadsheet.access.actions.add_person import add_person
    from broadsheet.access.queries import system_actor

    def add(place: Organization, name: str, role: str) -> User:
        email = f"{name.lower()}@{place.slug}.example"
        person = add_person(
            system_actor(place.pk), email=email, name=name, role=role, password=PASSWORD, now=NOW
        )  # fmt: skip
        return person.user

    return Cast(
        owner=add(organization, "Olga", "owner"),
        admin=add(organization, "Amir", "admin"),
        editor=add(organization, "Edda", "editor"),
        viewer=add(organization, "Vito", "viewer"),
        outsider=add(other_organization, "Otto", "owner"),
    )


@pytest.fixture
def actor(cast: Cast) -> Callable[[str], Actor]:
    """``actor("editor")`` is the person of that role as they act on a page; ``actor("outsider")`` another tenant's."""
    from broadsheet.access.queries import actor_of

    def find(role: str) -> Actor:
        found = actor_of(getattr(cast, role), via="page")
        assert found is not None
        return found

    return find


@pytest.fixture
def token(cast: Cast, organization: Organization) -> Callable[..., str]:
    """``token("viewer")`` is the secret of a token with all permissions of that role; *scopes* limits it to some.

    A role that may not issue tokens gets one as it would come about: issued as admin, then the role was taken back.
    """
    from broadsheet.access.actions.change_person import change_role
    from broadsheet.access.actions.tokens import issue
    from broadsheet.access.models import Membership
    from broadsheet.access.queries import actor_of, system_actor
    from broadsheet.core.policy import permissions_of

    def make(role: str, scopes: Sequence[str] | None = None, *, days: int | None = None, now: datetime = NOW) -> str:
        user: User = getattr(cast, role)
        membership = Membership.objects.get(user=user)
        system = system_actor(membership.organization_id)
        wanted = sorted(permissions_of(membership.role)) if scopes is None else list(scopes)
        lent = "token.edit" not in permissions_of(membership.role)
        if lent:
            change_role(system, user.pk, role="admin", now=now)
        person: Any = actor_of(user, via="page")
        _, secret = issue(person, name=f"{role}'s script", scopes=wanted, days=days, now=now)
        if lent:
            change_role(system, user.pk, role=membership.role, now=now)
        return secret

    return make
