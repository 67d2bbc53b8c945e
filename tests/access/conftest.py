"""A closed room: the report and its dataset stand in a workspace that only who was given a role on it may enter."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from tests.plugins.django import NOW

from broadsheet.core.document.loading import load

if TYPE_CHECKING:
    from broadsheet.core.policy import Actor

ROOM = """\
workspace: back-office
label: Back office
open: false
reports: [purchases]
datasets: [orders]
channels: [outbox]
"""


@pytest.fixture
def define(actor: Callable[[str], Actor]) -> Callable[..., Any]:
    """``define(text, by="admin")`` applies definition files, as that person."""
    from broadsheet.operations.definitions.apply import apply

    def make(text: str, *, by: str = "admin") -> Any:
        return apply(actor(by), {"test.yaml": text}, now=NOW)

    return make


@pytest.fixture
def closed(shop: object, define: Callable[..., Any]) -> None:
    """The shop, with what there is of it in a closed workspace."""
    define(ROOM)


@pytest.fixture
def grants(actor: Callable[[str], Actor]) -> Callable[..., None]:
    """``grants("viewer", "report", "purchases", "editor")`` gives the person of that role another one on a thing."""
    from broadsheet.access.actions.grants import give
    from broadsheet.access.models import User

    def make(person: str, kind: str, name: str, role: str) -> None:
        email = User.objects.get(pk=actor(person).user_id).email
        give(actor("admin"), kind, name, role, person=email, now=NOW)

    return make


def one(text: str) -> Any:
    [loaded] = load(text, file="test")
    return loaded
