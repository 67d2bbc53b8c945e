"""States that end honestly: what may follow what, what a run's deliveries add up to, and when to try again."""

from .machine import InvalidTransition, Machine
from .machines import DELIVERY, OCCURRENCE, SLICE, VERDICT
from .retry import Again, GiveUp, Retry, decide
from .states import Delivery, Occurrence, Slice, Verdict, outcome

__all__ = [
    "DELIVERY", "OCCURRENCE", "SLICE", "VERDICT", "Again", "Delivery", "GiveUp", "InvalidTransition", "Machine",
    "Occurrence", "Retry", "Slice", "Verdict", "decide", "outcome",
]  # fmt: skip
