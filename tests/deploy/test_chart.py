"""The Helm chart, as rendered: current, closed, and calling the product by commands and settings that it has."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from .conftest import END_SECONDS, ROOT, WORKING, documented, manifests, understood

pytestmark = pytest.mark.feature("PRF-03")
CHART = ROOT / "deploy/chart"


def deployment() -> Any:
    spec = importlib.util.spec_from_file_location("deployment", ROOT / "scripts/deployment.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def case_file(case: str) -> Path:
    return ROOT / f"tests/deploy/values/{case}.yaml"


def pods(case: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every pod's name and spec."""
    for one in manifests(case):
        if one["kind"] == "Pod":
            yield one["metadata"]["name"], one["spec"]
        elif "template" in one.get("spec", {}):
            yield one["metadata"]["name"], one["spec"]["template"]["spec"]


def processes(case: str) -> dict[str, dict[str, Any]]:
    """The Deployments' containers of the product, by name."""
    found = {name: spec for name, spec in pods(case) if spec["containers"][0]["name"] == "broadsheet"}
    assert found
    return {name: {**spec["containers"][0], "pod": spec} for name, spec in found.items()}


def test_what_is_looked_at_here_is_what_the_chart_renders(case: str) -> None:
    told = (ROOT / f"tests/deploy/rendered/{case}.yaml").read_text("utf-8").splitlines()[1]
    assert told == f"# From {deployment().digest()}", "run scripts/check_deployment"


def test_values_are_as_their_schema_says(case: str) -> None:
    schema = json.loads((CHART / "values.schema.json").read_text("utf-8"))
    made = deployment()
    whole = made.over(yaml.safe_load((CHART / "values.yaml").read_text("utf-8")), made.values(case_file(case)))
    jsonschema.Draft7Validator(schema).validate(whole)


def test_nobody_is_root_and_nothing_can_be_gained(case: str) -> None:
    for name, spec in pods(case):
        security = spec["securityContext"]
        assert (security["runAsNonRoot"], security["seccompProfile"]) == (True, {"type": "RuntimeDefault"}), name
        for container in spec["containers"]:
            allowed = container["securityContext"]
            assert allowed["allowPrivilegeEscalation"] is False, name
            assert allowed["capabilities"] == {"drop": ["ALL"]}, name
            assert allowed.get("readOnlyRootFilesystem") is True or container["name"] == "rabbitmq", name
            assert "memory" in container["resources"]["limits"], name
        assert spec["automountServiceAccountToken"] is False, name


def test_a_mount_leaves_the_key_file_closed(case: str) -> None:
    for _, one in processes(case).items():
        assert one["pod"]["securityContext"]["fsGroupChangePolicy"] == "OnRootMismatch"


def test_each_process_is_a_command_of_the_product_and_answers_probes(case: str) -> None:
    seen = set()
    for name, one in processes(case).items():
        command, given = understood(one["args"])
        seen.add(command)
        assert (given["host"], given["port"]) == ("0.0.0.0", one["ports"][0]["containerPort"]), name
        assert one["livenessProbe"]["httpGet"]["path"] == one["startupProbe"]["httpGet"]["path"] == "/livez"
        assert one["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert seen == {*WORKING}


def test_workers_take_light_runs_and_heavy_ones(case: str) -> None:
    workers = [understood(one["args"])[1] for one in processes(case).values() if one["args"][0] == "worker"]
    weights = {each for one in workers for each in ([str(one["only"])] if one["only"] else ["light", "heavy"])}
    assert weights == {"light", "heavy"}


def test_every_setting_is_one_that_the_product_reads(case: str) -> None:
    for one in processes(case).values():
        named = {entry["name"] for entry in one["env"]} - {"BROKER_PASSWORD"}
        assert {name.removesuffix("_FILE") for name in named} - documented() == set()


def test_no_secret_stands_in_a_process(case: str) -> None:
    """Texts that a manifest shows to whoever may read pods; files and references do not show them."""
    for name, one in processes(case).items():
        texts = [entry["value"] for entry in one["env"] if not entry["name"].endswith("_FILE") and "value" in entry]
        assert [text for text in texts if "@" in text and ":$(BROKER_PASSWORD)@" not in text and "broadsheet@" not in text] == [], name  # fmt: skip


def test_files_of_secrets_lie_where_they_are_mounted(case: str) -> None:
    for one in processes(case).values():
        mounted = {mount["name"]: mount["mountPath"] for mount in one["volumeMounts"]}
        files = [entry["value"] for entry in one["env"] if entry["name"].endswith("_FILE")]
        assert files
        assert [file for file in files if not file.startswith(f"{mounted['secrets']}/")] == []


def test_an_end_has_time_to_put_down_what_is_in_hand(case: str) -> None:
    assert all(one["pod"]["terminationGracePeriodSeconds"] >= END_SECONDS for one in processes(case).values())


def test_who_is_scaled_by_the_queue_has_no_number_of_its_own(case: str) -> None:
    found = manifests(case)
    scaled = {one["spec"]["scaleTargetRef"]["name"] for one in found if one["kind"] == "ScaledObject"}
    numbered = {one["metadata"]["name"] for one in found if one["kind"] == "Deployment" and "replicas" in one["spec"]}
    assert scaled
    assert scaled & numbered == set()


def test_selectors_find_their_own_pods_alone(case: str) -> None:
    found = manifests(case)
    labels = {
        one["metadata"]["name"]: one["spec"]["template"]["metadata"]["labels"]
        for one in found
        if one["kind"] in {"Deployment", "StatefulSet"}
    }
    for one in found:
        if one["kind"] == "Service":
            chosen = [name for name, has in labels.items() if one["spec"]["selector"].items() <= has.items()]
            assert chosen == [one["metadata"]["name"]]


def test_the_query_of_the_queue_counts_what_waits_and_what_is_in_work() -> None:
    """By its text: tests/runs asks a database with it."""
    queries = {
        trigger["metadata"]["query"]
        for one in manifests("production")
        if one["kind"] == "ScaledObject"
        for trigger in one["spec"]["triggers"]
    }
    assert {query[query.index("weight IN") :] for query in queries} == {"weight IN ('light')", "weight IN ('heavy')"}


def test_figures_that_prometheus_is_asked_for_are_told() -> None:
    told = (ROOT / "docs/reference/metrics.md").read_text("utf-8")
    [query] = [one["spec"]["triggers"][0]["metadata"]["query"] for one in manifests("prometheus") if one["kind"] == "ScaledObject"]  # fmt: skip
    asked = {word for word in query.replace("(", " ").replace("{", " ").split() if word.startswith("broadsheet_")}
    assert asked == {"broadsheet_queue_depth", "broadsheet_node_runs"}
    assert all(f"`{name}`" in told for name in asked)
