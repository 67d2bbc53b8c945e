"""A dataset to begin with: LeadConduit's vocabulary over the events, whoever is not cleared sees nobody's person."""

from __future__ import annotations

from typing import Any

CLEAR = "reader.sees_contacts"
PERSONAL = "confidential"  # people without `data.confidential` get no value at all

# An event is a snapshot of its lead so far: it carries what earlier steps did, prices included. So money is taken from the
# one step that made it: cost from the source's accepted event, revenue from the recipient's.
SQL = """\
select
  e.*,
  coalesce(source_name, source_id) as source_label,
  coalesce(recipient_name, recipient_id) as recipient_label,
  coalesce(flow_name, flow_id) as flow_label,
  case when type = 'source' and outcome = 'success' then coalesce(cost, purchase_price) end as paid,
  case when type = 'recipient' and outcome = 'success' then coalesce(revenue, price) end as earned,
  feedback = 'return' and outcome = 'success' as returned,
  feedback = 'conversion' and outcome = 'success' as converted
from events e
"""


def starter_data(source: str, *, name: str, currency: str) -> dict[str, Any]:
    """The definition of a dataset called *name* over *source*, whose prices are in *currency*."""
    return {
        "dataset": name,
        "source": source,
        "label": "Lead events",
        "description": "A row is an event of a lead: submitted by a source, offered to a recipient, filtered, or fed back.",
        "sql": SQL,
        "time": "created_at",
        "as_of": "max(created_at)",
        "dimensions": _dimensions(),
        "metrics": _metrics(currency),
    }


def _dimensions() -> dict[str, Any]:
    def shown(label: str, kind: str = "text", expression: str = "", mask: str = "") -> dict[str, Any]:
        found: dict[str, Any] = {"kind": kind, "label": label}
        found |= {"expression": expression} if expression else {}
        return found | ({"mask": {"show": mask, "clear": CLEAR}, "sensitivity": PERSONAL} if mask else {})

    return {
        "created_at": shown("Day", "instant"),
        "source": shown("Source", expression="source_label"),
        "recipient": shown("Recipient", expression="recipient_label"),
        "flow": shown("Flow", expression="flow_label"),
        "source_id": shown("Source id"),
        "recipient_id": shown("Recipient id"),
        "flow_id": shown("Flow id"),
        "type": shown("Kind of event"),
        "outcome": shown("Outcome"),
        "reason": shown("Reason"),
        "feedback": shown("Feedback"),
        "module_id": shown("Module"),
        "event_id": shown("Event", expression="id"),
        "lead_id": shown("Lead", mask="hash"),
        "state": shown("State"),
        "country": shown("Country"),
        "city": shown("City", mask="hash"),
        "postal_code": shown("Postal code", mask="partial"),
        "first_name": shown("First name", mask="partial"),
        "last_name": shown("Last name", mask="partial"),
        "email": shown("E-mail", mask="hash"),
        "phone": shown("Phone", expression="phone_1", mask="hash"),
        "address": shown("Address", expression="address_1", mask="full"),
        "vars": shown("All fields of the lead", mask="nothing"),
    }


def _metrics(currency: str) -> dict[str, Any]:
    """Counts and sums from the events, the rest from these: who may not see the cost does not see the profit either."""

    def count(label: str, better: str, where: str, unit: str = "leads") -> dict[str, Any]:
        expression = f"count(*) filter (where {where})" if where else "count(*)"
        found = {"expression": expression, "label": label, "kind": "integer", "unit": unit, "better": better}
        return {key: value for key, value in found.items() if value}

    def money(label: str, better: str, **way: object) -> dict[str, Any]:
        return {**way, "label": label, "kind": "money", "currency": currency, "better": better}

    def share(label: str, better: str, part: str, whole: str) -> dict[str, Any]:
        return {"ratio": [part, whole], "label": label, "kind": "percent", "better": better}

    def step(kind: str, outcome: str = "") -> str:
        return f"type = '{kind}'" + (f" and outcome = '{outcome}'" if outcome else "")

    return {
        "submitted": count("Submitted", "up", step("source")),
        "success": count("Accepted", "up", step("source", "success")),
        "failure": count("Rejected", "down", step("source", "failure")),
        "error": count("Errors", "down", step("source", "error")),
        "acceptance_rate": share("Acceptance rate", "up", "success", "submitted"),
        "offered": count("Offered to recipients", "", step("recipient")),
        "delivered": count("Taken by recipients", "up", step("recipient", "success")),
        "recipient_acceptance_rate": share("Taken of offered", "up", "delivered", "offered"),
        "returns": count("Returns", "down", "returned"),
        "return_rate": share("Return rate", "down", "returns", "delivered"),
        "conversions": count("Conversions", "up", "converted"),
        "cost": money(
            "Cost", "down", expression="coalesce(sum(paid), 0)", description="Paid to sources for accepted leads."
        ),
        "revenue": money(
            "Revenue", "up", expression="coalesce(sum(earned), 0)", description="Paid by recipients for leads."
        ),
        "profit": money("Profit", "up", derived="revenue - cost"),
        "average_cost": money("Cost per lead", "down", ratio=["cost", "success"]),
        "average_revenue": money("Revenue per lead", "up", ratio=["revenue", "success"]),
        "cost_per_conversion": money("Cost per conversion", "down", ratio=["cost", "conversions"]),
        "events": count("Events", "", "", unit=""),
    }
