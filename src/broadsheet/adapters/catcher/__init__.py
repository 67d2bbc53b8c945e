"""The mail catcher: a mail server on loopback that keeps what it is given, so that nothing real is sent."""

from .server import Catcher, Caught

__all__ = ["Catcher", "Caught"]
