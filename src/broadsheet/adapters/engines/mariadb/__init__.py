"""MariaDB and MySQL, in read-only transactions."""

from .engine import ENGINE

__all__ = ["ENGINE"]
