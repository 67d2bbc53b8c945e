"""No way from one organization into another: every operation, asked by another tenant's owner for our things."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

import pytest
from tests.api.conftest import World
from tests.api.requests import Sample, samples

from broadsheet.access.queries import system_actor
from broadsheet.operations.definitions.apply import export

pytestmark = pytest.mark.feature("EXT-20")
# What only stands in our organization; none of it may stand in an answer to the other one.
OURS = ("Ada", "Harbour", "harbour", "Purchases", "The shop", "buyers-monday", "Edda", "Vito", "Atlas")
# These make things of the asker's own of whatever is sent, so that later answers would hold it, and rightly.
TAKE_OURS = {"putSource", "putDataset", "putReport", "putBrand", "putChannel", "putSchedule", "putCalendar", "putRole", "putTeam", "putContact", "putWorkspace", "planDefinitions", "applyDefinitions"}  # fmt: skip


@pytest.fixture
def theirs(
    document: Mapping[str, Any], world: World, call: Callable[..., Any], token: Callable[..., str]
) -> dict[str, Any]:
    """Each operation's answer to the other organization's owner, asked for our ids and names."""
    secret = token("outsider")
    return {
        one.operation: call(one.method, one.path, token=secret, body=one.body, query=one.query)
        for one in samples(document, world)
        if one.operation not in TAKE_OURS
    }


def test_our_ids_and_names_are_not_there_for_others(
    theirs: dict[str, Any], document: Mapping[str, Any], world: World
) -> None:
    named = [one for one in samples(document, world) if _names_ours(one)]
    assert len(named) > 25
    assert {one.operation: theirs[one.operation].status_code for one in named} == {one.operation: 404 for one in named}


def _names_ours(sample: Sample) -> bool:
    whole = {
        "exportDefinitions",
        "previewRecurrence",
        "readNotifications",
        "exportJournal",
        "verifyJournal",
        "explainDoing",
        "spreadLoad",
        "getLimitUse",
        "endMaintenance",  # the window is one that they planned before
    }  # of the asker's own organization
    return sample.operation not in TAKE_OURS | whole and sample.path.count("/") > 1


def test_nothing_of_ours_stands_in_any_answer_to_others(theirs: dict[str, Any], world: World) -> None:
    found = {
        (operation, word)
        for operation, answer in theirs.items()
        if answer.status_code < 400
        for word in (*OURS, world.run, world.delivery)
        if word in answer.getvalue().decode("utf-8", "replace")
    }
    assert found == set()


def test_nothing_of_ours_was_changed_by_others(
    document: Mapping[str, Any], world: World, organization: Any, call: Callable[..., Any], token: Callable[..., str]
) -> None:
    from broadsheet.access.models import Membership, Token
    from broadsheet.delivery.models import Delivery
    from broadsheet.runs.models import Occurrence

    def ours() -> object:
        mine = {"organization": organization}
        return (
            export(system_actor(organization.pk)),
            sorted(Membership.objects.filter(**mine).values_list("user__email", "role")),
            sorted(Token.objects.filter(**mine).values_list("pk", "revoked_at")),
            sorted(Delivery.objects.filter(**mine).values_list("pk", "state")),
            sorted(Occurrence.objects.filter(**mine).values_list("pk", "state", "stop_asked_at")),
        )

    secret = token("outsider")
    before = ours()
    for one in samples(document, world):
        call(one.method, one.path, token=secret, body=one.body, query=one.query)
    assert ours() == before


def test_anothers_thing_and_no_thing_look_the_same(
    world: World, call: Callable[..., Any], token: Callable[..., str]
) -> None:
    """But for the id that was asked for, the two answers are equal to the letter."""
    secret = token("outsider")
    nobody = str(uuid4())
    for path, ours in (
        ("/runs/{}", world.run), ("/deliveries/{}", world.delivery), ("/deliveries/{}/files/csv", world.delivery),
        ("/deliveries/{}/message", world.delivery),
        ("/reports/{}", "purchases"), ("/schedules/{}", "buyers-monday"), ("/sources/{}", "shop"),
        ("/channels/{}", "inbox"), ("/brands/{}", "harbour"), ("/datasets/{}", "orders"),
        ("/roles/{}", "night-watch"), ("/teams/{}", "desk"), ("/contacts/{}", "ada-ltd"), ("/workspaces/{}", "board"),
        ("/grants/report/{}", "purchases"),
    ):  # fmt: skip
        answers = [
            call("GET", path.format(key), token=secret).content.decode().replace(key, "KEY") for key in (ours, nobody)
        ]
        assert answers[0] == answers[1], path


def test_an_action_takes_no_others_delivery_among_its_own(
    world: World, call: Callable[..., Any], token: Callable[..., str]
) -> None:
    answer = call("POST", "/deliveries/resend", token=token("outsider"), body={"ids": [world.failed]})
    assert (answer.status_code, answer.json()["detail"]) == (404, "Some of these deliveries are not here. Load the ledger again.")  # fmt: skip


def test_a_source_cannot_read_the_installations_own_files(
    call: Callable[..., Any], token: Callable[..., str], settings: Any, shop: object
) -> None:
    (settings.HOME / "outbox").mkdir(exist_ok=True)
    (settings.HOME / "outbox" / "others.csv").write_text("a\n1\n", "utf-8")
    (settings.HOME / "broadsheet.sqlite3").touch()
    secret = token("owner")
    for engine, given in (
        ("sqlite", {"database": str(settings.HOME / "broadsheet.sqlite3")}),
        ("sqlite", {"database": str(settings.HOME / "outbox" / ".." / "broadsheet.sqlite3")}),
        ("duckdb", {"files": [str(settings.HOME / "outbox" / "*.csv")]}),
    ):
        body = {"definition": {"engine": engine, "settings": given}}
        assert call("PUT", "/sources/sneaky", token=secret, body=body).status_code == 200
        told = call("POST", "/sources/sneaky/check", token=secret).json()
        assert (told["ok"], "belongs to the installation itself" in told["verdict"]) == (False, True), told
