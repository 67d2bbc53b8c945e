"""The compose files: closed, with secrets in files, calling the product by commands and settings that it has."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import END_SECONDS, WORKING, compose, documented, understood

pytestmark = pytest.mark.feature("PRF-03")


def processes() -> dict[str, dict[str, Any]]:
    services: dict[str, dict[str, Any]] = compose()["services"]
    return {name: one for name, one in services.items() if one["image"].startswith("${BROADSHEET_IMAGE")}


def seconds(text: str) -> int:
    assert text.endswith("s")
    return int(text[:-1])


@pytest.mark.parametrize("name", [*WORKING, "migrate"])
def test_each_process_is_a_command_of_the_product(name: str) -> None:
    assert understood(processes()[name]["command"])[0] == name


def test_workers_apart_take_light_runs_and_heavy_ones() -> None:
    services = compose("compose.apart")["services"]
    told = {name: understood(one["command"])[1]["only"] for name, one in services.items()}
    assert told == {"worker": "light", "heavy": "heavy"}


@pytest.mark.parametrize("name", WORKING)
def test_probes_ask_where_the_process_answers(name: str) -> None:
    one = processes()[name]
    assert understood(one["command"])[1]["port"] == 8000
    assert one["healthcheck"]["test"] == ["CMD", "python", "/opt/probe.py", "/readyz"]


@pytest.mark.parametrize("name", [*WORKING, "migrate"])
def test_nothing_can_be_gained_or_changed_in_a_process(name: str) -> None:
    one = processes()[name]
    assert (one["read_only"], one["cap_drop"], one["security_opt"]) == (True, ["ALL"], ["no-new-privileges:true"])


@pytest.mark.parametrize("name", WORKING)
def test_an_end_has_time_to_put_down_what_is_in_hand(name: str) -> None:
    assert seconds(processes()[name]["stop_grace_period"]) >= END_SECONDS


def test_every_setting_is_one_that_the_product_reads() -> None:
    named = {name.removesuffix("_FILE") for one in processes().values() for name in one["environment"]}
    assert named - documented() == set()


def test_secrets_are_files_that_each_process_is_given() -> None:
    for name, one in processes().items():
        files = {value for key, value in one["environment"].items() if key.endswith("_FILE")}
        assert files == {f"/run/secrets/{secret}" for secret in one["secrets"]}, name


@pytest.mark.parametrize("name", ["postgres", "rabbitmq"])
def test_only_processes_reach_database_and_broker(name: str) -> None:
    found = compose()
    assert found["services"][name]["networks"] == ["inside"]
    assert "ports" not in found["services"][name]
    assert found["networks"]["inside"] == {"internal": True}


def test_the_pages_are_for_this_machine_alone_until_somebody_says_otherwise() -> None:
    assert compose()["services"]["web"]["ports"] == ["${BROADSHEET_LISTEN:-127.0.0.1:8000}:8000"]
