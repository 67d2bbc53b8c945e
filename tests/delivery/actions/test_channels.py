"""Secrets of channels are shown to nobody, not even to who has them sent to a server of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.plugins.django import NOW

from broadsheet.core.document.loading import DefinitionError, load
from broadsheet.delivery.actions.channels import save_channel, secrets_of

pytestmark = pytest.mark.feature("SEC-03")
MAIL = "channel: mail\nkind: email\nlabel: {label}\nsettings: {{host: {host}, from: a@a.example, port: {port}}}\n"


def test_a_kept_password_goes_to_no_other_server(organization: Any, actor: Callable[[str], Any]) -> None:
    from broadsheet.access.queries import system_actor
    from broadsheet.delivery.models import StoredChannel

    def save(host: str, *, port: int = 587, label: str = "Mail", by: Any = None, **secrets: str) -> str:
        [loaded] = load(MAIL.format(host=host, port=port, label=label), file="t")
        return save_channel(by or actor("admin"), loaded, now=NOW, secrets=secrets)

    assert save("smtp.a.example", password="first") == "added"
    for elsewhere in ({"host": "evil.example"}, {"host": "smtp.a.example", "port": 2525}):
        with pytest.raises(DefinitionError, match="The password was entered for another place"):
            save(**elsewhere)  # type: ignore[arg-type]
    assert save("smtp.a.example", label="Post") == "changed"
    assert save("smtp.b.example", password="second") == "changed"
    assert secrets_of(StoredChannel.objects.get(name="mail")) == {"password": "second"}
    assert save("smtp.c.example", by=system_actor(organization.pk)) == "changed"  # the machine's owner has the keys
