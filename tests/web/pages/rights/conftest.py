"""What pages of rights show: a role, a team, a contact and workspaces."""

from __future__ import annotations

from typing import Any

import pytest
from tests.plugins.django import NOW, Cast


@pytest.fixture
def board(shop: object, cast: Cast, organization: Any) -> None:
    """A role, a team with a member and a contact, a closed workspace with the report in it, and an open one."""
    from broadsheet.access.queries import system_actor
    from broadsheet.operations.definitions.apply import apply

    files = f"""\
role: night-watch
permissions: [report.read, delivery.read]
---
contact: b1
label: Ada Ltd
address: ada@ada.example
attributes: {{buyer_id: b1}}
---
team: desk
label: The desk
members: [{cast.viewer.email}]
contacts: [b1]
---
workspace: board
open: false
reports: [purchases]
---
workspace: hall
"""
    apply(system_actor(organization.pk), {"a.yaml": files}, now=NOW)
