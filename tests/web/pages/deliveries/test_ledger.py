"""The ledger: who sees it, what its filters leave, and that exactly the chosen are sent again."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.plugins.django import NOW

Visitor = Callable[[str], Client]


@pytest.fixture
def run(finish: Callable[..., Any], shop: object, actor: Callable[[str], Any]) -> Any:
    """The shop's run, made and delivered: three deliveries into inboxes."""
    from broadsheet.runs.actions.run_now import run_now

    return finish(run_now(actor("editor"), "buyers-monday", now=NOW))


def named(who: str) -> Any:
    from broadsheet.delivery.models import Delivery

    return Delivery.objects.get(recipient_name=who)


def change(who: str, **fields: object) -> Any:
    from broadsheet.delivery.models import Delivery

    Delivery.unchecked.filter(recipient_name=who).update(**fields)
    return named(who)


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.mark.parametrize("part", ["", "proofs/", "files/csv/"])
@pytest.mark.feature("DLV-22")
def test_a_delivery_opens_for_its_own_organization_alone(run: Any, visitor: Visitor, part: str) -> None:
    address = f"/deliveries/{named('Ada Stone').pk}/{part}"
    expected = {
        "owner": 200,
        "admin": 200,
        "editor": 200,
        "viewer": 404 if "files" in part else 200,
        "outsider": 404,
        "": 302,
    }
    assert {role: visitor(role).get(address).status_code for role in expected} == expected


def test_an_unknown_delivery_and_anothers_read_the_same(run: Any, visitor: Visitor) -> None:
    theirs = visitor("outsider").get(f"/deliveries/{named('Ada Stone').pk}/")
    nobodys = visitor("outsider").get(f"/deliveries/{uuid.uuid4()}/")
    assert theirs.status_code == nobodys.status_code == 404
    assert text(theirs) == text(nobodys)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Ada Stone", "Bo Reed", "Cy Blum"}),
        ("q=stone", {"Ada Stone"}),
        ("q=bo@bo.example", {"Bo Reed"}),
        ("state=failed", {"Bo Reed"}),
        ("state=failed,accepted", {"Ada Stone", "Bo Reed", "Cy Blum"}),
        ("state=nonsense", {"Ada Stone", "Bo Reed", "Cy Blum"}),
        ("schedule=buyers-monday", {"Ada Stone", "Bo Reed", "Cy Blum"}),
        ("schedule=none", set()),
        ("channel=outbox", set()),
        ("day=2026-11-24", {"Ada Stone", "Bo Reed", "Cy Blum"}),
        ("day=2026-11-23", set()),
        ("run=not-a-run", {"Ada Stone", "Bo Reed", "Cy Blum"}),
    ],
)
@pytest.mark.feature("DLV-16")
def test_filters_leave_what_they_say(run: Any, visitor: Visitor, query: str, found: set[str]) -> None:
    change("Bo Reed", state="failed", reason="550 no such user")
    page = text(visitor("viewer").get(f"/deliveries/?{query}"))
    assert {who for who in ("Ada Stone", "Bo Reed", "Cy Blum") if who in page} == found


def test_a_piece_of_a_hash_finds_who_got_those_bytes(run: Any, visitor: Visitor) -> None:
    digest = named("Ada Stone").slice.files.get(format="csv").artifact.sha256
    page = text(visitor("viewer").get(f"/deliveries/?q={digest[:12].upper()}"))
    assert "Ada Stone" in page
    assert "Bo Reed" not in page


def test_trouble_comes_first_in_a_run(run: Any, visitor: Visitor) -> None:
    change("Cy Blum", state="failed")
    page = text(visitor("viewer").get("/deliveries/"))
    assert page.index("Cy Blum") < page.index("Ada Stone") < page.index("Bo Reed")


