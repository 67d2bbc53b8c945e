"""The text that a new report starts with: a small one that works, over the first dataset there is."""

from __future__ import annotations

from broadsheet.core.document.loading import dump
from broadsheet.core.policy import Actor
from broadsheet.sources.dataset import Dataset
from broadsheet.sources.queries import datasets, definition_of

MOST_METRICS = 4
NOTHING = """report: my-report
title: My report

# There is no dataset yet: define a source and a dataset in Settings, then name it below.
data:
  numbers: {dataset: some-dataset, metrics: [some_metric]}

blocks:
  - {metrics: numbers, show: [some_metric]}
"""


def starter(actor: Actor) -> str:
    """YAML that can be kept as it is, where the organization has a dataset with a metric."""
    for stored in datasets(actor):
        dataset = definition_of(stored).dataset
        if dataset.metrics:
            return _over(dataset)
    return NOTHING


def _over(dataset: Dataset) -> str:
    metrics = list(dataset.metrics)[:MOST_METRICS]
    by = next((name for name, one in dataset.dimensions.items() if one.kind == "text"), "")
    timed = bool(dataset.time)
    data: dict[str, object] = {"numbers": {"dataset": dataset.name, "metrics": list(metrics), "compare": timed}}
    blocks: list[object] = [{"metrics": "numbers", "show": list(metrics)}]
    if by:
        data["parts"] = {"dataset": dataset.name, "by": [by], "metrics": list(metrics), "order": [f"-{metrics[0]}"]}
        blocks.append({"table": "parts", "columns": [by, *metrics]})
    report: dict[str, object] = {"title": "My report"}
    if timed:
        period = {"kind": "period", "label": "Period", "default": "last month"}
        report |= {"subtitle": "{period}", "parameters": {"period": period}}
    return dump("report", "my-report", {**report, "data": data, "blocks": blocks})
