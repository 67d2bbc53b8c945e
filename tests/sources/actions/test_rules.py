"""Who may write datasets may neither take rules on tables away nor go around them, and the journal shows who did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import yaml
from tests.plugins.django import NOW

from broadsheet.core.document.loading import dump, load
from broadsheet.core.policy.roles import Refused
from broadsheet.sources.actions.check_dataset import check_dataset
from broadsheet.sources.actions.save import save_dataset, save_source

pytestmark = pytest.mark.feature("SEC-07")
RULES = {"orders": {"rows": [{"column": "buyer_id", "equals": "reader.buyer_id"}]}}
OTHER = {"buyers": {"rows": [{"column": "buyer_id", "equals": "reader.buyer_id"}]}}
Save = Callable[..., str]


def data_of(stored: Any) -> dict[str, Any]:
    found = yaml.safe_load(stored.definition)
    return {key: found[key] for key in list(found)[1:]}


@pytest.fixture
def save(shop: object, actor: Any) -> Save:
    """``save(role, name, **changed)`` saves the shop's definition as the source *name*; None takes a key out."""
    from broadsheet.sources.models import Source

    def kept(who: str, name: str = "shop", **changed: Any) -> str:
        data = data_of(Source.objects.get(name="shop")) | changed
        text = dump("source", name, {key: value for key, value in data.items() if value is not None})
        return save_source(actor(who), load(text, file="test")[0], now=NOW)

    return kept


@pytest.fixture
def move(shop: object, actor: Any) -> Callable[..., Any]:
    """``move(role, source)`` has the dataset `orders` read from that source."""
    from broadsheet.sources.models import StoredDataset

    def moved(who: str, source: str, act: Callable[..., Any] = save_dataset, **at: Any) -> Any:
        data = data_of(StoredDataset.objects.get(name="orders")) | {"source": source}
        return act(actor(who), load(dump("dataset", "orders", data), file="test")[0], **at)

    return moved


def last(action: str) -> Any:
    from broadsheet.compliance.models import Entry

    return Entry.objects.filter(action=action).latest("id").detail


@pytest.mark.parametrize("tables", [None, OTHER, RULES | OTHER])
def test_an_editor_does_not_change_or_remove_rules(save: Save, tables: Any) -> None:
    save("admin", tables=RULES)
    with pytest.raises(Refused, match=r"who sees which rows of a table.*source\.rules"):
        save("editor", tables=tables)
    assert save("admin", tables=tables) == "changed"


def test_an_editor_does_not_set_the_first_rule(save: Save) -> None:
    with pytest.raises(Refused, match=r"source\.rules"):
        save("editor", tables=RULES)


def test_a_token_without_the_scope_does_not_either(save: Save, actor: Any) -> None:
    from broadsheet.sources.models import Source

    save("admin", tables=RULES)
    text = dump("source", "shop", data_of(Source.objects.get(name="shop")) | {"tables": {}})
    bound = replace(actor("admin"), scopes=frozenset({"source.edit", "source.secrets"}))
    with pytest.raises(Refused, match="token's scopes"):
        save_source(bound, load(text, file="test")[0], now=NOW)


def test_a_source_with_rules_is_moved_by_who_may_change_them_alone(save: Save, tmp_path: Any) -> None:
    (tmp_path / "copy").mkdir()
    for file in ("orders.csv", "buyers.csv"):
        (tmp_path / "copy" / file).write_bytes((tmp_path / "shop" / file).read_bytes())
    save("admin", tables=RULES)
    settings = {"files": [str(tmp_path / "copy")]}
    with pytest.raises(Refused, match="go around them"):
        save("editor", settings=settings)
    assert save("editor", label="Ours") == "changed"
    assert save("admin", settings=settings) == "changed"


def test_a_second_source_over_the_same_data_needs_the_permission_once_there_are_rules(save: Save) -> None:
    assert save("editor", "before") == "added"
    save("editor", "third", settings={"files": ["/elsewhere"]})
    save("admin", tables=RULES)
    for name in ("after", "third"):
        with pytest.raises(Refused, match="go around them"):
            save("editor", name, tables=None)
    assert save("admin", "after", tables=None) == "added"


def test_rules_of_another_organization_do_not_count(save: Save, actor: Any) -> None:
    save("admin", tables=RULES)
    text = "source: theirs\nengine: sqlite\nsettings: {database: /nowhere.sqlite3}\n"
    bound = replace(actor("outsider"), role="editor")
    assert save_source(bound, load(text, file="test")[0], now=NOW) == "added"


def test_a_dataset_leaves_a_source_with_rules_by_who_may_change_them_alone(save: Save, move: Any) -> None:
    save("editor", "bare")
    assert move("editor", "bare", now=NOW) == "changed"
    assert move("editor", "shop", now=NOW) == "changed"
    save("admin", tables=RULES)
    for act, at in ((save_dataset, {"now": NOW}), (check_dataset, {})):
        with pytest.raises(Refused, match="would leave “shop”"):
            move("editor", "bare", act, **at)
    assert move("admin", "bare", now=NOW) == "changed"


def test_the_journal_shows_the_rules_before_and_after_and_a_datasets_source(save: Save, move: Any) -> None:
    save("admin", label="Ours")
    assert "rules" not in last("source.saved")
    save("admin", tables=RULES)
    told = {"orders": ["buyer_id = reader.buyer_id"]}
    assert last("source.saved")["rules"] == {"before": {}, "after": told}
    save("admin", tables=None)
    assert last("source.saved")["rules"] == {"before": told, "after": {}}
    save("admin", "bare")
    move("admin", "bare", now=NOW)
    assert last("dataset.saved")["source"] == "bare"
