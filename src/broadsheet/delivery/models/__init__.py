from .caught import CaughtMail
from .channel import StoredChannel
from .delivery import Attempt, Delivery, Suppression
from .gate import Gate, Meter

__all__ = ["Attempt", "CaughtMail", "Delivery", "Gate", "Meter", "StoredChannel", "Suppression"]
