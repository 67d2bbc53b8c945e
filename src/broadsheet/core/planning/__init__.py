"""When runs begin and what that makes of the load: pure reckoning, without a clock and a database.

See docs/explanation/planner.md.
"""

from .ahead import learned, quantile
from .curve import STEP, Curve, curve, peak
from .heat import Cell, at_once, heat
from .jobs import Work
from .simulation import Limits, Ran, simulate
from .spreading import Move, Spread, moved, spread

__all__ = [
    "STEP",
    "Cell",
    "Curve",
    "Limits",
    "Move",
    "Ran",
    "Spread",
    "Work",
    "at_once",
    "curve",
    "heat",
    "learned",
    "moved",
    "peak",
    "quantile",
    "simulate",
    "spread",
]
