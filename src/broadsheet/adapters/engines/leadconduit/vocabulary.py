"""Words of the vendor's interface: columns of its statistics, intervals, and which fields tell of single persons.

Source: ActiveProspect's developer documentation of LeadConduit, "Events", "Statistics" and "Reports", read in November 2026.
"""

from __future__ import annotations

INTERVALS = ("minutely", "hourly", "daily", "weekly", "monthly", "yearly")
_STEPS = ("source", "recipient", "return-received", "return-sent", "conversion-received", "conversion-sent")
_ENDS = ("submitted", "success", "failure", "error")
COUNTS = (*(f"{step}-{end}" for step in _STEPS for end in _ENDS), "ping-submitted", "ping-success")
RATIOS = ("ping-success-rate", "ping-win-rate")
MONEY = (
    "cost", "revenue", "profit", "cost-per-conversion-received-success", "avg-cost-per-lead", "avg-revenue-per-lead",
)  # fmt: skip
COLUMNS = (*COUNTS, *RATIOS, *MONEY)
DEFAULT_COLUMNS = ("source-success", "source-failure", "source-error")

# Everything else that one can group by is a lead's own field, or was appended to it, and may tell who it is.
IMPERSONAL = frozenset(
    [
        "source",
        "source.id",
        "source.name",
        "recipient",
        "recipient.id",
        "recipient.name",
        "flow",
        "flow.id",
        "flow.name",
        "outcome",
        "reason",
        "type",
        "host",
        "module_id",
        "step",
        "lead.state",
        "lead.country",
    ]
)
