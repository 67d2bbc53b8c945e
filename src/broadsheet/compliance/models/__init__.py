from .journal import Entry

__all__ = ["Entry"]
