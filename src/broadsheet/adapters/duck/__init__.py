"""DuckDB in process over tables that are named beforehand: what every engine over files answers with."""

from .connection import DuckDBConnection, Files, Table
from .dialect import Dialect

__all__ = ["Dialect", "DuckDBConnection", "Files", "Table"]
