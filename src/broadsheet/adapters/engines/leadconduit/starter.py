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
  case when feedback = 'return' and outcome = 'success' then 1 else 0 end as returned,
  case when feedback = 'conversion' and outcome = 'success' then 1 else 0 end as converted
from events e
"""
SUBMITTED = "count(*) filter (where type = 'source')"
ACCEPTED = "count(*) filter (where type = 'source' and outcome = 'success')"
OFFERED = "count(*) filter (where type = 'recipient')"
DELIVERED = "count(*) filter (where type = 'recipient' and outcome = 'success')"
PROFIT = "coalesce(sum(earned), 0) - coalesce(sum(paid), 0)"


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
    def count(expression: str, label: str, better: str, unit: str = "leads") -> dict[str, Any]:
        found = {"expression": expression, "label": label, "kind": "integer", "unit": unit, "better": better}
        return {key: value for key, value in found.items() if value}

    def money(expression: str, label: str, better: str, description: str = "") -> dict[str, Any]:
        found = {
            "expression": expression, "label": label, "kind": "money", "currency": currency, "better": better, "description": description,
        }  # fmt: skip
        return {key: value for key, value in found.items() if value}

    def share(part: str, whole: str, label: str, better: str) -> dict[str, Any]:
        expression = f"{part} / nullif({whole}, 0)"
        return {"expression": expression, "label": label, "kind": "percent", "better": better}

    def outcome(kind: str, which: str) -> str:
        return f"count(*) filter (where type = '{kind}' and outcome = '{which}')"

    return {
        "submitted": count(SUBMITTED, "Submitted", "up"),
        "success": count(ACCEPTED, "Accepted", "up"),
        "failure": count(outcome("source", "failure"), "Rejected", "down"),
        "error": count(outcome("source", "error"), "Errors", "down"),
        "acceptance_rate": share(ACCEPTED, SUBMITTED, "Acceptance rate", "up"),
        "offered": count(OFFERED, "Offered to recipients", ""),
        "delivered": count(DELIVERED, "Taken by recipients", "up"),
        "recipient_acceptance_rate": share(DELIVERED, OFFERED, "Taken of offered", "up"),
        "returns": count("sum(returned)", "Returns", "down"),
        "return_rate": share("sum(returned)", DELIVERED, "Return rate", "down"),
        "conversions": count("sum(converted)", "Conversions", "up"),
        "cost": money("coalesce(sum(paid), 0)", "Cost", "down", "Paid to sources for the leads that were accepted."),
        "revenue": money("coalesce(sum(earned), 0)", "Revenue", "up", "Paid by recipients for the leads they took."),
        "profit": money(PROFIT, "Profit", "up", "Revenue less cost."),
        "average_cost": money(f"sum(paid) / nullif({ACCEPTED}, 0)", "Cost per lead", "down"),
        "average_revenue": money(f"sum(earned) / nullif({ACCEPTED}, 0)", "Revenue per lead", "up"),
        "cost_per_conversion": money("sum(paid) / nullif(sum(converted), 0)", "Cost per conversion", "down"),
        "events": count("count(*)", "Events", "", unit=""),
    }
