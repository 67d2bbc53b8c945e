"""An organization never loses its last owner, not even to two owners who act at one moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from tests.plugins.django import NOW, PASSWORD

from broadsheet.access.actions.add_person import add_person
from broadsheet.access.actions.change_person import change_role
from broadsheet.access.errors import Conflict
from broadsheet.access.models import Membership
from broadsheet.access.queries import system_actor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("SEC-03")]


def test_two_owners_cannot_both_be_taken_the_role(organization) -> None:
    system = system_actor(organization.pk)
    keys = [
        add_person(system, email=f"{name}@x.example", name=name, role="owner", password=PASSWORD, now=NOW).user_id
        for name in ("one", "two")
    ]
    for _ in range(10):
        barrier = Barrier(2)

        def take(key: int, barrier: Barrier = barrier) -> bool:
            try:
                barrier.wait(timeout=10)
                change_role(system, key, role="admin", now=NOW)
            except Conflict:
                return False
            finally:
                connections.close_all()
            return True

        with ThreadPoolExecutor(2) as both:
            assert sorted(both.map(take, keys)) == [False, True]
        Membership.objects.update(role="owner")
