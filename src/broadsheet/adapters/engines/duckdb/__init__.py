"""DuckDB over Parquet and CSV files: each file is a table, called by the file's stem."""

from .engine import ENGINE

__all__ = ["ENGINE"]
