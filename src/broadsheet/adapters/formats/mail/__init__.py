"""The body of the mail that carries a report: not a file to choose, but what every mail begins with."""

from .body import FORMAT

__all__ = ["FORMAT"]
