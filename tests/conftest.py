"""What every test may use: the fixtures of `tests/plugins`, one real server or cast each."""

from __future__ import annotations

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
