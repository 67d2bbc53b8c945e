from .copy import SourceCopy
from .source import Source, StoredDataset

__all__ = ["Source", "SourceCopy", "StoredDataset"]
