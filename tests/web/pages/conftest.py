"""Somebody at a browser, without a browser: a client signed in as one of the cast."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client
    from tests.plugins.django import Cast


@pytest.fixture(autouse=True)
def language_of_the_test() -> Iterator[None]:
    """A page that spoke German leaves no German behind for the next test in this thread."""
    from django.utils import translation

    yield
    translation.deactivate()


@pytest.fixture
def visitor(cast: Cast) -> Callable[[str], Client]:
    """``visitor("editor")`` is signed in as the person of that role; ``visitor("")`` as nobody."""
    from django.test import Client

    def sign_in(role: str) -> Client:
        client = Client()
        if role:
            client.force_login(getattr(cast, role), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
