"""A role is not removed while somebody is given it at the same moment: nobody is left with a role that is not there."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from tests.access.conftest import one
from tests.plugins.django import NOW, PASSWORD

from broadsheet.access.actions.add_person import add_person
from broadsheet.access.actions.change_person import change_role
from broadsheet.access.actions.roles import remove_role, save_role
from broadsheet.access.errors import AccessError
from broadsheet.access.models import Membership, Role
from broadsheet.access.queries import system_actor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("SEC-09")]


def test_of_both_acts_one_is_refused(organization: Any) -> None:
    system = system_actor(organization.pk)
    key = add_person(system, email="one@x.example", name="One", role="viewer", password=PASSWORD, now=NOW).user_id
    for _ in range(10):
        save_role(system, one("role: brief\npermissions: [report.read]\n"), now=NOW)
        barrier = Barrier(2)

        def done(act: Callable[[], object], barrier: Barrier = barrier) -> bool:
            try:
                barrier.wait(timeout=10)
                act()
            except AccessError:
                return False
            finally:
                connections.close_all()
            return True

        with ThreadPoolExecutor(2) as both:
            acts = [
                lambda: change_role(system, key, role="brief", now=NOW),
                lambda: remove_role(system, "brief", now=NOW),
            ]
            assert sorted(both.map(done, acts)) == [False, True]
        given = Membership.objects.filter(user_id=key, role="brief").exists()
        assert given == Role.objects.filter(name="brief").exists()
        Membership.objects.filter(user_id=key).update(role="viewer")