def test_the_ledger_asks_as_often_for_many_rows_as_for_few(
    run: Any, visitor: Visitor, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    from broadsheet.delivery.models import Delivery

    one = named("Ada Stone")
    for number in range(60):
        one.pk, one.recipient_key = uuid.uuid4(), f"copy-{number}"
        Delivery.objects.bulk_create([one])
    client = visitor("viewer")
    client.get("/deliveries/")  # the clocks of the masthead are kept
    with django_assert_max_num_queries(17):
        page = text(client.get("/deliveries/"))
    assert "1 to 50 of 63" in page


@pytest.mark.feature("DLV-26")
def test_exactly_the_chosen_are_sent_again(run: Any, visitor: Visitor) -> None:
    chosen, other = change("Ada Stone", state="failed"), change("Bo Reed", state="failed")
    answer = visitor("editor").post("/deliveries/resend/?state=failed", {"delivery": [str(chosen.pk)]})
    assert answer.status_code == 302
    assert answer["Location"] == "/deliveries/?state=failed"
    assert (named("Ada Stone").state, named("Bo Reed").state, named("Cy Blum").state) == (
        "due",
        other.state,
        "accepted",
    )


def test_what_was_accepted_is_refused_in_words_and_has_no_box(run: Any, visitor: Visitor) -> None:
    failed = change("Bo Reed", state="failed")
    client = visitor("editor")
    page = text(client.get("/deliveries/"))
    assert f'value="{failed.pk}"' in page
    assert f'value="{named("Ada Stone").pk}"' not in page
    answer = client.post("/deliveries/resend/", {"delivery": [str(named("Ada Stone").pk)]}, follow=True)
    assert "cannot be sent again" in text(answer)
    assert named("Ada Stone").state == "accepted"


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("outsider", 404), ("", 302)])
def test_who_may_not_resend_changes_nothing(run: Any, visitor: Visitor, role: str, status: int) -> None:
    failed = change("Bo Reed", state="failed")
    answer = visitor(role).post("/deliveries/resend/", {"delivery": [str(failed.pk)]})
    assert answer.status_code == status
    assert named("Bo Reed").state == "failed"


def test_nothing_chosen_is_said_and_so_is_nonsense(run: Any, visitor: Visitor) -> None:
    for keys in ([], ["nonsense"]):
        assert "Nothing was chosen" in text(
            visitor("editor").post("/deliveries/resend/", {"delivery": keys}, follow=True)
        )


def test_one_deliverys_page_shows_talk_bytes_and_life(run: Any, visitor: Visitor) -> None:
    delivery = named("Ada Stone")
    page = text(visitor("owner").get(f"/deliveries/{delivery.pk}/"))
    digest = delivery.slice.files.get(format="csv").artifact.sha256
    assert digest[:16] in page
    assert "purchases-2026-10.csv" in page
    assert "In the inbox of Ada Stone" in page
    assert "purchases v1" in page


def test_a_viewer_reads_of_the_files_and_gets_no_link_to_them(run: Any, visitor: Visitor) -> None:
    page = text(visitor("viewer").get(f"/deliveries/{named('Ada Stone').pk}/"))
    assert "purchases-2026-10.csv" in page
    assert "/files/csv/" not in page


def test_a_reply_with_markup_stays_text(run: Any, visitor: Visitor) -> None:
    change("Ada Stone", state="failed", proof="<script>alert(1)</script>", reason="<img src=x>")
    client = visitor("viewer")
    for address in ("/deliveries/", f"/deliveries/{named('Ada Stone').pk}/"):
        page = text(client.get(address))
        assert "<script>alert" not in page
        assert "<img src=x>" not in page


def test_the_last_try_of_a_failed_delivery_is_not_called_a_retry(run: Any, visitor: Visitor) -> None:
    from broadsheet.delivery.models import Attempt

    delivery = change("Bo Reed", state="failed", reason="All tries are used up.")
    delivery.tries.all().delete()
    for number in (1, 2):
        Attempt.objects.create(
            delivery=delivery, number=number, started_at=NOW, ended_at=NOW, state="retry", proof="451 later"
        )
    page = text(visitor("viewer").get(f"/deliveries/{delivery.pk}/"))
    assert "try 1, 0 s: retrying" in page
    assert "try 2, 0 s: failed" in page
    assert "1 of" not in page.split("<main")[1].split("What was sent")[0]


def test_the_ledger_of_one_run_is_headed_by_it_and_anothers_is_not_there(run: Any, visitor: Visitor) -> None:
    address = f"/deliveries/?run={run.pk}"
    page = text(visitor("viewer").get(address))
    assert "Purchases, Mondays, Tue 24 Nov" in page
    assert f'href="/runs/{run.pk}/"' in page
    assert visitor("outsider").get(address).status_code == 404


def test_bytes_that_never_left_are_not_called_sent(run: Any, visitor: Visitor) -> None:
    client, address = visitor("viewer"), f"/deliveries/{named('Ada Stone').pk}/"
    assert "What was sent, byte for byte" in text(client.get(address))
    change("Ada Stone", state="failed", settled_at=NOW)
    page = text(client.get(address))
    assert "What would be sent" in page and "What was sent" not in page
    assert ">Sent at</th>" in text(client.get("/deliveries/"))
