from .source import Source, StoredDataset

__all__ = ["Source", "StoredDataset"]
