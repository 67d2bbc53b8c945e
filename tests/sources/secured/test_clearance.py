"""Who is not cleared for a metric puts nothing that is worked out from it before others, however many steps away."""

from __future__ import annotations

import pytest
from tests.plugins.django import NOW

from broadsheet.access.queries import system_actor
from broadsheet.core.policy.roles import Refused
from broadsheet.operations.definitions.apply import apply
from broadsheet.sources.secured.clearance import require_cleared

pytestmark = [pytest.mark.feature("COL-07"), pytest.mark.django_db]


def test_a_step_between_may_be_the_one_that_is_restricted(shop, organization, actor):
    more = "metrics:\n  mean: {ratio: [spent, bought], sensitivity: restricted}\n  doubled: {derived: mean * 2}\n  again: {of: doubled}\n  bought:"
    text = shop["shop.yaml"].replace("metrics:\n  bought:", more)
    apply(system_actor(organization.pk), {"shop.yaml": text}, now=NOW)
    editor = actor("editor")
    require_cleared(editor, {"orders": ["spent", "bought", "item"]})
    for field in ("mean", "doubled", "again"):
        with pytest.raises(Refused, match="is restricted"):
            require_cleared(editor, {"orders": [field]})
        require_cleared(actor("admin"), {"orders": [field]})
