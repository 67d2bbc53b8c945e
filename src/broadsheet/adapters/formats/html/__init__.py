"""One self-contained HTML file: works without network, and without script."""

from .page import FORMAT

__all__ = ["FORMAT"]
