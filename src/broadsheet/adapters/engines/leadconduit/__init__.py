"""LeadConduit by ActiveProspect: its events, copied as they come and kept as Parquet, and its own statistics."""

from .engine import ENGINE

__all__ = ["ENGINE"]
