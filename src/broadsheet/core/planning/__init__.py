"""When runs begin and what that makes of the load: pure reckoning, without a clock and a database."""

from .ahead import learned, quantile

__all__ = ["learned", "quantile"]
