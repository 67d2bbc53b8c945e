"""The one way out over HTTP: what people may enter as an address is called from here, and only where that is safe."""

from .addresses import Policy
from .client import Client, Reply
from .errors import Denied, OutboundError, TookTooLong, Unreachable

__all__ = ["Client", "Denied", "OutboundError", "Policy", "Reply", "TookTooLong", "Unreachable"]
