"""States that end honestly: what may follow what, what a run's deliveries add up to, and when to try again."""

from .retry import Again, GiveUp, Retry, decide
from .states import Delivery, InvalidTransition, Occurrence, moved, outcome

__all__ = ["Again", "Delivery", "GiveUp", "InvalidTransition", "Occurrence", "Retry", "decide", "moved", "outcome"]
