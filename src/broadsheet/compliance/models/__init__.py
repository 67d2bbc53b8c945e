from .journal import AppendOnly, Entry, JournalEnd

__all__ = ["AppendOnly", "Entry", "JournalEnd"]
