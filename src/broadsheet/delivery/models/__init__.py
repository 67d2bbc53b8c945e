from .caught import CaughtMail
from .channel import StoredChannel
from .delivery import Attempt, Delivery, Suppression

__all__ = ["Attempt", "CaughtMail", "Delivery", "StoredChannel", "Suppression"]
