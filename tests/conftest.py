"""What every test may use: the fixtures of `tests/plugins`, one real server or cast each."""

from __future__ import annotations

import pytest

LONG = ("system", "faults")  # whole installations, many seconds each


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first: at the end one process would go on with them alone."""
    items.sort(key=lambda one: one.path.parent.name not in LONG)


pytest_plugins = [
    "tests.plugins.django",
    "tests.plugins.shop",
    "tests.plugins.browser",
    "tests.plugins.postgres",
    "tests.plugins.mariadb",
    "tests.plugins.brokers",
    "tests.plugins.leadconduit",
    "tests.plugins.moto",
]
