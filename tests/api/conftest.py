from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def api_alone(settings):
    settings.ROOT_URLCONF = "tests.api.addresses"
